from __future__ import annotations

import dataclasses
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keguan.core.text import Text
from keguan.mapping.aliases import EntityKind
from keguan.mapping.flat import flat_sql
from keguan.mapping.flat_columns import CLOSING, COLUMNS
from keguan.mapping.model import ColumnRule, Mapping
from keguan.schema.tables import SQL_TYPES
from mapping.staged import flat, stage

WHY = Text("", "")
RULES = (
    ColumnRule("order_number", ("o",), WHY),
    ColumnRule("customer_key", ("c",), WHY),
    ColumnRule("ordered_at", ("d",), WHY, ("iso", "some_timed")),
    ColumnRule("quantity", ("q",), WHY),
    ColumnRule("unit_price", ("p",), WHY),
    ColumnRule("status", ("s",), WHY),
)
MAPPING = Mapping("m", "orders", "", RULES)
NAMES = ["o", "c", "d", "q", "p", "s"]


@pytest.mark.parametrize("entity", ["orders", "customers", "products"])
def test_the_shape_is_always_the_same(connection: duckdb.DuckDBPyConnection, entity: EntityKind) -> None:
    stage(connection, ["x"], [["1"]])
    expected = [("source_row", "BIGINT")]
    expected += [(name, SQL_TYPES[kind].replace(" ", "")) for name, kind in (*COLUMNS[entity], *CLOSING)]
    for rules in ((), (ColumnRule(COLUMNS[entity][0][0], ("x",), WHY),)):
        sql = flat_sql(Mapping("m", entity, "", rules), "t")
        found = connection.execute(f"DESCRIBE {sql}").fetchall()
        assert [(row[0], row[1].replace(" ", "")) for row in found] == expected


def test_reasons_for_missing_values_are_kept_apart(connection: duckdb.DuckDBPyConnection) -> None:
    stage(
        connection,
        NAMES,
        [
            ["1", "客户未提供", "2024-01-01", "N/A", "-", "未采集"],
            ["2", " c ", "2024-01-01 10:00", " 2 ", "　3　", "已取消"],
            ["3", None, "0000-00-00", None, "x", "怪"],
        ],
    )
    first, second, third = flat(connection, MAPPING)
    assert first["missing_reason"] == "customer_key=客户未提供;quantity=N/A;unit_price=-;status=未采集"
    assert first["failed"] is None
    assert [first[name] for name in ("customer_key", "quantity", "unit_price", "status", "has_time")] == [
        None, None, None, None, False,
    ]  # fmt: skip
    assert (second["customer_key"], second["amount"], second["status"]) == ("c", Decimal(6), "cancelled")
    assert second["has_time"]
    assert second["missing_reason"] is None
    assert (third["failed"], third["failed_found"]) == ("unit_price", "x")
    assert third["missing_reason"] == "ordered_at=0000-00-00"
    assert third["status"] == "怪"


