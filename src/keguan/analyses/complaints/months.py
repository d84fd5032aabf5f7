"""Complaints by month: the trend of their number or rate, and whose share changed since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from keguan.analyses.complaints.columns import CHANGE_COLUMNS, MONTH_COLUMNS, TREND_COLUMNS
from keguan.analysis import Inputs
from keguan.core.period import add_months, month_end, month_index, month_name, month_start
from keguan.core.text import Text
from keguan.evidence.statistics.mann_kendall import mann_kendall
from keguan.evidence.statistics.rate_change import change_rows, rate_changes
from keguan.marts.metrics import ORDERS
from keguan.result import Table

HISTORY_MONTHS = 36

SPAN_SQL = """
SELECT min(CASE WHEN kind = 'complaint' THEN day END) AS first_day, max(day) AS last_day
FROM feedback WHERE day >= $since
"""

MONTHS_SQL = f"""
WITH raised AS (
  SELECT year(day) * 12 + month(day) - 1 AS month, count(*) AS tickets
  FROM feedback WHERE kind = 'complaint' AND day >= $since
  GROUP BY year(day) * 12 + month(day) - 1
), sold AS (
  SELECT year(day) * 12 + month(day) - 1 AS month, {ORDERS.sql} AS orders
  FROM purchases WHERE day >= $since
  GROUP BY year(day) * 12 + month(day) - 1
)
SELECT coalesce(r.month, s.month) AS month, coalesce(r.tickets, 0) AS tickets, coalesce(s.orders, 0) AS orders
FROM (SELECT month FROM raised UNION SELECT month FROM sold) m
LEFT JOIN raised r ON r.month = m.month
LEFT JOIN sold s ON s.month = m.month
ORDER BY month
"""

SHARES_SQL = """
WITH long AS (
  SELECT 'topic' AS dimension, coalesce(nullif(trim(topic), ''), '待核实') AS value,
         year(day) * 12 + month(day) - 1 AS month
  FROM feedback WHERE kind = 'complaint' AND day >= $since
  UNION ALL
  SELECT 'product' AS dimension, coalesce(nullif(trim(product_id), ''), '待核实') AS value,
         year(day) * 12 + month(day) - 1 AS month
  FROM feedback WHERE kind = 'complaint' AND day >= $since
  UNION ALL
  SELECT 'region' AS dimension, coalesce(nullif(trim(region), ''), '待核实') AS value,
         year(day) * 12 + month(day) - 1 AS month
  FROM feedback WHERE kind = 'complaint' AND day >= $since
), sizes AS (
  SELECT dimension, value, count(*) AS size FROM long GROUP BY dimension, value
), ranked AS (
  SELECT dimension, value, row_number() OVER (PARTITION BY dimension ORDER BY size DESC, value) AS place FROM sizes
)
SELECT l.dimension, l.value, l.month, count(*) AS tickets
FROM long l JOIN ranked r ON r.dimension = l.dimension AND r.value = l.value AND r.place <= $top
GROUP BY l.dimension, l.value, l.month
ORDER BY dimension, value, month
"""


@dataclass(frozen=True, slots=True)
class Months:
    """Complaints and orders by month; `whole`: months seen from their first day to their last."""

    rows: Mapping[int, tuple[int, int]]
    whole: Sequence[int]


def read_months(inputs: Inputs) -> Months:
    """The last three years, and which months of them are whole: feedback reaches beyond both ends."""
    since = add_months(month_start(inputs.as_of), -HISTORY_MONTHS)
    span = inputs.query(SPAN_SQL, since=since).to_pylist()[0]
    if span["first_day"] is None:
        return Months({}, ())
    found = inputs.query(MONTHS_SQL, since=since).to_pylist()
    first = month_index(span["first_day"])
    rows = {int(r["month"]): (int(r["tickets"]), int(r["orders"])) for r in found if int(r["month"]) >= first}
    return Months(rows, whole_months(span["first_day"], span["last_day"]))


def whole_months(first: date, last: date) -> Sequence[int]:
    """Months between two days that are seen whole: what began or ended within a month is no whole month."""
    start = month_index(first) + (first != month_start(first))
    end = month_index(last) - (last != month_end(last))
    return range(start, end + 1)


def month_table(inputs: Inputs, months: Months) -> Table:
    """Complaints, orders and complaints per 100 orders; months that are not whole are marked."""
    whole = set(months.whole)
    span = range(min(months.rows), max(months.rows) + 1) if months.rows else range(0)
    rows = []
    for month in span:
        tickets, orders = months.rows.get(month, (0, 0))
        rate = 100 * tickets / orders if orders >= inputs.settings.min_n and month in whole else None
        rows.append(
            {
                "month": month_name(month), "tickets": tickets, "orders": orders, "rate": rate,
                "unfinished": month not in whole,
            }
        )  # fmt: skip
    return inputs.computed(
        "months", Text("每月投诉", "Complaints by month"), MONTH_COLUMNS, ("month",), rows,
        method="complaints.month_table", sql=MONTHS_SQL,
        since=add_months(month_start(inputs.as_of), -HISTORY_MONTHS),
        note=Text("不完整的月份不参与比较", "months that are not whole are not compared"),
    )  # fmt: skip


def trend_table(inputs: Inputs, months: Months) -> Table:
    """Mann-Kendall of the whole months, at most the last 24: the number, and the rate where there are orders."""
    whole = list(months.whole)[-24:]
    counted = [months.rows.get(month, (0, 0)) for month in whole]
    series: dict[str, list[float]] = {"tickets": [float(tickets) for tickets, _ in counted]}
    if counted and all(orders >= inputs.settings.min_n for _, orders in counted):
        series["rate"] = [100 * tickets / orders for tickets, orders in counted]
    rows: list[dict[str, Any]] = []
    total = sum(tickets for tickets, _ in counted)
    for measure, values in series.items():
        found = mann_kendall(values)
        if found is not None and total >= inputs.settings.min_n:
            rows.append(
                {
                    "measure": measure, "from_month": month_name(whole[0]), "to_month": month_name(whole[-1]),
                    "months": len(whole), "tickets": total, "slope": found.slope, "p": found.p,
                }
            )  # fmt: skip
    return inputs.computed(
        "trend", Text("投诉的走势", "Trend of complaints"), TREND_COLUMNS, ("measure",), rows,
        method="evidence.statistics.mann_kendall", inputs=("months",),
    )  # fmt: skip


def change_table(inputs: Inputs, months: Months, top: int) -> Table:
    """Types, products and regions whose share of all complaints changed, corrected together."""
    since = add_months(month_start(inputs.as_of), -HISTORY_MONTHS)
    whole = list(months.whole)
    trials = [months.rows.get(month, (0, 0))[0] for month in whole]
    series: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for row in inputs.query(SHARES_SQL, since=since, top=top).to_pylist():
        if row["month"] in months.whole:
            hits, _ = series.setdefault((row["dimension"], row["value"]), ([0] * len(whole), trials))
            hits[int(row["month"]) - whole[0]] += int(row["tickets"])
    found = rate_changes(series, inputs.settings.min_n)
    rows = change_rows(found, whole)
    return inputs.computed(
        "changes", Text("占比发生变化的投诉", "Complaints whose share changed"), CHANGE_COLUMNS,
        ("dimension", "value"), rows, method="evidence.statistics.rate_change", sql=SHARES_SQL, since=since, top=top,
    )  # fmt: skip
