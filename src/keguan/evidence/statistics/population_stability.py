"""How far a distribution has moved: the population stability index, with the test that its size needs.

Index: sum over bins of (now - then) ln(now / then), shares with half a customer added to each bin. Where both are
samples of one population the index over (1/N + 1/M) is chi-square with bins - 1 degrees of freedom. Customers who are
in both samples make it smaller than that, so that the test errs towards finding nothing.

Source: Siddiqi (2006) for the index and the borders 0.1 and 0.25; Yurdakul and Naranjo (2020) for its distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, log

from keguan.evidence.statistics.incomplete_gamma import chi_square_tail

MODERATE, STRONG = 0.1, 0.25


@dataclass(frozen=True, slots=True)
class Stability:
    """The index, how many were compared, and the p of the hypothesis that nothing has moved."""

    index: float
    then: int
    now: int
    p: float


def population_stability(then: Sequence[int], now: Sequence[int]) -> Stability | None:
    """Counts of the same bins at two times; None with fewer than two bins or an empty side."""
    n, m, bins = sum(then), sum(now), len(then)
    if bins < 2 or bins != len(now) or n <= 0 or m <= 0:
        return None
    pairs = [((a + 0.5) / (n + bins / 2), (b + 0.5) / (m + bins / 2)) for a, b in zip(then, now, strict=True)]
    index = fsum((b - a) * log(b / a) for a, b in pairs)
    return Stability(index, n, m, chi_square_tail(index / (1 / n + 1 / m), bins - 1))
