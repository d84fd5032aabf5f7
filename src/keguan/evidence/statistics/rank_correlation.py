"""Spearman's rank correlation of two ordered answers from counts of pairs, with an interval.

Ties share the middle rank. Interval: Fisher's z with the variance of Bonett and Wright (2000), (1 + r²/2) / (n - 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import atanh, sqrt, tanh

from keguan.evidence.statistics.interval import LEVEL, z_value
from keguan.evidence.statistics.two_proportions import two_sided


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """The correlation, its interval, and the two-sided p of none (z of the same variance at r = 0)."""

    n: int
    r: float
    low: float
    high: float
    p: float


def rank_correlation(
    counts: Mapping[tuple[float, float], int], level: float = LEVEL
) -> RankCorrelation | None:
    """`counts`: (first answer, second answer) -> how many gave both. None with fewer than four pairs, or when
    one of the two never differs."""
    n = sum(counts.values())
    if n < 4:
        return None
    first, second = _ranks(counts, 0), _ranks(counts, 1)
    middle = (n + 1) / 2
    sxy = sum(c * (first[x] - middle) * (second[y] - middle) for (x, y), c in counts.items())
    sxx = sum(c * (first[x] - middle) ** 2 for (x, _), c in counts.items())
    syy = sum(c * (second[y] - middle) ** 2 for (_, y), c in counts.items())
    if sxx <= 0 or syy <= 0:
        return None
    r = max(-1.0, min(1.0, sxy / sqrt(sxx * syy)))
    if abs(r) > 1 - 1e-12:
        return RankCorrelation(n, r, r, r, 0.0)
    reach = z_value(level) * sqrt((1 + r * r / 2) / (n - 3))
    return RankCorrelation(
        n, r, tanh(atanh(r) - reach), tanh(atanh(r) + reach), two_sided(atanh(r) * sqrt(n - 3))
    )


def _ranks(counts: Mapping[tuple[float, float], int], side: int) -> dict[float, float]:
    """Answer -> the mean of the ranks of all who gave it."""
    sizes: dict[float, int] = {}
    for pair, count in counts.items():
        sizes[pair[side]] = sizes.get(pair[side], 0) + count
    ranks, below = {}, 0
    for answer in sorted(sizes):
        ranks[answer] = below + (sizes[answer] + 1) / 2
        below += sizes[answer]
    return ranks
