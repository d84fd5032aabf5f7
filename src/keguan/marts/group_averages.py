"""What the customers of each group bring: shares and averages, withheld where customers are few. SQL text only.

`AVERAGED` follows a CTE `complete` (customers, net_revenue, purchases of each group, empty ones included) and ends in
`averaged`: its columns with all_customers, all_revenue, avg_order_value (net revenue a purchase) and avg_purchases
(purchases a customer). Parameter: $min_n.
"""

from __future__ import annotations

AVERAGED = """
totals AS (
  SELECT sum(customers) AS customers, sum(net_revenue) AS net_revenue FROM complete
), averaged AS (
  SELECT c.*, t.customers AS all_customers, t.net_revenue AS all_revenue,
         CASE WHEN c.customers >= $min_n AND c.purchases > 0
              THEN CAST(c.net_revenue AS DOUBLE) / c.purchases END AS avg_order_value,
         CASE WHEN c.customers >= $min_n AND c.purchases > 0
              THEN CAST(c.purchases AS DOUBLE) / c.customers END AS avg_purchases
  FROM complete c CROSS JOIN totals t
)"""

# Of the rows of `averaged`.
SHARE = "CASE WHEN all_customers >= $min_n THEN CAST(customers AS DOUBLE) / all_customers END"
REVENUE_SHARE = """CASE WHEN all_customers >= $min_n AND all_revenue > 0
            THEN CAST(net_revenue AS DOUBLE) / CAST(all_revenue AS DOUBLE) END"""
PRODUCT = (
    "round(CAST(avg_order_value * avg_purchases AS DOUBLE), 4)"  # what a customer brings, rounded to compare
)
