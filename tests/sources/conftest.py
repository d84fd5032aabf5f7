"""What the tests of reading share: an engine, a reader of whole tables, and the folder of real data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from keguan.sources import Loaded, ReadOptions, Shape, inspect, load

DATA = Path(os.environ.get("KEGUAN_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")


@dataclass(frozen=True)
class Read:
    """A table as it was read: its shape, the outcome, its rows (with their numbers) and the rejected ones."""

    shape: Shape
    loaded: Loaded
    rows: list[tuple[object, ...]]
    rejected: list[tuple[int, str]]

    @property
    def cells(self) -> list[tuple[object, ...]]:
        return [row[1:] for row in self.rows]

    @property
    def numbers(self) -> list[object]:
        return [row[0] for row in self.rows]


Reader = Callable[..., Read]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def read(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Reader:
    """Reads one table: of a path, or of bytes written under a name."""
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)

    def reading(source: Path | bytes, *, name: str = "orders.csv", table: int = 0, **options: object) -> Read:
        path = source if isinstance(source, Path) else tmp_path / name
        if isinstance(source, bytes):
            path.write_bytes(source)
        shape = inspect(path, ReadOptions(**options))[table]
        loaded = load(connection, shape, "received", scratch=scratch)
        rows = connection.execute('SELECT * FROM "received" ORDER BY source_row').fetchall()
        rejected = connection.execute(
            'SELECT source_row, raw FROM "received_rejected" ORDER BY source_row'
        ).fetchall()
        assert loaded.rows == len(rows)
        assert loaded.rejected == len(rejected)
        assert not list(scratch.iterdir()), "temporary files are left"
        return Read(shape, loaded, rows, rejected)

    return reading


@pytest.fixture
def data() -> Path:
    """The folder of real data sets."""
    if not DATA.is_dir():
        pytest.skip("the folder of real data sets is not here (KEGUAN_TEST_DATA)")
    return DATA
