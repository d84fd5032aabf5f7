"""An import lands whole or not at all: killed at any moment, two at once, the disk full."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from keguan.app.reporting import ReportOrder, write_report
from keguan.app.verifying import verify_file
from keguan.app.workspace import Workspace
from keguan.core.errors import WorkspaceError
from keguan.core.text import Text
from keguan.store.workspace import Store
from received import HEADER, books, kpis, loaded, usual, write

ROOT = Path(__file__).parents[2]
BRIEF = (ROOT / "soak" / "brief.toml").read_text("utf-8")  # a report that takes little time
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


@pytest.mark.slow
@pytest.mark.parametrize("others", [1, 4])
def test_imports_at_once_all_land(shop: Path, tmp_path: Path, others: int) -> None:
    shutil.copytree(shop / "base", tmp_path / "w")
    more = [
        write(tmp_path / f"more{n}.csv", HEADER, *usual(30, first=100 * n, customer=f"C{n}"))
        for n in range(1, others + 1)
    ]
    running = [started(tmp_path / "w", file) for file in (shop / "next.csv", *more)]
    for process in running:
        _, err = process.communicate(timeout=240)
        assert (process.returncode, err) == (0, "")
    assert Store(tmp_path / "w").catalog.batch == 2 + others
    extra = 30 * others
    assert figures(tmp_path / "w") == (150 + extra, 110 + extra, 40, 110 + extra, 1100 + 10 * extra)


def test_a_reader_sees_the_state_that_it_opened(shop: Path, tmp_path: Path) -> None:
    shutil.copytree(shop / "base", tmp_path / "w")
    from keguan.app.analyse import Session

    with Session(Store(tmp_path / "w")) as reading:
        Workspace(tmp_path / "w").load(shop / "next.csv")
        rows = reading.run("overview").table("kpis").records()
    assert {row["metric"]: row["value"] for row in rows}["orders"] == 50
    assert figures(tmp_path / "w") == AFTER


def test_an_import_during_a_report_changes_nothing_in_it(shop: Path, tmp_path: Path) -> None:
    """The report is made of the versions that it pinned when it began, and proves on these."""
    place, recipe = tmp_path / "w", tmp_path / "brief.toml"
    shutil.copytree(shop / "base", place)
    recipe.write_text(BRIEF, "utf-8")
    imported: list[int | None] = []

    def meanwhile(_what: Text, share: float) -> None:
        if 0 < share < 0.8 and not imported:  # between two analyses
            imported.append(Workspace(place).load(shop / "next.csv").batch)

    written = write_report(
        Store(place), ReportOrder(tmp_path / "brief.html", "zh", recipe=str(recipe)), meanwhile
    )
    assert imported == [2]
    manifest = json.loads(written.manifest.read_text("utf-8"))
    assert manifest["versions"]["orders"] == Store(place).catalog.versions["orders"] - 1
    assert verify_file(Store(place), written.file, progress=lambda _what, _share: None).proved
    assert figures(place) == AFTER


def test_a_clock_that_jumps_back_changes_no_order(shop: Path, tmp_path: Path) -> None:
    """Batches, versions and which order replaces which follow the catalog's numbers, never the clock."""
    place = tmp_path / "w"
    shutil.copytree(shop / "base", place)
    script = (
        "import sys, time; from datetime import datetime; from keguan.app.workspace import Workspace\n"
        "past = time.time() - 20 * 365 * 86400\n"
        "class Clock(datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None): return datetime.fromtimestamp(past, tz)\n"
        "time.time = lambda: past\n"
        "for name, module in list(sys.modules.items()):\n"
        "    if name.startswith('keguan') and getattr(module, 'datetime', None) is datetime:\n"
        "        module.datetime = Clock\n"
        "assert Workspace(sys.argv[1]).load(sys.argv[2]).batch == 2\n"
    )
    subprocess.run([sys.executable, "-c", script, str(place), str(shop / "next.csv")], check=True)
    loads = books(Workspace(place))
    assert loads[1]["loaded_at"] < loads[0]["loaded_at"]  # the clock did jump
    assert [load["batch_id"] for load in loads] == [1, 2]
    assert figures(place) == AFTER
    again = [(*row[:5], 2, row[6]) for row in usual(10, first=9010)]
    later = write(tmp_path / "later.csv", HEADER, *again)
    Workspace(place).load(later)
    assert figures(place)[3:] == (110, 1200)


