"""Two periods side by side, one row per customer: CTEs for comparisons. SQL text only.

Parameters: $first, $last (the period), $base_first, $base_last (the one it is compared with, entirely
before it). A purchase counts in the period of its order unless it was fully returned by that period's end,
so that both periods are seen with the returns known when they closed.
"""

from __future__ import annotations

from keguan.marts.metrics import NET_REVENUE, ORDERS, PURCHASES

IN_PERIODS = "(day BETWEEN $first AND $last OR day BETWEEN $base_first AND $base_last)"

# Yields customer_pair(account_no, base_net, base_orders, base_purchases, net, orders, purchases).
CUSTOMER_PAIR = f"""
in_period AS (
  SELECT account_no,
         CASE WHEN day >= $first THEN 1 ELSE 0 END AS is_current,
         {NET_REVENUE.sql} AS net,
         {ORDERS.sql} AS orders
  FROM purchases
  WHERE account_no IS NOT NULL AND {IN_PERIODS}
  GROUP BY account_no, CASE WHEN day >= $first THEN 1 ELSE 0 END
), bought_in_period AS (
  SELECT account_no,
         CASE WHEN day >= $first THEN 1 ELSE 0 END AS is_current,
         {PURCHASES.sql} AS purchases
  FROM purchases
  WHERE account_no IS NOT NULL
    -- an order of before the period that was returned within it takes no purchase from the period
    AND ((day BETWEEN $first AND $last AND order_day >= $first)
      OR (day BETWEEN $base_first AND $base_last AND order_day >= $base_first))
  GROUP BY account_no, CASE WHEN day >= $first THEN 1 ELSE 0 END
), customer_pair AS (
  SELECT p.account_no,
         sum(CASE WHEN p.is_current = 0 THEN p.net ELSE 0 END) AS base_net,
         sum(CASE WHEN p.is_current = 0 THEN p.orders ELSE 0 END) AS base_orders,
         sum(CASE WHEN p.is_current = 0 THEN coalesce(b.purchases, 0) ELSE 0 END) AS base_purchases,
         sum(CASE WHEN p.is_current = 1 THEN p.net ELSE 0 END) AS net,
         sum(CASE WHEN p.is_current = 1 THEN p.orders ELSE 0 END) AS orders,
         sum(CASE WHEN p.is_current = 1 THEN coalesce(b.purchases, 0) ELSE 0 END) AS purchases
  FROM in_period p
  LEFT JOIN bought_in_period b ON b.account_no = p.account_no AND b.is_current = p.is_current
  GROUP BY p.account_no
)"""
