"""Sessions of visitors, and the steps in each: SQL of the views that funnel, path and browse share.

A session is what the source calls one, within one visitor; events without a session are one session until
$session_minutes pass without any. It belongs to the local day of its first event, so that midnight does not cut
it. Events of one visitor, session, moment and name are one event, however often and in whatever order
they were sent.

Moments are whole numbers, microseconds since 1900 with the number of the event's name in the lowest six bits:
one sort of integers brings a session into order. Names beyond the first 62 share the number 63. Sets of names
are bits of one whole number, the shared number being bit 0.
"""

from __future__ import annotations

from keguan.engine.literals import quoted
from keguan.marts.step_names import KIND_OF

NAMED = 62  # event names that have a number, and a bit, of their own
OTHER_NAME = 63
VALUES_KEPT = 1023  # devices, and sources, that are told apart
STEPS_KEPT = 10  # of each session's opening, six bits each
_MICROSECONDS = "least(greatest(date_diff('microsecond', TIMESTAMP '1900-01-01 00:00:00', occurred_at), 0), 9007199254740991)"
_LIKELY = ", ".join(quoted(name) for name in sorted(KIND_OF))

# name_no 1.. : names of usual steps first, then the most frequent.
EVENT_NAMES = f"""
SELECT CAST(row_number() OVER (
         ORDER BY CASE WHEN replace(replace(lower(name), ' ', '_'), '-', '_') IN ({_LIKELY}) THEN 0 ELSE 1 END,
                  events DESC, name) AS INTEGER) AS name_no,
       name, events
FROM (SELECT name, count(*) AS events FROM events GROUP BY name) n
"""
EVENT_NAMES_COLUMNS = {"name_no": "INTEGER", "name": "VARCHAR", "events": "BIGINT"}


def keyed(*columns: str) -> str:
    """CTE `keyed`: visitor_id, session_key and some columns of each event.

    Sessions found by inactivity have a key that begins with a blank, which no source's does.
    """
    more = "".join(f", {name}" for name in columns)
    return f"""
untold AS (
  SELECT visitor_id, occurred_at{more},
         lag(occurred_at) OVER (PARTITION BY visitor_id ORDER BY occurred_at) AS before
  FROM events
  WHERE session_id IS NULL
), keyed AS (
  SELECT visitor_id, session_id AS session_key, occurred_at{more}
  FROM events
  WHERE session_id IS NOT NULL
  UNION ALL
  SELECT visitor_id,
         ' ' || CAST(sum(CASE WHEN before IS NULL OR date_diff('second', before, occurred_at) > 60 * $session_minutes
                              THEN 1 ELSE 0 END) OVER (PARTITION BY visitor_id ORDER BY occurred_at) AS VARCHAR),
         occurred_at{more}
  FROM untold
)"""


def bit_of(name_no: str) -> str:
    """SQL: the bit of the number of a name."""
    return f"CASE WHEN {name_no} < {OTHER_NAME} THEN CAST(1 AS BIGINT) << CAST({name_no} AS INTEGER) ELSE CAST(1 AS BIGINT) END"


def _numbered(table: str, column: str) -> str:
    """CTE of the most frequent values of a column with a number of ten bits, in their own order."""
    return f"""{table} AS (
  SELECT {column}, CAST(row_number() OVER (ORDER BY {column}) AS BIGINT) AS number
  FROM (
    SELECT {column}, row_number() OVER (ORDER BY events DESC, {column}) AS place
    FROM (SELECT {column}, count(*) AS events FROM events WHERE {column} IS NOT NULL GROUP BY {column}) v
  ) r
  WHERE place <= {VALUES_KEPT}
)"""


# One row per session. `seen` has the bit of every name in it; device and source are those of the first event that
# tells them. The numbers of a visitor's sessions follow time: sorting whole numbers costs a third of sorting ids.
EVENT_SESSIONS = f"""
WITH {keyed("day", "name", "device", "traffic_source", "account_no", "properties")},
{_numbered("devices", "device")},
{_numbered("sources", "traffic_source")},
coded AS (
  SELECT e.visitor_id, e.session_key, e.day, e.account_no, e.properties, least(n.name_no, {OTHER_NAME}) AS name_no,
         {_MICROSECONDS} AS micros, d.number AS device_no, t.number AS source_no
  FROM keyed e
  JOIN event_names n ON n.name = e.name
  LEFT JOIN devices d ON d.device = e.device
  LEFT JOIN sources t ON t.traffic_source = e.traffic_source
), grouped AS (
  SELECT visitor_id, session_key, count(*) AS events, min(day) AS day, max(account_no) AS account_no,
         min(properties) AS properties,
         min((micros << 6) | CAST(name_no AS BIGINT)) AS first_moment,
         max((micros << 6) | CAST(name_no AS BIGINT)) AS last_moment,
         bit_or({bit_of("name_no")}) AS seen,
         min((micros << 10) | device_no) AS first_device,
         min((micros << 10) | source_no) AS first_source
  FROM coded
  GROUP BY visitor_id, session_key
)
SELECT CAST(row_number() OVER (ORDER BY visitor_id, first_moment, session_key) AS BIGINT) AS session_no,
       CAST(dense_rank() OVER (ORDER BY visitor_id) AS BIGINT) AS visitor_no, visitor_id, session_key, account_no, g.day,
       g.events, properties, first_moment, last_moment, seen,
       d.device, t.traffic_source
FROM grouped g
LEFT JOIN devices d ON d.number = first_device & 1023
LEFT JOIN sources t ON t.number = first_source & 1023
"""
EVENT_SESSIONS_COLUMNS = {
    "session_no": "BIGINT", "visitor_no": "BIGINT", "visitor_id": "VARCHAR", "session_key": "VARCHAR", "account_no": "INTEGER",
    "day": "DATE", "events": "BIGINT", "properties": "VARCHAR", "first_moment": "BIGINT", "last_moment": "BIGINT",
    "seen": "BIGINT", "device": "VARCHAR", "traffic_source": "VARCHAR",
}  # fmt: skip

