"""What the cells of each received column look like: how full, how many different, what they read as.

Most figures come from a sample of short blocks of rows spread over the whole table, the same for the
same table. What decides how cells are read (date forms and date order, ids written as 13085.0,
uniqueness) is counted on all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from keguan.mapping import counting
from keguan.mapping.cells import read_cells
from keguan.mapping.counting import SAMPLE, DateOrderEvidence
from keguan.mapping.model import Mark
from keguan.mapping.relations import Candidate, Relation, relations
from keguan.mapping.sql import cell, identifier, is_one_of
from keguan.mapping.terms import missing_words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS_EXAMINED = 30_000
LARGEST_MEASURE = 1_000_000_000_000
_BLOCK = 64  # consecutive rows kept together, so that lines of one order stay in one sample


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One received column. Shares are of its filled cells, except `filled` (of the rows examined).

    `number`: share that reads as a number. `dates`: (form, share) for every date form seen.
    `minimum`, `maximum`, `negative`, `zero` describe the numbers. `words`: the most frequent values
    with their counts. `missing`: cells that give a reason for a missing value. `flags`: 'email', 'phone',
    'masked', 'integral_float', 'leading_zero', 'long_text', 'headerless', 'midnight', 'range_<form>'.
    """

    name: str
    position: int
    rows: int
    examined: int
    filled: float
    distinct: int
    is_unique: bool
    whole: float
    number: float
    plain_number: float
    mark: Mark | None
    minimum: Decimal | None
    maximum: Decimal | None
    negative: float
    zero: float
    dates: tuple[tuple[str, float], ...]
    clock: float
    zoned: float
    half_day: float
    wide: float
    time_only: float
    date_order: DateOrderEvidence | None
    currency: str | None
    suffixes: frozenset[str]
    flags: frozenset[str]
    words: tuple[tuple[str, int], ...]
    missing: tuple[tuple[str, int], ...]
    relations: tuple[Relation, ...] = ()

    @property
    def date(self) -> float:
        """Share of filled cells that read as a date without help from the header."""
        strong = {form for form, _ in self.dates if form not in ("epoch_s", "epoch_ms", "excel")}
        return sum(share for form, share in self.dates if form in strong)

    @property
    def examples(self) -> tuple[str, ...]:
        """A few frequent values as received; mask them when the column is personal."""
        return tuple(word for word, _ in self.words[:3])

    def related(self, kind: str) -> tuple[Relation, ...]:
        """Relations of one kind, strongest first."""
        return tuple(item for item in self.relations if item.kind == kind)


def profile(
    connection: DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    *,
    rows_examined: int = ROWS_EXAMINED,
) -> tuple[ColumnProfile, ...]:
    """The profiles of the received `columns` of a staged table, in their order."""
    rows = counting.one(connection, f"SELECT count(*) FROM {identifier(table)}")[0]
    _sample(connection, table, columns, rows, rows_examined)
    try:
        found = [_column(connection, table, name, place, rows) for place, name in enumerate(columns)]
        related = relations(connection, SAMPLE, [_candidate(item) for item in found])
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {SAMPLE}")
    return tuple(replace(item, relations=related.get(item.position, ())) for item in found)


def _sample(
    connection: DuckDBPyConnection, table: str, columns: Sequence[str], rows: int, wanted: int
) -> None:
    cells = ", ".join(f"{cell(name)} AS c{place}" for place, name in enumerate(columns))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {SAMPLE} AS"
        f" SELECT source_row, {cells} FROM {identifier(table)} {spread(rows, wanted)}"
    )


def spread(rows: int, wanted: int) -> str:
    """A WHERE clause that keeps about `wanted` of `rows` rows, in short blocks spread evenly, always the same."""
    if rows <= wanted:
        return ""
    threshold = max(1, round(1_000_003 * wanted / rows))
    return f"WHERE ((source_row // {_BLOCK}) * 2654435761) % 1000003 < {threshold}"


def _column(connection: DuckDBPyConnection, table: str, name: str, place: int, rows: int) -> ColumnProfile:
    key = f"c{place}"
    gone = is_one_of(key, missing_words())
    examined, filled, missing, distinct = counting.one(
        connection,
        f"SELECT count(*), count({key}), count(*) FILTER ({gone}), count(DISTINCT {key}) FROM {SAMPLE}",
    )
    shapes = counting.shapes(
        connection, f"SELECT {counting.value(key)} AS v, count(*) AS n FROM {SAMPLE} GROUP BY 1"
    )
    cells = read_cells(shapes)
    numbers = counting.number_figures(connection, key, cells)
    flags = counting.pattern_flags(connection, key, gone, filled - missing) | counting.ranges(
        connection, key, cells
    )
    if cells.date_like and not (len(shapes) == 1 and counting.all_of_shape(connection, table, name, *shapes)):
        cells = read_cells(counting.shapes(connection, counting.all_cells(table, name)))
    if "integral_float" in flags and not counting.always_integral(connection, table, name):
        flags -= {"integral_float"}
    if name.startswith("column_") and name[7:].isdigit():
        flags |= {"headerless"}
    if cells.clock and not counting.clock_matters(connection, key):
        flags |= {"midnight"}
    return ColumnProfile(
        name=name, position=place, rows=rows, examined=filled, filled=filled / examined if examined else 0.0,
        distinct=distinct, is_unique=counting.unique(connection, table, name, filled, distinct),
        whole=cells.whole, number=cells.number, plain_number=cells.plain_number, mark=cells.mark,
        minimum=numbers[0], maximum=numbers[1], negative=numbers[2], zero=numbers[3],
        dates=tuple((form, share) for form, share in cells.dates if counting.in_range(form, flags)),
        clock=cells.clock, zoned=cells.zoned, half_day=cells.half_day, wide=cells.wide,
        time_only=cells.time_only, date_order=counting.date_order(connection, table, name, cells),
        currency=cells.currency, suffixes=cells.suffixes, flags=frozenset(flags),
        words=counting.words(connection, key), missing=counting.missing(connection, key, gone) if missing else (),
    )  # fmt: skip


def _candidate(column: ColumnProfile) -> Candidate:
    """Ids repeat, are not measures with fractions, and are no long text."""
    fraction = column.number >= 0.9 and column.whole < 0.9 and "integral_float" not in column.flags
    repeats = column.distinct > 1 and (column.distinct < column.examined or column.is_unique)
    varied = column.distinct >= min(50, column.examined / 50)
    is_id = repeats and varied and not fraction and "long_text" not in column.flags and column.time_only < 0.5
    is_number = column.number >= 0.9 and column.date < 0.5 and "leading_zero" not in column.flags
    if column.maximum is not None and column.maximum >= LARGEST_MEASURE:  # a long id; wide products are slow
        is_number = False
    return Candidate(column.position, column.distinct, column.examined, is_id, is_number)
