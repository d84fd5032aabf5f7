"""Repurchase by hand: window, first-time cohorts watched for 90 days, time to second, gaps.

covers: E1 E9
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.repurchase import Params, run
from keguan.analysis import Settings
from keguan.evidence.statistics.newcombe import newcombe
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 7, 15)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, as_of, Settings(min_n=min_n)), Params(**params))


def spring() -> Shop:
    """40 first buy on 10 January; 10 return after 54 days, 5 after 142, one on the same day only."""
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 1, 10), 10)
    for account in range(1, 11):
        shop.buy(account, date(2025, 3, 5), 20)
    for account in range(11, 16):
        shop.buy(account, date(2025, 6, 1), 20)
    shop.buy(16, date(2025, 1, 10), 5)
    return shop


def test_rates_by_hand(tmp_path: Path) -> None:
    result = found(spring(), tmp_path)
    window = result.table("window").records()[0]
    assert (window["customers"], window["returned"], window["rate"]) == (40, 16, 0.4)  # two orders: purchases
    assert (window["low"], window["high"]) == pytest.approx((0.2635, 0.5540), abs=5e-5)  # Wilson 16 / 40
    row = result.table("first_time").find({"cohort": "2025-01"})
    assert row is not None
    assert (row["customers"], row["returned"], row["rate"]) == (40, 10, 0.25)


def test_only_months_watched_for_ninety_full_days_count(tmp_path: Path) -> None:
    shop = spring()
    for account in range(101, 141):
        shop.buy(account, date(2025, 4, 2), 10)
    months = [row["cohort"] for row in found(shop, tmp_path, date(2025, 7, 28)).table("first_time")]
    assert months == ["2025-01"]  # 30 April + 90 days = 29 July
    months = [row["cohort"] for row in found(shop, tmp_path, date(2025, 7, 29)).table("first_time")]
    assert months == ["2025-01", "2025-04"]


def test_a_fully_returned_order_does_not_bring_a_customer_back(tmp_path: Path) -> None:
    shop = spring()
    order = shop.buy(40, date(2025, 2, 1), 10, product="X")
    shop.give_back(40, date(2025, 2, 9), 10, product="X", of=order)
    row = found(shop, tmp_path).table("first_time").find({"cohort": "2025-01"})
    assert row is not None
    assert row["returned"] == 10


def test_the_curve_censors_those_who_have_not_come_back(tmp_path: Path) -> None:
    result = found(spring(), tmp_path)
    curve = {row["day"]: row["returned"] for row in result.table("time_to_second")}
    assert (curve[50], curve[60], curve[140], max(curve)) == (0, 0.25, 0.25, 140)
    gaps = {row["from_day"]: row["gaps"] for row in result.table("gaps")}
    assert gaps == {49: 10, 140: 5}


def two_years(rate_before: float, rate_after: float) -> Shop:
    """60 first-time buyers a month for two years; some return after 20 days."""
    shop, account = Shop(), 0
    for place in range(24):
        first = date(2023 + place // 12, place % 12 + 1, 3)
        rate = rate_after if place >= 12 else rate_before
        for number in range(60):
            account += 1
            shop.buy(account, first, 10)
            if number < round(60 * rate):
                shop.buy(account, first + timedelta(days=20), 10)
    return shop


def test_a_fall_is_tested_against_the_same_months_a_year_before(tmp_path: Path) -> None:
    result = found(two_years(0.5, 0.3), tmp_path, date(2025, 1, 31))
    periods = {row["period"]: row for row in result.table("periods")}
    assert periods["recent"]["months"] == "2024-08 – 2024-10"
    assert periods["before"]["months"] == "2023-08 – 2023-10"
    change = result.table("change").records()[0]
    ends = newcombe(54, 180, 90, 180)
    assert ends is not None
    assert (change["difference"], change["low"], change["high"]) == pytest.approx((-0.2, *ends), abs=1e-6)
    claim = next(claim for claim in result.claims if claim.key == "repurchase/change")
    assert (claim.says, claim.summary) == ("fell", True)
    assert claim.test is not None
    assert claim.test.passed


def test_no_change_is_not_called_one(tmp_path: Path) -> None:
    result = found(two_years(0.4, 0.4), tmp_path, date(2025, 1, 31))
    claim = next(claim for claim in result.claims if claim.key == "repurchase/change")
    assert (claim.says, claim.summary, claim.money) == ("steady", False, 0)


def test_few_buyers_withhold_rates(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 6):
        shop.buy(account, date(2025, 1, 10), 10)
        shop.buy(account, date(2025, 2, 10), 10)
    result = found(shop, tmp_path)
    window = result.table("window").records()[0]
    assert (window["customers"], window["returned"], window["rate"]) == (5, 5, None)
    assert result.claims == ()
    assert {note.kind for note in result.notes} >= {"withheld"}
