"""Which purchase line a return line takes back: same customer, same product, not later, enough left.

A return that names its original order looks there only. Otherwise the purchase of exactly that quantity
and price is preferred, then the latest. A purchase line is never returned beyond its quantity, so the
matching runs in passes: each open return proposes its best line, each line accepts proposals in time
order as long as quantity is left; what is refused proposes again. What stays open after the last pass is
an unmatched return and is counted as such.
"""

from __future__ import annotations

PASSES = 4

# Lines without a quantity are measured in money: an order export with amounts only, a partial refund.
RETURNS = """
SELECT order_id, line_no, account_no, day, coalesce(product_id, '') AS product_id, original_order_id,
       -coalesce(quantity, amount) AS quantity, unit_price,
       CASE WHEN quantity IS NULL THEN 1 ELSE 0 END AS in_money
FROM order_lines
WHERE movement = 'return' AND coalesce(quantity, amount) < 0
  AND (account_no IS NOT NULL OR original_order_id IS NOT NULL)
"""

# Only lines that a return could mean: the same customer and product, or a named order.
_BOUGHT = """
SELECT l.order_id, l.line_no, l.account_no, l.day, coalesce(l.product_id, '') AS product_id,
       coalesce(l.quantity, l.amount) AS quantity, l.unit_price,
       CASE WHEN l.quantity IS NULL THEN 1 ELSE 0 END AS in_money
FROM order_lines l
"""
CANDIDATES = f"""
{_BOUGHT}
JOIN (SELECT DISTINCT account_no, product_id FROM returns_open WHERE account_no IS NOT NULL) r
  ON r.account_no = l.account_no AND r.product_id = coalesce(l.product_id, '')
WHERE l.movement = 'purchase' AND coalesce(l.quantity, l.amount) > 0
UNION
{_BOUGHT}
WHERE l.movement = 'purchase' AND coalesce(l.quantity, l.amount) > 0
  AND l.order_id IN (SELECT original_order_id FROM returns_open WHERE original_order_id IS NOT NULL)
"""

EMPTY_LINKS = """
SELECT r.order_id, r.line_no, r.day, r.order_id AS original_order_id, r.line_no AS original_line_no,
       r.day AS original_day, r.quantity
FROM returns_open r WHERE 1 = 0
"""


def one_pass(before: str) -> str:
    """SQL of one pass: the links of `before` and those that this pass adds."""
    return f"""
WITH taken AS (
  SELECT original_order_id AS order_id, original_line_no AS line_no, sum(quantity) AS quantity
  FROM {before} GROUP BY 1, 2
), free AS (
  SELECT c.order_id, c.line_no, c.account_no, c.day, c.product_id, c.unit_price, c.in_money,
         c.quantity AS bought, c.quantity - coalesce(t.quantity, 0) AS left_over
  FROM return_candidates c LEFT JOIN taken t ON t.order_id = c.order_id AND t.line_no = c.line_no
), waiting AS (
  SELECT r.* FROM returns_open r
  LEFT JOIN {before} b ON b.order_id = r.order_id AND b.line_no = r.line_no
  WHERE b.order_id IS NULL
), pairs AS (
  SELECT w.order_id, w.line_no, w.day, w.quantity, f.order_id AS original_order_id,
         f.line_no AS original_line_no, f.day AS original_day, f.left_over,
         CASE WHEN w.quantity = f.bought AND coalesce(w.unit_price, 0) = coalesce(f.unit_price, 0)
              THEN 0 ELSE 1 END AS loose
  FROM waiting w JOIN free f
    ON w.account_no = f.account_no AND w.product_id = f.product_id AND w.in_money = f.in_money
  WHERE w.original_order_id IS NULL AND f.day <= w.day AND f.left_over >= w.quantity
  UNION ALL
  SELECT w.order_id, w.line_no, w.day, w.quantity, f.order_id, f.line_no, f.day, f.left_over, 0
  FROM waiting w JOIN free f
    ON w.original_order_id = f.order_id AND w.product_id = f.product_id AND w.in_money = f.in_money
  WHERE f.day <= w.day AND f.left_over >= w.quantity
  UNION ALL
  -- money back on a line that was bought in pieces: the line is known, no piece came back
  SELECT w.order_id, w.line_no, w.day, 0, f.order_id, f.line_no, f.day, f.left_over, 0
  FROM waiting w JOIN free f
    ON w.original_order_id = f.order_id AND w.product_id = f.product_id AND w.in_money > f.in_money
  WHERE f.day <= w.day
), proposed AS (
  SELECT * FROM (
    SELECT p.*, row_number() OVER (
      PARTITION BY order_id, line_no
      ORDER BY loose, original_day DESC, original_order_id DESC, original_line_no DESC) AS choice
    FROM pairs p) ranked
  WHERE choice = 1
), accepted AS (
  SELECT p.*, sum(quantity) OVER (
    PARTITION BY original_order_id, original_line_no
    ORDER BY day, order_id, line_no ROWS UNBOUNDED PRECEDING) AS so_far
  FROM proposed p
)
SELECT order_id, line_no, day, original_order_id, original_line_no, original_day, quantity FROM {before}
UNION ALL
SELECT order_id, line_no, day, original_order_id, original_line_no, original_day, quantity
FROM accepted WHERE so_far <= left_over
"""


def steps(passes: int = PASSES) -> tuple[tuple[str, str], ...]:
    """(name, SQL) of the temporary tables to make one after the other; the last is `return_links`."""
    made = [("returns_open", RETURNS), ("return_candidates", CANDIDATES), ("return_links_0", EMPTY_LINKS)]
    for number in range(1, passes + 1):
        name = "return_links" if number == passes else f"return_links_{number}"
        made.append((name, one_pass(f"return_links_{number - 1}")))
    return tuple(made)
