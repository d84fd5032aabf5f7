"""Festivals that move or lift sales: Spring Festival (春节), 618 and Double 11 (双11). Facts and day arithmetic.

Spring Festival follows the moon, so the same calendar month of two years can hold it or not; 618 and
Double 11 have fixed days, so whole years and whole months meet them alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from keguan.core.period import Span
from keguan.core.text import Text

# First day of the lunar year (正月初一), China time. 2027 and 2030 lie minutes from midnight:
# new moons of 2027-02-06 23:56 and 2030-02-03 00:07 in Beijing.
SPRING_FESTIVAL: tuple[date, ...] = (
    date(2005, 2, 9), date(2006, 1, 29), date(2007, 2, 18), date(2008, 2, 7), date(2009, 1, 26),
    date(2010, 2, 14), date(2011, 2, 3), date(2012, 1, 23), date(2013, 2, 10), date(2014, 1, 31),
    date(2015, 2, 19), date(2016, 2, 8), date(2017, 1, 28), date(2018, 2, 16), date(2019, 2, 5),
    date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10),
    date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13),
    date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19),
    date(2035, 2, 8),
)  # fmt: skip

# Shops sell ahead of the holiday (年货) and pause in it.
DAYS_BEFORE, DAYS_AFTER = 14, 7
FIRST_618, FIRST_DOUBLE_11 = 2010, 2009  # no sales moved before they were held


@dataclass(frozen=True, slots=True)
class Festival:
    """One festival of one year with the days on which it moves sales."""

    name: Text
    span: Span


def spring_festival(year: int) -> date | None:
    """The first day of the lunar year; None outside the table (2005 to 2035)."""
    return next((day for day in SPRING_FESTIVAL if day.year == year), None)


def festivals(year: int) -> tuple[Festival, ...]:
    """The festivals of a year in calendar order."""
    fixed = []
    if year >= FIRST_618:
        fixed.append(Festival(Text("618", "618"), Span(date(year, 6, 1), date(year, 6, 20))))
    if year >= FIRST_DOUBLE_11:
        fixed.append(Festival(Text("双11", "Double 11"), Span(date(year, 11, 1), date(year, 11, 11))))
    day = spring_festival(year)
    if day is None:
        return tuple(fixed)
    moving = Span(day - timedelta(days=DAYS_BEFORE), day + timedelta(days=DAYS_AFTER))
    return (Festival(Text("春节", "Spring Festival"), moving), *fixed)


def festivals_in(span: Span) -> tuple[Festival, ...]:
    """Festivals that share a day with the span."""
    return tuple(
        festival
        for year in range(span.first.year, span.last.year + 1)
        for festival in festivals(year)
        if festival.span.first <= span.last and span.first <= festival.span.last
    )


def festival_days(span: Span, festival: Festival) -> int:
    """How many days of the festival lie in the span."""
    first, last = max(span.first, festival.span.first), min(span.last, festival.span.last)
    return max((last - first).days + 1, 0)


def year_ago_by_festival(span: Span, year_ago: Span) -> Span | None:
    """The days of last year that lie as far from Spring Festival as those of `span`.

    None when neither span touches the festival, when both hold the same days of it, or outside the table.
    """
    if span.days > 92:  # whole seasons and years hold the festival on both sides
        return None
    this, last = spring_festival(span.last.year), spring_festival(span.last.year - 1)
    if this is None or last is None:
        return None
    held, held_before = (_spring_days(span, this), _spring_days(year_ago, last))
    if held == held_before:
        return None
    shift = timedelta(days=(this - last).days)
    return Span(span.first - shift, span.last - shift)


def _spring_days(span: Span, day: date) -> int:
    window = Span(day - timedelta(days=DAYS_BEFORE), day + timedelta(days=DAYS_AFTER))
    return festival_days(span, Festival(Text("春节", "Spring Festival"), window))


def uneven_festivals(span: Span, base: Span) -> tuple[Text, ...]:
    """Names of festivals of which the two spans hold different numbers of days."""
    names = {festival.name for festival in (*festivals_in(span), *festivals_in(base))}
    return tuple(
        sorted(
            (name for name in names if _days_of(name, span) != _days_of(name, base)),
            key=lambda name: name.en,
        )
    )


def _days_of(name: Text, span: Span) -> int:
    return sum(festival_days(span, item) for item in festivals_in(span) if item.name == name)
