"""Profit of each customer in a window: CTEs that end in `profit`. SQL text only.

Parameters: $from_day (first day). `profit_ctes(key, left_out)`: what costs without a customer are shared out by,
and the kinds of cost that are no cost of serving.

Amounts of lines are after discount, so discounts are shown and never taken off again. The cost of a line is
the one recorded; without it the product's mean recorded unit cost, else the product's listed unit cost,
times the quantity (a returned piece brings its cost back). Money of lines whose cost is unknown stays out
of the margin and is shown. Guests are one row with account_no NULL: they bear their share of common costs.
"""

from __future__ import annotations

from collections.abc import Sequence

from keguan.engine.literals import quoted
from keguan.marts.line_metrics import SOLD_OR_RETURNED

# What a customer's share of common costs follows.
ALLOCATION_KEYS = ("orders", "revenue", "lines")
_KEY_SQL = {
    "orders": "orders",
    "revenue": "CASE WHEN gross > 0 THEN gross ELSE 0 END",
    "lines": "bought",
}
_ZERO = "CAST(0 AS DECIMAL(18, 4))"
MONEY = (
    "gross", "discounts", "returns", "net", "unknown_net", "cost_of_goods", "direct_costs", "contact_costs",
)  # fmt: skip


def costed_ctes(days: str, more: str = "") -> str:
    """CTEs up to costed: lines of the days (a condition on `l.day`) with their cost, NULL where unknown; `more`: further
    columns of the lines, each followed by a comma."""
    return f"""
unit_costs AS (
  SELECT product_id, CAST(sum(cost) AS DOUBLE) / nullif(CAST(sum(quantity) AS DOUBLE), 0) AS unit_cost
  FROM order_lines
  WHERE movement = 'purchase' AND cost IS NOT NULL AND quantity > 0 AND product_id IS NOT NULL
  GROUP BY product_id
), costed AS (
  SELECT l.account_no, l.day, l.movement, l.amount, l.opens_order, {more}
         coalesce(l.discount, {_ZERO}) AS discount,
         CASE WHEN l.cost IS NOT NULL THEN l.cost
              ELSE CAST(coalesce(u.unit_cost, CAST(p.unit_cost AS DOUBLE)) * CAST(l.quantity AS DOUBLE)
                        AS DECIMAL(18, 4)) END AS cost
  FROM order_lines l
  LEFT JOIN unit_costs u ON u.product_id = l.product_id
  LEFT JOIN products p ON p.product_id = l.product_id
  WHERE {SOLD_OR_RETURNED} AND {days}
)"""


LINES = costed_ctes("l.day >= $from_day")

_SOLD = """
  SELECT account_no,
         sum(opens_order) AS orders,
         sum(CASE WHEN movement = 'purchase' THEN 1 ELSE 0 END) AS bought,
         sum(CASE WHEN movement = 'purchase' THEN amount ELSE 0 END) AS gross,
         sum(CASE WHEN movement = 'purchase' THEN discount ELSE 0 END) AS discounts,
         sum(CASE WHEN movement = 'return' THEN -amount ELSE 0 END) AS returns,
         sum(amount) AS net,
         sum(CASE WHEN cost IS NULL THEN amount ELSE 0 END) AS unknown_net,
         coalesce(sum(cost), 0) AS cost_of_goods,
         0 AS direct_costs, 0 AS contact_costs
  FROM costed GROUP BY account_no"""


def served(left_out: Sequence[str]) -> str:
    """The condition on `costs.kind` that keeps costs of serving."""
    if not left_out:
        return "1 = 1"
    return f"lower(coalesce(kind, '')) NOT IN ({', '.join(quoted(kind.lower()) for kind in left_out)})"


def profit_ctes(key: str, left_out: Sequence[str]) -> str:
    """CTEs up to profit(account_no, orders, bought, gross, ..., allocated, margin, before_allocation, profit)."""
    weight = _KEY_SQL[key]
    return f"""{LINES}, parts AS ({_SOLD}
  UNION ALL
  SELECT account_no, 0, 0, 0, 0, 0, 0, 0, 0, sum(amount), 0
  FROM costs WHERE account_no IS NOT NULL AND day >= $from_day AND {served(left_out)} GROUP BY account_no
  UNION ALL
  SELECT account_no, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum(cost)
  FROM contacts WHERE account_no IS NOT NULL AND cost IS NOT NULL AND day >= $from_day GROUP BY account_no
), common AS (
  SELECT coalesce(sum(amount), 0) AS amount FROM (
    SELECT sum(amount) AS amount FROM costs
    WHERE account_no IS NULL AND day >= $from_day AND {served(left_out)}
    UNION ALL
    SELECT sum(cost) AS amount FROM contacts WHERE account_no IS NULL AND day >= $from_day
  ) c
), added AS (
  SELECT account_no, CAST(sum(orders) AS BIGINT) AS orders, CAST(sum(bought) AS BIGINT) AS bought,
         {", ".join(f"CAST(sum({name}) AS DECIMAL(18, 4)) AS {name}" for name in MONEY)}
  FROM parts GROUP BY account_no
), weights AS (
  SELECT CAST(sum({weight}) AS DOUBLE) AS total FROM added
), shared AS (
  SELECT a.*,
         CAST(coalesce(CAST(c.amount AS DOUBLE) * CAST({weight} AS DOUBLE) / nullif(w.total, 0), 0)
              AS DECIMAL(18, 4)) AS allocated
  FROM added a CROSS JOIN common c CROSS JOIN weights w
), profit AS (
  SELECT s.*,
         net - unknown_net - cost_of_goods AS margin,
         net - unknown_net - cost_of_goods - direct_costs - contact_costs AS before_allocation,
         net - unknown_net - cost_of_goods - direct_costs - contact_costs - allocated AS profit
  FROM shared s
)"""
