"""The curve of incremental outcomes along a ranking, and the area between it and the random line.

covers: J8
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from keguan.evidence.statistics.qini import counted, drawn, ranking


def test_a_case_worked_by_hand() -> None:
    """Eight customers in two groups of equal scores. First four: treated 1, 1, control 0, 1, an effect of 1 - 1/2 = 1/2;
    last four: treated 0, 1, control 1, 0, an effect of 0. All: 3/4 - 2/4 = 1/4. Gains (0, 0), (1/2, 1/4), (1, 1/4):
    area 1/16 + 1/8 = 3/16... + 1/8 of the second trapezoid - 1/8 of the random line."""
    scores = np.array([2.0, 2, 2, 2, 1, 1, 1, 1])
    treated = np.array([1.0, 1, 0, 0, 1, 1, 0, 0])
    outcome = np.array([1.0, 1, 0, 1, 0, 1, 1, 0])
    sums = counted(ranking(scores), treated, outcome)
    assert sums.uplift(0.5) == 0.5
    assert sums.uplift(0.25) == 0.5  # half of a tied group: everybody of it alike
    assert sums.uplift(1.0) == 0.25
    assert list(sums.effects((0.0, 0.5, 1.0))) == [0.5, 0.0]
    assert sums.qini() == pytest.approx(0.5 * 0.25 / 2 + 0.5 * (0.25 + 0.25) / 2 - 0.25 / 2)


def plainly(
    scores: NDArray[np.float64], treated: NDArray[np.float64], outcome: NDArray[np.float64]
) -> tuple[list[float], list[float]]:
    """Depths and gains, by looking at all customers from each score up, one score after the other."""
    depths, gains = [0.0], [0.0]
    for border in sorted(set(scores.tolist()), reverse=True):
        top = scores >= border
        arm = treated[top] == 1
        if arm.any() and not arm.all():
            effect = outcome[top][arm].mean() - outcome[top][~arm].mean()
            depths.append(float(top.mean()))
            gains.append(float(top.mean()) * float(effect))
    return depths, gains


@pytest.mark.parametrize("levels", [3, 40, 10**9])
def test_against_an_independent_computation(levels: int) -> None:
    rng = np.random.default_rng(levels)
    scores = np.floor(rng.random(700) * levels) / levels
    treated = (rng.random(700) < 0.3).astype(float)
    outcome = rng.normal(size=700) + treated * scores
    depths, gains = plainly(scores, treated, outcome)
    sums = counted(ranking(scores), treated, outcome)
    found = sums.gains()
    told = found[0] > 0
    assert found[0][told] == pytest.approx(depths[1:])
    assert found[1][told] == pytest.approx(gains[1:])
    area = np.trapezoid(gains, depths) - gains[-1] / 2
    assert sums.qini() == pytest.approx(area)
    if levels == 10**9:  # no ties: the first 210 are just the first 210
        top = np.argsort(-scores)[:210]
        arm = treated[top] == 1
        assert sums.uplift(0.3) == pytest.approx(outcome[top][arm].mean() - outcome[top][~arm].mean())


def test_neither_order_nor_scale_nor_weights_of_one_show() -> None:
    rng = np.random.default_rng(5)
    scores, treated = rng.integers(0, 9, 300).astype(float), rng.integers(0, 2, 300).astype(float)
    outcome = rng.random(300)
    plain = counted(ranking(scores), treated, outcome)
    mixed = rng.permutation(300)
    other = counted(ranking(1000 * scores[mixed]), treated[mixed], outcome[mixed], np.ones(300))
    assert other.qini() == pytest.approx(plain.qini())
    twice = counted(ranking(scores), treated, outcome, np.full(300, 2.0))
    assert twice.uplift(0.3) == pytest.approx(plain.uplift(0.3))


def test_a_coarse_ranking_keeps_what_it_can() -> None:
    rng = np.random.default_rng(6)
    scores = rng.random(20_000)
    treated = rng.integers(0, 2, 20_000).astype(float)
    outcome = rng.random(20_000) + treated * scores
    fine = ranking(scores)
    coarse = fine.coarse(1000)
    assert (fine.groups, coarse.groups) == (20_000, 1000)
    one, other = counted(fine, treated, outcome), counted(coarse, treated, outcome)
    assert other.qini() == pytest.approx(one.qini(), abs=1e-3)
    assert other.uplift(0.3) == pytest.approx(one.uplift(0.3), abs=1e-3)
    assert ranking(np.zeros(50)).coarse(10).groups == 1


def test_one_arm_without_customers_has_no_effect_to_tell() -> None:
    sums = counted(ranking(np.arange(4.0)), np.ones(4), np.ones(4))
    assert np.isnan(sums.uplift(0.5))
    assert np.isnan(sums.qini())


def test_draws_of_a_bootstrap_are_weights() -> None:
    """A draw of groups of rows counts each row as often as its group was drawn."""
    rng = np.random.default_rng(8)
    scores, treated = rng.integers(0, 30, 400).astype(float), rng.integers(0, 2, 400).astype(float)
    outcome, bucket = rng.random(400), rng.integers(0, 20, 400)
    times = rng.integers(0, 3, (5, 20)).astype(float)
    parts = (treated, 1 - treated, treated * outcome, (1 - treated) * outcome)
    found = drawn(ranking(scores), parts, bucket, times)
    for row in range(5):
        one = counted(ranking(scores), treated, outcome, times[row][bucket])
        assert found.qinis()[row] == pytest.approx(one.qini())
        assert found.uplifts((0.3, 1.0))[row] == pytest.approx(one.uplifts((0.3, 1.0)))
        assert found.effects((0.0, 0.5, 1.0))[row] == pytest.approx(one.effects((0.0, 0.5, 1.0)))
