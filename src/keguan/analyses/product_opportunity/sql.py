"""Queries of product opportunities. SQL text only. Parameters: $since, $top; GROWTH_SQL those of marts.period_pair."""

from __future__ import annotations

from keguan.marts.answers import WHOLE
from keguan.marts.line_metrics import LINE_NET, LINES_BOUGHT, LINES_RETURNED
from keguan.marts.period_pair import IN_PERIODS
from keguan.marts.product_sales import PAIR_SUMS, PRODUCT_LINES

OTHER = "其他"

# The products looked at: the largest net revenue since $since.
TOP = f"""
totals AS (
  SELECT product_id, {LINE_NET.sql} AS net_revenue, {LINES_BOUGHT.sql} AS bought, {LINES_RETURNED.sql} AS returned
  FROM order_lines WHERE {PRODUCT_LINES} AND day >= $since AND product_id IS NOT NULL
  GROUP BY product_id
), leaders AS (
  SELECT product_id FROM (
    SELECT product_id, row_number() OVER (ORDER BY net_revenue DESC, product_id) AS place
    FROM totals WHERE net_revenue > 0) r
  WHERE place <= $top
)"""

# One row per leading product and one for all others: lines, buyers and those who bought on two or more days.
TOTALS_SQL = f"""
WITH {TOP}, buying AS (
  SELECT product_id, account_no, count(DISTINCT day) AS days
  FROM order_lines
  WHERE {PRODUCT_LINES} AND movement = 'purchase' AND day >= $since AND product_id IS NOT NULL
    AND account_no IS NOT NULL
  GROUP BY product_id, account_no
), buyers AS (
  SELECT product_id, count(*) AS customers, sum(CASE WHEN days >= 2 THEN 1 ELSE 0 END) AS repeaters
  FROM buying GROUP BY product_id
)
SELECT coalesce(l.product_id, '{OTHER}') AS product_id, max(p.name) AS name, max(p.category) AS category,
       sum(t.net_revenue) AS net_revenue,
       CAST(sum(t.bought) AS BIGINT) AS bought, CAST(sum(t.returned) AS BIGINT) AS returned,
       CAST(sum(coalesce(b.customers, 0)) AS BIGINT) AS customers,
       CAST(sum(coalesce(b.repeaters, 0)) AS BIGINT) AS repeaters
FROM totals t
LEFT JOIN leaders l ON l.product_id = t.product_id
LEFT JOIN buyers b ON b.product_id = t.product_id
LEFT JOIN products p ON p.product_id = l.product_id
GROUP BY coalesce(l.product_id, '{OTHER}')
ORDER BY net_revenue DESC, product_id
"""

# How many gaps of so many days lie between purchases of the same product by the same customer.
GAPS_SQL = f"""
WITH {TOP}, days AS (
  SELECT o.product_id, o.account_no, o.day
  FROM order_lines o JOIN leaders l ON l.product_id = o.product_id
  WHERE o.movement = 'purchase' AND o.line_kind = 'product' AND o.account_no IS NOT NULL
  GROUP BY o.product_id, o.account_no, o.day
), gaps AS (
  SELECT product_id,
         date_diff('day', lag(day) OVER (PARTITION BY product_id, account_no ORDER BY day), day) AS gap
  FROM days
)
SELECT product_id, gap, count(*) AS gaps FROM gaps WHERE gap IS NOT NULL GROUP BY product_id, gap
ORDER BY product_id, gap
"""

# Sums of both periods per leading product, and all others as one; a guest's order stands for a customer.
GROWTH_SQL = f"""
WITH {TOP}, units AS (
  SELECT coalesce(l.product_id, '{OTHER}') AS part, o.account_no,
         CASE WHEN o.account_no IS NULL THEN o.order_id END AS guest_order,
         CASE WHEN o.day >= $first THEN 1 ELSE 0 END AS is_current, {LINE_NET.sql} AS net
  FROM order_lines o LEFT JOIN leaders l ON l.product_id = o.product_id
  WHERE {PRODUCT_LINES} AND {IN_PERIODS}
  GROUP BY coalesce(l.product_id, '{OTHER}'), o.account_no,
           CASE WHEN o.account_no IS NULL THEN o.order_id END, CASE WHEN o.day >= $first THEN 1 ELSE 0 END
), {PAIR_SUMS}"""

# Scores by product and scale: number, sum, sum of squares.
RATING_SQL = f"""
SELECT product_id, coalesce(scale, '待核实') AS scale, count(*) AS answers, sum(score) AS total,
       CAST(sum(score * score) AS DOUBLE) AS squares
FROM {WHOLE} f
WHERE product_id IS NOT NULL AND (day IS NULL OR day >= $since)
GROUP BY product_id, coalesce(scale, '待核实')
ORDER BY product_id, scale
"""
