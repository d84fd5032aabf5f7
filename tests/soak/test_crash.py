"""A short form of `make soak`: processes killed at moments and times drawn from a fixed seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def soak(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "soak", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(folder)},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which this system does not have")
def test_eight_rounds(tmp_path: Path) -> None:
    done = soak("crash", "--rounds", "8", "--seed", "7", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "crash: 8 rounds, seed 7" in done.stdout
    assert "crash: 8 rounds, 0 failures" in done.stdout
    assert not list(tmp_path.glob("keguan-soak-*"))  # nothing stays when nothing failed


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which this system does not have")
def test_a_fault_is_found_and_can_be_repeated(tmp_path: Path) -> None:
    """Files that nobody takes away do not pass."""
    code = (
        "import sys; from soak import facts; facts.remains = lambda place: (1, 1)\n"
        "from soak.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "crash", "--seed", "7", "--only", "2"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1, done.stdout
    assert "again: python -m soak crash --seed 7 --only 2" in done.stdout
