"""A report whose command is interrupted, or whose analyses the system ends: one line, no traceback, nothing half-written."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from received import HEADER, loaded, usual, write

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere analyses have no process of their own"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("interrupted")
    loaded(folder / "w", [write(folder / "orders.csv", HEADER, *usual(40))])
    return folder / "w"


@contextmanager
def reporting(workspace: Path, output: Path, errors: int) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`keguan report` at the moment when its analyses have begun, and the process that they are in."""
    command = [sys.executable, "-m", "keguan", "report", "-w", str(workspace), "-o", str(output)]
    environment = {**os.environ, "KEGUAN_LANGUAGE": "en"}
    with subprocess.Popen(command, stderr=errors, env=environment, start_new_session=True) as running:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        try:
            yield running, _first(children)
        finally:
            running.kill()


def _first(children: Path) -> int:
    for _ in range(3000):
        if listed := children.read_text().split():
            return int(listed[0])
        time.sleep(0.01)
    raise AssertionError("the analyses did not begin")


def test_ctrl_c_is_answered_in_one_line(shop: Path, tmp_path: Path) -> None:
    with reporting(shop, tmp_path / "out", subprocess.PIPE) as (running, _):
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert err.decode().splitlines() == ["已中断, 工作区保持原样 | interrupted; the workspace is as it was"]
    assert running.returncode == 130
    assert not (tmp_path / "out").exists()


def test_analyses_that_the_system_ends_are_an_error_with_advice(shop: Path, tmp_path: Path) -> None:
    with reporting(shop, tmp_path / "out", subprocess.PIPE) as (running, copy):
        os.kill(copy, signal.SIGKILL)
        _, err = running.communicate(timeout=60)
    (line,) = err.decode().splitlines()
    assert "SIGKILL" in line
    assert "What to do: " in line
    assert running.returncode == 4
    assert not (tmp_path / "out").exists()


def test_a_terminal_shows_how_far_they_are(shop: Path, tmp_path: Path) -> None:
    here, there = pty.openpty()
    with reporting(shop, tmp_path / "out", there) as (running, _):
        os.close(there)
        shown = b""
        with suppress(OSError):  # the terminal is closed
            while part := os.read(here, 65_536):
                shown += part
        running.wait()
    os.close(here)
    assert "Composing" in shown.decode()
    assert running.returncode == 0
