"""DuckDB in process: the engine of a laptop. The connection is locked to the workspace's folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from keguan.core.errors import InputError
from keguan.core.text import Scalar, Text
from keguan.engine.failures import explained, unwritable
from keguan.engine.literals import bound, quoted
from keguan.engine.memory import within_machine
from keguan.engine.reach import forbidden
from keguan.schema.tables import SQL_TYPES, Entity

if TYPE_CHECKING:
    import pyarrow as pa

MOST_COLLECTED = 2 << 30  # bytes of one answer held in memory; more is for `stream`


def identifier(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def parquet(files: Sequence[str]) -> str:
    """A relation of these files; a folder called 'region=x' on the way to them is no column of theirs."""
    return f"read_parquet([{', '.join(map(quoted, files))}], hive_partitioning = false)"


class DuckDBEngine:
    """Read-only queries over pinned Parquet files.

    `allowed` are the only folders that SQL can read; the configuration is locked, so that a query
    cannot widen it. DuckDB would also write there: so every text must be one SELECT that calls no function
    of the engine's own affairs (`reach`), else ValueError.
    Large intermediate results spill into a private folder that goes with the engine.
    """

    name = "duckdb"

    def __init__(
        self, allowed: Sequence[Path], *, memory_limit: str | None = None, threads: int | None = None
    ) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="keguan-")
        self._connection = duckdb.connect(":memory:")
        run = self._connection.execute
        run(f"SET temp_directory = {quoted(self._spill.name)}")
        if memory_limit:
            run(f"SET memory_limit = {quoted(within_machine(memory_limit))}")
        if threads:
            run(f"SET threads = {int(threads)}")
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")
        run("SET enable_progress_bar = false")
        run("SET preserve_insertion_order = false")
        run("SET python_enable_replacements = false")  # an unknown table is an error, never a Python variable
        run("SET TimeZone = 'UTC'")  # answers must not depend on the machine's zone
        folders = ", ".join(quoted(f"{folder.resolve()}/") for folder in (*allowed, Path(self._spill.name)))
        run(f"SET allowed_directories = [{folders}]")
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")
        self._files: set[str] = set()
        self._folder = allowed[0] if allowed else Path()
        self._mapped = 0  # files written by map_batches
        self._kinds: dict[str, str] = {}  # name -> VIEW or TABLE, which DuckDB does not replace by the other

    def register(self, entity: Entity, files: Sequence[str], *, name: str | None = None) -> None:
        """A view over the files of one version; without files, an empty typed one."""
        self._files.update(files)
        if files:
            listed = ", ".join(entity.names)
            try:
                self.view(name or entity.name, f"SELECT {listed} FROM {parquet(files)}")
            except duckdb.BinderException:
                self.view(name or entity.name, self._older(entity, files))
        else:
            columns = {item.name: SQL_TYPES[item.type] for item in entity.fields}
            self.view(name or entity.name, empty(columns))

    def _older(self, entity: Entity, files: Sequence[str]) -> str:
        """Rows of files that were written before the table had all its columns: these are NULL there.

        Files are listed oldest first, so that the first one tells whether a column is missing: newer files cost
        nothing more. Files without the table's key are those of another table: BinderException as before.
        """
        listed = ", ".join(map(quoted, files))
        source = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        found = {row[0] for row in self._connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        columns = ", ".join(
            item.name
            if item.name in found or item.name in entity.key
            else f"CAST(NULL AS {SQL_TYPES[item.type]}) AS {item.name}"
            for item in entity.fields
        )
        return f"SELECT {columns} FROM {source}"

    def view(self, name: str, sql: str) -> None:
        """Names a query."""
        with self._failures():
            self._parsed(sql)
            self._make_room(name, "VIEW")
            self._connection.execute(f"CREATE OR REPLACE VIEW {identifier(name)} AS {sql}")

    def materialise(self, name: str, sql: str) -> None:
        """Computes a query once into a table of this engine's memory, which streams see too."""
        self._parsed(sql)
        fresh = identifier(f"{name} (being made)")  # the query may read what it replaces
        with self._failures():
            self._connection.execute(f"CREATE OR REPLACE TABLE {fresh} AS {sql}")
        self._make_room(name, "TABLE")
        self._connection.execute(f"DROP TABLE IF EXISTS {identifier(name)}")
        self._connection.execute(f"ALTER TABLE {fresh} RENAME TO {identifier(name)}")

    def map_batches(
        self,
        name: str,
        sql: str,
        made: Callable[[pa.RecordBatch], pa.RecordBatch],
        columns: Mapping[str, str],
        params: Mapping[str, Scalar] | None = None,
    ) -> None:
        """Keeps the mapped rows in a file of the private folder; memory holds one batch."""
        from pyarrow.parquet import ParquetWriter

        self._mapped += 1  # a name may be made anew while an older view of it is still being read
        path = Path(self._spill.name) / f"mapped_{self._mapped}.parquet"
        schema = self.query(empty(columns)).schema
        try:
            with ParquetWriter(path, schema, compression="zstd") as writer:
                for batch in self.stream(sql, params):
                    writer.write_batch(made(batch).cast(schema))
        except OSError as error:
            raise unwritable(Path(self._spill.name), error) from None
        self.view(name, f"SELECT * FROM {parquet([str(path)])}")

    def query(self, sql: str, params: Mapping[str, Scalar] | None = None) -> pa.Table:
        """The rows of a query as Arrow. InputError when they are more than memory should hold; WorkspaceError for
        a damaged file, a full disk, too little memory."""
        from pyarrow import Table  # an import of files needs this module, but no Arrow

        ready, batches, size = self.prepared(sql, params), [], 0
        with self._failures():
            reader = self._connection.execute(ready).to_arrow_reader(8_192)
            for batch in reader:
                size += batch.nbytes
                if size > MOST_COLLECTED:
                    raise _too_much(size)
                batches.append(batch)
        return Table.from_batches(batches, schema=reader.schema)

    def stream(self, sql: str, params: Mapping[str, Scalar] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of a query in batches of about 100,000."""
        ready = self.prepared(sql, params)
        with self._failures(), closing(self._connection.cursor()) as cursor:  # others may run between batches
            yield from cursor.execute(ready).to_arrow_reader(100_000)

    def close(self) -> None:
        """Closes the connection and removes spilled data."""
        self._connection.close()
        self._spill.cleanup()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Says what a failed query means; a fault of the query itself is raised as it is."""
        try:
            yield
        except duckdb.Error as error:
            raise explained(self._connection, error, sorted(self._files), self._folder) or error from None

    def prepared(self, sql: str, params: Mapping[str, Scalar] | None = None) -> str:
        """The query with its parameters as literals; a parameter without a value is an error."""
        named = self._parsed(sql).named_parameters
        given = params or {}
        if missing := sorted(name for name in named if name not in given):
            raise ValueError(f"no value for {', '.join(missing)}: {sql[:200]}")
        return bound(sql, {name: given[name] for name in named})

    def _parsed(self, sql: str) -> duckdb.Statement:
        statements = self._connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ValueError(f"one SELECT expected: {sql[:200]}")
        if name := forbidden(sql):
            raise ValueError(f"a query may not call {name}: {sql[:200]}")
        return statements[0]

    def _make_room(self, name: str, kind: str) -> None:
        if self._kinds.get(name, kind) != kind:
            self._connection.execute(f"DROP {self._kinds[name]} {identifier(name)}")
        self._kinds[name] = kind


def empty(columns: Mapping[str, str]) -> str:
    """A query without rows that has these columns (name -> type)."""
    nulls = ", ".join(f"CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in columns.items())
    return f"SELECT {nulls} WHERE false"


def _too_much(size: int) -> InputError:
    return InputError(
        Text("一次查询的结果太大", "The answer to one query is too large"),
        found=f"> {size >> 20:,} MB",
        allowed=Text(f"至多 {MOST_COLLECTED >> 20:,} MB", f"at most {MOST_COLLECTED >> 20:,} MB"),
        do=Text(
            "检查数据: 某一列的不同取值是否多得反常",
            "check the data: a column may hold far more different values than it should",
        ),
    )
