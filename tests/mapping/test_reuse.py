from __future__ import annotations

import duckdb
import pytest

from keguan.core.errors import InputError, QuestionError
from keguan.mapping.profile import profile
from keguan.mapping.reuse import find, refit
from mapping.staged import fitted, flat, stage

COLUMNS = ["order id", "customer id", "amount", "order date"]


def rows(dates: list[str], ids: str = "{}") -> list[list[str | None]]:
    return [[f"A{i}", ids.format(i % 7), "1.5", date] for i, date in enumerate(dates)]


DAY_FIRST = [f"{i % 28 + 1}/3/2024" for i in range(40)]


def test_the_shape_is_recognised_whatever_the_order_of_columns(connection: duckdb.DuckDBPyConnection) -> None:
    mapping = fitted(connection, COLUMNS, rows(DAY_FIRST)).proposal.accepted()
    turned = [row[::-1] for row in rows(DAY_FIRST)]
    found = profile(
        connection, "t", stage(connection, ["Order_Date", "amount", "customer id", "order id"], turned)
    )
    assert find([mapping], found) == mapping
    assert find([mapping], found[:3]) is None


def test_new_date_forms_are_added_and_the_order_is_kept(connection: duckdb.DuckDBPyConnection) -> None:
    mapping = fitted(connection, COLUMNS, rows(DAY_FIRST)).proposal.accepted()
    dates = ["1/2/2024"] * 20 + ["2024-02-03 10:00"] * 20
    found = profile(connection, "t", stage(connection, COLUMNS, rows(dates, "{}.0")))
    lines = flat(connection, refit(mapping, found, file_name="next.csv"))
    assert lines[0]["ordered_at"].date().isoformat() == "2024-02-01"
    assert lines[30]["ordered_at"].isoformat() == "2024-02-03T10:00:00"
    assert [line["has_time"] for line in lines[::30]] == [False, True]
    assert lines[3]["customer_key"] == "3"


def test_contradicting_dates_stop_with_the_option(connection: duckdb.DuckDBPyConnection) -> None:
    mapping = fitted(connection, COLUMNS, rows(DAY_FIRST)).proposal.accepted()
    found = profile(
        connection, "t", stage(connection, COLUMNS, rows([f"3/{i % 28 + 1}/2024" for i in range(40)]))
    )
    with pytest.raises(QuestionError, match="contradict the saved mapping"):
        refit(mapping, found, file_name="next.csv")


def test_a_missing_column_is_named(connection: duckdb.DuckDBPyConnection) -> None:
    mapping = fitted(connection, COLUMNS, rows(DAY_FIRST)).proposal.accepted()
    found = profile(connection, "t", stage(connection, COLUMNS[:3], [row[:3] for row in rows(DAY_FIRST)]))
    with pytest.raises(InputError) as raised:
        refit(mapping, found, file_name="next.csv")
    assert raised.value.where.column == "order date"
