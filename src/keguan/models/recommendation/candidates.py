"""What could be recommended to each customer, of which kind, and why. SQL text only.

replenish   the customer bought the thing on three or more days, and the own median gap ends within $lead days or ended
            less than twice its length ago; with $rhythm = 0, whatever was bought on three or more days
complement  it is bought by the same customers as a thing of the customer's last purchase, which is recent
cross_sell  it is bought by the same customers as the latest things of the customer, and was never bought
popular     with $crossed = 0 in the place of cross_sell: what sold most in the last month and was never bought

Left out: things not sold since $sold_from; in a complement things bought before, unless customers buy them again (a
share of $again of their buyers) and the last time is before $sold_from. A neighbour counts from $pair customers in common
and a lift above 1; neighbours rank by similarity times how the thing sells this month against its half-year. A thing is
recommended once to a customer, by the first kind in the order above. Things, own purchases and pairs are views of their
own (stages), for each is named more than once.

Parameters: those of marts.item_neighbours; $lead, $after days since the last purchase, $sold_from, $again, $pair,
$rhythm and $crossed (1 or 0), $each recommendations of a kind for a customer.
"""

from __future__ import annotations

from collections.abc import Sequence

from keguan.evidence.statistics.ranking import MILLION
from keguan.marts.scatter import SCATTERED

KINDS = ("replenish", "complement", "cross_sell", "popular")
TOP = 30  # things that sell most, of which some are not bought yet
SEEDS = 10  # things of a customer that neighbours are looked up for
COLUMNS = {
    "account_no": "INTEGER", "kind": "VARCHAR", "place": "BIGINT", "thing": "VARCHAR",
    "because": "VARCHAR", "together": "BIGINT", "because_baskets": "BIGINT", "lift": "DOUBLE", "times": "BIGINT",
    "own_gap": "DOUBLE", "since": "BIGINT", "recent": "BIGINT",
}  # fmt: skip

_NONE = {
    "because": "BIGINT", "together": "BIGINT", "because_baskets": "BIGINT", "lift": "DOUBLE", "times": "BIGINT",
    "own_gap": "DOUBLE", "since": "BIGINT", "recent": "BIGINT",
}  # fmt: skip
FAR = 1_000_000_000  # above any number of a thing

_REPLENISH = """
rhythm AS (
  SELECT account_no, item, count(*) AS times, max(day) AS last_day, median(CAST(gap AS DOUBLE)) AS own_gap
  FROM (
    SELECT h.account_no, h.item, h.day,
           date_diff('day', lag(h.day) OVER (PARTITION BY h.account_no, h.item ORDER BY h.day), h.day) AS gap
    FROM history h JOIN own o ON o.account_no = h.account_no AND o.item = h.item WHERE o.times >= 3) r
  GROUP BY account_no, item
), replenish AS (
  SELECT r.account_no, r.item, CAST(r.times AS BIGINT) AS times, r.own_gap, CAST(r.since AS BIGINT) AS since
  FROM (
    SELECT account_no, item, times, own_gap, date_diff('day', last_day, $then) AS since FROM rhythm) r
  JOIN things t ON t.item = r.item
  WHERE t.last_day >= $sold_from AND ($rhythm = 0 OR (r.since >= r.own_gap - $lead AND r.since <= 3 * r.own_gap))
)"""

