"""Acquisition by hand: what converts in time, who is watched long enough, first orders, look-alikes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.acquisition import Params, run
from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)
START = datetime(2025, 3, 1)


def opened(shop: Shop, folder: Path, min_n: int = 30) -> PinnedInputs:
    return shop.inputs(folder, AS_OF, Settings(min_n=min_n))


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(opened(shop, folder, min_n), Params(**params))


def lead(shop: Shop, number: int, source: str, at: datetime = START, **more: Any) -> None:
    shop.add("leads", lead_id=f"L{number}", created_at=at, lead_source=source, **more)


def two_sources() -> Shop:
    """展会: 30 of 60 won after 30 days. 官网: 6 of 60 won, 10 more after 200 days. 20 leads of the last month."""
    shop = Shop()
    shop.buy(999, date(2025, 1, 1), 10)
    for number in range(120):
        fair = number < 60
        won = number < 30 or 60 <= number < 66
        late = 66 <= number < 76
        days = 30 if won else 200
        stage: dict[str, Any] = (
            {"stage": "赢单", "stage_at": START + timedelta(days=days)} if won or late else {"stage": "跟进"}
        )
        lead(shop, number, "展会" if fair else "官网", **stage)
    for number in range(200, 220):
        lead(shop, number, "展会", datetime(2025, 12, 10), stage="新建")
    return shop


def test_conversion_in_time_of_leads_watched_long_enough(tmp_path: Path) -> None:
    """covers: E14. trap: 9. The 20 leads of the last month and conversions after 90 days do not count."""
    result = found(two_sources(), tmp_path)
    row = result.table("total").records()[0]
    assert (row["leads"], row["converted"], row["share"]) == (120, 36, 0.3)
    ends = wilson(36, 120)
    assert ends is not None
    assert (row["low"], row["high"]) == pytest.approx(tuple(ends), abs=1e-6)
    fair = result.table("conversion").find({"dimension": "source", "value": "展会"})
    assert fair is not None
    assert (fair["leads"], fair["share"], fair["rest"], fair["verdict"]) == (60, 0.5, 0.1, "above")
    assert "acquisition/conversion/source/展会" in {claim.key for claim in result.claims}


def test_five_of_fifteen_is_no_winner(tmp_path: Path) -> None:
    """trap: 15. 5 of 15 (33.3 %) against 18 of 80 (22.5 %)."""
    shop = Shop()
    shop.buy(999, date(2025, 1, 1), 10)
    for number in range(95):
        won = number < 5 or 15 <= number < 33
        more: dict[str, Any] = {"stage": "won", "stage_at": START + timedelta(days=9)} if won else {}
        lead(shop, number, "甲" if number < 15 else "乙", **more)
    result = found(shop, tmp_path)
    rows = {row["value"]: row for row in result.table("conversion") if row["dimension"] == "source"}
    assert (rows["甲"]["converted"], rows["甲"]["share"], rows["甲"]["verdict"]) == (5, None, "untested")
    assert not {"above", "below"} & {claim.says for claim in result.claims}


def test_a_lead_of_a_customer_is_no_new_customer_and_an_order_converts(tmp_path: Path) -> None:
    """covers: E14."""
    shop = Shop()
    for number in range(1, 61):
        if number <= 20:
            shop.buy(number, date(2025, 2, 1), 10)  # before the lead: an existing customer
        elif number <= 40:
            shop.buy(number, date(2025, 3, 11), 10)  # ten days after it
        lead(shop, number, "展会", account_no=number)
    result = found(shop, tmp_path)
    row = result.table("total").records()[0]
    assert (row["leads"], row["converted"]) == (40, 20)
    wait = {row["day"]: row["share"] for row in result.table("wait") if row["origin"] == "lead"}
    assert (wait[7], wait[14]) == (0, 0.5)


def test_open_registrations_are_censored(tmp_path: Path) -> None:
    """covers: E14. 20 order after 10 days; 20 registered 5 days ago and have not: they say nothing about day 14."""
    shop = Shop()
    for number in range(1, 41):
        at = datetime(2025, 6, 1) if number <= 20 else datetime(2025, 12, 26)
        shop.customers.append({"customer_id": str(number), "account_no": number, "registered_at": at})
        if number <= 20:
            shop.buy(number, date(2025, 6, 11), 10)
    wait = {row["day"]: row["share"] for row in found(shop, tmp_path).table("wait")}
    assert (wait[7], wait[14]) == (0, 1)


def best_in_industry() -> Shop:
    """A-class customers are mostly of industry C39; one lead and one prospect are too."""
    shop = Shop()
    for number in range(1, 121):
        large = number <= 40
        shop.buy(number, date(2025, 5, 1), 1000 if large else 10)
        industry = "C39" if (number % 4 if large else number % 8 == 0) else "A01"
        shop.customers.append({"customer_id": str(number), "account_no": number, "industry_code": industry})
    shop.customers.append({"customer_id": "p", "account_no": 500, "industry_code": "C39"})
    shop.customers.append({"customer_id": "q", "account_no": 501, "industry_code": "A01"})
    lead(shop, 1, "展会", industry_code="C39", stage="跟进")
    lead(shop, 2, "展会", industry_code="A01", stage="跟进")
    lead(shop, 3, "展会", industry_code="C39", stage="输单", lost_reason="价格")
    return shop


def test_look_alikes_match_the_traits_of_the_best(tmp_path: Path) -> None:
    """covers: E14."""
    inputs = opened(best_in_industry(), tmp_path, 20)
    result = run(inputs, Params())
    trait = result.table("traits").records()[0]
    assert (trait["trait"], trait["value"], trait["verdict"]) == ("industry", "C39", "above")
    assert trait["tgi"] == pytest.approx(
        trait["share"] / ((trait["best"] + trait["rest"] * 80) / 120) * 100, abs=2
    )
    assert [row["lead_id"] for row in result.table("lookalikes")] == ["L1"]
    (relation,) = result.relations
    rows = inputs.query(relation.sql, **dict(relation.params)).to_pylist()
    assert [row["account_no"] for row in rows] == [500]
    assert any("不是转化概率" in note.says.zh for note in result.notes)


def test_nothing_to_go_by_says_what_to_import(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 5, 1), 10)
    assert found(shop, tmp_path).notes[0].kind == "missing"
