"""The first order of each customer: its day, channel and region. SQL text only.

An order opens with its first purchase line; the earliest time wins, then the order number. `channel` and
`region` are where a customer came from and never change later, so they can segment any period.
"""

from __future__ import annotations

# Yields first_order(account_no, day, channel, region); unknown values are 待核实 (to be verified).
FIRST_ORDER = """
placed AS (
  SELECT order_id, account_no, day, channel, region
  FROM order_lines WHERE opens_order = 1 AND account_no IS NOT NULL
), first_days AS (
  SELECT account_no, min(day) AS day FROM placed GROUP BY account_no
), on_first_day AS (
  SELECT p.order_id, p.account_no, p.day, p.channel, p.region
  FROM placed p JOIN first_days f ON f.account_no = p.account_no AND f.day = p.day
), in_order AS (
  SELECT d.account_no, d.day, d.channel, d.region,
         row_number() OVER (PARTITION BY d.account_no ORDER BY o.ordered_at NULLS LAST, d.order_id) AS place
  FROM on_first_day d LEFT JOIN orders o ON o.order_id = d.order_id
), first_order AS (
  SELECT account_no, day, coalesce(channel, '待核实') AS channel, coalesce(region, '待核实') AS region
  FROM in_order WHERE place = 1
)"""
