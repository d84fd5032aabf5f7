"""The bridge adds up; the mix is apart; both worked by hand.

covers: E13
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from keguan.analyses.revenue_bridge import Params, run
from keguan.analysis import Settings
from keguan.evidence.statistics.revenue_drivers import SegmentPair, revenue_drivers
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)


def bridge(shop: Shop, folder: Path, min_n: int = 30, **params: object) -> Result:
    return run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))


def small() -> Shop:
    """One customer of every part; periods are the calendar years 2024 and 2025."""
    shop = Shop()
    shop.buy(4, date(2023, 6, 1), 70)  # reactivated: before both periods
    shop.buy(4, date(2025, 6, 1), 80)
    shop.buy(1, date(2024, 1, 1), 100)  # retained, up by 50
    shop.buy(1, date(2025, 1, 1), 150)
    shop.buy(2, date(2024, 5, 1), 100)  # retained, down by 60
    shop.buy(2, date(2025, 5, 1), 40)
    shop.buy(3, date(2024, 7, 1), 30)  # lost
    shop.buy(5, date(2025, 7, 1), 20)  # new
    order = shop.buy(6, date(2023, 12, 30), 500, product="P9")  # only gives back in 2024
    shop.give_back(6, date(2024, 1, 3), 500, product="P9", of=order)
    shop.buy(None, date(2024, 2, 1), 10)
    shop.buy(None, date(2025, 2, 1), 25)
    return shop


def test_every_part_by_hand(tmp_path: Path) -> None:
    result = bridge(small(), tmp_path, months=12)
    amounts = {row["part"]: row["amount"] for row in result.table("bridge")}
    assert amounts == {
        "previous": -260,  # 100 + 100 + 30 - 500 + guests 10
        "new": 20, "reactivated": 80, "retained_up": 50, "retained_down": -60, "lost": -30,
        "returns_only": 500, "guests": 15,
        "current": 315,
    }  # fmt: skip
    parts = sum(amount for part, amount in amounts.items() if part not in ("previous", "current"))
    assert amounts["previous"] + parts == amounts["current"]
    customers = {row["part"]: row["customers"] for row in result.table("bridge")}
    assert (customers["previous"], customers["current"], customers["new"]) == (3, 4, 1)


def test_drivers_add_up_to_the_change_of_identified_customers(tmp_path: Path) -> None:
    result = bridge(small(), tmp_path, months=12)
    amounts = {row["driver"]: row["amount"] for row in result.table("drivers")}
    total = amounts.pop("total")
    assert total == 560  # 290 - (-270)
    assert abs(sum(amounts.values()) - total) < Decimal("0.001")


def test_a_total_can_fall_while_every_segment_rises(tmp_path: Path) -> None:
    """trap: 19. 2024: 40 customers of 官网 at 100, 40 of APP at 20: mean 60. 2025: 40 at 110, and 160 of APP at 22.

    Mean 2025 = (40 * 110 + 160 * 22) / 200 = 39.6: it falls although both groups rise by 10 %.
    """
    shop = Shop()
    for account in range(1, 81):
        channel, amount = ("官网", 100) if account <= 40 else ("APP", 20)
        shop.buy(account, date(2024, 1, 2), amount, channel=channel)
    for account in range(1, 201):
        channel, amount = ("官网", 110) if account <= 40 else ("APP", 22)
        shop.buy(account, date(2025, 3, 1), amount, channel=channel)
    result = bridge(shop, tmp_path, months=6, against="last_year")
    assert not result.claims  # nothing was bought in the second half of either year
    result = run(shop.inputs(tmp_path, date(2025, 6, 30)), Params(months=6, against="last_year"))
    total = result.table("segments").find({"segment": "*"})
    assert total is not None
    assert (total["base_per_customer"], total["per_customer"]) == (60, Decimal("39.6"))
    parts = {row["segment"]: row for row in result.table("segments").records() if row["segment"] != "*"}
    assert {name: (row["base_per_customer"], row["per_customer"]) for name, row in parts.items()} == {
        "官网": (100, 110), "APP": (20, 22),
    }  # fmt: skip
    claim = next(claim for claim in result.claims if claim.says == "fall_by_mix")
    assert result.value(claim.values["mix"]) == total["mix"]
    # Shares of 官网 went from 0.5 to 0.2; middle size 140; groups' middle spends 105 and 21, mean 49.8:
    # mix = 140 * (-0.3 * (105 - 49.8) + 0.3 * (21 - 49.8)) = 140 * -0.3 * 84 = -3528.
    assert total["mix"] == Decimal(-3528)


def test_the_mix_is_zero_when_shares_stay() -> None:
    pairs = [SegmentPair("a", 10, 20, 10, 40, 100.0, 400.0), SegmentPair("b", 30, 60, 30, 60, 300.0, 600.0)]
    found = revenue_drivers(pairs)
    assert found is not None
    assert found.mix == pytest.approx(0)
    assert found.customers + found.frequency + found.value + found.mix == pytest.approx(600)


def test_a_segment_that_appears_is_mix_alone() -> None:
    pairs = [SegmentPair("a", 10, 10, 10, 10, 100.0, 100.0), SegmentPair("b", 0, 10, 0, 10, 0.0, 500.0)]
    found = revenue_drivers(pairs)
    assert found is not None
    assert (found.frequency, found.value) == (0, 0)
    assert found.customers + found.mix == pytest.approx(500)


def test_a_period_is_the_longest_that_fits_twice(tmp_path: Path) -> None:
    shop = Shop()
    for month in range(1, 13):
        shop.buy(month % 3 + 1, date(2025, month, 1), 10)
    periods = {row["period"]: (row["first"], row["last"]) for row in bridge(shop, tmp_path).table("periods")}
    assert periods["current"] == (date(2025, 7, 1), AS_OF)
    assert periods["previous"] == (date(2025, 1, 1), date(2025, 6, 30))


def test_too_short_data_say_so(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 12, 20), 10)
    result = bridge(shop, tmp_path)
    assert not result.tables
    assert [note.kind for note in result.notes] == ["missing"]


def test_the_sentence_of_the_parts_leaves_none_out(tmp_path: Path) -> None:
    result = bridge(small(), tmp_path, months=12)
    claim = next(claim for claim in result.claims if claim.key == "revenue_bridge/movement")
    assert claim.says == "movement/reactivated/returns_only/guests"
    values = {name: result.value(value) for name, value in claim.values.items()}
    assert values.pop("total") == sum(values.values()) == 575  # 315 - (-260)


def test_a_part_of_nothing_is_not_said(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2024, 1, 2), 10)
        shop.buy(account, date(2025, 3, 1), 12)
    result = bridge(shop, tmp_path, months=12)
    said = {claim.key: claim for claim in result.claims}
    assert said["revenue_bridge/movement"].says == "movement"
    assert set(said["revenue_bridge/movement"].values) == {
        "total",
        "new",
        "retained_up",
        "retained_down",
        "lost",
    }
    drivers = said["revenue_bridge/drivers"]
    parts = {name: result.value(value) for name, value in drivers.values.items()}
    assert drivers.says == "drivers"  # one group, no returns alone
    assert parts.pop("total") == sum(parts.values()) == 80
