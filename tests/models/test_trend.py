"""Forecasts: what is known at an origin, who beats the baseline, how often intervals hold, what parts add up to.

covers: I4, E12; trap: 9 (the unfinished period is dropped)
"""

from __future__ import annotations

import random
from datetime import date
from math import exp, log
from pathlib import Path

import pytest

from keguan.app.checking import faults
from keguan.core.period import Span
from keguan.models import trend
from keguan.models.trend import methods
from keguan.models.trend.backtest import LEVEL, Said, _checks, _reach, forecast, unseen_festivals
from keguan.models.trend.methods import METHODS, NAIVE
from keguan.models.trend.params import Params
from keguan.models.trend.periods import Calendar, calendar_of, parts_sql, series_of, totals_sql
from keguan.result import Result
from model_shops import growing as shop
from shop import Shop

AS_OF = date(2025, 6, 20)
NO_DAYS = [(0.0, 0.0, 0.0)] * 80
EVERY = tuple(METHODS)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return trend.run(shop().inputs(tmp_path_factory.mktemp("shop"), AS_OF), Params())


def test_the_unfinished_month_is_dropped_and_the_next_three_are_forecast(result: Result) -> None:
    """covers: I4. trap: 9"""
    rows = [row for row in result.table("forecast") if row["series"] == "orders"]
    assert [row["period"] for row in rows] == ["2025-06", "2025-07", "2025-08"]
    known = [row for row in result.table("path") if row["series"] == "orders" and row["actual"] is not None]
    assert [known[0]["period"], known[-1]["period"]] == ["2023-03", "2025-05"]


def test_every_series_has_a_forecast_with_an_interval_and_a_back_test(result: Result) -> None:
    """covers: I4, E12."""
    for row in result.table("forecast"):
        assert row["low"] <= row["forecast"] <= row["high"], row["series"]
    used = [row for row in result.table("methods") if row["used"] and not row["part"]]
    assert {row["series"] for row in used} == set(trend.SERIES)
    assert all(row["origins"] >= 6 for row in used)
    coverage = {row["series"]: row for row in result.table("coverage")}
    assert coverage["all"]["checked"] == sum(coverage[name]["checked"] for name in trend.SERIES)
    assert coverage["all"]["share"] >= 0.7
    assert coverage["revenue"]["share"] is None  # fewer than 30 checks


def test_parts_add_up_to_the_total(result: Result) -> None:
    whole = {row["period"]: row["forecast"] for row in result.table("forecast") if row["series"] == "revenue"}
    for dimension in ("category", "region"):
        for period, total in whole.items():
            parts = [
                row
                for row in result.table("parts")
                if (row["dimension"], row["period"]) == (dimension, period)
            ]
            assert sum(float(row["forecast"]) for row in parts) == pytest.approx(float(total), rel=1e-4)
            assert sum(row["share"] for row in parts) == pytest.approx(1, abs=1e-4)
    listed = {row["part"] for row in result.table("parts") if row["dimension"] == "category"}
    assert len(listed) == 7  # six and the others
    assert "其他" in listed


def test_sentences_stand(result: Result) -> None:
    assert [faults(result, trend.ANALYSIS, claim) for claim in result.claims] == [()] * len(result.claims)
    assert {claim.strength for claim in result.claims if "/ahead/" in claim.key} == {"forecast"}


def test_shuffled_rows_and_other_money_give_the_same_forecast(result: Result, tmp_path: Path) -> None:
    other = shop(factor=100)
    random.Random(1).shuffle(other.lines)
    random.Random(2).shuffle(other.orders)
    again = trend.run(other.inputs(tmp_path, AS_OF), Params())
    for one, two in zip(result.table("forecast"), again.table("forecast"), strict=True):
        times = 100 if one["series"] == "revenue" else 1
        assert float(two["forecast"]) == pytest.approx(float(one["forecast"]) * times, rel=1e-4)
        assert one["method"] == two["method"]


