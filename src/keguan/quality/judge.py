"""Splits received rows: which can be used, which go to quarantine and why; and what each line is.

All texts are SQL over the batch. `flat` holds the rows of all files of one import in canonical columns
(one shape for every order file), with `file_no`, `load_id` and `rid`, a row number unique in the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keguan.core.text import Text

# A cell of these columns that cannot be read makes the row unusable; others become empty and are counted.
ESSENTIAL = (
    "ordered_at", "quantity", "unit_price", "amount", "discount", "refund_amount",
)  # fmt: skip

RULES: Mapping[str, Text] = {
    "columns": Text("列数与表头不符", "Number of cells differs from the header"),
    "unreadable": Text("单元格无法读取", "A cell cannot be read"),
    "total_row": Text("合计行, 不是订单", "A total row, not an order"),
    "no_time": Text("缺下单时间", "No time of order"),
    "implausible_time": Text("下单时间不合常理", "Implausible time of order"),
    "no_order": Text("缺订单编号", "No order number"),
    "no_amount": Text("缺金额, 且无法由数量与单价得出", "No amount, and none from quantity and price"),
    "implausible_amount": Text("金额大得不合常理", "Implausibly large amount"),
    "negative_price": Text("单价为负", "Negative unit price"),
    "no_customer_id": Text("缺客户编号", "No customer id"),
    "no_product_id": Text("缺商品编号", "No product id"),
    "missing_required": Text("缺必需的内容", "Something that is needed is missing"),
    "nothing_said": Text("没有评分、内容、状态或类型", "Neither score nor text, status or topic"),
    "out_of_scale": Text("评分超出量表", "Score out of its scale"),
    "ends_before_start": Text("结束早于开始", "It ends before it begins"),
    "low_above_high": Text("低值大于高值", "Low is above high"),
}

TOTALS = "'合计', '总计', '小计', '共计', 'total', 'grand total', 'subtotal', 'sum'"


def order_id_sql(order_key: str) -> str:
    """The order's identity from the mapping's choice (data-model.md, rules).

    Without numbers, a sale to nobody known is told apart by what was sold, so that it is the same sale in
    the next export, whichever row it stands on there.
    """
    return {
        "number": "order_number",
        "number+customer": "order_number || '|' || coalesce(customer_key, '')",
        "number+customer+day": (
            "order_number || '|' || coalesce(customer_key, '') || '|' || CAST(CAST(ordered_at AS DATE) AS VARCHAR)"
        ),
        "customer+time": (
            "coalesce(customer_key, 'guest-' || left(md5(concat_ws('|', product_id, product_name, quantity, "
            "unit_price, amount, channel, store, region)), 12)) || '@' || strftime(ordered_at, '%Y%m%dT%H%M%S')"
        ),
    }[order_key]


def original_order_sql(order_key: str) -> str:
    """The identity of the order that a return names; NULL where the key needs more than its number."""
    return {
        "number": "original_order_number",
        "number+customer": "original_order_number || '|' || coalesce(customer_key, '')",
    }.get(order_key, "CAST(NULL AS VARCHAR)")


def judged_sql(order_key: str, flat: str) -> str:
    """The flat rows of one file with `order_id`, `original_order_id`, and `rule` naming why a row cannot be
    used (NULL: it can)."""
    essential = ", ".join(f"'{name}'" for name in ESSENTIAL)
    needs_number = "FALSE" if order_key == "customer+time" else "order_number IS NULL"
    return f"""
SELECT f.*, {order_id_sql(order_key)} AS order_id, {original_order_sql(order_key)} AS original_order_id,
  CASE
    WHEN lower(order_number) IN ({TOTALS}) THEN 'total_row'
    WHEN failed IN ({essential}) THEN 'unreadable'
    WHEN ordered_at IS NULL THEN 'no_time'
    WHEN year(ordered_at) NOT BETWEEN 1970 AND 2100 THEN 'implausible_time'
    WHEN {needs_number} THEN 'no_order'
    WHEN unit_price < 0 THEN 'negative_price'
    WHEN amount IS NULL AND quantity IS NOT NULL AND unit_price IS NOT NULL THEN 'implausible_amount'
    WHEN amount IS NULL AND quantity IS NULL THEN 'no_amount'
    WHEN amount IS NULL AND unit_price IS NULL AND price_imputed IS NULL THEN 'no_amount'
  END AS rule
FROM {flat} f
"""


# Unit prices missing in under 5 % of the rows are filled with the product's median price and flagged (B1).
IMPUTED_PRICES = """
SELECT product_id, CAST(median(CAST(unit_price AS DOUBLE)) AS DECIMAL(18, 4)) AS price
FROM flat_rows
WHERE unit_price > 0 AND product_id IN (
  SELECT product_id FROM flat_rows WHERE unit_price IS NULL AND amount IS NULL AND quantity IS NOT NULL)
