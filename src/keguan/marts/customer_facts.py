"""`customer_facts`: one row per customer as of a date.

The facts of today are stored and brought up to date by each import; those of an earlier date are computed
from `purchases`, cut at that date. Guests are no customers and have no row.

orders_placed     orders with a purchase line; a later return never takes one away
purchases         orders not fully returned by the as-of date
last_purchase_on  skips orders fully returned
first_channel, first_region   of the first order, so that they can segment any period; unknown is 待核实
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
    "first_channel": "VARCHAR",
    "first_region": "VARCHAR",
    "recency_days": "BIGINT",
    "tenure_days": "BIGINT",
}


def day_literal(day: date) -> str:
    """A DATE literal that both engines read."""
    return f"DATE '{day.isoformat()}'"


# Facts over rows of `purchases`, without the first order's channel and region. Days of which no line is left
# are no days.
FROM_PURCHASES = """
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
FROM (
  SELECT account_no, order_day,
         sum(orders) AS placed, sum(orders) - sum(cancelled) AS kept,
         sum(gross) AS gross, sum(returns) AS returns, sum(margin) AS margin
  FROM {purchases} WHERE account_no IS NOT NULL
  GROUP BY account_no, order_day
  HAVING sum(lines) <> 0) order_days
GROUP BY account_no
"""

# Facts of today, as stored. Reads `purchases` and first_order (see marts.first_order).
BUILD = f"""
SELECT f.*, coalesce(o.channel, '待核实') AS first_channel, coalesce(o.region, '待核实') AS first_region
FROM ({FROM_PURCHASES.format(purchases="purchases")}) f
LEFT JOIN first_order o ON o.account_no = f.account_no
"""


def _with_ages(facts: str, as_of: date) -> str:
    return f"""
SELECT f.*,
       date_diff('day', last_purchase_on, {day_literal(as_of)}) AS recency_days,
       date_diff('day', first_order_on, {day_literal(as_of)}) AS tenure_days
FROM ({facts}) f
"""


def facts_today_sql(as_of: date) -> str:
    """SQL of customer_facts where nothing happened after `as_of`: the stored facts and their ages."""
    return _with_ages("SELECT * FROM all_customer_facts", as_of)


def facts_then_sql(as_of: date) -> str:
    """SQL of customer_facts at an earlier date; `purchases` must already be cut there.

    Channel and region of the first order are the same at any date at which there is a first order.
    """
    facts = f"""
SELECT p.*, s.first_channel, s.first_region
FROM ({FROM_PURCHASES.format(purchases="purchases")}) p
LEFT JOIN all_customer_facts s ON s.account_no = p.account_no"""
    return _with_ages(facts, as_of)
