"""First-time buyers by month, and how many came back in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keguan.analyses.repurchase.params import Params
from keguan.analysis import Inputs
from keguan.core.period import month_end, month_index
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Column

# Days on which a customer has an order that was not fully returned.
PURCHASE_DAYS = """
purchase_days AS (
  SELECT account_no, order_day
  FROM purchases
  WHERE account_no IS NOT NULL
  GROUP BY account_no, order_day
  HAVING sum(orders) - sum(cancelled) > 0
)"""

SECOND_DAYS = f"""{PURCHASE_DAYS}, firsts AS (
  SELECT account_no, min(order_day) AS first_day
  FROM purchase_days
  GROUP BY account_no
), seconds AS (
  SELECT f.account_no, f.first_day, min(d.order_day) AS second_day
  FROM firsts f
  LEFT JOIN purchase_days d ON d.account_no = f.account_no AND d.order_day > f.first_day
  GROUP BY f.account_no, f.first_day
)"""

COHORT_SQL = f"""
WITH {SECOND_DAYS}
SELECT year(first_day) * 12 + month(first_day) - 1 AS month,
       count(*) AS customers,
       sum(CASE WHEN date_diff('day', first_day, second_day) <= $within_days THEN 1 ELSE 0 END) AS returned
FROM seconds
GROUP BY year(first_day) * 12 + month(first_day) - 1
ORDER BY month
"""


def rate_columns(low: Text, n: Text) -> tuple[Column, ...]:
    wilson_note = Text("Wilson 95% 区间", "Wilson 95% interval")
    return (
        Column("customers", n, "count"),
        Column("returned", Text("再次购买", "Bought again"), "count"),
        Column("rate", low, "share"),
        Column("low", Text("区间下限", "Interval from"), "share", role="low", note=wilson_note),
        Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    )


RATE = Text("复购率", "Rate")


@dataclass(frozen=True, slots=True)
class Cohort:
    """First-time buyers of a month, and how many came back in time."""

    month: int
    customers: int
    returned: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Cohorts added up."""

    customers: int
    returned: int

    @classmethod
    def of(cls, cohorts: Sequence[Cohort]) -> Rate:
        """The sum of some cohorts."""
        return cls(sum(c.customers for c in cohorts), sum(c.returned for c in cohorts))

    def row(self, min_n: int) -> dict[str, Any]:
        """Columns of `_rate_columns`; the rate of fewer than `min_n` is left out."""
        ends = wilson(self.returned, self.customers) if self.customers >= min_n else None
        return {
            "customers": self.customers,
            "returned": self.returned,
            "rate": self.returned / self.customers if ends else None,
            "low": ends.low if ends else None,
            "high": ends.high if ends else None,
        }


def observed_cohorts(inputs: Inputs, params: Params) -> list[Cohort]:
    """Cohorts by month, only months whose last day was observed for the full window."""
    rows = inputs.query(COHORT_SQL, within_days=params.within_days).to_pylist()
    last = _last_observed(inputs, params.within_days)
    return [
        Cohort(int(r["month"]), int(r["customers"]), int(r["returned"] or 0))
        for r in rows
        if int(r["month"]) <= last
    ]


def _last_observed(inputs: Inputs, days: int) -> int:
    """The last month of first purchases that has been watched for `days` full days."""
    from datetime import timedelta

    limit = inputs.as_of - timedelta(days=days)
    return month_index(limit) - (0 if limit == month_end(limit) else 1)
