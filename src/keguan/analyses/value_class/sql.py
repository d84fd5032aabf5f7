"""Value classes and key contributors in SQL: now, and in the window before."""

from __future__ import annotations

from keguan.marts.group_averages import AVERAGED, PRODUCT, REVENUE_SHARE, SHARE
from keguan.marts.metrics import NET_REVENUE
from keguan.marts.money_levels import levels_sql


def _key(when: str) -> str:
    """Key contributors by distinct money: equal money, equal class, whatever the row order."""
    return f"""
{levels_sql(f"value_{when}", "net", when)}, key_{when} AS (
  SELECT min(CASE WHEN CAST(before AS DOUBLE) < $key_share * CAST(total AS DOUBLE) THEN net END) AS key_from,
         max(total) AS total
  FROM cumulated_{when}
)"""


# The mean is rounded to the money's own precision, so that both engines cut at the same place.
LABELLED = f"""
value_now AS (
  SELECT account_no, window_net AS net, window_purchases AS purchases, last_purchase_on
  FROM window_facts WHERE orders_placed > 0
), {_key("now")}, middle AS (
  SELECT round(CAST(CAST(sum(net) AS DOUBLE) / nullif(count(*), 0) AS DOUBLE), 4) AS mean
  FROM value_now WHERE purchases > 0 AND net > 0
), labelled AS (
  SELECT v.account_no, v.net, v.purchases, v.last_purchase_on, k.total,
         CASE WHEN v.net >= k.key_from THEN 1 ELSE 0 END AS is_key,
         CASE WHEN v.purchases <= 0 THEN '窗口内无订单'
              WHEN CAST(v.net AS DOUBLE) >= $high_times * m.mean THEN '高价值'
              WHEN CAST(v.net AS DOUBLE) >= $low_times * m.mean THEN '普通价值'
              ELSE '低价值' END AS label
  FROM value_now v CROSS JOIN middle m CROSS JOIN key_now k
)"""

STANDARD_SQL = f"""
WITH {LABELLED}
SELECT $window_months AS window_months, m.mean,
       $high_times * m.mean AS high_from, $low_times * m.mean AS low_below, k.key_from,
       s.key_customers, CAST(s.key_net AS DOUBLE) / CAST(k.total AS DOUBLE) AS key_share
FROM middle m CROSS JOIN key_now k
CROSS JOIN (SELECT count(*) AS key_customers, sum(net) AS key_net FROM labelled WHERE is_key = 1) s
WHERE m.mean IS NOT NULL
"""

CLASSES_SQL = f"""
WITH {LABELLED}, counted AS (
  SELECT label, count(*) AS customers, sum(is_key) AS key_customers, sum(net) AS net_revenue,
         sum(purchases) AS purchases
  FROM labelled GROUP BY label
), complete AS (
  SELECT n.place, n.label,
         CASE n.label WHEN '高价值' THEN $high_times * m.mean WHEN '普通价值' THEN $low_times * m.mean END AS from_value,
         CASE n.label WHEN '普通价值' THEN $high_times * m.mean WHEN '低价值' THEN $low_times * m.mean END AS to_value,
         coalesce(c.customers, 0) AS customers,
         coalesce(c.key_customers, 0) AS key_customers,
         coalesce(c.net_revenue, 0) AS net_revenue,
         coalesce(c.purchases, 0) AS purchases
  FROM (VALUES (1, '高价值'), (2, '普通价值'), (3, '低价值'), (4, '窗口内无订单')) AS n(place, label)
  CROSS JOIN middle m
  LEFT JOIN counted c ON c.label = n.label
), {AVERAGED}
SELECT label, from_value, to_value, customers,
       {SHARE} AS share,
       key_customers, net_revenue,
       {REVENUE_SHARE} AS revenue_share,
       avg_order_value, avg_purchases,
       CASE WHEN label = '窗口内无订单' OR avg_order_value IS NULL THEN NULL
            WHEN (from_value IS NULL OR {PRODUCT}
                                        >= round(CAST(from_value AS DOUBLE), 4))
             AND (to_value IS NULL OR {PRODUCT}
                                      <= round(CAST(to_value AS DOUBLE), 4))
            THEN TRUE ELSE FALSE END AS as_standard
FROM averaged
WHERE all_customers > 0
ORDER BY place
"""

_BEFORE = f"""
value_before AS (
  SELECT account_no, {NET_REVENUE.sql} AS net
  FROM purchases
  WHERE account_no IS NOT NULL AND day >= $from_before AND day <= $to_before
  GROUP BY account_no
)"""

ACCOUNTS_SQL = f"""
WITH {LABELLED}, {_BEFORE}, ranked AS (
  SELECT l.*,
         row_number() OVER (ORDER BY l.net DESC, l.account_no) AS place,
         sum(l.net) OVER (ORDER BY l.net DESC, l.account_no ROWS UNBOUNDED PRECEDING) AS upto
  FROM labelled l WHERE l.is_key = 1
)
SELECT r.account_no, r.net AS net_revenue,
       CAST(r.net AS DOUBLE) / CAST(r.total AS DOUBLE) AS share,
       CAST(r.upto AS DOUBLE) / CAST(r.total AS DOUBLE) AS cumulated,
       r.purchases, r.last_purchase_on,
       coalesce(b.net, CAST(0 AS DECIMAL(18, 4))) AS net_before
FROM ranked r LEFT JOIN value_before b ON b.account_no = r.account_no
WHERE r.place <= $accounts
ORDER BY r.place
"""

# By the standing at the start of the period: key contributors of the window before, and where they are now.
KEPT_SQL = f"""
WITH {LABELLED}, {_BEFORE}, {_key("before")}, was_key AS (
  SELECT v.account_no, v.net FROM value_before v CROSS JOIN key_before k WHERE v.net >= k.key_from
), now AS (
  SELECT CASE WHEN l.is_key = 1 THEN '仍为关键贡献' ELSE coalesce(l.label, '窗口内无订单') END AS label,
         w.net AS net_before, l.net AS net_now
  FROM was_key w LEFT JOIN labelled l ON l.account_no = w.account_no
), counted AS (
  SELECT label, count(*) AS customers, sum(net_before) AS net_before, sum(coalesce(net_now, 0)) AS net_now
  FROM now GROUP BY label
)
SELECT n.label, coalesce(c.customers, 0) AS customers,
       coalesce(c.net_before, 0) AS net_before, coalesce(c.net_now, 0) AS net_now, w.of_customers
FROM (VALUES (1, '仍为关键贡献'), (2, '高价值'), (3, '普通价值'), (4, '低价值'), (5, '窗口内无订单')) AS n(place, label)
CROSS JOIN (SELECT count(*) AS of_customers FROM was_key) w
LEFT JOIN counted c ON c.label = n.label
ORDER BY n.place
"""
