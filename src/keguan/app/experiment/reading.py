"""The file of an experiment as a relation of units: arm, metrics and what stands beside them as numbers.

A sound file is read where it stands in one pass. One with doubts is loaded and read as people write numbers; a cell that
still is none ends it with its row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import duckdb

from keguan import sources
from keguan.app.experiment.request import Request
from keguan.app.flat_table import (
    decimal_mark,
    given,
    no_numbers,
    patient_number,
    place_of,
    shape_of,
    workshop,
)
from keguan.core.text import Text
from keguan.sources.heading import ROW_COLUMN
from keguan.sources.in_place import InPlace, in_place
from keguan.sources.shape import Shape
from keguan.sources.sql import identifier

FLOATS, NUMBERS = ("FLOAT", "DOUBLE"), ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BOOLEAN")


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns in the file. `texts` and `numbers`: name in the relation of units -> place."""

    texts: dict[str, int]
    numbers: dict[str, int]


@dataclass(frozen=True, slots=True)
class Units:
    """A connection and the relation of units in it. A number that cannot be read is NULL where `<name>_given` is not.
    `doubtful`: such cells are to be read again more patiently. `rejected`: rows that could not be taken apart."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    columns: Columns
    doubtful: bool
    rejected: int = 0

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a query over `units`."""
        found = self.connection.execute(f"WITH units AS ({self.relation}) {sql}")
        names = [item[0] for item in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


class DoubtfulError(Exception):
    """A sound-looking file holds what only the patient reading can settle."""


T = TypeVar("T")


def read(request: Request, asked: Callable[[Units], T]) -> T:
    """What `asked` makes of the units: of the file where it stands, or loaded after a DoubtfulError. InputError for a file
    that cannot be used, UsageError for a column that it has not."""
    shape = shape_of(request.file, request.reading)
    columns = _columns(request, shape)
    with workshop() as (connection, scratch):
        with in_place(connection, shape, scratch) as found:
            if found is not None and decimal_mark(shape) == ".":
                try:
                    return asked(Units(connection, _direct(found, columns), columns, True))
                except (DoubtfulError, duckdb.Error, UnicodeDecodeError):
                    pass
        loaded = sources.load(connection, shape, "received", scratch=scratch)
        _read_patiently(connection, shape, columns, request)
        return asked(
            Units(connection, "SELECT *, TRUE AS sound FROM patient", columns, False, loaded.rejected)
        )


def _columns(request: Request, shape: Shape) -> Columns:
    texts = {"arm": ("--arm", request.arm), "part": ("--segment", request.segment),
             "cluster": ("--cluster", request.cluster), "unit": ("--unit", request.unit)}  # fmt: skip
    numbers = {f"y{at}": ("--metric", name) for at, name in enumerate(request.metrics)}
    beside = {"w": ("--denominator", request.denominator), "x": ("--covariate", request.covariate)}
    return Columns(
        {key: place_of(name, option, shape, request.file) for key, (option, name) in texts.items() if name is not None},
        {key: place_of(name, option, shape, request.file) for key, (option, name) in {**numbers, **beside}.items()
         if name is not None},
    )  # fmt: skip


def _direct(found: InPlace, columns: Columns) -> str:
    """The relation of units by plain casts."""
    cells = [f"{_label(f'c{at}', found.types[at])} AS {name}" for name, at in columns.texts.items()]
    for name, at in columns.numbers.items():
        value, given = _plain_number(f"c{at}", found.types[at])
        cells += [f"{value} AS {name}", f"{given} AS {name}_given"]
    return f"SELECT {', '.join(cells)}, {found.sound} AS sound FROM {found.relation}"


def _label(cell: str, type_: str) -> str:
    if type_ in FLOATS:
        whole = f"{cell} = trunc({cell}) AND abs({cell}) < 1e15"
        return (
            f"CASE WHEN {whole} THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) ELSE CAST({cell} AS VARCHAR) END"
        )
    return f"nullif(trim({cell if type_ == 'VARCHAR' else f'CAST({cell} AS VARCHAR)'}), '')"


def _plain_number(cell: str, type_: str) -> tuple[str, str]:
    """SQL of the number, and of whether the cell holds something that should be one."""
    if type_ in NUMBERS or type_.startswith(("U", "DECIMAL")):
        return f"CAST({cell} AS DOUBLE)", "FALSE"  # no cell of this type is unread
    if type_ in FLOATS:
        return f"CASE WHEN isfinite({cell}) THEN CAST({cell} AS DOUBLE) END", f"NOT isnan({cell})"
    value = f"TRY_CAST({cell} AS DOUBLE)"
    return f"CASE WHEN isfinite({value}) THEN {value} END", f"{cell} IS NOT NULL"


def _read_patiently(
    connection: duckdb.DuckDBPyConnection, shape: Shape, columns: Columns, request: Request
) -> None:
    """Table `patient`: as people write numbers, words for missing, yes and no included. InputError for other cells."""
    mark = decimal_mark(shape)
    names = {name: identifier(shape.columns[at]) for name, at in (columns.texts | columns.numbers).items()}
    labels = [f"nullif(trim({names[name]}), '') AS {name}" for name in columns.texts]
    cells = [f"nullif(trim({names[name]}), '') AS {name}_cell" for name in columns.numbers]
    values = [f"{patient_number(f'{name}_cell', mark)} AS {name}" for name in columns.numbers]
    filled = [f"{given(f'{name}_cell')} AS {name}_given" for name in columns.numbers]
    chosen = ", ".join([*columns.texts, *values, *filled, ROW_COLUMN])
    connection.execute(
        f"CREATE TABLE patient AS SELECT {chosen} FROM (SELECT {', '.join([*labels, *cells, ROW_COLUMN])} FROM received)"
    )
    for name, at in columns.numbers.items():
        found = connection.execute(
            f"SELECT count(*), min({ROW_COLUMN}) FROM patient WHERE {name} IS NULL AND {name}_given"
        ).fetchall()[0]
        if found[0]:
            do = Text("改正这些单元格，或换一列作指标", "correct these cells, or take another column")
            raise no_numbers(request.file, shape.columns[at], int(found[0]), int(found[1]), do)
