"""Log-rank test of two groups from counts: is one slower than the other? (Mantel 1966; Peto and Peto 1972)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from keguan.evidence.statistics.two_proportions import two_sided

Counts = Iterable[tuple[float, int, int]]


@dataclass(frozen=True, slots=True)
class LogRank:
    """Events of the first group, those expected of it if both were alike, and the two-sided p."""

    observed: int
    expected: float
    z: float
    p: float


def log_rank(one: Counts, other: Counts) -> LogRank | None:
    """Each group as (time, events, censored); z > 0: the first group has more events than expected, so is
    faster. None without events or with an empty group."""
    first, second = _by_time(one), _by_time(other)
    n1, n2 = (sum(sum(pair) for pair in group.values()) for group in (first, second))
    if n1 == 0 or n2 == 0:
        return None
    observed, expected, variance = 0, 0.0, 0.0
    for time in sorted({*first, *second}):
        (d1, c1), (d2, c2) = first.get(time, (0, 0)), second.get(time, (0, 0))
        d, n = d1 + d2, n1 + n2
        if d and n:
            observed += d1
            expected += d * n1 / n
            if n > 1:
                variance += d * (n1 / n) * (n2 / n) * (n - d) / (n - 1)
        n1, n2 = n1 - d1 - c1, n2 - d2 - c2
    if variance <= 0:
        return None
    z = (observed - expected) / sqrt(variance)
    return LogRank(observed, expected, z, two_sided(z))


def _by_time(counts: Counts) -> dict[float, tuple[int, int]]:
    found: dict[float, tuple[int, int]] = {}
    for time, events, censored in counts:
        had, left = found.get(time, (0, 0))
        found[time] = (had + events, left + censored)
    return found
