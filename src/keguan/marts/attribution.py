"""Orders counted to the touches before them: rules of counting, which say nothing of causes. SQL text only.

A touch is a contact, or a visit (session of events) whose source is told, of a known customer. It belongs to the
customer's next order if that comes within $lookback microseconds; the touches of one order are a path that converts.
Touches without such an order are a path that does not, cut where an order or more than $lookback lies between; those
that were touched too shortly before the as-of date are open and left out ($open_from). Only orders and lost paths from
$from_moment on count; orders from $sold_from on (so much earlier) are known. Moments are microseconds since 1900.

Rules: first touch; last touch; linear, evenly; position-based, 40 % to first and last, the rest evenly (halves
where there are two); for the removal effect (Anderl et al. 2016) the transitions between neighbours in a path.
"""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.vocabulary import UNKNOWN

MICROSECONDS = 1_000_000
DAY = 24 * 60 * 60 * MICROSECONDS
START, CONVERTED, LOST = "(start)", "(converted)", "(lost)"
_CHANNEL = f"coalesce(nullif(trim(channel), ''), '{UNKNOWN}')"
RULE_NOTE = Text(
    "按规则分配，不说明转化由该来源引起",
    "a rule of counting; it does not say that the source brought the conversion about",
)


_SINCE_1900 = "date_diff('microsecond', TIMESTAMP '1900-01-01 00:00:00', {})"


def credits(first: str, last: str, size: str) -> str:
    """Columns of an aggregate over touches: conversions counted by first touch, last touch and evenly. `first` and
    `last` are conditions, `size` the touches of the path."""
    return (
        f"sum(CASE WHEN {first} THEN 1 ELSE 0 END) AS first_touch,\n"
        f"       sum(CASE WHEN {last} THEN 1 ELSE 0 END) AS last_touch,\n"
        f"       sum(CAST(1.0 / CAST({size} AS DOUBLE) AS DECIMAL(18, 6))) AS linear"
    )


_POSITION = """CASE WHEN size = 1 THEN 1.0 WHEN size = 2 THEN 0.5 WHEN place = 1 OR place = size THEN 0.4
            ELSE 0.2 / CAST(size - 2 AS DOUBLE) END"""
WEIGHTS = {
    "first": "CASE WHEN place = 1 THEN 1.0 ELSE 0.0 END",
    "last": "CASE WHEN place = size THEN 1.0 ELSE 0.0 END",
    "linear": "1.0 / CAST(size AS DOUBLE)",
    "position": _POSITION,
}


_PATH = "account_no, converts, next_order"
_ORDER = "moment, kind, touch, campaign"


