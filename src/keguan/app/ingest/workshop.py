"""Where an import works: a private database and scratch folder; and what is undone when it fails."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from keguan.core.errors import KeguanError, Where, WorkspaceError
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.store import catalog
from keguan.store.workspace import Store


@contextmanager
def undone_on_failure(store: Store) -> Iterator[None]:
    """An import that fails takes its own files away; one that is killed leaves that to the next."""
    try:
        yield
    except BaseException as error:
        _take_back(store)
        if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException | OSError):
            raise no_room(store.folder, error) or error from None
        raise


def _take_back(store: Store) -> None:
    """Removes the files of the batch that was not committed. What cannot be removed, the next import will."""
    with suppress(OSError, KeguanError):
        batch_no = f"b{catalog.read(store.folder).batch + 1:06d}"
        for file in (store.folder / "tables").glob(f"*/{batch_no}-*"):
            file.unlink()
        shutil.rmtree(store.folder / "raw" / batch_no, ignore_errors=True)


def no_room(folder: Path, error: Exception) -> WorkspaceError | None:
    """The error of a full disk, of too little memory, or of an engine that cannot write; None for others.

    The writers that an import uses each say it in their own way.
    """
    first_line = str(error).splitlines()[0] if str(error) else ""
    if "No space left" in str(error):
        what = Text("磁盘已满, 工作区保持原样", "The disk is full; the workspace is as it was")
        do = Text("腾出空间后重试", "free some space and try again")
        return WorkspaceError(what, Where(file=str(folder)), found="No space left on device", do=do)
    if isinstance(error, duckdb.OutOfMemoryException):
        what = Text("内存不够, 工作区保持原样", "There is not enough memory; the workspace is as it was")
        do = Text(
            "在 keguan.toml 里调大 memory_limit, 或在工作区所在的磁盘腾出空间",
            "raise memory_limit in keguan.toml, or free space on the disk of the workspace",
        )
        return WorkspaceError(what, Where(file=str(folder)), found=first_line, do=do)
    if isinstance(error, duckdb.IOException):
        what = Text("读写磁盘失败, 工作区保持原样", "The disk cannot be used; the workspace is as it was")
        do = Text("检查磁盘和目录权限后重试", "check the disk and the folder's permissions and try again")
        return WorkspaceError(what, Where(file=str(folder)), found=first_line, do=do)
    return None


MEMORY = "2GB"  # unless keguan.toml says otherwise; what does not fit is spilled to the scratch folder


class Workshop:
    """A private DuckDB database and scratch folder for one import, gone when it ends."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> tuple[duckdb.DuckDBPyConnection, Path]:
        for left_over in (self._store.folder / "raw").glob("import-*"):  # of an import that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        self._folder = tempfile.TemporaryDirectory(prefix="import-", dir=self._store.folder / "raw")
        scratch = Path(self._folder.name)
        # In memory, spilling to the scratch folder: a database file would be compressed and flushed in vain.
        self._connection = duckdb.connect()
        run = self._connection.execute
        run(f"SET temp_directory = {quoted(str(scratch / 'spill'))}")
        run("SET autoinstall_known_extensions = false")
        run("SET enable_progress_bar = false")
        config = self._store.config
        run(f"SET memory_limit = {quoted(config.memory_limit or MEMORY)}")
        if config.threads:
            run(f"SET threads = {int(config.threads)}")
        return self._connection, scratch

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._folder.cleanup()
