"""Cost of acquisition by hand: channels, common money, payback of those observed, keeping."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.acquisition_cost import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, **params: Any) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    result = run(shop.inputs(folder, AS_OF, Settings()), Params(**params))
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


def shop_with_spend(cost: float | None = 60) -> Shop:
    """40 old customers; 80 new ones in January, 40 of them by 官网, who buy 100 at cost 60 twice, 40 days apart."""
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2023, 1, 5), 100, cost=cost)
        shop.buy(account, date(2025, 2, 5), 100, cost=cost)
        shop.add("contacts", account_no=account, contacted_at=datetime(2025, 1, 1, 9), cost=3)
    for account in range(101, 181):
        channel = "官网" if account <= 140 else "APP"
        shop.buy(account, date(2025, 1, 10), 100, cost=cost, channel=channel)
        shop.buy(account, date(2025, 1, 10) + timedelta(days=40), 100, cost=cost, channel=channel)
    shop.add("spend", day=date(2025, 1, 1), channel="官网", campaign_id="C1", amount=2000)
    shop.add("spend", day=date(2025, 1, 1), channel="APP", amount=1200)
    shop.add("spend", day=date(2023, 1, 1), channel="官网", amount=9999)  # before the window
    shop.add("costs", day=date(2025, 1, 1), kind="acquisition", amount=800)
    shop.add("costs", day=date(2025, 1, 1), kind="service", amount=777)
    return shop


def test_cost_per_new_customer_by_hand(tmp_path: Path) -> None:
    """covers: G4. 4,000 over 80 new customers; 800 of it has no channel and is in no channel's cost."""
    result = found(shop_with_spend(), tmp_path)
    totals = {row["what"]: row for row in result.table("totals")}
    assert (totals["winning"]["cost"], totals["winning"]["customers"], totals["winning"]["per_customer"]) == (
        4000,
        80,
        50,
    )
    assert (totals["keeping"]["cost"], totals["keeping"]["customers"], totals["keeping"]["per_customer"]) == (
        120,
        40,
        3,
    )
    channels = {row["channel"]: row for row in result.table("channels")}
    assert (channels["官网"]["cost"], channels["官网"]["customers"], channels["官网"]["per_customer"]) == (
        2000,
        40,
        50,
    )
    assert (
        channels["APP"]["per_customer"],
        channels["未分渠道"]["cost"],
        channels["未分渠道"]["customers"],
    ) == (30, 800, 0)
    assert sum(row["cost"] for row in channels.values()) == totals["winning"]["cost"]


def test_payback_by_hand(tmp_path: Path) -> None:
    """covers: G4. 40 of margin within 30 days, 80 within 60: over the cost of 50 from 60 days on."""
    result = found(shop_with_spend(), tmp_path)
    rows = {row["days"]: row for row in result.table("payback")}
    assert (rows[30]["per_customer"], rows[60]["per_customer"], rows[60]["low"], rows[60]["high"]) == (
        40,
        80,
        80,
        80,
    )
    assert rows[60]["finished"] in (True, "true")
    claim = next(claim for claim in result.claims if claim.key == "acquisition_cost/payback")
    assert claim.says == "paid_back"
    assert result.value(claim.values["days"]) == 60


def test_those_not_observed_long_enough_are_left_out_and_marked(tmp_path: Path) -> None:
    shop = shop_with_spend()
    for account in range(201, 241):
        shop.buy(account, date(2025, 5, 20), 100, cost=95)
    rows = {row["days"]: row for row in found(shop, tmp_path).table("payback")}
    assert (rows[30]["customers"], rows[60]["customers"]) == (120, 80)
    assert rows[60]["finished"] in (False, "false")
    assert float(rows[30]["per_customer"]) == pytest.approx((80 * 40 + 40 * 5) / 120, abs=1e-3)
    assert rows[60]["per_customer"] == 80


def test_a_campaign_by_the_orders_of_the_first_day(tmp_path: Path) -> None:
    """covers: G4."""
    shop = shop_with_spend()
    for order in shop.orders:
        if order["account_no"] in range(101, 141):
            order["campaign_id"] = "C1"
    row = found(shop, tmp_path).table("campaigns").records()[0]
    assert (row["campaign"], row["cost"], row["customers"], row["per_customer"]) == ("C1", 2000, 40, 50)


def test_without_cost_of_goods_a_rate_can_be_assumed_and_is_said(tmp_path: Path) -> None:
    result = found(shop_with_spend(None), tmp_path / "a")
    assert not result.has("payback")
    assert any(note.kind == "missing" for note in result.notes)
    assumed = found(shop_with_spend(None), tmp_path / "b", margin_rate=0.4)
    assert {row["days"]: row["per_customer"] for row in assumed.table("payback")}[60] == 80
    assert any("40%" in note.says.zh for note in assumed.notes)


def test_few_new_customers_withhold_the_cost_of_one(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 1, 1), 100, cost=60)
    shop.add("spend", day=date(2025, 1, 1), channel="官网", amount=2000)
    result = found(shop, tmp_path)
    assert result.table("totals").records()[0]["per_customer"] is None
    assert result.claims == ()


def test_without_spend_it_says_what_to_import(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 1, 1), 100)
    assert [note.kind for note in found(shop, tmp_path).notes] == ["missing"]


def test_two_campaigns_without_control_have_no_winner(tmp_path: Path) -> None:
    """trap: 7. Costs of both are listed; no sentence compares them."""
    shop = shop_with_spend()
    shop.add("spend", day=date(2025, 1, 2), channel="APP", campaign_id="C2", amount=80)
    for order in shop.orders:
        if order["account_no"] in range(101, 181):
            order["campaign_id"] = "C1" if order["account_no"] <= 140 else "C2"
    result = found(shop, tmp_path)
    assert {row["campaign"]: row["per_customer"] for row in result.table("campaigns")} == {"C1": 50, "C2": 2}
    assert not any("campaigns" in str(claim.values) for claim in result.claims)
    assert not any(claim.test for claim in result.claims)