# What neighbours of a customer's latest things are pulled by: `best` holds the similarity and the thing of the nearest.
_OFFERED = f"""
last_bought AS (
  SELECT account_no, max(last_day) AS last_day FROM own GROUP BY account_no
), seeds AS (
  SELECT account_no, item, is_last FROM (
    SELECT o.account_no, o.item,
           CASE WHEN o.last_day = l.last_day AND date_diff('day', o.last_day, $then) <= $after THEN 1 ELSE 0 END AS is_last,
           row_number() OVER (PARTITION BY o.account_no ORDER BY o.last_day DESC, o.item) AS place
    FROM own o JOIN last_bought l ON l.account_no = o.account_no) r
  WHERE place <= {SEEDS}
), pulled AS (
  SELECT s.account_no, p.other AS item, max(s.is_last) AS is_last, max(p.trend) AS trend,
         sum(p.similarity) AS pull, max(p.similarity * {FAR} + {FAR - 1} - p.item) AS best,
         sum(CASE WHEN s.is_last = 1 THEN p.similarity END) AS last_pull,
         max(CASE WHEN s.is_last = 1 THEN p.similarity * {FAR} + {FAR - 1} - p.item END) AS last_best
  FROM seeds s JOIN pairs p ON p.item = s.item WHERE s.is_last >= 1 - $crossed
  GROUP BY s.account_no, p.other
), offered AS (
  SELECT p.account_no, p.item, p.is_last, {FAR - 1} - coalesce(p.last_best, p.best) % {FAR} AS because,
         CAST(round(CAST(coalesce(p.last_pull, p.pull) * p.trend AS DOUBLE), 0) AS BIGINT) AS pull
  FROM pulled p JOIN things t ON t.item = p.item
  LEFT JOIN own o ON o.account_no = p.account_no AND o.item = p.item
  LEFT JOIN replenish r ON r.account_no = p.account_no AND r.item = p.item
  WHERE r.item IS NULL
    AND (o.item IS NULL OR (p.is_last = 1 AND t.again >= $again * t.buyers AND o.last_day < $sold_from))
)"""

_MONTH_TOP = f"""
month_top AS (
  SELECT item, recent FROM (
    SELECT item, recent, row_number() OVER (ORDER BY recent DESC, item) AS place FROM things
    WHERE recent > 0 AND last_day >= $sold_from) r
  WHERE place <= {TOP}
), not_bought AS (
  SELECT w.account_no, t.item, t.recent FROM (SELECT account_no FROM own GROUP BY account_no) w CROSS JOIN month_top t
  LEFT JOIN own o ON o.account_no = w.account_no AND o.item = t.item WHERE o.item IS NULL
)"""


def _first(kind: str, rows: str, score: str, given: Sequence[str], by: str = "account_no") -> str:
    """SELECT of a kind: the $each rows of a customer with the highest score."""
    columns = ", ".join(
        name if name in given else f"CAST(NULL AS {sql}) AS {name}" for name, sql in _NONE.items()
    )
    return f"""
  SELECT account_no, item, {kind} AS kind, {columns}, place FROM (
    SELECT *, row_number() OVER (PARTITION BY {by} ORDER BY {score} DESC, item) AS place FROM {rows}) r
  WHERE place <= $each"""


def recommended_sql(*, crossed: bool) -> str:
    """CTEs up to `recommended`, over things, history, own and pairs; not_bought where it is `popular` that is listed."""
    steady = "CAST(round(CAST(1000 * abs(since - own_gap) / own_gap AS DOUBLE), 0) AS BIGINT)"
    near = "CASE WHEN is_last = 1 THEN 'complement' ELSE 'cross_sell' END"
    joined = """(
      SELECT o.*, p.together, p.baskets AS because_baskets, p.lift
      FROM (SELECT *, row_number() OVER (PARTITION BY account_no, is_last ORDER BY pull DESC, item) AS nth FROM offered) o
      JOIN pairs p ON p.item = o.because AND p.other = o.item WHERE o.nth <= $each) j"""
    kinds = [
        _first("'replenish'", "replenish", f"times * {MILLION} - {steady}", ("times", "own_gap", "since")),
        _first(
            near, joined, "pull", ("because", "together", "because_baskets", "lift"), "account_no, is_last"
        ),
    ]
    if not crossed:
        rest = """(
      SELECT n.account_no, n.item, n.recent FROM not_bought n
      LEFT JOIN offered o ON o.account_no = n.account_no AND o.item = n.item WHERE o.item IS NULL) n"""
        kinds.append(_first("'popular'", rest, "recent", ("recent",)))
    parts = [_REPLENISH, _OFFERED, *(() if crossed else (_MONTH_TOP,))]
    return f"{', '.join(part.strip() for part in parts)}, recommended AS ({' UNION ALL'.join(kinds)}\n)"


