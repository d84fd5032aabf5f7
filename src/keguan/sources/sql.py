"""Names and paths written into SQL, and the tables that rows as received go into."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from keguan.core.text import Text
from keguan.sources.heading import ROW_COLUMN

if TYPE_CHECKING:
    import duckdb

BATCH = 50_000


def identifier(name: str) -> str:
    """A quoted name."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def exact_path(path: Path, scratch: Path) -> Iterator[Path]:
    """A path that the engine takes for this one file: '订单[1].csv' would be read as a pattern, and a
    relative one that begins with '~' or 'file:' as another place."""
    path = path.absolute()
    if not set(str(path)) & set("*?["):
        yield path
        return
    with tempfile.TemporaryDirectory(dir=scratch, prefix="named-") as folder:
        plain = Path(folder) / "content"
        try:
            os.symlink(path.resolve(), plain)
        except OSError:  # links need a privilege on some systems
            shutil.copyfile(path, plain)
        yield plain


def rejected_name(table: str) -> str:
    """The table of rejected rows beside `table`."""
    return f"{table}_rejected"


def create_rejected(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """An empty table of rejected rows."""
    connection.execute(
        f"CREATE OR REPLACE TABLE {identifier(rejected_name(table))} "
        "(source_row BIGINT, raw VARCHAR, reason_zh VARCHAR, reason_en VARCHAR)"
    )


def count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table."""
    row = connection.execute(f"SELECT count(*) FROM {identifier(table)}").fetchone()
    return int(row[0]) if row else 0


RejectedRow = tuple[int, str, str, str]  # source_row, raw, reason_zh, reason_en


def add_rows(
    connection: duckdb.DuckDBPyConnection, table: str, numbers: Sequence[int], rows: Sequence[Sequence[str]]
) -> None:
    """Rows of equal width under their numbers into a table; '' becomes NULL."""
    if rows:
        width = len(rows[0])
        cells = ", ".join(f"nullif(c{at}, '')" for at in range(width))
        columns = [numbers, *(list(column) for column in zip(*rows, strict=True))]
        names = [ROW_COLUMN, *(f"c{at}" for at in range(width))]
        _insert(connection, table, columns, names, f"{ROW_COLUMN}, {cells}")


def add_rejected(connection: duckdb.DuckDBPyConnection, table: str, rejected: Sequence[RejectedRow]) -> None:
    """Rows into the table of rejected rows."""
    if rejected:
        names = [ROW_COLUMN, "raw", "reason_zh", "reason_en"]
        columns = [list(column) for column in zip(*rejected, strict=True)]
        _insert(connection, rejected_name(table), columns, names, "*")


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[Sequence[object]],
    names: Sequence[str],
    chosen: str,
) -> None:
    import pyarrow as pa

    types = [pa.int64(), *[pa.large_string()] * (len(names) - 1)]
    arrays = [pa.array(column, type_) for column, type_ in zip(columns, types, strict=True)]
    connection.register("keguan_batch", pa.Table.from_arrays(arrays, names=list(names)))
    try:
        connection.execute(f"INSERT INTO {identifier(table)} SELECT {chosen} FROM keguan_batch")
    finally:
        connection.unregister("keguan_batch")


class RowWriter:
    """Writes rows and rejected rows into their tables, a batch at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        self._connection = connection
        self._table = table
        self._numbers: list[int] = []
        self._rows: list[list[str]] = []
        self._rejected: list[RejectedRow] = []
        self.rows = 0
        listed = ", ".join(f"{identifier(name)} VARCHAR" for name in columns)
        connection.execute(f"CREATE OR REPLACE TABLE {identifier(table)} ({ROW_COLUMN} BIGINT, {listed})")
        create_rejected(connection, table)

    def add(self, number: int, cells: list[str]) -> None:
        """One row; `cells` has as many cells as the table has columns, '' where empty."""
        self._numbers.append(number)
        self._rows.append(cells)
        self.rows += 1
        if len(self._rows) >= BATCH:
            self.flush()

    def reject(self, number: int, raw: str, reason: Text) -> None:
        """One row that is kept apart, as received."""
        self._rejected.append((number, raw, reason.zh, reason.en))
        if len(self._rejected) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Everything so far is in the tables."""
        add_rows(self._connection, self._table, self._numbers, self._rows)
        self._numbers, self._rows = [], []
        add_rejected(self._connection, self._table, self._rejected)
        self._rejected = []
