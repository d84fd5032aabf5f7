"""What an engine does. SQL is written once in DuckDB's dialect; an engine translates if it must.

Named parameters are written `$name`. Tables are registered as lists of Parquet files pinned to a
version; nobody points an engine at a table's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from keguan.core.text import Scalar
from keguan.schema.tables import Entity

if TYPE_CHECKING:
    import pyarrow as pa


class Engine(Protocol):
    """Runs read-only SQL over pinned tables."""

    @property
    def name(self) -> str:
        """'duckdb' or 'spark'."""

    def register(self, entity: Entity, files: Sequence[str], *, name: str | None = None) -> None:
        """Makes the files of one version readable under `name`; no files: an empty table."""

    def view(self, name: str, sql: str) -> None:
        """Names a query."""

    def materialise(self, name: str, sql: str) -> None:
        """Computes a query once and keeps its rows under `name` for this session."""

    def map_batches(
        self,
        name: str,
        sql: str,
        made: Callable[[pa.RecordBatch], pa.RecordBatch],
        columns: Mapping[str, str],
        params: Mapping[str, Scalar] | None = None,
    ) -> None:
        """Puts the rows of a query through a function and keeps what it gives under `name` for this session.

        `made` gets batches of any size in any order, with the types that DuckDB gives, and must look at each row
        alone; it gives batches of `columns` (name -> DuckDB's type). Memory holds a few batches. On Spark it runs on
        the executors: it and what it holds must be picklable.
        """

    def query(self, sql: str, params: Mapping[str, Scalar] | None = None) -> pa.Table:
        """The rows of a query."""

    def stream(self, sql: str, params: Mapping[str, Scalar] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of a query in batches, for what must not be collected."""

    def close(self) -> None:
        """Gives memory and files back."""
