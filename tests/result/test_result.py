"""Tables, references to their cells, and what a Result answers about them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.core.text import Scalar, Text, Unit, same
from keguan.result import (
    MAX_ROWS,
    Cell,
    Column,
    Computed,
    Result,
    Table,
    read_as,
    settle,
    stored_precision,
)


def column(name: str, unit: Unit = "number", precision: int | None = None, **more: Any) -> Column:
    return Column(name, same(name), unit, precision, **more)


def table(
    columns: Sequence[Column], rows: Sequence[dict[str, Any]], key: tuple[str, ...], id: str = "t"
) -> Table:
    arrow = pa.table({item.name: [row[item.name] for row in rows] for item in columns})
    return Table(id, Text("表", "Table"), tuple(columns), arrow, key, sql="SELECT 1")


CHANNELS = table(
    (
        column("channel", "label"),
        column("month", "month"),
        column("net", "money"),
        column("share", "share", 1),
    ),
    [
        {"channel": "APP", "month": "2024-01", "net": Decimal("120.5000"), "share": 0.123456789},
        {"channel": "APP", "month": "2024-02", "net": Decimal("-80.0000"), "share": math.nan},
        {"channel": "官网", "month": "2024-01", "net": None, "share": -0.0},
        {"channel": None, "month": "2024-01", "net": Decimal("100.0000"), "share": math.inf},
    ],
    ("channel", "month"),
)
KPIS = table(
    (column("metric", "label"), column("value", unit_column="unit"), column("unit", "text")),
    [
        {"metric": "orders", "value": "36969", "unit": "count"},
        {"metric": "lines", "value": "1067370.0000", "unit": "count"},
        {"metric": "net_revenue", "value": "17431533.1780", "unit": "money"},
        {"metric": "guest_share", "value": "0.12345678912", "unit": "share"},
        {"metric": "first_order_on", "value": "2009-12-01", "unit": "date"},
        {"metric": "last_order_on", "value": None, "unit": "date"},
        {"metric": "unknown", "value": "nan", "unit": "ratio"},
    ],
    ("metric",),
    "kpis",
)  # fmt: skip


def test_declared_columns_must_be_the_rows_columns_in_order() -> None:
    rows = pa.table({"b": [1], "a": [2]})
    with pytest.raises(ValueError, match=r"declared \['a', 'b'\], got \['b', 'a'\]"):
        Table("t", same("t"), (column("a"), column("b")), rows, ("a",), sql="SELECT 1")
    with pytest.raises(ValueError, match="declared"):
        Table("t", same("t"), (column("a"),), pa.table({"a": [1], "b": [2]}), ("a",), sql="SELECT 1")


def test_a_table_says_what_made_it() -> None:
    with pytest.raises(ValueError, match="neither sql nor method"):
        Table("t", same("t"), (column("a"),), pa.table({"a": [1]}), ("a",))
    assert Table("t", same("t"), (column("a"),), pa.table({"a": [1]}), ("a",), method="f").sql is None


def test_keys_and_unit_columns_must_exist() -> None:
    with pytest.raises(ValueError, match="'k'"):
        table([column("a")], [{"a": 1}], ("k",))
    with pytest.raises(ValueError, match="'unit'"):
        table([column("a", unit_column="unit")], [{"a": "1"}], ("a",))


def test_ten_thousand_rows_and_not_one_more() -> None:
    def of(rows: int) -> Table:
        return Table("t", same("t"), (column("a"),), pa.table({"a": range(rows)}), ("a",), sql="SELECT 1")

    assert len(of(MAX_ROWS).records()) == 10_000
    with pytest.raises(ValueError, match="10001 rows, at most 10000"):
        of(10_001)


def test_no_rows_are_fine() -> None:
    empty = table([column("a", "share")], [], ("a",))
    assert empty.records() == []
    assert empty.find({"a": 1}) is None


def test_records_hold_what_is_kept_of_each_value() -> None:
    first, second, third, fourth = CHANNELS.records()
    assert first == {"channel": "APP", "month": "2024-01", "net": Decimal("120.5"), "share": 0.123457}
    assert second["share"] is None  # NaN
    assert fourth["share"] is None  # infinity
    assert math.copysign(1, third["share"]) == 1  # no negative zero in hashes
    assert list(CHANNELS) == CHANNELS.records()


def test_records_are_copies() -> None:
    CHANNELS.records()[0]["net"] = 0
    found = CHANNELS.find({"channel": "APP", "month": "2024-01"})
    assert found is not None
    found["net"] = 0
    assert CHANNELS.records()[0]["net"] == Decimal("120.5")


def test_a_row_is_found_by_its_key() -> None:
    assert CHANNELS.find({"channel": "APP", "month": "2024-02"}) == CHANNELS.records()[1]
    assert CHANNELS.find({"month": "2024-02"}) == CHANNELS.records()[1]  # enough to tell the row
    assert CHANNELS.find({"channel": None, "month": "2024-01"}) == CHANNELS.records()[3]
    assert CHANNELS.find({"channel": "小程序", "month": "2024-01"}) is None


@pytest.mark.parametrize("key", [{}, {"channel": "APP"}, {"month": "2024-01"}])
def test_a_reference_that_fits_several_rows_is_refused(key: dict[str, Scalar]) -> None:
    with pytest.raises(KeyError, match="rows"):
        CHANNELS.find(key)


def test_a_key_of_no_column_is_an_error() -> None:
    with pytest.raises(KeyError, match="region"):
        CHANNELS.find({"region": "四川"})


@given(st.permutations(range(4)))
def test_the_order_of_rows_never_matters(order: list[int]) -> None:
    shuffled = Table("t", CHANNELS.title, CHANNELS.columns, CHANNELS.rows.take(order), CHANNELS.key, sql="x")
    for row in CHANNELS.records():
        assert shuffled.find({"channel": row["channel"], "month": row["month"]}) == row


@pytest.mark.parametrize(
    ("unit", "precision", "kept"),
    [
        ("share", None, 6), ("share", 1, 6), ("share", 6, 8), ("points", 5, 7), ("ratio", None, 4),
        ("number", None, 4), ("number", 3, 4), ("number", 6, 6), ("days", None, 2), ("days", 1, 2),
        ("money", None, 4), ("count", None, 4),
    ],
)  # fmt: skip
def test_more_decimals_are_kept_than_printed(unit: Unit, precision: int | None, kept: int) -> None:
    assert stored_precision(column("x", unit, precision)) == kept


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.12345650000000001, "share", 0.123457),
        (2.00005, "ratio", 2.0001),
        (-2.00005, "ratio", -2.0001),
        (1.005, "days", 1.01),
        (12.00004999, "money", 12.0),
        (Decimal("100.0000"), "money", Decimal("100")),
        (Decimal("0.0000"), "money", Decimal("0")),
        (Decimal("NaN"), "money", None),
        (-math.inf, "share", None),
        (7, "count", 7),
        ("A", "label", "A"),
        (None, "share", None),
        (True, "text", True),
        (date(2024, 2, 29), "date", date(2024, 2, 29)),
    ],
)
def test_settled_values(value: Any, unit: Unit, expected: Any) -> None:
    got = settle(value, column("x", unit))
    assert got == expected
    assert type(got) is type(expected)


def test_decimals_lose_zeros_and_never_get_an_exponent() -> None:
    assert str(settle(Decimal("1500.0000"), column("x", "money"))) == "1500"
    assert str(settle(Decimal("-0.0000"), column("x", "money"))) == "0"
    assert str(read_as("1500.0000", "money")) == "1500"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_settling_twice_changes_nothing(value: float) -> None:
    for unit in ("share", "ratio", "days", "money"):
        once = settle(value, column("x", unit))
        assert settle(once, column("x", unit)) == once


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("36969", "count", 36969),
        ("36969.0000", "count", 36969),
        ("17431533.1780", "money", Decimal("17431533.178")),
        ("0.12345678912", "share", Decimal("0.123457")),
        ("5.2", "ratio", Decimal("5.2")),
        ("2009-12-01", "date", date(2009, 12, 1)),
        ("2009-12-01 08:26:00", "datetime", datetime(2009, 12, 1, 8, 26)),
        ("2009-12", "month", "2009-12"),
        ("重要价值", "label", "重要价值"),
        ("007", "text", "007"),
        (None, "count", None),
        (None, "label", None),
        ("nan", "ratio", None),
        ("inf", "money", None),
    ],
)
def test_a_column_of_mixed_units_is_read_as_its_row_says(text: str | None, unit: str, expected: Any) -> None:
    got = read_as(text, unit)
    assert got == expected
    assert type(got) is type(expected)


def test_mixed_units_in_records() -> None:
    assert [row["value"] for row in KPIS.records()] == [
        36969, 1067370, Decimal("17431533.178"), Decimal("0.123457"), date(2009, 12, 1), None, None,
    ]  # fmt: skip


RESULT = Result("overview", tables=(CHANNELS, KPIS))
APP_JANUARY = Cell("t", {"channel": "APP", "month": "2024-01"}, "net")
APP_FEBRUARY = Cell("t", {"channel": "APP", "month": "2024-02"}, "net")


def test_a_result_knows_its_tables() -> None:
    assert RESULT.table("kpis") is KPIS
    assert RESULT.has("t")
    assert not RESULT.has("cohort")
    with pytest.raises(KeyError, match="cohort"):
        RESULT.table("cohort")


def test_the_value_of_a_cell_and_of_two_cells() -> None:
    assert RESULT.value(APP_JANUARY) == Decimal("120.5")
    # 120.5 - (-80) = 200.5; -80 / 120.5 = -0.66390041…
    assert RESULT.value(Computed("difference", APP_JANUARY, APP_FEBRUARY, "money")) == Decimal("200.5")
    assert RESULT.value(Computed("ratio", APP_FEBRUARY, APP_JANUARY, "ratio")) == Decimal("-0.66390041")
    missing = Cell("t", {"channel": "官网", "month": "2024-01"}, "net")
    assert RESULT.value(missing) is None
    assert RESULT.value(Computed("difference", APP_JANUARY, missing, "money")) is None
    assert RESULT.value(Cell("kpis", {"metric": "net_revenue"}, "value")) == Decimal("17431533.178")


@pytest.mark.parametrize(
    "cell",
    [
        Cell("t", {"channel": "小程序", "month": "2024-01"}, "net"),
        Cell("t", {"channel": "APP", "month": "2024-01"}, "gross"),
        Cell("none", {"channel": "APP"}, "net"),
    ],
)
def test_a_cell_that_does_not_exist_is_an_error_and_no_gap(cell: Cell) -> None:
    with pytest.raises(KeyError):
        RESULT.value(cell)
    with pytest.raises(KeyError):
        RESULT.value(Computed("difference", APP_JANUARY, cell, "money"))


def test_units_of_cells_and_of_figures_made_of_two() -> None:
    assert RESULT.unit(APP_JANUARY) == ("money", None)
    assert RESULT.unit(Cell("t", APP_JANUARY.key, "share")) == ("share", 1)
    assert RESULT.unit(Computed("change", APP_JANUARY, APP_FEBRUARY, "share", 1)) == ("share", 1)
    assert RESULT.unit(Cell("kpis", {"metric": "orders"}, "value")) == ("count", None)
    assert RESULT.unit(Cell("kpis", {"metric": "first_order_on"}, "value")) == ("date", None)


def test_an_unknown_column_or_unit_is_a_plain_key_error() -> None:
    with pytest.raises(KeyError, match="gross"):
        CHANNELS.column("gross")
    with pytest.raises(KeyError):
        RESULT.unit(Cell("kpis", {"metric": "none"}, "value"))


def test_pinning_leaves_the_result_as_it_was() -> None:
    pinned = RESULT.pinned(as_of=date(2011, 12, 9), params={"n": 1}, versions={"orders": 3}, code="0.1.0")
    assert (pinned.as_of, pinned.params, pinned.versions, pinned.code) == (
        date(2011, 12, 9), {"n": 1}, {"orders": 3}, "0.1.0",
    )  # fmt: skip
    assert pinned.tables == RESULT.tables
    assert RESULT.as_of is None


def test_a_column_may_keep_more_digits_for_programs_than_readers_see() -> None:
    plain = Column("p", same("p"), "number", 4)
    assert (stored_precision(plain), stored_precision(replace(plain, kept=12))) == (4, 12)
    assert settle(0.00000123456, replace(plain, kept=12)) == 0.00000123456
    assert str(read_as("0.123456789", "share", 8)) == "0.12345679"
