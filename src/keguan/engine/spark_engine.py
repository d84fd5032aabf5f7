"""Apache Spark: the same queries over the same files, on one machine or on a cluster.

SQL comes in DuckDB's dialect and is translated. An empty DuckDB with the same tables reads every text first:
it takes one SELECT over registered tables and nothing else, and it says which types the answer has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from keguan.core.text import Scalar
from keguan.engine.duckdb_engine import DuckDBEngine, empty
from keguan.engine.spark_session import SparkSettings, session
from keguan.engine.spark_sql import to_spark
from keguan.schema.tables import SQL_TYPES, Entity, Type

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BATCH = 100_000
NAMED = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_][a-z0-9_]*|\()")  # a subquery is none of the stored tables
SPARK_TYPES: Mapping[Type, str] = {**SQL_TYPES, "text": "STRING", "timestamp": "TIMESTAMP_NTZ"}


class SparkEngine:
    """Read-only queries over pinned Parquet files, with the contract and the answers of DuckDBEngine.

    Views belong to this engine's own session and go with it; Spark itself stays for the next engine of the
    process and is stopped at its end if Keguan started it.
    """

    name = "spark"

    def __init__(self, settings: SparkSettings | None = None) -> None:
        self._spark = session(settings or SparkSettings())
        self._twin = DuckDBEngine([])  # may read no file: it knows names and types only
        self._views: set[str] = set()
        self._stored: set[str] = set()  # tables over files: what they hold never changes
        self._over_stored: dict[str, DataFrame] = {}  # what views over these alone give, by their SQL
        self._followers: dict[str, str] = {}  # such views and their SQL

    def register(self, entity: Entity, files: Sequence[str], *, name: str | None = None) -> None:
        """A view over the files of one version; without files, an empty typed one."""
        self._twin.register(entity, [], name=name)
        columns = ", ".join(f"{item.name} {SPARK_TYPES[item.type]}" for item in entity.fields)
        if files:
            rows = self._spark.read.schema(columns).parquet(*map(location, files))
        else:
            rows = self._spark.createDataFrame([], columns)
        self._name(name or entity.name, rows)
        self._stored.add(name or entity.name)
        self._over_stored.clear()
        for view, sql in self._followers.items():
            if (name or entity.name) in NAMED.findall(sql):
                self._name(view, self._spark.sql(to_spark(sql)))

    def view(self, name: str, sql: str) -> None:
        """Names a query."""
        self._twin.view(name, sql)
        self._renamed(name)
        if not set(NAMED.findall(sql)) <= self._stored:
            self._looked_up(name, sql)
            return
        # Analysed once: days are looked at in turns, and every query over such a view would analyse it again.
        if sql not in self._over_stored:
            self._over_stored[sql] = self._spark.sql(to_spark(sql))
        self._followers[name] = sql
        self._name(name, self._over_stored[sql])

    def materialise(self, name: str, sql: str) -> None:
        """Computes a query once and keeps its rows in Spark's memory and, beyond it, on its disks."""
        self._twin.materialise(name, sql)
        self._keep(name, self._spark.sql(to_spark(sql)))

    def map_batches(
        self,
        name: str,
        sql: str,
        made: Callable[[pa.RecordBatch], pa.RecordBatch],
        columns: Mapping[str, str],
        params: Mapping[str, Scalar] | None = None,
    ) -> None:
        """Runs the function on the executors and keeps the mapped rows as `materialise` does."""
        from pyspark.sql.pandas.types import from_arrow_schema

        rows, given = self._rows(sql, params)
        self._twin.materialise(name, empty(columns))
        schema = self._twin.query(empty(columns)).schema

        def mapped(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield made(batch.rename_columns(given.names).cast(given)).cast(schema)

        self._keep(name, rows.mapInArrow(mapped, from_arrow_schema(schema)))

    def query(self, sql: str, params: Mapping[str, Scalar] | None = None) -> pa.Table:
        """The rows of a query as Arrow, in the types that DuckDB gives."""
        rows, schema = self._rows(sql, params)
        return rows.toArrow().rename_columns(schema.names).cast(schema)

    def stream(self, sql: str, params: Mapping[str, Scalar] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of a query in batches of 100,000; the driver holds one partition at a time."""
        rows, schema = self._rows(sql, params)
        batch: list[tuple[Any, ...]] = []
        for row in rows.toLocalIterator():
            batch.append(tuple(row))
            if len(batch) == BATCH:
                yield _arrow(batch, schema)
                batch = []
        if batch:
            yield _arrow(batch, schema)

    def close(self) -> None:
        """Gives up the views; Spark drops what was kept for them."""
        self._twin.close()
        for name in self._views:
            self._spark.catalog.dropTempView(name)
        self._views.clear()
        self._stored.clear()
        self._over_stored.clear()
        self._followers.clear()

    def _rows(self, sql: str, params: Mapping[str, Scalar] | None) -> tuple[DataFrame, pa.Schema]:
        ready = self._twin.prepared(sql, params)
        schema = self._twin.query(ready).schema
        return self._spark.sql(to_spark(ready)), schema

    def _keep(self, name: str, rows: DataFrame) -> None:
        """Computes rows once."""
        self._renamed(name)
        # A checkpoint forgets how the rows were made: else a chain of such tables doubles the plan at each step.
        # On executors that come and go, spark.checkpoint.dir keeps them safe.
        safe = self._spark.sparkContext.getCheckpointDir() is not None
        self._name(name, rows.checkpoint() if safe else rows.localCheckpoint())

    def _renamed(self, name: str) -> None:
        """The name stands for something else from now on: views over the stored table of that name look it up."""
        self._followers.pop(name, None)
        if name in self._stored:
            self._stored.discard(name)
            self._over_stored.clear()
            for view in [view for view, sql in self._followers.items() if name in NAMED.findall(sql)]:
                self._looked_up(view, self._followers.pop(view))

    def _looked_up(self, name: str, sql: str) -> None:
        """A view whose tables are looked up by each query that names it."""
        self._spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW `{name}` AS {to_spark(sql)}")
        self._views.add(name)

    def _name(self, name: str, rows: DataFrame) -> None:
        rows.createOrReplaceTempView(name)
        self._views.add(name)


def location(file: str) -> str:
    """A file as Spark names it: local ones say so, or a cluster would look in its own file system; the signs of
    a pattern stand for themselves."""
    if "://" in file:
        return file
    plain = re.sub(r"([\\\[\]{}*?])", r"\\\1", Path(file).as_posix())
    return f"file:///{plain.lstrip('/')}"


def _arrow(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.record_batch(
        [pa.array(column, type=item.type) for column, item in zip(columns, schema, strict=True)],
        schema=schema,
    )
