"""XmR limits and the verdict on a change, worked by hand."""

from __future__ import annotations

import math

import pytest

from keguan.evidence.statistics.material_change import Materiality, customer_change, verdict
from keguan.evidence.statistics.rate_change import rate_changes
from keguan.evidence.statistics.xmr import usual_change

MATERIAL = Materiality(0.03, 0.005)


def test_limits_of_a_short_series_by_hand() -> None:
    """Months alternate between 100 and 110: every range is ln 1.1, the limit 3.267 ln 1.1 = 0.3114."""
    found = usual_change([100, 110] * 4)
    assert found is not None
    assert not found.deseasonalised
    assert found.high == pytest.approx(1.1**3.267 - 1)
    assert found.low == pytest.approx(1.1**-3.267 - 1)
    quarter = usual_change([100, 110] * 4, days=3 * 365.25 / 12)
    assert quarter is not None
    assert math.log1p(quarter.high) == pytest.approx(math.log1p(found.high) / math.sqrt(3))


def test_a_pure_season_is_no_variation() -> None:
    """Of the 23 ranges only the step between the years is left, ln 1.3; two years widen it by sqrt(2)."""
    season = [100, 90, 95, 100, 105, 120, 90, 95, 100, 110, 180, 130]
    found = usual_change([value * growth for growth in (1, 1.3) for value in season])
    assert found is not None
    assert found.deseasonalised
    assert found.high == pytest.approx(math.exp(3.267 * math.sqrt(2) * math.log(1.3) / 23) - 1)


def test_money_times_100_has_the_same_limits() -> None:
    series = [100.0, 130, 90, 80, 120, 140, 100]
    small, large = usual_change(series), usual_change([100 * value for value in series])
    assert small is not None
    assert large is not None
    assert small.high == pytest.approx(large.high)


def test_too_few_months_or_a_month_without_revenue_have_no_limits() -> None:
    assert usual_change([1, 2, 3]) is None
    assert usual_change([1, 2, 0, 4, 5, 6, 7]) is None


def test_a_verdict_needs_all_three() -> None:
    usual = usual_change([100, 101] * 6)
    sure = customer_change(20, 25)  # 20 +- 9.8
    assert verdict(sure, 100, 100, usual, MATERIAL) == "显著增加"
    assert verdict(customer_change(-20, 25), 100, 100, usual, MATERIAL) == "显著减少"
    assert verdict(customer_change(20, 400), 100, 100, usual, MATERIAL) == "无显著变化"  # not sure
    assert verdict(sure, 100, 100, usual_change([100, 130] * 6), MATERIAL) == "无显著变化"  # usual
    assert verdict(sure, 1000, 1000, usual, MATERIAL) == "无显著变化"  # 2 %: not material
    assert verdict(sure, 100, 10_000, usual, MATERIAL) == "无显著变化"  # 0.2 % of revenue
    assert verdict(None, 100, 100, usual, MATERIAL) == "未检验"
    assert verdict(sure, 100, 100, None, MATERIAL) == "未检验"


def test_rates_are_corrected_together_and_ratios_over_one_left_out() -> None:
    falling = ([40] * 10 + [10] * 5, [100] * 15)
    flat = ([30, 31] * 7 + [30], [100] * 15)
    over = ([120] * 15, [100] * 15)
    found = rate_changes({"falling": falling, "flat": flat, "over": over})
    assert set(found) == {"falling", "flat"}
    assert found["falling"].sure
    assert found["falling"].q >= found["falling"].p
    assert not found["flat"].sure
