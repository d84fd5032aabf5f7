"""Whatever is damaged: one clear paragraph in both languages, nothing lost, nothing changed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from keguan.app.reporting import ReportOrder, write_report
from keguan.app.verifying import verify_file
from keguan.app.workspace import Workspace
from keguan.core.errors import KeguanError, WorkspaceError
from keguan.core.text import Text
from keguan.store.workspace import Store
from received import books
from store.faults import DAMAGES, cut, data_file, log_entry, prints, shop


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop(tmp_path_factory.mktemp("damage"))


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_told_and_nothing_is_lost(base: Path, tmp_path: Path, damage: str) -> None:
    place = tmp_path / "w"
    shutil.copytree(base / "w", place)
    harm, words = DAMAGES[damage]
    harm(place)
    before = prints(place)
    for use in (lambda: Workspace(place).run("overview"), lambda: Workspace(place).load(base / "more.csv")):
        with pytest.raises(KeguanError) as caught:
            use()
        paragraph = caught.value.paragraph("en")
        assert words in paragraph, paragraph
        for part in ("Found: ", "What to do: "):
            assert part in paragraph, paragraph
        assert "请这样做：" in caught.value.paragraph("zh")
        assert caught.value.exit_code == (2 if damage == "settings broken" else 4)
    after = prints(place)
    assert {name: after.get(name) for name in before} == before  # the import may have left only new names
    assert after == before


def test_damage_in_a_table_that_an_analysis_does_not_read_leaves_old_versions_alone(
    base: Path, tmp_path: Path
) -> None:
    """A pinned version opens although a later log entry is half-written."""
    place = tmp_path / "w"
    shutil.copytree(base / "w", place)
    store = Store(place)
    cut(log_entry(place))
    assert len(store.files("order_lines", store.catalog.versions["order_lines"] - 1)) == 1


def test_a_report_is_not_proved_on_other_files_than_it_was_made_of(base: Path, tmp_path: Path) -> None:
    """An emptied entry of an earlier version reads as a version without rows: the report knows its files."""
    place = tmp_path / "w"
    shutil.copytree(base / "w", place)
    written = report_of(place, tmp_path / "out")
    assert verify_file(Store(place), written, progress=silent).proved
    Workspace(place).load(base / "more.csv")  # replaces no order: the version reported on stays below
    assert verify_file(Store(place), written, progress=silent).proved
    log_entry(place, back=1).write_bytes(b"")
    verdict = verify_file(Store(place), written, progress=silent)
    assert {claim.state for claim in verdict.claims} == {"not provable"}
    assert "not those of the report" in verdict.lines("en")[0]


def report_of(place: Path, folder: Path) -> Path:
    """A report of two analyses."""
    folder.mkdir(exist_ok=True)
    recipe = folder / "brief.toml"
    recipe.write_text(
        'title = { zh = "简报", en = "Brief" }\n[[sections]]\nid = "numbers"\n'
        'title = { zh = "数字", en = "Numbers" }\ntables = ["overview.kpis"]\nanalyses = ["overview"]\n',
        "utf-8",
    )
    return write_report(
        Store(place), ReportOrder(folder / "brief.html", "zh", recipe=str(recipe)), silent
    ).file


def silent(_what: Text, _share: float) -> None:
    """No progress."""


def test_the_lock_of_a_killed_process_does_not_hold(base: Path, tmp_path: Path) -> None:
    place = tmp_path / "w"
    shutil.copytree(base / "w", place)
    holder = subprocess.Popen(
        [sys.executable, "-c",
         "import sys, time; from pathlib import Path; from keguan.store.workspace import Store\n"
         "with Store(Path(sys.argv[1])).writing():\n print('held', flush=True); time.sleep(600)", str(place)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(WorkspaceError, match="Another import"), Store(place).writing(seconds=0.1):
        raise AssertionError("two writers")
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert (place / ".lock").exists()
    assert Workspace(place).load(base / "more.csv").batch == 3
    books(Workspace(place))


def test_a_log_that_is_ahead_of_the_catalog_is_never_built_upon(base: Path, tmp_path: Path) -> None:
    """The table folder was brought back from another copy: its log ends before the catalog's version."""
    place = tmp_path / "w"
    shutil.copytree(base / "w", place)
    shutil.rmtree(place / "tables" / "findings" / "_delta_log")
    with pytest.raises(WorkspaceError, match="findings"):
        Workspace(place).load(base / "more.csv")
    assert Store(place).catalog.batch == 2


def test_files_are_on_the_disk_before_the_catalog_names_them(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against power cuts: every file of the batch is flushed before the catalog takes its new content."""
    place = tmp_path / "w"
    shutil.copytree(base / "w", place)
    flushed: list[str] = []
    order: list[str] = []
    fsync, rename = os.fsync, os.replace

    def seen_fsync(handle: int) -> None:
        flushed.append(os.readlink(f"/proc/self/fd/{handle}"))
        fsync(handle)

    def seen_replace(old: str | Path, new: str | Path) -> None:
        if str(new).endswith("catalog.json"):
            order.extend(flushed)
        rename(old, new)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc to tell which file was flushed")
    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(os, "replace", seen_replace)
    Workspace(place).load(base / "more.csv")
    written = [*(place / "tables").glob("*/b000003-*"), *(place / "raw" / "b000003").iterdir()]
    written += [log_entry(place, table=table) for table in ("orders", "order_lines", "purchases", "loads")]
    assert len(written) > 8
    assert {str(path) for path in written} <= set(order)


def test_sums_of_the_written_files_are_in_the_log(base: Path) -> None:
    from keguan.store import delta

    file = data_file(base / "w")
    assert delta.sums(file.parent)[file.name] == delta.sha256(file)


def test_opening_a_workspace_loads_no_data_frames(base: Path) -> None:
    """pandas may be installed; importing it would cost a second."""
    code = (
        "import sys; from pathlib import Path; from keguan.store.workspace import Store\n"
        "store = Store(Path(sys.argv[1])); assert store.files('orders'); print('pandas' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(base / "w")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
