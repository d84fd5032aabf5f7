"""What is sold by product, category, region and period; product lines only. SQL text only.

Parameters of the comparisons: $first, $last, $base_first, $base_last; of PRODUCTS_SQL: $since, $top, $min_n.
"""

from __future__ import annotations

from keguan.marts.line_metrics import (
    LINE_GROSS,
    LINE_NET,
    LINE_QUANTITY,
    LINE_RETURNS,
    LINES_BOUGHT,
    LINES_RETURNED,
    PRODUCTS_ONLY,
    SOLD_OR_RETURNED,
)
from keguan.marts.period_pair import IN_PERIODS
from keguan.schema.vocabulary import UNKNOWN

NO_CATEGORY, SEPARATOR = "未分类", " / "
PRODUCT_LINES = f"{SOLD_OR_RETURNED} AND {PRODUCTS_ONLY}"
MONTH = "year(day) * 12 + month(day) - 1"

# Lines are added up by product before the join, so that the join sees products, not lines.
CATEGORY_MONTHS_SQL = f"""
WITH by_product AS (
  SELECT coalesce(product_id, '') AS product_id, {MONTH} AS month_no,
         {LINE_NET.sql} AS net_revenue, {LINE_GROSS.sql} AS gross_revenue, {LINE_RETURNS.sql} AS returns,
         {LINES_BOUGHT.sql} AS bought, {LINES_RETURNED.sql} AS returned
  FROM order_lines WHERE {PRODUCT_LINES}
  GROUP BY coalesce(product_id, ''), {MONTH}
)
SELECT coalesce(p.category, '{NO_CATEGORY}') AS category, b.month_no,
       sum(b.net_revenue) AS net_revenue, sum(b.gross_revenue) AS gross_revenue, sum(b.returns) AS returns,
       CAST(sum(b.bought) AS BIGINT) AS bought, CAST(sum(b.returned) AS BIGINT) AS returned
FROM by_product b LEFT JOIN products p ON p.product_id = b.product_id
GROUP BY coalesce(p.category, '{NO_CATEGORY}'), b.month_no
ORDER BY category, b.month_no
"""

REGION_MONTHS_SQL = f"""
SELECT coalesce(region, '{UNKNOWN}') AS part, {MONTH} AS month_no, {LINE_NET.sql} AS net_revenue
FROM order_lines WHERE {PRODUCT_LINES}
GROUP BY coalesce(region, '{UNKNOWN}'), {MONTH} ORDER BY part, month_no
"""


# Sums per part over its customers, from `units` (part, account_no, guest_order, is_current, net). Squares are added up as
# decimals: a sum of doubles depends on the order, and so on the engine and its threads.
PAIR_SUMS = """pairs AS (
  SELECT part, account_no, guest_order,
         sum(CASE WHEN is_current = 1 THEN net ELSE 0 END) AS now,
         sum(CASE WHEN is_current = 0 THEN net ELSE 0 END) AS before
  FROM units GROUP BY part, account_no, guest_order
)
SELECT part, sum(now) AS net_revenue, sum(before) AS base_net_revenue,
       CAST(sum(CASE WHEN now > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers,
       CAST(sum(CASE WHEN before > 0 THEN 1 ELSE 0 END) AS BIGINT) AS base_customers,
       CAST(sum(now * now) AS DOUBLE) AS cc,
       CAST(sum(before * before) AS DOUBLE) AS bb,
       CAST(sum(before * now) AS DOUBLE) AS bc
FROM pairs GROUP BY part ORDER BY part
"""


def _growth_sql(part: str, join: str) -> str:
    """Sums per part over its customers; each order of a guest stands for a customer of its own."""
    return f"""
WITH units AS (
  SELECT {part} AS part, l.account_no,
         CASE WHEN l.account_no IS NULL THEN l.order_id END AS guest_order,
         CASE WHEN l.day >= $first THEN 1 ELSE 0 END AS is_current,
         {LINE_NET.sql} AS net
  FROM order_lines l{join}
  WHERE {PRODUCT_LINES} AND {IN_PERIODS}
  GROUP BY {part}, l.account_no, CASE WHEN l.account_no IS NULL THEN l.order_id END,
           CASE WHEN l.day >= $first THEN 1 ELSE 0 END
), {PAIR_SUMS}"""


