"""Queries of new products. SQL text only.

Parameters: $since (launches from here on are new), $known_from (a first sale before it tells no launch), $days (window
of the speed of acceptance), $as_of, $most_new, $most_earlier.
"""

from __future__ import annotations

from keguan.marts.line_metrics import LINE_NET, PRODUCTS_ONLY

# The launch of a product: the day given, else its first sale where the data are old enough to tell.
LAUNCHES = f"""
sold AS (
  SELECT product_id, min(day) AS first_sale FROM order_lines
  WHERE movement = 'purchase' AND {PRODUCTS_ONLY} AND product_id IS NOT NULL
  GROUP BY product_id
), dated AS (
  SELECT s.product_id, p.name,
         coalesce(p.launched_on, CASE WHEN s.first_sale >= $known_from THEN s.first_sale END) AS launch,
         CASE WHEN p.launched_on IS NULL THEN 'first_sale' ELSE 'given' END AS launch_source
  FROM sold s LEFT JOIN products p ON p.product_id = s.product_id
), placed AS (
  SELECT d.*, CASE WHEN launch >= $since THEN 1 ELSE 0 END AS is_new,
         row_number() OVER (PARTITION BY CASE WHEN launch >= $since THEN 1 ELSE 0 END
                            ORDER BY launch DESC, product_id) AS place
  FROM dated d WHERE launch IS NOT NULL AND launch <= $as_of AND launch >= $data_from
), launches AS (
  SELECT * FROM placed
  WHERE (is_new = 1 AND place <= $most_new)
     OR (is_new = 0 AND place <= $most_earlier AND date_diff('day', launch, $as_of) >= $days)
)"""

TRIED_SQL = f"""
WITH {LAUNCHES}, bought AS (
  SELECT l.product_id, o.account_no, count(DISTINCT o.day) AS days,
         min(date_diff('day', l.launch, o.day)) AS after
  FROM order_lines o JOIN launches l ON l.product_id = o.product_id
  WHERE o.movement = 'purchase' AND o.{PRODUCTS_ONLY} AND o.account_no IS NOT NULL AND o.day >= l.launch
  GROUP BY l.product_id, o.account_no
), triers AS (
  SELECT product_id, count(*) AS tried, sum(CASE WHEN days >= 2 THEN 1 ELSE 0 END) AS again,
         sum(CASE WHEN after < $days THEN 1 ELSE 0 END) AS tried_early
  FROM bought GROUP BY product_id
), money AS (
  SELECT o.product_id, {LINE_NET.sql} AS net_revenue
  FROM order_lines o JOIN launches l ON l.product_id = o.product_id
  WHERE o.{PRODUCTS_ONLY} GROUP BY o.product_id
), last_days AS (
  SELECT last_order_on, count(*) AS customers FROM customer_facts
  WHERE last_order_on IS NOT NULL GROUP BY last_order_on
), active AS (
  SELECT l.product_id, sum(d.customers) AS customers
  FROM launches l JOIN last_days d ON d.last_order_on >= l.launch
  GROUP BY l.product_id
), order_days AS (
  SELECT account_no, day FROM purchases WHERE account_no IS NOT NULL GROUP BY account_no, day HAVING sum(orders) > 0
), launch_days AS (
  SELECT DISTINCT launch FROM launches
), early AS (
  SELECT l.launch, count(DISTINCT o.account_no) AS customers
  FROM launch_days l JOIN order_days o ON o.day >= l.launch AND date_diff('day', l.launch, o.day) < $days
  GROUP BY l.launch
)
SELECT l.product_id, l.name, l.launch, l.launch_source, l.is_new,
       date_diff('day', l.launch, $as_of) AS on_sale,
       coalesce(m.net_revenue, 0) AS net_revenue,
       CAST(coalesce(a.customers, 0) AS BIGINT) AS active, coalesce(t.tried, 0) AS tried,
       CAST(coalesce(t.again, 0) AS BIGINT) AS again,
       coalesce(e.customers, 0) AS early_active, CAST(coalesce(t.tried_early, 0) AS BIGINT) AS tried_early
FROM launches l
LEFT JOIN triers t ON t.product_id = l.product_id
LEFT JOIN money m ON m.product_id = l.product_id
LEFT JOIN active a ON a.product_id = l.product_id
LEFT JOIN early e ON e.launch = l.launch
ORDER BY l.is_new DESC, l.launch DESC, l.product_id
"""


def segments_sql(segment: str) -> str:
    """Customers active since $since by their segment at its beginning, and those who bought a new product."""
    return f"""
WITH {LAUNCHES}, active AS (
  SELECT account_no FROM customer_facts WHERE last_order_on >= $since
), tried AS (
  SELECT DISTINCT o.account_no
  FROM order_lines o JOIN launches l ON l.product_id = o.product_id AND l.is_new = 1
  WHERE o.movement = 'purchase' AND o.{PRODUCTS_ONLY} AND o.account_no IS NOT NULL AND o.day >= l.launch
)
SELECT coalesce(s.label, '当时尚未购买') AS segment, count(*) AS customers,
       CAST(sum(CASE WHEN t.account_no IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS tried
FROM active a
LEFT JOIN {segment} s ON s.account_no = a.account_no
LEFT JOIN tried t ON t.account_no = a.account_no
GROUP BY coalesce(s.label, '当时尚未购买')
ORDER BY segment
"""
