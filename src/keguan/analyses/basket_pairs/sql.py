"""Queries of the analysis of pairs. SQL text only.

A basket is what one customer bought since $since, or one order; a thing is a product, or a category cut at a level.
Parameters: $since, $top (things looked at), $min_n (baskets that a thing must be in).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.marts.line_metrics import LINE_GROSS, PRODUCTS_ONLY
from keguan.marts.product_sales import PRODUCT_JOIN

BOUGHT = f"l.movement = 'purchase' AND l.{PRODUCTS_ONLY} AND l.day >= $since AND l.product_id IS NOT NULL"


def baskets(unit: str, thing: str) -> str:
    """CTE: each thing of each basket once, with the money paid for it."""
    of_customers = " AND l.account_no IS NOT NULL" if unit == "customer" else ""
    key = "l.account_no" if unit == "customer" else "l.order_id"
    join = "" if thing == "l.product_id" else PRODUCT_JOIN
    return f"""
things AS (
  SELECT {key} AS basket, {thing} AS thing, l.movement, l.amount
  FROM order_lines l{join}
  WHERE {BOUGHT}{of_customers}
), baskets AS (
  SELECT basket, thing, {LINE_GROSS.sql} AS gross
  FROM things WHERE thing IS NOT NULL GROUP BY basket, thing
)"""


def totals_sql(unit: str, thing: str) -> str:
    """One row: baskets, members (basket, thing), ordered pairs."""
    return f"""
WITH {baskets(unit, thing)}, sizes AS (
  SELECT basket, count(*) AS size FROM baskets GROUP BY basket
)
SELECT count(*) AS baskets, CAST(coalesce(sum(size), 0) AS BIGINT) AS members,
       CAST(coalesce(sum(size * (size - 1)), 0) AS BIGINT) AS ordered_pairs
FROM sizes
"""


_POPULAR = """
counted AS (
  SELECT thing, count(*) AS baskets, sum(gross) AS gross FROM baskets GROUP BY thing
), popular AS (
  SELECT thing, baskets, gross, place FROM (
    SELECT thing, baskets, gross, row_number() OVER (ORDER BY baskets DESC, gross DESC, thing) AS place
    FROM counted) r
  WHERE place <= $top AND baskets >= $min_n
)"""


def popular_sql(unit: str, thing: str) -> str:
    """The things looked at: in the largest number of baskets, at least $min_n."""
    return f"WITH {baskets(unit, thing)}, {_POPULAR} SELECT thing, baskets, gross FROM popular ORDER BY place"


def pairs_sql(unit: str, thing: str) -> str:
    """Baskets that hold both of two popular things. The join sees popular things only."""
    return f"""
WITH {baskets(unit, thing)}, {_POPULAR}, kept AS (
  SELECT b.basket, p.thing, p.place FROM baskets b JOIN popular p ON p.thing = b.thing
), paired AS (
  SELECT x.place AS place_a, y.place AS place_b, count(*) AS together
  FROM kept x JOIN kept y ON y.basket = x.basket AND y.place > x.place
  GROUP BY x.place, y.place
)
SELECT a.thing AS a, b.thing AS b, t.together
FROM paired t JOIN popular a ON a.place = t.place_a JOIN popular b ON b.place = t.place_b
ORDER BY t.place_a, t.place_b
"""


def offers_sql(rules: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    """(SQL, parameters) of account_no, label, score, rule: the strongest rule that fits each customer who bought
    the one and not the other. `rules`: a, b, name, confidence, the strongest first."""
    listed: list[str] = []
    values: dict[str, Any] = {}
    for number, rule in enumerate(rules, 1):
        listed.append(
            f"SELECT $a{number} AS a, $b{number} AS b, $label{number} AS label, $score{number} AS score, {number} AS rule"
        )
        values |= {
            f"a{number}": rule["a"], f"b{number}": rule["b"], f"label{number}": rule["name"],
            f"score{number}": f"{rule['confidence']:.3f}",
        }  # fmt: skip
    chosen = " UNION ALL ".join(listed)
    return (
        f"""
WITH rules AS ({chosen}), {baskets("customer", "l.product_id")}, fits AS (
  SELECT o.basket AS account_no, r.label, r.score, r.rule,
         row_number() OVER (PARTITION BY o.basket ORDER BY r.rule) AS choice
  FROM baskets o JOIN rules r ON r.a = o.thing
  LEFT JOIN baskets h ON h.basket = o.basket AND h.thing = r.b
  WHERE h.basket IS NULL
)
SELECT account_no, label, score, rule FROM fits WHERE choice = 1
""",
        values,
    )
