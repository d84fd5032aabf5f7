"""Days of festivals, and last year's days at the same distance from Spring Festival."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from keguan.core.festivals import (
    SPRING_FESTIVAL,
    festivals_in,
    spring_festival,
    uneven_festivals,
    year_ago_by_festival,
)
from keguan.core.period import Span, day_months_back, same_span_months_back, span_ending


def test_every_year_has_its_day_between_21_january_and_20_february() -> None:
    assert [day.year for day in SPRING_FESTIVAL] == list(range(2005, 2036))
    assert all((1, 21) <= (day.month, day.day) <= (2, 20) for day in SPRING_FESTIVAL)
    # Lunar years have 353 to 355 or 383 to 385 days.
    gaps = {(b - a).days for a, b in pairwise(SPRING_FESTIVAL)}
    assert gaps <= {353, 354, 355, 383, 384, 385}
    assert spring_festival(2026) == date(2026, 2, 17)
    assert spring_festival(2050) is None


def test_february_is_shifted_and_june_is_not() -> None:
    february = Span(date(2026, 2, 1), date(2026, 2, 28))
    shifted = year_ago_by_festival(february, same_span_months_back(february, 12))
    assert shifted == Span(date(2025, 1, 13), date(2025, 2, 9))
    june = Span(date(2026, 6, 1), date(2026, 6, 30))
    assert year_ago_by_festival(june, same_span_months_back(june, 12)) is None
    year = Span(date(2025, 3, 1), date(2026, 2, 28))
    assert year_ago_by_festival(year, Span(date(2024, 3, 1), date(2025, 2, 28))) is None


def test_festivals_of_a_span() -> None:
    november = Span(date(2025, 11, 1), date(2025, 11, 30))
    assert [item.name.zh for item in festivals_in(november)] == ["双11"]
    assert [name.zh for name in uneven_festivals(november, Span(date(2025, 10, 1), date(2025, 10, 31)))] == [
        "双11"
    ]
    assert uneven_festivals(november, Span(date(2024, 11, 1), date(2024, 11, 30))) == ()
    assert festivals_in(Span(date(1998, 6, 1), date(1998, 6, 30))) == ()  # before 618 was held


def test_spans_that_end_with_a_month_hold_whole_months() -> None:
    assert span_ending(date(2025, 6, 30), 6) == Span(date(2025, 1, 1), date(2025, 6, 30))
    assert span_ending(date(2011, 12, 9), 12) == Span(date(2010, 12, 10), date(2011, 12, 9))
    assert day_months_back(date(2025, 2, 28), 12) == date(2024, 2, 29)
