"""The queries of browsing; each counts an event that was sent twice once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keguan.engine.literals import quoted
from keguan.marts.sessions import keyed

PAGE = "split_part(split_part(k.page, '?', 1), '#', 1)"


def _join(key: str) -> str:
    return (
        f"JOIN event_sessions {key} ON {key}.visitor_id = k.visitor_id AND {key}.session_key = k.session_key"
    )


def pages_sql(goal: int) -> str:
    """Pages by sessions that saw them. Parameter $top."""
    return f"""
WITH {keyed("page", "name", "dwell_seconds")}, viewed AS (
  SELECT s.session_no, {PAGE} AS page, k.occurred_at, k.name, max(k.dwell_seconds) AS dwell,
         max(CASE WHEN (s.seen & {goal}) <> 0 THEN 1 ELSE 0 END) AS converted
  FROM keyed k
  {_join("s")}
  WHERE k.page IS NOT NULL
  GROUP BY s.session_no, {PAGE}, k.occurred_at, k.name
), visits AS (
  SELECT page, session_no, count(*) AS views, sum(dwell) AS dwell, count(dwell) AS timed, max(converted) AS converted
  FROM viewed
  GROUP BY page, session_no
)
SELECT page, CAST(sum(views) AS BIGINT) AS views, count(*) AS sessions, CAST(sum(timed) AS BIGINT) AS timed,
       CAST(sum(dwell) AS DOUBLE) / nullif(sum(timed), 0) AS dwell, CAST(sum(converted) AS BIGINT) AS converted
FROM visits
GROUP BY page
ORDER BY sessions DESC, page
LIMIT $top
"""


def products_sql(cart: Sequence[str], bought: Sequence[str]) -> str:
    """Products by sessions with any event of theirs. Parameter $top."""

    def named(names: Sequence[str]) -> str:
        listed = ", ".join(quoted(name) for name in names)
        return f"max(CASE WHEN k.name IN ({listed}) THEN 1 ELSE 0 END)" if names else "0"

    return f"""
WITH {keyed("product_id", "name")}, events_once AS (
  SELECT s.session_no, k.product_id, k.occurred_at, k.name, {named(cart)} AS cart, {named(bought)} AS bought
  FROM keyed k
  {_join("s")}
  WHERE k.product_id IS NOT NULL
  GROUP BY s.session_no, k.product_id, k.occurred_at, k.name
), visits AS (
  SELECT product_id, session_no, sum(CASE WHEN cart = 0 AND bought = 0 THEN 1 ELSE 0 END) AS views,
         max(cart) AS cart, max(bought) AS bought
  FROM events_once
  GROUP BY product_id, session_no
), counted AS (
  SELECT product_id, CAST(sum(views) AS BIGINT) AS views, count(*) AS sessions, CAST(sum(cart) AS BIGINT) AS carts,
         CAST(sum(bought) AS BIGINT) AS converted
  FROM visits
  GROUP BY product_id
)
SELECT c.product_id, p.name, c.views, c.sessions, c.carts, c.converted
FROM counted c
LEFT JOIN (SELECT product_id, min(name) AS name FROM products GROUP BY product_id) p ON p.product_id = c.product_id
ORDER BY c.sessions DESC, c.product_id
LIMIT $top
"""


def ways_sql(words: int, lists: int, goal: int) -> str:
    """Sessions by whether they searched and whether they went through lists and categories."""
    way = f"""CASE WHEN (seen & {words}) <> 0 AND (seen & {lists}) <> 0 THEN 'both'
              WHEN (seen & {words}) <> 0 THEN 'search' WHEN (seen & {lists}) <> 0 THEN 'category' ELSE 'neither' END"""
    return f"""
SELECT way, count(*) AS sessions, CAST(sum(converted) AS BIGINT) AS converted
FROM (
  SELECT {way} AS way, CASE WHEN (seen & {goal}) <> 0 THEN 1 ELSE 0 END AS converted FROM event_sessions
) w
GROUP BY way
ORDER BY way
"""


def groups(dimensions: Mapping[str, str], segments: str | None, columns: str) -> str:
    """Sessions once for each dimension, with the value of it."""
    join = f"LEFT JOIN {segments} g ON g.account_no = s.account_no" if segments else ""
    return " UNION ALL ".join(
        f"SELECT '{name}' AS dimension, {value} AS value, {columns} FROM event_sessions s "
        f"{join if name == 'segment' else ''}"
        for name, value in dimensions.items()
    )


def engagement_sql(dimensions: Mapping[str, str], segments: str | None) -> str:
    """How long and how much, by group."""
    columns = "s.session_no, s.events, s.first_moment, s.last_moment"
    return f"""
WITH {keyed("name", "dwell_seconds")}, once AS (
  SELECT s.session_no, k.occurred_at, k.name, max(k.dwell_seconds) AS dwell
  FROM keyed k
  {_join("s")}
  GROUP BY s.session_no, k.occurred_at, k.name
), totals AS (
  SELECT session_no, count(*) AS events, sum(dwell) AS dwell FROM once GROUP BY session_no
), grouped AS ({groups(dimensions, segments, columns)})
SELECT g.dimension, g.value, count(*) AS sessions, CAST(sum(t.events) AS BIGINT) AS events,
       median(CAST((g.last_moment >> 6) - (g.first_moment >> 6) AS DOUBLE)) / 60000000 AS minutes,
       median(CAST(t.dwell AS DOUBLE)) AS dwell, count(t.dwell) AS timed,
       CAST(sum(CASE WHEN t.events = 1 THEN 1 ELSE 0 END) AS BIGINT) AS single
FROM grouped g
JOIN totals t ON t.session_no = g.session_no
GROUP BY g.dimension, g.value
ORDER BY g.dimension, g.value
"""


def page_groups_sql(pages: Sequence[str], dimensions: Mapping[str, str], segments: str | None) -> str:
    """Sessions of each group that saw each of some pages."""
    listed = ", ".join(quoted(page) for page in pages)
    return f"""
WITH {keyed("page")}, visits AS (
  SELECT s.session_no, {PAGE} AS page
  FROM keyed k
  {_join("s")}
  WHERE {PAGE} IN ({listed})
  GROUP BY s.session_no, {PAGE}
), grouped AS ({groups(dimensions, segments, "s.session_no")})
SELECT g.dimension, g.value, v.page, count(*) AS sessions
FROM visits v
JOIN grouped g ON g.session_no = v.session_no
GROUP BY g.dimension, g.value, v.page
ORDER BY g.dimension, g.value, v.page
"""
