"""Which accounts and guest orders a change of the order lines affects beyond new sales. SQL text only.

An account is affected as a whole when orders of it came again, when it has returns, before or now, or when
something came that is not later than its last order; its returns may then take back other purchases than
before. A guest's order is affected by itself. A return that names an order binds the two: `GROW` follows such
bonds until nothing is added.

Reads lines_before (all earlier lines), all_lines (all lines after the change), batch_lines, replaced_lines and
facts_before (customer_facts as stored).
"""

from __future__ import annotations

from keguan.schema.tables import PURCHASES

_TOUCHED = """
SELECT DISTINCT account_no FROM (
  SELECT account_no FROM batch_lines UNION ALL SELECT account_no FROM replaced_lines) t
WHERE account_no IS NOT NULL
"""

# A unit is an account (a12) or an order of a guest (o10023).
_UNIT = (
    "CASE WHEN {t}account_no IS NULL THEN 'o' || {t}order_id ELSE 'a' || CAST({t}account_no AS VARCHAR) END"
)

# Returns that name an order of another unit, before or after the change.
_BONDS = f"""
WITH named AS (
  SELECT account_no, order_id, original_order_id FROM lines_before
  WHERE movement = 'return' AND original_order_id IS NOT NULL
  UNION
  SELECT account_no, order_id, original_order_id FROM batch_lines
  WHERE movement = 'return' AND original_order_id IS NOT NULL
), bought AS (
  SELECT account_no, order_id FROM lines_before
  WHERE movement = 'purchase' AND order_id IN (SELECT original_order_id FROM named)
  UNION
  SELECT account_no, order_id FROM batch_lines
  WHERE movement = 'purchase' AND order_id IN (SELECT original_order_id FROM named)
), pairs AS (
  SELECT {_UNIT.format(t="n.")} AS unit, {_UNIT.format(t="b.")} AS named_unit, n.order_id, b.order_id AS named_order
  FROM named n JOIN bought b ON b.order_id = n.original_order_id
)
SELECT * FROM pairs WHERE unit <> named_unit
"""

_AFFECTED = f"""
SELECT {_UNIT.format(t="")} AS unit FROM replaced_lines
UNION
SELECT {_UNIT.format(t="")} FROM batch_lines
WHERE movement = 'return' OR (account_no IS NULL AND order_id IN (SELECT order_id FROM replaced_lines))
UNION
SELECT {_UNIT.format(t="")} FROM lines_before
WHERE movement = 'return' AND account_no IN (SELECT account_no FROM touched)
UNION
SELECT 'a' || CAST(b.account_no AS VARCHAR)
FROM (SELECT account_no, min(day) AS day FROM batch_lines
      WHERE movement = 'purchase' AND account_no IS NOT NULL GROUP BY account_no) b
JOIN facts_before f ON f.account_no = b.account_no AND b.day <= f.last_order_on
UNION
-- an order of the batch that an earlier return was waiting for
SELECT unit FROM bonds WHERE named_order IN (SELECT order_id FROM batch_lines)
"""

STEPS = (("touched", _TOUCHED), ("bonds", _BONDS), ("affected_units", _AFFECTED))

# One step along the bonds; gives the number of units added.
GROW = """
INSERT INTO affected_units
SELECT DISTINCT unit FROM (
  SELECT named_unit AS unit FROM bonds WHERE unit IN (SELECT unit FROM affected_units)
  UNION ALL
  SELECT unit FROM bonds WHERE named_unit IN (SELECT unit FROM affected_units)) next
WHERE unit NOT IN (SELECT unit FROM affected_units)
"""

GROWN = (
    (
        "affected_accounts",
        "SELECT CAST(substr(unit, 2) AS INTEGER) AS account_no FROM affected_units WHERE unit LIKE 'a%'",
    ),
    ("affected_orders", "SELECT substr(unit, 2) AS order_id FROM affected_units WHERE unit LIKE 'o%'"),
)


def lines_of(lines: str) -> str:
    """SQL: the rows of `lines` that belong to affected accounts or are affected guest orders."""
    return f"""
SELECT * FROM {lines}
WHERE account_no IN (SELECT account_no FROM affected_accounts)
   OR (account_no IS NULL AND order_id IN (SELECT order_id FROM affected_orders))
"""


# What the batch adds where nothing else is affected: its purchases, on days after all that was known.
SIMPLE_SALES = """
WITH sales AS (
  SELECT l.account_no, l.day, sum(l.opens_order) AS orders, sum(l.amount) AS gross,
         sum(l.quantity) AS quantity, sum(l.amount - l.cost) AS margin, count(*) AS lines
  FROM batch_lines l
  WHERE l.movement = 'purchase'
    AND (l.account_no IS NULL OR l.account_no NOT IN (SELECT account_no FROM affected_accounts))
    AND (l.account_no IS NOT NULL OR l.order_id NOT IN (SELECT order_id FROM affected_orders))
  GROUP BY l.account_no, l.day
), opened AS (
  SELECT s.*, min(CASE WHEN s.orders > 0 THEN s.day END)
                OVER (PARTITION BY s.account_no, year(s.day) * 12 + month(s.day)) AS first_in_month
  FROM sales s
)
SELECT s.account_no, s.day, s.day AS order_day, s.orders, 0 AS cancelled, s.gross, 0 AS returns, s.quantity,
       s.margin, s.lines,
       CASE WHEN s.account_no IS NOT NULL AND s.orders > 0 AND s.day = s.first_in_month
             AND (f.last_order_on IS NULL
                  OR year(f.last_order_on) * 12 + month(f.last_order_on) < year(s.day) * 12 + month(s.day))
            THEN 1 ELSE 0 END AS opens_month
FROM opened s LEFT JOIN facts_before f ON f.account_no = s.account_no
"""

_KEY = ("account_no", "day", "order_day")
_FIGURES = tuple(name for name in PURCHASES.names if name not in _KEY)


def signed(purchases: str, sign: int) -> str:
    """SQL: the rows of a relation like `purchases`, added or taken away."""
    figures = ", ".join(name if sign > 0 else f"-{name} AS {name}" for name in _FIGURES)
    return f"SELECT {', '.join(_KEY)}, {figures} FROM {purchases}"


def added_up(rows: str) -> str:
    """SQL: rows like those of `purchases`, one for each key, without those that came to nothing."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in _FIGURES)
    some = " OR ".join(f"coalesce(sum({name}), 0) <> 0" for name in _FIGURES)
    return f"SELECT {', '.join(_KEY)}, {sums} FROM ({rows}) r GROUP BY {', '.join(_KEY)} HAVING {some}"


# First orders are looked for anew among the lines of affected accounts and of accounts that are new.
LINES_FOR_FIRST_ORDER = """
SELECT * FROM lines_after_affected
UNION ALL
SELECT * FROM batch_lines
WHERE account_no NOT IN (SELECT account_no FROM affected_accounts)
  AND account_no NOT IN (SELECT account_no FROM facts_before)
"""
FIRST_ORDER_KEPT = """
SELECT account_no, channel, region FROM first_order
UNION ALL
SELECT account_no, first_channel, first_region FROM facts_before
WHERE account_no IN (SELECT account_no FROM touched)
  AND account_no NOT IN (SELECT account_no FROM affected_accounts)
"""
