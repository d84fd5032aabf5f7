"""Files that are there whole or as before."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text


def write_whole(path: Path, content: bytes) -> None:
    """The file is there whole or as before. WorkspaceError when it cannot be written."""
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise WorkspaceError(
            Text("文件无法写入", "The file cannot be written"),
            Where(file=str(path)),
            found=error.strerror or str(error),
            do=Text(
                "检查目录是否可写、是否有空间, 或换一个位置",
                "check the folder and its space, or choose another place",
            ),
        ) from None
