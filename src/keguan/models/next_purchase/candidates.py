"""Which things could a customer buy next, and how does each way of ranking them order these? SQL text only.

Candidates of a customer: what was bought before, what is bought by the same customers as these (marts.item_neighbours),
what sells now, and what sells now in the categories bought before. Each has six plain figures; a way of ranking is a
weighted sum of them, so the baselines (global top, own top, their blend) and the model go through one query.

    times    on how many days bought by the customer
    long     square root of these days, each worth half after 180 days, times the fourth root of how the thing
             sells this month against its half-year (at most 2)
    short    the same with 60 days
    popular  customer days with the thing among all customer days of the last month
    near     sum over own things of weight x similarity, as a share of the customer's largest
    kin      share of the customer's weight in the category x share of the thing in the category's last month

Parameters: those of marts.item_neighbours, and $places, how many are listed for each customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from keguan.evidence.statistics.ranking import MILLION, hit_gain_sql, ideal_sql
from keguan.marts.scatter import SCATTERED

SEEDS, PULLED, POPULAR, KIN = 30, 100, 50, 10  # candidates of each kind


@dataclass(frozen=True, slots=True)
class Way:
    """A way of ranking: its name and the weights of the six figures."""

    name: str
    times: float = 0.0
    long: float = 0.0
    short: float = 0.0
    popular: float = 0.0
    near: float = 0.0
    kin: float = 0.0


WEIGHTS = tuple(item.name for item in fields(Way))[1:]


def _halving(days: int) -> str:
    """SQL: the sum of the weights of a customer's days with a thing, in thousandths."""
    age = f"date_diff('day', h.day, $then) / {days}.0"
    return f"sum(CAST(round(CAST(1000 * power(0.5, {age}) AS DOUBLE), 0) AS BIGINT))"


_ITEM_KIN = "item_kin AS (SELECT item, recent, category FROM things WHERE category IS NOT NULL)"
_KIN = f"""{_ITEM_KIN}, kin_best AS (
  SELECT item, category, CAST(recent AS DOUBLE) / nullif(sold, 0) AS share FROM (
    SELECT item, category, recent, sum(recent) OVER (PARTITION BY category) AS sold,
           row_number() OVER (PARTITION BY category ORDER BY recent DESC, item) AS place
    FROM item_kin) r
  WHERE place <= {KIN} AND recent > 0
), own_kin AS (
  SELECT account_no, category, CAST(weight AS DOUBLE) / nullif(sum(weight) OVER (PARTITION BY account_no), 0) AS share
  FROM (
    SELECT o.account_no, i.category, sum(o.long) AS weight
    FROM own o JOIN item_kin i ON i.item = o.item GROUP BY o.account_no, i.category) r
), kin AS (
  SELECT o.account_no, b.item, o.share * b.share AS kin
  FROM own_kin o JOIN kin_best b ON b.category = o.category WHERE o.share > 0
)"""

# What the view `candidates` holds.
COLUMNS = {"account_no": "INTEGER", "item": "BIGINT", **dict.fromkeys(WEIGHTS, "DOUBLE")}


def candidates_sql(who: str, *, categories: bool) -> str:
    """Rows of COLUMNS over CTEs bought, things, history, neighbours. `who`: a SELECT of account_no; `categories`: whether
    products have any. Each kind of candidates adds its figures to rows of one shape, so that none is computed twice."""
    kin = "UNION ALL SELECT account_no, item, 0, 0, 0, 0, kin FROM kin" if categories else ""
    return f"""
who AS ({who}
), own AS (
  SELECT h.account_no, h.item, count(*) AS times, {_halving(180)} AS long, {_halving(60)} AS short
  FROM history h JOIN who w ON w.account_no = h.account_no GROUP BY h.account_no, h.item
), seeds AS (
  SELECT account_no, item, long FROM (
    SELECT account_no, item, long, row_number() OVER (PARTITION BY account_no ORDER BY long DESC, item) AS place
    FROM own) r
  WHERE place <= {SEEDS}
), pulls AS (
  SELECT s.account_no, n.other AS item,
         CAST(sum(CAST(round(CAST(sqrt(CAST(s.long AS DOUBLE)) * n.similarity AS DOUBLE), 0) AS BIGINT)) AS BIGINT) AS pull
  FROM seeds s JOIN neighbours n ON n.item = s.item GROUP BY s.account_no, n.other
), near AS (
  SELECT account_no, item, CAST(pull AS DOUBLE) / strongest AS near FROM (
    SELECT account_no, item, pull, max(pull) OVER (PARTITION BY account_no) AS strongest,
           row_number() OVER (PARTITION BY account_no ORDER BY pull DESC, item) AS place
    FROM pulls WHERE pull > 0) r
  WHERE place <= {PULLED}
), popular AS (
  SELECT item FROM (
    SELECT item, row_number() OVER (ORDER BY recent DESC, item) AS place FROM things) r
  WHERE place <= {POPULAR}
){f", {_KIN}" if categories else ""}, listed AS (
  SELECT account_no, item, max(times) AS times, max(long) AS long, max(short) AS short, max(near) AS near, max(kin) AS kin
  FROM (
    SELECT account_no, item, times, long, short, CAST(0 AS DOUBLE) AS near, CAST(0 AS DOUBLE) AS kin FROM own
    UNION ALL SELECT account_no, item, 0, 0, 0, near, 0 FROM near
    {kin}
    UNION ALL SELECT w.account_no, p.item, 0, 0, 0, 0, 0 FROM who w CROSS JOIN popular p) r
  GROUP BY account_no, item
), month_days AS (
  SELECT count(*) AS days FROM (
    SELECT account_no, day FROM bought WHERE day >= $recent_from AND day <= $then GROUP BY account_no, day) r
)
SELECT l.account_no, l.item, CAST(l.times AS DOUBLE) AS times,
       CAST(sqrt(l.long / 1000.0) * t.trend AS DOUBLE) AS long, CAST(sqrt(l.short / 1000.0) * t.trend AS DOUBLE) AS short,
       coalesce(CAST(t.recent AS DOUBLE) / nullif(m.days, 0), 0) AS popular, l.near, l.kin
FROM listed l
JOIN (
  SELECT item, recent, sqrt(sqrt(least((recent + 2) / (season / 6.0 + 2), 2))) AS trend FROM things) t
  ON t.item = l.item
CROSS JOIN month_days m
"""


