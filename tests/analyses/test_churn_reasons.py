"""Stated reasons by hand: base of respondents, who counts, where they went."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.churn_reasons import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, **params: Any) -> Result:
    result = run(shop.inputs(folder, AS_OF, Settings()), Params(**params))
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


def told(
    shop: Shop,
    account: int | None,
    reason: str,
    number: int = 0,
    kind: str = "interview",
    survey: str | None = None,
) -> None:
    shop.add("feedback", feedback_id=f"{account}-{number}-{reason}", account_no=account, kind=kind, reason=reason,
             survey_id=survey, raised_at=datetime(2025, 6, 1, 9))  # fmt: skip


def contracts() -> Shop:
    """100 churned contracts, 60 of whose holders said why: 30 price, 20 a competitor, 10 no need; one gave two reasons."""
    shop = Shop()
    for account in range(1, 101):
        shop.add("subscriptions", account_no=account, plan="甲", tenure_months=5, churned=True)
    for account in range(1, 61):
        reason = "价格太贵" if account <= 30 else "换了竞品" if account <= 50 else "不再需要"
        told(shop, account, reason)
    told(shop, 1, "换了竞品", 1)
    told(shop, 1, "价格太贵", 2)  # said twice, counted once
    shop.add("subscriptions", account_no=200, plan="甲", tenure_months=5, churned=False)
    told(shop, 200, "价格太贵")
    told(shop, None, "价格太贵")
    told(shop, 70, "价格太贵", kind="complaint")  # an outcome of a complaint, not a reason to leave
    return shop


def test_the_base_is_respondents(tmp_path: Path) -> None:
    """trap: 17. covers: H3. 60 of 100 answered; shares are of the 60."""
    result = found(contracts(), tmp_path)
    rows = {row["reason"]: row for row in result.table("reasons")}
    assert {name: (row["named"], row["respondents"]) for name, row in rows.items()} == {
        "价格太贵": (30, 60), "换了竞品": (21, 60), "不再需要": (10, 60),
    }  # fmt: skip
    ends = wilson(30, 60)
    assert ends is not None
    assert (rows["价格太贵"]["low"], rows["价格太贵"]["high"]) == pytest.approx(
        (ends.low, ends.high), abs=1e-6
    )
    asked = result.table("respondents").records()[0]
    assert (asked["left"], asked["respondents"], asked["others"], asked["unlinked"]) == (100, 60, 1, 1)
    assert "受访者" in result.claims[0].base.zh
    assert "客户" not in ANALYSIS.text["reason"].zh


def test_to_a_competitor_or_ended(tmp_path: Path) -> None:
    """covers: H3."""
    result = found(contracts(), tmp_path)
    went = {row["went"]: row["named"] for row in result.table("went")}
    assert went == {"competitor": 21, "ended": 10, "other": 30}
    assert any(claim.says == "where" for claim in result.claims)
    other = found(contracts(), tmp_path, competitor="太贵")
    assert {row["went"]: row["named"] for row in other.table("went")}["competitor"] == 30


def test_a_survey_of_those_who_left(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(35):
        told(shop, None, "停业", number, "survey", "EXIT")
    assert found(shop, tmp_path).tables == ()
    assert found(shop, tmp_path, surveys="exit").table("reasons").records()[0]["named"] == 35


def test_reasons_of_lost_leads_have_their_own_base(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(40):
        shop.add("leads", lead_id=str(number), created_at=datetime(2025, 1, 1), stage="输单", stage_at=datetime(2025, 2, 1),
                 lost_reason="价格" if number < 25 else None)  # fmt: skip
    row = found(shop, tmp_path).table("reasons").records()[0]
    assert (row["source"], row["named"], row["respondents"], row["share"]) == ("leads", 25, 25, None)


def test_without_reasons_it_says_what_to_import(tmp_path: Path) -> None:
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]
