"""Queries of delivery. SQL text only. Parameters: $since, $until (orders old enough to have arrived), $promise (days)."""

from __future__ import annotations

from keguan.marts.answers import WHOLE
from keguan.marts.product_sales import SEPARATOR
from keguan.schema.vocabulary import UNKNOWN

# Differences of dates in one zone, so that no day is won or lost; none below zero.
TIMED = f"""
timed AS (
  SELECT o.order_id, o.account_no, o.day, coalesce(o.region, '{UNKNOWN}') AS region,
         date_diff('day', CAST(o.ordered_at AS DATE), CAST(o.shipped_at AS DATE)) AS to_ship,
         date_diff('day', CAST(o.ordered_at AS DATE), CAST(o.delivered_at AS DATE)) AS to_arrive,
         CAST(o.delivered_at AS DATE) AS arrived_on
  FROM orders o
  WHERE o.day BETWEEN $since AND $until AND (o.shipped_at IS NOT NULL OR o.delivered_at IS NOT NULL)
    AND o.order_id IN (SELECT order_id FROM order_lines WHERE movement = 'purchase')
), sane AS (
  SELECT order_id, account_no, day, region, arrived_on,
         CASE WHEN to_ship >= 0 THEN to_ship END AS to_ship, CASE WHEN to_arrive >= 0 THEN to_arrive END AS to_arrive,
         CASE WHEN to_ship < 0 OR to_arrive < 0 THEN 1 ELSE 0 END AS impossible
  FROM timed
)"""

COUNTS_SQL = f"""
WITH {TIMED}, products_of AS (
  SELECT DISTINCT s.order_id, s.to_ship, s.to_arrive,
         coalesce(split_part(p.category, '{SEPARATOR}', 1), p.name, l.product_id) AS value
  FROM sane s JOIN order_lines l ON l.order_id = s.order_id AND l.movement = 'purchase' AND l.line_kind = 'product'
  LEFT JOIN products p ON p.product_id = l.product_id
), placed AS (
  SELECT 'all' AS dimension, '全部' AS value, to_ship, to_arrive FROM sane
  UNION ALL SELECT 'region', region, to_ship, to_arrive FROM sane
  UNION ALL SELECT 'product', value, to_ship, to_arrive FROM products_of WHERE value IS NOT NULL
)
SELECT dimension, value, 'to_ship' AS measure, to_ship AS days, count(*) AS orders FROM placed
WHERE to_ship IS NOT NULL GROUP BY dimension, value, to_ship
UNION ALL
SELECT dimension, value, 'to_arrive', to_arrive, count(*) FROM placed
WHERE to_arrive IS NOT NULL GROUP BY dimension, value, to_arrive
ORDER BY dimension, value, measure, days
"""

IMPOSSIBLE_SQL = f"WITH {TIMED} SELECT count(*) AS orders FROM sane WHERE impossible = 1"

_BAND = "CASE WHEN {days} <= 3 THEN '0-3' WHEN {days} <= 7 THEN '4-7' WHEN {days} <= 14 THEN '8-14' ELSE '15+' END"

# The next score of the customer within 60 days of the arrival, one an order.
SATISFIED_SQL = f"""
WITH {TIMED}, answered AS (
  SELECT s.order_id, s.to_arrive, f.score,
         row_number() OVER (PARTITION BY s.order_id ORDER BY f.day, f.feedback_id) AS place
  FROM sane s JOIN {WHOLE} f ON f.account_no = s.account_no
  WHERE f.scale = 'csat5' AND s.to_arrive IS NOT NULL
    AND date_diff('day', s.arrived_on, f.day) BETWEEN 0 AND 60
)
SELECT {_BAND.format(days="to_arrive")} AS band, count(*) AS customers,
       CAST(sum(CASE WHEN score >= 4 THEN 1 ELSE 0 END) AS BIGINT) AS hits
FROM answered WHERE place = 1 GROUP BY {_BAND.format(days="to_arrive")} ORDER BY band
"""

# Customers by the arrival of their first order of the period, and those with an order within 90 days after it.
AGAIN_SQL = f"""
WITH {TIMED}, first_ones AS (
  SELECT account_no, to_arrive, arrived_on FROM (
    SELECT account_no, to_arrive, arrived_on, row_number() OVER (PARTITION BY account_no ORDER BY day, order_id) AS place
    FROM sane WHERE account_no IS NOT NULL AND to_arrive IS NOT NULL) r
  WHERE place = 1 AND date_diff('day', arrived_on, $as_of) >= 90
), order_days AS (
  SELECT account_no, day FROM purchases WHERE account_no IS NOT NULL GROUP BY account_no, day HAVING sum(orders) > 0
), again AS (
  SELECT DISTINCT f.account_no FROM first_ones f
  JOIN order_days d ON d.account_no = f.account_no AND date_diff('day', f.arrived_on, d.day) BETWEEN 1 AND 90
)
SELECT {_BAND.format(days="f.to_arrive")} AS band, count(*) AS customers,
       CAST(sum(CASE WHEN a.account_no IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS hits
FROM first_ones f LEFT JOIN again a ON a.account_no = f.account_no
GROUP BY {_BAND.format(days="f.to_arrive")} ORDER BY band
"""
