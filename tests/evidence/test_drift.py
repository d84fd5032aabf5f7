"""Drift of a share: by hand, against scipy, and on wandering series that have none."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from scipy import stats

from keguan.evidence.statistics.drift import drift

SHARES = [0.10, 0.12, 0.13, 0.16, 0.17, 0.20]


def test_against_an_independent_computation() -> None:
    found = drift(SHARES, [10**9] * 6)
    assert found is not None
    changes = [b - a for a, b in pairwise(SHARES)]
    other = stats.ttest_1samp(changes, 0)
    assert found.p == pytest.approx(other.pvalue)
    ends = other.confidence_interval()
    assert (found.low, found.high) == (pytest.approx(5 * ends.low), pytest.approx(5 * ends.high))
    assert found.change == pytest.approx(0.1)


def test_sampling_is_the_least_spread() -> None:
    """Equal steps of a small shop: without the floor any straight line would be sure."""
    found = drift([0.1, 0.12, 0.14, 0.16, 0.18], [50] * 5)
    assert found is not None
    assert found.p > 0.3


def test_wandering_series_are_found_at_the_level_of_the_test() -> None:
    rng, sure = random.Random(11), 0
    for _ in range(1000):
        shares = [0.5]
        for _ in range(7):
            shares.append(shares[-1] + rng.gauss(0, 0.01))
        found = drift(shares, [10**7] * 8)
        assert found is not None
        sure += found.p <= 0.05
    assert 30 <= sure <= 70


def test_too_short_or_nobody() -> None:
    assert drift([0.1, 0.2, 0.3, 0.4], [100] * 4) is None
    assert drift(SHARES, [10, 10, 0, 10, 10, 10]) is None


def test_nothing_changed() -> None:
    found = drift([0.0] * 6, [100] * 6)
    assert found is not None
    assert found.p == 1
