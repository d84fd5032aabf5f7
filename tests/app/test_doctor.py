"""`keguan doctor`: mends what can be mended, says what it did, and names what is lost."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keguan.app.checkup import Scope, check
from keguan.app.finding import Finding
from keguan.app.verifying import verify_file
from keguan.app.workspace import Workspace
from keguan.store import catalog, delta
from keguan.store.workspace import Store
from received import HEADER, books, kpis, usual, write
from store.faults import DAMAGES, cut, data_file, flip, log_entry, prints, shop
from store.test_damage import report_of, silent


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop(tmp_path_factory.mktemp("doctor"))


@pytest.fixture
def place(base: Path, tmp_path: Path) -> Path:
    """A copy of the shop's workspace."""
    shutil.copytree(base / "w", tmp_path / "w")
    return tmp_path / "w"


def workspace_findings(place: Path, **scope: bool) -> list[Finding]:
    """What is found of the workspace itself."""
    return list(check(place, Scope(**scope)))


def english(findings: list[Finding]) -> str:
    return "\n".join(item.what.en for item in findings)


def purchases(place: Path) -> list[tuple[object, ...]]:
    import duckdb

    files = Store(place).files("purchases")
    return duckdb.sql(  # rows may take others away: their sums count
        "SELECT account_no, day, order_day, sum(orders), sum(cancelled), sum(gross), sum(returns), sum(quantity), "
        f"sum(margin), sum(lines), sum(opens_month) FROM read_parquet({files!r}) "
        "GROUP BY ALL HAVING sum(lines) <> 0 ORDER BY ALL"
    ).fetchall()


MENDED = ["catalog empty", "catalog cut", "catalog of another form", "catalog edited", "catalog missing"]


@pytest.mark.parametrize("damage", MENDED)
def test_a_lost_catalog_is_put_back(place: Path, damage: str) -> None:
    before = kpis(Workspace(place))
    whole = (place / catalog.FILE).read_bytes()
    DAMAGES[damage][0](place)
    looked = workspace_findings(place, mend=False)
    assert [item.good for item in looked] == [False]
    assert "batch 2" in looked[0].what.en
    found = workspace_findings(place)
    assert found[0].mended
    assert all(item.good for item in found), english(found)
    assert (place / catalog.FILE).read_bytes() == whole
    assert kpis(Workspace(place)) == before


def test_a_copy_that_does_not_fit_the_tables_is_not_believed(place: Path) -> None:
    (place / catalog.FILE).unlink()
    log_entry(place).unlink()
    found = workspace_findings(place)
    assert [item.good for item in found] == [False]
    assert "restore catalog.json from a backup" in found[0].what.en
    assert not (place / catalog.FILE).exists()


MART_HARMS: dict[str, Callable[[Path], object]] = {
    "file cut": lambda w: cut(data_file(w, "purchases")),
    "file missing": lambda w: data_file(w, "purchases").unlink(),
    "log empty": lambda w: log_entry(w, table="purchases").write_bytes(b""),
    "log missing": lambda w: shutil.rmtree(w / "tables" / "purchases" / "_delta_log"),
    "table deleted": lambda w: shutil.rmtree(w / "tables" / "purchases"),
}


@pytest.mark.parametrize("harm", MART_HARMS)
def test_a_damaged_mart_is_made_again(base: Path, place: Path, harm: str) -> None:
    before, version = purchases(place), Store(place).catalog.versions["purchases"]
    MART_HARMS[harm](place)
    untouched = prints(place)
    looked = workspace_findings(place, mend=False)
    assert not all(item.good for item in looked)
    assert "keguan doctor mends it" in english(looked)
    assert prints(place) == untouched
    found = workspace_findings(place)
    assert all(item.good for item in found), english(found)
    assert "Mended: " in english(found)
    assert purchases(place) == before
    assert Store(place).catalog.versions["purchases"] > version  # no number is given twice
    Workspace(place).load(base / "more.csv")
    books(Workspace(place))
    assert all(item.good and not item.mended for item in workspace_findings(place))


def test_silent_damage_is_found_by_reading_deep(place: Path) -> None:
    flip(data_file(place, "purchases"), first=600, count=1)
    assert not any(item.mended for item in workspace_findings(place))
    found = workspace_findings(place, deep=True)
    assert any(item.mended for item in found), english(found)
    assert all(item.good for item in workspace_findings(place, deep=True))


def test_files_without_recorded_sums_are_read_to_their_end(place: Path) -> None:
    for entry in (place / "tables" / "orders" / "_delta_log").glob("*.json"):
        lines = [json.loads(line) for line in entry.read_text("utf-8").splitlines()]
        for line in lines:
            line.get("commitInfo", {}).pop(delta.SUMS, None)
        entry.write_text("\n".join(map(json.dumps, lines)) + "\n", "utf-8")
    assert all(item.good for item in workspace_findings(place, deep=True))
    flip(data_file(place, "orders"))
    assert "table orders is damaged" in english(workspace_findings(place, deep=True))


