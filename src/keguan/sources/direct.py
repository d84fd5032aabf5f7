"""Text files by the engine's own reader: fast, and used only where it reads what is there.

First strictly: any doubt makes it give up. Then with the rows of another width set aside. Whatever else is in
the file is for the tolerant reader (`records`).
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

from keguan.core.text import Text
from keguan.engine.literals import literal
from keguan.sources.container import Member
from keguan.sources.heading import ROW_COLUMN
from keguan.sources.records import delimited, padded_note
from keguan.sources.shape import Loaded, Shape
from keguan.sources.sql import (
    RejectedRow,
    add_rejected,
    add_rows,
    count,
    create_rejected,
    exact_path,
    identifier,
)
from keguan.sources.sql import rejected_name as rejected_of

if TYPE_CHECKING:
    import duckdb

MOST_ASIDE = 10_000  # with more of them the shape is doubtful, and looking at each takes its time too
LONGEST_ASIDE = 8_000  # bytes; the reader cuts the text of a longer row off at 10,000, within a character too
STAGED, NUMBERS = "keguan_staged", "keguan_numbers"
REJECTS, SCANS = "keguan_rejects", "keguan_scans"
WIDTH_FAULTS = {"TOO MANY COLUMNS", "MISSING COLUMNS"}


def load_direct(
    connection: duckdb.DuckDBPyConnection,
    member: Member,
    shape: Shape,
    table: str,
    scratch: Path,
    first_rows: int | None,
) -> Loaded | None:
    """The rows of a UTF-8 file with a separator, or None when this reader cannot be relied on for it."""
    packed = member.container == "gz"
    source = Member(member.path) if packed else member
    with source.local(scratch) as local, exact_path(local, scratch) as path:
        if _load_strict(connection, path, shape, table, packed, first_rows):
            return Loaded(table, count(connection, table), 0, rejected_of(table))
        if first_rows is not None:
            return None
        return _load_forgiving(connection, path, shape, table, packed)


def source(path: Path, shape: Shape, packed: bool, extra: str = "") -> str:
    """A relation of the file's rows with columns c0, c1 and so on, as text; an error where they are not as wide as the
    table."""
    types = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(shape.columns)))
    return f"""
        read_csv(
            {literal(str(path))}, auto_detect = false, columns = {{{types}}},
            delim = {literal(shape.separator or ",")}, quote = '"', escape = '"',
            header = {str(shape.header).lower()}, skip = {shape.skip_rows},
            compression = '{"gzip" if packed else "none"}', hive_partitioning = false{extra}
        )
    """


def _cells(shape: Shape) -> str:
    return ", ".join(f"c{at} AS {identifier(name)}" for at, name in enumerate(shape.columns))


def _load_strict(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    shape: Shape,
    table: str,
    packed: bool,
    first_rows: int | None,
) -> bool:
    """row_number() is in file order: a window without ORDER BY keeps the order in which the reader reads."""
    import duckdb

    limit = "" if first_rows is None else f"LIMIT {first_rows:d}"
    try:
        connection.execute(f"""
            CREATE OR REPLACE TABLE {identifier(table)} AS
            SELECT row_number() OVER () + {shape.skip_rows + shape.header} AS {ROW_COLUMN}, {_cells(shape)}
            FROM (SELECT * FROM {source(path, shape, packed)} {limit})
        """)
    except (duckdb.Error, UnicodeDecodeError):  # its message may quote a row cut off within a character
        return False
    create_rejected(connection, table)
    if _records_inside_cells(connection, table, shape):
        return False
    broken = " OR ".join(f"contains({identifier(name)}, chr(10))" for name in shape.columns)
    return not (_any(connection, table, broken) and _quote_after_blank(path, shape, packed))


def _quote_after_blank(path: Path, shape: Shape, packed: bool) -> bool:
    """Whether a quote stands behind blanks at the start of a cell: the engine takes it for an opening one, and
    with it the lines up to the next quote."""
    sought = re.compile(re.escape((shape.separator or ",").encode()) + rb'[ \t]+"')
    with gzip.open(path) if packed else path.open("rb") as file:
        before = b""
        while chunk := file.read(1 << 20):
            if sought.search(before + chunk):
                return True
            before = chunk[-256:]
    return False


def _records_inside_cells(connection: duckdb.DuckDBPyConnection, table: str, shape: Shape) -> bool:
    """Whether a cell holds a whole line as wide as the table: a stray quote may have swallowed it."""
    mark = re.escape(shape.separator or ",")
    pattern = literal(rf"\n([^\n]*{mark}){{{len(shape.columns) - 1}}}[^\n]*\n")
    names = [identifier(name) for name in shape.columns]
    hit = " OR ".join(f"(contains({name}, chr(10)) AND regexp_matches({name}, {pattern}))" for name in names)
    return _any(connection, table, hit)


def _any(connection: duckdb.DuckDBPyConnection, table: str, condition: str) -> bool:
    query = f"SELECT 1 FROM {identifier(table)} WHERE {condition} LIMIT 1"
    return connection.execute(query).fetchone() is not None


def _load_forgiving(
    connection: duckdb.DuckDBPyConnection, path: Path, shape: Shape, table: str, packed: bool
) -> Loaded | None:
    """Rows of another width are set aside by the reader and looked at one by one; None at any other fault."""
    import duckdb

    extra = f", store_rejects = true, rejects_table = '{REJECTS}', rejects_scan = '{SCANS}'"
    try:
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE {STAGED} AS
            SELECT * FROM {source(path, shape, packed, extra)}
        """)
        aside = _set_aside(connection)
        # Line breaks inside cells would make the reader's line numbers differ from row numbers.
        breaks = " OR ".join(f"contains(c{at}, chr(10))" for at in range(len(shape.columns)))
        if aside is None or _any(connection, STAGED, breaks):
            return None
        _number(connection, shape, table, [row for row, _ in aside])
    except (duckdb.Error, UnicodeDecodeError):
        return None
    finally:
        for name in (STAGED, REJECTS, SCANS):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
    create_rejected(connection, table)
    return _fit(connection, shape, table, aside)


