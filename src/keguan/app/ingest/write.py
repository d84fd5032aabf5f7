"""Writes batch tables as Parquet into the store's folders, and takes replaced rows out of older files."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from keguan.app.ingest.batch import stored
from keguan.engine.literals import quoted
from keguan.schema.tables import ENTITIES
from keguan.store.delta import NewFile
from keguan.store.workspace import Change, Store

GREW = ("customers", "feedback")  # tables of which older files lack columns: these are NULL there
PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


def write(connection: duckdb.DuckDBPyConnection, store: Store, table: str, sql: str) -> tuple[NewFile, ...]:
    """One Parquet file with the rows of `sql` in the table's stored columns; none for no rows."""
    given = [row[0] for row in connection.execute(f"DESCRIBE {sql}").fetchall()]
    path = store.new_file(table)
    select = stored(ENTITIES[table], f"({sql})", given)
    rows = connection.execute(f"COPY ({select}) TO {quoted(str(path))} {PARQUET}").fetchall()[0][0]
    if not rows:
        path.unlink(missing_ok=True)
        return ()
    return (NewFile(path, int(rows)),)


def scan(files: Sequence[str], table: str, *, filename: bool = False) -> str:
    """SQL that reads the files of a table; an empty typed relation without files."""
    entity = ENTITIES[table]
    if not files:
        nothing = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in entity.names)
        extra = ", CAST(NULL AS VARCHAR) AS filename" if filename else ""
        return stored(entity, f"(SELECT {nothing}{extra} WHERE FALSE)", entity.names)
    listed = ", ".join(quoted(file) for file in files)
    columns = ", ".join((*entity.names, "filename") if filename else entity.names)
    if table in GREW:
        nothing = stored(entity, "(SELECT 1 WHERE FALSE)", ())
        named = ", filename = true" if filename else ""
        return (
            f"SELECT {columns} FROM ({nothing} UNION ALL BY NAME SELECT * FROM "
            f"read_parquet([{listed}]{named}, union_by_name = true, hive_partitioning = false))"
        )
    return f"SELECT {columns} FROM read_parquet([{listed}]{', filename = true' if filename else ''}, hive_partitioning = false)"


def replace_all(connection: duckdb.DuckDBPyConnection, store: Store, table: str, sql: str) -> Change:
    """The table's rows become exactly those of `sql`."""
    old = store.files(table)
    return Change(table, write(connection, store, table, sql), tuple(_names(old)))


def append(connection: duckdb.DuckDBPyConnection, store: Store, table: str, sql: str) -> Change:
    """The rows of `sql` join the table."""
    return Change(table, write(connection, store, table, sql))


def replace_where(
    connection: duckdb.DuckDBPyConnection, store: Store, table: str, gone: str, sql: str
) -> Change:
    """Rows that match the SQL condition `gone` leave, the rows of `sql` join."""
    return rest_of(connection, store, append(connection, store, table, sql), gone)


def rest_of(connection: duckdb.DuckDBPyConnection, store: Store, change: Change, gone: str) -> Change:
    """The change, and rows of earlier files that match the SQL condition `gone` leave.

    Only files that hold such rows are written again.
    """
    old = store.files(change.table)
    if not old:
        return change
    listed = ", ".join(quoted(file) for file in old)
    found = connection.execute(
        f"SELECT DISTINCT filename FROM read_parquet([{listed}], filename = true, hive_partitioning = false) t WHERE {gone}"
    ).fetchall()
    touched = [row[0] for row in found]
    if not touched:
        return change
    rest = f"SELECT * FROM ({scan(touched, change.table)}) t WHERE NOT coalesce({gone}, FALSE)"
    add = write(connection, store, change.table, rest)
    return Change(change.table, (*add, *change.add), tuple(_names(touched)))


def _names(files: Sequence[str]) -> list[str]:
    return [file.rsplit("/", 1)[-1].rsplit("\\", 1)[-1] for file in files]
