"""Statistics under the forecast ledger: exact binomial, population stability, calibration in the large."""

from __future__ import annotations

from math import log

import pytest
from scipy import stats

from keguan.evidence.statistics.binomial_test import binomial_at_most
from keguan.evidence.statistics.calibration_in_the_large import large_test, odds_factor
from keguan.evidence.statistics.population_stability import population_stability


@pytest.mark.parametrize(
    ("count", "n", "share"), [(2, 6, 0.8), (0, 8, 0.8), (25, 30, 0.8), (700, 1000, 0.75), (0, 1, 0.5)]
)
def test_the_binomial_tail_is_that_of_scipy(count: int, n: int, share: float) -> None:
    """Clopper and Pearson (1934)."""
    wanted = stats.binomtest(count, n, share, alternative="less").pvalue
    assert binomial_at_most(count, n, share) == pytest.approx(wanted, rel=1e-9)


def test_the_binomial_tail_at_its_ends() -> None:
    """Two of six within an 80 % interval: 0.2^6 + 6 0.8 0.2^5 + 15 0.64 0.2^4 = 0.01696."""
    assert binomial_at_most(2, 6, 0.8) == pytest.approx(0.01696)
    assert (binomial_at_most(6, 6, 0.8), binomial_at_most(-1, 6, 0.8)) == (1.0, 0.0)
    assert (binomial_at_most(3, 6, 1.0), binomial_at_most(3, 6, 0.0)) == (0.0, 1.0)
    with pytest.raises(ValueError, match="share"):
        binomial_at_most(1, 2, 1.5)


def test_the_stability_index_by_hand() -> None:
    """Half a customer is added to each bin: 60.5, 40.5 of 101 then, 40.5, 60.5 of 101 now."""
    found = population_stability((60, 40), (40, 60))
    a, b = 60.5 / 101, 40.5 / 101
    assert found is not None
    assert found.index == pytest.approx(2 * (a - b) * log(a / b))
    assert found.p == pytest.approx(stats.chi2.sf(found.index * 50, 1))
    assert (found.then, found.now) == (100, 100)


def test_the_stability_index_of_two_samples_of_one_population_is_chi_square() -> None:
    """Yurdakul and Naranjo (2020): about one in twenty passes the 5 % test where nothing has moved."""
    import numpy as np

    random, shares = np.random.default_rng(4), [0.1] * 10
    found = [
        population_stability(
            random.multinomial(800, shares).tolist(), random.multinomial(500, shares).tolist()
        )
        for _ in range(600)
    ]
    share = sum(item is not None and item.p < 0.05 for item in found) / len(found)
    assert 0.025 < share < 0.075


@pytest.mark.parametrize(
    ("then", "now"), [((5,), (5,)), ((0, 0), (1, 2)), ((1, 2), (0, 0)), ((1, 2), (1, 2, 3))]
)
def test_no_index_without_bins_or_customers(then: tuple[int, ...], now: tuple[int, ...]) -> None:
    assert population_stability(then, now) is None


def test_as_many_events_as_expected() -> None:
    """100 customers at 0.3: 21 expected variance; 39.5 events are two standard errors off."""
    assert large_test(30, 30.0, 21.0) == 1.0
    assert large_test(30 + 1.959964 * 21**0.5, 30.0, 21.0) == pytest.approx(0.05, abs=1e-6)
    assert (large_test(3, 3.0, 0.0), large_test(4, 3.0, 0.0)) == (1.0, 0.0)


def test_odds_are_multiplied_until_the_probabilities_sum_to_the_events() -> None:
    """Everybody at 0.2 and half of them left: the odds 1/4 must become 1."""
    assert odds_factor([(0.2, 100)], 50) == pytest.approx(4.0)
    groups = [(0.1, 300), (0.5, 80), (0.9, 20), (1.0, 5)]
    factor = odds_factor(groups, 150)
    assert factor is not None
    assert sum(n * p * factor / (1 - p + p * factor) for p, n in groups) == pytest.approx(150)


@pytest.mark.parametrize(
    ("groups", "events"), [([(0.2, 10)], 0), ([(0.2, 10)], 10), ([(1.0, 10)], 10), ([], 0), ([(0.0, 5)], 2)]
)
def test_no_factor_where_none_can_make_them_agree(groups: list[tuple[float, int]], events: int) -> None:
    assert odds_factor(groups, events) is None
