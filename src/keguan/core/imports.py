"""Imports of libraries that look for others which this program does not use them with.

Only a process that is Keguan's alone may leave them out: in a notebook the user may want the same libraries together.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from keguan.core.process import is_own


class _Absent(MetaPathFinder):
    """Says of some packages that they are not installed, to one thread."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names, self._thread = names, threading.get_ident()

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in self._names and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Within it, imports of this thread do not find these packages unless they are loaded already; nothing changes in
    a process that is not Keguan's own.

    A library that supports several others imports what is installed of them: a second of CPU and more for nothing.
    """
    if not is_own():
        yield
        return
    absent = _Absent(frozenset(names))
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)
