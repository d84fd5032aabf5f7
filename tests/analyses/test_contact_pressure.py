"""Contacts by hand: ISO weeks across the year's end, several units, doses and what came after, unsubscribing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.contact_pressure import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.evidence.statistics.cochran_armitage import cochran_armitage
from keguan.marts.contact_weeks import week_name, week_of
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 29)  # a Sunday


def found(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> Result:
    result = run(shop.inputs(folder, as_of, Settings(min_n=30)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def contact(shop: Shop, account: int | None, day: date, unit: str | None = "市场部", outcome: str | None = "delivered",
            **more: Any) -> None:  # fmt: skip
    number = len(shop.records.get("contacts", []))
    shop.add("contacts", contact_id=f"T{number}", account_no=account, unit=unit, outcome=outcome,
             contacted_at=datetime(day.year, day.month, day.day, 4), **more)  # fmt: skip


@pytest.mark.parametrize(
    "day", [date(2020, 12, 31), date(2021, 1, 3), date(2021, 1, 4), date(2024, 12, 30), date(2025, 1, 5)]
)
def test_a_week_is_that_of_the_iso_calendar(day: date) -> None:
    year, number, _ = day.isocalendar()
    assert week_name(week_of(day)) == f"{year}-W{number:02d}"


def test_several_units_in_one_week_across_the_years_end(tmp_path: Path) -> None:
    """covers: F5. Monday 30 December and Sunday 5 January are one week; Sunday and the Monday after are two."""
    shop = Shop()
    for account in range(1, 41):
        contact(shop, account, date(2024, 12, 30), "市场部")
        contact(shop, account, date(2025, 1, 5) if account <= 10 else date(2025, 1, 6), "客服部")
        contact(shop, account, date(2025, 2, 3), "销售部")
        contact(shop, account, date(2025, 2, 4), "销售部")  # twice by one unit: one unit
    result = found(shop, tmp_path)
    row = result.table("summary").records()[0]
    assert (row["customers"], row["contacts"], row["several"], row["share"]) == (40, 160, 10, 0.25)
    weeks = {r["week"]: (r["customers"], r["several"]) for r in result.table("weeks")}
    assert weeks == {"2025-W01": (40, 10), "2025-W02": (30, 0), "2025-W06": (40, 0)}
    pairs = result.table("pairs").records()
    assert [(r["first"], r["second"], r["weeks"]) for r in pairs] == [("客服部", "市场部", 10)]
    assert "contact_pressure/several" in {claim.key for claim in result.claims}


def test_unfinished_weeks_and_months_are_marked(tmp_path: Path) -> None:
    """trap: 9"""
    shop = Shop()
    for number in range(120):
        for account in range(1, 4):
            contact(shop, account, date(2025, 2, 28) + timedelta(days=number))
    result = found(shop, tmp_path, date(2025, 6, 27))  # a Friday
    weeks = {row["week"]: row["unfinished"] for row in result.table("weeks")}
    assert (weeks["2025-W09"], weeks["2025-W10"], weeks["2025-W25"], weeks["2025-W26"]) == (
        True,
        False,
        False,
        True,
    )
    months = {row["month"]: row["unfinished"] for row in result.table("months")}
    assert months == {"2025-02": True, "2025-03": False, "2025-04": False, "2025-05": False, "2025-06": True}


def doses() -> Shop:
    """Contacts of April and May; purchases in June rise with their number, complaints do not."""
    shop = Shop()
    for account in range(1, 201):
        shop.buy(account, date(2025, 1, 5), 10)
        number = (0, 1, 2, 4, 6)[account % 5]
        for place in range(number):
            contact(shop, account, date(2025, 4, 1) + timedelta(days=7 * place))
        if account // 5 % 10 < number + 2:
            shop.buy(account, date(2025, 6, 10), 10)
        if account // 5 % 10 < 3:
            shop.add("feedback", feedback_id=f"F{account}", kind="complaint", account_no=account,
                     raised_at=datetime(2025, 6, 12))  # fmt: skip
    return shop


def test_the_trend_with_the_number_of_contacts_is_tested_and_no_effect(tmp_path: Path) -> None:
    """covers: F5"""
    result = found(doses(), tmp_path)
    rows = {(r["outcome"], r["dose"]): (r["customers"], r["hits"]) for r in result.table("doses")}
    assert rows["bought", "0"] == (40, 8)
    assert [rows["bought", dose] for dose in ("1", "2", "3", "4")] == [(40, 12), (40, 16), (40, 24), (40, 32)]
    trend = result.table("dose_trends").find({"outcome": "bought"})
    expected = cochran_armitage([(1, 12, 40), (2, 16, 40), (4, 24, 40), (6, 32, 40)])
    assert trend is not None
    assert expected is not None
    assert trend["z"] == pytest.approx(expected.z, abs=1e-4)  # those never contacted are not in it
    says = {claim.key: claim.says for claim in result.claims}
    assert says["contact_pressure/dose/bought"] == "dose_up"
    assert says["contact_pressure/dose/complained"] == "no_dose"
    assert "不说明原因" in ANALYSIS.text["dose_up"].zh


def test_who_had_unsubscribed_before_is_left_out(tmp_path: Path) -> None:
    shop = doses()
    for account in range(1, 11):
        contact(shop, account, date(2024, 11, 5), outcome="unsubscribed")
    rows = [r for r in found(shop, tmp_path).table("doses") if r["outcome"] == "bought"]
    assert sum(row["customers"] for row in rows) == 190


def test_what_comes_after_the_as_of_day_is_not_seen(tmp_path: Path) -> None:
    """trap: 12"""
    shop = doses()
    early = found(shop, tmp_path, date(2025, 6, 9))
    assert all(row["hits"] == 0 for row in early.table("doses") if row["outcome"] == "bought")


def test_a_unit_whose_contacts_are_unsubscribed_from_is_named(tmp_path: Path) -> None:
    """covers: F5"""
    shop = Shop()
    for number in range(200):
        bad = number % 2 == 0 and number % 10 < 4
        contact(shop, number % 50 + 1, date(2025, 1, 1) + timedelta(days=number % 100), "市场部" if number % 2 == 0 else "客服部",
                "unsubscribed" if bad else "opened", cost=2)  # fmt: skip
    result = found(shop, tmp_path)
    row = result.table("groups").find({"dimension": "unit", "value": "市场部"})
    assert row is not None
    assert (row["contacts"], row["unsubscribed"], row["rate"], row["difference"]) == (100, 40, 0.4, 0.4)
    assert (row["response_rate"], float(row["cost"])) == (0.6, 200)
    assert "contact_pressure/unsubscribe/unit/市场部" in {claim.key for claim in result.claims}


def test_contacts_without_customers_say_what_is_missing(tmp_path: Path) -> None:
    shop = Shop()
    for _ in range(40):
        contact(shop, None, date(2025, 5, 1))
    result = found(shop, tmp_path)
    assert result.claims == ()
    assert {note.kind for note in result.notes} >= {"missing"}
    assert [row["contacts"] for row in result.table("groups") if row["dimension"] == "unit"] == [40]
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]
