"""Margin that new customers have brought so far, by thirty days since their first order, with interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.engine.arrays import records
from keguan.evidence.statistics.bootstrap import BUCKET, BUCKETS, percentile_interval, resample_weights
from keguan.marts.customer_profit import LINES
from keguan.result import Column, Table

BLOCK = 30  # days

# Margin by random group, whole blocks observed since the first order, and block of the line. A customer without a
# line in a block is counted by the row of block 0, where the first order stands.
CELLS_SQL = f"""
WITH {LINES}, firsts AS (
  SELECT account_no, first_order_on,
         CAST(floor(CAST(date_diff('day', first_order_on, $as_of) + 1 AS DOUBLE) / {BLOCK}) AS INTEGER) AS observed
  FROM customer_facts WHERE first_order_on >= $from_day
), blocks AS (
  SELECT f.account_no, f.observed,
         CAST(floor(CAST(date_diff('day', f.first_order_on, c.day) AS DOUBLE) / {BLOCK}) AS INTEGER) AS block,
         sum(CASE WHEN c.cost IS NOT NULL THEN c.amount - c.cost ELSE 0 END) AS margin,
         sum(c.amount) AS net
  FROM firsts f JOIN costed c ON c.account_no = f.account_no
  GROUP BY f.account_no, f.observed,
           CAST(floor(CAST(date_diff('day', f.first_order_on, c.day) AS DOUBLE) / {BLOCK}) AS INTEGER)
)
SELECT {BUCKET} AS bucket, observed, block, count(*) AS customers, sum(margin) AS margin, sum(net) AS net
FROM blocks GROUP BY {BUCKET}, observed, block ORDER BY bucket, observed, block
"""
COLUMNS = (
    Column("days", Text("首单后天数", "Days since the first order"), "count", role="key"),
    Column("customers", Text("观察满的新客户", "New customers observed so long"), "count"),
    Column(
        "finished", Text("全部观察满", "All observed"), "text",
        note=Text("否：较晚来的新客户还没有这么久，只算观察满的", "no: later customers are not that old yet and are left out"),
    ),
    Column("margin", Text("累计毛利", "Cumulative margin"), "money"),
    Column("per_customer", Text("每位新客户累计毛利", "Cumulative margin per new customer"), "money"),
    Column("low", Text("区间下限", "Interval from"), "money", role="low", note=Text("自助法 95% 区间", "bootstrap 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "money", role="high"),
    Column("cost", Text("每位新客户获客成本", "Cost per new customer"), "money"),
)  # fmt: skip


def payback_table(inputs: Inputs, since: date, cost: float | None, margin_rate: float) -> Table:
    """One row per thirty days; margins of fewer than the smallest n are withheld."""
    import numpy as np

    cells = list(records(inputs.query(CELLS_SQL, from_day=since)))
    rows: list[dict[str, Any]] = []
    oldest = max((int(cell["observed"]) for cell in cells), default=0)
    everybody = sum(int(cell["customers"]) for cell in cells if cell["block"] == 0)
    for block in range(oldest):
        old = [cell for cell in cells if cell["observed"] > block]
        customers, margin = np.zeros(BUCKETS), np.zeros(BUCKETS)
        for cell in old:
            if cell["block"] == 0:
                customers[int(cell["bucket"])] += int(cell["customers"])
            if cell["block"] <= block:
                margin[int(cell["bucket"])] += _margin(cell, margin_rate)
        n = int(customers.sum())
        rows.append(
            {
                "days": (block + 1) * BLOCK, "customers": n, "finished": n == everybody, "margin": float(margin.sum()),
                "cost": cost, **_mean(customers, margin, n >= inputs.settings.min_n),
            }
        )  # fmt: skip
    return inputs.computed(
        "payback", Text("新客户累计毛利与获客成本", "Cumulative margin of new customers against their cost"), COLUMNS,
        ("days",), rows, method="acquisition_cost.payback_table", sql=CELLS_SQL, from_day=since,
    )  # fmt: skip


def _margin(cell: Mapping[str, Any], rate: float) -> float:
    return float(cell["net"]) * rate if rate > 0 else float(cell["margin"])


def _mean(customers: Any, margin: Any, enough: bool) -> dict[str, float | None]:
    import numpy as np

    if not enough:
        return {"per_customer": None, "low": None, "high": None}
    weights = resample_weights()
    with np.errstate(invalid="ignore", divide="ignore"):
        ends = percentile_interval((weights @ margin) / (weights @ customers))
    mean = float(margin.sum() / customers.sum())
    return {"per_customer": mean, "low": ends.low if ends else None, "high": ends.high if ends else None}
