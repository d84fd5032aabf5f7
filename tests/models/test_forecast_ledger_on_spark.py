"""The ledger and the distributions that are kept say the same on Spark as on DuckDB, cell by cell. covers: I5"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from fill_forecasts import run_id, say
from keguan.analysis import Settings
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.marts.model_inputs import BINNED, since
from keguan.marts.snapshot_features import PLACES
from keguan.models import forecast_ledger
from keguan.models.forecast_ledger.params import Params
from keguan.result import Forecast, Foresight, Relation, Result
from on_spark import need_spark, small_engine
from shop import Shop

pytestmark = pytest.mark.spark
AS_OF, BASE = date(2025, 6, 20), date(2025, 4, 30)
MAY = (date(2025, 5, 1), date(2025, 5, 31))


def shop() -> Shop:
    """Eighty customers of whom every third comes back in May, with one prediction of each quantity."""
    made = Shop()
    for account in range(1, 81):
        made.buy(account, date(2025, 4, 1 + account % 20), 20 + account)
        if account % 3 == 0:
            order = made.buy(account, date(2025, 5, 1 + account % 30), 35)
            if account % 9 == 0:
                made.give_back(account, date(2025, 5, 31), 35, of=order)
    for quantity in (
        "revenue", "orders", "customers", "new_customers", "known_purchases_30", "known_buyers_30",
    ):  # fmt: skip
        say(made, 1, "trend", BASE, quantity, *MAY, 30, 20, 40, baseline=25)
    for label, p, accounts in (("低", 0.2, range(1, 41)), ("高", 0.7, range(41, 81))):
        say(made, 2, "churn", BASE, "lapsed", *MAY, 40 * p, part=label, about=40, variance=40 * p * (1 - p))
        for account in accounts:
            made.add("predicted_customers", run_id=run_id(2), model="churn", base_day=BASE, due_day=MAY[1],
                     account_no=account, label=label, score=str(p))  # fmt: skip
    for number, (above, up_to) in enumerate(((None, 30), (30, 60), (60, None)), start=1):
        made.add("model_inputs", run_id=run_id(2), run_no=2, model="churn", base_day=BASE, inputs_within=0,
                 places=PLACES, feature="spend", bin=number, above=above, up_to=up_to, members=30)  # fmt: skip
    return made


def present() -> Result:
    """What churn says now, so that its odds may be moved."""
    said = Relation("churn_said", forecast_ledger.ANALYSIS.title,
                    "SELECT account_no, '高' AS label, '0.500000' AS score FROM customer_facts", kind="scores")  # fmt: skip
    told = Forecast(
        "lapsed", AS_OF + timedelta(days=1), AS_OF + timedelta(days=31), 40.0, group="高", customers=80
    )
    return Result("churn", foresight=Foresight((told,), "rule", customers=said))


def test_the_ledger_is_the_same_on_both_engines(tmp_path: Path) -> None:
    need_spark()
    both = []
    for engine, place in ((DuckDBEngine([tmp_path]), "duckdb"), (small_engine(), "spark")):
        (tmp_path / place).mkdir()
        inputs = shop().inputs_on(engine, tmp_path / place, AS_OF, Settings(), lambda name: present())
        bins = inputs.query(BINNED, day=AS_OF, since=since(AS_OF, 60), places=PLACES).to_pylist()
        both.append((forecast_ledger.run(inputs, Params()), bins))
    (one, here), (other, there) = both
    assert here == there != []
    for table in one.tables:
        assert table.rows.to_pylist() == other.table(table.id).rows.to_pylist(), table.id
    assert len(one.table("corrected").rows) == 1
    assert len(one.table("latest").rows) == 8
    assert (one.claims, one.notes) == (other.claims, other.notes)
