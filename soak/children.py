"""Work done in forked children of one warm parent, which has imported everything and started nothing.

A child is as good as a fresh process (its own engine, its own locks) and costs a hundredth of one.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import keguan

PATIENCE = 90.0  # seconds after which a child counts as hanging


class ChildFailedError(Exception):
    """A child ended with an exception (its traceback), by a signal, or not at all."""


def warm() -> None:
    """Imports everything that a child may need; starts no engine, for a fork takes no threads along."""
    for module in pkgutil.walk_packages(keguan.__path__, "keguan."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for late in ("pandas", "rich", "xlsxwriter", "quickjs", "fontTools.subset"):  # imported when first needed
        with suppress(ImportError):
            importlib.import_module(late)


def begun(work: Callable[[], Any], answer: Path) -> int:
    """Starts `work` in a child; its value goes to `answer` as JSON. Gives the child's number."""
    answer.unlink(missing_ok=True)
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        told = {"value": work()}
        code = 0
    except BaseException:
        told = {"error": traceback.format_exc()}
    answer.write_text(json.dumps(told), "utf-8")
    os._exit(code)


def ended(child: int, patience: float = PATIENCE) -> int:
    """Waits for a child; gives its wait status. A child that hangs is killed: ChildFailedError."""
    limit = time.monotonic() + patience
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        if time.monotonic() > limit:
            killed(child)
            raise ChildFailedError(f"hangs: nothing after {patience:.0f} s")
        time.sleep(0.002)


def killed(child: int) -> None:
    """Ends a child at once."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def done(work: Callable[[], Any], answer: Path) -> Any:
    """The value of `work`, computed in a child. ChildFailedError with the child's traceback."""
    status = ended(begun(work, answer))
    told = json.loads(answer.read_text("utf-8")) if answer.exists() else {}
    if status or "error" in told:
        raise ChildFailedError(told.get("error", f"wait status {status}"))
    return told["value"]
