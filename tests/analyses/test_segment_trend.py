"""Shares at period ends: each computed as of then; unfinished periods marked; drift only where a test finds it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.segment_trend import Params, period_ends, run
from keguan.analyses.segment_trend.drifts import drift_rows
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

FIRST = date(2022, 1, 1)


def found(shop: Shop, folder: Path, as_of: date, **params: Any) -> Result:
    return run(shop.inputs(folder, as_of, Settings()), Params(**params))


def growing() -> Shop:
    """Forty buy 100 in January 2024; from July on ten more each month buy 1000 in the south."""
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2024, 1, 1 + account % 20), 100)
    for month in range(7, 13):
        for account in range(10):
            shop.buy(1000 + month * 10 + account, date(2024, month, 15), 1000, region="广东")
    return shop


def test_the_last_eight_month_ends() -> None:
    """trap: 9; the as-of date closes the row and is marked where its month is not over."""
    ends = period_ends(date(2025, 6, 20), FIRST, Params())
    assert [end.day for end in ends][:2] == [date(2024, 11, 30), date(2024, 12, 31)]
    assert [end.day for end in ends][-2:] == [date(2025, 5, 31), date(2025, 6, 20)]
    assert [end.finished for end in ends] == [True] * 7 + [False]
    assert period_ends(date(2025, 6, 30), FIRST, Params())[-1].finished


def test_quarter_ends_and_whole_windows() -> None:
    ends = period_ends(date(2025, 5, 20), date(2023, 9, 30), Params(period="quarter"))
    assert [end.day for end in ends][-3:] == [date(2024, 12, 31), date(2025, 3, 31), date(2025, 5, 20)]
    assert not ends[-1].finished
    assert {end.day: end.whole for end in ends}[date(2024, 9, 30)]
    assert not {end.day: end.whole for end in ends}[date(2024, 6, 30)]
    assert period_ends(date(2025, 6, 30), FIRST, Params(period="quarter"))[-1].finished


def test_each_end_is_computed_as_of_then(tmp_path: Path) -> None:
    """covers: D11; trap: 2"""
    result = found(growing(), tmp_path, date(2024, 12, 31), segmentation="value_class")
    rows = {(row["day"], row["label"]): row for row in result.table("shares")}
    assert rows[date(2024, 6, 30), "普通价值"]["customers"] == 40  # all spent the mean
    assert rows[date(2024, 7, 31), "高价值"]["customers"] == 10  # mean (4000 + 10000) / 50 = 280
    assert rows[date(2024, 7, 31), "低价值"]["customers"] == 40
    assert rows[date(2024, 12, 31), "普通价值"]["customers"] == 60  # mean 64000 / 100 = 640
    assert rows[date(2024, 12, 31), "普通价值"]["share"] == pytest.approx(0.6)
    assert rows[date(2024, 12, 31), "普通价值"]["net_revenue"] == 60_000
    for day in {row["day"] for row in result.table("shares")}:
        shares = [row["share"] for row in result.table("shares") if row["day"] == day]
        assert sum(shares) == pytest.approx(1, abs=1e-5)  # trap: 8
    regions = {(row["day"], row["label"], row["region"]): row["customers"] for row in result.table("regions")}
    assert regions[date(2024, 12, 31), "普通价值", "广东"] == 60
    assert regions[date(2024, 12, 31), "低价值", "四川"] == 40


def test_windows_before_the_data_enter_no_test(tmp_path: Path) -> None:
    result = found(growing(), tmp_path, date(2024, 12, 31))
    assert not result.table("trends").records()
    assert not result.claims
    assert {note.kind for note in result.notes} == {"info", "withheld"}


def point(day: int, share: float, label: str = "A", **marks: Any) -> dict[str, Any]:
    return {
        "day": date(2025, 1, 31) + timedelta(days=30 * day), "label": label, "unfinished": False, "whole": True,
        "active_share": share, "revenue_share": None, "buying": 100_000, "of_customers": 100_000, **marks,
    }  # fmt: skip


def test_an_unfinished_period_is_never_compared() -> None:
    """trap: 9"""
    rows = [point(n, 0.10 + 0.01 * n + 0.002 * (n % 2)) for n in range(7)]
    whole = drift_rows(rows, [], 30)
    marked = drift_rows([*rows, point(7, 0.9, unfinished=True)], [], 30)
    assert whole == marked
    assert whole[0]["p"] < 0.01


def test_customers_who_are_gone_are_no_trend() -> None:
    """They pile up with the length of the history."""
    rows = [point(n, 0.10 + 0.05 * n, label="窗口内无订单") for n in range(8)]
    assert drift_rows(rows, [], 30) == []


def test_nothing_is_claimed_without_a_test(tmp_path: Path) -> None:
    result = found(growing(), tmp_path, date(2024, 12, 31))
    assert all(claim.test is not None for claim in result.claims)


def southern() -> Shop:
    """Two hundred in the west who all spend the same; from June on forty more a month in the south do."""
    shop = Shop()
    shop.buy(1, date(2023, 1, 5), 100)
    for account in range(1, 201):
        shop.buy(account, date(2024, 2, 1 + account % 28), 100)
    for month in range(6, 13):
        for account in range(40):
            shop.buy(month * 1000 + account, date(2024, month, 20), 100, region="广东")
    return shop


def test_a_drift_is_told_with_its_test(tmp_path: Path) -> None:
    """covers: D11"""
    result = found(southern(), tmp_path, date(2024, 12, 31), segmentation="value_class")
    row = result.table("trends").find({"label": "普通价值", "measure": "region", "region": "广东"})
    assert row is not None
    assert (row["first"], row["last"]) == (0, pytest.approx(280 / 480, abs=1e-6))
    assert row["q"] < 0.05
    claim = next(item for item in result.claims if item.key == "segment_trend/region/普通价值/广东")
    assert claim.says == "region_rose"
    assert claim.test is not None
    assert claim.test.corrected is not None
