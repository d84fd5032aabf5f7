"""Shared statistics against published figures and independent computations."""

from __future__ import annotations

import numpy as np
import pytest

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.bootstrap import BUCKETS, percentile_interval, resample_weights
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.gamma_poisson import GapCell, GapModel, fit_gaps
from keguan.evidence.statistics.kaplan_meier import kaplan_meier, survival_at, time_when
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.simplex import minimise
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_values_of_newcombe_1998_table_1(x: int, n: int, low: float, high: float) -> None:
    found = wilson(x, n)
    assert found is not None
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_wilson_of_nothing_is_nothing_and_of_everything_ends_at_one() -> None:
    assert wilson(0, 0) is None
    assert wilson(7, 7) is not None
    assert wilson(7, 7).high == 1.0


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 10, 0.6075, 1.0)],
)
def test_newcombe_gives_the_values_of_his_table_2(
    a: int, m: int, b: int, n: int, low: float, high: float
) -> None:
    found = newcombe(a, m, b, n)
    assert found is not None
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_two_proportions_is_pearsons_chi_square() -> None:
    from scipy.stats import chi2_contingency

    expected = chi2_contingency([[45, 55], [30, 90]], correction=False).pvalue
    assert two_proportions(45, 100, 30, 120) == pytest.approx(expected, abs=1e-12)
    assert two_proportions(0, 50, 0, 50) == 1.0
    assert two_proportions(1, 1, 0, 0) == 1.0


def test_benjamini_hochberg_rejects_four_of_the_fifteen_of_1995() -> None:
    published = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    adjusted = benjamini_hochberg(published)
    assert sum(p <= 0.05 for p in adjusted) == 4
    shuffled = published[::-1]
    assert benjamini_hochberg(shuffled) == adjusted[::-1]
    assert benjamini_hochberg([]) == []


def test_no_corrected_p_is_written_as_zero() -> None:
    assert corrected(0.0) == "Benjamini-Hochberg, q < 0.0001"
    assert corrected(0.0123) == "Benjamini-Hochberg, q = 0.0123"


def test_benjamini_hochberg_agrees_with_scipy() -> None:
    from scipy.stats import false_discovery_control

    p = [0.03, 0.2, 0.001, 0.04, 0.04, 0.9]
    assert benjamini_hochberg(p) == pytest.approx(list(false_discovery_control(p)))


def test_kaplan_meier_gives_the_remission_times_of_freireich_1963() -> None:
    # 6-MP arm, 21 patients: events and censored (+), as printed in Cox and Oakes (1984), table 1.1.
    events = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    censored = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
    counts = [(t, events.get(t, 0), censored.get(t, 0)) for t in sorted({*events, *censored})]
    steps = kaplan_meier(counts)
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {s.time: round(s.survival, 3) for s in steps if s.events} == published
    assert steps[0].at_risk == 21
    assert time_when(steps, 0.5) == 23
    assert time_when(steps, 0.9) is None
    held = survival_at(steps, 12)
    assert held is not None
    assert held.survival == pytest.approx(0.753, abs=5e-4)
    assert held.low < held.survival < held.high


def test_kaplan_meier_without_censoring_is_the_share_still_waiting() -> None:
    steps = kaplan_meier([(3, 2, 0), (1, 1, 0), (3, 1, 0)])
    assert [(s.time, s.survival) for s in steps] == [(1, 0.75), (3, 0.0)]
    assert kaplan_meier([]) == ()


def test_kaplan_meier_interval_agrees_with_scipy() -> None:
    from scipy.stats import CensoredData, ecdf

    times, open_ = [2, 4, 4, 7, 9, 12, 15], [3, 5, 8, 15]
    found = ecdf(CensoredData(uncensored=times, right=open_)).sf
    interval = found.confidence_interval(method="log-log")
    steps = {s.time: s for s in kaplan_meier([(t, 1, 0) for t in times] + [(t, 0, 1) for t in open_])}
    for time, low, high in zip(
        found.quantiles, interval.low.probabilities, interval.high.probabilities, strict=True
    ):
        assert steps[time].survival == pytest.approx(float(found.evaluate(time)))
        if 0 < steps[time].survival < 1:
            assert (steps[time].low, steps[time].high) == pytest.approx((low, high))


def test_weights_draw_every_group_equally_and_never_change() -> None:
    weights = resample_weights(resamples=400)
    assert weights.shape == (400, BUCKETS)
    assert (weights.sum(axis=1) == BUCKETS).all()
    assert weights.mean() == 1.0
    assert weights.var() == pytest.approx(1 - 1 / BUCKETS, rel=0.02)  # multinomial
    assert weights[0, :8].tolist() == resample_weights(resamples=1)[0, :8].tolist()


def test_bootstrap_over_groups_has_the_width_of_the_customer_bootstrap() -> None:
    rng = np.random.default_rng(5)
    spend = rng.lognormal(3, 1, 20_000)
    groups = np.bincount(rng.integers(0, BUCKETS, len(spend)), weights=spend, minlength=BUCKETS)
    sizes = np.full(BUCKETS, len(spend) / BUCKETS)
    weights = resample_weights()
    interval = percentile_interval((weights @ groups) / (weights @ sizes))
    assert interval is not None
    expected = 2 * 1.96 * np.sqrt((spend**2).mean()) / np.sqrt(len(spend))  # sizes vary in the groups
    assert interval.high - interval.low == pytest.approx(expected, rel=0.1)
    assert percentile_interval(np.array([np.nan])) is None


def test_the_simplex_finds_the_valley_of_rosenbrock() -> None:
    found = minimise(lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2, (-1.2, 1.0), tolerance=1e-14)
    assert found == pytest.approx([1.0, 1.0], abs=1e-4)


def test_gaps_are_found_again_from_simulated_customers() -> None:
    rng = np.random.default_rng(11)
    shape, rate, gone, size = 2.0, 60.0, 0.2, 60_000
    pace = rng.gamma(shape, 1 / rate, size)
    days = rng.exponential(1 / pace) + rng.exponential(1 / pace)
    silence = rng.exponential(1 / pace)
    watched = rng.uniform(50, 900, size)
    closed = (rng.uniform(size=size) > gone) & (silence < watched)
    cells = [
        GapCell(2, t, s if c else w, bool(c), 1)
        for t, s, w, c in zip(days, silence, watched, closed, strict=True)
    ]
    model = fit_gaps(cells)
    assert model is not None
    assert (model.shape, model.rate, model.gone) == pytest.approx((shape, rate, gone), rel=0.1)


def test_the_silence_is_the_stated_quantile_of_those_who_return_in_time() -> None:
    model, horizon = GapModel(1.5, 40.0, 0.1), 700.0
    rng = np.random.default_rng(3)
    pace = rng.gamma(1.5 + 3, 1 / (40.0 + 120), 400_000)
    gaps = rng.exponential(1 / pace)
    back = gaps[gaps <= horizon]
    for share in (0.8, 0.9, 0.975):
        flagged = (back > model.silence(3, 120, share, horizon)).mean()
        assert flagged == pytest.approx(1 - share, abs=0.003)
    assert fit_gaps([]) is None
    assert fit_gaps([GapCell(1, 5, 9, False, 3)]) is None
