"""Monthly cohorts of first orders, and second purchases by channel. SQL text only.

Parameters of SECOND_SQL: $observed_until (last first-order day that is old enough), $within_days.
"""

from __future__ import annotations

from keguan.marts.metrics import MONTHLY_CUSTOMERS, NET_REVENUE

GRID_SQL = f"""
WITH cohorts AS (
  SELECT account_no, year(first_order_on) * 12 + month(first_order_on) - 1 AS cohort_no
  FROM customer_facts WHERE first_order_on IS NOT NULL
), by_month AS (
  SELECT c.cohort_no, year(p.day) * 12 + month(p.day) - 1 AS month_no,
         {MONTHLY_CUSTOMERS.sql} AS active, {NET_REVENUE.sql} AS net_revenue
  FROM purchases p JOIN cohorts c ON c.account_no = p.account_no
  GROUP BY c.cohort_no, year(p.day) * 12 + month(p.day) - 1
)
SELECT cohort_no, month_no - cohort_no AS month_index, active, net_revenue
FROM by_month
WHERE month_no >= cohort_no
ORDER BY cohort_no, month_index
"""

# Customers whose first order is old enough for the whole window to have been seen.
SECOND_SQL = """
WITH window_orders AS (
  SELECT f.account_no, sum(p.orders) AS orders
  FROM customer_facts f JOIN purchases p ON p.account_no = f.account_no
  WHERE f.first_order_on <= $observed_until
    AND date_diff('day', f.first_order_on, p.day) BETWEEN 0 AND $within_days
  GROUP BY f.account_no
)
SELECT f.first_channel AS channel, year(f.first_order_on) * 12 + month(f.first_order_on) - 1 AS cohort_no,
       count(*) AS customers,
       CAST(sum(CASE WHEN w.orders >= 2 THEN 1 ELSE 0 END) AS BIGINT) AS repeated,
       sum(f.net_revenue) AS net_revenue,
       sum(CASE WHEN w.orders >= 2 THEN f.net_revenue ELSE 0 END) AS repeated_revenue
FROM customer_facts f
JOIN window_orders w ON w.account_no = f.account_no
GROUP BY f.first_channel, year(f.first_order_on) * 12 + month(f.first_order_on) - 1
ORDER BY f.first_channel, cohort_no
"""
