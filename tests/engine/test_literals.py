"""Parameters as literals: the query means what the bound query means, whatever the value holds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.core.text import Scalar
from keguan.engine.literals import bound

VALUES = st.one_of(
    st.text(),
    st.integers(min_value=-(2**62), max_value=2**62),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(min_value=date(1, 1, 1)),
    st.datetimes(min_value=datetime(1, 1, 1)),
    st.decimals(min_value=Decimal(-(10**12)), max_value=Decimal(10**12), places=4),
    st.none(),
)


@given(VALUES)
def test_a_value_comes_back_as_it_went_in(value: Scalar) -> None:
    row = duckdb.sql(bound("SELECT $x AS x", {"x": value})).fetchall()[0]
    assert row[0] == value


@pytest.mark.parametrize("sql", ["SELECT '$x'", 'SELECT 1 AS "$x"', "SELECT 1 -- $x", "SELECT 1 /* $x */"])
def test_texts_names_and_comments_are_left_alone(sql: str) -> None:
    assert bound(sql, {"x": 1}) == sql


def test_a_text_cannot_leave_its_quotes() -> None:
    hostile = "'; DROP TABLE t; --"
    assert duckdb.sql(bound("SELECT $x AS x, $xy AS y", {"x": hostile, "xy": 2})).fetchall() == [(hostile, 2)]
