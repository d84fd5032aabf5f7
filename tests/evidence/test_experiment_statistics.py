"""Tests of differences between arms: the 17 cases of shared/reference/ab_tests.json (gbstats 0.8.0, statsmodels 0.15.0,
scipy 1.17.1), independent computations, and the faults of other tools that must not be repeated.

covers: J7
"""

from __future__ import annotations

import math
import random
from statistics import NormalDist, fmean

import numpy as np
import pytest
from scipy import integrate, stats

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.confidence_sequence import always_valid
from keguan.evidence.statistics.cuped import cuped
from keguan.evidence.statistics.family_wise import benjamini_yekutieli, bonferroni, holm
from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.miettinen_nurminen import miettinen_nurminen
from keguan.evidence.statistics.moments import (
    Moments,
    PairMoments,
    joined,
    joined_pairs,
    moments,
    pair_moments,
)
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.posterior import chance_of_larger_share, normal_posterior
from keguan.evidence.statistics.ratio_metric import ratio_of
from keguan.evidence.statistics.sample_ratio import sample_ratio
from keguan.evidence.statistics.sample_size import (
    cohens_h,
    design_effect,
    mean_power,
    share_power,
    smallest_mean,
    smallest_share,
    units_for_mean,
    units_for_share,
)
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.welch import Difference, Estimate, lift, mean_of, pooled_t, welch
from keguan.evidence.statistics.wilson import wilson

# n_a, x_a, n_b, x_b -> score interval with numeric_mle, p of the score test, Newcombe, pooled z test, Wilson of b, h
PROPORTIONS = [
    (10000, 1000, 10000, 1100, (0.0015037012709887643, 0.018505186739096954), 0.021078406987719202,
     (0.0015020650656495157, 0.018501515868365202), 0.021075189273797826, (0.10401658169254806, 0.11628293703657967),
     0.03262940076737697),
    (50, 5, 48, 12, (-0.0007785679041337972, 0.30434867266077825), 0.051132693427484166,
     (-0.0018711571862405352, 0.29898282627600126), 0.0499499764547464, (0.14920633673797906, 0.38784372809507967),
     0.4036964424033135),
    (120000, 3612, 119500, 3790, (0.0002293059487955318, 0.0030024912099696605), 0.02236473517138516,
     (0.000229201506959188, 0.003002359059557392), 0.02236445499956145, (0.03073685971271174, 0.03272420870351969),
     0.009335165993171524),
]  # fmt: skip


@pytest.mark.parametrize("case", PROPORTIONS)
def test_two_proportions_of_the_reference(case: tuple[object, ...]) -> None:
    """A score interval that takes one group's size for the other's is wrong at its upper end, or has no root."""
    n_a, x_a, n_b, x_b, score, p, newcombe_ends, pooled, wilson_ends, h = case
    found = miettinen_nurminen(x_b, n_b, x_a, n_a)  # type: ignore[arg-type]
    assert found is not None
    assert found[0] == pytest.approx(score, rel=1e-7, abs=1e-9)
    assert found[1] == pytest.approx(p, rel=1e-9)
    assert (found[1] < 0.05) == (not found[0].low <= 0 <= found[0].high)
    assert newcombe(x_b, n_b, x_a, n_a) == pytest.approx(newcombe_ends, rel=1e-9)  # type: ignore[arg-type]
    assert two_proportions(x_b, n_b, x_a, n_a) == pytest.approx(pooled, rel=1e-9)  # type: ignore[arg-type]
    assert wilson(x_b, n_b) == pytest.approx(wilson_ends, rel=1e-9)  # type: ignore[arg-type]
    assert cohens_h(x_b / n_b, x_a / n_a) == pytest.approx(h, rel=1e-9)  # type: ignore[operator]


def test_the_score_interval_turned_round_is_its_mirror() -> None:
    """Which of two groups of unlike size comes first must not change the ends."""
    one, other = miettinen_nurminen(12, 48, 5, 500), miettinen_nurminen(5, 500, 12, 48)
    assert one is not None
    assert other is not None
    assert one[0] == pytest.approx((-other[0].high, -other[0].low), abs=1e-9)


