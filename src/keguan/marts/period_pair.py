"""Two periods side by side, one row per customer: CTEs for comparisons. SQL text only.

Parameters: $first, $last (the period), $base_first, $base_last (the one it is compared with, entirely
before it). A purchase counts in the period of its order unless it was fully returned by that period's end,
so that both periods are seen with the returns known when they closed.
"""

from __future__ import annotations

IN_PERIODS = "(day BETWEEN $first AND $last OR day BETWEEN $base_first AND $base_last)"

# Yields customer_pair(account_no, base_net, base_orders, base_purchases, net, orders, purchases).
CUSTOMER_PAIR = f"""
customer_pair AS (
  SELECT account_no,
         sum(CASE WHEN day < $first THEN gross - returns ELSE 0 END) AS base_net,
         sum(CASE WHEN day < $first THEN orders ELSE 0 END) AS base_orders,
         -- an order of before the period that was returned within it takes no purchase from the period
         sum(CASE WHEN day < $first AND order_day >= $base_first THEN orders - cancelled ELSE 0 END) AS base_purchases,
         sum(CASE WHEN day >= $first THEN gross - returns ELSE 0 END) AS net,
         sum(CASE WHEN day >= $first THEN orders ELSE 0 END) AS orders,
         sum(CASE WHEN day >= $first AND order_day >= $first THEN orders - cancelled ELSE 0 END) AS purchases
  FROM purchases
  WHERE account_no IS NOT NULL AND {IN_PERIODS}
  GROUP BY account_no
  HAVING sum(lines) <> 0
)"""

# Sum of the squared changes of customers, for the variance of their total. Added up exactly, in hundredths:
# doubles would differ with the order in which an engine meets the rows. Whole numbers where they do: wide
# decimals take fifty times as long.
_CENTS = "CAST(CAST(CAST(net - base_net AS DECIMAL(18, 4)) AS DECIMAL(18, 2)) * 100 AS DECIMAL(18, 0))"
_SQUARE = f"""CASE WHEN abs({_CENTS}) < 3000000000
  THEN CAST(CAST({_CENTS} AS BIGINT) * CAST({_CENTS} AS BIGINT) AS DECIMAL(38, 0))
  ELSE CAST({_CENTS} AS DECIMAL(19, 0)) * CAST({_CENTS} AS DECIMAL(19, 0)) END"""
SQUARES = f"CAST(coalesce(sum({_SQUARE}), 0) AS DOUBLE) / 10000"
