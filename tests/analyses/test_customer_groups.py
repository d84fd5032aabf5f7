"""Groups by hand: never bought, all returned, silent, lost, recent, old, high potential, leads."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.customer_groups import Params, run
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))


def regulars() -> Shop:
    """40 buy every month or so for 18 months; ten of them stop in 2024, four buy seldom and much."""
    shop, rng = Shop(), random.Random(5)
    for account in range(1, 41):
        day, last = date(2024, 1, 1 + account % 20), date(2024, 7, 1) if account <= 10 else AS_OF
        step, amount = (40, 1000) if account > 36 else (12, 10)
        while day <= last:
            shop.buy(account, day, amount)
            day += timedelta(days=rng.randrange(step, step + 30))
    return shop


def groups(result: Result) -> dict[str, int]:
    return {row["label"]: row["customers"] for row in result.table("groups") if row["customers"]}


def test_every_known_customer_is_in_one_group(tmp_path: Path) -> None:
    """covers: D7"""
    shop = regulars()
    shop.customers = [{"customer_id": f"C{n}", "account_no": n} for n in (1, 2, 50, 51)]
    order = shop.buy(60, date(2025, 5, 1), 10, product="X")
    shop.give_back(60, date(2025, 5, 9), 10, product="X", of=order)
    shop.buy(61, date(2025, 6, 1), 10)
    shop.add("leads", lead_id="L1", created_at=datetime(2025, 1, 1), account_no=70, lead_source="展会")
    shop.add("leads", lead_id="L2", created_at=datetime(2025, 1, 1), lead_source="展会")
    result = found(shop, tmp_path)
    counted = groups(result)
    assert counted == {
        "新近客户": 1, "高潜力老客户": 4, "稳定老客户": 26, "已流失客户": 10, "全部退货": 1, "未购客户": 3, "未成交线索": 1,
    }  # fmt: skip
    assert sum(row["share"] for row in result.table("groups")) == pytest.approx(1, abs=1e-5)  # trap: 8
    origins = {row["origin"]: (row["customers"], row["leads"]) for row in result.table("prospects")}
    assert origins == {"待核实": (2, 0), "展会": (0, 1)}
    assert {claim.key for claim in result.claims} == {
        f"customer_groups/{k}" for k in ("never", "silent", "potential")
    }


def test_the_state_is_that_of_the_day(tmp_path: Path) -> None:
    """trap: 2; those who stopped later were no lost customers in July 2024."""
    shop = regulars()
    inputs = shop.inputs(tmp_path, AS_OF, Settings())
    then = run(inputs.at(date(2024, 7, 1)), Params())
    assert groups(then) == {"新近客户": 40}


def test_high_potential_is_no_finding(tmp_path: Path) -> None:
    """It is defined by money, so its money never enters the summary."""
    result = found(regulars(), tmp_path)
    assert [c.summary for c in result.claims if c.key == "customer_groups/potential"] == [False]


def test_without_a_customer_list_it_says_what_is_missing(tmp_path: Path) -> None:
    result = found(regulars(), tmp_path)
    assert {note.kind for note in result.notes} == {"missing"}
    assert any("客户名录" in note.says.zh for note in result.notes)
