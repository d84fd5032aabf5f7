"""The models of groups, trend and renewals say the same on Spark as on DuckDB, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from keguan import registry
from keguan.analysis import Settings
from keguan.engine.duckdb_engine import DuckDBEngine
from model_shops import growing, renewing, tasteful
from on_spark import need_spark, small_engine
from shop import Shop

pytestmark = pytest.mark.spark
SHOPS: dict[str, tuple[Callable[[], Shop], date]] = {
    "clusters": (tasteful, date(2025, 6, 30)),
    "trend": (growing, date(2025, 6, 20)),
    "renewal": (renewing, date(2025, 6, 30)),
}


@pytest.mark.parametrize("name", SHOPS)
def test_a_model_is_the_same_on_both_engines(name: str, tmp_path: Path) -> None:
    need_spark()
    made, as_of = SHOPS[name]
    analysis, both = registry.get(name), []
    for engine, place in ((DuckDBEngine([tmp_path]), "duckdb"), (small_engine(), "spark")):
        (tmp_path / place).mkdir()
        inputs = made().inputs_on(engine, tmp_path / place, as_of, Settings())
        found = analysis.run(inputs, analysis.params())
        streams = [
            pa.Table.from_batches(
                inputs.stream(f"SELECT * FROM ({item.sql}) r ORDER BY account_no", **dict(item.params))
            )
            for item in found.relations
        ]
        both.append((found, streams))
    (one, here), (other, there) = both
    assert one.tables
    for table in one.tables:
        assert table.rows.to_pylist() == other.table(table.id).rows.to_pylist(), table.id
    assert one.claims == other.claims
    assert one.notes == other.notes
    assert here == there
