"""Seasons by hand: index of months, festivals against ordinary days, unfinished months left out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from keguan.analyses.seasonality import Params, run
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

START = date(2023, 1, 1)


def found(shop: Shop, folder: Path, as_of: date) -> Result:
    return run(shop.inputs(folder, as_of, Settings()), Params())


def daily(years: int, high: int = 0, festival: float = 1) -> Shop:
    """One guest order a day: 100, in March `high` more, 618 times `festival`; a little up and down by the day of the month."""
    shop, day = Shop(), START
    while day < date(START.year + years, 1, 1):
        amount = 100 + (high if day.month == 3 else 0) + (day.day % 3) + (day.year + day.month) % 2
        if day.month == 6 and day.day <= 20:
            amount = round(amount * festival)
        shop.buy(None, day, amount)
        day += timedelta(days=1)
    return shop


def test_the_index_of_a_month_by_hand(tmp_path: Path) -> None:
    """covers: E11. March at 200 among months at 100: 2 / 2 ** (1 / 12) = 1.888 times the (geometric) level of the year."""
    result = found(daily(2, 100), tmp_path, date(2024, 12, 31))
    rows = {row["place"]: row for row in result.table("month_index")}
    assert rows[3]["index"] == pytest.approx(2 / 2 ** (1 / 12), abs=0.02)
    assert rows[3]["verdict"] == "above"
    assert rows[3]["low"] < rows[3]["index"] < rows[3]["high"]
    assert result.table("tests").find({"kind": "month"})["years"] == 2


def test_no_season_is_said_to_be_none(tmp_path: Path) -> None:
    """trap: 7. A month that was high in one of three years is no season."""
    shop = daily(3)
    for n in range(10):
        shop.buy(None, date(2024, 8, 1 + n), 300)
    result = found(shop, tmp_path, date(2025, 12, 31))
    assert {row["verdict"] for row in result.table("month_index")} == {"plain"}


def test_an_unfinished_month_is_left_out(tmp_path: Path) -> None:
    """trap: 9."""
    result = found(daily(2, 100), tmp_path, date(2024, 12, 30))
    months = [row["month"] for row in result.table("months")]
    assert months[-1] == "2024-11"
    assert result.table("month_index").records() == []  # 23 months
    assert {"withheld"} <= {note.kind for note in result.notes}
    march = result.table("months").find({"month": "2024-03"})
    assert march is not None
    assert march["change"] == pytest.approx(float(march["net_revenue"] / march["year_ago"]) - 1, abs=1e-5)


def test_a_festival_is_compared_with_the_ordinary_days_around_it(tmp_path: Path) -> None:
    """covers: E11. 618 at three times the ordinary days, in both years."""
    result = found(daily(2, festival=3), tmp_path, date(2024, 12, 31))
    row = result.table("festivals").find({"festival": "618", "year": "2024"})
    assert row is not None
    assert row["index"] == pytest.approx(3, abs=0.05)
    assert (row["verdict"], row["days"], row["first"]) == ("above", 20, date(2024, 6, 1))
    assert abs(row["change"]) < 0.01
    assert "festival_above_year" in {claim.says for claim in result.claims}
    plain = result.table("festivals").find({"festival": "双11", "year": "2024"})
    assert plain is not None
    assert plain["verdict"] == "plain"


def test_spring_festival_follows_the_moon_and_an_unfinished_festival_is_left_out(tmp_path: Path) -> None:
    """trap: 9."""
    rows = found(daily(2), tmp_path, date(2024, 11, 5)).table("festivals").records()
    spring = {row["year"]: row["first"] for row in rows if row["festival"] == "春节"}
    assert spring == {
        "2024": date(2024, 1, 27)
    }  # 14 days before 10 February; that of 2023 has no days before it
    assert ("双11", "2024") not in {(row["festival"], row["year"]) for row in rows}


def test_an_empty_shop_says_so(tmp_path: Path) -> None:
    assert found(Shop(), tmp_path, START).notes[0].kind == "missing"
