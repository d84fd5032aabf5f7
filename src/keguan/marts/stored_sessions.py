"""`event_sessions`, `session_names` and `event_transitions` as tables that an import keeps: sessions of all events, the
names in each with the time to their first event, and how often which event follows which.

They are what the views of `marts.sessions` give over all events with the usual minutes of inactivity, so a
session of analyses reads them where it stands at the last day, and computes the views from the events elsewhere.
"""

from __future__ import annotations

import hashlib

from keguan.engine.literals import bound
from keguan.marts.sessions import (
    EVENT_NAMES,
    EVENT_SESSIONS,
    EVENT_TRANSITIONS,
    SESSION_NAMES,
    SESSION_STEPS,
    SESSION_WAYS,
)
from keguan.schema.tables import EVENT_SESSIONS as ENTITY

SESSION_MINUTES = 30  # of inactivity, after which the kept sessions end

# Which definitions the kept rows follow: others are made anew, and not read until then.
DEFINITION = hashlib.sha256(
    "".join(
        (EVENT_NAMES, EVENT_SESSIONS, SESSION_STEPS, SESSION_NAMES, SESSION_WAYS, EVENT_TRANSITIONS)
    ).encode()
).hexdigest()[:12]

# Columns of the events that they are made of.
EVENT_COLUMNS = (
    "visitor_id, session_id, occurred_at, day, name, device, traffic_source, account_no, properties"
)

# What makes the three, in this order, over `events` and their `event_names`.
STEPS = tuple(
    (name, bound(sql, {"session_minutes": SESSION_MINUTES}))
    for name, sql in (
        ("event_sessions", EVENT_SESSIONS),
        ("session_steps", SESSION_STEPS),
        ("session_names", SESSION_NAMES),
        ("session_ways", SESSION_WAYS),
    )
)
BUILD_SESSIONS = f"""
SELECT s.*, w.opening, w.steps, w.again, '{DEFINITION}' AS definition
FROM event_sessions s
JOIN session_ways w ON w.session_no = s.session_no
"""
BUILD_NAMES = "SELECT session_no, name_no, visits, waited FROM session_names"
BUILD_TRANSITIONS = EVENT_TRANSITIONS

_WAYS = ("opening", "steps", "again")
_OWN = ", ".join(name for name in ENTITY.names if name not in (*_WAYS, "definition"))

# The views over the kept tables: name -> SQL.
STORED = {
    "event_sessions": f"SELECT {_OWN} FROM all_event_sessions",
    "session_names": "SELECT session_no, name_no, visits, waited FROM all_session_names",
    "session_ways": f"SELECT session_no, {', '.join(_WAYS)} FROM all_event_sessions",
    "event_transitions": "SELECT from_no, to_no, times FROM all_event_transitions",
}

# The kept sessions tell of exactly the events that are seen, by these definitions: 1, else 0.
FITS = f"""
SELECT CASE WHEN kept.events = seen.events AND kept.first = '{DEFINITION}' AND kept.last = '{DEFINITION}'
            THEN 1 ELSE 0 END AS fits
FROM (SELECT CAST(sum(events) AS BIGINT) AS events, min(definition) AS first, max(definition) AS last
      FROM all_event_sessions) kept
CROSS JOIN (SELECT count(*) AS events FROM events) seen
"""
