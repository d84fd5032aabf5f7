from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from keguan.core.errors import InputError
from keguan.mapping.fit import fit
from keguan.mapping.flat import flat_sql
from mapping.staged import stage_cdnow, stage_csv


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """One database for the published files."""
    opened = duckdb.connect()
    yield opened
    opened.close()


def totals(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    return (
        connection.execute(
            f"SELECT count(*), count(DISTINCT customer_key), count(DISTINCT order_number), sum(amount),"
            f" count(failed) FROM ({sql})"
        ).fetchone()
        or ()
    )


@pytest.mark.parametrize(
    ("file", "rows", "customers", "numbers", "amount"),
    [
        ("online_retail_2009_2010.csv.gz", 525_461, 4_383, 28_816, "9539484.634"),
        ("online_retail_2010_2011.csv.gz", 541_909, 4_372, 25_900, "9747747.934"),
    ],
)
def test_online_retail(
    connection: duckdb.DuckDBPyConnection,
    data_sets: Path,
    file: str,
    rows: int,
    customers: int,
    numbers: int,
    amount: str,
) -> None:
    columns = stage_csv(connection, data_sets / "online_retail" / file)
    mapping = fit(connection, "t", columns, file_name=file).proposal.accepted()
    assert mapping.order_key == "number"
    assert mapping.ignored == ()
    found = totals(connection, flat_sql(mapping, "t"))
    assert found == (rows, customers, numbers, Decimal(amount), 0)


def test_half_a_million_lines_cost_little(connection: duckdb.DuckDBPyConnection, data_sets: Path) -> None:
    columns = stage_csv(connection, data_sets / "online_retail" / "online_retail_2009_2010.csv.gz")
    mapping = fit(connection, "t", columns, file_name="orders.csv").proposal.accepted()
    started = time.process_time()
    connection.execute(f"CREATE OR REPLACE TEMP TABLE f AS {flat_sql(mapping, 't')}")
    assert time.process_time() - started < 3  # about 0.9 s of CPU on a quiet machine


def test_superstore(connection: duckdb.DuckDBPyConnection, data_sets: Path) -> None:
    columns = stage_csv(connection, data_sets / "superstore_cn" / "superstore_cn.csv.gz")
    fitted = fit(connection, "t", columns, file_name="superstore_cn.csv.gz")
    mapping = fitted.proposal.accepted()
    assert mapping.order_key == "number+customer"
    assert fitted.order_counts["several_customers"] == 1_395
    assert mapping.customer_key_type == "name"
    assert {item.column for item in mapping.ignored} == {"利润率", "记录数", "邮寄方式"}
    sql = flat_sql(mapping, "t")
    assert totals(connection, sql) == (9_935, 771, 2_765, Decimal(15_984_343), 0)
    first = connection.execute(
        f"SELECT category, discount, cost, amount, CAST(shipped_at AS DATE)::VARCHAR, province, kind FROM ({sql})"
        " WHERE source_row = 1"
    ).fetchone()
    assert first == (
        "办公用品 / 用品",
        Decimal("86.6667"),
        Decimal(191),
        Decimal(130),
        "2016-04-29",
        "浙江",
        "company",
    )


def test_cdnow_master_has_purchases_without_numbers(
    connection: duckdb.DuckDBPyConnection, data_sets: Path
) -> None:
    columns = stage_cdnow(connection, data_sets / "cdnow" / "CDNOW_master.txt")
    mapping = fit(connection, "t", columns, file_name="CDNOW_master.txt").proposal.accepted()
    assert mapping.order_key == "customer+time"
    assert mapping.rule("unit_price") is None
    found = totals(connection, flat_sql(mapping, "t"))
    assert found == (69_659, 23_570, 0, Decimal("2500315.63"), 0)


def test_cdnow_sample_is_understood_without_a_header(
    connection: duckdb.DuckDBPyConnection, data_sets: Path
) -> None:
    columns = stage_cdnow(connection, data_sets / "cdnow" / "CDNOW_sample.txt")
    mapping = fit(connection, "t", columns, file_name="CDNOW_sample.txt").proposal.accepted()
    line = connection.execute(
        "SELECT customer_key, other_key, other_key_type, ordered_at::DATE::VARCHAR, has_time, quantity, amount"
        f" FROM ({flat_sql(mapping, 't')}) WHERE source_row = 1"
    ).fetchone()
    assert line == ("00004", "0001", "other", "1997-01-01", False, Decimal(2), Decimal("29.33"))
    assert mapping.order_key == "customer+time"


def test_splink_is_a_customer_file_and_the_truth_is_no_input(
    connection: duckdb.DuckDBPyConnection, data_sets: Path
) -> None:
    columns = stage_csv(connection, data_sets / "splink_fake_1000" / "fake_1000.csv")
    mapping = fit(connection, "t", columns, file_name="fake_1000.csv").proposal.accepted()
    assert mapping.entity == "customers"
    assert [rule.target for rule in mapping.columns] == ["customer_id", "name", "birth_date", "city", "email"]
    assert [item.column for item in mapping.ignored] == ["cluster"]


@pytest.mark.parametrize(
    ("file", "kind", "rows", "constants"),
    [
        ("telco_churn/Telco-Customer-Churn.csv.gz", "subscriptions", 7_043, {}),
        ("cfpb_complaints/complaints_sample.csv.gz", "feedback", 6_623, {"kind": "complaint"}),
        ("waimai_reviews_cn/waimai_10k.csv.gz", "feedback", 11_987, {"kind": "review", "scale": "binary"}),
        ("rees46_events/2019-Oct-head.csv.gz", "events", 17_435, {}),
        ("retentioneering_ecom/ecom.csv.gz", "events", 31_106, {}),
    ],
)
def test_files_of_records_are_known_by_their_columns(
    connection: duckdb.DuckDBPyConnection,
    data_sets: Path,
    file: str,
    kind: str,
    rows: int,
    constants: dict[str, str],
) -> None:
    columns = stage_csv(connection, data_sets / file)
    mapping = fit(connection, "t", columns, file_name=file).proposal.accepted()
    assert mapping.entity == kind
    assert dict(mapping.constants) == constants
    found = connection.execute(f"SELECT count(*), count(failed) FROM ({flat_sql(mapping, 't')})").fetchone()
    assert found == (rows, 0)


@pytest.mark.parametrize(
    ("file", "looks_like"),
    [
        ("hillstrom/hillstrom.csv.gz", "ab_test"),
        ("robyn_mmm/dt_simulated_weekly.csv", "spend"),
        ("splink_fake_1000/fake_1000_labels.csv", "pairs"),
    ],
)
def test_other_kinds_of_files_are_refused_with_the_reason(
    connection: duckdb.DuckDBPyConnection, data_sets: Path, file: str, looks_like: str
) -> None:
    columns = stage_csv(connection, data_sets / file)
    proposal = fit(connection, "t", columns, file_name=file).proposal
    assert proposal.refused is not None
    assert proposal.refused.looks_like == looks_like
    with pytest.raises(InputError) as raised:
        proposal.accepted()
    assert "--map" in raised.value.paragraph("zh")
    assert file in raised.value.paragraph("en")