@pytest.mark.parametrize("counts", [(0, 40, 0, 50), (40, 40, 50, 50), (40, 40, 0, 50), (0, 40, 3, 50)])
def test_shares_of_nobody_and_everybody(counts: tuple[int, int, int, int]) -> None:
    found = miettinen_nurminen(*counts)
    assert found is not None
    (low, high), p = found
    seen = counts[0] / counts[1] - counts[2] / counts[3]
    assert -1 <= low <= seen <= high <= 1
    assert low < high
    assert p == pytest.approx(1.0) if seen == 0 else p < 0.5


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="12 of 10"):
        miettinen_nurminen(12, 10, 5, 10)
    assert miettinen_nurminen(0, 0, 5, 10) is None


A = (4000, 181621.34, 10635131.9248)
B = (4200, 201670.28, 12453186.393)


def test_means_of_the_reference() -> None:
    found = welch(mean_of(moments(*B)), mean_of(moments(*A)))
    assert found.value == pytest.approx(2.6113983333333337)
    assert found.interval == pytest.approx((1.526387307000655, 3.696409359665984), rel=1e-9)
    assert found.p == pytest.approx(2.4220370073711804e-06, rel=1e-8)
    assert found.freedom == pytest.approx(8197.994529937028, rel=1e-9)
    assert pooled_t(moments(*B), moments(*A)).p == pytest.approx(2.490630017668114e-06, rel=1e-8)


def test_relative_lift_of_the_reference() -> None:
    """The p of the lift is another one than that of the difference; the product shows that of the difference."""
    absolute = welch(mean_of(moments(*B)), mean_of(moments(*A)))
    relative = lift(mean_of(moments(*B)), mean_of(moments(*A)))
    assert relative is not None
    assert relative.value == pytest.approx(0.057513028663555364)
    assert relative.interval == pytest.approx((0.0329374690682821, 0.08208858825882863), rel=1e-5)
    assert relative.p == pytest.approx(4.5527186733895775e-06, rel=1e-3)
    assert relative.p != pytest.approx(absolute.p, rel=0.1)


def test_the_sign_of_a_lift_over_a_negative_control_is_that_of_the_difference() -> None:
    better = lift(mean_of(moments(100, 40, 500)), mean_of(moments(100, -100, 800)))
    worse = lift(mean_of(moments(100, -140, 500)), mean_of(moments(100, -100, 800)))
    assert better is not None
    assert worse is not None
    assert better.value == pytest.approx(1.4)
    assert better.interval.low > 0
    assert worse.value == pytest.approx(-0.4)
    assert lift(mean_of(moments(100, 40, 500)), mean_of(moments(100, 0, 800))) is None


def test_cuped_of_the_reference() -> None:
    arms = [
        pair_moments(4000, (181621.34, 10635131.9248), (156405.64, 9066436.1618), 8886040.9257),
        pair_moments(4200, (201670.28, 12453186.393), (167132.71, 9954383.6079), 10065271.9648),
    ]
    found = cuped(arms[1], arms[0])
    assert found.theta == pytest.approx(0.6119904195893875, rel=1e-9)
    tested = welch(found.arm, found.control)
    assert tested.value == pytest.approx(2.187844426719675, rel=1e-9)
    assert tested.interval == pytest.approx((1.3856038651318783, 2.9900849883074714), rel=1e-7)
    assert tested.error == pytest.approx(0.40925349840196723, rel=1e-9)
    # Regression of the metric on arm and figure of before tells the same (ANCOVA 2.18819, error .40933).
    assert tested.value == pytest.approx(2.188187714482113, rel=1e-3)
    assert found.reduction == pytest.approx(0.4531001024752457, abs=0.002)