TOP_CATEGORY = f"split_part(coalesce(p.category, '{NO_CATEGORY}'), '{SEPARATOR}', 1)"
PRODUCT_JOIN = " LEFT JOIN products p ON p.product_id = l.product_id"
GROWTH_SQL = {
    "regions": _growth_sql(f"coalesce(l.region, '{UNKNOWN}')", ""),
    "categories_growth": _growth_sql(TOP_CATEGORY, PRODUCT_JOIN),
}


def _cross_sql(part: str) -> str:
    """Net revenue of both periods by a name of the product (its category, or its own name) and region."""
    return f"""
WITH by_product AS (
  SELECT coalesce(product_id, '') AS product_id, coalesce(region, '{UNKNOWN}') AS region,
         CASE WHEN day >= $first THEN 1 ELSE 0 END AS is_current, {LINE_NET.sql} AS net
  FROM order_lines WHERE {PRODUCT_LINES} AND {IN_PERIODS}
  GROUP BY coalesce(product_id, ''), coalesce(region, '{UNKNOWN}'), CASE WHEN day >= $first THEN 1 ELSE 0 END
)
SELECT {part} AS category, b.region,
       sum(CASE WHEN b.is_current = 1 THEN b.net ELSE 0 END) AS net_revenue,
       sum(CASE WHEN b.is_current = 0 THEN b.net ELSE 0 END) AS base_net_revenue
FROM by_product b LEFT JOIN products p ON p.product_id = b.product_id
GROUP BY {part}, b.region ORDER BY category, b.region
"""


CROSS_SQL = {
    "category": _cross_sql(TOP_CATEGORY),
    "product": _cross_sql("coalesce(p.name, b.product_id)"),  # without categories the products themselves
}

PRODUCTS_SQL = f"""
WITH totals AS (
  SELECT product_id,
         {LINE_NET.sql} AS net_revenue, {LINE_QUANTITY.sql} AS quantity,
         {LINES_BOUGHT.sql} AS bought, {LINES_RETURNED.sql} AS returned,
         count(DISTINCT {MONTH}) AS months_sold
  FROM order_lines WHERE {PRODUCT_LINES} AND day >= $since
  GROUP BY product_id
), ranked AS (
  SELECT t.*, row_number() OVER (ORDER BY CASE WHEN product_id IS NULL THEN 1 ELSE 0 END,
                                    net_revenue DESC, product_id) AS place,
         sum(net_revenue) OVER () AS all_net
  FROM totals t
), best_sellers AS (
  SELECT * FROM ranked WHERE place <= $top AND net_revenue > 0 AND product_id IS NOT NULL
), buying_days AS (
  SELECT l.product_id, l.account_no, count(DISTINCT l.day) AS days
  FROM order_lines l JOIN best_sellers t ON t.product_id = l.product_id
  WHERE l.movement = 'purchase' AND {PRODUCTS_ONLY} AND l.day >= $since AND l.account_no IS NOT NULL
  GROUP BY l.product_id, l.account_no
), buyers AS (
  SELECT product_id, count(*) AS customers, sum(CASE WHEN days >= 2 THEN 1 ELSE 0 END) AS repeaters
  FROM buying_days GROUP BY product_id
)
SELECT t.product_id, p.name, p.category, t.net_revenue,
       CAST(t.net_revenue AS DOUBLE) / nullif(CAST(t.all_net AS DOUBLE), 0) AS share,
       t.quantity, t.bought AS lines, coalesce(b.customers, 0) AS customers,
       CASE WHEN b.customers >= $min_n
            THEN CAST(b.repeaters AS DOUBLE) / nullif(b.customers, 0) END AS repeat_share,
       CASE WHEN t.bought >= $min_n
            THEN CAST(t.returned AS DOUBLE) / nullif(t.bought, 0) END AS refund_rate,
       t.months_sold
FROM best_sellers t
LEFT JOIN buyers b ON b.product_id = t.product_id
LEFT JOIN products p ON p.product_id = t.product_id
ORDER BY t.place
"""
