"""Parts of groups drawn to their group and groups to each other: published values, an independent computation, limits."""

from __future__ import annotations

from math import pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from keguan.evidence.statistics.two_level_pooling import Mixture, two_level_pooling

# Rubin (1981): coaching in eight schools; medians and 95 % intervals of Gelman et al. (2013), table 5.3 (of 200 draws).
SCHOOLS = [(28, 15), (8, 10), (-3, 16), (7, 11), (-1, 9), (1, 11), (18, 10), (12, 18)]
PUBLISHED = [
    (-2, 10, 31), (-5, 8, 23), (-11, 7, 19), (-7, 8, 21), (-9, 5, 18), (-7, 6, 28), (-1, 10, 26), (-6, 8, 33),
]  # fmt: skip


def test_the_eight_schools_as_published() -> None:
    """The published analysis has a flat prior on the spread, which a very wide half-Cauchy is."""
    found = two_level_pooling([[(effect, error**2) for effect, error in SCHOOLS]], scale=1e5)
    assert found is not None
    for part, (low, median, high) in zip(found.parts[0], PUBLISHED, strict=True):
        ends, half = part.interval(), part.interval(1e-9)
        assert half.low == pytest.approx(median, abs=1.3)
        assert ends.low == pytest.approx(low, abs=2.2)
        # The published upper ends of two schools are those of few draws: 28 and 33.
        assert ends.high == pytest.approx(high, abs=9.5 if high in (28, 33) else 2.5)
    assert found.unseen[0].spread > found.parts[0][1].spread


GROUPS = [[(3.0, 1.0), (1.0, 0.5), (4.0, 2.0)], [(-1.0, 0.7), (0.5, 0.4)], [(2.0, 1.5)]]


