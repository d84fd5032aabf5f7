"""Promotion by hand: which orders are on promotion, shares, customers who buy on promotion only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.promotion import Params, run
from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)


def opened(shop: Shop, folder: Path, min_n: int = 30) -> PinnedInputs:
    return shop.inputs(folder, AS_OF, Settings(min_n=min_n))


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(opened(shop, folder, min_n), Params(**params))


def sell(shop: Shop, account: int, day: date, amount: float, **offer: Any) -> None:
    shop.buy(account, day, amount)
    if "line" in offer:
        shop.lines[-1]["discount"] = offer.pop("line")
    shop.orders[-1].update(offer)


def year_before(shop: Shop, promoted: int = 0, customers: int = 100) -> None:
    sell(shop, 999, date(2024, 1, 1), 0.01)
    for account in range(1, customers + 1):
        sell(shop, account, date(2024, 6, 1), 10, coupon="X" if account <= promoted else None)


def test_an_order_has_one_kind_and_the_money_taken_off(tmp_path: Path) -> None:
    """covers: E11. trap: 8. Campaign before coupon before discount; shares add up."""
    shop = Shop()
    year_before(shop)
    day = date(2025, 6, 1)
    for account in range(40):
        sell(shop, account + 1, day, 80, campaign_id="C1", coupon="满减", discount=20)
        sell(shop, account + 1, day + timedelta(days=9), 50, coupon="满减")
        sell(shop, account + 1, day + timedelta(days=19), 90, line=10, discount=10)
        sell(shop, account + 1, day + timedelta(days=29), 100)
    rows = {row["kind"]: row for row in found(shop, tmp_path).table("kinds")}
    assert {kind: row["orders"] for kind, row in rows.items()} == {
        "campaign": 40,
        "coupon": 40,
        "discount": 40,
        "none": 40,
    }
    assert rows["campaign"]["depth"] == 0.2
    assert (rows["discount"]["taken_off"], rows["discount"]["depth"]) == (400, 0.1)
    assert rows["none"]["value"] == 100
    assert sum(row["revenue_share"] for row in rows.values()) == pytest.approx(1, abs=1e-6)


def test_nothing_is_attributed_to_promotion(tmp_path: Path) -> None:
    """trap: 7. The page says that there is no control group, and no sentence calls promotion a cause."""
    shop = Shop()
    year_before(shop)
    for account in range(1, 101):
        sell(
            shop,
            account,
            date(2025, 6, 1),
            200 if account <= 50 else 100,
            coupon="X" if account <= 50 else None,
        )
    result = found(shop, tmp_path)
    assert any("无对照，不能归因" in note.says.zh for note in result.notes)
    value = next(claim for claim in result.claims if claim.says == "value")
    assert (value.strength, value.summary, value.test) == ("estimate", False, None)
    row = result.table("value").records()[0]
    assert (row["promoted"], row["plain"]) == (200, 100)


def test_a_share_that_rose_is_tested(tmp_path: Path) -> None:
    """trap: 9. 20 of 100 a year before, 60 of 100 now."""
    shop = Shop()
    year_before(shop, 20)
    for account in range(1, 101):
        sell(shop, account, date(2025, 6, 1), 10, coupon="X" if account <= 60 else None)
    result = found(shop, tmp_path)
    row = result.table("change").records()[0]
    assert (row["share"], row["verdict"]) == (0.6, "显著增加")
    assert row["before"] == pytest.approx(0.2, abs=1e-4)
    assert "share_up" in {claim.says for claim in result.claims}


def test_customers_on_promotion_only_against_chance(tmp_path: Path) -> None:
    """covers: E11. Of 100 with two orders 40 bought on promotion only and 60 never: a share of .4 would give 16."""
    shop = Shop()
    year_before(shop)
    for account in range(1, 101):
        for day in (date(2025, 6, 1), date(2025, 7, 1)):
            sell(shop, account, day, 10, coupon="X" if account <= 40 else None)
    inputs = opened(shop, tmp_path)
    result = run(inputs, Params())
    row = result.table("customers").find({"promotion_use": "only"})
    assert row is not None
    assert (row["repeaters"], row["share"]) == (40, 0.4)
    assert row["expected"] == pytest.approx(16, abs=1e-6)
    assert "only" in {claim.says for claim in result.claims}
    (relation,) = result.relations
    labels = inputs.query(
        f"SELECT label, count(*) AS n FROM ({relation.sql}) r GROUP BY label", **dict(relation.params)
    )
    assert {r["label"]: r["n"] for r in labels.to_pylist()} == {"only": 40, "never": 60}


def test_chance_alone_names_nobody(tmp_path: Path) -> None:
    """Two orders each, every second on promotion by turns of four: 25 of 100 only, as .5 * .5 would give."""
    shop = Shop()
    year_before(shop)
    for account in range(100):
        for place, day in enumerate((date(2025, 6, 1), date(2025, 7, 1))):
            sell(shop, account + 1, day, 10, coupon="X" if (account >> place) & 1 else None)
    result = found(shop, tmp_path)
    row = result.table("customers").find({"promotion_use": "only"})
    assert row is not None
    assert (row["repeaters"], row["expected"]) == (25, 25)
    assert "only" not in {claim.says for claim in result.claims}


def test_segments_are_those_before_the_period(tmp_path: Path) -> None:
    """trap: 13."""
    shop = Shop()
    year_before(shop, customers=60)
    for account in range(1, 101):
        sell(shop, account, date(2025, 6, 1), 10, coupon="X" if account > 60 else None)
    row = found(shop, tmp_path).table("segments").find({"segment": "当时尚未购买"})
    assert row is not None
    assert (row["customers"], row["promoted"], row["verdict"]) == (40, 40, "above")


def test_many_orders_are_no_inclination_to_promotions(tmp_path: Path) -> None:
    """Half of all orders are on promotion, whoever places them; 60 customers order eight times, 60 others once."""
    shop = Shop()
    year_before(shop, customers=60)
    for account in range(1, 121):
        for step in range(8 if account <= 60 else 1):
            sell(shop, account, date(2025, 6, 1 + step), 10, coupon="X" if (account + step) % 2 else None)
    rows = found(shop, tmp_path).table("segments").records()
    assert sum(row["customers"] for row in rows) == 120
    assert {row["share"] for row in rows if row["share"] is not None} == {0.5}
    assert "above" not in {row["verdict"] for row in rows}


def test_orders_without_offers_say_so(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 6, 1), 10)
    result = found(shop, tmp_path)
    assert result.tables == ()
    assert "优惠" in result.notes[0].says.zh