def all_sql(views: str, order: Sequence[str], *, crossed: bool) -> str:
    """Every recommendation of COLUMNS. `views`: CTEs things, history, own, pairs; `order`: kinds, the surest first;
    `place` counts a customer's recommendations in that order."""
    places = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(order))
    return f"""
WITH {views}, {recommended_sql(crossed=crossed)}
SELECT CAST(r.account_no AS INTEGER) AS account_no, r.kind,
       CAST(row_number() OVER (PARTITION BY r.account_no ORDER BY CASE r.kind {places} END, r.place, r.item) AS BIGINT) AS place,
       t.thing, u.thing AS because, r.together,
       r.because_baskets, r.lift, r.times, r.own_gap, r.since, r.recent
FROM recommended r JOIN things t ON t.item = r.item LEFT JOIN things u ON u.item = r.because
"""


def everyone(refused: str) -> str:
    """SELECT of the customers who did not refuse."""
    return f"""
  SELECT b.account_no FROM bought b LEFT JOIN ({refused}) n ON n.account_no = b.account_no
  WHERE n.account_no IS NULL GROUP BY b.account_no"""


# Customers with a purchase up to $then and one after it, at most $sampled: an even part by their number.
TESTED = f"""
  SELECT account_no FROM (
    SELECT account_no, row_number() OVER (ORDER BY {SCATTERED}) AS place
    FROM bought GROUP BY account_no HAVING min(day) <= $then AND max(day) > $then) r
  WHERE place <= $sampled"""


def backtest_sql(views: str, *, crossed: bool) -> str:
    """By kind: customers with a purchase after $then, what was recommended to them, what of it they bought up to $last, and
    sums per customer (millionths) of the share bought less that of the same number of things by the plain rule: for what
    was bought before the customer's own top, for the others the month's top not bought before."""
    listed = "" if not crossed else f"{_MONTH_TOP.strip()}, "
    return f"""
WITH {views}, {recommended_sql(crossed=crossed)}, {listed}plain AS (
  SELECT account_no, item, 1 AS is_own,
         row_number() OVER (PARTITION BY account_no ORDER BY times DESC, item) AS place FROM own
  UNION ALL
  SELECT account_no, item, 0, row_number() OVER (PARTITION BY account_no ORDER BY recent DESC, item) FROM not_bought
), later AS (
  SELECT b.account_no, t.item FROM bought b JOIN (SELECT account_no FROM own GROUP BY account_no) w ON w.account_no = b.account_no
  JOIN things t ON t.thing = b.thing
  WHERE b.day > $then GROUP BY b.account_no, t.item
), made AS (
  SELECT r.account_no, r.kind, count(*) AS listed, count(l.item) AS bought
  FROM recommended r LEFT JOIN later l ON l.account_no = r.account_no AND l.item = r.item
  GROUP BY r.account_no, r.kind
), compared AS (
  SELECT m.account_no, m.kind, m.listed, m.bought, count(p.item) AS plain_listed, count(l.item) AS plain_bought
  FROM made m
  LEFT JOIN plain p ON p.account_no = m.account_no AND p.is_own = CASE WHEN m.kind = 'replenish' THEN 1 ELSE 0 END
    AND p.place <= m.listed
  LEFT JOIN later l ON l.account_no = p.account_no AND l.item = p.item
  GROUP BY m.account_no, m.kind, m.listed, m.bought
), each AS (
  SELECT kind, listed, bought, plain_listed, plain_bought,
         CAST(round(CAST({MILLION}.0 * bought / listed
                         - {MILLION}.0 * plain_bought / greatest(plain_listed, 1) AS DOUBLE), 0) AS BIGINT) AS more
  FROM compared
)
SELECT kind, count(*) AS customers, CAST(sum(listed) AS BIGINT) AS listed, CAST(sum(bought) AS BIGINT) AS bought,
       CAST(sum(plain_listed) AS BIGINT) AS plain_listed, CAST(sum(plain_bought) AS BIGINT) AS plain_bought,
       CAST(sum(more) AS BIGINT) AS more, CAST(sum(more * more) AS BIGINT) AS squares
FROM each GROUP BY kind ORDER BY kind
"""