def test_damaged_order_lines_are_told_by_load_and_left_alone(place: Path) -> None:
    cut(data_file(place))
    untouched = prints(place)
    found = workspace_findings(place)
    told = english(found)
    assert not all(item.good for item in found)
    assert "next.csv: 100 rows affected; the original is in raw/b000002" in told
    assert "first.csv" not in told
    assert "import the folders of raw" in told
    assert prints(place) == untouched
    # What it advises works.
    fresh = Workspace.init(place.with_name("fresh"))
    for folder in sorted((place / "raw").glob("b*")):
        fresh.load(folder)
    assert kpis(fresh)["gross_revenue"] == 1100


def test_unfinished_work_is_rolled_back_and_counted(place: Path) -> None:
    orders = place / "tables" / "orders"
    (orders / "b000003-0123456789abcdef.parquet").write_bytes(b"half")
    (orders / "b000002-0123456789abcdef.parquet#1").write_bytes(b"half")
    (orders / "_delta_log" / "_commit_0123.json.tmp").write_bytes(b"{")
    log = log_entry(place, table="orders")
    (log.parent / f"{int(log.stem) + 1:020d}.json").write_text('{"add":{')
    (place / f"{catalog.FILE}.new").write_text("{")
    (place / "raw" / "b000003").mkdir()
    (place / "raw" / "import-dead").mkdir()
    looked = workspace_findings(place, mend=False)
    assert looked[0].what.en.startswith("an interrupted import left 1 versions, 4 files, 2 folders")
    assert (place / "raw" / "import-dead").exists()
    found = workspace_findings(place)
    assert "rolled back: 1 versions, 4 files" in found[0].what.en
    again = workspace_findings(place)
    assert all(item.good and not item.mended for item in again)
    assert not (place / "raw" / "import-dead").exists()
    assert not (place / f"{catalog.FILE}.new").exists()


def test_a_damaged_checkpoint_is_removed(place: Path) -> None:
    store = Store(place)
    folder, version = store.table_folder("orders"), store.catalog.versions["orders"]
    from deltalake import DeltaTable

    DeltaTable(str(folder), version=version).create_checkpoint()
    before = store.files("orders")
    for path in delta.checkpoints(folder):
        if path.suffix == ".parquet":
            cut(path)
    looked = workspace_findings(place, mend=False)
    assert "checkpoint of table orders's log is damaged (keguan doctor mends it)" in english(looked)
    assert delta.checkpoints(folder)
    found = workspace_findings(place)
    assert all(item.good for item in found), english(found)
    assert not delta.checkpoints(folder)
    assert Store(place).files("orders") == before


def test_a_report_that_lost_its_versions_is_named(place: Path, tmp_path: Path) -> None:
    report_of(place, tmp_path / "out")
    Workspace(place).load(write(tmp_path / "again.csv", HEADER, *usual(100, first=9010, customer="C1")))
    version = Store(place).catalog.versions["orders"] - 1
    Path(Store(place).files("orders", version)[0]).unlink()
    found = workspace_findings(place)
    assert "can no longer be verified" in english(found)
    assert not all(item.good for item in found)


def test_vacuum_keeps_what_reports_need(place: Path, tmp_path: Path) -> None:
    written = report_of(place, tmp_path / "out")
    again = write(tmp_path / "again.csv", HEADER, *usual(100, first=9010, customer="C1"))
    Workspace(place).load(again)
    before = kpis(Workspace(place))
    all_files = len(list((place / "tables").glob("*/*.parquet")))
    assert "Earlier versions take" in english(workspace_findings(place))
    assert len(list((place / "tables").glob("*/*.parquet"))) == all_files  # only when it is asked to
    found = workspace_findings(place, vacuum=True)
    assert "were removed" in english(found)
    assert len(list((place / "tables").glob("*/*.parquet"))) < all_files
    assert kpis(Workspace(place)) == before
    assert verify_file(Store(place), written, progress=silent).proved
    assert all(item.good and not item.mended for item in workspace_findings(place, deep=True, vacuum=True))


def test_vacuum_removes_nothing_when_a_pin_cannot_be_read(place: Path, tmp_path: Path) -> None:
    Workspace(place).load(write(tmp_path / "again.csv", HEADER, *usual(100, first=9010, customer="C1")))
    (place / "reports").mkdir(exist_ok=True)
    (place / "reports" / "0123.json").write_text("{ half", "utf-8")
    before = prints(place)
    assert "so nothing was removed" in english(workspace_findings(place, vacuum=True))
    assert prints(place) == before


def test_a_workspace_in_use_is_only_looked_at(place: Path) -> None:
    cut(data_file(place, "purchases"))
    with Store(place).writing():
        begun = time.monotonic()
        found = workspace_findings(place)
        assert time.monotonic() - begun < 10
    assert found[0].what.en.startswith("Another import is running")
    assert not any(item.mended for item in found)


def test_doctor_on_the_command_line(place: Path, keguan: Any) -> None:
    cut(data_file(place, "purchases"))
    looked = keguan("doctor", "-w", place, "--dry-run")
    assert (looked.code, looked.err) == (4, "")
    mended = keguan("doctor", "-w", place, language="zh")
    assert mended.code == 0
    assert "✓ 已修复: 汇总表 purchases 有 1 处损坏, 已重新计算" in mended.out
    assert keguan("doctor", "-w", place, "--deep").code == 0
