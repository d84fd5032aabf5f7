"""Mends what can be proved: the catalog from its copy, checkpoints, and tables that are made from others.

Rows as received (orders, lines, customers ...) are never guessed: what is lost of them is counted by load.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import duckdb

from keguan.app.ingest import event_marts
from keguan.app.ingest.write import scan, write
from keguan.core.errors import WorkspaceError
from keguan.engine.failures import explained
from keguan.marts import first_order, return_links
from keguan.marts.customer_facts import BUILD as CUSTOMER_FACTS
from keguan.marts.purchases import PURCHASES
from keguan.marts.stored_sessions import BUILD_NAMES, BUILD_SESSIONS, BUILD_TRANSITIONS
from keguan.schema.tables import ENTITIES
from keguan.store import catalog as catalogs
from keguan.store import delta, health
from keguan.store.catalog import Catalog
from keguan.store.delta import NewFile
from keguan.store.health import Fault
from keguan.store.workspace import Change, Store

Make = Callable[[duckdb.DuckDBPyConnection, Store], tuple[NewFile, ...]]


def whole_copy(folder: Path) -> Catalog | None:
    """The copy of the catalog, when every file of every version that it names is there."""
    found = catalogs.copy(folder)
    if found is None or any(True for _ in health.faults(folder, found)):
        return None
    return found


def without_checkpoints(folder: Path, catalog: Catalog, table: str, *, mend: bool) -> bool:
    """Whether a table's log opens when its checkpoints are left out; with `mend` they are removed then."""
    version = catalog.versions[table]
    aside = [
        (path, path.with_name(f"_aside-{path.name}")) for path in delta.checkpoints(folder / "tables" / table)
    ]
    for path, place in aside:
        path.rename(place)
    opens = _opens(folder, catalog, table, version)
    for path, place in aside:
        if opens and mend:
            place.unlink()
        else:
            place.rename(path)
    return bool(aside) and opens


def _opens(folder: Path, catalog: Catalog, table: str, version: int) -> bool:
    try:
        health.listed(folder, catalog, table, version)
    except WorkspaceError:
        return False
    return True


def _purchases(connection: duckdb.DuckDBPyConnection, store: Store) -> tuple[NewFile, ...]:
    """The mart made from all order lines."""
    lines = scan(store.files("order_lines"), "order_lines")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW order_lines AS {lines}")
    for name, sql in return_links.steps():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    return write(connection, store, "purchases", PURCHASES)


def _customer_facts(connection: duckdb.DuckDBPyConnection, store: Store) -> tuple[NewFile, ...]:
    """Today's facts made from all orders and purchases."""
    for name in ("order_lines", "orders", "purchases"):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {scan(store.files(name), name)}")
    for name, sql in first_order.STEPS:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    return write(connection, store, "customer_facts", CUSTOMER_FACTS)


def _of_events(table: str, sql: str) -> Make:
    """How a mart of events is made from all of them; what several read is made once."""

    def make(connection: duckdb.DuckDBPyConnection, store: Store) -> tuple[NewFile, ...]:
        if not connection.execute(
            "SELECT 1 FROM duckdb_tables() WHERE table_name = 'session_ways'"
        ).fetchall():
            event_marts.prepare(connection, scan(store.files("events"), "events"))
        return write(connection, store, table, sql)

    return make


def _nothing(_connection: duckdb.DuckDBPyConnection, _store: Store) -> tuple[NewFile, ...]:
    """Kept runs are made again when they are asked for."""
    return ()


# Tables that are made from others, and how.
MADE: Mapping[str, Make] = {
    "purchases": _purchases,
    "customer_facts": _customer_facts,  # after the table that it reads
    "event_transitions": _of_events("event_transitions", BUILD_TRANSITIONS),
    "session_names": _of_events("session_names", BUILD_NAMES),
    "event_sessions": _of_events("event_sessions", BUILD_SESSIONS),
    "segments": _nothing,
}
MADE_OF: Mapping[str, Sequence[str]] = {
    "purchases": ("order_lines",),
    "customer_facts": ("order_lines", "orders", "purchases"),
    "event_transitions": ("events",),
    "session_names": ("events",),
    "event_sessions": ("events",),
    "segments": (),
}


