"""Enquiries and suggestions by hand: who answers how fast, what becomes of suggestions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from keguan.analyses.enquiries import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, **params: Any) -> Result:
    result = run(shop.inputs(folder, AS_OF, Settings(min_n=30)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def ask(
    shop: Shop, day: date, days: int | None, status: str | None = None, kind: str = "enquiry", **more: Any
) -> None:
    at = datetime(day.year, day.month, day.day, 4)
    shop.add(
        "feedback", feedback_id=f"F{len(shop.records.get('feedback', []))}", kind=kind, raised_at=at,
        resolved_at=None if days is None else at + timedelta(days=days),
        status=status or ("open" if days is None else "solved"), **more,
    )  # fmt: skip


def test_units_are_compared_by_the_time_they_take(tmp_path: Path) -> None:
    """covers: F4. Unit A answers within 1 to 3 days, unit B within 5 to 9, and leaves every fourth unanswered."""
    shop = Shop()
    for number in range(160):
        slow = number % 2 == 1
        lost = slow and number % 8 == 1
        ask(shop, date(2025, 1, 3) + timedelta(days=number), 5 + number % 5 if slow else 1 + number % 3,
            "unsolved" if lost else "solved", unit="B" if slow else "A", topic="发票" if number % 3 else "退货")  # fmt: skip
    result = found(shop, tmp_path)
    units = {row["value"]: row for row in result.table("groups") if row["dimension"] == "unit"}
    assert (units["A"]["tickets"], units["A"]["within"], units["A"]["unsolved"]) == (80, 1.0, 0)
    assert (units["B"]["unsolved"], units["B"]["unsolved_share"]) == (20, 0.25)
    assert 0 < units["B"]["within"] < 0.6
    keys = {claim.key for claim in result.claims}
    assert keys >= {"enquiries/slow/unit/B", "enquiries/unsolved/unit/B", "enquiries/most/topic/发票"}
    most = next(claim for claim in result.claims if claim.key == "enquiries/most/topic/发票")
    assert most.n == 160


def test_suggestions_are_followed_up(tmp_path: Path) -> None:
    """covers: F4. Of 50: 20 adopted by status, 5 by their outcome, 10 refused by outcome though closed, 15 open."""
    shop = Shop()
    for number in range(50):
        outcome = {0: None, 1: None, 2: "已采纳，下季度上线", 3: "暂不采纳"}
        if number < 20:
            ask(shop, date(2025, 3, 1), 10, "solved", "suggestion", unit="产品部")
        elif number < 25:
            ask(shop, date(2025, 3, 1), 20, "unsolved", "suggestion", reason=outcome[2], unit="产品部")
        elif number < 35:
            ask(shop, date(2025, 3, 1), 30, "solved", "suggestion", reason=outcome[3], unit="产品部")
        else:
            ask(shop, date(2025, 3, 1), None, None, "suggestion", unit="产品部")
    result = found(shop, tmp_path, within_days=20)
    row = result.table("suggestions").find({"dimension": "all", "value": "全部"})
    assert row is not None
    ends = wilson(25, 50)
    assert ends is not None
    assert (row["suggestions"], row["closed"], row["answered"], row["adopted"], row["rate"]) == (
        50,
        35,
        0.7,
        25,
        0.5,
    )
    assert (row["low"], row["high"]) == (round(ends.low, 6), round(ends.high, 6))
    timed = result.table("summary").find({"kind": "suggestion"})
    assert timed is not None
    assert (timed["within"], timed["median"]) == (0.5, 20)  # an answer is one, adopted or not
    assert "enquiries/adopted" in {claim.key for claim in result.claims}


def test_words_of_adoption_are_parameters(tmp_path: Path) -> None:
    shop = Shop()
    for _ in range(30):
        ask(shop, date(2025, 3, 1), 10, "unsolved", "suggestion", reason="Shipped in v2")
    assert found(shop, tmp_path).table("suggestions").records()[0]["adopted"] == 0
    shipped = found(shop, tmp_path, adopted_words="shipped").table("suggestions").records()[0]
    assert shipped["adopted"] == 30


def test_few_enquiries_withhold_shares(tmp_path: Path) -> None:
    shop = Shop()
    for _ in range(5):
        ask(shop, date(2025, 3, 1), 2)
    result = found(shop, tmp_path)
    assert result.table("summary").records()[0]["within"] is None
    assert [note.kind for note in result.notes] == ["withheld"]
    assert [claim.key for claim in result.claims] == ["enquiries/volume/enquiry"]


def test_without_enquiries_it_says_so(tmp_path: Path) -> None:
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]
