"""Who moved from which class to which, what it meant in money, and why: SQL over segments at two dates.

Parameters: $then and $as_of (the dates), $then_from and $money_from (where their windows of money begin), $from_day
(where the window of the classes begins).
"""

from __future__ import annotations

import re

from keguan.engine.literals import bound
from keguan.marts.metrics import NET_REVENUE
from keguan.result import Relation
from keguan.schema.terms.segmentation import NEW, VANISHED


def pair_sql(before: str, now: str, number: str = "") -> str:
    """CTEs up to `pair`: every customer placed at either date, with class then and now. `number` is appended to
    their names: within one query no two may be named alike."""
    return f"""
placed{number} AS (
  SELECT account_no FROM {before} UNION SELECT account_no FROM {now}
), pair{number} AS (
  SELECT p.account_no,
         coalesce(b.label, '{NEW}') AS before, coalesce(n.label, '{VANISHED}') AS now,
         b.score AS score_before, n.score AS score_now
  FROM placed{number} p
  LEFT JOIN {before} b ON b.account_no = p.account_no
  LEFT JOIN {now} n ON n.account_no = p.account_no
)"""


MONEY = f"""
money_then AS (
  SELECT account_no, {NET_REVENUE.sql} AS net FROM purchases
  WHERE account_no IS NOT NULL AND day >= $then_from AND day <= $then
  GROUP BY account_no
), money_now AS (
  SELECT account_no, {NET_REVENUE.sql} AS net FROM purchases
  WHERE account_no IS NOT NULL AND day >= $money_from
  GROUP BY account_no
)"""

_CELL = """count(*) AS customers,
         CAST(coalesce(sum(t.net), 0) AS DECIMAL(18, 4)) AS net_then,
         CAST(coalesce(sum(m.net), 0) AS DECIMAL(18, 4)) AS net_now"""
_MONEY_JOINS = """
  LEFT JOIN money_then t ON t.account_no = p.account_no
  LEFT JOIN money_now m ON m.account_no = p.account_no"""


def matrix_sql(before: str, now: str) -> str:
    """Every cell that somebody is in. Shares are of the class at the start."""
    return f"""
WITH {pair_sql(before, now)}, {MONEY}, cells AS (
  SELECT p.before, p.now,
         {_CELL}
  FROM pair p{_MONEY_JOINS}
  GROUP BY p.before, p.now
)
SELECT before, now, customers,
       CASE WHEN before <> '{NEW}' AND sum(customers) OVER (PARTITION BY before) >= $min_n
            THEN CAST(customers AS DOUBLE) / sum(customers) OVER (PARTITION BY before) END AS share,
       net_then, net_now, net_now - net_then AS moved
FROM cells
ORDER BY before, now
"""


def usual_sql(days: list[tuple[str, str]]) -> str:
    """The same cells, counted only, for each pair of views of earlier dates. `period` 1 is the one before."""
    pairs = ", ".join(pair_sql(before, now, str(place)) for place, (before, now) in enumerate(days, 1))
    periods = [
        f"SELECT {place} AS period, before, now, count(*) AS customers FROM pair{place} GROUP BY before, now"
        for place in range(1, len(days) + 1)
    ]
    return f"WITH {pairs}\n" + "\nUNION ALL\n".join(periods) + "\nORDER BY period, before, now"


