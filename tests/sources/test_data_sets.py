"""Every real data set loads whole, with the row counts its publishers give."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from keguan.sources import ReadOptions, find, inspect, load

SETS = [
    ("online_retail/online_retail_2009_2010.csv.gz", 525_461, 8),
    ("online_retail/online_retail_2010_2011.csv.gz", 541_909, 8),
    ("cdnow/CDNOW_master.txt", 69_659, 4),
    ("cdnow/CDNOW_sample.txt", 6_919, 5),
    ("superstore_cn/superstore_cn.csv.gz", 9_935, 20),
    ("superstore_cn/superstore_cn.xls", 9_935, 20),
    ("hillstrom/hillstrom.csv.gz", 64_000, 12),
    ("rees46_events/2019-Oct-head.csv.gz", 17_435, 9),
    ("retentioneering_ecom/ecom.csv.gz", 31_106, 8),
    ("telco_churn/Telco-Customer-Churn.csv.gz", 7_043, 21),
    ("splink_fake_1000/fake_1000.csv", 1_000, 7),
    ("splink_fake_1000/fake_1000_labels.csv", 3_176, 5),
    ("cfpb_complaints/complaints_sample.csv.gz", 6_623, 18),
    ("waimai_reviews_cn/waimai_10k.csv.gz", 11_987, 2),
    ("robyn_mmm/dt_simulated_weekly.csv", 208, 12),
]


@pytest.mark.parametrize(("name", "rows", "columns"), SETS)
def test_set_loads_whole(
    name: str, rows: int, columns: int, data: Path, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (shape,) = inspect(data / name, ReadOptions())
    loaded = load(connection, shape, "received", scratch=tmp_path)
    assert (loaded.rows, loaded.rejected, len(shape.columns)) == (rows, 0, columns)
    first, last, different = connection.execute(
        "SELECT min(source_row), max(source_row), count(DISTINCT source_row) FROM received"
    ).fetchall()[0]
    above = 1 if shape.header else 0
    assert (first, last, different) == (1 + above, rows + above, rows)
    assert all(setting.sure for setting in shape.settings)
    assert {setting.name for setting in shape.settings} >= {"header", "decimal"}


def test_all_sets_are_found(data: Path) -> None:
    assert {str(path.relative_to(data)) for path in find([str(data)])} == {name for name, _, _ in SETS}


def test_headerless_sample_of_cdnow(data: Path, read) -> None:
    result = read(data / "cdnow" / "CDNOW_sample.txt")
    assert result.shape.kind == "fixed"
    assert result.shape.columns == ("column_1", "column_2", "column_3", "column_4", "column_5")
    assert result.rows[0] == (1, "00004", "0001", "19970101", "2", "29.33")


def test_long_ids_stay_exact(data: Path, read) -> None:
    result = read(data / "rees46_events" / "2019-Oct-head.csv.gz")
    assert result.rows[0][4] == "2103807459595387724"


def test_both_forms_of_superstore_agree(data: Path, read) -> None:
    text = read(data / "superstore_cn" / "superstore_cn.csv.gz")
    book = read(data / "superstore_cn" / "superstore_cn.xls")
    assert text.shape.columns == book.shape.columns
    at = text.shape.columns.index("利润率")
    assert [float(str(row[at])) for row in text.cells] == [float(str(row[at])) for row in book.cells]


@pytest.mark.parametrize("name", ["gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_real_text_in_another_encoding_reads_the_same(name: str, data: Path, read) -> None:
    original = read(data / "superstore_cn" / "superstore_cn.csv.gz")
    import gzip

    content = gzip.decompress((data / "superstore_cn" / "superstore_cn.csv.gz").read_bytes()).decode()
    result = read(content.encode(name))
    assert result.shape.encoding == name
    assert result.rows == original.rows
    assert result.shape.columns == original.shape.columns
