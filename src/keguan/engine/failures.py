"""What a failed query means to a user: a damaged data file, a full disk, too little memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text

AS_IT_WAS = Text("工作区保持原样", "the workspace is as it was")


def explained(
    connection: duckdb.DuckDBPyConnection, error: Exception, files: Iterable[str], folder: Path
) -> WorkspaceError | None:
    """The error to show for one of DuckDB; None when the fault is the query's own.

    DuckDB names the damaged file in some errors only, so `files` are read to the end, each alone.
    """
    found = str(error).partition("\n")[0]
    if isinstance(error, duckdb.OutOfMemoryException):
        return _error(
            Text("内存不够", "There is not enough memory"), folder, found,
            Text("在 keguan.toml 里调大 memory_limit, 或在工作区所在的磁盘腾出空间",
                 "raise memory_limit in keguan.toml, or free space on the disk of the workspace"),
        )  # fmt: skip
    if "No space left" in str(error):
        return _error(
            Text("磁盘已满", "The disk is full"), folder, "No space left on device",
            Text("腾出空间后重试", "free some space and try again"),
        )  # fmt: skip
    if not isinstance(error, duckdb.Error) or isinstance(
        error, duckdb.ParserException | duckdb.BinderException
    ):
        return None
    for file in files:
        if (fault := unreadable(connection, file)) is not None:
            return _error(
                Text("数据文件已损坏", "A data file is damaged"), Path(file), fault,
                Text("运行 keguan doctor 查明并修复; 收到的原始文件在 raw 目录",
                     "run keguan doctor, which finds out more and mends what can be mended; the files as received are in raw"),
            )  # fmt: skip
    if isinstance(error, duckdb.IOException):
        return _unusable(folder, found)
    return None


def unwritable(folder: Path, error: OSError) -> WorkspaceError:
    """The error to show when Python itself cannot write beside the engine."""
    return _unusable(folder, error.strerror or str(error))


def _unusable(folder: Path, found: str) -> WorkspaceError:
    return _error(
        Text("读写磁盘失败", "The disk cannot be used"), folder, found,
        Text("检查磁盘空间和目录权限后重试", "check the space on the disk and the folder's permissions and try again"),
    )  # fmt: skip


def unreadable(connection: duckdb.DuckDBPyConnection, file: str) -> str | None:
    """Why a Parquet file cannot be read to its end, every column; None when it can."""
    listed = file.replace("'", "''")
    try:
        connection.execute(f"SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet('{listed}')").fetchall()
    except duckdb.Error as error:
        return str(error).partition("\n")[0]
    return None


def _error(what: Text, place: Path, found: str, do: Text) -> WorkspaceError:
    whole = Text(f"{what.zh}, {AS_IT_WAS.zh}", f"{what.en}; {AS_IT_WAS.en}")
    return WorkspaceError(whole, Where(file=str(place)), found=found, do=do)
