"""Who moved revenue between two periods: every customer in one part of the bridge. SQL text only.

Parameters: $first, $last, $base_first, $base_last (see marts.period_pair); MONTHS_SQL $complete_until.
"""

from __future__ import annotations

from keguan.marts.metrics import NET_REVENUE
from keguan.marts.period_pair import CUSTOMER_PAIR, IN_PERIODS, SQUARES

TOP = 10  # customers listed at each end
PARTS = ("new", "reactivated", "retained_up", "retained_down", "lost", "returns_only", "guests")
_PLACES = " UNION ALL ".join(
    f"SELECT {place} AS place, '{part}' AS part" for place, part in enumerate(("previous", *PARTS, "current"))
)

# Every customer of either period in exactly one part.
CLASSIFIED = f"""
{CUSTOMER_PAIR}, classified AS (
  SELECT p.account_no, p.base_net, p.net, p.base_orders, p.orders, p.base_purchases, p.purchases,
         CASE WHEN p.orders > 0 AND f.first_order_on > $base_last THEN 'new'
              WHEN p.orders > 0 AND p.base_orders = 0 THEN 'reactivated'
              WHEN p.orders > 0 AND p.net >= p.base_net THEN 'retained_up'
              WHEN p.orders > 0 THEN 'retained_down'
              WHEN p.base_orders > 0 THEN 'lost'
              ELSE 'returns_only' END AS part
  FROM customer_pair p JOIN customer_facts f ON f.account_no = p.account_no
)"""

GUESTS = f"""
guest_periods AS (
  SELECT CASE WHEN day >= $first THEN 1 ELSE 0 END AS is_current, {NET_REVENUE.sql} AS net
  FROM purchases WHERE account_no IS NULL AND {IN_PERIODS}
  GROUP BY CASE WHEN day >= $first THEN 1 ELSE 0 END
)"""

BRIDGE_SQL = f"""
WITH {CLASSIFIED}, {GUESTS}, amounts AS (
  SELECT part, count(*) AS customers, sum(base_net) AS base_revenue, sum(net) AS revenue
  FROM classified GROUP BY part
  UNION ALL
  SELECT 'guests', 0,
         coalesce(sum(CASE WHEN is_current = 0 THEN net ELSE 0 END), 0),
         coalesce(sum(CASE WHEN is_current = 1 THEN net ELSE 0 END), 0)
  FROM guest_periods
), totals AS (
  SELECT sum(base_revenue) AS base_revenue, sum(revenue) AS revenue FROM amounts
), active AS (
  SELECT sum(CASE WHEN base_orders > 0 THEN 1 ELSE 0 END) AS before,
         sum(CASE WHEN orders > 0 THEN 1 ELSE 0 END) AS after FROM classified
), places AS ({_PLACES})
SELECT s.part,
       coalesce(CASE s.part WHEN 'previous' THEN v.before WHEN 'current' THEN v.after
                            ELSE a.customers END, 0) AS customers,
       coalesce(CASE s.part WHEN 'previous' THEN t.base_revenue WHEN 'current' THEN t.base_revenue
                            ELSE a.base_revenue END, 0) AS base_revenue,
       coalesce(CASE s.part WHEN 'previous' THEN t.revenue WHEN 'current' THEN t.revenue
                            ELSE a.revenue END, 0) AS revenue,
       coalesce(CASE s.part WHEN 'previous' THEN t.base_revenue WHEN 'current' THEN t.revenue
                            ELSE a.revenue - a.base_revenue END, 0) AS amount,
       CASE WHEN t.base_revenue > 0 THEN
         CAST(CASE s.part WHEN 'previous' THEN t.base_revenue WHEN 'current' THEN t.revenue
                          ELSE coalesce(a.revenue - a.base_revenue, 0) END AS DOUBLE)
         / CAST(t.base_revenue AS DOUBLE) END AS share
FROM places s CROSS JOIN totals t CROSS JOIN active v LEFT JOIN amounts a ON a.part = s.part
ORDER BY s.place
"""

CHANGE_SQL = f"""
WITH {CUSTOMER_PAIR}
SELECT count(*) AS n,
       coalesce(sum(base_net), 0) AS base_revenue,
       coalesce(sum(net), 0) AS revenue,
       coalesce(sum(CASE WHEN base_orders > 0 THEN 1 ELSE 0 END), 0) AS base_customers,
       coalesce(sum(CASE WHEN orders > 0 THEN 1 ELSE 0 END), 0) AS customers,
       {SQUARES} AS squares
FROM customer_pair
"""

MONTHS_SQL = f"""
SELECT year(day) * 12 + month(day) - 1 AS month_no, {NET_REVENUE.sql} AS net
FROM purchases
WHERE account_no IS NOT NULL AND day <= $complete_until
GROUP BY year(day) * 12 + month(day) - 1 HAVING sum(lines) <> 0 ORDER BY month_no
"""

# A customer counts in a period when an order was placed in it; returns without an order stand apart.
SEGMENTS_SQL = {
    dimension: f"""
WITH {CUSTOMER_PAIR}
SELECT f.first_{dimension} AS segment,
       sum(CASE WHEN p.base_orders > 0 THEN 1 ELSE 0 END) AS base_customers,
       sum(CASE WHEN p.orders > 0 THEN 1 ELSE 0 END) AS customers,
       sum(CASE WHEN p.base_orders > 0 THEN p.base_purchases ELSE 0 END) AS base_purchases,
       sum(CASE WHEN p.orders > 0 THEN p.purchases ELSE 0 END) AS purchases,
       sum(CASE WHEN p.base_orders > 0 THEN p.base_net ELSE 0 END) AS base_revenue,
       sum(CASE WHEN p.orders > 0 THEN p.net ELSE 0 END) AS revenue
FROM customer_pair p JOIN customer_facts f ON f.account_no = p.account_no
WHERE p.base_orders > 0 OR p.orders > 0
GROUP BY f.first_{dimension} ORDER BY f.first_{dimension}
"""
    for dimension in ("channel", "region")
}

ACCOUNTS_SQL = f"""
WITH {CLASSIFIED}, ranked AS (
  SELECT account_no, part, base_net, net, net - base_net AS change,
         row_number() OVER (ORDER BY net - base_net, account_no) AS down,
         row_number() OVER (ORDER BY net - base_net DESC, account_no) AS up
  FROM classified
)
SELECT CAST(account_no AS VARCHAR) AS account_no, part, base_net AS base_revenue, net AS revenue, change
FROM ranked
WHERE (down <= {TOP} AND change < 0) OR (up <= {TOP} AND change > 0)
ORDER BY change, account_no
"""