def test_a_ratio_of_the_reference() -> None:
    a = pair_moments(3000, (217378.36, 26097922.5498), (9015.0, 33503.0), 807689.96)
    b = pair_moments(3100, (243406.15, 30869948.2249), (9560.0, 36024.0), 921389.03)
    one, control = ratio_of(b), ratio_of(a)
    assert one is not None
    assert control is not None
    found = welch(one, control)
    assert found.value == pytest.approx(1.3479315117528472, rel=1e-9)
    assert found.error == pytest.approx(0.4018745065965094, rel=1e-9)
    assert found.interval == pytest.approx((0.5601154739341614, 2.135747549571533), rel=1e-7)
    assert found.p == pytest.approx(0.000801065102424392, rel=1e-7)
    relative = lift(one, control)
    assert relative is not None
    assert relative.interval == pytest.approx((0.022294077150679485, 0.08950732367368885), rel=1e-5)
    assert ratio_of(pair_moments(5, (3, 4), (0, 0), 0)) is None


@pytest.mark.parametrize(
    ("units", "weights", "p"),
    [
        ((10000, 10250), (0.5, 0.5), 0.07894833771600115),
        ((4980, 5150, 9870), (0.25, 0.25, 0.5), 0.04349975382930276),
        ((821588, 815482), (0.5, 0.5), 1.8217928726191858e-06),
        (
            (1000, 1010, 0),
            (0.5, 0.5, 0.0),
            0.8234966946547395,
        ),  # the arm of no weight is no degree of freedom
    ],
)
def test_sample_ratios_of_the_reference(units: tuple[int, ...], weights: tuple[float, ...], p: float) -> None:
    names = "abc"[: len(units)]
    found = sample_ratio(dict(zip(names, units, strict=True)), dict(zip(names, weights, strict=True)))
    assert found.p == pytest.approx(p, rel=1e-9)
    assert found.mismatch == (p < 0.001)


def test_units_in_an_arm_that_was_not_planned_are_a_mismatch() -> None:
    assert sample_ratio({"a": 1000, "b": 1010, "c": 3}, {"a": 1, "b": 1, "c": 0}).mismatch
    assert sample_ratio({}, {"a": 1, "b": 1}).p == 1.0
    with pytest.raises(ValueError, match="weights"):
        sample_ratio({"a": 1}, {"a": 0})


P = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]


def test_corrections_of_the_reference() -> None:
    order = list(range(len(P)))
    random.Random(5).shuffle(order)
    wanted = {
        bonferroni: [0.01, 0.08, 0.39, 0.41, 0.42, 0.6, 0.74, 1.0, 1.0, 1.0],
        holm: [0.01, 0.072, *[0.312] * 5, *[0.615] * 3],
        benjamini_hochberg: [0.01, 0.04, *[0.084] * 3, 0.1, 0.1057142857, *[0.216] * 3],
        benjamini_yekutieli: [0.0292896825, 0.1171587302, *[0.2460333333] * 3, 0.2928968254, 0.3096337868,
                              *[0.6326571429] * 3],
    }  # fmt: skip
    for correct, values in wanted.items():
        assert correct(P) == pytest.approx(values, abs=1e-9)
        assert correct([P[i] for i in order]) == pytest.approx([values[i] for i in order], abs=1e-9)
        assert correct([]) == []


def test_sample_sizes_of_the_reference() -> None:
    assert units_for_share(cohens_h(0.11, 0.1)) == pytest.approx(14744.104836925611, rel=1e-7)
    assert units_for_mean(0.1) == pytest.approx(1570.7330430520037, rel=1e-6)
    assert units_for_mean(0.1, ratio=2) == pytest.approx(1177.969661105143, rel=1e-6)
    assert smallest_mean(5000) == pytest.approx(
        0.056035207273775846, rel=1e-4
    )  # power .79997 when integrated


def test_sizes_and_smallest_differences_answer_each_other() -> None:
    rise = smallest_share(0.1, 14744.104836925611)
    assert rise == pytest.approx(0.01, rel=1e-6)
    assert share_power(cohens_h(0.11, 0.1), 14744.104836925611) == pytest.approx(0.8)
    assert mean_power(0.1, 1570.7330430520037) == pytest.approx(0.8)
    assert mean_power(0.1, 3e6) == pytest.approx(1.0)
    assert smallest_share(0.99, 10) is None
    assert units_for_share(0) is None
    assert design_effect(20, 0.05) == pytest.approx(1.95)  # Kish: 1 + 19 x .05