def ranked_sql(ways: Sequence[Way]) -> str:
    """CTEs ways, ranked (way, account_no, item, score, place) over `candidates`: the first $places of each customer by
    each way."""
    rows = " UNION ALL ".join(
        "SELECT "
        + ", ".join(f"{_value(item)} AS {name}" for item, name in zip(astuple(way), names, strict=True))
        for way in ways
        for names in [("way", *(f"w_{weight}" for weight in WEIGHTS))]
    )
    score = " + ".join(f"w.w_{weight} * c.{weight}" for weight in WEIGHTS)
    return f"""
ways AS ({rows}), ranked AS (
  SELECT way, account_no, item, score, place FROM (
    SELECT way, account_no, item, score,
           row_number() OVER (PARTITION BY way, account_no ORDER BY score DESC, item) AS place
    FROM (
      SELECT w.way, c.account_no, c.item, round(CAST({score} AS DOUBLE), 6) AS score
      FROM candidates c CROSS JOIN ways w) s
    WHERE score > 0) r
  WHERE place <= $places
)"""


def _value(item: str | float) -> str:
    return f"'{item}'" if isinstance(item, str) else f"CAST({item} AS DOUBLE)"


# Customers with a purchase after $then and one before, at most $sampled of them: an even part by their number.
TESTED = f"""
  SELECT account_no FROM (
    SELECT account_no, row_number() OVER (ORDER BY {SCATTERED}) AS place
    FROM bought GROUP BY account_no
    HAVING min(day) <= $then AND max(day) > $then) r
  WHERE place <= $sampled"""


def backtest_sql(kept: str, ways: Sequence[Way], blend: str, k: int) -> str:
    """One row a way: customers, sums of hits, recall and nDCG (millionths), and of the differences to the way `blend`
    with their squares. `kept`: CTEs bought, things, candidates."""
    return f"""
WITH {kept}, {ranked_sql(ways)}, who AS (
  SELECT account_no FROM candidates GROUP BY account_no
), wanted AS (
  SELECT b.account_no, b.thing, t.item
  FROM bought b JOIN who w ON w.account_no = b.account_no LEFT JOIN things t ON t.thing = b.thing
  WHERE b.day > $then GROUP BY b.account_no, b.thing, t.item
), sizes AS (
  SELECT account_no, count(*) AS taken FROM wanted GROUP BY account_no
), hits AS (
  SELECT r.way, r.account_no, count(*) AS hits, sum({hit_gain_sql("r.place", k)}) AS gained
  FROM ranked r JOIN wanted x ON x.account_no = r.account_no AND x.item = r.item
  GROUP BY r.way, r.account_no
), each AS (
  SELECT w.way, s.account_no, coalesce(h.hits, 0) AS hits,
         CAST(round(CAST({MILLION}.0 * coalesce(h.hits, 0) / s.taken AS DOUBLE), 0) AS BIGINT) AS recall,
         CAST(round(CAST({MILLION}.0 * coalesce(h.gained, 0) / {ideal_sql("s.taken", k)} AS DOUBLE), 0) AS BIGINT) AS ndcg
  FROM sizes s CROSS JOIN ways w LEFT JOIN hits h ON h.account_no = s.account_no AND h.way = w.way
), compared AS (
  SELECT way, hits, recall, ndcg, recall - max({_of(blend, "recall")}) OVER (PARTITION BY account_no) AS recall_more,
         ndcg - max({_of(blend, "ndcg")}) OVER (PARTITION BY account_no) AS ndcg_more
  FROM each
)
SELECT way, count(*) AS customers, CAST(sum(hits) AS BIGINT) AS hits,
       CAST(sum(recall) AS BIGINT) AS recall, CAST(sum(ndcg) AS BIGINT) AS ndcg,
       CAST(sum(recall_more) AS BIGINT) AS recall_more, CAST(sum(recall_more * recall_more) AS BIGINT) AS recall_squares,
       CAST(sum(ndcg_more) AS BIGINT) AS ndcg_more, CAST(sum(ndcg_more * ndcg_more) AS BIGINT) AS ndcg_squares
FROM compared GROUP BY way ORDER BY way
"""


def _of(way: str, figure: str) -> str:
    return f"CASE WHEN way = '{way}' THEN {figure} END"
