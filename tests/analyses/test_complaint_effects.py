"""What follows a complaint, by hand: landmark, customers alike, rates that only differ by who complained."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.complaint_effects import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)
RAISED = date(2025, 1, 10)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> Result:
    result = run(shop.inputs(folder, as_of, Settings(min_n=30)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def complain(shop: Shop, account: int, day: date = RAISED, days: int | None = None) -> None:
    at = datetime(day.year, day.month, day.day, 4)
    shop.add(
        "feedback", feedback_id=f"F{account}", kind="complaint", account_no=account, raised_at=at,
        resolved_at=None if days is None else at + timedelta(days=days), status="open" if days is None else "solved",
    )  # fmt: skip


def alike(back_unsolved: int, back_solved: int, back_none: int) -> Shop:
    """Three groups of 50 with the same purchases before; some of each buy 60 days after 10 January."""
    shop = Shop()
    for group, back in enumerate((back_unsolved, back_solved, back_none)):
        for number in range(50):
            account = group * 100 + number + 1
            shop.buy(account, date(2024, 12, 20), 100)
            if group < 2:
                complain(shop, account, days=None if group == 0 else 5)
            if number < back:
                shop.buy(account, RAISED + timedelta(days=60), 100)
    return shop


def test_unsolved_complaints_precede_fewer_purchases(tmp_path: Path) -> None:
    """covers: F7"""
    result = found(alike(10, 30, 35), tmp_path)
    groups = {row["complaint_group"]: row for row in result.table("groups")}
    assert [(groups[g]["customers"], groups[g]["rate"]) for g in ("unsolved", "solved", "none")] == [
        (50, 0.2), (50, 0.6), (50, 0.7)
    ]  # fmt: skip
    assert groups["unsolved"]["lost"] == 0.8
    row = result.table("compared").find({"first": "unsolved", "second": "solved"})
    assert row is not None
    assert (row["difference"], row["n"], row["other_n"]) == (-0.4, 50, 50)
    half = 1.959964 * (0.2 * 0.8 / 50 + 0.6 * 0.4 / 50) ** 0.5
    assert (row["low"], row["high"]) == pytest.approx((-0.4 - half, -0.4 + half), abs=1e-5)
    claims = {claim.key: claim for claim in result.claims}
    assert claims["complaint_effects/unsolved/solved"].says == "below"
    assert claims["complaint_effects/solved/none"].says == "same"
    assert "不说明原因" in ANALYSIS.text["below"].zh
    assert "not a cause" in ANALYSIS.text["below"].en


def test_customers_are_compared_with_those_alike_on_the_day_raised(tmp_path: Path) -> None:
    """trap: 13. Rare buyers seldom come back, complaint or not; most unsolved complaints are theirs. Their state on the
    day raised is used, not that of today, and the difference is gone."""
    shop = Shop()
    for number in range(240):
        account, rare = number + 1, number % 2 == 0
        shop.buy(account, date(2024, 3, 1), 100)
        for day in () if rare else (date(2024, 9, 3), date(2024, 11, 25), date(2024, 12, 28)):
            shop.buy(account, day, 100)
        unsolved = number % 8 < (7 if rare else 2) and (rare or number % 8 < 4)
        complain(shop, account, days=None if unsolved else 5)
        if (number // 8) % 10 < (2 if rare else 8):
            shop.buy(account, RAISED + timedelta(days=45), 100)
    result = found(shop, tmp_path)
    groups = {
        row["complaint_group"]: row["rate"] for row in result.table("groups") if row["rate"] is not None
    }
    assert groups["solved"] - groups["unsolved"] > 0.2  # as they are, they look far apart
    compared = result.table("compared").find({"first": "unsolved", "second": "solved"})
    if compared is None:  # every rare buyer's complaint is unsolved: nobody alike
        pytest.fail("no customers alike")
    assert compared["difference"] == pytest.approx(0, abs=0.02)
    assert next(c for c in result.claims if c.key == "complaint_effects/unsolved/solved").says == "same"


def test_what_is_solved_after_the_landmark_counts_as_unsolved(tmp_path: Path) -> None:
    """Whoever stays long enough gets an answer some day: the group is that of day 30."""
    shop = Shop()
    for account in range(1, 61):
        shop.buy(account, date(2024, 12, 20), 100)
        complain(shop, account, days=31 if account <= 30 else 30)
    groups = {row["complaint_group"]: row["customers"] for row in found(shop, tmp_path).table("groups")}
    assert groups == {"unsolved": 30, "solved": 30, "none": 0}


def test_complaints_not_observed_long_enough_are_left_out(tmp_path: Path) -> None:
    """trap: 9. 30 days to the landmark and 90 from there: 10 January + 120 days = 10 May."""
    shop = alike(10, 30, 35)
    assert len(found(shop, tmp_path, date(2025, 5, 9)).table("groups").rows) == 0
    assert len(found(shop, tmp_path, date(2025, 5, 10)).table("groups").rows) == 3


def test_the_rate_without_a_complaint_stands_beside(tmp_path: Path) -> None:
    """trap: 14. A rate of return is read beside the natural one: customers alike who never complained."""
    result = found(alike(10, 30, 35), tmp_path)
    row = result.table("compared").find({"first": "unsolved", "second": "none"})
    assert row is not None
    assert (row["risk"], row["other"]) == (0.2, 0.7)


def test_few_complaints_are_not_compared(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 11):
        shop.buy(account, date(2024, 12, 20), 100)
        complain(shop, account)
    result = found(shop, tmp_path)
    assert result.claims == ()
    assert [note.kind for note in result.notes] == ["withheld"]
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]