def test_power_is_that_of_simulated_trials() -> None:
    rng = np.random.default_rng(7)
    rows = rng.normal(0, 1, (4000, 2, 100))
    p = stats.ttest_ind(rows[:, 1] + 0.4, rows[:, 0], axis=1).pvalue
    assert mean_power(0.4, 100) == pytest.approx(float((p < 0.05).mean()), abs=0.025)


SEQUENTIAL = [
    (0.01, 0.004334743360338649, 20000, 5000, (-0.0035552372713726008, 0.02355523727137259), 0.43372021342570605),
    (0.01, 0.004334743360338649, 20000, 1000, (-0.0044644210389774616, 0.024464421038977453), 0.8979785945132036),
    (0.15, 0.07553972464869065, 98, 5000, (-0.36001212234339897, 0.660012122343399), 0.8244000160800279),
    (2.6113983333333337, 0.5535054942701304, 8200, 5000, (0.9239050659417263, 4.298891600724941), 0.00012154200434195529),
    (2.187844426719675, 0.40925349840196723, 8200, 5000, (0.9401377095163617, 3.435551143922988), 6.459926991007548e-06),
    (1.3479315117528472, 0.4018745065965094, 6100, 5000, (0.12743084998003407, 2.56843217352566), 0.019957316455755787),
    (0.0016154811715481214, 0.0007072958569748364, 239500, 5000, (-0.0008311932450244561, 0.004062155588120699), 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("value", "error", "units", "tuning", "ends", "p"), SEQUENTIAL)
def test_always_valid_intervals_of_the_reference(
    value: float, error: float, units: int, tuning: float, ends: tuple[float, float], p: float
) -> None:
    fixed = Difference(value, error, units - 2, Interval(0, 0), 0)
    found = always_valid(fixed, units, tuning=tuning)
    assert found.interval == pytest.approx(ends, rel=1e-7)
    assert found.p == pytest.approx(p, rel=1e-6)


def test_looking_every_day_does_not_find_what_is_not_there() -> None:
    """200 trials without an effect, looked at 50 times: the fixed test finds one in far more than 5 % of them."""
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, (200, 2, 50, 100)).cumsum(axis=2)  # a look is 100 more units in each arm
    squares = np.square(rng.normal(0, 1, (200, 2, 50, 100))).sum(axis=3).cumsum(axis=2)
    fooled = {"fixed": 0, "always": 0}
    for trial in range(200):
        seen = {"fixed": False, "always": False}
        for look in range(50):
            n = 100 * (look + 1)
            arms = [
                Moments(n, float(values[trial, arm, look].sum()) / n, float(squares[trial, arm, look]))
                for arm in (0, 1)
            ]
            fixed = welch(mean_of(arms[1]), mean_of(arms[0]))
            seen["fixed"] |= fixed.p < 0.05
            seen["always"] |= always_valid(fixed, 2 * n).p < 0.05
        for name in fooled:
            fooled[name] += seen[name]
    assert fooled["always"] <= 10
    assert fooled["fixed"] > 30


def test_posteriors_of_the_reference() -> None:
    flat = normal_posterior(0.09999999999999995, 0.045475268003608287)
    assert flat is not None
    assert flat.interval == pytest.approx((0.010870112525621006, 0.18912988747437887), rel=1e-9)
    assert flat.chance == pytest.approx(0.9860609494573318, rel=1e-9)
    assert (flat.loss_of_control, flat.loss_of_arm) == pytest.approx(
        (0.10022287267691717, 0.00022287267691721734)
    )
    prior = normal_posterior(0.09999999999999995, 0.045475268003608287, prior=(0, 0.3))
    assert prior is not None
    assert prior.mean == pytest.approx(0.09775383412260498)
    assert prior.interval == pytest.approx((0.009630634281615563, 0.1858770339635944))
    assert prior.chance == pytest.approx(0.9851534641203715)
    assert (prior.loss_of_control, prior.loss_of_arm) == pytest.approx(
        (0.09799025745012765, 0.00023642332752269002)
    )
    assert normal_posterior(0.1, 0) is None


