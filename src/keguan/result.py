"""What every analysis, model and strategy returns: tables, figures and claims, in no language and no format.

A `Table` keeps the SQL that made it. A `Figure` is declared, not drawn. A `Claim` is a sentence whose
figures are references to table cells by key, never typed numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import pyarrow as pa

from keguan.core.text import Scalar, Text, Unit, rounded
from keguan.engine.translate import Lineage
from keguan.evidence.cells import Cell, Change, Computed, Strength, Test, Value, compute

__all__ = [
    "Backtest", "Cell", "Change", "Claim", "Column", "Computed", "Figure", "Forecast", "Foresight",
    "Lineage", "Note", "Relation", "Result", "Strength",
    "Table", "Test", "Value", "settle",
]  # fmt: skip

MAX_ROWS = 10_000
Role = Literal["key", "measure", "low", "high", "note"]
FigureKind = Literal[
    "number", "bar", "stacked_bar", "line", "band", "area", "scatter",
    "heatmap", "funnel", "flow", "treemap", "waterfall", "table",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result table. `precision` is the decimals printed; `stored_precision` those kept: `kept` where
    programs need more of them than readers."""

    name: str
    label: Text
    unit: Unit = "number"
    precision: int | None = None
    role: Role = "measure"
    vocabulary: str | None = None  # for unit 'label': the vocabulary that translates the value
    unit_column: str | None = None  # a column of the same row that names the unit (metric, value, unit)
    note: Text | None = None  # footnote of the column: the definition used
    kept: int | None = None


@dataclass(frozen=True)
class Table:
    """At most 10,000 rows of aggregates, with what made them.

    `key`: names of columns that identify a row. `sql` is DuckDB SQL over the pinned tables, with
    `params`; where Python computed the rows, `method` names the function and `inputs` the tables used.
    """

    id: str
    title: Text
    columns: tuple[Column, ...]
    rows: pa.Table
    key: tuple[str, ...]
    sql: str | None = None
    params: Mapping[str, Scalar] = field(default_factory=dict)
    lineage: Lineage | None = None
    views: Mapping[str, str] = field(default_factory=dict)  # computed views that the SQL names -> their SQL
    method: str | None = None
    inputs: tuple[str, ...] = ()
    note: Text | None = None
    appendix: bool = False  # printed in the appendix only

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if self.rows.column_names != names:
            raise ValueError(f"table {self.id}: declared {names}, got {self.rows.column_names}")
        named = {*self.key, *(column.unit_column for column in self.columns if column.unit_column)}
        if unknown := sorted(named - set(names)):
            raise ValueError(f"table {self.id}: no column {unknown}")
        if len(self.rows) > MAX_ROWS:
            raise ValueError(f"table {self.id}: {len(self.rows)} rows, at most {MAX_ROWS}")
        if self.sql is None and self.method is None:
            raise ValueError(f"table {self.id}: neither sql nor method")

    def column(self, name: str) -> Column:
        """The declaration of one column; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.id}.{name}")

    def records(self) -> list[dict[str, Any]]:
        """Rows as dictionaries, floats rounded to the precision kept."""
        return [dict(row) for row in self._settled]

    @cached_property
    def _settled(self) -> tuple[dict[str, Any], ...]:
        return tuple(self._settle(row) for row in self.rows.to_pylist())

    def _settle(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            column.name: read_as(row[column.name], row[column.unit_column], column.kept)
            if column.unit_column
            else settle(row[column.name], column)
            for column in self.columns
        }

    def find(self, key: Mapping[str, Scalar]) -> dict[str, Any] | None:
        """The one row with this key, or None. KeyError if several rows have it: it names no cell."""
        found = [row for row in self._settled if all(row[name] == value for name, value in key.items())]
        if len(found) > 1:
            raise KeyError(f"{self.id}{dict(key)}: {len(found)} rows")
        return dict(found[0]) if found else None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.records())


DEFAULT_PRECISION: Mapping[str, int] = {"share": 6, "points": 6, "ratio": 4, "number": 4, "days": 2}


def settle(value: Any, column: Column) -> Any:
    """A value as it enters sentences, hashes and JSON: floats rounded, NaN and infinity as None."""
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return None
        return float(rounded(value, stored_precision(column)))
    if isinstance(value, Decimal):
        return plain(value) if value.is_finite() else None
    return value


def read_as(value: str | None, unit: str, kept: int | None = None) -> Scalar:
    """A value of a column of mixed units, kept as text, in the type that its row's unit asks for.

    Counts come as whole numbers, other figures as decimals rounded like a float column of that unit, or to `kept`.
    """
    if value is None:
        return None
    if unit == "date":
        return date.fromisoformat(value)
    if unit == "datetime":
        return datetime.fromisoformat(value)
    if unit in ("text", "label", "month"):
        return value
    number = Decimal(value)
    if not number.is_finite():
        return None
    if unit == "count":
        return int(rounded(number, 0))
    return plain(rounded(number, kept or DEFAULT_PRECISION.get(unit, 4)))


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: 100.00 is 100, never 1E+2."""
    return value.normalize() + 0 if value else Decimal(0)


def stored_precision(column: Column) -> int:
    """Decimals kept for a float column: wide enough that printing never rounds twice visibly."""
    printed = (column.precision or 0) + (2 if column.unit in ("share", "points") else 0)  # printed x 100
    return max(DEFAULT_PRECISION.get(column.unit, 4), printed, column.kept or 0)