def placed_ctes(visits: bool) -> str:
    """CTEs up to `placed`: every touch (kind, touch: channel or source, campaign or '') with its path, place and size,
    and the order's money where the path converts. `visits`: whether there are sessions of events with a source."""
    visited = """
  UNION ALL
  SELECT account_no, first_moment >> 6 AS moment, 'visit' AS kind, traffic_source AS touch, '' AS campaign
  FROM event_sessions
  WHERE account_no IS NOT NULL AND traffic_source IS NOT NULL AND (first_moment >> 6) >= $from_moment - $lookback"""
    return f"""WITH touched AS (
  SELECT account_no, {_SINCE_1900.format("contacted_at")} AS moment, 'contact' AS kind, {_CHANNEL} AS touch,
         coalesce(campaign_id, '') AS campaign
  FROM contacts
  WHERE account_no IS NOT NULL AND contacted_at IS NOT NULL
    AND {_SINCE_1900.format("contacted_at")} >= $from_moment - $lookback{visited if visits else ""}
), sold AS (
  SELECT order_id, sum(amount) AS amount FROM order_lines
  WHERE account_no IS NOT NULL AND movement = 'purchase' AND day >= $sold_from
  GROUP BY order_id HAVING sum(opens_order) > 0
), bought AS (
  SELECT o.account_no, {_SINCE_1900.format("o.ordered_at")} AS moment, sum(s.amount) AS amount
  FROM orders o JOIN sold s ON s.order_id = o.order_id
  WHERE o.account_no IS NOT NULL AND o.ordered_at IS NOT NULL
  GROUP BY o.account_no, {_SINCE_1900.format("o.ordered_at")}
), stream AS (
  SELECT account_no, moment, kind, touch, campaign, CAST(NULL AS BIGINT) AS order_moment,
         CAST(NULL AS DECIMAL(18, 4)) AS amount
  FROM touched
  UNION ALL
  SELECT account_no, moment, 'order' AS kind, '' AS touch, '' AS campaign, moment AS order_moment,
         CAST(amount AS DECIMAL(18, 4)) AS amount
  FROM bought
), ahead AS (
  SELECT account_no, moment, kind, touch, campaign,
         min(order_moment) OVER (PARTITION BY account_no ORDER BY moment DESC) AS next_order,
         lag(moment) OVER (PARTITION BY account_no ORDER BY moment, CASE WHEN kind = 'order' THEN 1 ELSE 0 END, {_ORDER})
           AS moment_before
  FROM stream
), known AS (
  SELECT account_no, moment, kind, touch, campaign, coalesce(next_order, 0) AS next_order,
         CASE WHEN next_order IS NOT NULL AND next_order - moment <= $lookback THEN 1 ELSE 0 END AS converts,
         CASE WHEN moment - moment_before > $lookback THEN 1 ELSE 0 END AS after_gap
  FROM ahead WHERE kind <> 'order'
), parted AS (
  SELECT *, CASE WHEN converts = 1 THEN 0
                 ELSE sum(after_gap) OVER (PARTITION BY account_no ORDER BY {_ORDER} ROWS UNBOUNDED PRECEDING) END AS part
  FROM known
), numbered AS (
  SELECT account_no, kind, touch, campaign, converts, next_order, part,
         row_number() OVER (PARTITION BY {_PATH}, part ORDER BY {_ORDER}) AS place,
         lag(kind) OVER (PARTITION BY {_PATH}, part ORDER BY {_ORDER}) AS kind_before,
         lag(touch) OVER (PARTITION BY {_PATH}, part ORDER BY {_ORDER}) AS touch_before,
         lag(campaign) OVER (PARTITION BY {_PATH}, part ORDER BY {_ORDER}) AS campaign_before,
         count(*) OVER (PARTITION BY {_PATH}, part) AS size,
         max(moment) OVER (PARTITION BY {_PATH}, part) AS last_moment
  FROM parted
), placed AS (
  SELECT n.*, CASE WHEN n.converts = 1 THEN b.amount END AS amount
  FROM numbered n
  LEFT JOIN bought b ON b.account_no = n.account_no AND b.moment = n.next_order
  WHERE CASE WHEN n.converts = 1 THEN n.next_order >= $from_moment
             ELSE n.last_moment >= $from_moment AND n.last_moment < $open_from END
)"""


def steps_sql(visits: bool) -> str:
    """By touch, the touch before it in the path (NULL: the first), whether it is the last, and whether the path
    converts: times, and orders and their money by each rule."""
    parts = []
    for rule, weight in WEIGHTS.items():
        share = f"CASE WHEN converts = 1 THEN {weight} ELSE 0.0 END"
        parts.append(f"sum(CAST({share} AS DECIMAL(18, 8))) AS {rule}_orders")
        parts.append(
            f"sum(CAST(CAST(coalesce(amount, 0) AS DOUBLE) * ({share}) AS DECIMAL(18, 4))) AS {rule}_money"
        )
    listed = ",\n       ".join(parts)
    key = (
        "kind, touch, campaign, kind_before, touch_before, campaign_before, converts, "
        "CASE WHEN place = size THEN 1 ELSE 0 END"
    )
    return f"""{placed_ctes(visits)}
SELECT {key} AS ends, count(*) AS times,
       {listed}
FROM placed GROUP BY {key}
ORDER BY kind, touch, campaign, kind_before, touch_before, campaign_before, converts, ends"""


def total_sql() -> str:
    """Orders with a customer since $from_day, and their money: what could be attributed."""
    return """
SELECT count(*) AS orders, sum(amount) AS money FROM (
  SELECT order_id, sum(amount) AS amount FROM order_lines
  WHERE account_no IS NOT NULL AND movement = 'purchase' AND day >= $from_day
  GROUP BY order_id HAVING sum(opens_order) > 0
) s"""
