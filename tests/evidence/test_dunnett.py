"""Many arms against one control: Dunnett's own example and tables, scipy's samples, and a simulation by hand.

covers: J7
"""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from scipy import stats

from keguan.evidence.statistics.dunnett import dunnett_p, dunnett_value, share_of_control, within

# Dunnett (1955): blood counts of 15 animals, millions of cells per cubic millimetre.
CONTROL = [7.40, 8.50, 7.20, 8.24, 9.84, 8.32]
DRUG_A = [9.76, 8.80, 7.68, 9.36]
DRUG_B = [12.80, 9.68, 12.16, 9.20, 10.55]


def compared(control: list[float], *arms: list[float]) -> tuple[list[float], tuple[float, ...], float]:
    """Statistics with one variance for all, shares of the control, degrees of freedom."""
    groups = [np.array(values) for values in (control, *arms)]
    freedom = sum(len(values) - 1 for values in groups)
    variance = sum(((values - values.mean()) ** 2).sum() for values in groups) / freedom
    base = groups[0]
    found = [
        (values.mean() - base.mean()) / sqrt(variance * (1 / len(values) + 1 / len(base)))
        for values in groups[1:]
    ]
    shares = tuple(share_of_control(1 / len(values), 1 / len(base)) for values in groups[1:])
    return found, shares, float(freedom)


def test_the_example_of_dunnett_1955() -> None:
    """Drug B differs from the control, drug A does not; p as scipy and multcomp give them."""
    found, shares, freedom = compared(CONTROL, DRUG_A, DRUG_B)
    assert freedom == 12
    p = dunnett_p(found, shares, freedom)
    assert p == pytest.approx([0.62004941, 0.0059035], abs=2e-4)
    assert p == pytest.approx(stats.dunnett(DRUG_A, DRUG_B, control=CONTROL).pvalue, abs=2e-4)


@pytest.mark.parametrize(
    ("arms", "freedom", "value"),
    [(2, inf, 2.21), (3, inf, 2.35), (4, inf, 2.44), (5, inf, 2.51), (2, 10, 2.57), (3, 20, 2.54), (9, inf, 2.69),
     (2, 60, 2.27)],
)  # fmt: skip
def test_the_tables_of_dunnett_1964(arms: int, freedom: float, value: float) -> None:
    """Two-sided, 5 %, arms of the control's size: the correlation of two differences is a half."""
    shares = (sqrt(0.5),) * arms
    assert dunnett_value(shares, freedom) == pytest.approx(value, abs=0.006)


def test_intervals_of_unequal_arms_are_those_of_scipy() -> None:
    rng = np.random.default_rng(4)
    groups = [rng.normal(0.2 * at, 1, size) for at, size in enumerate((40, 15, 80, 30))]
    control, *arms = [list(map(float, values)) for values in groups]
    found, shares, freedom = compared(control, *arms)
    theirs = stats.dunnett(*arms, control=control, random_state=1)
    assert dunnett_p(found, shares, freedom) == pytest.approx(theirs.pvalue, abs=1e-3)
    ends = theirs.confidence_interval(0.95)
    ours = dunnett_value(shares, freedom)
    reach = [(high - low) / 2 for low, high in zip(ends.low, ends.high, strict=True)]
    errors = [(np.mean(arm) - np.mean(control)) / t for arm, t in zip(arms, found, strict=True)]
    assert [ours * error for error in errors] == pytest.approx(reach, rel=2e-3)


def test_one_arm_alone_is_students_test_and_more_arms_cost_less_than_bonferroni() -> None:
    assert dunnett_p([2.1], [0.6], 14) == pytest.approx([2 * stats.t.sf(2.1, 14)], abs=1e-4)
    (p, _, _) = dunnett_p([2.3, 0.1, -0.4], [0.7, 0.7, 0.7])
    assert 2 * stats.norm.sf(2.3) < p < 3 * 2 * stats.norm.sf(2.3)
    assert within(0.0, (0.5, 0.5)) == pytest.approx(0, abs=1e-12)
    assert dunnett_p([40.0, 0.0], [0.7, 0.7])[0] < 1e-12


def test_the_chance_of_a_false_winner_is_the_one_that_is_promised() -> None:
    """Twenty thousand tests of four arms of unequal size, none of which differs."""
    rng = np.random.default_rng(11)
    sizes, base = np.array([400.0, 100, 900, 200]), 150.0
    means = rng.normal(0, 1, (20_000, 4)) / np.sqrt(sizes)
    control = rng.normal(0, 1, (20_000, 1)) / sqrt(base)
    largest = np.abs((means - control) / np.sqrt(1 / sizes + 1 / base)).max(axis=1)
    value = dunnett_value(tuple(share_of_control(1 / size, 1 / base) for size in sizes))
    assert (largest > value).mean() == pytest.approx(0.05, abs=0.005)
