"""Monthly cohorts of first orders, and second purchases by channel. SQL text only.

Parameters of SECOND_SQL: $observed_until (last first-order day that is old enough), $within_days.
"""

from __future__ import annotations

from keguan.marts.first_order import FIRST_ORDER
from keguan.marts.metrics import NET_REVENUE, ORDERS

GRID_SQL = f"""
WITH by_month AS (
  SELECT account_no, year(day) * 12 + month(day) - 1 AS month_no,
         {ORDERS.sql} AS orders, {NET_REVENUE.sql} AS net_revenue
  FROM purchases WHERE account_no IS NOT NULL
  GROUP BY account_no, year(day) * 12 + month(day) - 1
), cohorts AS (
  SELECT account_no, min(month_no) AS cohort_no FROM by_month WHERE orders > 0 GROUP BY account_no
)
SELECT c.cohort_no, m.month_no - c.cohort_no AS month_index,
       CAST(sum(CASE WHEN m.orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS active,
       sum(m.net_revenue) AS net_revenue
FROM by_month m JOIN cohorts c ON c.account_no = m.account_no
WHERE m.month_no >= c.cohort_no
GROUP BY c.cohort_no, m.month_no - c.cohort_no
ORDER BY c.cohort_no, month_index
"""

# Customers whose first order is old enough for the whole window to have been seen.
SECOND_SQL = f"""
WITH {FIRST_ORDER}, window_orders AS (
  SELECT f.account_no, sum(p.orders) AS orders
  FROM first_order f JOIN purchases p ON p.account_no = f.account_no
  WHERE f.day <= $observed_until AND date_diff('day', f.day, p.day) BETWEEN 0 AND $within_days
  GROUP BY f.account_no
), spent AS (
  SELECT account_no, {NET_REVENUE.sql} AS net_revenue FROM purchases
  WHERE account_no IS NOT NULL GROUP BY account_no
)
SELECT f.channel, year(f.day) * 12 + month(f.day) - 1 AS cohort_no,
       count(*) AS customers,
       CAST(sum(CASE WHEN w.orders >= 2 THEN 1 ELSE 0 END) AS BIGINT) AS repeated,
       sum(s.net_revenue) AS net_revenue,
       sum(CASE WHEN w.orders >= 2 THEN s.net_revenue ELSE 0 END) AS repeated_revenue
FROM first_order f
JOIN window_orders w ON w.account_no = f.account_no
JOIN spent s ON s.account_no = f.account_no
GROUP BY f.channel, year(f.day) * 12 + month(f.day) - 1
ORDER BY f.channel, cohort_no
"""