@pytest.fixture
def as_nobody() -> Callable[..., tuple[int, str]]:
    """Runs the command line without the rights of root, which no permission binds."""
    if os.name != "posix" or os.getuid():
        pytest.skip("needs root, to become somebody else")

    # The interpreter may stand where nobody may read: everything is imported before the rights are given up.
    code = (
        "import os, sys; from soak.children import warm; from keguan.cli.main import run\n"
        "warm(); os.setgroups([]); os.setgid(65534); os.setuid(65534); run()"
    )

    def run(*arguments: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
            env={**os.environ, "KEGUAN_LANGUAGE": "en"},
        )  # fmt: skip
        return done.returncode, done.stderr

    return run


@pytest.mark.slow
def test_a_workspace_that_may_only_be_read_is_read(
    shop: Path, as_nobody: Callable[..., tuple[int, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        os.chmod(folder, 0o755)
        place, file = Path(folder) / "w", Path(folder) / "next.csv"
        shutil.copytree(shop / "base", place)
        shutil.copyfile(shop / "next.csv", file)
        before = Store(place).catalog
        code, error = as_nobody("import", file, "-w", place)
        assert code == 4
        assert error.startswith("The workspace cannot be written; it is as it was. Where: file ")
        assert "What to do: check the folder's permissions and try again." in error
        code, error = as_nobody("run", "overview", "-w", place)
        assert code == 0, error  # said on standard error at most: segments are not kept
        code, error = as_nobody("doctor", "-w", place)
        assert code == 4  # it cannot mend there, and says so
        os.chmod(place / "catalog.json", 0o600)
        code, error = as_nobody("run", "overview", "-w", place)
        assert code == 4
        assert error.startswith("The workspace's catalog cannot be read. Where: file ")
        os.chmod(place, 0o700)
        code, error = as_nobody("import", file, "-w", place)
        assert (code, "is not readable" in error) == (2, True)
        assert Store(place).catalog == before


def test_a_file_size_limit_is_told_like_a_full_disk(shop: Path, tmp_path: Path) -> None:
    """The same without the rights to mount anything: files may not grow over 2 kB."""
    place = tmp_path / "w"
    shutil.copytree(shop / "base", place)
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from keguan.app.workspace import Workspace\n"
        "from keguan.core.errors import WorkspaceError\n"
        "w = Workspace(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "try: w.load(sys.argv[2])\n"
        "except WorkspaceError as error: print(error.paragraph('en'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(place), str(shop / "next.csv")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "the workspace is as it was" in done.stdout or "it is as it was" in done.stdout
    assert figures(place) == BEFORE
    assert Workspace(place).load(shop / "next.csv").batch == 2
    assert figures(place) == AFTER


def test_the_report_says_what_was_rolled_back(shop: Path, tmp_path: Path, keguan: Any) -> None:
    shutil.copytree(shop / "base", tmp_path / "w")
    (tmp_path / "w" / "tables" / "orders" / "b000002-0123456789abcdef.parquet").write_bytes(b"half a fi")
    stale = tmp_path / "w" / "raw" / "import-dead"
    stale.mkdir()
    (stale / "spill").write_bytes(b"x")
    done = keguan("import", shop / "next.csv", "-w", tmp_path / "w")
    assert done.code == 0
    assert done.out.startswith("An interrupted import was rolled back: 0 versions, 1 files.")
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
