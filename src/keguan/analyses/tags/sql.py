"""Tags in SQL: one row a customer with each dimension's tag, NULL where nothing is known to tell it by.

Parameters: $from_day (where the window begins), $active_from (from when one counts as active).
"""

from __future__ import annotations

from keguan.evidence.statistics.bootstrap import BUCKET

NEW_FOR_DAYS = 90  # a product is new so long after its launch, else after its first sale
FREQUENT_AT_LEAST = 3

# A product without a launch date is new from its first sale, unless that may be before the data begin.
_NOVELTY = f"""
data_begin AS (
  SELECT min(day) AS first_day FROM order_lines WHERE movement = 'purchase'
), sold AS (
  SELECT l.product_id, min(l.day) AS first_sale
  FROM order_lines l WHERE l.movement = 'purchase' AND l.product_id IS NOT NULL
  GROUP BY l.product_id
), launched AS (
  SELECT s.product_id,
         coalesce(p.launched_on,
                  CASE WHEN date_diff('day', b.first_day, s.first_sale) > {NEW_FOR_DAYS} THEN s.first_sale END) AS new_on
  FROM sold s CROSS JOIN data_begin b LEFT JOIN products p ON p.product_id = s.product_id
), tried AS (
  SELECT l.account_no, l.product_id,
         max(CASE WHEN date_diff('day', n.new_on, l.day) BETWEEN 0 AND {NEW_FOR_DAYS} THEN 1 ELSE 0 END) AS while_new
  FROM order_lines l JOIN launched n ON n.product_id = l.product_id
  WHERE l.movement = 'purchase' AND l.line_kind = 'product' AND l.account_no IS NOT NULL AND l.day >= $from_day
  GROUP BY l.account_no, l.product_id
), novelty AS (
  SELECT account_no, count(*) AS products, sum(while_new) AS new_products FROM tried GROUP BY account_no
)"""

_PRICE = """
discounted AS (
  SELECT account_no, count(*) AS lines, sum(CASE WHEN discount > 0 THEN 1 ELSE 0 END) AS with_discount
  FROM order_lines
  WHERE movement = 'purchase' AND line_kind = 'product' AND account_no IS NOT NULL AND discount IS NOT NULL
    AND day >= $from_day
  GROUP BY account_no
), price_limit AS (
  SELECT sum(with_discount) AS any_discount,
         greatest(CAST(0.5 AS DOUBLE),
                  least(CAST(1.0 AS DOUBLE), 1.5 * CAST(sum(with_discount) AS DOUBLE) / nullif(sum(lines), 0))) AS price_from
  FROM discounted
)"""

_ACTIVE = """
seen AS (
  SELECT account_no, max(day) AS last_seen FROM (
    SELECT account_no, last_order_on AS day FROM customer_facts
    UNION ALL
    SELECT account_no, day FROM events WHERE account_no IS NOT NULL AND day >= $active_from
  ) d GROUP BY account_no
)"""

_FREQUENT = f"""
ranked_buyers AS (
  SELECT window_purchases, row_number() OVER (ORDER BY window_purchases, account_no) AS place, count(*) OVER () AS buyers
  FROM window_facts WHERE window_purchases > 0
), frequent_limit AS (
  SELECT greatest({FREQUENT_AT_LEAST}, coalesce(min(CASE WHEN place * 5 >= buyers * 4 THEN window_purchases END), 0))
           AS frequent_from
  FROM ranked_buyers
)"""

_NEED = """
asked AS (
  SELECT account_no, count(*) AS times FROM feedback
  WHERE account_no IS NOT NULL AND kind IN ('complaint', 'enquiry', 'suggestion') AND day >= $from_day
  GROUP BY account_no
), roles AS (
  SELECT account_no, max(CASE role WHEN 'decider' THEN 3 WHEN 'influencer' THEN 2 WHEN 'user' THEN 1 END) AS role
  FROM contact_persons WHERE account_no IS NOT NULL GROUP BY account_no
), any_feedback AS (
  SELECT count(*) AS rows FROM feedback WHERE account_no IS NOT NULL
)"""

