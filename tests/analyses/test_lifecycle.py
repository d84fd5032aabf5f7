"""Lifecycle by hand: states by own rhythm, depth, stage, and what stands in where data are few.

covers: D7
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses import business_kind
from keguan.analyses.lifecycle import Params, run
from keguan.analyses.lifecycle.gaps import first_limits
from keguan.analysis import Settings
from keguan.evidence.statistics.gamma_poisson import GapModel
from keguan.evidence.statistics.kaplan_meier import kaplan_meier
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    settings = Settings(min_n=min_n)
    kind = business_kind.run(shop.inputs(folder, AS_OF, settings), business_kind.Params())
    return run(shop.inputs(folder, AS_OF, settings, business_kind=kind), Params(**params))


def labels(
    shop: Shop, folder: Path, result: Result, relation: str = "lifecycle"
) -> dict[int, tuple[str, str]]:
    item = next(item for item in result.relations if item.id == relation)
    rows = shop.inputs(folder, AS_OF).query(item.sql, **dict(item.params)).to_pylist()
    return {row["account_no"]: (row["label"], row["score"]) for row in rows}


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def rhythmic(customers: int = 300, seed: int = 4) -> Shop:
    """Two years of customers with rates of their own; each stays to the end."""
    shop, rng = Shop(), random.Random(seed)
    for account in range(1, customers + 1):
        pace = rng.gammavariate(2, 1 / 60)
        day = float(rng.randrange(730, 500, -1))
        while day > 0:
            shop.buy(account, ago(int(day)), 20)
            day -= max(1.0, rng.expovariate(pace))
    return shop


def test_with_few_data_365_days_decide(tmp_path: Path) -> None:
    shop = Shop()
    for account, days in enumerate((20, 60, 365, 366), start=1):
        shop.buy(account, ago(days), 10)
    shop.buy(5, ago(400), 10)
    shop.buy(5, ago(380), 10)
    for days in (100, 90, 80):
        shop.buy(6, ago(days), 10)
    result = found(shop, tmp_path)
    assert labels(shop, tmp_path, result) == {
        1: ("活跃", "新客"), 2: ("活跃", "一次客"), 3: ("活跃", "一次客"), 4: ("流失", "一次客"),
        5: ("流失", "二次客"), 6: ("活跃", "多次客"),
    }  # fmt: skip
    stages = {k: v[0] for k, v in labels(shop, tmp_path, result, "lifecycle_stage").items()}
    assert stages == {1: "获取", 2: "转化", 3: "转化", 4: "挽留", 5: "挽留", 6: "忠诚"}
    assert any("365" in note.says.zh for note in result.notes)


def test_states_and_stages_are_complete_and_exclusive(tmp_path: Path) -> None:
    shop = rhythmic()
    result = found(shop, tmp_path)
    everyone = labels(shop, tmp_path, result)
    assert len(everyone) == 300
    for id in ("states", "totals", "stages"):
        rows = result.table(id).records()
        assert sum(row["customers"] for row in rows) == 300
        assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-5)
    assert len(result.table("states").rows) == 16
    assert result.table("states").find({"state": "流失", "depth": "新客"})["customers"] == 0


def test_silence_is_judged_by_the_own_rhythm(tmp_path: Path) -> None:
    shop = rhythmic()
    for step in range(12):  # every 7 days, silent for 120
        shop.buy(901, ago(120 + 7 * step), 20)
    for step in range(5):  # every 100 days, silent for 120
        shop.buy(902, ago(120 + 100 * step), 20)
    states = labels(shop, tmp_path, found(shop, tmp_path))
    assert states[901][0] in ("有流失风险", "流失")
    assert states[902][0] == "活跃"


def test_sql_and_python_give_the_same_limit(tmp_path: Path) -> None:
    from keguan.evidence.statistics.gamma_poisson import silence_sql

    model = GapModel(0.7, 55.0, 0.1)
    sql = f"SELECT {silence_sql('0.9')} AS d FROM (SELECT 55.0::DOUBLE rate, 0.7::DOUBLE shape, 90 AS days, 3 AS gaps) t"
    row = Shop().inputs(tmp_path, AS_OF).query(sql, horizon=700.0).to_pylist()[0]
    assert row["d"] == pytest.approx(model.silence(3, 90, 0.9, 700))


def test_limits_of_the_second_purchase_by_hand() -> None:
    # 100 customers: 40 back after 10 days, 20 after 20, 20 after 30, the rest watched for 200 days.
    steps = kaplan_meier([(10, 40, 0), (20, 20, 0), (30, 15, 0), (40, 5, 0), (200, 0, 20)])
    # Of the 80 who came back 80 % = 64 by day 30 (75), 90 % = 72 by day 30, 97.5 % = 78 by day 40.
    assert first_limits(steps, 15) == {"dormant": 30, "risk": 30, "lost": 40}
    assert first_limits(steps, 90) is None
    assert first_limits((), 30) is None


def test_the_new_period_is_set_or_found(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, ago(100), 10)
        shop.buy(account, ago(94), 10)  # back after 6 days
    shop.buy(50, ago(8), 10)
    assert labels(shop, tmp_path, found(shop, tmp_path, despite_renewal=True))[50][1] == "一次客"
    result = found(shop, tmp_path, new_days=10, despite_renewal=True)
    assert labels(shop, tmp_path, result)[50][1] == "新客"


def test_money_at_risk_is_what_the_cells_say(tmp_path: Path) -> None:
    shop = rhythmic()
    for account in range(601, 606):
        for step in range(10):
            shop.buy(account, ago(75 + 9 * step), 500)
    result = found(shop, tmp_path)
    for key in ("at_risk", "dormant"):
        for claim in result.claims:
            if claim.key == f"lifecycle/{key}":
                assert claim.money == float(str(result.value(claim.values["money"])))
                assert claim.summary
    assert any(claim.key == "lifecycle/active" for claim in result.claims)


def test_renewals_have_no_state(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        for month in range(1, 13):
            shop.buy(account, date(2025, month, 15), 30)
    off = found(shop, tmp_path)
    assert len(off.table("states").rows) == 0
    assert off.relations == ()