def brute_force(scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Means and standard deviations of all parts by the joint normal distribution of parts and estimates, on another grid: even
    in the prior's own quantiles; the common mean has a very wide normal prior in place of a flat one."""
    estimates = np.array([value for group in GROUPS for value, _ in group])
    noise = np.diag([variance for group in GROUPS for _, variance in group])
    member = np.array([place for place, group in enumerate(GROUPS) for _ in group])
    same = (member[:, None] == member[None, :]).astype(float)
    quantiles = (np.arange(120) + 0.5) / 120
    spreads = scale * np.tan(pi * quantiles / 2)
    weights, means, variances = [], [], []
    for tau in spreads:
        for omega in spreads:
            true = tau**2 * np.eye(len(estimates)) + omega**2 * same + 1e6
            gain = true @ np.linalg.inv(true + noise)
            weights.append(stats.multivariate_normal.logpdf(estimates, cov=true + noise))
            means.append(gain @ estimates)
            variances.append(np.diag(true - gain @ true))
    weight = np.exp(np.array(weights) - max(weights))
    weight /= weight.sum()
    mean = weight @ np.array(means)
    return mean, np.sqrt(weight @ (np.array(variances) + np.array(means) ** 2) - mean**2)


def test_an_independent_computation_gives_the_same() -> None:
    found = two_level_pooling(GROUPS, scale=0.8)
    assert found is not None
    means, spreads = brute_force(0.8)
    parts = [part for group in found.parts for part in group]
    assert [part.mean for part in parts] == pytest.approx(means, abs=0.01)
    assert [part.spread for part in parts] == pytest.approx(spreads, abs=0.01)


def test_one_part_alone_is_left_as_it_is() -> None:
    found = two_level_pooling([[(8.0, 4.0)]])
    assert found is not None
    part = found.parts[0][0]
    assert (part.mean, part.spread) == pytest.approx((8, 2))
    assert part.interval() == pytest.approx((8 - 1.959964 * 2, 8 + 1.959964 * 2), abs=1e-5)
    assert part.above(8) == pytest.approx(0.5)
    assert part.beyond(8) == pytest.approx(2 / sqrt(2 * pi))  # the mean of the upper half of a normal


def test_order_and_unit_do_not_matter() -> None:
    plain = two_level_pooling(GROUPS)
    turned = two_level_pooling([list(reversed(group)) for group in reversed(GROUPS)])
    scaled = two_level_pooling(
        [[(100 * value, 1e4 * variance) for value, variance in group] for group in GROUPS]
    )
    assert plain is not None
    assert turned is not None
    assert scaled is not None
    there = [part.mean for group in plain.parts for part in group]
    assert [part.mean for group in reversed(turned.parts) for part in reversed(group)] == pytest.approx(there)
    assert [part.mean / 100 for group in scaled.parts for part in group] == pytest.approx(there)
    assert scaled.parts[0][0].interval() == pytest.approx(plain.parts[0][0].times(100).interval())


def test_equal_estimates_stay_and_certain_ones_keep_their_own() -> None:
    equal = two_level_pooling([[(2.0, 1.0)] * 5])
    apart = two_level_pooling([[(0.0, 1e-6), (10.0, 1e-6), (4.0, 1e-6)]])
    assert equal is not None
    assert apart is not None
    assert [part.mean for part in equal.parts[0]] == pytest.approx([2] * 5)
    assert equal.parts[0][0].spread < 0.8  # five know more than one
    assert [part.mean for part in apart.parts[0]] == pytest.approx([0, 10, 4], abs=1e-3)


def test_nothing_gives_nothing() -> None:
    assert two_level_pooling([]) is None
    assert two_level_pooling([[]]) is None


def test_a_mixture_of_two_normals() -> None:
    mixed = Mixture(np.array([0.25, 0.75]), np.array([0.0, 4.0]), np.array([1.0, 2.0]))
    assert mixed.mean == 3
    assert mixed.spread == pytest.approx(sqrt(0.25 * (1 + 9) + 0.75 * (4 + 1)))
    first, second = NormalDist(0, 1), NormalDist(4, 2)
    assert mixed.above(1) == pytest.approx(1 - 0.25 * first.cdf(1) - 0.75 * second.cdf(1))
    low, high = mixed.interval(0.8)
    for end, share in ((low, 0.1), (high, 0.9)):
        assert 0.25 * first.cdf(end) + 0.75 * second.cdf(end) == pytest.approx(share)


def test_the_best_of_many_is_not_taken_at_face_value() -> None:
    """Winner's curse: of twenty parts that differ less than their estimates err, the estimate of the best is too large by far,
    and what is believed of it is not; its intervals hold the truth as often as they say."""
    rng = np.random.default_rng(5)
    raw, pooled, held, tries = 0.0, 0.0, 0, 150
    for _ in range(tries):
        truth = 1 + 0.5 * rng.standard_normal(20)
        seen = truth + rng.standard_normal(20)
        found = two_level_pooling([[(float(value), 1.0) for value in seen]])
        assert found is not None
        place, best = max(enumerate(found.parts[0]), key=lambda pair: pair[1].mean)
        raw += (seen[place] - truth[place]) / tries
        pooled += (best.mean - truth[place]) / tries
        ends = best.interval()
        held += ends.low <= truth[place] <= ends.high
    assert raw > 1.2
    assert abs(pooled) < 0.25
    assert held / tries > 0.9


def test_the_prior_of_the_spreads_is_half_cauchy() -> None:
    """Two estimates without any noise to speak of: the posterior of the spread is prior times likelihood; the belief of a part
    not seen has the median absolute deviation that this gives."""
    gap, scale = 2.0, 1.0
    found = two_level_pooling([[(-gap / 2, 1e-8), (gap / 2, 1e-8)]], scale=scale)
    assert found is not None
    quantiles = (np.arange(20_000) + 0.5) / 20_000
    tau = scale * np.tan(pi * quantiles / 2)
    weight = np.exp(-(gap**2) / (4 * tau**2)) / tau
    weight /= weight.sum()
    inside = float(weight @ (2 * stats.norm.cdf(1 / (tau * sqrt(1.5))) - 1))
    unseen = found.unseen[0]
    assert unseen.above(-1) - unseen.above(1) == pytest.approx(inside, abs=0.02)
