"""The whole periods of the data, what happened in each, and the festival days that fall into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Inputs
from keguan.core.festivals import festival_days, festivals_in
from keguan.core.period import Span, month_end, month_index, month_name
from keguan.marts.line_metrics import LINE_NET, SOLD_OR_RETURNED
from keguan.marts.metrics import FIRST_DAY_SQL, MONTHLY_CUSTOMERS, NET_REVENUE, ORDERS
from keguan.marts.product_sales import PRODUCT_JOIN, TOP_CATEGORY
from keguan.schema.vocabulary import UNKNOWN

MONDAY = date(2001, 1, 1)
FESTIVALS = ("春节", "618", "双11")
LEAST_MONTHS, LEAST_WEEKS = 13, 20
GRACE = 7  # days that may pass before a first month's first order
SEASONS = {"month": 12, "week": 52}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whole periods by number: months since year 0, or ISO weeks since 2001."""

    kind: str
    first: int
    last: int

    def __len__(self) -> int:
        return max(self.last - self.first + 1, 0)

    @property
    def season(self) -> int:
        """Periods a year."""
        return SEASONS[self.kind]

    def span(self, number: int) -> Span:
        """Its days."""
        if self.kind == "week":
            monday = MONDAY + timedelta(days=7 * number)
            return Span(monday, monday + timedelta(days=6))
        start = date(number // 12, number % 12 + 1, 1)
        return Span(start, month_end(start))

    def name(self, number: int) -> str:
        """'2025-06', or '2025-W07'."""
        if self.kind == "month":
            return month_name(number)
        year, week, _ = self.span(number).first.isocalendar()
        return f"{year:04d}-W{week:02d}"

    def festivals(self, number: int) -> tuple[float, ...]:
        """Days of each festival in the period."""
        span = self.span(number)
        held = {
            item.name.zh: festival_days(span, item) for item in festivals_in(span)
        }  # one period holds a festival of one year
        return tuple(float(held.get(name, 0)) for name in FESTIVALS)


def calendar_of(inputs: Inputs, wanted: str) -> Calendar | None:
    """Whole periods from the first order to the as-of date; the unfinished last one is dropped.

    None where neither 13 months nor 20 weeks are whole.
    """
    first = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["day"]
    if first is None:
        return None
    months, weeks = _months(first, inputs.as_of), _weeks(first, inputs.as_of)
    if wanted != "week" and len(months) >= LEAST_MONTHS:
        return months
    return weeks if wanted != "month" and len(weeks) >= LEAST_WEEKS else None


def _months(first: date, as_of: date) -> Calendar:
    start = month_index(first) + (1 if first.day > GRACE + 1 else 0)
    end = month_index(as_of) - (0 if as_of == month_end(as_of) else 1)
    return Calendar("month", start, end)


def _weeks(first: date, as_of: date) -> Calendar:
    start = -(-(first - MONDAY).days // 7)
    return Calendar("week", start, ((as_of - MONDAY).days + 1) // 7 - 1)


def _number(kind: str, day: str) -> str:
    """SQL of the period's number."""
    if kind == "month":
        return f"year({day}) * 12 + month({day}) - 1"
    return f"CAST(floor(date_diff('day', DATE '{MONDAY.isoformat()}', {day}) / 7) AS BIGINT)"


def totals_sql(kind: str) -> str:
    """By period: revenue, orders, customers with an order, customers with their first one."""
    number = _number(kind, "day")
    customers = MONTHLY_CUSTOMERS.sql
    counted = ""
    if kind == "week":
        customers = "CAST(0 AS BIGINT)"
        counted = f""", active AS (
  SELECT period, CAST(count(*) AS BIGINT) AS customers
  FROM (SELECT {number} AS period, account_no FROM purchases WHERE account_no IS NOT NULL
        GROUP BY {number}, account_no HAVING sum(orders) > 0) a
  GROUP BY period
)"""
    return f"""
WITH sold AS (
  SELECT {number} AS period, {NET_REVENUE.sql} AS revenue, {ORDERS.sql} AS orders, {customers} AS customers
  FROM purchases GROUP BY {number}
), won AS (
  SELECT {_number(kind, "first_order_on")} AS period, CAST(count(*) AS BIGINT) AS new_customers
  FROM customer_facts WHERE first_order_on IS NOT NULL GROUP BY {_number(kind, "first_order_on")}
){counted}
SELECT s.period, s.revenue, s.orders,
       {"s.customers" if not counted else "coalesce(a.customers, 0)"} AS customers,
       coalesce(w.new_customers, 0) AS new_customers
FROM sold s LEFT JOIN won w ON w.period = s.period{" LEFT JOIN active a ON a.period = s.period" if counted else ""}
ORDER BY s.period
"""


def parts_sql(kind: str, dimension: str) -> str:
    """Net revenue by category or region and period; the parts add up to the net revenue of all."""
    part, join = (
        (TOP_CATEGORY, PRODUCT_JOIN) if dimension == "category" else (f"coalesce(l.region, '{UNKNOWN}')", "")
    )
    number = _number(kind, "l.day")
    return f"""
SELECT {part} AS part, {number} AS period, {LINE_NET.sql} AS revenue
FROM order_lines l{join} WHERE {SOLD_OR_RETURNED}
GROUP BY {part}, {number} ORDER BY part, period
"""


def series_of(rows: Sequence[Mapping[str, Any]], name: str, calendar: Calendar) -> list[float]:
    """One value a period; a period without rows is 0."""
    values = {int(row["period"]): float(row[name]) for row in rows}
    return [values.get(number, 0.0) for number in range(calendar.first, calendar.last + 1)]
