"""Queries of promotion. SQL text only.

An order is on promotion when it names a campaign or a coupon, or when money was taken off it or a line of it.
Parameters: $first, $last, $base_first, $base_last (marts.period_pair).
"""

from __future__ import annotations

from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.marts.line_metrics import LINE_GROSS, LINE_ORDERS, LINE_QUANTITY
from keguan.marts.period_pair import IN_PERIODS

NONE, UNSEGMENTED = "none", "当时尚未购买"

# One row an order with its kind of promotion; a named campaign comes before a coupon, a coupon before a discount.
PLACED = f"""
placed AS (
  SELECT order_id, account_no, day, {LINE_GROSS.sql} AS gross, {LINE_ORDERS.sql} AS orders, {LINE_QUANTITY.sql} AS pieces,
         sum(CASE WHEN discount > 0 THEN discount ELSE 0 END) AS taken_off
  FROM order_lines WHERE movement = 'purchase' AND {IN_PERIODS}
  GROUP BY order_id, account_no, day
), offers AS (
  SELECT order_id AS offer_order, max(campaign_id) AS campaign_id, max(coupon) AS coupon, max(discount) AS order_discount
  FROM orders WHERE {IN_PERIODS} GROUP BY order_id
), flagged AS (
  SELECT p.order_id, p.account_no, p.day, p.gross, p.pieces,
         -- money taken off is on the lines, or on the order, seldom on both: the larger one
         greatest(p.taken_off, coalesce(o.order_discount, 0)) AS taken_off,
         CASE WHEN p.day >= $first THEN 1 ELSE 0 END AS is_current,
         CASE WHEN o.campaign_id IS NOT NULL THEN 'campaign' WHEN o.coupon IS NOT NULL THEN 'coupon'
              WHEN p.taken_off > 0 OR o.order_discount > 0 THEN 'discount' ELSE '{NONE}' END AS kind
  FROM placed p LEFT JOIN offers o ON o.offer_order = p.order_id
  WHERE p.orders > 0
)"""

_GROUP = f"CASE WHEN account_no IS NULL THEN date_diff('day', DATE '2000-01-01', day) % 200 ELSE {BUCKET} END"

CELLS_SQL = f"""
WITH {PLACED}, grouped AS (
  SELECT kind, is_current, {_GROUP} AS bucket, gross, taken_off, pieces FROM flagged
)
SELECT kind, is_current, CAST(bucket AS INTEGER) AS bucket, count(*) AS orders, sum(gross) AS gross_revenue,
       sum(taken_off) AS taken_off, CAST(CAST(sum(CAST(pieces AS DECIMAL(18, 4))) AS DECIMAL(18, 4)) AS DOUBLE) AS pieces
FROM grouped GROUP BY kind, is_current, bucket ORDER BY kind, is_current, bucket
"""

# Customers of the period by number of orders and of those on promotion, six and more as one.
CUSTOMERS_SQL = f"""
WITH {PLACED}, each_one AS (
  SELECT account_no, count(*) AS orders, sum(CASE WHEN kind <> '{NONE}' THEN 1 ELSE 0 END) AS promoted, sum(gross) AS gross
  FROM flagged WHERE is_current = 1 AND account_no IS NOT NULL GROUP BY account_no
)
SELECT orders, CASE WHEN promoted = 0 THEN 'never' WHEN promoted = orders THEN 'only' ELSE 'sometimes' END AS promotion_use,
       count(*) AS customers, CAST(sum(promoted) AS BIGINT) AS promoted, sum(gross) AS gross_revenue
FROM each_one
GROUP BY orders, CASE WHEN promoted = 0 THEN 'never' WHEN promoted = orders THEN 'only' ELSE 'sometimes' END
ORDER BY orders, promotion_use
"""

USE_SQL = f"""
WITH {PLACED}
SELECT account_no,
       CASE WHEN sum(CASE WHEN kind <> '{NONE}' THEN 1 ELSE 0 END) = 0 THEN 'never'
            WHEN sum(CASE WHEN kind <> '{NONE}' THEN 1 ELSE 0 END) = count(*) THEN 'only' ELSE 'sometimes' END AS label,
       CAST(count(*) AS VARCHAR) AS score
FROM flagged WHERE is_current = 1 AND account_no IS NOT NULL GROUP BY account_no
"""


# Customers of two or more campaigns that ran at once in the period, by list or by contact.
OVERLAP_SQL = """
WITH reached AS (
  SELECT campaign_id, account_no FROM campaign_members WHERE account_no IS NOT NULL
  UNION
  SELECT campaign_id, account_no FROM contacts WHERE account_no IS NOT NULL AND campaign_id IS NOT NULL
), spans AS (
  SELECT r.account_no, r.campaign_id, min(c.starts_on) AS first_day, max(coalesce(c.ends_on, $last)) AS last_day
  FROM reached r JOIN campaigns c ON c.campaign_id = r.campaign_id
  GROUP BY r.account_no, r.campaign_id
), pairs AS (
  SELECT a.account_no, a.campaign_id, b.campaign_id AS other
  FROM spans a JOIN spans b ON b.account_no = a.account_no AND b.campaign_id > a.campaign_id
  WHERE a.first_day <= b.last_day AND b.first_day <= a.last_day
    AND a.first_day <= $last AND b.first_day <= $last AND a.last_day >= $first AND b.last_day >= $first
)
SELECT campaign_id AS campaign, other, count(*) AS customers FROM pairs
GROUP BY campaign_id, other ORDER BY customers DESC, campaign, other LIMIT 100
"""


def segments_sql(segment: str) -> str:
    """Customers of the period by their segment at its beginning, and those whose first order in it was on promotion.

    One order a customer: with more orders it is a matter of chance that one of them is on promotion.
    """
    return f"""
WITH {PLACED}, numbered AS (
  SELECT account_no, CASE WHEN kind <> '{NONE}' THEN 1 ELSE 0 END AS promoted,
         row_number() OVER (PARTITION BY account_no ORDER BY day, order_id) AS place
  FROM flagged WHERE is_current = 1 AND account_no IS NOT NULL
), each_one AS (
  SELECT account_no, promoted FROM numbered WHERE place = 1
)
SELECT coalesce(s.label, '{UNSEGMENTED}') AS segment, count(*) AS customers, CAST(sum(promoted) AS BIGINT) AS promoted
FROM each_one e LEFT JOIN {segment} s ON s.account_no = e.account_no
GROUP BY coalesce(s.label, '{UNSEGMENTED}') ORDER BY segment
"""
