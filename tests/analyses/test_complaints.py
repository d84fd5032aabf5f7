"""Complaints by hand: states, time to solution with open ones censored, groups, trend of whole months."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.complaints import ANALYSIS, Params, run
from keguan.analyses.complaints.months import whole_months
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.result import Result
from received_complaints import received_complaints
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> Result:
    result = run(shop.inputs(folder, as_of, Settings(min_n=30)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def complain(shop: Shop, raised: date, days: int | None, status: str | None = None, **more: Any) -> None:
    """One complaint at noon, solved after some days; `days` None: not solved."""
    at = datetime(raised.year, raised.month, raised.day, 4)
    shop.add(
        "feedback", feedback_id=f"F{len(shop.records.get('feedback', []))}", kind="complaint", raised_at=at,
        resolved_at=None if days is None else at + timedelta(days=days),
        status=status or ("open" if days is None else "solved"), **more,
    )  # fmt: skip


def test_open_complaints_are_censored_not_left_out(tmp_path: Path) -> None:
    """covers: F3. 40 raised 40 days ago: 20 solved after 10 days, 10 after 20, 10 open; 10 more raised 5 days ago."""
    shop = Shop()
    for number in range(40):
        complain(shop, AS_OF - timedelta(days=40), 10 if number < 20 else 20 if number < 30 else None)
    for _ in range(10):
        complain(shop, AS_OF - timedelta(days=5), None)
    result = found(shop, tmp_path)
    row = result.table("summary").records()[0]
    assert (row["tickets"], row["solved"], row["open"], row["unsolved"]) == (50, 30, 20, 0)
    assert (row["within"], row["median"]) == (0.75, 10)  # not 30 of 50: ten were watched for five days only
    curve = {r["day"]: (r["waiting"], r["solved"]) for r in result.table("curve")}
    assert curve == {10: (40, 0.5)}  # 20 are left at day 20, fewer than 30


def test_a_later_solution_changes_nothing_before_it(tmp_path: Path) -> None:
    """trap: 12"""
    shop = Shop()
    for _ in range(40):
        complain(shop, date(2025, 5, 1), 20)
    row = found(shop, tmp_path, date(2025, 5, 10)).table("summary").records()[0]
    assert (row["solved"], row["open"], row["within"]) == (0, 40, None)


def two_units(slow: int) -> Shop:
    shop = Shop()
    for number in range(120):
        unit = "物流部" if number % 2 else "客服部"
        took = 3 + number % 5 + (slow if unit == "物流部" else 0)
        unsolved = unit == "物流部" and number % 3 == 0
        complain(
            shop, date(2024, 9, 1) + timedelta(days=number * 2), took, "unsolved" if unsolved else "solved",
            unit=unit, representative="王芳" if number % 4 else None, account_no=number % 20 + 1,
            reason="超出保修期" if unsolved else None,
        )  # fmt: skip
    return shop


def test_the_slow_unit_and_the_one_that_leaves_unsolved_are_named_after_a_test(tmp_path: Path) -> None:
    """covers: F3"""
    result = found(two_units(10), tmp_path)
    keys = {claim.key: claim for claim in result.claims}
    assert keys["complaints/slow/unit/物流部"].test is not None
    claim = keys["complaints/unsolved/unit/物流部"]
    assert claim.n == 60
    row = result.table("groups").find({"dimension": "unit", "value": "物流部"})
    assert row is not None
    assert (row["unsolved"], row["unsolved_share"]) == (20, pytest.approx(1 / 3, abs=1e-6))
    assert row["unsolved_difference"] == pytest.approx(1 / 3, abs=1e-6)
    assert row["speed_q"] < 0.001
    reasons = result.table("reasons").find({"state": "unsolved", "reason": "超出保修期"})
    assert reasons is not None
    assert reasons["tickets"] == 20
    assert "complaints/slow/unit/客服部" not in keys


def test_equal_units_are_not_called_different(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(120):
        complain(shop, date(2025, 1, 1) + timedelta(days=number), 3 + number % 7, unit=f"U{number % 2}")
    keys = {claim.key for claim in found(shop, tmp_path).claims}
    assert not any("/slow/" in key or "/unsolved/" in key for key in keys)


def monthly(counts: list[int]) -> Shop:
    shop = Shop()
    for place, count in enumerate(counts):
        for number in range(count):
            complain(
                shop,
                date(2024 + place // 12, place % 12 + 1, 1 + number % 28),
                2,
                topic="质量" if place > 9 else "物流",
            )
    return shop


def test_an_unfinished_month_is_not_compared(tmp_path: Path) -> None:
    """trap: 9. Complaints rise from month to month; the last month has had ten days."""
    shop = monthly([10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 2])
    result = found(shop, tmp_path, date(2025, 1, 10))
    months = result.table("months").records()
    assert [row["unfinished"] for row in months] == [False] * 12 + [True]
    trend = result.table("trend").records()[0]
    assert (trend["to_month"], trend["months"], trend["slope"]) == ("2024-12", 12, 2)
    assert next(c for c in result.claims if c.key == "complaints/trend").says == "rises"
    assert list(whole_months(date(2024, 1, 2), date(2024, 3, 30))) == [2024 * 12 + 1]


def test_a_shift_between_types_is_dated(tmp_path: Path) -> None:
    shop = monthly([20] * 15)
    result = found(shop, tmp_path, date(2025, 3, 31))
    row = result.table("changes").find({"dimension": "topic", "value": "质量"})
    assert row is not None
    assert (row["since"], row["before"], row["after"]) == ("2024-11", 0, 1)


def test_few_complaints_withhold_shares(tmp_path: Path) -> None:
    shop = Shop()
    for _ in range(5):
        complain(shop, date(2025, 5, 1), 3)
    result = found(shop, tmp_path)
    row = result.table("summary").records()[0]
    assert (row["tickets"], row["within"], row["unsolved_share"]) == (5, None, None)
    assert {note.kind for note in result.notes} >= {"withheld", "missing"}


def test_rows_without_states_say_what_to_import(tmp_path: Path) -> None:
    shop = Shop()
    for _ in range(40):
        shop.add("feedback", kind="complaint", raised_at=datetime(2025, 5, 1))
    result = found(shop, tmp_path)
    row = result.table("summary").records()[0]
    assert (row["unknown"], row["open"], row["within"]) == (40, 0, None)
    assert any("导入" in note.says.zh for note in result.notes)


def test_published_complaints_without_customers_or_orders(tmp_path: Path, data_sets: Path) -> None:
    """covers: F3. 6,623 complaints of 2015 to 2020, no customer id and not one order."""
    path = data_sets / "cfpb_complaints" / "complaints_sample.csv.gz"
    if not path.exists():
        pytest.skip(f"no {path}")
    result = found(received_complaints(path), tmp_path, date(2020, 3, 19), window_months=60)
    row = result.table("summary").records()[0]
    assert row["customers"] == 0
    assert row["judged"] == row["tickets"] > 6000
    assert 0.9 < row["in_time"] < 1
    # Most are solved at an unknown time: what is left is no sample of times.
    assert (row["within"], row["median"]) == (None, None)
    assert row["untimed"] > 5000
    assert any("没有客户编号" in note.says.zh for note in result.notes)
    changed = {(r["dimension"], r["value"]) for r in result.table("changes") if r["q"] <= 0.05}
    assert ("topic", "Incorrect information on your report") in changed
    assert {claim.key for claim in result.claims} >= {"complaints/in_time", "complaints/trend"}