def test_the_first_unreadable_column_is_named_in_the_order_of_the_row(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    stage(
        connection,
        NAMES,
        [["1", "c", "16-04-27", "viele", "1", None], ["1", "c", "infinity", "1", "1", None]],
    )
    first, second = flat(connection, MAPPING)
    assert (first["failed"], first["failed_found"], first["ordered_at"]) == ("ordered_at", "16-04-27", None)
    assert (second["failed"], second["failed_found"]) == ("ordered_at", "infinity")


def test_names_with_quotes(connection: duckdb.DuckDBPyConnection) -> None:
    stage(connection, ['a ""b"', "f0", "s0"], [["1", "2", "2024-01-01"]])
    rules = (
        ColumnRule("order_number", ('a ""b"',), WHY),
        ColumnRule("amount", ("f0",), WHY),
        ColumnRule("ordered_at", ("s0",), WHY, ("iso",)),
    )
    (line,) = flat(connection, Mapping("m'", "orders", "", rules, currency="CNY"))
    assert (line["order_number"], line["amount"], line["currency"]) == ("1", Decimal(2), "CNY")


def test_units_multiply_and_further_words_mean_missing(connection: duckdb.DuckDBPyConnection) -> None:
    stage(connection, ["a", "o"], [["1.5", "甲"], ["没有", "乙"], ["1,000.5", None]])
    rules = (
        ColumnRule("amount", ("a",), WHY, factor=Decimal(10_000)),
        ColumnRule("order_number", ("o",), WHY),
    )
    lines = flat(connection, Mapping("m", "orders", "", rules, missing=("没有",)))
    assert [line["amount"] for line in lines] == [Decimal(15_000), None, Decimal(10_005_000)]
    assert lines[1]["missing_reason"] == "amount=没有"


def test_time_zones(connection: duckdb.DuckDBPyConnection) -> None:
    stage(connection, ["d"], [["2024-01-01T08:00:00+08:00"], ["2024-01-01 08:00:00"]])
    rule = ColumnRule("ordered_at", ("d",), WHY, ("iso", "some_zoned", "timed"))
    lines = flat(connection, Mapping("m", "orders", "", (rule,)))
    assert [(line["ordered_at"].hour, line["is_utc"]) for line in lines] == [(0, True), (8, False)]


_CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["1", "-1", "1,000", "2024-01-01", "1/2/2024", "(5)", "**", '="1"', "1e400", "９", "0", "-"]
    ),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_CELLS, min_size=6, max_size=6), min_size=1, max_size=15))
def test_no_cell_makes_it_fail_and_no_row_is_lost(
    connection: duckdb.DuckDBPyConnection, rows: list[list[str | None]]
) -> None:
    clean = [
        [None if cell == "" else cell.replace("\x00", "") if cell else cell for cell in row] for row in rows
    ]
    stage(connection, NAMES, clean)
    every = (
        "iso",
        "dmy",
        "chinese",
        "yyyymmdd",
        "epoch_s",
        "excel",
        "ampm",
        "some_zoned",
        "some_timed",
        "wide",
    )
    rules = tuple(
        dataclasses.replace(rule, forms=every) if rule.target == "ordered_at" else rule for rule in RULES
    )
    more = (
        ColumnRule("discount", ("s",), WHY, meaning="rate_off"),
        ColumnRule("cost", ("c",), WHY, meaning="margin_rate"),
        ColumnRule("phone", ("c",), WHY, forms=("excel_text", "integral_float")),
    )
    for mark in (".", ","):
        mapping = Mapping("m", "orders", "", rules + more, decimal=mark)
        lines = flat(connection, mapping)
        assert [line["source_row"] for line in lines] == list(range(1, len(rows) + 1))
        for line in lines:
            assert (line["failed"] is None) == (line["failed_found"] is None)


def test_quantity_times_price_of_any_size(connection: duckdb.DuckDBPyConnection) -> None:
    """The product of two decimals has more digits than either; too large an amount is none, and no error."""
    rows = [["1", "1700000000.5", "12"], ["2", "99999999999", "99999999999"], ["3", "5", "100000000000"]]
    stage(connection, ["o", "p", "q"], rows)
    mapping = Mapping("m", "orders", "", (RULES[0], *RULES[3:5]))
    names = ("unit_price", "quantity", "amount", "failed")
    assert [tuple(row[name] for name in names) for row in flat(connection, mapping)] == [
        (Decimal("1700000000.5"), 12, Decimal("20400000006"), None),
        (99999999999, 99999999999, None, None),
        (5, None, None, "quantity"),
    ]


def test_units_of_large_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    stage(connection, ["o", "a"], [["1", "2000000"], ["2", "20000000"]])
    mapping = Mapping(
        "m", "orders", "", (RULES[0], ColumnRule("amount", ("a",), WHY, factor=Decimal(10_000)))
    )
    assert [(row["amount"], row["failed"]) for row in flat(connection, mapping)] == [
        (Decimal(20_000_000_000), None),
        (None, "amount"),
    ]
