"""What a running analysis sees: tables cut at one date, other Results, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from keguan.analysis import Settings
from keguan.core.text import Scalar, Text, rounded
from keguan.engine.arrays import array
from keguan.engine.literals import bound, named
from keguan.engine.protocol import Engine
from keguan.engine.translate import Lineage, lineage
from keguan.marts.customer_facts import COLUMNS as FACT_COLUMNS
from keguan.marts.customer_facts import day_literal, facts_then_sql, facts_today_sql
from keguan.marts.window_facts import COLUMNS as WINDOW_COLUMNS
from keguan.marts.window_facts import WINDOW_FACTS
from keguan.result import Column, Result, Table
from keguan.schema.tables import CUSTOMER_FACTS, ENTITIES, SQL_TYPES

# Tables whose rows carry the day on which they count; every other table is timeless.
CUT_AT: Mapping[str, str] = {"orders": "day", "order_lines": "day", "purchases": "day"}


def stored_name(table: str) -> str:
    """The name under which a stored table is registered, where analyses see it through a view of its own name."""
    return f"all_{table}" if table in CUT_AT or table == CUSTOMER_FACTS.name else table


ARROW_TYPES: Mapping[str, pa.DataType] = {
    "text": pa.string(), "label": pa.string(), "month": pa.string(), "count": pa.int64(),
    "number": pa.float64(), "money": pa.decimal128(18, 4), "share": pa.float64(),
    "points": pa.float64(), "ratio": pa.float64(), "days": pa.float64(), "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}  # fmt: skip


def schema_of_views() -> dict[str, dict[str, str]]:
    """Table -> column -> SQL type of all that analyses may read."""
    schema = {
        entity.name: {item.name: SQL_TYPES[item.type] for item in entity.fields}
        for entity in ENTITIES.values()
    }
    return schema | {"customer_facts": dict(FACT_COLUMNS), "window_facts": dict(WINDOW_COLUMNS)}


class PinnedInputs:
    """`Inputs` over an engine whose tables are registered at pinned versions.

    Registers, for every dated table, a view cut at the as-of date under the table's own name; the uncut
    table keeps the name `all_<table>`. `customer_facts` and `window_facts` are made when first asked for.
    """

    def __init__(
        self,
        engine: Engine,
        as_of: date,
        settings: Settings,
        *,
        results: Callable[[str], Result] | None = None,
    ) -> None:
        self._engine = engine
        self._as_of = as_of
        self._settings = settings
        self._results = results
        self._schema = schema_of_views()
        self._filled: dict[tuple[str, str | None], bool] = {}
        self._facts_made = False
        self._window: str | None = None  # the first day of the window that window_facts holds
        for table, column in CUT_AT.items():
            engine.view(table, f"SELECT * FROM all_{table} WHERE {column} <= {day_literal(as_of)}")

    @property
    def as_of(self) -> date:
        """The inclusive last day."""
        return self._as_of

    @property
    def settings(self) -> Settings:
        """Thresholds and units of the workspace."""
        return self._settings

    def has(self, table: str) -> bool:
        """Whether a table has rows (as of the date)."""
        if (table, None) not in self._filled:
            rows = self._engine.query(f"SELECT 1 AS one FROM {table} LIMIT 1")
            self._filled[(table, None)] = len(rows) > 0
        return self._filled[(table, None)]

    def has_values(self, table: str, column: str) -> bool:
        """Whether a column has any value."""
        if column not in self._schema[table]:
            raise KeyError(f"{table}.{column}")
        if (table, column) not in self._filled:
            rows = self._engine.query(f"SELECT 1 AS one FROM {table} WHERE {column} IS NOT NULL LIMIT 1")
            self._filled[(table, column)] = len(rows) > 0
        return self._filled[(table, column)]

    def query(self, sql: str, **params: Scalar) -> pa.Table:
        """Rows of a query."""
        self._prepare(sql, params)
        return self._engine.query(sql, self._bound(params))

    def stream(self, sql: str, **params: Scalar) -> Iterator[pa.RecordBatch]:
        """Rows of a query in batches (use cases only: analyses never see rows of customers)."""
        self._prepare(sql, params)
        return self._engine.stream(sql, self._bound(params))

    def table(
        self,
        id: str,
        title: Text,
        columns: Sequence[Column],
        key: Sequence[str],
        sql: str,
        *,
        note: Text | None = None,
        **params: Scalar,
    ) -> Table:
        """A result table made by SQL, columns in the declared order."""
        rows = self.query(sql, **params)
        return Table(
            id=id,
            title=title,
            columns=tuple(columns),
            rows=typed(rows.select([column.name for column in columns]), columns),
            key=tuple(key),
            sql=sql.strip(),
            params=self._used(sql, params),
            lineage=lineage(sql, self._schema),
            note=note,
        )

    def computed(
        self,
        id: str,
        title: Text,
        columns: Sequence[Column],
        key: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        *,
        method: str,
        inputs: Sequence[str] = (),
        sql: str | None = None,
        note: Text | None = None,
        **params: Scalar,
    ) -> Table:
        """A result table made by Python."""
        return Table(
            id=id,
            title=title,
            columns=tuple(columns),
            rows=arrow(rows, columns),
            key=tuple(key),
            sql=sql.strip() if sql else None,
            params=self._used(sql, params) if sql else dict(params),
            lineage=lineage(sql, self._schema) if sql else Lineage({}),
            method=method,
            inputs=tuple(inputs),
            note=note,
        )

    def result(self, analysis: str) -> Result:
        """The Result of another plug-in."""
        if self._results is None:
            raise KeyError(analysis)
        return self._results(analysis)

    def _prepare(self, sql: str, params: Mapping[str, Scalar]) -> None:
        """Makes the marts that are not stored, when a query first names them."""
        if "window_facts" in sql and self._window != str(params["from_day"]):
            self._make_facts()
            self._window = str(params["from_day"])
            self._engine.materialise("window_facts", bound(WINDOW_FACTS, {"from_day": params["from_day"]}))
        if "customer_facts" in sql:
            self._make_facts()

    def _make_facts(self) -> None:
        """Today's facts are stored; those of an earlier day are computed from what was known then."""
        if self._facts_made:
            return
        self._facts_made = True
        later = f"SELECT 1 AS one FROM all_purchases WHERE day > {day_literal(self._as_of)} LIMIT 1"
        if len(self._engine.query(later)):
            self._engine.materialise("customer_facts", facts_then_sql(self._as_of))
        else:
            self._engine.view("customer_facts", facts_today_sql(self._as_of))

    def _bound(self, params: Mapping[str, Scalar]) -> dict[str, Scalar]:
        return {"as_of": self._as_of, **params}

    def _used(self, sql: str, params: Mapping[str, Scalar]) -> dict[str, Scalar]:
        names = named(sql) | ({"from_day"} if "window_facts" in sql else set())
        return {name: value for name, value in self._bound(params).items() if name in names}


