"""Difference of two independent proportions by the score method (Miettinen and Nurminen 1985).

Interval and p come from one statistic, so that p is below 5 % just where the 95 % interval leaves zero out. The shares
under a difference are most likely ones, found as the root of the score equation between its bounds.
"""

from __future__ import annotations

from math import inf, sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval, z_value
from keguan.evidence.statistics.two_proportions import two_sided

STEPS = 80  # halvings at most: far below the digits that are kept


def miettinen_nurminen(
    x1: int, n1: int, x2: int, n2: int, level: float = LEVEL
) -> tuple[Interval, float] | None:
    """Interval of x1/n1 - x2/n2 and the two-sided p of no difference; None when a group is empty. ValueError for more
    successes than trials."""
    if n1 <= 0 or n2 <= 0:
        return None
    if not (0 <= x1 <= n1 and 0 <= x2 <= n2):
        raise ValueError(f"{x1} of {n1}, {x2} of {n2}")
    z, seen = z_value(level), x1 / n1 - x2 / n2
    low = -1.0 if seen == -1 else _end(x1, n1, x2, n2, z, seen, -1.0)
    high = 1.0 if seen == 1 else _end(x1, n1, x2, n2, z, seen, 1.0)
    score = _score(x1, n1, x2, n2, 0.0)
    return Interval(low, high), 1.0 if score == 0 else two_sided(score)


def _end(x1: int, n1: int, x2: int, n2: int, z: float, inside: float, outside: float) -> float:
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        if middle in (inside, outside):
            break
        if abs(_score(x1, n1, x2, n2, middle)) < z:
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2


def _score(x1: int, n1: int, x2: int, n2: int, difference: float) -> float:
    """The distance of the observed from a supposed difference in standard errors under that difference."""
    second = _likeliest(x1, n1, x2, n2, difference)
    first = min(1.0, max(0.0, second + difference))
    n = n1 + n2
    variance = (first * (1 - first) / n1 + second * (1 - second) / n2) * n / (n - 1)
    distance = x1 / n1 - x2 / n2 - difference
    if variance <= 1e-300:
        return 0.0 if abs(distance) < 1e-15 else inf
    return distance / sqrt(variance)


def _likeliest(x1: int, n1: int, x2: int, n2: int, difference: float) -> float:
    """The second share that makes the counts most likely when the first is larger by `difference`: the log-likelihood
    is concave, so that its slope changes sign once."""
    low, high = max(0.0, -difference), min(1.0, 1.0 - difference)
    if difference == 0:
        return (x1 + x2) / (n1 + n2)
    for _ in range(STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if _slope(x1, n1, x2, n2, middle, difference) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _slope(x1: int, n1: int, x2: int, n2: int, second: float, difference: float) -> float:
    first = second + difference
    slope = 0.0
    for hits, misses, share in ((x1, n1 - x1, first), (x2, n2 - x2, second)):
        slope += hits / share if hits and share > 0 else inf if hits else 0.0
        slope -= misses / (1 - share) if misses and share < 1 else inf if misses else 0.0
    return slope
