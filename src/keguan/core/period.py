"""Calendar arithmetic: months back, period starts, like-for-like spans. No clock."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day some calendar months later (earlier if negative), or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def month_start(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_index(day: date) -> int:
    """Months since year 0; the SQL twin is `year(d) * 12 + month(d) - 1`."""
    return day.year * 12 + day.month - 1


def month_name(index: int) -> str:
    """'YYYY-MM' of a month index."""
    year, month = divmod(index, 12)
    return f"{year:04d}-{month + 1:02d}"


@dataclass(frozen=True, slots=True)
class Span:
    """A period, both days inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Its length in days."""
        return (self.last - self.first).days + 1


def span_ending(last: date, months: int) -> Span:
    """The `months` calendar months that end with `last`: a month's last day closes whole months."""
    return Span(add_months(last + timedelta(days=1), -months), last)


def day_months_back(last: date, months: int) -> date:
    """The last day of a period that ended so many months earlier: 28 February 2025 -> 29 February 2024."""
    return add_months(last + timedelta(days=1), -months) - timedelta(days=1)


def window_start(as_of: date, months: int) -> date:
    """First day of the last `months` months: day >= as_of - months, both ends inclusive."""
    return add_months(as_of, -months)


def latest_month(as_of: date) -> tuple[Span, bool]:
    """The month of as_of up to as_of, and whether it is complete."""
    return Span(month_start(as_of), as_of), as_of == month_end(as_of)


def same_span_months_back(span: Span, months: int) -> Span:
    """The same elapsed days of an earlier month, never longer than that month; a whole month for a whole one.

    ValueError when the span leaves its month: across months 'the same days' has no single meaning.
    """
    if month_start(span.first) != month_start(span.last):
        raise ValueError(f"{span.first} to {span.last} is not within one month")
    first = add_months(span.first, -months)
    last = min(first + timedelta(days=span.days - 1), month_end(first))
    if span.last == month_end(span.last) and span.first == month_start(span.last):
        last = month_end(first)
    return Span(first, last)
