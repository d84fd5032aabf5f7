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

# Files that take a minute or more go first, or one process would still be at one of them when all others are done.
LONGEST = (
    "analyses/test_on_spark.py", "soak/test_fuzz.py", "app/test_two_months.py", "app/test_report.py", "app/test_memory.py",
    "models/test_churn_on_spark.py", "soak/test_crash.py", "docs/test_examples.py", "analyses/test_every.py",
    "cli/test_engine.py", "app/test_main_job.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; the others as they are."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))


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
