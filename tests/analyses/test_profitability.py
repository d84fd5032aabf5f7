"""Customer profit by hand: allocation keys, returns with and without cost, reconciliation; superstore_cn recomputed."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keguan import Workspace
from keguan.analyses.abc_class import ANALYSIS as ABC
from keguan.analyses.profitability import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.analyse import Session
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.result import Result
from shop import Shop
from shops import AS_OF, all_results, full

DAY = date(2025, 3, 3)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    inputs = shop.inputs(folder, date(2025, 6, 30), Settings(min_n=min_n))
    return run(inputs, Params(**params))


def small() -> Shop:
    """Customer 1 buys twice for 100 at cost 60 and gives one back; customer 2 once for 1,000 at cost 950; a guest."""
    shop = Shop()
    shop.buy(1, DAY, 100, product="A", cost=60)
    order = shop.buy(1, DAY, 100, product="A", cost=60)
    shop.give_back(1, date(2025, 4, 1), 100, product="A", of=order)
    shop.buy(2, DAY, 1000, product="B", cost=950)
    shop.buy(None, DAY, 80, product="A", cost=60)
    shop.add("costs", account_no=2, day=DAY, kind="service", amount=70)
    shop.add("costs", account_no=2, day=DAY, kind="acquisition", amount=500)
    shop.add("costs", day=DAY, kind="service", amount=40)
    shop.add("contacts", account_no=1, contacted_at=datetime(2025, 3, 9, 9), cost=2)
    return shop


def accounts(result: Result) -> dict[str, dict[str, Any]]:
    return {row["account"]: row for row in result.table("lowest")}


def test_profit_by_hand(tmp_path: Path) -> None:
    """covers: G3. Four orders, so each carries 10 of the common 40; the returned piece brings back 60 of cost."""
    rows = accounts(found(small(), tmp_path))
    one, two = rows["1"], rows["2"]
    assert (one["net"], one["returns"], one["margin"]) == (100, 100, 40)  # 200 - 100; 120 - 60 of cost
    assert (one["contact_costs"], one["allocated"], one["profit"]) == (2, 20, 18)
    assert (two["margin"], two["direct_costs"], two["allocated"], two["profit"]) == (50, 70, 10, -30)
    assert two["before_allocation"] == -20


def test_those_who_bought_at_a_loss_are_told_apart_from_those_who_only_cost(tmp_path: Path) -> None:
    """40 buy at a profit, 10 at a loss of 20 each, and 5 who did not buy cost 3 each."""
    shop = Shop()
    for account in range(1, 51):
        shop.buy(account, DAY, 100, product="A", cost=60 if account <= 40 else 120)
    for account in range(51, 56):
        shop.buy(account, date(2023, 1, 5), 100, product="A", cost=60)
        shop.add("costs", account_no=account, day=DAY, kind="service", amount=3)
    result = found(shop, tmp_path)
    (row,) = result.table("summary").records()
    assert (row["unprofitable"], row["loss"]) == (15, 215)
    assert (row["buying"], row["buying_loss_makers"], row["buying_share"], row["buying_loss"]) == (
        50,
        10,
        0.2,
        200,
    )
    assert (row["costs_only"], row["costs_only_loss"]) == (5, 15)
    (claim,) = [claim for claim in result.claims if claim.key == "profitability/unprofitable"]
    assert claim.n == 50
    assert [result.value(claim.values[name]) for name in ("customers", "share", "loss")] == [10, 0.2, 200]
    assert [result.value(claim.values[name]) for name in ("costs_only", "costs_loss")] == [5, 15]


@pytest.mark.parametrize(
    ("key", "shares"),
    [("orders", (20, 10)), ("revenue", (40 * 200 / 1280, 40 * 1000 / 1280)), ("lines", (20, 10))],
)
def test_common_costs_follow_the_key(tmp_path: Path, key: str, shares: tuple[float, float]) -> None:
    rows = accounts(found(small(), tmp_path, allocate_by=key))
    assert (float(rows["1"]["allocated"]), float(rows["2"]["allocated"])) == pytest.approx(shares)


def test_steps_reconcile_with_the_sum_of_inputs(tmp_path: Path) -> None:
    result = found(small(), tmp_path)
    steps = {row["step"]: row for row in result.table("steps")}
    assert (steps["net"]["amount"], steps["cost_of_goods"]["amount"]) == (1180, -1070)
    assert (steps["direct_costs"]["amount"], steps["contact_costs"]["amount"]) == (-70, -2)
    assert steps["allocated"]["amount"] == -40
    assert steps["profit"]["amount"] == 1180 - 1070 - 70 - 2 - 40
    assert steps["profit"]["guests_amount"] == 80 - 60 - 10
    for row in steps.values():
        assert row["customers_amount"] + row["guests_amount"] == row["amount"]
    kinds = {row["kind"]: row for row in result.table("kinds")}
    assert (kinds["service"]["direct"], kinds["service"]["common"]) == (70, 40)
    assert kinds["acquisition"]["counted"] in (False, "false", "False")


def test_a_large_customer_at_a_loss_is_named_by_its_account(tmp_path: Path) -> None:
    """covers: G3. Customer 2 is class A by spend and loses money even before anything is shared out."""
    result = found(small(), tmp_path)
    assert [row["account"] for row in result.table("unprofitable_a")] == ["2"]
    claim = next(claim for claim in result.claims if claim.says == "large")
    assert result.value(claim.values["account"]) == "2"
    assert result.value(claim.values["loss"]) == 30
    assert "profitability/total" in {claim.key for claim in result.claims}


def test_a_discount_is_not_taken_off_twice(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, DAY, 90, cost=50)
    shop.lines[-1]["discount"] = Decimal(10)
    result = found(shop, tmp_path)
    steps = {row["step"]: row["amount"] for row in result.table("steps")}
    assert (steps["net"], steps["discounts_in_price"], steps["profit"]) == (90, 10, 40)


def test_lines_without_cost_stay_out_and_are_shown(tmp_path: Path) -> None:
    """trap: 4. Nothing is filled with a mean of other products."""
    shop = small()
    shop.buy(3, DAY, 500, product="C")
    result = found(shop, tmp_path)
    steps = {row["step"]: row["amount"] for row in result.table("steps")}
    assert steps["unknown_net"] == -500
    assert accounts(result)["3"]["margin"] == 0
    assert any(note.kind == "warning" for note in result.notes)


def test_without_any_cost_it_says_what_to_import(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, DAY, 10)
    result = found(shop, tmp_path)
    assert result.tables == ()
    assert [note.kind for note in result.notes] == ["missing"]


def test_few_customers_withhold_shares(tmp_path: Path) -> None:
    summary = found(small(), tmp_path).table("summary").records()[0]
    assert (summary["customers"], summary["unprofitable"], summary["unprofitable_share"]) == (2, 1, None)


def test_the_whale_curve_ends_at_the_total(tmp_path: Path) -> None:
    result = all_results(DuckDBEngine([tmp_path]), full(), tmp_path)[1]["profitability"]
    total = {row["step"]: row for row in result.table("steps")}["profit"]["customers_amount"]
    assert result.table("whale").records()[-1]["cumulated"] == total
    for dimension in ("abc_class", "channel", "region"):
        rows = [row for row in result.table("segments") if row["dimension"] == dimension]
        assert sum(row["profit"] for row in rows) == total
    assert ABC.name in ANALYSIS.uses
    assert result.as_of == AS_OF


@pytest.mark.slow
def test_superstore_profit_per_customer(data_sets: Path, tmp_path: Path) -> None:
    """covers: G3. The published 利润 column added up by name over the last year is the profit of each customer."""
    path = data_sets / "superstore_cn" / "superstore_cn.csv.gz"
    wanted: dict[str, int] = defaultdict(int)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            row = {name.strip(): value.strip() for name, value in row.items()}
            if datetime.strptime(row["订单日期"], "%Y/%m/%d").date() >= date(2015, 12, 30):
                wanted[row["客户名称"]] += int(float(row["利润"]))
    workspace = Workspace.init(tmp_path)
    workspace.load(path)
    with Session(workspace.store) as session:
        result = session.run("profitability")
        relation = result.relations[0]
        sql = f"SELECT CAST(score AS DECIMAL(18, 4)) AS profit FROM ({relation.sql}) r"
        rows = session.inputs.query(sql, **dict(relation.params)).to_pylist()
    assert sorted(int(row["profit"]) for row in rows) == sorted(wanted.values())
    summary = result.table("summary").records()[0]
    assert summary["customers"] == len(wanted)
    assert summary["unprofitable"] == sum(profit < 0 for profit in wanted.values())


def test_a_stock_adjustment_is_no_return(tmp_path: Path) -> None:
    """trap: 3. A negative quantity at price 0 without a customer changes neither revenue nor profit."""
    shop = small()
    before = found(shop, tmp_path / "a").table("steps").records()
    shop.buy(None, DAY, 0, product="A", cost=-600)
    shop.lines[-1] |= {"movement": "adjustment", "quantity": Decimal(-10), "opens_order": 0}
    assert found(shop, tmp_path / "b").table("steps").records() == before