# One row per event, repeated ones once, with the moment of the event before it in the session (NULL for the first).
SESSION_STEPS = f"""
WITH {keyed("name")}, placed AS (
  SELECT s.session_no,
         ({_MICROSECONDS} << 6) | CAST(least(n.name_no, {OTHER_NAME}) AS BIGINT) AS moment
  FROM keyed e
  JOIN event_sessions s ON s.visitor_id = e.visitor_id AND s.session_key = e.session_key
  JOIN event_names n ON n.name = e.name
), ordered AS (
  SELECT session_no, moment, lag(moment) OVER (PARTITION BY session_no ORDER BY moment) AS before
  FROM placed
)
SELECT session_no, moment, before
FROM ordered
WHERE before IS DISTINCT FROM moment
"""
SESSION_STEPS_COLUMNS = {"session_no": "BIGINT", "moment": "BIGINT", "before": "BIGINT"}

# One row per session and name: how often it comes to it (an event that follows one of the same name is the same step),
# microseconds from the first event to its first, and its places among the first steps, six bits each.
SESSION_NAMES = f"""
WITH changes AS (
  SELECT session_no, moment & 63 AS name_no, moment >> 6 AS micros,
         row_number() OVER (PARTITION BY session_no ORDER BY moment) AS place
  FROM session_steps
  WHERE before IS NULL OR (before & 63) <> (moment & 63)
), visits AS (
  SELECT session_no, name_no, count(*) AS visits, min(micros) AS micros,
         bit_or(CASE WHEN place <= {STEPS_KEPT} THEN name_no << CAST(6 * (place - 1) AS INTEGER)
                     ELSE CAST(0 AS BIGINT) END) AS opening
  FROM changes
  GROUP BY session_no, name_no
)
SELECT v.session_no, CAST(v.name_no AS INTEGER) AS name_no, v.visits, v.micros - (s.first_moment >> 6) AS waited, v.opening
FROM visits v
JOIN event_sessions s ON s.session_no = v.session_no
"""
SESSION_NAMES_COLUMNS = {
    "session_no": "BIGINT", "name_no": "INTEGER", "visits": "BIGINT", "waited": "BIGINT", "opening": "BIGINT",
}  # fmt: skip

# One row per session: its first steps, the first in the lowest six bits; how many steps it has; the bits of names
# that it comes back to after another.
SESSION_WAYS = f"""
SELECT session_no, bit_or(opening) AS opening, CAST(sum(visits) AS BIGINT) AS steps,
       bit_or(CASE WHEN visits > 1 THEN {bit_of("name_no")} ELSE CAST(0 AS BIGINT) END) AS again
FROM session_names
GROUP BY session_no
"""
SESSION_WAYS_COLUMNS = {"session_no": "BIGINT", "opening": "BIGINT", "steps": "BIGINT", "again": "BIGINT"}

# How often which name follows which; 0 stands for the start (before) and the end (after) of a session.
EVENT_TRANSITIONS = """
SELECT coalesce(CAST(before & 63 AS INTEGER), 0) AS from_no, CAST(moment & 63 AS INTEGER) AS to_no, count(*) AS times
FROM session_steps
GROUP BY coalesce(CAST(before & 63 AS INTEGER), 0), CAST(moment & 63 AS INTEGER)
UNION ALL
SELECT CAST(last_moment & 63 AS INTEGER) AS from_no, 0 AS to_no, count(*) AS times
FROM event_sessions
GROUP BY CAST(last_moment & 63 AS INTEGER)
"""
EVENT_TRANSITIONS_COLUMNS = {"from_no": "INTEGER", "to_no": "INTEGER", "times": "BIGINT"}
