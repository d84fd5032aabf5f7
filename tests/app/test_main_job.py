"""The main job on published data: files go in without a hand-written mapping, known figures come out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keguan.app.ingest import ImportOptions, ingest
from keguan.app.workspace import Workspace
from keguan.core.errors import InputError
from keguan.result import Result
from keguan.store.workspace import Store

# online_retail with both files loaded (README of the data sets; facts of the published files).
KPIS = {
    "lines_received": 1_067_370,
    "lines_superseded": 22_523,
    "customers": 5_878,
    "orders": 36_969,
    "gross_revenue": 17_431_533.178,
    "returns": 1_087_882.14,
    "guest_revenue": 3_102_564.31,
}


def kpis(result: Result) -> dict[str, Any]:
    return {row["metric"]: row["value"] for row in result.table("kpis").records()}


def load(folder: Path, *batches: list[Path]) -> Workspace:
    workspace = Workspace.init(folder)
    for batch in batches:
        workspace.load(*batch)
    return workspace


@pytest.fixture(scope="module")
def retail_files(data_sets: Path) -> tuple[Path, Path]:
    folder = data_sets / "online_retail"
    return folder / "online_retail_2009_2010.csv.gz", folder / "online_retail_2010_2011.csv.gz"


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory, retail_files: tuple[Path, Path]) -> Workspace:
    return load(tmp_path_factory.mktemp("retail"), [retail_files[0]], [retail_files[1]])


def test_online_retail_gives_the_known_figures(retail: Workspace) -> None:
    found = kpis(retail.run("overview"))
    assert {name: float(found[name]) for name in KPIS} == pytest.approx(KPIS, abs=0.005)
    assert found["lines_received"] == (
        found["lines_clean"] + found["lines_quarantined"] + found["lines_superseded"] + found["lines_dropped"]
    )
    assert found["lines_clean"] + found["lines_quarantined"] == 1_044_847
    assert found["lines_quarantined"] == 5  # the bad-debt invoices at a negative price
    assert (str(found["first_order_on"]), str(found["last_order_on"])) == ("2009-12-01", "2011-12-09")


def test_the_first_cohort_of_online_retail(retail: Workspace) -> None:
    rows = retail.run("cohort").table("retention").records()
    first = {row["month_index"]: row for row in rows if row["cohort"] == "2009-12"}
    assert (first[0]["customers"], first[0]["active"], first[1]["active"]) == (955, 955, 337)


def test_the_other_order_of_files_gives_the_same_figures(
    retail: Workspace, retail_files: tuple[Path, Path], tmp_path: Path
) -> None:
    other = load(tmp_path, [retail_files[1]], [retail_files[0]])
    assert kpis(other.run("overview")) == kpis(retail.run("overview"))


def test_both_files_in_one_command_give_the_same_figures(
    retail: Workspace, retail_files: tuple[Path, Path], tmp_path: Path
) -> None:
    together = load(tmp_path, list(retail_files))
    assert kpis(together.run("overview")) == kpis(retail.run("overview"))


def test_the_same_file_again_changes_nothing(retail: Workspace, retail_files: tuple[Path, Path]) -> None:
    before = Store(retail.store.folder).catalog
    report = retail.load(retail_files[0])
    assert report.already_known
    assert report.batch is None
    assert {**Store(retail.store.folder).catalog.versions} == dict(before.versions)


def test_a_customer_who_cancelled_a_huge_order_is_neither_recent_nor_large(retail: Workspace) -> None:
    # Customer 16446: 80,995 pieces bought and cancelled within 12 minutes, net of it 2.90.
    from keguan.app.analyse import Session

    with Session(Store(retail.store.folder)) as session:
        rows = session.inputs.query(
            "SELECT f.last_purchase_on, f.purchases FROM customer_facts f JOIN customers c USING (account_no) "
            "WHERE c.customer_id = '16446'"
        ).to_pylist()
    assert [(str(row["last_purchase_on"]), row["purchases"]) for row in rows] == [("2011-05-18", 1)]


def test_superstore_is_the_same_from_csv_and_from_xls(data_sets: Path, tmp_path: Path) -> None:
    folder = data_sets / "superstore_cn"
    csv = load(tmp_path / "csv", [folder / "superstore_cn.csv.gz"])
    xls = load(tmp_path / "xls", [folder / "superstore_cn.xls"])
    found = kpis(csv.run("overview"))
    assert found == kpis(xls.run("overview"))
    assert found["lines_received"] == 9_935
    assert found["customers"] == 771
    # 1,395 numbers stand for more than one customer: there are more orders than the 2,765 numbers
    assert found["orders"] > 2_765
    for name in ("rfm", "cohort", "abc_class"):
        a, b = csv.run(name), xls.run(name)
        assert [table.records() for table in a.tables] == [table.records() for table in b.tables]


def test_cdnow_from_the_headed_and_the_headerless_file(data_sets: Path, tmp_path: Path) -> None:
    master = load(tmp_path / "master", [data_sets / "cdnow" / "CDNOW_master.txt"])
    found = kpis(master.run("overview"))
    assert (found["lines_received"], found["customers"]) == (69_659, 23_570)
    sample = load(tmp_path / "sample", [data_sets / "cdnow" / "CDNOW_sample.txt"])
    found = kpis(sample.run("overview"))
    assert (found["lines_received"], found["customers"]) == (6_919, 2_357)
    # lines of one customer and day are one purchase
    assert found["orders"] < 6_919


@pytest.mark.parametrize(
    "path",
    [
        "hillstrom/hillstrom.csv.gz",
        "splink_fake_1000/fake_1000_labels.csv",
        "robyn_mmm/dt_simulated_weekly.csv",
    ],
)
def test_files_of_other_kinds_are_refused_with_a_reason(data_sets: Path, tmp_path: Path, path: str) -> None:
    workspace = Workspace.init(tmp_path)
    with pytest.raises(InputError) as error:
        workspace.load(data_sets / path)
    assert len(error.value.paragraph("zh")) > 30
    assert len(error.value.paragraph("en")) > 60
    assert Store(tmp_path).catalog.batch == 0


def test_a_customer_file_alone_is_kept(data_sets: Path, tmp_path: Path) -> None:
    workspace = Workspace.init(tmp_path)
    report = ingest(workspace.store, [str(data_sets / "splink_fake_1000" / "fake_1000.csv")], ImportOptions())
    assert report.files[0].entity == "customers"
    assert report.files[0].clean == 1_000
