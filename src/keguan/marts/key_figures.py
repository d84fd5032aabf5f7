"""Key figures, the monthly series, the lag of returns, and two periods compared. SQL text only.

Parameters: KPIS_SQL $min_n; COMPARE_SQL $first, $last, $base_first, $base_last (see marts.period_pair).
"""

from __future__ import annotations

from keguan.marts.metrics import GROSS_REVENUE, MONTHLY_CUSTOMERS, NET_REVENUE, ORDERS, PURCHASES, RETURNS
from keguan.marts.period_pair import CUSTOMER_PAIR, IN_PERIODS, SQUARES

KPIS_SQL = f"""
WITH lines AS (
  SELECT sum(received) AS received, sum(clean) AS clean, sum(quarantined) AS quarantined,
         sum(superseded) AS superseded, sum(dropped) AS dropped
  FROM loads WHERE entity = 'orders'
), repeated AS (
  SELECT count(*) AS lines FROM order_lines WHERE is_repeated
), identified AS (
  SELECT coalesce({ORDERS.sql}, 0) AS orders, coalesce({PURCHASES.sql}, 0) AS purchases,
         coalesce({GROSS_REVENUE.sql}, 0) AS gross, coalesce({RETURNS.sql}, 0) AS returns,
         coalesce({NET_REVENUE.sql}, 0) AS net
  FROM purchases WHERE account_no IS NOT NULL
), guests AS (
  SELECT coalesce({GROSS_REVENUE.sql}, 0) AS gross FROM purchases WHERE account_no IS NULL
), days AS (
  SELECT min(first_order_on) AS first_day, max(last_order_on) AS last_day FROM customer_facts
), kept AS (
  SELECT coalesce(sum(CASE WHEN orders_placed > 0 THEN 1 ELSE 0 END), 0) AS customers,
         coalesce(sum(CASE WHEN purchases > 0 THEN 1 ELSE 0 END), 0) AS buyers
  FROM customer_facts
), kpis AS (
  SELECT 1 AS place, 'lines_received' AS metric, CAST(received AS VARCHAR) AS value, 'count' AS unit FROM lines
  UNION ALL SELECT 2, 'lines_clean', CAST(clean AS VARCHAR), 'count' FROM lines
  UNION ALL SELECT 3, 'lines_quarantined', CAST(quarantined AS VARCHAR), 'count' FROM lines
  UNION ALL SELECT 4, 'lines_superseded', CAST(superseded AS VARCHAR), 'count' FROM lines
  UNION ALL SELECT 5, 'lines_dropped', CAST(dropped AS VARCHAR), 'count' FROM lines
  UNION ALL SELECT 6, 'lines_repeated', CAST(lines AS VARCHAR), 'count' FROM repeated
  UNION ALL SELECT 7, 'customers', CAST(customers AS VARCHAR), 'count' FROM kept
  UNION ALL SELECT 8, 'buyers', CAST(buyers AS VARCHAR), 'count' FROM kept
  UNION ALL SELECT 9, 'orders', CAST(orders AS VARCHAR), 'count' FROM identified
  UNION ALL SELECT 10, 'purchases', CAST(purchases AS VARCHAR), 'count' FROM identified
  UNION ALL SELECT 11, 'gross_revenue', CAST(gross AS VARCHAR), 'money' FROM identified
  UNION ALL SELECT 12, 'returns', CAST(returns AS VARCHAR), 'money' FROM identified
  UNION ALL SELECT 13, 'net_revenue', CAST(net AS VARCHAR), 'money' FROM identified
  UNION ALL SELECT 14, 'guest_revenue', CAST(gross AS VARCHAR), 'money' FROM guests
  UNION ALL SELECT 15, 'guest_share',
    CAST(CAST(CAST(g.gross AS DOUBLE) / nullif(CAST(g.gross + i.gross AS DOUBLE), 0) AS DECIMAL(18, 6)) AS VARCHAR),
    'share' FROM guests g CROSS JOIN identified i
  UNION ALL SELECT 16, 'avg_order_value',
    CASE WHEN purchases >= $min_n THEN
      CAST(CAST(CAST(net AS DOUBLE) / nullif(purchases, 0) AS DECIMAL(18, 4)) AS VARCHAR) END,
    'money' FROM identified
  UNION ALL SELECT 17, 'first_order_on', CAST(first_day AS VARCHAR), 'date' FROM days
  UNION ALL SELECT 18, 'last_order_on', CAST(last_day AS VARCHAR), 'date' FROM days
)
SELECT metric, value, unit FROM kpis ORDER BY place
"""

# A month of which no line is left, its orders having come again with other days, is no month.
MONTHS_SQL = f"""
WITH identified AS (
  SELECT year(day) * 12 + month(day) - 1 AS month_no,
         {GROSS_REVENUE.sql} AS gross_revenue, {RETURNS.sql} AS returns, {NET_REVENUE.sql} AS net_revenue,
         {ORDERS.sql} AS orders, {MONTHLY_CUSTOMERS.sql} AS customers
  FROM purchases WHERE account_no IS NOT NULL
  GROUP BY year(day) * 12 + month(day) - 1
  HAVING sum(lines) <> 0
), guests AS (
  SELECT year(day) * 12 + month(day) - 1 AS month_no, {GROSS_REVENUE.sql} AS guest_revenue
  FROM purchases WHERE account_no IS NULL
  GROUP BY year(day) * 12 + month(day) - 1
  HAVING sum(lines) <> 0
)
SELECT coalesce(i.month_no, g.month_no) AS month_no, gross_revenue, returns, net_revenue, orders, customers,
       guest_revenue
FROM identified i FULL OUTER JOIN guests g ON g.month_no = i.month_no
ORDER BY month_no
"""

LAGS_SQL = """
WITH returned AS (
  SELECT account_no, day, order_day FROM purchases
  WHERE order_day IS NOT NULL AND returns <> 0
  GROUP BY account_no, day, order_day
  HAVING sum(returns) > 0
)
SELECT date_diff('day', order_day, day) AS lag, count(*) AS returned
FROM returned
GROUP BY date_diff('day', order_day, day) ORDER BY lag
"""

COMPARE_SQL = f"""
WITH {CUSTOMER_PAIR}, guests AS (
  SELECT CASE WHEN day >= $first THEN 1 ELSE 0 END AS is_current, {GROSS_REVENUE.sql} AS gross
  FROM purchases
  WHERE account_no IS NULL AND {IN_PERIODS}
  GROUP BY CASE WHEN day >= $first THEN 1 ELSE 0 END
)
SELECT count(*) AS n,
       coalesce(sum(net), 0) AS net_revenue,
       coalesce(sum(base_net), 0) AS base_net_revenue,
       {SQUARES} AS squares,
       coalesce(sum(orders), 0) AS orders,
       coalesce(sum(base_orders), 0) AS base_orders,
       coalesce(sum(CASE WHEN orders > 0 THEN 1 ELSE 0 END), 0) AS customers,
       coalesce(sum(CASE WHEN base_orders > 0 THEN 1 ELSE 0 END), 0) AS base_customers,
       (SELECT coalesce(sum(gross), 0) FROM guests WHERE is_current = 1) AS guest_revenue,
       (SELECT coalesce(sum(gross), 0) FROM guests WHERE is_current = 0) AS base_guest_revenue
FROM customer_pair
"""
