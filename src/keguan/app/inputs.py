"""What a running analysis sees: tables cut at one date, other Results, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import pyarrow as pa

from keguan import registry
from keguan.analysis import Analysis, Settings
from keguan.app.computed_views import (
    SEGMENT_COLUMNS,
    ComputedViews,
    schema_of_views,
    scored_table,
    segment_table,
    segments_named,
    view_parameters,
)
from keguan.app.result_rows import arrow, typed
from keguan.core.text import Scalar, Text
from keguan.engine.literals import bound, named
from keguan.engine.protocol import Engine
from keguan.engine.reading import lineage
from keguan.engine.translate import Lineage
from keguan.result import Column, Relation, Result, Table


class PinnedInputs:
    """`Inputs` over an engine whose tables are registered at pinned versions.

    Registers, for each dated table that a query names, a view cut at the as-of date under the table's own name; the
    uncut table keeps the name `all_<table>`. `customer_facts`, `window_facts` and segments are made when first
    asked for. `results` gives the Result of another plug-in; without it they are run here, with what `parameters` says.
    """

    def __init__(
        self,
        engine: Engine,
        as_of: date,
        settings: Settings,
        *,
        results: Callable[[str], Result] | None = None,
        views: ComputedViews | None = None,
        parameters: Callable[[Analysis], Any] | None = None,
    ) -> None:
        self._engine = engine
        self._as_of = as_of
        self._settings = settings
        self._results = results
        self._parameters = parameters or (lambda plug_in: plug_in.params())
        self._schema = schema_of_views()
        self._filled: dict[tuple[str, str | None], bool] = {}
        self._views = views or ComputedViews(engine)
        self._own: dict[str, Result] = {}
        self._related: dict[str, tuple[Relation, ...]] = {}
        self._earlier: dict[date, PinnedInputs] = {}
        self._views.stand_at(as_of)

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
            self._views.stand_at(self._as_of)
            self._views.cut((table,))
            rows = self._engine.query(f"SELECT 1 AS one FROM {table} LIMIT 1")
            self._filled[(table, None)] = len(rows) > 0
        return self._filled[(table, None)]

    def has_values(self, table: str, column: str) -> bool:
        """Whether a column has any value."""
        if column not in self._schema[table]:
            raise KeyError(f"{table}.{column}")
        if (table, column) not in self._filled:
            self._views.stand_at(self._as_of)
            self._views.cut((table,))
            rows = self._engine.query(f"SELECT 1 AS one FROM {table} WHERE {column} IS NOT NULL LIMIT 1")
            self._filled[(table, column)] = len(rows) > 0
        return self._filled[(table, column)]

    def query(self, sql: str, **params: Scalar) -> pa.Table:
        """Rows of a query."""
        if (inputs := self._dated(params)) is not self:
            return inputs.query(sql, **params)
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
            lineage=self._lineage(sql),
            views=self._views.definitions(sql),
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
            lineage=self._lineage(sql) if sql else Lineage({}),
            views=self._views.definitions(sql) if sql else {},
            method=method,
            inputs=tuple(inputs),
            note=note,
        )

    def result(self, analysis: str) -> Result:
        """The Result of another plug-in."""
        if self._results is not None:
            return self._results(analysis)
        if analysis not in self._own:
            plug_in = registry.get(analysis)
            params = self._parameters(plug_in)
            made = plug_in.run(self, params)
            self._own[analysis] = made.pinned(as_of=self._as_of, params=asdict(params), versions={}, code="")
        return self._own[analysis]

    def scored(
        self,
        id: str,
        sql: str,
        score: Callable[[pa.RecordBatch], pa.RecordBatch],
        columns: Mapping[str, str],
        *,
        method: str,
        **params: Scalar,
    ) -> str:
        """The name of a view that a model makes from the rows of a query."""
        self._prepare(sql, params)
        ready = bound(sql, {name: value for name, value in self._bound(params).items() if name in named(sql)})
        made_of = "\n".join((method, ready, *self._views.definitions(ready).values()))
        name = scored_table(id, self._as_of, made_of)
        self._views.keep_scored(name, ready, score, columns, method)
        return name

    def at(self, day: date) -> PinnedInputs:
        """The same tables as of an earlier day. ValueError for a later one."""
        if day == self._as_of:
            return self
        if day > self._as_of:
            raise ValueError(f"{day} is after {self._as_of}")
        if day not in self._earlier:
            self._earlier[day] = PinnedInputs(
                self._engine, day, self._settings, views=self._views, parameters=self._parameters
            )
        return self._earlier[day]

    def segment(self, segmentation: str, day: date | None = None) -> str:
        """The name of a view account_no, label, score: the segment of each customer as of a day."""
        then = self.at(day or self._as_of)
        name = segment_table(segmentation, then.as_of)
        self._views.keep_segments(name, lambda: then._segments_sql(segmentation))
        return name

    def relation(self, segmentation: str, day: date | None = None) -> Relation | None:
        """The rule of a segmentation as of a day."""
        then = self.at(day or self._as_of)
        found = then._relations(registry.get(registry.owner(segmentation)))
        return next((item for item in found if item.id == segmentation), None)

    def _segments_sql(self, segmentation: str) -> str:
        """SQL of a segmentation over the views, ready to run."""
        relation = self.relation(segmentation)
        if relation is None:  # the analysis could not tell segments here: nobody has one
            nulls = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in SEGMENT_COLUMNS.items())
            return f"SELECT {nulls} WHERE false"
        self._prepare(relation.sql, relation.params)
        columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in SEGMENT_COLUMNS.items())
        return f"SELECT {columns} FROM ({bound(relation.sql, self._bound(relation.params))}) r"

    def keep(self, name: str, sql: str, **params: Scalar) -> None:
        """Computes a query once, under a name that later queries of the same engine see (use cases only)."""
        self._prepare(sql, params)
        self._engine.materialise(name, bound(sql, self._bound(params)))

    def _relations(self, plug_in: Analysis) -> tuple[Relation, ...]:
        """The segments of a plug-in as of the day; a session has its whole Result anyway."""
        return self.result(plug_in.name).relations if self._results is not None else self.rules_of(plug_in)

    def rules_of(self, plug_in: Analysis) -> tuple[Relation, ...]:
        """The segments of a plug-in as of the day, without the rest of its Result where that can be spared."""
        if plug_in.relations is None:
            return self.result(plug_in.name).relations
        if plug_in.name not in self._related:
            self._related[plug_in.name] = plug_in.relations(self, self._parameters(plug_in))
        return self._related[plug_in.name]

    def _dated(self, params: Mapping[str, Scalar]) -> PinnedInputs:
        """Where a query belongs that names its own as-of date, as the evidence of a table does."""
        day = params.get("as_of")
        return self.at(day) if isinstance(day, date) and day < self._as_of else self

    def _prepare(self, sql: str, params: Mapping[str, Scalar]) -> None:
        """Makes the views that are computed, when a query first names them."""
        for segmentation, day in segments_named(sql).values():
            self.segment(segmentation, day)
        self._views.stand_at(self._as_of)
        self._views.prepare(sql, params)

    def _lineage(self, sql: str) -> Lineage:
        made = self._views.definitions(sql)
        segments = {name: dict(SEGMENT_COLUMNS) for name in segments_named(" ".join((sql, *made.values())))}
        scored = self._views.scored_columns(" ".join((sql, *made.values())))
        known = {**self._schema, **segments, **scored}
        return lineage(sql, known, tuple(made.values()))

    def _bound(self, params: Mapping[str, Scalar]) -> dict[str, Scalar]:
        return {"as_of": self._as_of, **params}

    def _used(self, sql: str, params: Mapping[str, Scalar]) -> dict[str, Scalar]:
        names = named(sql) | view_parameters(sql)
        return {name: value for name, value in self._bound(params).items() if name in names}
