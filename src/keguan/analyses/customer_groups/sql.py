"""Every known customer in one group, in SQL. `{state}` is the view of lifecycle states."""

from __future__ import annotations

from keguan.schema.terms.segmentation import CUSTOMER_GROUP

PLACED = """
known AS (
  SELECT account_no FROM customers WHERE account_no IS NOT NULL
  UNION
  SELECT account_no FROM customer_facts
  UNION
  SELECT account_no FROM leads WHERE account_no IS NOT NULL
), stood AS (
  SELECT k.account_no, coalesce(f.orders_placed, 0) AS orders_placed, coalesce(f.purchases, 0) AS purchases,
         f.first_purchase_on, f.last_purchase_on, s.label AS state,
         coalesce(f.window_net, CAST(0 AS DECIMAL(18, 4))) AS net_revenue,
         coalesce(f.window_purchases, 0) AS window_purchases,
         round(CAST(CAST(f.window_net AS DOUBLE) / nullif(f.window_purchases, 0) AS DOUBLE), 4) AS value
  FROM known k
  LEFT JOIN window_facts f ON f.account_no = k.account_no
  LEFT JOIN {state} s ON s.account_no = k.account_no
), old AS (
  SELECT value, window_purchases,
         row_number() OVER (ORDER BY value, account_no) AS value_place,
         row_number() OVER (ORDER BY window_purchases, account_no) AS purchases_place,
         min(value) OVER () AS lowest, count(*) OVER () AS customers
  FROM stood
  WHERE state = '活跃' AND first_purchase_on <= $old_before AND window_purchases > 0
), standard AS (
  SELECT count(*) AS old_customers,
         min(CASE WHEN value_place >= $quantile * customers AND value > lowest THEN value END) AS value_from,
         min(CASE WHEN purchases_place * 2 >= customers THEN window_purchases END) AS purchases_to
  FROM old
), placed AS (
  SELECT s.account_no, s.net_revenue, s.last_purchase_on,
         CASE WHEN s.orders_placed = 0 THEN '未购客户'
              WHEN s.purchases = 0 THEN '全部退货'
              WHEN s.state = '沉默' THEN '沉默客户'
              WHEN s.state = '有流失风险' THEN '有流失风险客户'
              WHEN s.state = '流失' THEN '已流失客户'
              WHEN s.state IS NULL THEN '状态未判断'
              WHEN s.first_purchase_on > $old_before THEN '新近客户'
              WHEN s.value >= t.value_from AND s.window_purchases <= t.purchases_to THEN '高潜力老客户'
              ELSE '稳定老客户' END AS label
  FROM stood s CROSS JOIN standard t
)"""

NAMED = ", ".join(f"({place}, '{label}')" for place, label in enumerate(CUSTOMER_GROUP))

GROUPS_SQL = """
WITH {placed}, loose_leads AS (
  SELECT count(DISTINCT lead_id) AS leads FROM leads WHERE account_no IS NULL
), counted AS (
  SELECT label, count(*) AS customers, sum(net_revenue) AS net_revenue, max(last_purchase_on) AS last_purchase_on
  FROM placed GROUP BY label
), complete AS (
  SELECT n.place, n.label,
         CASE WHEN n.label = '未成交线索' THEN l.leads ELSE coalesce(c.customers, 0) END AS customers,
         coalesce(c.net_revenue, 0) AS net_revenue, c.last_purchase_on
  FROM (VALUES {named}) AS n(place, label)
  CROSS JOIN loose_leads l
  LEFT JOIN counted c ON c.label = n.label
), totals AS (
  SELECT sum(customers) AS customers FROM complete
)
SELECT c.label, c.customers,
       CASE WHEN t.customers >= $min_n THEN CAST(c.customers AS DOUBLE) / t.customers END AS share,
       c.net_revenue, c.last_purchase_on
FROM complete c CROSS JOIN totals t
WHERE t.customers > 0
ORDER BY c.place
"""

STANDARD_SQL = """
WITH {placed}
SELECT $months AS months, old_customers, value_from, purchases_to FROM standard WHERE old_customers > 0
"""

PROSPECTS_SQL = """
WITH never AS (
  SELECT coalesce(c.acquired_channel, '待核实') AS origin, count(*) AS customers, 0 AS leads
  FROM customers c LEFT JOIN customer_facts f ON f.account_no = c.account_no
  WHERE c.account_no IS NOT NULL AND coalesce(f.orders_placed, 0) = 0
  GROUP BY coalesce(c.acquired_channel, '待核实')
  UNION ALL
  SELECT coalesce(lead_source, '待核实') AS origin, 0 AS customers, count(DISTINCT lead_id) AS leads
  FROM leads WHERE account_no IS NULL
  GROUP BY coalesce(lead_source, '待核实')
), ranked AS (
  SELECT origin, sum(customers) AS customers, sum(leads) AS leads,
         row_number() OVER (ORDER BY sum(customers) + sum(leads) DESC, origin) AS place
  FROM never GROUP BY origin
), named AS (
  SELECT CASE WHEN place <= 20 THEN origin ELSE '其他' END AS origin, customers, leads FROM ranked
)
SELECT origin, CAST(sum(customers) AS BIGINT) AS customers, CAST(sum(leads) AS BIGINT) AS leads
FROM named GROUP BY origin ORDER BY customers DESC, leads DESC, origin
"""
