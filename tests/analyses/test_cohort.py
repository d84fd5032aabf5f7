"""Cohorts by hand, and the search for the month since which second purchases changed.

covers: E9
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from keguan.analyses.cohort import Params, run
from keguan.core.period import add_months
from keguan.evidence.statistics.change_point import change_point
from shop import Shop


def test_retention_by_hand(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 1, 10), 10)
    for account in range(1, 11):
        shop.buy(account, date(2025, 3, 5), 20)
    order = shop.buy(11, date(2025, 2, 5), 30, product="P7")
    shop.give_back(11, date(2025, 2, 8), 30, product="P7", of=order)  # a later return takes no order away
    result = run(shop.inputs(tmp_path, date(2025, 3, 20)), Params())
    table = result.table("retention")
    names = [column.name for column in table.columns][:5]
    assert names == ["cohort", "month_index", "customers", "active", "rate"]
    assert [(r["month_index"], r["customers"], r["active"], r["rate"], r["complete"]) for r in table] == [
        (0, 40, 40, 1.0, True), (1, 40, 1, 0.025, True), (2, 40, 10, 0.25, False),
    ]  # fmt: skip
    money = [(r["net_revenue"], r["rate"]) for r in result.table("revenue")]
    assert money == [(400, 1.0), (0, 0.0), (200, 0.5)]


def test_a_small_cohort_keeps_its_counts_and_no_rate(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 1, 10), 10)
    result = run(shop.inputs(tmp_path, date(2025, 1, 31)), Params())
    row = result.table("retention").find({"cohort": "2025-01", "month_index": 0})
    assert row is not None
    assert (row["active"], row["rate"]) == (1, None)
    assert "withheld" in {note.kind for note in result.notes}


def test_second_purchases_only_of_fully_observed_cohorts(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 1, 10), 10, channel="APP")
    for account in range(1, 9):
        shop.buy(account, date(2025, 4, 10), 10)  # day 90 still counts
    shop.buy(9, date(2025, 4, 11), 10)  # day 91 does not
    shop.buy(10, date(2025, 1, 10), 10)  # a second order on the first day does
    for account in range(50, 60):
        shop.buy(account, date(2025, 2, 10), 10)  # March 31 + 90 days lies after the as-of day
    result = run(shop.inputs(tmp_path, date(2025, 5, 28)), Params())
    rows = result.table("second_purchase").records()
    assert [(r["cohort"], r["customers"], r["repeated"], r["rate"]) for r in rows] == [
        ("2025-01", 40, 9, 0.225)
    ]


def story(channel_change: bool, seed: int = 5) -> Shop:
    """24 cohorts of 80 customers on two channels; on APP 45 % come back, from 2025-01 on 20 %."""
    shop, rng = Shop(), random.Random(seed)
    account = 0
    for month in range(24):
        first = add_months(date(2023, 7, 1), month)
        for number in range(80):
            account += 1
            channel = "APP" if number % 2 else "官网"
            day = first + timedelta(days=rng.randrange(28))
            rate = 0.2 if channel_change and channel == "APP" and first >= date(2025, 1, 1) else 0.45
            shop.buy(account, day, 50, channel=channel)
            if rng.random() < rate:
                shop.buy(account, day + timedelta(days=rng.randrange(1, 80)), 50, channel=channel)
    return shop


def test_the_channel_that_loses_second_purchases_is_found(tmp_path: Path) -> None:
    result = run(story(True).inputs(tmp_path, date(2025, 9, 30)), Params())
    claims = [claim for claim in result.claims if claim.says == "second_fell"]
    assert [claim.labels["channel"][0] for claim in claims] == ["APP"]
    assert str(result.value(claims[0].values["since"])) in ("2024-11", "2024-12", "2025-01", "2025-02")
    assert claims[0].test is not None
    assert claims[0].test.passed
    assert claims[0].money > 0
    verdicts = {row["channel"]: row["verdict"] for row in result.table("second_purchase_change")}
    assert verdicts == {"APP": "显著减少", "官网": "无显著变化"}


def test_nothing_is_found_where_nothing_changed(tmp_path: Path) -> None:
    result = run(story(False).inputs(tmp_path, date(2025, 9, 30)), Params())
    assert not [claim for claim in result.claims if claim.says.startswith("second_")]


def test_the_search_rarely_finds_a_change_in_noise() -> None:
    """Under no change the permutation p is uniform: of 60 noise series about 3 fall under 5 %."""
    rng = random.Random(11)
    hits = 0
    for _ in range(60):
        trials = [rng.randrange(60, 120) for _ in range(18)]
        series = [sum(rng.random() < 0.3 for _ in range(n)) for n in trials]
        found = change_point(series, trials, permutations=199)
        assert found is not None
        hits += found.p <= 0.05
    assert hits <= 8


def test_the_break_is_where_the_rate_steps() -> None:
    found = change_point([40] * 10 + [10] * 5, [100] * 15)
    assert found is not None
    assert (found.index, found.hits_before, found.trials_after) == (10, 400, 500)
    assert found.z < 0
    assert found.p == pytest.approx(1 / 2000, abs=0.002)


def test_too_short_a_series_has_no_break() -> None:
    assert change_point([1, 2, 3], [50, 50, 50]) is None
    assert change_point([0] * 10, [50] * 10) is None