def _set_aside(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]] | None:
    """Row number and text of each row of another width; None when there are other faults, too many
    of them, or texts too long to be whole."""
    longest = connection.execute(f"SELECT max(strlen(csv_line)) FROM {REJECTS}").fetchall()[0][0]
    if (longest or 0) > LONGEST_ASIDE:
        return None
    found = connection.execute(
        f"SELECT DISTINCT line, csv_line, error_type FROM {REJECTS} ORDER BY line LIMIT {MOST_ASIDE + 1}"
    ).fetchall()
    # The text may come with the end of the line before it.
    aside = [(int(line), str(raw).strip("\r\n")) for line, raw, _ in found]
    faults = {fault for _, _, fault in found}
    if len(found) > MOST_ASIDE or not faults <= WIDTH_FAULTS or any("\n" in raw for _, raw in aside):
        return None
    return aside


def _fit(
    connection: duckdb.DuckDBPyConnection, shape: Shape, table: str, aside: list[tuple[int, str]]
) -> Loaded:
    """Pads the short rows, rejects the long ones, leaves out the blank ones, as the tolerant reader does."""
    width = len(shape.columns)
    numbers: list[int] = []
    rows: list[list[str]] = []
    rejected: list[RejectedRow] = []
    padded = 0
    for number, raw in aside:

        def reject(_: int, line: str, reason: Text, number: int = number) -> None:
            rejected.append((number, line, reason.zh, reason.en))

        for _, cells in delimited([raw], shape.separator or ",", width, reject):
            if cells:
                padded += len(cells) < width
                numbers.append(number)
                rows.append(cells + [""] * (width - len(cells)))
    add_rows(connection, table, numbers, rows)
    add_rejected(connection, table, rejected)
    notes = (padded_note(padded),) if padded else ()
    return Loaded(table, count(connection, table), len(rejected), rejected_of(table), notes)


def _number(connection: duckdb.DuckDBPyConnection, shape: Shape, table: str, aside: list[int]) -> None:
    """Gives the rows their numbers: each row set aside moves those after it by one."""
    import numpy as np
    import pyarrow as pa

    above = shape.skip_rows + shape.header
    rows = np.arange(1, count(connection, STAGED) + 1)
    # The row before which the shift grows, counted without the rows set aside.
    starts = np.array(aside, dtype=rows.dtype) - above - np.arange(len(aside))
    numbers = rows + above + np.searchsorted(starts, rows, side="right")
    connection.register(NUMBERS, pa.table({ROW_COLUMN: numbers}))
    try:
        connection.execute(f"""
            CREATE OR REPLACE TABLE {identifier(table)} AS
            SELECT {ROW_COLUMN}, {_cells(shape)}
            FROM {STAGED} POSITIONAL JOIN {NUMBERS}
        """)
    finally:
        connection.unregister(NUMBERS)
