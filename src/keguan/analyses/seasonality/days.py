"""Each day of the data, and the whole months and weeks they make up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from keguan.core.period import Span, month_end, month_index
from keguan.evidence.statistics.seasonal_index import Season, season
from keguan.marts.metrics import NET_REVENUE, ORDERS

WEEKS = 52

DAYS_SQL = f"""
SELECT day, {NET_REVENUE.sql} AS net_revenue, {ORDERS.sql} AS orders
FROM purchases GROUP BY day ORDER BY day
"""


@dataclass(frozen=True, slots=True)
class Days:
    """Net revenue and orders by day; a day without sales has none of either."""

    money: Mapping[date, Any]
    orders: Mapping[date, int]
    first: date
    last: date

    def net(self, span: Span) -> Any:
        """Net revenue of the span."""
        return sum(self.money.get(day, 0) for day in days_of(span))

    def placed(self, span: Span) -> int:
        """Orders of the span."""
        return sum(self.orders.get(day, 0) for day in days_of(span))


def days_of(span: Span) -> Iterator[date]:
    """Every day of a span."""
    return (span.first + timedelta(days=n) for n in range(span.days))


def complete_months(days: Days) -> list[tuple[int, Span, Any]]:
    """(month index, span, net revenue) of months seen from their first day (a quiet week is allowed) to their last."""
    found = []
    for index in range(month_index(days.first), month_index(days.last) + 1):
        first = date(index // 12, index % 12 + 1, 1)
        span = Span(first, month_end(first))
        if days.first <= first + timedelta(days=7) and span.last <= days.last:
            found.append((index, span, days.net(span)))
    return found


def complete_weeks(days: Days) -> list[tuple[int, Span, Any]]:
    """Whole ISO weeks, week 53 left out."""
    monday = days.first + timedelta(days=-days.first.weekday() % 7)
    found = []
    while monday + timedelta(days=6) <= days.last:
        span = Span(monday, monday + timedelta(days=6))
        year, week, _ = monday.isocalendar()
        if week <= WEEKS:
            found.append((year * WEEKS + week - 1, span, days.net(span)))
        monday += timedelta(days=7)
    return found


def season_of(periods: Sequence[tuple[int, Span, Any]], size: int) -> Season | None:
    """From the latest whole years back; None with fewer than two, or a period without revenue."""
    years = len(periods) // size
    kept = periods[len(periods) - years * size :]
    figures = [float(net) / span.days for _, span, net in kept]
    return (
        season([figures[start : start + size] for start in range(0, len(figures), size)])
        if years >= 2
        else None
    )
