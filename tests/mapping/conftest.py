from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A private in-memory database."""
    opened = duckdb.connect()
    yield opened
    opened.close()
