"""Net spend of the customers in SQL: who spends how much, in which order, how much of the total.

Every query takes $from_day, the first day of the window, also where only `window_facts` reads it.
"""

from __future__ import annotations

from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.marts.metrics import NET_REVENUE

TOPS = (0.01, 0.05, 0.1, 0.2, 0.5)

SPEND = """
positive AS (
  SELECT account_no, window_net AS spend,
         row_number() OVER (ORDER BY window_net, account_no) AS place,
         count(*) OVER () AS customers,
         sum(window_net) OVER () AS total
  FROM window_facts WHERE window_net > 0
)"""
GINI_SQL = f"""
WITH {SPEND}, upper_half AS (
  SELECT place, customers, spend, total,
         sum(spend) OVER (ORDER BY place DESC ROWS UNBOUNDED PRECEDING) - spend AS above
  FROM positive
)
SELECT count(*) AS customers,
       CAST(coalesce(sum(spend), 0) AS DECIMAL(18, 4)) AS net_revenue,
       2 * CAST(sum(place * spend) AS DOUBLE)
         / nullif(count(*) * CAST(sum(spend) AS DOUBLE), 0) - (count(*) + 1) / nullif(CAST(count(*) AS DOUBLE), 0)
         AS gini,
       sum(CASE WHEN above * 2 < total THEN 1 ELSE 0 END) AS half
FROM upper_half
"""
TOP_SQL = f"""
WITH {SPEND}, tops AS (
  SELECT CAST(top AS DOUBLE) AS top
  FROM (VALUES {", ".join(f"({top})" for top in TOPS)}) AS t(top)
)
SELECT t.top,
       count(*) AS customers,
       CAST(sum(p.spend) AS DECIMAL(18, 4)) AS net_revenue,
       CAST(sum(p.spend) AS DOUBLE) / CAST(max(p.total) AS DOUBLE) AS share
FROM tops t
JOIN positive p ON p.customers - p.place < ceil(t.top * p.customers - 0.000001)
GROUP BY t.top
ORDER BY t.top
"""
# The curve at each full per cent of customers, from the smallest spender up.
LORENZ_SQL = f"""
WITH {SPEND}, steps AS (
  SELECT CAST(ceil(CAST(place * 100 AS DOUBLE) / customers) AS INTEGER) AS percent, spend, total
  FROM positive
  WHERE customers >= $min_n
), summed AS (
  SELECT percent, sum(spend) AS spend, max(total) AS total FROM steps GROUP BY percent
  UNION ALL
  SELECT 0 AS percent, 0 AS spend, max(total) AS total FROM steps HAVING count(*) > 0
)
SELECT percent / 100.0 AS customers_share,
       CAST(sum(spend) OVER (ORDER BY percent ROWS UNBOUNDED PRECEDING) AS DOUBLE)
         / CAST(total AS DOUBLE) AS revenue_share,
       percent / 100.0 AS equal_share
FROM summed
ORDER BY customers_share
"""
# Spend by random group and rank: per mille of customers in the top 5 %, half per cent below.
CELLS_SQL = f"""
WITH {SPEND}, ranked AS (
  SELECT account_no, spend, CAST(floor(CAST((customers - place) * 1000 AS DOUBLE) / customers) AS INTEGER) AS mille
  FROM positive
)
SELECT CASE WHEN mille < 50 THEN mille ELSE 50 + CAST(floor((mille - 50) / 5.0) AS INTEGER) END AS rank_group,
       {BUCKET} AS bucket,
       count(*) AS customers,
       CAST(sum(spend) AS DOUBLE) AS spend
FROM ranked
GROUP BY CASE WHEN mille < 50 THEN mille ELSE 50 + CAST(floor((mille - 50) / 5.0) AS INTEGER) END, {BUCKET}
"""
ACCOUNTS_SQL = f"""
WITH {SPEND}, before AS (
  SELECT account_no, {NET_REVENUE.sql} AS spend
  FROM purchases
  WHERE account_no IS NOT NULL AND day >= $from_before AND day < $from_day
  GROUP BY account_no
), largest AS (
  SELECT account_no, spend, total, customers - place + 1 AS place
  FROM positive WHERE customers - place < $accounts
), days AS (
  SELECT p.account_no, p.order_day
  FROM purchases p JOIN largest l ON l.account_no = p.account_no
  GROUP BY p.account_no, p.order_day
  HAVING sum(p.orders) - sum(p.cancelled) > 0
), gaps AS (
  SELECT account_no, order_day,
         date_diff('day', lag(order_day) OVER (PARTITION BY account_no ORDER BY order_day), order_day) AS gap
  FROM days
), rhythm AS (
  SELECT account_no, max(order_day) AS last_purchase_on, median(CAST(gap AS DOUBLE)) AS own_gap
  FROM gaps GROUP BY account_no
)
SELECT l.place,
       CAST(l.account_no AS VARCHAR) AS account,
       l.spend AS net_revenue,
       CAST(l.spend AS DOUBLE) / CAST(l.total AS DOUBLE) AS share,
       coalesce(b.spend, 0) AS before,
       l.spend - coalesce(b.spend, 0) AS change,
       r.last_purchase_on,
       date_diff('day', r.last_purchase_on, $as_of) AS silent_days,
       r.own_gap,
       coalesce(date_diff('day', r.last_purchase_on, $as_of) > 3 * r.own_gap, false) AS overdue
FROM largest l
LEFT JOIN before b ON b.account_no = l.account_no
LEFT JOIN rhythm r ON r.account_no = l.account_no
ORDER BY l.place
"""
