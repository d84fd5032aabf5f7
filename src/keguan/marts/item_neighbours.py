"""What each customer bought, and which things are bought by the same customers. SQL text only.

A thing is a product or a category. `item` numbers things by how often they were bought, so that joins are over
integers. A basket is what one customer bought since $since, at most the $basket latest things of it: the work
follows the pairs within baskets, never the number of customers squared. Things in fewer than $least baskets have no
neighbours, and each has at most $near of them.

    similarity of two things = together / (sqrt(baskets of one x baskets of the other) + 10), in millionths

The 10 keeps two rare things that met by chance from being called alike (Deshpande and Karypis 2004, cosine; the
constant is a shrinkage as of Koren 2010). Purchases of guests are in no basket; those later returned count, they were
wanted. Every sum is over whole numbers: the same on any engine, in any order of rows.

Parameters: $then, the last day that counts; $last, until when purchases are read; $since, $basket, $least, $near;
$recent_from and $season_from, first days of the month and half-year before $then.
"""

from __future__ import annotations

from keguan.marts.line_metrics import PRODUCTS_ONLY
from keguan.marts.product_sales import PRODUCT_JOIN

PRODUCT = "l.product_id"
PARTS = 1_000_000  # similarities are whole numbers of these
BASKET, LEAST, NEAR = 50, 3, 30  # usual values of $basket, $least, $near


def bought_rows_sql(thing: str = PRODUCT) -> str:
    """SELECT account_no, day, thing of what was bought up to $last, each thing once a day."""
    join = "" if thing == PRODUCT else PRODUCT_JOIN
    return f"""
  SELECT account_no, day, thing FROM (
    SELECT l.account_no, l.day, {thing} AS thing
    FROM order_lines l{join}
    WHERE l.movement = 'purchase' AND l.{PRODUCTS_ONLY} AND l.account_no IS NOT NULL
      AND l.product_id IS NOT NULL AND l.day <= $last
  ) r
  WHERE thing IS NOT NULL AND thing <> '' GROUP BY account_no, day, thing"""


THINGS = """
things AS (
  SELECT thing, days, recent, season, last_day, row_number() OVER (ORDER BY days DESC, thing) AS item
  FROM (
    SELECT thing, count(*) AS days, max(day) AS last_day,
           CAST(sum(CASE WHEN day >= $recent_from THEN 1 ELSE 0 END) AS BIGINT) AS recent,
           CAST(sum(CASE WHEN day >= $season_from THEN 1 ELSE 0 END) AS BIGINT) AS season
    FROM bought WHERE day <= $then GROUP BY thing) r
)"""

HISTORY = """
history AS (
  SELECT b.account_no, b.day, t.item FROM bought b JOIN things t ON t.thing = b.thing WHERE b.day <= $then
)"""


def bought_sql(thing: str = PRODUCT) -> str:
    """CTEs: bought (account_no, day, thing), each once a day, up to $last; history, its part up to $then;
    things (thing, item, days, recent, season, last_day): on how many customers' days bought at all, in the last
    month and half-year."""
    return f"""
bought AS ({bought_rows_sql(thing)}
), {THINGS.strip()}, {HISTORY.strip()}"""


NEIGHBOURS = f"""
basket_items AS (
  SELECT account_no, item FROM (
    SELECT account_no, item, row_number() OVER (PARTITION BY account_no ORDER BY max(day) DESC, item) AS place
    FROM history WHERE day >= $since GROUP BY account_no, item) r
  WHERE place <= $basket
), item_baskets AS (
  SELECT item, count(*) AS baskets FROM basket_items GROUP BY item HAVING count(*) >= $least
), kept_items AS (
  SELECT b.account_no, b.item, i.baskets FROM basket_items b JOIN item_baskets i ON i.item = b.item
), item_pairs AS (
  SELECT x.item AS item, y.item AS other, count(*) AS together, min(x.baskets) AS baskets,
         min(y.baskets) AS other_baskets
  FROM kept_items x JOIN kept_items y ON y.account_no = x.account_no AND y.item <> x.item
  GROUP BY x.item, y.item HAVING count(*) >= 2
), alike AS (
  SELECT item, other, together, baskets, other_baskets,
         CAST(round(CAST({PARTS} * together / (sqrt(CAST(baskets * other_baskets AS DOUBLE)) + 10) AS DOUBLE), 0)
              AS BIGINT) AS similarity
  FROM item_pairs
), neighbours AS (
  SELECT item, other, together, baskets, other_baskets, similarity FROM (
    SELECT *, row_number() OVER (PARTITION BY item ORDER BY similarity DESC, other) AS place FROM alike) r
  WHERE place <= $near
)"""