def typed(rows: pa.Table, columns: Sequence[Column]) -> pa.Table:
    """The rows in the Arrow types that the declared units ask for."""
    return rows.cast(pa.schema([(column.name, _arrow_type(column, rows)) for column in columns]))


def _arrow_type(column: Column, rows: pa.Table) -> pa.DataType:
    if column.unit_column is not None:
        return pa.string()
    if column.unit in ("text", "label") and pa.types.is_boolean(rows.schema.field(column.name).type):
        return pa.bool_()
    return ARROW_TYPES[column.unit]


def arrow(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> pa.Table:
    """Arrow rows from dictionaries, typed by the declared units."""
    arrays = []
    for column in columns:
        values = [row.get(column.name) for row in rows]
        is_flag = any(isinstance(value, bool) for value in values)
        arrays.append(_array(values, pa.bool_() if is_flag else _plain_type(column)))
    return pa.table(arrays, names=[column.name for column in columns])


def _plain_type(column: Column) -> pa.DataType:
    return pa.string() if column.unit_column is not None else ARROW_TYPES[column.unit]


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        values = [None if value is None else str(value) for value in values]
    elif pa.types.is_decimal(kind):
        values = [None if value is None else rounded(value, 4) for value in values]
    elif pa.types.is_floating(kind):
        values = [None if value is None else float(value) for value in values]
        values = [None if value != value else value for value in values]  # NaN is no value
    return array(values, kind)