# What the classes would rest on today if nothing had been returned after the first date.
UNDONE = """
undone_days AS (
  SELECT account_no, order_day, sum(orders) - sum(CASE WHEN day <= $then THEN cancelled ELSE 0 END) AS kept
  FROM purchases WHERE account_no IS NOT NULL
  GROUP BY account_no, order_day
), undone_counts AS (
  SELECT account_no, sum(kept) AS purchases, max(CASE WHEN kept > 0 THEN order_day END) AS last_purchase_on,
         sum(CASE WHEN order_day >= $from_day THEN kept ELSE 0 END) AS window_purchases
  FROM undone_days GROUP BY account_no
), undone_money AS (
  SELECT account_no,
         CAST(sum(gross) - sum(CASE WHEN day <= $then THEN returns ELSE 0 END) AS DECIMAL(18, 4)) AS window_net
  FROM purchases WHERE account_no IS NOT NULL AND day >= $from_day
  GROUP BY account_no
), undone_facts AS (
  SELECT c.account_no, c.purchases, c.last_purchase_on, c.window_purchases,
         date_diff('day', c.last_purchase_on, $as_of) AS recency_days,
         coalesce(m.window_net, CAST(0 AS DECIMAL(18, 4))) AS window_net
  FROM undone_counts c LEFT JOIN undone_money m ON m.account_no = c.account_no
)"""


def _crossed(name: str, place: int) -> str:
    """Whether a side changed because of the customer's own figures: not with the cut alone, nor by returns."""
    then, now, old, undone = (
        f"substring({score}, {place}, 1)"
        for score in ("score_before", "score_now", "score_old", "score_undone")
    )
    return f"CASE WHEN {then} <> {now} AND {old} <> {then} AND {undone} <> {then} THEN '{name}' ELSE '' END"


def _by_returns(place: int) -> str:
    then, now, old, undone = (
        f"substring({score}, {place}, 1)"
        for score in ("score_before", "score_now", "score_old", "score_undone")
    )
    return f"({then} <> {now} AND {old} <> {then} AND {undone} = {then})"


# Sides stand in a score as 'R+F-M+'; a customer without a purchase in the window has none.
_PLACES = {"R": 2, "F": 4, "M": 6}
_CAUSE = f"""
CASE WHEN before = '{NEW}' THEN 'new'
     WHEN now = '{VANISHED}' THEN 'vanished'
     WHEN before = now THEN 'unchanged'
     WHEN score_now IS NULL AND score_undone IS NOT NULL THEN 'returns'
     WHEN score_now IS NULL THEN 'F_gone'
     WHEN score_before IS NULL THEN 'F_back'
     WHEN crossed <> '' THEN crossed
     WHEN by_returns THEN 'returns'
     ELSE 'cut' END"""


def causes_sql(before: str, now: str, rule_then: Relation, rule_now: Relation) -> str:
    """Cells by cause. The rule of today is applied again with the cuts of then, and to facts without the returns
    after then; a side that would not have changed with the old cut was moved by the cut."""
    cuts = {name: rule_then.params[name] for name in ("cut_r", "cut_f", "cut_m")}
    old = bound(rule_now.sql, {**rule_now.params, **cuts})
    undone = re.sub(r"\bwindow_facts\b", "undone_facts", old)
    for name in set(
        re.findall(r"\b(\w+) AS \(", undone)
    ):  # the rule stands twice: no two parts may be named alike
        undone = re.sub(rf"\b{name}\b", f"{name}_undone", undone)
    crossed = ", ".join(_crossed(name, place) for name, place in _PLACES.items())
    by_returns = " OR ".join(_by_returns(place) for place in _PLACES.values())
    return f"""
WITH {pair_sql(before, now)}, {MONEY}, {UNDONE}, compared AS (
  SELECT p.*, o.score AS score_old, u.score AS score_undone
  FROM pair p
  LEFT JOIN ({old}) o ON o.account_no = p.account_no
  LEFT JOIN ({undone}) u ON u.account_no = p.account_no
), sides AS (
  SELECT account_no, before, now, score_before, score_now, score_undone,
         concat({crossed}) AS crossed,
         {by_returns} AS by_returns
  FROM compared
), caused AS (
  SELECT account_no, before, now, {_CAUSE} AS cause FROM sides
)
SELECT before, now, cause, customers, net_then, net_now, net_now - net_then AS moved
FROM (
  SELECT p.before, p.now, p.cause,
         {_CELL}
  FROM caused p{_MONEY_JOINS}
  GROUP BY p.before, p.now, p.cause
) cells
ORDER BY before, now, cause
"""
