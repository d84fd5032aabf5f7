"""The mart for BI: names and types that PostgreSQL takes, a word on every column, sums that are those of the workspace.

covers: J4
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import sqlglot

from audience_shop import arms, made, shop
from keguan.app.analyse import Session
from keguan.app.mart.writing import export_mart
from keguan.app.segments import save
from keguan.app.workspace import Workspace
from keguan.core.errors import UsageError, WorkspaceError
from keguan.store.workspace import Store
from received import rows

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The shop with an audience and a kept segmentation."""
    found = shop(tmp_path_factory.mktemp("mart"))
    made(found)
    store = Store(found.store.folder)
    with Session(store) as session:
        save(store, session, session.run("abc_class"))
    return found


def store_of(workspace: Workspace) -> Store:
    return Store(workspace.store.folder)


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sums_and_members_are_those_of_the_workspace(workspace: Workspace, tmp_path: Path) -> None:
    done = export_mart(store_of(workspace), tmp_path / "mart", "csv")
    assert done.rows["customers"] == 40
    by_month = listed(tmp_path / "mart" / "monthly_purchases.csv")
    (net,) = rows(workspace, "SELECT sum(gross - returns) AS net FROM all_purchases")
    assert sum(Decimal(row["net_revenue"]) for row in by_month) == net["net"] == 20 * (40 + 40 + 20 + 10 + 1)
    assert {row["month_start"] for row in by_month} == {
        "2025-02-01",
        "2025-03-01",
        "2025-04-01",
        "2025-06-01",
    }
    members = listed(tmp_path / "mart" / "campaign_members.csv")
    assert sorted(row["arm"] for row in members) == sorted(arms(workspace).values())
    segments = listed(tmp_path / "mart" / "customer_segments.csv")
    assert {row["segmentation"] for row in segments} == {"abc_class"}
    assert len(segments) == 40


def test_every_column_has_a_plain_name_and_a_word(workspace: Workspace, tmp_path: Path) -> None:
    export_mart(store_of(workspace), tmp_path / "mart", "csv")
    words = listed(tmp_path / "mart" / "dictionary.csv")
    told = {(row["table_name"], row["column_name"]) for row in words}
    for path in (tmp_path / "mart").glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            header = next(csv.reader(file))
        assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in (path.stem, *header))
        assert {(path.stem, name) for name in header} <= told
        assert not path.read_bytes().startswith(b"\xef\xbb\xbf")  # a mark would be part of the first name
    for row in words:
        assert HAN.search(row["label_zh"])
        assert row["label_en"]
        assert not HAN.search(row["label_en"])


def test_the_script_is_postgresql_and_fits_the_files(workspace: Workspace, tmp_path: Path) -> None:
    """Its statements parse, its tables take the files: types, keys, and each column copied."""
    folder = tmp_path / "mart"
    export_mart(store_of(workspace), folder, "csv")
    text = (folder / "schema.sql").read_text("utf-8")
    copies = re.findall(r'^\\copy keguan\."(\w+)" \((.*)\) FROM \'(.*)\' WITH', text, re.MULTILINE)
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("\\copy"))
    statements = sqlglot.parse(plain, dialect="postgres")
    assert sum(type(item).__name__ == "Create" for item in statements) == len(copies) + 1
    assert {name for name, _, _ in copies} == {path.stem for path in folder.glob("*.csv")}
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA keguan")
        for item in statements:
            if type(item).__name__ == "Create" and "TABLE" in str(item.args["kind"]):
                connection.execute(item.sql(dialect="duckdb"))
        for name, columns, file in copies:
            path = str(folder / file)
            connection.execute(f"COPY keguan.{name} ({columns}) FROM '{path}' (FORMAT csv, HEADER)")
            count = connection.execute(f"SELECT count(*) FROM keguan.{name}").fetchall()[0][0]
            assert count == len(listed(folder / file))


def test_personal_columns_are_left_out_unless_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    export_mart(store_of(workspace), tmp_path / "a", "csv")
    export_mart(store_of(workspace), tmp_path / "b", "csv", personal=True)
    plain, personal = (set(listed(tmp_path / name / "customers.csv")[0]) for name in "ab")
    assert {"customer_id", "name", "gender", "birth_date"} <= personal
    assert personal - plain >= {"customer_id", "name"}
    assert not plain & {"customer_id", "name", "gender", "birth_date", "income"}
    texts = "".join(path.read_text("utf-8") for path in (tmp_path / "b").glob("*.csv"))
    assert "139000" not in texts  # addresses are in no table of the mart


def test_parquet_and_an_earlier_day(workspace: Workspace, tmp_path: Path) -> None:
    from datetime import date

    export_mart(store_of(workspace), tmp_path / "mart", "csv")
    done = export_mart(store_of(workspace), tmp_path / "mart", "parquet", as_of=date(2025, 3, 31))
    assert not list((tmp_path / "mart").glob("*.csv"))  # the earlier mart is gone
    months = duckdb.sql(
        f"SELECT DISTINCT month_start FROM '{tmp_path / 'mart' / 'monthly_purchases.parquet'}'"
    )
    assert len(months) == 2
    assert "campaign_members" not in done.rows
    assert "\\copy" not in (tmp_path / "mart" / "schema.sql").read_text("utf-8")


def test_what_is_in_the_way(workspace: Workspace, tmp_path: Path) -> None:
    store = store_of(workspace)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="other files"):
        export_mart(store, tmp_path / "full", "csv")
    with pytest.raises(UsageError, match=r"csv \| parquet"):
        export_mart(store, tmp_path / "x", "xml")
    with pytest.raises((UsageError, WorkspaceError)):
        export_mart(store, tmp_path / "full" / "mine.txt" / "mart", "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]
