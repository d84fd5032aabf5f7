"""Where a process can be killed: before and within each of its calls that change the disk.

After a call is before the next one. A flush is no moment: it changes nothing that outlives a process only.

`armed(n)` makes the n-th such moment the last of this process; `armed(None)` only counts them. It wraps the
few ways in which Keguan changes files: the system calls of Python, DuckDB's queries, Delta's commits. It is
called in a child process, which it changes for good.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import deltalake
import duckdb
import pyarrow.parquet as parquet

from keguan.store import delta

COPY = re.compile(r"^\s*COPY .* TO '([^']+)'", re.DOTALL)


class Clock:
    """Counts moments and ends the process at the one it was set to."""

    def __init__(self, last: int | None) -> None:
        self.last = last
        self.count = 0
        self.trail: list[str] = []

    def tick(self, name: str, first: Callable[[], None] | None = None) -> None:
        """One moment has come; `first` is done before the end."""
        self.count += 1
        self.trail.append(name)
        if self.count == self.last:
            if first is not None:
                first()
            os.kill(os.getpid(), signal.SIGKILL)


def armed(last: int | None) -> Clock:
    """Sets this process up to be killed at moment `last` (from 1), or to count its moments."""
    clock = Clock(last)
    for owner, name in (
        (os, "replace"), (os, "rename"), (os, "unlink"), (os, "mkdir"), (os, "rmdir"),
        (shutil, "copyfile"), (delta, "create_table_with_add_actions"), (Path, "write_text"),
        (deltalake.DeltaTable, "create_write_transaction"), (deltalake.DeltaTable, "create_checkpoint"),
        (parquet.ParquetWriter, "write_batch"), (parquet.ParquetWriter, "close"),
    ):  # fmt: skip
        _wrap(clock, owner, name)
    _wrap(clock, duckdb.DuckDBPyConnection, "execute")
    return clock


def _target(name: str, arguments: tuple[Any, ...]) -> Path | None:
    """The file that a call writes from its beginning to its end, which a kill may leave half-written."""
    if name == "write_text":
        return Path(arguments[0])
    if name == "copyfile":
        return Path(arguments[1])
    found = COPY.search(str(arguments[1])) if name == "execute" else None
    return Path(found[1]) if found else None


def _wrap(clock: Clock, owner: Any, name: str) -> None:
    inner = getattr(owner, name)

    def outer(*arguments: Any, **named: Any) -> Any:
        target = _target(name, arguments)
        if name == "execute" and target is None:  # reads, or writes into memory
            return inner(*arguments, **named)
        clock.tick(f"before {name}")
        done = inner(*arguments, **named)
        if target is not None:
            clock.tick(f"within {name}", lambda: _halve(target))
        return done

    setattr(owner, name, outer)


def _halve(path: Path) -> None:
    if path.exists():
        os.truncate(path, path.stat().st_size // 2)