MARTS = ("purchases", "customer_facts")
EVENT_MARTS = (  # they share numbers of sessions, so they are made together
    "event_transitions",
    "session_names",
    "event_sessions",
)


def outdated(store: Store, damaged: Collection[str] = ()) -> tuple[str, ...]:
    """The marts of a Keguan that did not keep them, or defined them otherwise, in the order in which to make them.

    Marts of `damaged` tables are not judged.
    """
    versions = store.catalog.versions
    lines = MARTS if "purchases" in versions and "customer_facts" not in versions else ()
    whole = not {"events", *EVENT_MARTS} & set(damaged)
    return (*lines, *(EVENT_MARTS if whole and _older_sessions(store) else ()))


def _older_sessions(store: Store) -> bool:
    """Whether there are events, but no sessions of them as this Keguan defines sessions."""
    if "events" not in store.catalog.versions or not store.files("events"):
        return False
    with duckdb.connect() as connection:
        try:
            return not event_marts.current(connection, store)
        except duckdb.Error:  # what is wrong with a file is told by a look at every byte
            return False


def make_again(store: Store, table: str) -> None:
    """A new version of a table that is made from others, in place of a damaged or an outdated one (under the
    writer's lock), and of those that are made together with it."""
    together = EVENT_MARTS if table in EVENT_MARTS else (table,)
    gone = {name: _emptied(store, name) for name in together}
    with duckdb.connect() as connection:
        try:
            changes = [Change(name, MADE[name](connection, store), gone[name]) for name in together]
        except duckdb.Error as error:
            files = store.files_at({name: store.catalog.versions[name] for name in MADE_OF[table]})
            read = [file for each in files.values() for file in each]
            raise explained(connection, error, read, store.folder) or error from None
    store.commit(changes)


def _emptied(store: Store, table: str) -> tuple[str, ...]:
    """Names of the files that a new version replaces; a log that does not open is begun again."""
    folder, version = store.table_folder(table), store.catalog.versions.get(table)
    if version is None:
        return ()
    if _opens(store.folder, store.catalog, table, version):
        return tuple(file.path.name for file in health.listed(store.folder, store.catalog, table, version))
    folder.mkdir(parents=True, exist_ok=True)
    delta.restart(folder, ENTITIES[table], version)
    return ()


def lost_rows(store: Store, faults: Sequence[Fault]) -> list[tuple[str, int, int]]:
    """(file as received, its batch, rows) whose order lines stand in damaged files; empty when it cannot be told."""
    bad = {fault.file.path for fault in faults if fault.file is not None}
    version = store.catalog.versions.get("order_lines", -1)
    if not _opens(store.folder, store.catalog, "order_lines", version):
        return []
    lines = health.listed(store.folder, store.catalog, "order_lines", version)
    good = scan([str(file.path) for file in lines if file.path not in bad], "order_lines")
    try:
        loads = scan(store.files("loads"), "loads")
        with duckdb.connect() as connection:
            found = connection.execute(
                f"""
                SELECT l.file, l.batch_id, l.clean - coalesce(k.n, 0) AS lost
                FROM ({loads}) l
                LEFT JOIN (SELECT load_id, count(DISTINCT source_row) AS n FROM ({good}) GROUP BY load_id) k
                  ON k.load_id = l.load_id
                WHERE l.entity = 'orders' AND l.clean > coalesce(k.n, 0)
                ORDER BY l.load_id
                """
            ).fetchall()
    except (WorkspaceError, duckdb.Error):
        return []
    return [(str(file), int(batch), int(rows)) for file, batch, rows in found]