@pytest.mark.parametrize(
    "counts", [(12, 48, 5, 50), (1100, 10000, 1000, 10000), (0, 30, 0, 30), (30, 30, 0, 40)]
)
def test_the_chance_of_a_larger_share_by_other_means(counts: tuple[int, int, int, int]) -> None:
    x1, n1, x2, n2 = counts
    first, second = stats.beta(x1 + 1, n1 - x1 + 1), stats.beta(x2 + 1, n2 - x2 + 1)
    draws = first.rvs(400_000, random_state=1) > second.rvs(400_000, random_state=2)
    assert chance_of_larger_share(x1, n1, x2, n2) == pytest.approx(float(draws.mean()), abs=0.003)
    middle = float(first.mean())
    exact, _ = integrate.quad(lambda x: float(first.pdf(x) * second.cdf(x)), 0, 1, points=[middle], limit=500)
    assert chance_of_larger_share(x1, n1, x2, n2) == pytest.approx(exact, abs=1e-6)


def test_without_spread_or_conversions_nothing_is_found() -> None:
    """The reference's edge cases: no events in both arms, none in the control, no variance."""
    nothing = welch(mean_of(moments(100, 0, 0)), mean_of(moments(100, 0, 0)))
    assert (nothing.value, nothing.p, nothing.interval) == (0.0, 1.0, (0.0, 0.0))
    assert lift(mean_of(moments(100, 5, 5)), mean_of(moments(100, 0, 0))) is None
    assert welch(Estimate(0, 0, 0), Estimate(0, 0, 0)).p == 1.0
    assert pooled_t(moments(1, 3, 9), moments(1, 4, 16)).p == 1.0
    assert moments(50, 50 * 0.1, sum([0.1 * 0.1] * 50)).variance == 0.0


def test_the_far_tail_and_large_numbers_keep_their_digits() -> None:
    far = welch(Estimate(5000, 1.0, 0.0002), Estimate(5000, 0.0, 0.0002))
    assert far.p == pytest.approx(2 * NormalDist().cdf(-50), abs=1e-300)
    assert 0 < welch(Estimate(10**6, 0.5, 0.0002), Estimate(10**6, 0.0, 0.0002)).p < 1e-100
    rows = [1e9 + value for value in (1, 2, 3, 4, 5)]
    shifted = moments(5, sum(v - rows[0] for v in rows), sum((v - rows[0]) ** 2 for v in rows), shift=rows[0])
    assert (shifted.mean, shifted.variance) == (1e9 + 3, 2.5)


def test_moments_joined_are_those_of_all_rows() -> None:
    rng = random.Random(2)
    rows = [(rng.gauss(5, 2), rng.gauss(1, 1)) for _ in range(60)]

    def of(part: list[tuple[float, float]]) -> PairMoments:
        return pair_moments(
            len(part), (sum(x for x, _ in part), sum(x * x for x, _ in part)),
            (sum(y for _, y in part), sum(y * y for _, y in part)), sum(x * y for x, y in part),
        )  # fmt: skip

    both, whole = joined_pairs(of(rows[:20]), of(rows[20:])), of(rows)
    assert both.products == pytest.approx(whole.products)
    assert both.covariance == pytest.approx(float(np.cov(*zip(*rows, strict=True))[0, 1]))
    assert both.first.variance == pytest.approx(whole.first.variance)
    assert joined(Moments(0, 0, 0), Moments(0, 0, 0)).n == 0
    assert joined_pairs(of([]), of([])).first.n == 0


def test_skewness_from_sums() -> None:
    rows = [0.0] * 40 + [1.0, 2.0, 9.0]
    found = moments(43, sum(rows), sum(v * v for v in rows), sum(v**3 for v in rows))
    assert found.skewness == pytest.approx(float(stats.skew(rows)))
    assert moments(3, 6, 12, 24).skewness is None
    assert found.mean == pytest.approx(fmean(rows))
    assert not math.isnan(found.variance)
