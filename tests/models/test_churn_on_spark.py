"""The churn model gives on Spark what it gives on DuckDB: features, probabilities from the executors, lists."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.engine.protocol import Engine
from keguan.models.churn import ANALYSIS
from keguan.models.churn.params import Params
from keguan.result import Result
from on_spark import need_spark, small_engine
from shop import Shop
from shops import AS_OF, busy

pytestmark = pytest.mark.spark


def together() -> Shop:
    """Orders enough for the regression, contracts enough for the trees."""
    here = "test_churn_orders", "test_churn_contracts"
    rhythm, telephone = (importlib.import_module(name) for name in here)
    shop: Shop = rhythm.rhythm(260)
    contracts: Shop = telephone.telephone(2600)
    shop.records |= contracts.records
    return shop


def computed(engine: Engine, shop: Shop, folder: Path) -> tuple[PinnedInputs, Result]:
    folder.mkdir()
    inputs = shop.inputs_on(engine, folder, AS_OF, Settings())
    return inputs, ANALYSIS.run(inputs, Params(horizon_days=60))


@pytest.mark.slow
def test_both_engines_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_spark()
    monkeypatch.syspath_prepend(Path(__file__).parent)
    shop = together()
    duck, one = computed(DuckDBEngine([tmp_path]), shop, tmp_path / "duckdb")
    spark, two = computed(small_engine(), shop, tmp_path / "spark")
    assert {row["learner"] for row in one.table("contract_backtest")} == {"lightgbm", "logistic", "rule"}
    assert one.has("levels")
    assert [table.id for table in one.tables] == [table.id for table in two.tables]
    for table in one.tables:
        assert table.records() == two.table(table.id).records(), table.id
    sql = f"SELECT * FROM ({one.relations[0].sql}) r ORDER BY account_no"
    assert (
        duck.query(sql).to_pylist()
        == spark.query(f"SELECT * FROM ({two.relations[0].sql}) r ORDER BY account_no").to_pylist()
    )


def test_a_shop_with_too_little_says_the_same(tmp_path: Path) -> None:
    need_spark()
    _, one = computed(DuckDBEngine([tmp_path]), busy(), tmp_path / "duckdb")
    _, two = computed(small_engine(), busy(), tmp_path / "spark")
    assert one.notes == two.notes
    assert [table.records() for table in one.tables] == [table.records() for table in two.tables]
