"""Fixtures of the whole suite: where the published data sets are, a workspace, the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ended import Ended

# As the command line does before numpy is loaded: threads that wait for each other are a third of what models cost.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def data_sets() -> Path:
    """The folder of published data sets; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("KEGUAN_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no data sets in {folder}; set KEGUAN_TEST_DATA")
    return folder


def keguan(*arguments: str | Path, language: str = "en", **environment: str) -> Ended:
    """Runs the command line as a user does, without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "keguan", *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "KEGUAN_LANGUAGE": language, **environment},
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(name="keguan", scope="session")
def keguan_command() -> Any:
    """The command line as a function."""
    return keguan
