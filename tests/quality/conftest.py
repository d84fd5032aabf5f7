"""Runs a SQL expression over texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import duckdb
import pytest

Read = Callable[[Callable[[str], str], Sequence[str | None]], list[str | None]]


@pytest.fixture(scope="session")
def read() -> Iterator[Read]:
    """What `form` (a function that writes SQL over a column) makes of each text."""
    with duckdb.connect() as connection:

        def run(form: Callable[[str], str], texts: Sequence[str | None]) -> list[str | None]:
            rows = connection.execute(
                f"SELECT {form('t.received')} FROM (SELECT unnest($texts::VARCHAR[]) AS received, "
                "generate_subscripts($texts::VARCHAR[], 1) AS place) t ORDER BY place",
                {"texts": list(texts)},
            ).fetchall()
            return [row[0] for row in rows]

        yield run
