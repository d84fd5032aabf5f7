"""The first order of each customer: its day, channel and region. SQL text only; steps one after the other.

An order opens with its first purchase line; the earliest time wins, then the order number. Only customers
with several orders on their first day need the times.
"""

from __future__ import annotations

PLACED = """
SELECT order_id, account_no, day, channel, region
FROM order_lines WHERE opens_order = 1 AND account_no IS NOT NULL
"""

ON_FIRST_DAY = """
SELECT p.order_id, p.account_no, p.channel, p.region
FROM placed_orders p
JOIN (SELECT account_no, min(day) AS day FROM placed_orders GROUP BY account_no) f
  ON f.account_no = p.account_no AND f.day = p.day
"""

FIRST_ORDER = """
WITH counted AS (
  SELECT account_no, count(*) AS orders, max(channel) AS channel, max(region) AS region
  FROM first_day_orders GROUP BY account_no
), several AS (
  SELECT d.account_no, d.channel, d.region,
         row_number() OVER (PARTITION BY d.account_no ORDER BY o.ordered_at NULLS LAST, d.order_id) AS place
  FROM first_day_orders d
  JOIN counted c ON c.account_no = d.account_no AND c.orders > 1
  LEFT JOIN orders o ON o.order_id = d.order_id
)
SELECT account_no, channel, region FROM counted WHERE orders = 1
UNION ALL
SELECT account_no, channel, region FROM several WHERE place = 1
"""

# (name, SQL) of the temporary tables to make; the last is first_order(account_no, channel, region).
STEPS = (("placed_orders", PLACED), ("first_day_orders", ON_FIRST_DAY), ("first_order", FIRST_ORDER))
