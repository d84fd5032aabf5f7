"""Why the store refuses: it cannot be written, or what it holds is gone or damaged. Nothing was changed."""

from __future__ import annotations

import errno
from pathlib import Path

from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text

DOCTOR = Text(
    "运行 keguan doctor 查明并修复; 收到的原始文件在 raw 目录",
    "run keguan doctor, which finds out more and mends what can be mended; the files as received are in raw",
)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def cannot_write(folder: Path, error: OSError) -> WorkspaceError:
    """Disk full, no permission, read-only: nothing was changed."""
    full = error.errno in FULL
    return WorkspaceError(
        Text("磁盘已满, 工作区保持原样", "The disk is full; the workspace is as it was")
        if full
        else Text("无法写入工作区, 工作区保持原样", "The workspace cannot be written; it is as it was"),
        Where(file=str(error.filename or folder)),
        found=error.strerror or str(error),
        do=Text("腾出空间后重试", "free some space and try again")
        if full
        else Text("检查目录权限后重试", "check the folder's permissions and try again"),
    )


def locked(folder: Path) -> WorkspaceError:
    """Another process writes."""
    return WorkspaceError(
        Text("另一个导入正在进行", "Another import is running"),
        Where(file=str(folder)),
        do=Text("等它结束后再试", "try again when it has ended"),
    )


def gone(table: str, version: int, found: str) -> WorkspaceError:
    """The log no longer gives a version, or a file of it is missing."""
    return WorkspaceError(
        Text(f"数据表 {table} 的版本 {version} 已不存在", f"Version {version} of table {table} is gone"),
        found=found,
        do=DOCTOR,
    )


def damaged_log(folder: Path, table: str, version: int, found: str) -> WorkspaceError:
    """The log cannot be read, or gives other files than were committed."""
    return WorkspaceError(
        Text(
            f"数据表 {table} 的版本 {version} 的日志已损坏",
            f"The log of version {version} of table {table} is damaged",
        ),
        Where(file=str(folder / "_delta_log")),
        found=found,
        do=DOCTOR,
    )


def damaged_file(path: Path, table: str, found: str, committed: str) -> WorkspaceError:
    """A data file is not as it was committed."""
    return WorkspaceError(
        Text(f"数据表 {table} 的数据文件已损坏", f"A data file of table {table} is damaged"),
        Where(file=str(path)),
        found=found,
        allowed=Text(committed, committed),
        do=DOCTOR,
    )
