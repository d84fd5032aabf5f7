"""After how long a silence is a customer gone: the return-after-silence curve over past snapshots.

Snapshots stand one horizon apart, back from the as-of date. A customer with an order in the horizon before a
snapshot and none in the one after counts as lost; who then orders within a further horizon came back. The
horizon is the shortest silence, from the highest point of that curve on, at which at most the given share of
the lost came back.

Source: Clemente-Ciscar, San Matias and Giner-Bosch (2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Column, Table

# Days that are tried; a horizon needs three of its lengths of history.
TRIED = (
    7, 14, 21, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195, 210, 225, 240, 255, 270, 285, 300, 330, 365,
    420, 480, 540, 600, 730,
)  # fmt: skip
ENOUGH = (
    100_000  # of more customers every so many is looked at: account numbers say nothing of how somebody buys
)

ORDER_DAYS = """
order_days AS (
  SELECT account_no, day
  FROM purchases
  WHERE account_no IS NOT NULL AND day <= $until
  GROUP BY account_no, day
  HAVING sum(orders) > 0
)"""
HISTORY_SQL = """
SELECT count(*) AS customers, date_diff('day', min(first_order_on), $as_of) + 1 AS days
FROM customer_facts WHERE orders_placed > 0
"""
CURVE_COLUMNS = (
    Column("silent_days", Text("未购买（天）", "Silent for (days)"), "days", 0, role="key"),
    Column("snapshots", Text("快照数", "Snapshots"), "count"),
    Column("base", Text("此前有购买", "With an order before"), "count"),
    Column("silent", Text("期限内未购买", "Silent for the horizon"), "count"),
    Column("returned", Text("之后回来", "Came back after"), "count"),
    Column(
        "share", Text("回来的占比", "Share that came back"), "share",
        note=Text("之后同样长的时间内再次下单", "with an order within a further time of the same length"),
    ),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip
HORIZON_COLUMNS = (
    Column("horizon", Text("流失期限（天）", "Horizon of churn (days)"), "days", 0, role="key"),
    Column("how", Text("来源", "How"), "label", vocabulary="business_kind_reason"),
    Column("return_share", Text("回来的占比上限", "Share that may come back"), "share", 0),
)


@dataclass(frozen=True, slots=True)
class History:
    """Customers with an order, and days from the first to the as-of date."""

    customers: int
    days: int


def history(inputs: Inputs) -> History:
    """How much there is to judge from."""
    row = inputs.query(HISTORY_SQL).to_pylist()[0]
    return History(int(row["customers"]), int(row["days"] or 0))


def curve_sql(tried: Sequence[int]) -> str:
    """Base, silent and returned by horizon, over all snapshots with a whole horizon before and two after.

    Days are counted back from the as-of date in bins of one horizon; an order in bin 2 and the next in bin 0 is
    a customer who was silent for bin 1 and came back.
    """
    rows = ", ".join(f"({days})" for days in tried)
    return f"""
WITH {ORDER_DAYS}, horizons AS (
  SELECT CAST(horizon AS INTEGER) AS horizon FROM (VALUES {rows}) AS t(horizon)
), bins AS (
  SELECT h.horizon, d.account_no,
         CAST(floor(CAST(date_diff('day', d.day, $until) AS DOUBLE) / h.horizon) AS INTEGER) AS bin
  FROM order_days d CROSS JOIN horizons h
  WHERE d.account_no % $every = 0
  GROUP BY h.horizon, d.account_no,
           CAST(floor(CAST(date_diff('day', d.day, $until) AS DOUBLE) / h.horizon) AS INTEGER)
), steps AS (
  SELECT horizon, bin, lag(bin) OVER (PARTITION BY horizon, account_no ORDER BY bin) AS later FROM bins
)
SELECT horizon AS silent_days,
       count(*) AS base,
       sum(CASE WHEN later = bin - 1 THEN 0 ELSE 1 END) AS silent,
       sum(CASE WHEN later = bin - 2 THEN 1 ELSE 0 END) AS returned
FROM steps
WHERE bin >= 2 AND (bin + 1) * horizon <= $days
GROUP BY horizon ORDER BY horizon
"""


def curve_table(inputs: Inputs, past: History) -> Table:
    """The return-after-silence curve; shares withheld under the smallest n."""
    tried = [days for days in TRIED if 3 * days <= past.days]
    bound: dict[str, Any] = {
        "until": inputs.as_of, "days": past.days, "every": max(1, past.customers // ENOUGH),
    }  # fmt: skip
    sql = curve_sql(tried or TRIED[:1])
    rows = []
    for row in inputs.query(sql, **bound).to_pylist() if tried else []:
        silent, returned = int(row["silent"]), int(row["returned"])
        ends = wilson(returned, silent) if silent >= inputs.settings.min_n else None
        rows.append(
            {
                **row, "snapshots": past.days // int(row["silent_days"]) - 2,
                "share": returned / silent if ends else None,
                "low": ends.low if ends else None, "high": ends.high if ends else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "return_curve", Text("沉默之后回来的占比", "Share that came back after a silence"), CURVE_COLUMNS,
        ("silent_days",), rows, method="retention.curve_table", sql=sql, **bound,
    )  # fmt: skip


def shortest(curve: Table, return_share: float) -> int | None:
    """The shortest silence after which at most `return_share` came back; None when there is none.

    Looked for from the highest point of the curve on: before it few come back only because a few days
    are too short a time to come back in.
    """
    known = [row for row in curve if row["share"] is not None]
    if not known:
        return None
    peak = max(known, key=lambda row: (row["share"], -row["silent_days"]))
    for row in known[known.index(peak) :]:
        if row["share"] <= return_share:
            return int(row["silent_days"])
    return None
