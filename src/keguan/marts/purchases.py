"""The mart `purchases`: what each account bought and returned, by the day it counts.

A sale stands on its own day (order_day = day). A return stands on the day it was made, with order_day =
the day of the purchase it takes back (NULL when unmatched). `cancelled` counts the orders of order_day
that became fully returned on `day`. All figures are additive, so that

    orders placed by a date   = sum(orders)                where day <= date
    purchases by a date       = sum(orders) - sum(cancelled)
    net revenue               = sum(gross) - sum(returns)

and a return dated after the as-of changes nothing before it. account_no is NULL for guests.
`opens_month` is 1 on an account's first day with an order in a calendar month, so that the customers of a
month, too, are a sum. The figures of a key may be spread over several rows, also with minus signs: whoever
reads the mart adds them up. Reads `order_lines` and `return_links`.
"""

from __future__ import annotations

PURCHASES = """
WITH sales AS (
  SELECT account_no, day, day AS order_day,
         sum(opens_order) AS orders, 0 AS cancelled,
         sum(amount) AS gross, 0 AS returns, sum(quantity) AS quantity,
         sum(amount - cost) AS margin, count(*) AS lines
  FROM order_lines WHERE movement = 'purchase'
  GROUP BY account_no, day
), opened AS (
  SELECT s.*,
         CASE WHEN account_no IS NOT NULL AND orders > 0
               AND day = min(CASE WHEN orders > 0 THEN day END)
                         OVER (PARTITION BY account_no, year(day) * 12 + month(day))
              THEN 1 ELSE 0 END AS opens_month
  FROM sales s
), returned AS (
  SELECT l.account_no, l.day, k.original_day AS order_day,
         0 AS orders, 0 AS cancelled,
         0 AS gross, sum(-l.amount) AS returns, sum(l.quantity) AS quantity,
         sum(l.amount - l.cost) AS margin, count(*) AS lines, 0 AS opens_month
  FROM order_lines l
  LEFT JOIN return_links k ON k.order_id = l.order_id AND k.line_no = l.line_no
  WHERE l.movement = 'return'
  GROUP BY l.account_no, l.day, k.original_day
), line_takings AS (
  SELECT original_order_id, original_line_no, day,
         sum(quantity) OVER (PARTITION BY original_order_id, original_line_no
                             ORDER BY day, order_id, line_no ROWS UNBOUNDED PRECEDING) AS so_far
  FROM return_links
), bought AS (
  SELECT l.order_id, l.line_no, l.account_no, l.day, coalesce(l.quantity, l.amount) AS quantity,
         CASE WHEN l.line_kind = 'product' THEN 1 ELSE 0 END AS is_product
  FROM order_lines l
  WHERE l.movement = 'purchase'
    AND l.order_id IN (SELECT original_order_id FROM return_links)
), line_state AS (
  SELECT b.order_id, b.line_no, b.account_no, b.day, b.is_product,
         min(CASE WHEN t.so_far >= b.quantity THEN t.day END) AS gone_on
  FROM bought b
  LEFT JOIN line_takings t ON t.original_order_id = b.order_id AND t.original_line_no = b.line_no
  GROUP BY b.order_id, b.line_no, b.account_no, b.day, b.is_product
), order_state AS (
  SELECT order_id, account_no, day AS order_day,
         sum(is_product) AS products,
         sum(CASE WHEN is_product = 1 AND gone_on IS NOT NULL THEN 1 ELSE 0 END) AS products_gone,
         count(*) AS lines,
         sum(CASE WHEN gone_on IS NOT NULL THEN 1 ELSE 0 END) AS lines_gone,
         max(gone_on) AS gone_on
  FROM line_state GROUP BY order_id, account_no, day
), cancelled AS (
  SELECT account_no, gone_on AS day, order_day, 0 AS orders, count(*) AS cancelled,
         0 AS gross, 0 AS returns, 0 AS quantity, NULL AS margin, 0 AS lines, 0 AS opens_month
  FROM order_state
  WHERE gone_on IS NOT NULL
    AND CASE WHEN products > 0 THEN products_gone = products ELSE lines_gone = lines END
  GROUP BY account_no, gone_on, order_day
), together AS (
  SELECT * FROM opened UNION ALL SELECT * FROM returned UNION ALL SELECT * FROM cancelled
)
SELECT CAST(account_no AS INTEGER) AS account_no, day, order_day,
       CAST(sum(orders) AS INTEGER) AS orders,
       CAST(sum(cancelled) AS INTEGER) AS cancelled,
       CAST(sum(gross) AS DECIMAL(18, 4)) AS gross,
       CAST(sum(returns) AS DECIMAL(18, 4)) AS returns,
       CAST(sum(quantity) AS DECIMAL(18, 4)) AS quantity,
       CAST(sum(margin) AS DECIMAL(18, 4)) AS margin,
       CAST(sum(lines) AS INTEGER) AS lines,
       CAST(sum(opens_month) AS INTEGER) AS opens_month
FROM together
GROUP BY account_no, day, order_day
"""