@dataclass(frozen=True)
class Relation:
    """One row per customer, never collected: `app` streams it to `segments` or `scores`.

    `sql` yields account_no, label and optionally score. `kind` says where it is kept.
    """

    id: str
    title: Text
    sql: str
    params: Mapping[str, Scalar] = field(default_factory=dict)
    kind: Literal["segments", "scores"] = "segments"
    vocabulary: str | None = None


@dataclass(frozen=True)
class Figure:
    """A chart, declared: which table, which columns. How it looks is decided by `render`."""

    id: str
    kind: FigureKind
    title: Text
    table: str
    x: str
    y: tuple[str, ...]
    series: str | None = None  # a column whose values become series
    low: str | None = None  # interval columns of y[0], drawn as whiskers or a band
    high: str | None = None
    hatch: str | None = None  # boolean column: rows drawn as unfinished periods
    line_y: tuple[str, ...] = ()  # columns of y drawn as lines over bars, on a second axis
    where: Mapping[str, Scalar] = field(default_factory=dict)  # only rows with these values
    note: Text | None = None
    counted: Text | None = None  # what its counts count, as the axis says it: 笔, orders


@dataclass(frozen=True)
class Claim:
    """A sentence bound to cells.

    `says` names an entry of the analysis' TEXT. `key` is analysis/claim/dimension values, stable over
    time. `money` is the money at stake and `certainty` 0..1; both rank the summary. `topic` groups
    sentences that would say the same. `summary=False` keeps it out of the executive summary (a claim
    about the variable that defines the segment). `about`: the customers it speaks of, as segmentation and
    label: advice is looked up by it. `change`: what has moved, for claims that compare two times. `worse`:
    something is worse than it was, than elsewhere or than planned.
    """

    says: str
    key: str
    values: Mapping[str, Value]
    n: int | None
    base: Text
    strength: Strength = "fact"
    test: Test | None = None
    labels: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)  # name -> (value, vocabulary)
    money: float = 0.0
    certainty: float = 1.0
    topic: str = ""
    summary: bool = True
    figure: str | None = None
    about: tuple[str, str] | None = None
    change: Change | None = None
    worse: bool = False


@dataclass(frozen=True)
class Note:
    """Something the reader must know: a warning, a withheld figure, data that are missing."""

    says: Text
    kind: Literal["info", "warning", "withheld", "missing"] = "info"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a model says of the days from `from_day` to `due_day`, so that it can be held against what came.

    `quantity` names what is counted then (`keguan.marts.came`); `group`: the part of the customers of the foresight,
    '' for all. `low` to `high` should hold what comes with the probability `coverage`; `variance` is that of a count
    of independent customers. `baseline`: what the naive method says.
    """

    quantity: str
    from_day: date
    due_day: date
    predicted: float
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    variance: float | None = None
    baseline: float | None = None
    group: str = ""
    customers: int | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """How a model fared on held-out time against the naive baseline, by the measure that decided."""

    measure: str
    model: float | None
    baseline: float | None
    better: bool


@dataclass(frozen=True)
class Foresight:
    """What a model says of days after the as-of date; `app` keeps it, and the forecast ledger judges it later.

    `customers`: account_no, label (the group of its forecasts) and score of each customer, where what comes is
    counted by customer. `inputs_within`: the inputs whose drift is watched are those of customers with an order in so
    many days before the as-of date (0: of all; None: no customers).
    """

    forecasts: tuple[Forecast, ...]
    method: str
    backtest: Backtest | None = None
    customers: Relation | None = None
    modelled: int | None = None
    inputs_within: int | None = None


@dataclass(frozen=True)
class Result:
    """Everything one run found. `app` adds as_of, params, versions and code when it saves it."""

    analysis: str
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    claims: tuple[Claim, ...] = ()
    relations: tuple[Relation, ...] = ()
    notes: tuple[Note, ...] = ()
    foresight: Foresight | None = None
    as_of: date | None = None
    params: Mapping[str, Scalar] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    code: str = ""

    def table(self, id: str) -> Table:
        """The table with this id; KeyError if the analysis has none."""
        for table in self.tables:
            if table.id == id:
                return table
        raise KeyError(id)

    def has(self, id: str) -> bool:
        """Whether the result has this table."""
        return any(table.id == id for table in self.tables)

    def pinned(
        self, *, as_of: date, params: Mapping[str, Scalar], versions: Mapping[str, int], code: str
    ) -> Result:
        """The same result with the context that claims' ids are made of."""
        return replace(self, as_of=as_of, params=params, versions=versions, code=code)

    def value(self, value: Value) -> Scalar:
        """What a claim's value is: the cell, or the figure computed from two cells. Rounded as stored."""
        if isinstance(value, Cell):
            table = self.table(value.table)
            row = table.find(value.key)
            if row is None:
                raise KeyError(f"{value.table}{dict(value.key)}")
            found: Scalar = row[value.column]
            return found
        a, b = self.value(value.a), self.value(value.b)
        return compute(value, a, b)

    def unit(self, value: Value) -> tuple[Unit, int | None]:
        """Unit and printed precision of a claim's value."""
        if isinstance(value, Computed):
            return value.unit, value.precision
        table = self.table(value.table)
        column = table.column(value.column)
        if column.unit_column is not None:
            row = table.find(value.key) or {}
            return row[column.unit_column], column.precision
        return column.unit, column.precision
