"""Whose process this is, and work done in one that ends with it."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from keguan.core.errors import WorkspaceError
from keguan.core.text import Text

Made = TypeVar("Made")
Progress = Callable[[Text, float], None]

THREADS = Path("/proc/self/task")  # of Linux, which alone copies a process safely
COPIED = ("jemalloc_bg_thd",)  # the allocator of Arrow and Delta starts its threads again in a copy
_process = {"own": False}


def own_process() -> None:
    """Says that this process runs Keguan and nothing else, as the command line does."""
    _process["own"] = True


def is_own() -> bool:
    """Whether this process is Keguan's alone; in a notebook it is not."""
    return _process["own"]


def apart(work: Callable[[Progress], Made], progress: Progress) -> Made:
    """What `work(progress)` gives, done by a copy of this process: all memory that it took goes back, that of libraries
    and of buffers that grew as well.

    Only what it gives and what it tells `progress` come over; other changes to objects stay there. Its errors are
    raised here, WorkspaceError when it was ended from outside, as for want of memory. Where this process is not
    Keguan's own, or has threads, which a copy would lack, the work is done here.
    """
    if not (is_own() and _has_one_thread()):
        return work(progress)
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)

    def speak() -> None:
        here.close()
        _hear_only_sigterm()
        with suppress(BrokenPipeError, KeyboardInterrupt):  # nobody listens any more
            there.send(_answer(work, lambda what, share: there.send((what, share))))

    copy = fork.Process(target=speak)
    gc.freeze()  # looking for garbage there would write to all that is here, and so copy it
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        copy.start()
    except OSError:  # no more processes are allowed
        here.close()
        return work(progress)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        gc.unfreeze()
        there.close()
    try:
        answer = _heard(here, progress)
    except EOFError:
        copy.join()
        raise _ended(copy.exitcode) from None
    except BaseException:
        copy.terminate()
        raise
    finally:
        here.close()
        copy.join()
    if isinstance(answer, Exception):
        raise answer
    made: Made = answer[0]
    return made


def _has_one_thread() -> bool:
    try:
        names = [(thread / "comm").read_text().strip() for thread in THREADS.iterdir()]
    except OSError:
        return False
    return len([name for name in names if name not in COPIED]) == 1


def _hear_only_sigterm() -> None:
    """Ctrl-C in a terminal reaches the first process too, which passes it on: heard twice it would interrupt the tidying
    up of what it interrupted."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _answer(work: Callable[[Progress], Made], progress: Progress) -> tuple[Made] | Exception:
    try:
        return (work(progress),)
    except Exception as error:
        error.add_note("".join(traceback.format_exception(error)))  # the traceback itself stays
        return error if _comes_over(error) else RuntimeError(repr(error), *error.__notes__)


def _comes_over(error: Exception) -> bool:
    try:
        return bool(pickle.loads(pickle.dumps(error)))
    except Exception:
        return False


def _heard(here: Connection, progress: Progress) -> Any:
    """The answer; words on the way go to `progress`. EOFError when there is none."""
    while isinstance(word := here.recv(), tuple) and len(word) == 2:
        progress(*word)
    return word


def _ended(code: int | None) -> WorkspaceError:
    by = signal.Signals(-code).name if code is not None and code < 0 else f"exit {code}"
    return WorkspaceError(
        Text(
            "计算在中途被系统终止, 工作区保持原样",
            "The calculation was ended by the system; the workspace is as it was",
        ),
        found=by,
        do=Text(
            "多半是内存不够: 关掉其他程序, 或在 keguan.toml 里调小 memory_limit 后重试",
            "most likely memory ran out: close other programs, or lower memory_limit in keguan.toml, and try again",
        ),
    )
