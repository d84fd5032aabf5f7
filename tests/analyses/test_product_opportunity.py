"""Products by hand: bought again, refunds, growth, cycle, rating; a quadrant only after its tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.product_opportunity import Params, run
from keguan.analysis import Settings
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))


def two_products() -> Shop:
    """STAR: 40 buyers in 2024, 120 in 2025 of whom 60 again after 20 days. DULL: 100 buyers each year, none "
    "again; 30 returned."""
    shop = Shop()
    shop.buy(None, date(2024, 1, 2), 1, product=None)
    for account in range(1, 121):
        if account <= 40:
            shop.buy(account, date(2024, 3, 1), 100, product="STAR")
        shop.buy(account, date(2025, 3, 1), 100, product="STAR")
        if account <= 60:
            shop.buy(account, date(2025, 3, 21), 100, product="STAR")
    for account in range(201, 301):
        shop.buy(account, date(2024, 2, 1), 100, product="DULL")
        order = shop.buy(account, date(2025, 3, 1), 100, product="DULL")
        if account <= 230:
            shop.give_back(account, date(2025, 3, 9), 100, product="DULL", of=order)
    return shop


def rows_of(result: Result) -> dict[str, dict[str, Any]]:
    return {row["product_id"]: row for row in result.table("products")}


def test_figures_by_hand(tmp_path: Path) -> None:
    """covers: E2."""
    star, dull = (rows_of(found(two_products(), tmp_path))[name] for name in ("STAR", "DULL"))
    assert (star["customers"], star["repeat_share"], star["net_revenue"]) == (120, 0.5, 18000)
    ends = wilson(60, 120)
    assert ends is not None
    assert (star["repeat_low"], star["repeat_high"]) == pytest.approx(tuple(ends), abs=1e-6)
    assert (dull["refund_rate"], dull["lines"], dull["net_revenue"]) == (0.3, 100, 7000)
    assert (star["cycle"], star["gaps"]) == (20, 100)  # 40 of them also a gap of 365 days
    assert star["growth"] == pytest.approx(18000 / 4000 - 1)


def test_a_quadrant_needs_both_tests(tmp_path: Path) -> None:
    """covers: E2. trap: 15."""
    result = found(two_products(), tmp_path)
    rows = rows_of(result)
    assert rows["STAR"]["verdict"] == "star"
    assert rows["DULL"]["verdict"] == "fading"
    assert rows["DULL"]["refund_verdict"] == "above"
    claims = {claim.key: claim for claim in result.claims}
    assert set(claims) >= {"product_opportunity/star/STAR", "product_opportunity/refund/DULL"}
    assert claims["product_opportunity/star/STAR"].test is not None


def test_equal_products_get_no_verdict(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(None, date(2024, 1, 2), 1, product=None)
    for account in range(1, 101):
        for year in (2024, 2025):
            shop.buy(account, date(year, 3, 1), 100, product="A" if account <= 50 else "B")
    rows = rows_of(found(shop, tmp_path))
    assert {row["verdict"] for row in rows.values()} == {"plain"}
    assert {row["refund_verdict"] for row in rows.values()} == {"plain"}


def test_without_a_year_before_nothing_is_said_of_growth(tmp_path: Path) -> None:
    """trap: 9."""
    shop = Shop()
    for account in range(1, 81):
        shop.buy(account, date(2025, 11, 1), 100, product="A" if account <= 40 else "B")
    result = found(shop, tmp_path)
    assert {row["verdict"] for row in rows_of(result).values()} == {"untested"}
    assert any("去年同期" in note.says.zh for note in result.notes)


def test_the_mean_score_of_one_scale_with_its_interval(tmp_path: Path) -> None:
    """covers: E2. Twenty fives and twenty threes: mean 4, variance 40/39; NPS answers are not mixed in."""
    shop = two_products()
    for number in range(40):
        shop.add("feedback", kind="review", product_id="STAR", score=5 if number < 20 else 3, scale="csat5",
                 raised_at=datetime(2025, 5, 1) + timedelta(hours=number))  # fmt: skip
    shop.add(
        "feedback", kind="survey", product_id="STAR", score=10, scale="nps", raised_at=datetime(2025, 5, 1)
    )
    row = rows_of(found(shop, tmp_path))["STAR"]
    assert (row["answers"], row["rating"]) == (40, 4)
    assert row["rating_high"] - row["rating"] == pytest.approx(1.96 * (40 / 39 / 40) ** 0.5, abs=1e-3)


def test_few_buyers_withhold(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 11):
        shop.buy(account, date(2025, 11, 1), 100, product="A")
    result = found(shop, tmp_path)
    row = rows_of(result)["A"]
    assert (row["repeat_share"], row["refund_rate"], row["cycle"], row["rating"]) == (None, None, None, None)
    assert result.claims == ()
