"""Staged tables for tests: source_row and every column as text, as a reader leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from keguan.mapping.fit import Fit, fit
from keguan.mapping.flat import flat_sql
from keguan.mapping.model import Hints, Mapping

CDNOW_COLUMNS = ("customer_id", "date", "number_of_cds", "dollar_value")


def stage(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    name: str = "t",
) -> list[str]:
    """A staged table from rows of texts."""
    cells = {
        column: pa.array([row[place] for row in rows], pa.string()) for place, column in enumerate(columns)
    }
    connection.register(
        "given", pa.table({"source_row": pa.array(range(1, len(rows) + 1), pa.int64()), **cells})
    )
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
    connection.unregister("given")
    return list(columns)


def stage_csv(connection: duckdb.DuckDBPyConnection, path: Path, name: str = "t") -> list[str]:
    """A staged table from a published CSV file."""
    connection.execute(
        f"CREATE OR REPLACE TABLE {name} AS SELECT row_number() OVER () AS source_row, * FROM read_csv("
        f"'{path}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"',"
        " strict_mode = false, null_padding = true, parallel = false)"
    )
    found = connection.execute(f"DESCRIBE {name}").fetchall()
    return [row[0] for row in found][1:]


def stage_cdnow(connection: duckdb.DuckDBPyConnection, path: Path, name: str = "t") -> list[str]:
    """The blank-separated CDNOW files; the sample has no header."""
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
    if rows[0][0] == "customer_id":
        return stage(connection, rows[0], rows[1:], name)
    return stage(connection, [f"column_{place + 1}" for place in range(len(rows[0]))], rows, name)


def fitted(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    **hints: Any,
) -> Fit:
    """The fit of a small hand-made file."""
    return fit(
        connection, "t", stage(connection, columns, rows), file_name="orders.csv", hints=Hints(**hints)
    )


def flat(connection: duckdb.DuckDBPyConnection, mapping: Mapping, table: str = "t") -> list[dict[str, Any]]:
    """The flat rows in the order received."""
    cursor = connection.execute(f"SELECT * FROM ({flat_sql(mapping, table)}) ORDER BY source_row")
    names = [item[0] for item in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
