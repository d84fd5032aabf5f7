"""What an engine does. SQL is written once in DuckDB's dialect; an engine translates if it must.

Named parameters are written `$name`. Tables are registered as lists of Parquet files pinned to a
version; nobody points an engine at a table's folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

    def query(self, sql: str, params: Mapping[str, Scalar] | None = None) -> pa.Table:
        """The rows of a query."""

    def stream(self, sql: str, params: Mapping[str, Scalar] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of a query in batches, for what must not be collected."""

    def close(self) -> None:
        """Gives memory and files back."""
