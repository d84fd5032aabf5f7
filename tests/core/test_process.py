"""Work in a copy of the process: what comes over, and what becomes of it when either side ends.

A copy is made only of a process with one thread, so each case is a program of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keguan.core import process
from keguan.core.text import Text

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the work is done in the process itself"
)

BEGIN = """
import os, signal, sys, time
from keguan.core.errors import InputError, KeguanError, Where
from keguan.core.process import apart, own_process
from keguan.core.text import Text
own_process()
silent = lambda what, share: None
"""


def program(body: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BEGIN + body], capture_output=True, text=True, timeout=60)


def said(body: str) -> str:
    done = program(body)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_the_work_is_done_by_another_process_and_its_answer_comes_over() -> None:
    assert (
        said("here = os.getpid(); print(apart(lambda tell: (os.getppid() == here, {'n': 1}), silent))")
        == "(True, {'n': 1})"
    )


def test_an_answer_may_be_any_pair_or_none() -> None:
    """What is told on the way and what is given at the end are never mixed up."""
    assert said("print(apart(lambda tell: (Text('a', 'b'), .5), print))") == "(Text(zh='a', en='b'), 0.5)"
    assert said("print(apart(lambda tell: None, silent))") == "None"
    assert said("print(type(apart(lambda tell: ValueError('given'), silent)).__name__)") == "ValueError"


def test_progress_is_told_in_order() -> None:
    body = """
def work(tell):
    for share in (0.25, 0.5): tell(Text('算', 'counting'), share)
    return 'done'
print(apart(work, lambda what, share: print(what.en, share)))
"""
    assert said(body).splitlines() == ["counting 0.25", "counting 0.5", "done"]


def test_its_memory_goes_back() -> None:
    body = """
def work(tell): return len(bytearray(400 << 20))
most = lambda: int(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0]) >> 10
print(apart(work, silent) >> 20, most())
"""
    made, most = map(int, said(body).split())
    assert made == 400
    assert most < 200


def test_an_error_of_ours_comes_over_whole() -> None:
    body = """
def work(tell): raise InputError(what=Text('坏', 'bad'), where=Where(file='a.csv', row=3), found='x', do=Text('改', 'mend'))
try: apart(work, silent)
except InputError as error: print(error.paragraph('en'), error.exit_code)
"""
    assert said(body) == "bad. Where: file a.csv, row 3. Found: x. What to do: mend. 4"


def test_an_unforeseen_error_keeps_its_traceback() -> None:
    body = """
import traceback
def deep(): raise ZeroDivisionError('there')
def work(tell): deep()
try: apart(work, silent)
except ZeroDivisionError as error: print(''.join(traceback.format_exception(error)))
"""
    assert "in deep" in said(body)


def test_an_error_that_cannot_be_sent_is_told_all_the_same() -> None:
    body = """
class Odd(Exception):
    def __init__(self, one, two): super().__init__(f'{one} and {two}')
def work(tell): raise Odd(1, 2)
try: apart(work, silent)
except RuntimeError as error: print(error.args[0], 'in work' in error.args[1])
"""
    assert said(body) == "Odd('1 and 2') True"


def test_a_killed_copy_is_an_error_that_says_what_to_do() -> None:
    body = """
def work(tell): os.kill(os.getpid(), signal.SIGKILL)
try: apart(work, silent)
except KeguanError as error: print(error.paragraph('en')); print(error.paragraph('zh'))
"""
    english, chinese = said(body).splitlines()
    assert "SIGKILL" in english
    assert "memory" in english
    assert "SIGKILL" in chinese
    assert "内存" in chinese


def test_an_interruption_ends_both_without_a_word(tmp_path: Path) -> None:
    """A terminal interrupts the whole group of processes; the copy tidies up before the program goes on."""
    body = """
def work(tell):
    try:
        open(sys.argv[1], 'w').write(str(os.getpid()))
        time.sleep(60)
    finally:
        time.sleep(0.5)
        open(sys.argv[1], 'a').write(' tidy')
try: apart(work, silent)
except KeyboardInterrupt: print('interrupted')
"""
    place = tmp_path / "pid"
    with subprocess.Popen(
        [sys.executable, "-c", BEGIN + body, str(place)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as running:  # fmt: skip
        copy = _written(place)
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (out.strip(), err, running.returncode) == ("interrupted", "", 0)
    assert place.read_text() == f"{copy} tidy"
    assert not _alive(copy)


def test_a_copy_ends_when_nobody_listens_any_more(tmp_path: Path) -> None:
    body = """
def work(tell):
    open(sys.argv[1], 'w').write(str(os.getpid()))
    while True: tell(Text('算', 'counting'), 0.5); time.sleep(0.01)
apart(work, silent)
"""
    place = tmp_path / "pid"
    with subprocess.Popen(
        [sys.executable, "-c", BEGIN + body, str(place)], stderr=subprocess.PIPE
    ) as running:
        copy = _written(place)
        running.kill()
        _, err = running.communicate(timeout=30)
    for _ in range(500):
        if not _alive(copy):
            break
        time.sleep(0.02)
    assert not _alive(copy)
    assert err == b""


def test_where_no_more_processes_are_allowed_the_work_is_done_there() -> None:
    body = """
import multiprocessing.popen_fork
def refused(self, process): raise BlockingIOError(11, 'no more processes')
multiprocessing.popen_fork.Popen._launch = refused
print(apart(lambda tell: os.getpid(), silent) == os.getpid())
"""
    assert said(body) == "True"


def test_in_a_process_of_the_user_the_work_is_done_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(process._process, "own", False)
    assert process.apart(lambda tell: os.getpid(), _silent) == os.getpid()


def test_with_other_threads_the_work_is_done_there() -> None:
    body = """
import threading
threading.Thread(target=time.sleep, args=(0.5,)).start()
print(apart(lambda tell: os.getpid(), silent) == os.getpid())
"""
    assert said(body) == "True"


def _silent(what: Text, share: float) -> None:
    pass


def _written(place: Path) -> int:
    for _ in range(500):
        if place.exists() and (text := place.read_text()):
            return int(text)
        time.sleep(0.02)
    raise AssertionError("the copy did not begin")


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
