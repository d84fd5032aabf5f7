"""What the customer is worth and how the relation stands: figures of the customer facts, each with its unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.result import Column, Table

FACTS = (
    Column("fact", Text("指标", "Figure"), "label", role="key", vocabulary="customer_fact"),
    Column("value", Text("值", "Value"), "number", unit_column="unit"),
    Column("unit", Text("单位", "Unit"), "text", role="note"),
)
UNITS = {
    "first_order_on": "date", "last_purchase_on": "date", "recency_days": "days", "orders_placed": "count",
    "purchases": "count", "gross_revenue": "money", "returns": "money", "net_revenue": "money", "margin": "money",
    "window_net": "money", "per_purchase": "money", "own_gap": "days", "place": "count", "customers": "count",
}  # fmt: skip

# The customer's figures, own median gap between purchase days, and place among all customers by net revenue.
FACTS_SQL = """
WITH days AS (
  SELECT order_day FROM purchases WHERE account_no = $account
  GROUP BY order_day HAVING sum(orders) - sum(cancelled) > 0
), gaps AS (
  SELECT date_diff('day', lag(order_day) OVER (ORDER BY order_day), order_day) AS gap FROM days
), own AS (
  SELECT median(CAST(gap AS DOUBLE)) AS own_gap FROM gaps
), placed AS (
  SELECT account_no, rank() OVER (ORDER BY net_revenue DESC) AS place, count(*) OVER () AS customers FROM customer_facts
)
SELECT c.first_order_on, c.last_purchase_on, c.recency_days, c.orders_placed, c.purchases, c.gross_revenue, c.returns,
       c.net_revenue, c.margin, w.window_net,
       CAST(CASE WHEN c.purchases > 0 THEN CAST(c.net_revenue AS DOUBLE) / c.purchases END AS DECIMAL(18, 4)) AS per_purchase,
       o.own_gap, p.place, p.customers
FROM customer_facts c
JOIN window_facts w ON w.account_no = c.account_no
JOIN placed p ON p.account_no = c.account_no
CROSS JOIN own o
WHERE c.account_no = $account
"""


def facts_table(inputs: Inputs, account: int, since: date) -> Table:
    """One row a figure; none for a customer without an order."""
    found = inputs.query(FACTS_SQL, account=account, from_day=since).to_pylist()
    rows: list[dict[str, Any]] = [
        {"fact": name, "value": _text(value), "unit": UNITS[name]}
        for record in found
        for name, value in record.items()
        if value is not None
    ]
    title = Text("价值与购买", "Value and purchases")
    return inputs.computed(
        "facts",
        title,
        FACTS,
        ("fact",),
        rows,
        method="customer_360.value",
        sql=FACTS_SQL,
        account=account,
        from_day=since,
    )


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)
