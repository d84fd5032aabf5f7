"""The use case 'strategies': the company's own strategy matrix is written for editing, checked, shown."""

from __future__ import annotations

from pathlib import Path

from keguan.app import kept_texts
from keguan.app.writing import write_whole
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text
from keguan.marts.strategy_matrix import OWN, Matrix, load, matrix_of, text_of_shipped
from keguan.store import lock
from keguan.store.workspace import Store

LOCK_SECONDS = 60.0


def written(store: Store) -> Path:
    """Writes the shipped matrix as the workspace's own. UsageError where it has one: nobody's work is written over."""
    path = store.folder / OWN
    with lock.held(store.folder, LOCK_SECONDS):
        if path.exists() or path.is_symlink():
            raise UsageError(
                Text("工作区已有自己的策略矩阵", "The workspace has a strategy matrix of its own"),
                Where(file=str(path)),
                do=Text("修改这个文件；要重新开始，先把它移走", "edit this file; move it away to start anew"),
            )
        write_whole(path, text_of_shipped().encode())
    return path


def of_workspace(workspace: Path) -> tuple[Matrix, bool]:
    """The matrix that counts, and whether it is the company's own. UsageError names the entry that is wrong."""
    text = kept_texts.one(workspace, OWN)
    return matrix_of(text), bool(text.strip())


def of_file(path: Path) -> Matrix:
    """The matrix of a file. InputError when it cannot be read, UsageError names the entry that is wrong."""
    return load(kept_texts.text_of(path), path.name)