def test_parts_have_the_total_of_the_purchases(tmp_path: Path) -> None:
    made = shop()
    made.give_back(1, date(2025, 3, 3), 500)
    made.buy(2, date(2025, 3, 4), 12, kind="shipping")
    inputs = made.inputs(tmp_path, AS_OF)
    calendar = calendar_of(inputs, "auto")
    assert calendar is not None
    whole = series_of(inputs.query(totals_sql("month")).to_pylist(), "revenue", calendar)
    for dimension in ("category", "region"):
        rows = inputs.query(parts_sql("month", dimension)).to_pylist()
        for number, total in enumerate(whole, start=calendar.first):
            assert sum(float(row["revenue"]) for row in rows if row["period"] == number) == pytest.approx(
                total
            )


def test_short_histories_are_forecast_by_weeks_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "weeks").mkdir()
    weeks = trend.run(
        shop(first=date(2024, 11, 4), per_month=200).inputs(tmp_path / "weeks", AS_OF), Params()
    )
    assert weeks.table("forecast").records()[0]["period"] == "2025-W25"  # 20 June 2025 is a Friday of week 25
    assert any(note.kind == "warning" for note in weeks.notes)
    (tmp_path / "days").mkdir()
    days = trend.run(shop(first=date(2025, 5, 1)).inputs(tmp_path / "days", AS_OF), Params())
    assert [note.kind for note in days.notes] == ["withheld"]
    assert not days.tables


def test_customers_of_weeks_are_counted_once(tmp_path: Path) -> None:
    made = Shop()
    for day in (6, 7, 8, 13):  # Monday to Wednesday, and the next Monday
        made.buy(1, date(2025, 1, day), 10)
    made.buy(2, date(2025, 1, 8), 10)
    rows = made.inputs(tmp_path, AS_OF).query(totals_sql("week")).to_pylist()
    assert [(row["orders"], row["customers"], row["new_customers"]) for row in rows] == [(4, 2, 2), (1, 1, 0)]


def test_with_few_orders_only_the_baseline_is_used_and_that_is_said(tmp_path: Path) -> None:
    found = trend.run(shop(per_month=5).inputs(tmp_path, AS_OF), Params())
    assert {row["method"] for row in found.table("methods")} == {NAIVE}
    assert any(note.kind == "withheld" for note in found.notes)


def test_without_the_extra_the_line_that_installs_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trend, "find_spec", lambda name: None)
    found = trend.run(shop().inputs(tmp_path, AS_OF), Params())
    assert {row["method"] for row in found.table("methods")} == {NAIVE, "growing_naive"}
    assert any('pip install "keguan[ml]"' in note.says.en for note in found.notes)


def test_constant_figures_have_a_forecast_and_no_error() -> None:
    found = forecast([100.0] * 30, NO_DAYS, 12, 3, 12, 0.05, EVERY)
    assert found.used == NAIVE
    assert [item.forecast for item in found.outlook] == [100.0] * 3
    assert found.of(NAIVE).mase is None  # nothing ever moved


def test_a_trend_beats_the_baseline_and_a_repeated_year_does_not() -> None:
    growing = [100.0 * 1.05**n for n in range(36)]
    assert forecast(growing, NO_DAYS, 12, 3, 12, 0.05, EVERY).used != NAIVE
    rng = random.Random(4)
    year = [rng.uniform(50, 200) for _ in range(12)]
    repeated = [value * rng.uniform(0.98, 1.02) for _ in range(3) for value in year]
    assert forecast(repeated, NO_DAYS, 12, 3, 12, 0.05, (NAIVE, "theta", "arima_festivals")).used == NAIVE


def test_too_few_origins_leave_the_baseline() -> None:
    growing = [100.0 * 1.05**n for n in range(5)]
    found = forecast(growing, NO_DAYS, 12, 2, 12, 0.05, (NAIVE, "theta"))
    assert found.of(NAIVE).origins < 6
    assert found.used == NAIVE


def test_nothing_after_an_origin_is_used_for_its_forecast() -> None:
    rng = random.Random(2)
    values = [rng.uniform(50, 150) for _ in range(30)]
    later = [*values[:24], *(value * 9 for value in values[24:])]
    for name in EVERY:
        one, two = (METHODS[name](series[:24], 3, 12, NO_DAYS[:27]) for series in (values, later))
        assert one == two, name
    found = forecast(values, NO_DAYS, 12, 3, 12, 0.05, EVERY)
    for judged in found.judged:
        again = METHODS[judged.method](values[:20], 3, 12, NO_DAYS[:23])
        said = [item.forecast for item in judged.said if item.known == 20]
        assert said == again, judged.method


