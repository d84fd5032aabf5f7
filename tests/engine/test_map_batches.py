"""Rows put through a function by the engine: each row alone, types as DuckDB has them, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.engine.protocol import Engine
from on_spark import need_spark, small_engine

# 250,000 numbers, without the engine's own way to count.
DIGITS = " UNION ALL ".join(f"SELECT {digit} AS d" for digit in range(10))
ROWS = f"""
SELECT CAST(i AS INTEGER) AS account_no, CAST(i AS DECIMAL(18,4)) / 4 AS spent, i % 3 = 0 AS flag
FROM (
    SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d AS i
    FROM ({DIGITS}) a CROSS JOIN ({DIGITS}) b CROSS JOIN ({DIGITS}) c CROSS JOIN ({DIGITS}) e
    CROSS JOIN ({DIGITS}) f CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 AS d UNION ALL SELECT 2 AS d) g
) numbers
WHERE i < 250000
"""
COLUMNS = {"account_no": "INTEGER", "score": "DOUBLE"}


def times(factor: float) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    """The figure of each row, times a factor; a closure, because executors cannot import this module."""

    def made(batch: pa.RecordBatch) -> pa.RecordBatch:
        scores = pc.multiply(batch.column("spent").cast(pa.float64()), factor)
        return pa.record_batch({"account_no": batch.column("account_no"), "score": scores})

    return made


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "duckdb":
        made: Engine = DuckDBEngine([])
    else:
        need_spark()
        made = small_engine()
    yield made
    made.close()


def test_every_row_is_mapped_once(engine: Engine) -> None:
    engine.map_batches("mapped", ROWS, times(8.0), COLUMNS)
    found = engine.query(
        "SELECT count(*) AS n, count(DISTINCT account_no) AS accounts, min(score - 2 * account_no) AS low, "
        "max(score - 2 * account_no) AS high FROM mapped"
    ).to_pylist()
    assert found == [{"n": 250_000, "accounts": 250_000, "low": 0.0, "high": 0.0}]


def test_a_name_made_anew_and_no_rows(engine: Engine) -> None:
    double = times(2.0)
    engine.map_batches("mapped", f"{ROWS} AND i < 3", double, COLUMNS)
    engine.map_batches("mapped", f"{ROWS} AND i = $one", double, COLUMNS, {"one": 1})
    assert engine.query("SELECT score FROM mapped").to_pylist() == [{"score": 0.5}]
    engine.map_batches("mapped", f"{ROWS} AND false", double, COLUMNS)
    assert engine.query("SELECT count(*) AS n FROM mapped").to_pylist() == [{"n": 0}]


def test_the_types_of_the_query_reach_the_function(engine: Engine) -> None:
    types = engine.query(f"{ROWS} AND i = 1").schema.types
    same = times(1.0)

    def checked(batch: pa.RecordBatch) -> pa.RecordBatch:
        if batch.schema.types != types:
            raise TypeError(f"{batch.schema}")
        return same(batch)

    engine.map_batches("mapped", f"{ROWS} AND i = 1", checked, COLUMNS)
    assert len(engine.query("SELECT * FROM mapped")) == 1