GROUP BY product_id
"""

# A cancellation invoice: a letter before the number, where ordinary numbers have none.
CANCELS = "coalesce(regexp_matches(order_number, '^[Cc][0-9]+$'), FALSE)"

# What a line is (methods.md, customer facts; data-model.md, rules).
MOVEMENT = f"""
CASE
  WHEN status = 'cancelled' AND paid_at IS NULL THEN 'void'
  WHEN status = 'placed' AND paid_at IS NULL AND batch_knows_payment THEN 'void'
  WHEN quantity < 0 OR (coalesce(quantity, 1) >= 0 AND unit_price IS NULL AND amount < 0) THEN
    CASE
      WHEN coalesce(unit_price, abs(amount)) > 0
       AND (customer_key IS NOT NULL OR original_order_number IS NOT NULL OR {CANCELS}) THEN 'return'
      ELSE 'adjustment'
    END
  WHEN unit_price = 0 THEN 'free'
  WHEN quantity = 0 THEN 'adjustment'
  WHEN amount < 0 THEN
    CASE WHEN customer_key IS NOT NULL OR original_order_number IS NOT NULL THEN 'return' ELSE 'adjustment' END
  ELSE 'purchase'
END
"""

# Rows that repeat an earlier row of the same file in every column.
REPEAT_COLUMNS = (
    "order_id", "product_id", "product_name", "quantity", "unit_price", "amount", "discount", "cost",
    "ordered_at", "customer_key", "status", "original_order_number", "channel", "region", "country",
    "province", "city",
)  # fmt: skip


def suspects_sql(columns: Sequence[str]) -> str:
    """Hashes over all columns that rows of one file share; hardly any where no row stands twice."""
    return f"""
SELECT file_no, h FROM (SELECT file_no, hash({", ".join(columns)}) AS h FROM good) t
GROUP BY file_no, h HAVING count(*) > 1
"""


def repeats_sql(columns: Sequence[str]) -> str:
    """rid and occurrence (2, 3 …) of rows that stand in their file already.

    Candidates are those of `suspects`; the answer compares the columns themselves.
    """
    listed = ", ".join(f"g.{name}" for name in columns)
    return f"""
SELECT rid, occurrence FROM (
  SELECT g.rid, row_number() OVER (PARTITION BY g.file_no, {listed} ORDER BY g.rid) AS occurrence
  FROM good g
  JOIN suspects s ON s.file_no = g.file_no AND s.h = hash({listed}))
WHERE occurrence > 1
"""


# How far an order has come; of two copies of a line the one that knows more counts.
PROGRESS = """
CASE status WHEN 'refunded' THEN 6 WHEN 'cancelled' THEN 5 WHEN 'completed' THEN 4 WHEN 'shipped' THEN 3
  WHEN 'paid' THEN 2 WHEN 'placed' THEN 1 ELSE 0 END
"""


def twice_in_batch_sql(columns: Sequence[str]) -> str:
    """rid of rows that another file of the same batch holds too (overlapping exports in one command).

    The lines of one command are united: the k-th occurrence in one file is the k-th in the other. A line
    whose status moved on between two exports is one line still, as far as it has come.
    """
    plain = ", ".join("g." + c for c in columns if c != "status")
    return f"""
WITH spread AS (
  SELECT order_id FROM good GROUP BY order_id HAVING min(file_no) < max(file_no)
), numbered AS (
  SELECT g.rid, g.file_no, {plain}, {PROGRESS} AS progress, coalesce(refund_amount, 0) AS refunded,
         row_number() OVER (PARTITION BY g.file_no, {plain} ORDER BY g.rid) AS occurrence
  FROM good g JOIN spread USING (order_id)
)
SELECT rid FROM (
  SELECT g.rid, row_number() OVER (PARTITION BY {plain}, g.occurrence
                                   ORDER BY g.progress DESC, g.refunded DESC, g.file_no) AS copy
  FROM numbered g)
WHERE copy > 1
"""


# Lines over ten times the product's median quantity and over the 99.9th percentile of all quantities.
BULK = """
WITH counted AS (
  SELECT CAST(quantity AS DOUBLE) AS quantity, count(*) AS n FROM good WHERE quantity > 0 GROUP BY quantity
), ranked AS (
  SELECT quantity, sum(n) OVER (ORDER BY quantity) AS upto, 0.999 * (sum(n) OVER () - 1) AS place FROM counted
), ends AS (
  SELECT min(quantity) FILTER (upto > floor(place)) AS low, min(quantity) FILTER (upto > ceil(place)) AS high,
         max(place) AS place
  FROM ranked
), top AS (
  SELECT low + (high - low) * (place - floor(place)) AS p999 FROM ends
), big AS (
  SELECT rid, product_id, quantity FROM good, top WHERE quantity > top.p999
), medians AS (
  SELECT product_id, median(CAST(quantity AS DOUBLE)) AS middle
  FROM good WHERE quantity > 0 AND product_id IN (SELECT product_id FROM big)
  GROUP BY product_id
)
SELECT big.rid FROM big JOIN medians USING (product_id) WHERE quantity > 10 * middle
"""
