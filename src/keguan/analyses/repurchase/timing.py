"""How soon customers come back: first to second purchase, and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keguan.analyses.repurchase.cohorts import PURCHASE_DAYS, SECOND_DAYS
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.kaplan_meier import Step, survival_at
from keguan.result import Column, Table

GAP_BIN = 7

LONGEST_BIN = 364  # longer gaps share the last bin

GRID = 10  # days between points of the first-to-second curve

TIME_SQL = f"""
WITH {SECOND_DAYS}
SELECT date_diff('day', first_day, coalesce(second_day, $as_of)) AS days,
       sum(CASE WHEN second_day IS NULL THEN 0 ELSE 1 END) AS returned,
       sum(CASE WHEN second_day IS NULL THEN 1 ELSE 0 END) AS still_open
FROM seconds
GROUP BY date_diff('day', first_day, coalesce(second_day, $as_of))
ORDER BY days
"""

GAPS_SQL = f"""
WITH {PURCHASE_DAYS}, steps AS (
  SELECT order_day,
         lag(order_day) OVER (PARTITION BY account_no ORDER BY order_day) AS before
  FROM purchase_days
), gaps AS (
  SELECT least(date_diff('day', before, order_day), $longest) AS gap
  FROM steps
  WHERE before IS NOT NULL
), bins AS (
  SELECT CAST(floor(CAST(gap AS DOUBLE) / $width) AS BIGINT) * $width AS from_day, count(*) AS gaps
  FROM gaps
  GROUP BY CAST(floor(CAST(gap AS DOUBLE) / $width) AS BIGINT) * $width
)
SELECT from_day, gaps,
       CASE WHEN sum(gaps) OVER () >= $min_n
            THEN CAST(gaps AS DOUBLE) / sum(gaps) OVER () END AS share
FROM bins
ORDER BY from_day
"""

TIME_COLUMNS = (
    Column("day", Text("首购后天数", "Days after first purchase"), "count", role="key"),
    Column("at_risk", Text("仍在观察的客户", "Customers at risk"), "count"),
    Column("returned", Text("累计再次购买", "Bought again by then"), "share"),
    Column(
        "low", Text("区间下限", "Interval from"), "share", role="low",
        note=Text("Greenwood log-log 95% 区间", "Greenwood log-log 95% interval"),
    ),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip

GAP_COLUMNS = (
    Column("from_day", Text("间隔天数（起）", "Gap from (days)"), "count", role="key"),
    Column("gaps", Text("间隔数", "Gaps"), "count"),
    Column("share", Text("占比", "Share"), "share"),
)


def time_table(inputs: Inputs, steps: Sequence[Step]) -> Table:
    """The curve every ten days, as far as at least `min_n` customers are still observed."""
    rows: list[dict[str, Any]] = []
    watched = [step for step in steps if step.at_risk >= inputs.settings.min_n]
    longest = int(watched[-1].time) if watched else -1
    for day in range(0, longest + 1, GRID):
        held = survival_at(steps, day)
        waiting = next((step.at_risk for step in watched if step.time >= day), 0)
        rows.append(
            {
                "day": day,
                "at_risk": waiting,
                "returned": 1 - held.survival if held else 0.0,
                "low": 1 - held.high if held else 0.0,
                "high": 1 - held.low if held else 0.0,
            }
        )
    return inputs.computed(
        "time_to_second",
        Text("首购到第二次购买", "From the first to the second purchase"),
        TIME_COLUMNS,
        ("day",),
        rows,
        method="evidence.statistics.kaplan_meier",
        sql=TIME_SQL,
        note=Text(
            "Kaplan-Meier 估计，尚未再次购买的客户按截尾处理；同一天的第二单不算",
            "Kaplan-Meier; customers who have not bought again are censored; a second order on the same day "
            "does not count",
        ),
    )


def gap_table(inputs: Inputs) -> Table:
    """Completed gaps between purchase days by week."""
    return inputs.table(
        "gaps", Text("两次购买相隔的天数（每 7 天一组）", "Days between purchases (7 days a bin)"), GAP_COLUMNS, ("from_day",),
        GAPS_SQL, longest=LONGEST_BIN, width=GAP_BIN, min_n=inputs.settings.min_n,
        note=Text(
            f"只含已完成的间隔；最后一组为 {LONGEST_BIN} 天及以上",
            f"completed gaps only; the last bin holds {LONGEST_BIN} days and more",
        ),
    )  # fmt: skip
