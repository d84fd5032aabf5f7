"""Brings the marts `event_sessions`, `session_names` and `event_transitions` up to date after a change of the events.

A first import makes them from all events. A later one makes the sessions of the visitors it touched anew, and takes
from the transitions what theirs were before. When names change their numbers (a new name, or one that has become more
frequent than another), everything is made anew, since moments and bits hold those numbers.
"""

from __future__ import annotations

import duckdb

from keguan.app.ingest.marts import MOST_FILES, files_after
from keguan.app.ingest.write import replace_all, replace_where, scan
from keguan.marts.sessions import EVENT_NAMES, OTHER_NAME, VALUES_KEPT
from keguan.marts.stored_sessions import (
    BUILD_NAMES,
    BUILD_SESSIONS,
    BUILD_TRANSITIONS,
    DEFINITION,
    EVENT_COLUMNS,
    STEPS,
)
from keguan.schema.tables import EVENT_SESSIONS, EVENT_TRANSITIONS, SESSION_NAMES
from keguan.store.workspace import Change, Store

SESSIONS, NAMES, TRANSITIONS = EVENT_SESSIONS.name, SESSION_NAMES.name, EVENT_TRANSITIONS.name


def update(connection: duckdb.DuckDBPyConnection, store: Store, events: Change) -> tuple[Change, ...]:
    """The changes of the marts that follow `events`, the change of that table.

    `new_events` must hold the rows that came, `left_events` those that they replace.
    """
    if not current(connection, store):
        return make(connection, store, events)
    _view(connection, "events_before", scan(store.files("events"), "events"))
    _view(connection, "events_after", scan(files_after(store, events), "events"))
    _names(connection, "events_before", "names_before")
    _names(connection, "events_after", "event_names")
    if _renumbered(connection) or _too_many_values(connection):
        return make(connection, store, events)
    return _touched(connection, store)


def make(connection: duckdb.DuckDBPyConnection, store: Store, events: Change) -> tuple[Change, ...]:
    """The marts from all events, in place of what there was."""
    prepare(connection, scan(files_after(store, events), "events"))
    return (
        replace_all(connection, store, TRANSITIONS, BUILD_TRANSITIONS),
        replace_all(connection, store, NAMES, f"{BUILD_NAMES} ORDER BY session_no, name_no"),
        replace_all(connection, store, SESSIONS, BUILD_SESSIONS),
    )


def prepare(connection: duckdb.DuckDBPyConnection, events: str) -> None:
    """Makes what the definitions of the marts read, from all rows of `events` (SQL)."""
    _view(connection, "events", events)
    _table(connection, "event_names", EVENT_NAMES)
    _steps(connection)


def current(connection: duckdb.DuckDBPyConnection, store: Store) -> bool:
    """Whether the workspace keeps the marts, by the definitions of this Keguan."""
    files = store.files(SESSIONS)
    if not files or not store.files(TRANSITIONS) or not store.files(NAMES):
        return False
    found = connection.execute(f"SELECT DISTINCT definition FROM ({scan(files, SESSIONS)}) s").fetchall()
    return found == [(DEFINITION,)]


def _names(connection: duckdb.DuckDBPyConnection, events: str, name: str) -> None:
    _view(connection, "events", f"SELECT name FROM {events}")
    _table(connection, name, EVENT_NAMES)


def _renumbered(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a name has another number than before."""
    found = connection.execute(
        f"SELECT 1 FROM names_before b LEFT JOIN event_names n ON n.name = b.name "
        f"WHERE least(n.name_no, {OTHER_NAME}) IS DISTINCT FROM least(b.name_no, {OTHER_NAME}) LIMIT 1"
    ).fetchall()
    return bool(found)


def _too_many_values(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether devices or sources are more than are told apart: which ones are, only all events tell."""
    counted = "SELECT count(DISTINCT device), count(DISTINCT traffic_source) FROM events_after"
    devices, sources = connection.execute(counted).fetchall()[0]
    return int(max(devices, sources)) > VALUES_KEPT


def _touched(connection: duckdb.DuckDBPyConnection, store: Store) -> tuple[Change, ...]:
    """Sessions of the visitors whom the batch touched are made anew, the others stay."""
    _table(
        connection, "touched_visitors",
        "SELECT visitor_id FROM new_events UNION SELECT visitor_id FROM left_events",
    )  # fmt: skip
    mine = "visitor_id IN (SELECT visitor_id FROM touched_visitors)"
    for when in ("before", "after"):
        _table(connection, "touched_events", f"SELECT {EVENT_COLUMNS} FROM events_{when} WHERE {mine}")
        _view(connection, "events", "SELECT * FROM touched_events")
        _steps(connection)
        _table(connection, f"transitions_{when}", BUILD_TRANSITIONS)
    kept = scan(store.files(SESSIONS), SESSIONS)
    _table(connection, "touched_sessions", f"SELECT session_no FROM ({kept}) s WHERE {mine}")
    _table(
        connection, "so_far",
        f"SELECT max(session_no) AS session_no, max(visitor_no) AS visitor_no FROM ({kept}) s",
    )  # fmt: skip
    sessions = (
        "SELECT f.* REPLACE (f.session_no + k.session_no AS session_no, f.visitor_no + k.visitor_no AS visitor_no) "
        f"FROM ({BUILD_SESSIONS}) f CROSS JOIN so_far k"
    )
    names = f"SELECT f.* REPLACE (f.session_no + k.session_no AS session_no) FROM ({BUILD_NAMES}) f CROSS JOIN so_far k"
    return (
        replace_all(connection, store, TRANSITIONS, _added_up(store)),
        _replaced(connection, store, NAMES, f"{names} ORDER BY session_no, name_no"),
        _replaced(connection, store, SESSIONS, sessions),
    )


def _replaced(connection: duckdb.DuckDBPyConnection, store: Store, table: str, fresh: str) -> Change:
    """Rows of the touched sessions leave, fresh ones join; many files become one."""
    gone = "t.session_no IN (SELECT session_no FROM touched_sessions)"
    files = store.files(table)
    if len(files) < MOST_FILES:
        return replace_where(connection, store, table, gone, fresh)
    kept = f"SELECT * FROM ({scan(files, table)}) t WHERE NOT ({gone})"
    return replace_all(connection, store, table, f"SELECT * FROM ({kept}) k UNION ALL BY NAME ({fresh})")


def _added_up(store: Store) -> str:
    """SQL of the transitions: those kept, less those of the touched visitors before, and theirs now."""
    rows = (
        f"SELECT from_no, to_no, times FROM ({scan(store.files(TRANSITIONS), TRANSITIONS)}) k "
        "UNION ALL SELECT from_no, to_no, -times FROM transitions_before "
        "UNION ALL SELECT from_no, to_no, times FROM transitions_after"
    )
    return (
        f"SELECT from_no, to_no, CAST(sum(times) AS BIGINT) AS times FROM ({rows}) r "
        "GROUP BY from_no, to_no HAVING sum(times) <> 0"
    )


def _steps(connection: duckdb.DuckDBPyConnection) -> None:
    for name, sql in STEPS:
        _table(connection, name, sql)


def _view(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")


def _table(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
