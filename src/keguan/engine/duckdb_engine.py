"""DuckDB in process: the engine of a laptop. The connection is locked to the workspace's folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from keguan.core.text import Scalar
from keguan.schema.tables import Entity


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


class DuckDBEngine:
    """Read-only queries over pinned Parquet files.

    `allowed` are the only folders that SQL can read; the configuration is locked, so that a query
    cannot widen it. Large intermediate results spill into a private folder that goes with the engine.
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
            run(f"SET memory_limit = {quoted(memory_limit)}")
        if threads:
            run(f"SET threads = {int(threads)}")
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")
        run("SET enable_progress_bar = false")
        run("SET preserve_insertion_order = false")
        folders = ", ".join(quoted(f"{folder.resolve()}/") for folder in (*allowed, Path(self._spill.name)))
        run(f"SET allowed_directories = [{folders}]")
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    def register(self, entity: Entity, files: Sequence[str], *, name: str | None = None) -> None:
        """A view over the files of one version; without files, an empty typed table."""
        target = identifier(name or entity.name)
        if not files:
            self._connection.execute(f"CREATE OR REPLACE TABLE {target} ({entity.ddl()})")
            return
        listed = ", ".join(quoted(file) for file in files)
        columns = ", ".join(entity.names)
        self._connection.execute(
            f"CREATE OR REPLACE VIEW {target} AS SELECT {columns} FROM read_parquet([{listed}])"
        )

    def view(self, name: str, sql: str) -> None:
        """Names a query."""
        self._connection.execute(f"CREATE OR REPLACE VIEW {identifier(name)} AS {sql}")

    def materialise(self, name: str, sql: str) -> None:
        """Computes a query once into a temporary table."""
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS {sql}")

    def query(self, sql: str, params: Mapping[str, Scalar] | None = None) -> pa.Table:
        """The rows of a query as Arrow."""
        used = {name: value for name, value in (params or {}).items() if f"${name}" in sql}
        return self._connection.execute(sql, used).to_arrow_table()

    def stream(self, sql: str, params: Mapping[str, Scalar] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of a query in batches of about 100,000."""
        used = {name: value for name, value in (params or {}).items() if f"${name}" in sql}
        yield from self._connection.cursor().execute(sql, used).to_arrow_reader(100_000)

    def close(self) -> None:
        """Closes the connection and removes spilled data."""
        self._connection.close()
        self._spill.cleanup()
