"""Whether a share drifts: the mean of its changes from one period end to the next against their own variation.

The customers of one period end are mostly those of the one before, so that a test of independent samples
(Cochran-Armitage) would find a trend in every wandering series. The changes are taken as the observations:
one-sample t test of their mean (a random walk with drift), the spread never smaller than sampling alone gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, sqrt

from keguan.evidence.statistics.interval import LEVEL
from keguan.evidence.statistics.student_t import t_two_sided, t_value

FEWEST_CHANGES = 4


@dataclass(frozen=True, slots=True)
class Drift:
    """From the first share to the last: the whole change, its interval and the two-sided p."""

    changes: int
    change: float
    low: float
    high: float
    p: float


def drift(shares: Sequence[float], sizes: Sequence[int], level: float = LEVEL) -> Drift | None:
    """`shares` at period ends in order and how many customers each is of; None with fewer than 4 changes."""
    changes = [after - before for before, after in pairwise(shares)]
    k = len(changes)
    if k < FEWEST_CHANGES or min(sizes) <= 0:
        return None
    mean = fsum(changes) / k
    spread = fsum((change - mean) ** 2 for change in changes) / (k - 1)
    chance = fsum(max(0.0, share * (1 - share)) / size for share, size in zip(shares, sizes, strict=True)) / (
        k + 1
    )
    error = sqrt(max(spread, chance) / k)
    total = shares[-1] - shares[0]
    if error == 0:
        return Drift(k, total, total, total, 1.0 if mean == 0 else 0.0)
    half = t_value(k - 1, level) * error
    return Drift(k, total, k * (mean - half), k * (mean + half), t_two_sided(mean / error, k - 1))
