"""Spells in which a rate differed: by hand, by brute force, on planted and on empty data."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.spell_scan import clustered, scatter, spell_scan, strongest


def plain_ratio(x: list[int], n: list[int], start: int, end: int) -> float:
    """Log likelihood of two rates less that of one, written out."""

    def likelihood(hits: int, trials: int) -> float:
        misses = trials - hits
        return sum(count * log(count / trials) for count in (hits, misses) if count)

    a, m = sum(x[start:end]), sum(n[start:end])
    b, k = sum(x) - a, sum(n) - m
    return likelihood(a, m) + likelihood(b, k) - likelihood(a + b, m + k)


def test_the_strongest_spell_is_that_of_a_search_written_out() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        n = rng.integers(20, 60, size=9)
        x = rng.binomial(n, rng.uniform(0.2, 0.9, size=9))
        found = strongest(x, n, 30)
        tried = {
            (start, end - 1): plain_ratio(x.tolist(), n.tolist(), start, end)
            for start in range(9)
            for end in range(start + 1, min(start + 4, 9) + 1)
            if n[start:end].sum() >= 30
        }
        best = max(tried, key=lambda spell: tried[spell])
        assert found is not None
        assert found[:2] == best
        assert found[2] == pytest.approx(tried[best])


def test_a_planted_spell_is_found_with_its_ends() -> None:
    n = [40] * 20
    x = [32] * 20
    for week in (8, 9, 10):
        x[week] = 16
    spell = spell_scan(x, n)
    assert spell is not None
    assert (spell.first, spell.last) == (8, 10)
    assert (spell.hits_in, spell.trials_in, spell.hits_out, spell.trials_out) == (48, 120, 544, 680)
    assert spell.rate_in == pytest.approx(0.4)
    assert spell.rate_out == pytest.approx(0.8)
    assert spell.p < 1e-6


def test_the_level_holds_on_data_without_a_spell() -> None:
    """Over 200 sets of small data without any spell, p <= .05 comes up as often as it should."""
    rng = np.random.default_rng(7)
    p_values = []
    for seed in range(200):
        n = rng.integers(8, 40, size=15)
        spell = spell_scan(rng.binomial(n, 0.55), n, seed=seed)
        assert spell is not None
        p_values.append(spell.p)
    below = sum(p <= 0.05 for p in p_values)
    assert below <= 18  # 10 expected; more than 18 happens once in 200
    assert sum(p <= 0.5 for p in p_values) == pytest.approx(100, abs=25)
    assert min(benjamini_hochberg(p_values)) > 0.05


def test_visits_that_come_in_clusters_are_allowed_for() -> None:
    """Every visitor comes four times and always ends alike: a quarter of the trials are worth anything."""
    rng = np.random.default_rng(3)
    naive, allowed = 0, 0
    for seed in range(100):
        visitors = rng.integers(4, 12, size=12)
        ends = rng.binomial(visitors, 0.5)
        x, n = 4 * ends, 4 * visitors
        width = clustered(
            16 * int(ends.sum()), 16 * int(ends.sum()), 16 * int(visitors.sum()), int(x.sum()), int(n.sum())
        )
        assert width == pytest.approx(4)
        plain, wide = spell_scan(x, n, seed=seed), spell_scan(x, n, inflation=width, seed=seed)
        assert plain is not None
        assert wide is not None
        naive += plain.p <= 0.05
        allowed += wide.p <= 0.05
    assert naive > 40
    assert allowed <= 12


def test_a_rate_that_jumps_every_week_has_no_spell() -> None:
    rng = np.random.default_rng(4)
    n = np.full(40, 200)
    jumping = rng.binomial(n, rng.uniform(0.3, 0.7, size=40))
    width = scatter(jumping, n)
    assert width > 5
    spell = spell_scan(jumping, n, inflation=width)
    assert spell is not None
    assert spell.p > 0.05


def test_a_spell_is_no_scatter() -> None:
    n = np.full(20, 100)
    x = np.random.default_rng(6).binomial(n, [0.8] * 8 + [0.3] * 4 + [0.8] * 8)
    assert scatter(x, n) < 2


@pytest.mark.parametrize(
    ("hits", "trials"),
    [([], []), ([0] * 8, [50] * 8), ([50] * 8, [50] * 8), ([1, 0], [2, 2]), ([5], [10]), ([0] * 4, [0] * 4)],
)
def test_nothing_is_found_where_nothing_can_differ(hits: list[int], trials: list[int]) -> None:
    assert spell_scan(hits, trials) is None
    assert scatter(hits, trials) == 1
    assert clustered(0, 0, 0, sum(hits), sum(trials)) == 1


def test_the_same_data_give_the_same_p() -> None:
    x, n = [12, 9, 14, 3, 4, 13], [20] * 6
    assert spell_scan(x, n) == spell_scan(x, n)
