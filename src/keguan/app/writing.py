"""Files that are there whole or as before, one or several together."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text


def write_whole(path: Path, content: bytes) -> None:
    """The file is there whole or as before. WorkspaceError when it cannot be written."""
    write_together([(path, content)])


def write_together(files: Sequence[tuple[Path, bytes]]) -> None:
    """All files are there whole, or all are as before: a report beside the manifest of another would be worse than
    none. WorkspaceError names the file that cannot be written."""
    done: list[Path] = []
    at = files[0][0]
    try:
        for at, content in files:
            at.parent.mkdir(parents=True, exist_ok=True)
            _beside(at, "part").write_bytes(content)
        # Nothing takes space from here on; a name may still be refused, as that of a file that is open elsewhere.
        for at, _ in files:
            _keep(at)
            done.append(at)
            os.replace(_beside(at, "part"), at)
    except OSError as error:
        for path in reversed(done):
            _restore(path)
        raise WorkspaceError(
            Text("文件无法写入", "The file cannot be written"),
            Where(file=str(at)),
            found=error.strerror or str(error),
            do=Text(
                "检查目录是否可写、是否有空间, 或换一个位置",
                "check the folder and its space, or choose another place",
            ),
        ) from None
    finally:
        for path, _ in files:
            for kind in ("part", "old"):
                with suppress(OSError):
                    _beside(path, kind).unlink()


def _beside(path: Path, kind: str) -> Path:
    return path.with_name(f".{path.name}.{kind}")


def _keep(path: Path) -> None:
    """A second name for what stands there: it is never missing in between."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with suppress(FileNotFoundError):
        _beside(path, "old").unlink()
    if path.exists():
        try:
            os.link(path, _beside(path, "old"))
        except OSError:  # a file system without second names
            os.replace(path, _beside(path, "old"))


def _restore(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
    with suppress(OSError):
        os.replace(_beside(path, "old"), path)
