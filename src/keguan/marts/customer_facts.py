"""`customer_facts`: one row per customer as of a date, and the same facts within a window.

Reads the view `purchases`, already cut at the as-of date. Guests are no customers and have no row.

orders_placed     orders with a purchase line; a later return never takes one away
purchases         orders not fully returned by the as-of date
last_purchase_on  skips orders fully returned
net_revenue       gross - returns, each on its own day
"""

from __future__ import annotations

from datetime import date

COLUMNS = {
    "account_no": "INTEGER",
    "first_order_on": "DATE",
    "last_order_on": "DATE",
    "first_purchase_on": "DATE",
    "last_purchase_on": "DATE",
    "orders_placed": "BIGINT",
    "purchases": "BIGINT",
    "purchase_days": "BIGINT",
    "gross_revenue": "DECIMAL(18, 4)",
    "returns": "DECIMAL(18, 4)",
    "net_revenue": "DECIMAL(18, 4)",
    "margin": "DECIMAL(18, 4)",
    "recency_days": "BIGINT",
    "tenure_days": "BIGINT",
}


def day_literal(day: date) -> str:
    """A DATE literal that both engines read."""
    return f"DATE '{day.isoformat()}'"


def customer_facts_sql(as_of: date) -> str:
    """SQL of customer_facts; purchases must already be cut at `as_of`."""
    return f"""
WITH order_days AS (
  SELECT account_no, order_day,
         sum(orders) AS placed, sum(orders) - sum(cancelled) AS kept,
         sum(gross) AS gross, sum(returns) AS returns, sum(margin) AS margin
  FROM purchases WHERE account_no IS NOT NULL
  GROUP BY account_no, order_day
), facts AS (
  SELECT account_no,
         min(CASE WHEN placed > 0 THEN order_day END) AS first_order_on,
         max(CASE WHEN placed > 0 THEN order_day END) AS last_order_on,
         min(CASE WHEN kept > 0 THEN order_day END) AS first_purchase_on,
         max(CASE WHEN kept > 0 THEN order_day END) AS last_purchase_on,
         CAST(sum(placed) AS BIGINT) AS orders_placed,
         CAST(sum(kept) AS BIGINT) AS purchases,
         CAST(sum(CASE WHEN kept > 0 THEN 1 ELSE 0 END) AS BIGINT) AS purchase_days,
         CAST(sum(gross) AS DECIMAL(18, 4)) AS gross_revenue,
         CAST(sum(returns) AS DECIMAL(18, 4)) AS returns,
         CAST(sum(gross) - sum(returns) AS DECIMAL(18, 4)) AS net_revenue,
         CAST(sum(margin) AS DECIMAL(18, 4)) AS margin
  FROM order_days GROUP BY account_no
)
SELECT account_no, first_order_on, last_order_on, first_purchase_on, last_purchase_on,
       orders_placed, purchases, purchase_days, gross_revenue, returns, net_revenue, margin,
       date_diff('day', last_purchase_on, {day_literal(as_of)}) AS recency_days,
       date_diff('day', first_order_on, {day_literal(as_of)}) AS tenure_days
FROM facts
"""


# One row per customer with a purchase or a return inside [$from_day, as-of]; a CTE for analyses.
WINDOW_FACTS = """
  SELECT account_no,
         CAST(sum(CASE WHEN order_day >= $from_day THEN orders - cancelled ELSE 0 END) AS BIGINT) AS purchases,
         CAST(sum(CASE WHEN day >= $from_day THEN gross - returns ELSE 0 END) AS DECIMAL(18, 4)) AS net_revenue,
         CAST(sum(CASE WHEN day >= $from_day THEN gross ELSE 0 END) AS DECIMAL(18, 4)) AS gross_revenue
  FROM purchases
  WHERE account_no IS NOT NULL AND day >= $from_day
  GROUP BY account_no
"""