FLAGS = f"""
known AS (
  SELECT account_no FROM customers WHERE account_no IS NOT NULL UNION SELECT account_no FROM customer_facts
), {_NOVELTY}, {_PRICE}, {_ACTIVE}, {_FREQUENT}, {_NEED}, flags AS (
  SELECT k.account_no,
         coalesce(f.window_net, CAST(0 AS DECIMAL(18, 4))) AS net,
         c.industry_code AS industry,
         coalesce(c.size_revenue, c.size_staff) AS size,
         coalesce(c.province, CASE WHEN g.first_region <> '待核实' THEN g.first_region END) AS region,
         CASE WHEN f.window_purchases > 0
              THEN CASE WHEN f.window_purchases >= fl.frequent_from THEN '高频' ELSE '非高频' END END AS frequency,
         CASE WHEN d.lines >= 3 AND pl.any_discount > 0
              THEN CASE WHEN CAST(d.with_discount AS DOUBLE) / d.lines >= pl.price_from THEN '价格敏感' ELSE '非价格敏感' END
              END AS price,
         CASE WHEN n.products >= 3
              THEN CASE WHEN n.new_products >= 2 AND n.new_products * 10 >= n.products * 3 THEN '尝新' ELSE '非尝新' END
              END AS novelty,
         CASE WHEN s.last_seen >= $active_from THEN '活跃' WHEN s.last_seen IS NOT NULL THEN '非活跃' END AS activity,
         CASE WHEN f.purchase_days >= 3 THEN
           CASE WHEN date_diff('day', f.first_purchase_on, f.last_purchase_on) <= 45 * (f.purchase_days - 1) THEN '月度采购'
                WHEN date_diff('day', f.first_purchase_on, f.last_purchase_on) <= 135 * (f.purchase_days - 1) THEN '季度采购'
                ELSE '年度采购' END END AS cycle,
         CASE WHEN a.times >= 2 THEN '服务需求' WHEN af.rows > 0 THEN '无服务需求' END AS service,
         CASE r.role WHEN 3 THEN '决策者' WHEN 2 THEN '影响者' WHEN 1 THEN '使用者' END AS role
  FROM known k
  CROSS JOIN price_limit pl CROSS JOIN frequent_limit fl CROSS JOIN any_feedback af
  LEFT JOIN customers c ON c.account_no = k.account_no
  LEFT JOIN customer_facts g ON g.account_no = k.account_no
  LEFT JOIN window_facts f ON f.account_no = k.account_no
  LEFT JOIN discounted d ON d.account_no = k.account_no
  LEFT JOIN novelty n ON n.account_no = k.account_no
  LEFT JOIN seen s ON s.account_no = k.account_no
  LEFT JOIN asked a ON a.account_no = k.account_no
  LEFT JOIN roles r ON r.account_no = k.account_no
)"""

FAMILIES = {
    "base": ("industry", "size", "region"),
    "behaviour": ("frequency", "price", "novelty", "activity"),
    "need": ("cycle", "service", "role"),
}
DIMENSIONS = {dimension: family for family, dimensions in FAMILIES.items() for dimension in dimensions}

# Tags told from purchases: their money follows from the rule (who buys more has more of it, and the less extreme
# a share of purchases), so that it is compared with nothing.
BY_PURCHASES = ("frequency", "price", "novelty", "activity", "cycle")

# One row a tag and random group: customers and money, for totals and for the bootstrap alike.
GROUPS_SQL = f"WITH {FLAGS}\n" + "\nUNION ALL\n".join(
    f"SELECT '{dimension}' AS dimension, {dimension} AS tag, {BUCKET} AS bucket, count(*) AS customers, sum(net) AS net\n"
    f"FROM flags GROUP BY {dimension}, {BUCKET}"
    for dimension in DIMENSIONS
)

LIMITS_SQL = f"""
WITH {_PRICE}, {_FREQUENT}
SELECT frequent_from, CASE WHEN any_discount > 0 THEN price_from END AS price_from
FROM frequent_limit CROSS JOIN price_limit
"""


NO_TAG = ("非高频", "非价格敏感", "非尝新", "非活跃", "无服务需求")
JOIN = "·"


def label_sql(family: str) -> str:
    """Tags of a family in one text: of the base what each is or 待核实, of the others those that apply."""
    if family == "base":
        parts = [f"concat('{JOIN}', coalesce({name}, '待核实'))" for name in FAMILIES[family]]
    else:
        none = ", ".join(f"'{tag}'" for tag in NO_TAG)
        parts = [
            f"CASE WHEN {name} IS NULL OR {name} IN ({none}) THEN '' ELSE concat('{JOIN}', {name}) END"
            for name in FAMILIES[family]
        ]
    return f"coalesce(nullif(substring(concat({', '.join(parts)}), 2), ''), '无标签')"
