"""The order lines of a batch in stored columns; refunds given as columns become lines of their own."""

from __future__ import annotations

from keguan.app.ingest.batch import Batch
from keguan.engine.literals import quoted
from keguan.quality import line_kinds

_LINES = """
SELECT rid, 0 AS made, load_id, source_row, order_id, customer_key, product_id,
       CASE WHEN product_id IS NULL THEN product_name END AS product_name,
       line_kind_text, channel, region, price_imputed, day,
       CASE WHEN movement = 'return' AND quantity > 0 THEN -quantity ELSE quantity END AS quantity,
       coalesce(unit_price, price_imputed) AS unit_price,
       CASE WHEN movement = 'return' THEN -abs(amount) ELSE amount END AS amount, discount,
       CASE WHEN movement = 'return' AND cost > 0 THEN -cost ELSE cost END AS cost,
       movement, original_order_id
FROM moved
"""

# An order refunded as a whole, or a refund amount beside the line, is a return line of its own.
_REFUNDED = """
movement = 'purchase'
AND (refund_amount > 0 OR status = 'refunded' OR (status = 'cancelled' AND paid_at IS NOT NULL))
"""
_REFUNDS = f"""
UNION ALL
SELECT rid, 1, load_id, source_row, order_id, customer_key, product_id,
       CASE WHEN product_id IS NULL THEN product_name END,
       line_kind_text, channel, region, NULL, greatest(coalesce(status_day, day), day),
       CASE WHEN coalesce(nullif(refund_amount, 0), amount) >= amount THEN -quantity END,
       coalesce(unit_price, price_imputed), -coalesce(nullif(refund_amount, 0), amount), NULL,
       CASE WHEN coalesce(nullif(refund_amount, 0), amount) >= amount THEN -cost END, 'return', order_id
FROM moved
WHERE {_REFUNDED}
"""

# Lines of an order are numbered in the order of their rows. Where every order's rows stand together, the
# number is the distance from its first row; else the rows of each order must be brought together.
_NUMBERED_TOGETHER = """
SELECT l.*, l.rid - o.first_rid + 1 AS line_no, l.rid = o.opens_rid AS opens
FROM all_lines l JOIN grouped_orders o ON o.order_id = l.order_id
"""
_NUMBERED_APART = """
SELECT l.*, row_number() OVER per_order AS line_no,
       movement = 'purchase' AND sum(CASE WHEN movement = 'purchase' THEN 1 ELSE 0 END)
         OVER (per_order ROWS UNBOUNDED PRECEDING) = 1 AS opens
FROM all_lines l
WINDOW per_order AS (PARTITION BY order_id ORDER BY rid, made)
"""


def lines_sql(batch: Batch) -> str:
    """SQL of the order lines of `moved`; `moved`, `grouped_orders`, `accounts`, `line_kinds`, `bulk` and `repeats` must exist."""
    refunds = _has_refunds(batch)
    together = not refunds and _stand_together(batch)
    by_name = line_kinds.line_kind_sql("CAST(NULL AS VARCHAR)", "n.product_name")
    kind = "coalesce(n.line_kind_text, k.line_kind)"
    if batch.any_row("product_id IS NULL"):
        kind = f"coalesce(n.line_kind_text, k.line_kind, {by_name})"
    bulk, repeats = batch.filled("bulk"), batch.filled("repeats")
    return f"""
    WITH all_lines AS (
      {_LINES}
      {_REFUNDS if refunds else ""}
    ), numbered AS (
      {_NUMBERED_TOGETHER if together else _NUMBERED_APART}
    )
    SELECT n.order_id, CAST(n.line_no AS INTEGER) AS line_no, a.account_no, n.day, n.product_id,
           n.quantity, n.unit_price, n.amount, n.discount, n.cost, {kind} AS line_kind, n.movement,
           CASE WHEN n.opens THEN 1 ELSE 0 END AS opens_order,
           n.original_order_id, n.channel, n.region,
           {"b.rid IS NOT NULL" if bulk else "FALSE"} AS is_bulk,
           {"r.rid IS NOT NULL AND n.made = 0" if repeats else "FALSE"} AS is_repeated,
           CASE WHEN n.price_imputed IS NOT NULL THEN 'unit_price' END AS imputed,
           {quoted(batch.settings.source)} AS source, n.load_id, n.source_row
    FROM numbered n
    LEFT JOIN accounts a ON a.key_value = n.customer_key
    LEFT JOIN line_kinds k ON k.product_id = n.product_id
    {"LEFT JOIN bulk b ON b.rid = n.rid" if bulk else ""}
    {"LEFT JOIN repeats r ON r.rid = n.rid" if repeats else ""}
    """


def _has_refunds(batch: Batch) -> bool:
    told = batch.has("refund_amount") or batch.has("status")
    return told and _any(batch, f"SELECT 1 FROM moved WHERE {_REFUNDED} LIMIT 1")


def _stand_together(batch: Batch) -> bool:
    """Whether the rows of each order follow one another in one file."""
    return not _any(batch, "SELECT 1 FROM grouped_orders WHERE last_rid - first_rid + 1 <> lines LIMIT 1")


def _any(batch: Batch, sql: str) -> bool:
    return bool(batch.connection.execute(sql).fetchall())
