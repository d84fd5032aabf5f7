"""Wilson score interval of a proportion (Wilson 1927; Newcombe 1998, method 3)."""

from __future__ import annotations

from math import sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval, z_value


def wilson(successes: int, n: int, level: float = LEVEL) -> Interval | None:
    """Between which shares does the true proportion lie? Both ends within 0..1; None when n is 0."""
    if n <= 0:
        return None
    z = z_value(level)
    share = successes / n
    centre = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else max(0.0, (centre - half) / scale)
    high = 1.0 if successes == n else min(1.0, (centre + half) / scale)
    return Interval(low, high)
