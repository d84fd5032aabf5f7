"""One writer per workspace: a lock of the operating system, which lets go of it when its holder dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from keguan.store import refusal

FILE = ".lock"


@contextmanager
def held(folder: Path, seconds: float) -> Iterator[None]:
    """Holds the lock of a workspace. WorkspaceError when another process does, or the folder is read-only.

    An error of the disk inside is told as one of the workspace.
    """
    lock = FileLock(str(folder / FILE))
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        raise refusal.locked(folder) from None
    except OSError as error:
        raise refusal.cannot_write(folder, error) from None
    try:
        yield
    except OSError as error:
        raise refusal.cannot_write(folder, error) from error
    finally:
        lock.release()
