"""Whom to win back, how many come back by themselves, and what those who left say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.owners import OWNERS
from keguan.models.churn import columns as c
from keguan.result import Result, Table
from keguan.schema.vocabulary import UNKNOWN

WIN_BACK_SQL = f"""
WITH {OWNERS}, days AS (
  SELECT account_no, day, sum(orders) AS orders, sum(gross - returns) AS net
  FROM purchases WHERE account_no IS NOT NULL GROUP BY account_no, day
), gone AS (
  SELECT account_no, max(CASE WHEN orders > 0 THEN day END) AS last_order_on FROM days GROUP BY account_no
  HAVING max(CASE WHEN orders > 0 THEN day END) <= $since
), worth AS (
  SELECT g.account_no, max(g.last_order_on) AS last_order_on, CAST(sum(d.net) AS DECIMAL(18, 4)) AS money
  FROM gone g JOIN days d ON d.account_no = g.account_no
  WHERE date_diff('day', d.day, g.last_order_on) < 365
  GROUP BY g.account_no HAVING sum(d.net) > 0
), ranked AS (
  SELECT w.*, coalesce(o.owner, '{UNKNOWN}') AS owner, coalesce(o.branch, '{UNKNOWN}') AS branch,
         row_number() OVER (ORDER BY w.money DESC, w.last_order_on DESC, w.account_no) AS place
  FROM worth w LEFT JOIN owners o ON o.account_no = w.account_no
)
SELECT place, CAST(account_no AS VARCHAR) AS account, owner, branch, last_order_on,
       date_diff('day', last_order_on, $as_of) AS silent_days, money
FROM ranked WHERE place <= $listed ORDER BY place
"""


def win_back_table(inputs: Inputs, horizon: int, listed: int) -> Table:
    """Customers silent for a horizon, by what they spent in the twelve months to their last order."""
    made = inputs.table(
        "win_back", Text("挽回候选", "Win-back candidates"), c.WIN_BACK, ("place",), WIN_BACK_SQL,
        since=inputs.as_of - timedelta(days=horizon), listed=listed,
    )  # fmt: skip
    return replace(made, appendix=True)


def natural_table(inputs: Inputs, retention: Result, horizon: int) -> Table | None:
    """Of those silent for the horizon, the share that came back by itself: a row of the return-after-silence curve."""
    curve = retention.table("return_curve").records() if retention.has("return_curve") else []
    known = [row for row in curve if row["share"] is not None and row["silent_days"] <= horizon]
    if not known:
        return None
    return inputs.computed(
        "natural", Text("自然回流率", "Natural return rate"), c.NATURAL, ("silent_days",), known[-1:],
        method="retention.return_curve",
    )  # fmt: skip


def stated_table(inputs: Inputs) -> Table | None:
    """What those who left or are at risk say themselves, beside what the model finds."""
    stated = inputs.result("churn_reasons")
    rows = stated.table("reasons").records() if stated.has("reasons") else []
    said = [row for row in rows if row["source"] == "feedback"][:10]
    if not said:
        return None
    return inputs.computed(
        "stated", Text("客户自己说明的原因", "What customers say themselves"), c.STATED, ("reason",), said,
        method="churn_reasons.reasons",
    )  # fmt: skip
