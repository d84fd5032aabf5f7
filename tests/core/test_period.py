"""Calendar arithmetic: month ends, leap years, like-for-like spans."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.core.period import (
    Span,
    add_months,
    latest_month,
    month_end,
    month_index,
    month_name,
    month_start,
    same_span_months_back,
    window_start,
)

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
shifts = st.integers(-240, 240)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), -48, date(2020, 2, 29)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(2024, 8, 31), -2, date(2024, 6, 30)),
        (date(2024, 5, 20), 0, date(2024, 5, 20)),
        (date(2000, 2, 29), 1200, date(2100, 2, 28)),  # 2100 is no leap year
    ],
)
def test_months_by_hand(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(days, shifts)
def test_adding_months_moves_the_month_and_never_the_day_upwards(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert month_index(moved) == month_index(day) + months
    assert moved.day == min(day.day, month_end(moved).day)


@given(days, days, shifts)
def test_adding_months_keeps_the_order_of_days(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@given(days)
def test_month_start_and_end_enclose_the_day(day: date) -> None:
    assert month_start(day) <= day <= month_end(day)
    assert (month_end(day) + timedelta(days=1)).day == 1
    assert month_name(month_index(day)) == day.strftime("%Y-%m")


def test_month_names_cross_the_year() -> None:
    december = month_index(date(2009, 12, 1))
    assert [month_name(december + step) for step in (0, 1, 12)] == ["2009-12", "2010-01", "2010-12"]


def test_a_window_reaches_back_by_calendar_months() -> None:
    assert window_start(date(2024, 3, 15), 3) == date(2023, 12, 15)
    assert window_start(date(2024, 5, 31), 3) == date(2024, 2, 29)
    assert window_start(date(2011, 12, 9), 12) == date(2010, 12, 9)


@pytest.mark.parametrize(
    ("as_of", "first", "complete"),
    [
        (date(2011, 12, 9), date(2011, 12, 1), False),
        (date(2011, 12, 31), date(2011, 12, 1), True),
        (date(2024, 2, 28), date(2024, 2, 1), False),
        (date(2023, 2, 28), date(2023, 2, 1), True),
        (date(2024, 2, 1), date(2024, 2, 1), False),
    ],
)
def test_the_latest_month_knows_whether_it_is_over(as_of: date, first: date, complete: bool) -> None:
    assert latest_month(as_of) == (Span(first, as_of), complete)


@pytest.mark.parametrize(
    ("first", "last", "months", "expected"),
    [
        # online_retail ends on 9 December: nine days are compared with nine days
        ((2011, 12, 1), (2011, 12, 9), 1, ((2011, 11, 1), (2011, 11, 9))),
        ((2011, 12, 1), (2011, 12, 9), 12, ((2010, 12, 1), (2010, 12, 9))),
        # whole months with whole months, whatever their length
        ((2024, 3, 1), (2024, 3, 31), 1, ((2024, 2, 1), (2024, 2, 29))),
        ((2024, 2, 1), (2024, 2, 29), 1, ((2024, 1, 1), (2024, 1, 31))),
        ((2024, 2, 1), (2024, 2, 29), 12, ((2023, 2, 1), (2023, 2, 28))),
        ((2025, 2, 1), (2025, 2, 28), 12, ((2024, 2, 1), (2024, 2, 29))),
        ((2024, 4, 1), (2024, 4, 30), 1, ((2024, 3, 1), (2024, 3, 31))),
        # 28 days of an unfinished February against 28 days
        ((2024, 2, 1), (2024, 2, 28), 12, ((2023, 2, 1), (2023, 2, 28))),
        ((2024, 2, 1), (2024, 2, 28), 1, ((2024, 1, 1), (2024, 1, 28))),
        # thirty days do not fit into February: all of it, no day of March
        ((2023, 3, 1), (2023, 3, 30), 1, ((2023, 2, 1), (2023, 2, 28))),
        ((2024, 3, 1), (2024, 3, 30), 1, ((2024, 2, 1), (2024, 2, 29))),
        ((2024, 1, 1), (2024, 1, 1), 1, ((2023, 12, 1), (2023, 12, 1))),
    ],
)
def test_like_for_like_by_hand(
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    months: int,
    expected: tuple[tuple[int, int, int], tuple[int, int, int]],
) -> None:
    got = same_span_months_back(Span(date(*first), date(*last)), months)
    assert got == Span(date(*expected[0]), date(*expected[1]))


@given(days, st.integers(1, 36))
def test_an_earlier_span_lies_in_its_month_and_is_as_long_as_it_can(as_of: date, months: int) -> None:
    span, complete = latest_month(as_of)
    earlier = same_span_months_back(span, months)
    assert earlier.first == add_months(span.first, -months)
    assert month_start(earlier.last) == earlier.first
    whole = month_end(earlier.first).day
    assert earlier.days == (whole if complete else min(span.days, whole))


def test_a_span_over_several_months_has_no_same_days() -> None:
    with pytest.raises(ValueError, match="not within one month"):
        same_span_months_back(Span(date(2024, 1, 15), date(2024, 2, 14)), 1)


def test_both_ends_of_a_span_count() -> None:
    assert Span(date(2024, 2, 1), date(2024, 2, 29)).days == 29
    assert Span(date(2024, 2, 1), date(2024, 2, 1)).days == 1
