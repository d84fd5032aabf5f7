"""Parquet files: read by the engine, every value as text. A row's number is that of a sheet with a header."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from keguan.core.text import Text
from keguan.engine.literals import literal
from keguan.sources import refusal
from keguan.sources.container import Member
from keguan.sources.decimals import decimal_setting
from keguan.sources.heading import ROW_COLUMN, names
from keguan.sources.shape import Loaded, ReadOptions, Setting, Shape, fingerprint_of
from keguan.sources.sql import count, create_rejected, exact_path, identifier, rejected_name
from keguan.sources.text_shape import given_settings

if TYPE_CHECKING:
    import duckdb

EXACT_BELOW = 10**15  # whole numbers that a double holds exactly and that need no exponent


def inspect_parquet(member: Member, options: ReadOptions) -> Shape:
    """The shape of a Parquet file. InputError when it is damaged or has no columns."""
    import duckdb

    with (
        tempfile.TemporaryDirectory() as scratch,
        member.local(Path(scratch)) as local,
        exact_path(local, Path(scratch)) as path,
        duckdb.connect() as connection,
    ):
        try:
            received = tuple(name for name, _ in column_types(connection, path))
        except duckdb.Error as error:
            raise refusal.damaged(member.place, str(error).splitlines()[0][:200]) from error
    columns = names(received)
    reason = Text("Parquet 文件自带列名", "Parquet files name their columns")
    return Shape(
        path=member.path,
        member=member.entry,
        kind="parquet",
        container=member.container,
        encoding=None,
        separator=None,
        header=True,
        columns=columns,
        received=received,
        skip_rows=0,
        settings=(
            Setting("header", "true", reason, True, "--header/--no-header"),
            decimal_setting((), options.decimal),
            *given_settings(options),
        ),
        fingerprint=fingerprint_of("parquet", True, columns),
    )


def column_types(connection: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[str, str]]:
    """Name and type of every column."""
    found = connection.execute(
        f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))}, hive_partitioning = false)"
    ).fetchall()
    return [(str(row[0]), str(row[1])) for row in found]


def load_parquet(
    connection: duckdb.DuckDBPyConnection, shape: Shape, table: str, scratch: Path, first_rows: int | None
) -> Loaded:
    """The rows of a Parquet file, as text."""
    import duckdb

    member = Member(shape.path, shape.container, shape.member)
    limit = "" if first_rows is None else f"LIMIT {first_rows:d}"
    with member.local(scratch) as local, exact_path(local, scratch) as path:
        try:
            types = [type_ for _, type_ in column_types(connection, path)]
            aliases = ", ".join(f"c{at}" for at in range(len(types)))
            cells = ", ".join(
                f"{_as_text(f'c{at}', type_)} AS {identifier(name)}"
                for at, (name, type_) in enumerate(zip(shape.columns, types, strict=True))
            )
            source = f"read_parquet({literal(str(path))}, file_row_number = true, hive_partitioning = false)"
            # A plain file stays where it is: its rows need not be held twice. Damage is shown by reading all of it
            # once, values too: to count them, the reader looks at none.
            stays = path == member.path and first_rows is None
            values = ", ".join(f"max(hash(c{at}))" for at in range(len(types)))
            connection.execute(f"SELECT {values} FROM {source} AS received({aliases}, number)")
            connection.execute(f"""
                CREATE OR REPLACE {"VIEW" if stays else "TABLE"} {identifier(table)} AS
                SELECT number + 2 AS {ROW_COLUMN}, {cells}
                FROM {source} AS received({aliases}, number)
                {limit}
            """)
        except (duckdb.Error, ValueError) as error:
            raise refusal.damaged(member.place, str(error).splitlines()[0][:200]) from error
    create_rejected(connection, table)
    return Loaded(table, count(connection, table), 0, rejected_name(table))


def _as_text(cell: str, type_: str) -> str:
    """SQL for the text of a cell: whole floats without '.0', times with zone in UTC, '' as NULL."""
    if type_ in ("DOUBLE", "FLOAT"):
        whole = f"{cell} = trunc({cell}) AND abs({cell}) < {EXACT_BELOW}"
        return (
            f"CASE WHEN isnan({cell}) THEN NULL WHEN {whole} THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) "
            f"ELSE CAST({cell} AS VARCHAR) END"
        )
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return f"CAST(timezone('UTC', {cell}) AS VARCHAR) || '+00'"
    return f"nullif(CAST({cell} AS VARCHAR), '')"