def test_seasonal_naive_and_growth_by_hand() -> None:
    values = [float(n) for n in range(1, 16)]
    assert methods.seasonal_naive(values, 3, 12, NO_DAYS) == [4.0, 5.0, 6.0]
    assert methods.seasonal_naive([7.0, 8.0], 2, 12, NO_DAYS) == [8.0, 8.0]
    # the last three (13, 14, 15) against the same a year ago (1, 2, 3): times 7
    assert methods.growing_naive(values, 2, 12, NO_DAYS) == [28.0, 35.0]
    assert methods.growing_naive(values[:14], 2, 12, NO_DAYS) == []


def test_festival_days_are_regressors() -> None:
    """A month with 20 more days of 春节 sells less; the festival moves from February to January."""
    days = [(0.0, 0.0, 0.0)] * 36
    for held in (1, 13, 25):
        days[held] = (22.0, 0.0, 0.0)
    rng = random.Random(8)
    values = [100 * exp(-0.03 * d[0]) * rng.uniform(0.99, 1.01) for d in days]
    ahead = [(22.0, 0.0, 0.0), (0.0, 0.0, 0.0)]
    found = methods.arima_festivals(values[:30], 2, 1, [*days[:30], *ahead])
    assert found[0] == pytest.approx(100 * exp(-0.66), rel=0.05)
    assert found[1] == pytest.approx(100, rel=0.05)


def test_a_method_without_season_is_not_used_for_a_festival_that_was_not_tested() -> None:
    calendar = Calendar("month", 2023 * 12 + 10, 2025 * 12 + 9)
    days = [calendar.festivals(n) for n in range(calendar.first, calendar.last + 4)]
    assert unseen_festivals(days, 15, 24)  # November lies ahead, February to October were tested
    assert not unseen_festivals(days, 10, 24)
    growing = [100.0 * 1.05**n for n in range(24)]
    assert forecast(growing, days, 12, 3, 12, 0.05, (NAIVE, "theta")).used == NAIVE
    assert forecast(growing, days, 12, 3, 12, 0.05, (NAIVE, "theta")).unseen
    assert forecast(growing, NO_DAYS[:27], 12, 3, 12, 0.05, (NAIVE, "theta")).used == "theta"


def test_calendars() -> None:
    months = Calendar("month", 2025 * 12, 2025 * 12 + 5)
    assert months.name(2025 * 12 + 1) == "2025-02"
    assert months.festivals(2025 * 12) == (17.0, 0.0, 0.0)  # 29 January 2025: 15 to 31 January of 15.1 to 5.2
    assert months.festivals(2025 * 12 + 1) == (5.0, 0.0, 0.0)
    assert months.festivals(2025 * 12 + 5) == (0.0, 20.0, 0.0)
    weeks = Calendar("week", 1253, 1260)
    assert weeks.span(1253) == Span(date(2025, 1, 6), date(2025, 1, 12))
    assert weeks.name(1253) == "2025-W02"


def test_intervals_by_hand() -> None:
    """Of nine errors the eighth smallest is the reach of 80 %; with three there is none."""
    assert _reach([float(n) for n in range(1, 10)]) == 8.0
    assert _reach([1.0, 2.0, 3.0]) is None
    said = [Said(known, 1, 100.0, 100.0 * exp(0.1)) for known in range(10, 15)]
    checks = _checks(said, logged=True)
    assert [check.said.known for check in checks] == [14]  # four errors were known then
    assert log(checks[0].high / 100) == pytest.approx(0.1)


def test_coverage_of_many_simulated_series_is_near_its_level() -> None:
    """Independent noise around a level: held shares over 150 series lie near 80 % (conservative, few errors)."""
    rng = random.Random(5)
    held = checked = 0
    for _ in range(150):
        values = [100 * exp(rng.gauss(0, 0.2)) for _ in range(27)]
        checks = forecast(values, NO_DAYS, 12, 1, 12, 0.05, (NAIVE,)).checks
        held, checked = held + sum(check.held for check in checks), checked + len(checks)
    assert LEVEL - 0.03 < held / checked < LEVEL + 0.1
