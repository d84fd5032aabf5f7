"""Sessions of visitors, and the steps in each: SQL of three views that funnel, path and browse share.

A session is what the source calls one, within one visitor; events without a session are one session until
$session_minutes pass without any. It belongs to the local day of its first event, so that midnight does not cut
it. Events of one visitor, session, moment and name are one event, however often and in whatever order
they were sent.

Moments are whole numbers, microseconds since 1900 with the number of the event's name in the lowest six bits:
one sort of integers brings a session into order. Names beyond the first 62 share the number 63.
"""

from __future__ import annotations

from keguan.engine.literals import quoted
from keguan.marts.step_names import KIND_OF

NAMED = 62  # event names that have a number, and a bit, of their own
OTHER_NAME = 63
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


def _numbered(table: str, column: str) -> str:
    """CTE of the most frequent values of a column with a number of ten bits."""
    return f"""{table} AS (
  SELECT {column}, CAST(number AS BIGINT) AS number
  FROM (
    SELECT {column}, row_number() OVER (ORDER BY events DESC, {column}) AS number
    FROM (SELECT {column}, count(*) AS events FROM events WHERE {column} IS NOT NULL GROUP BY {column}) v
  ) r
  WHERE number < 1024
)"""


# One row per session. `seen` has the bit of every name in it; device and source are those of the first event that
# tells them. The number is a key and says nothing: sorting whole numbers costs a third of sorting ids.
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
         bit_or(CASE WHEN name_no < {OTHER_NAME} THEN CAST(1 AS BIGINT) << name_no ELSE CAST(0 AS BIGINT) END) AS seen,
         min((micros << 10) | device_no) AS first_device,
         min((micros << 10) | source_no) AS first_source
  FROM coded
  GROUP BY visitor_id, session_key
)
SELECT CAST(row_number() OVER (ORDER BY first_moment) AS INTEGER) AS session_no,
       visitor_id, session_key, account_no, g.day, g.events, properties, first_moment, last_moment, seen,
       d.device, t.traffic_source
FROM grouped g
LEFT JOIN devices d ON d.number = first_device & 1023
LEFT JOIN sources t ON t.number = first_source & 1023
"""
EVENT_SESSIONS_COLUMNS = {
    "session_no": "INTEGER", "visitor_id": "VARCHAR", "session_key": "VARCHAR", "account_no": "INTEGER",
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
SESSION_STEPS_COLUMNS = {"session_no": "INTEGER", "moment": "BIGINT", "before": "BIGINT"}
