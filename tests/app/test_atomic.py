"""An import lands whole or not at all: killed at any moment, two at once, the disk full."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from keguan.app.workspace import Workspace
from keguan.core.errors import WorkspaceError
from keguan.store.workspace import Store
from received import HEADER, books, kpis, loaded, usual, write

FIGURES = ("lines_received", "lines_clean", "lines_superseded", "orders", "gross_revenue")
Figures = tuple[Any, ...]


def figures(workspace: Path) -> Figures:
    """The key figures, after checking the books."""
    books(Workspace(workspace))
    found = kpis(Workspace(workspace))
    return tuple(found[name] for name in FIGURES)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`base`: a workspace with 50 orders; `next.csv`: 40 of them again and 60 new ones."""
    folder = tmp_path_factory.mktemp("atomic")
    loaded(folder / "base", [write(folder / "first.csv", HEADER, *usual(50))])
    write(folder / "next.csv", HEADER, *usual(100, first=9010))
    return folder


BEFORE: Figures = (50, 50, 0, 50, 500)
AFTER: Figures = (150, 110, 40, 110, 1100)


def started(workspace: Path, *files: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "keguan", "import", *map(str, files), "-w", str(workspace)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "KEGUAN_LANGUAGE": "en"},
        start_new_session=True,
    )


def logs(workspace: Path) -> int:
    """Delta versions of the second batch that are in the logs, committed or not."""
    return len(list((workspace / "tables").glob("*/_delta_log/*2.json")))


# What is on the disk when the import is killed.
MOMENTS: dict[str, Callable[[Path], bool]] = {
    "files staged": lambda w: any((w / "raw").glob("import-*")),
    "first table written": lambda w: any((w / "tables").glob("*/b000002-*")),
    "first version": lambda w: logs(w) >= 1,
    "half of the versions": lambda w: logs(w) >= 4,
    "catalog written": lambda w: '"batch": 2' in (w / "catalog.json").read_text("utf-8"),
}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL exists on POSIX only")
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_moment(shop: Path, tmp_path: Path, moment: str) -> None:
    check_killed(shop, tmp_path / "w", lambda place: wait_for(place, MOMENTS[moment]))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL exists on POSIX only")
def test_killed_by_the_clock(shop: Path, tmp_path: Path) -> None:
    """Spread over the time that a whole import takes here."""
    shutil.copytree(shop / "base", tmp_path / "whole")
    begun = time.monotonic()
    whole = started(tmp_path / "whole", shop / "next.csv")
    assert whole.wait() == 0
    took = time.monotonic() - begun
    for share in (0.6, 0.85):
        check_killed(shop, tmp_path / f"w{share}", lambda _place, part=share: time.sleep(part * took))


def wait_for(place: Path, reached: Callable[[Path], bool]) -> None:
    limit = time.monotonic() + 60
    while not reached(place) and time.monotonic() < limit:
        time.sleep(0.0005)


def check_killed(shop: Path, place: Path, wait: Callable[[Path], None]) -> None:
    """After SIGKILL the figures are the earlier or the new ones; the next import works and tidies up."""
    shutil.copytree(shop / "base", place)
    running = started(place, shop / "next.csv")
    wait(place)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    left_over = len(list((place / "tables").glob("*/b000002-*")))
    landed = Store(place).catalog.batch == 2
    assert figures(place) == (AFTER if landed else BEFORE)
    report = Workspace(place).load(shop / "next.csv")
    assert report.already_known == landed
    assert report.rolled_back == (bool(left_over) and not landed)
    assert figures(place) == AFTER
    assert not list((place / "raw").glob("import-*"))
    assert not list((place / "tables").glob("*/b000003-*"))


def test_two_imports_at_once_both_land(shop: Path, tmp_path: Path) -> None:
    shutil.copytree(shop / "base", tmp_path / "w")
    more = write(tmp_path / "more.csv", HEADER, *usual(30, first=100, customer="C7"))
    running = [started(tmp_path / "w", shop / "next.csv"), started(tmp_path / "w", more)]
    for process in running:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
    assert Store(tmp_path / "w").catalog.batch == 3
    assert figures(tmp_path / "w") == (180, 140, 40, 140, 1400)


def test_a_reader_sees_the_state_that_it_opened(shop: Path, tmp_path: Path) -> None:
    shutil.copytree(shop / "base", tmp_path / "w")
    from keguan.app.analyse import Session

    with Session(Store(tmp_path / "w")) as reading:
        Workspace(tmp_path / "w").load(shop / "next.csv")
        rows = reading.run("overview").table("kpis").records()
    assert {row["metric"]: row["value"] for row in rows}["orders"] == 50
    assert figures(tmp_path / "w") == AFTER


def test_the_report_says_what_was_rolled_back(shop: Path, tmp_path: Path, keguan: Any) -> None:
    shutil.copytree(shop / "base", tmp_path / "w")
    (tmp_path / "w" / "tables" / "orders" / "b000002-0123456789abcdef.parquet").write_bytes(b"half a fi")
    stale = tmp_path / "w" / "raw" / "import-dead"
    stale.mkdir()
    (stale / "spill").write_bytes(b"x")
    done = keguan("import", shop / "next.csv", "-w", tmp_path / "w")
    assert done.code == 0
    assert done.out.startswith("An interrupted import was rolled back.")
    assert not stale.exists()
    assert figures(tmp_path / "w") == AFTER


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, check=False
    ) if shutil.which("mount") else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip("a small file system cannot be mounted here (needs the rights of root)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.slow
def test_a_full_disk_leaves_the_workspace_as_it_was(shop: Path, small_disk: Path) -> None:
    place = small_disk / "w"
    shutil.copytree(shop / "base", place)
    filler = small_disk / "filler"
    for room in (4_096, 40_960, 57_344):  # full at the first table, at the raw files, at the commit
        filler.write_bytes(b"")
        free = shutil.disk_usage(small_disk).free
        filler.write_bytes(b"x" * max(0, free - room))
        with pytest.raises(WorkspaceError) as caught:
            Workspace(place).load(shop / "next.csv")
        assert caught.value.paragraph("en").startswith("The disk is full; the workspace is as it was.")
        assert caught.value.paragraph("zh").startswith("磁盘已满, 工作区保持原样。")
        assert Store(place).catalog.batch == 1
        assert figures(place) == BEFORE
    filler.unlink()
    assert Workspace(place).load(shop / "next.csv").batch == 2
    assert figures(place) == AFTER
