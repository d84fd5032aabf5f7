"""Does a series of figures rise or fall? Mann-Kendall test with Sen's slope (Mann 1945; Kendall 1975; Sen 1968)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from keguan.evidence.statistics.two_proportions import two_sided


@dataclass(frozen=True, slots=True)
class SeriesTrend:
    """Sen's slope a step (the median of all pairwise slopes), and the two-sided p of no trend."""

    n: int
    slope: float
    s: int
    p: float


def mann_kendall(values: Sequence[float], fewest: int = 8) -> SeriesTrend | None:
    """The trend of equally spaced values; None with fewer than `fewest`. Ties are allowed for, and the normal
    limit takes Kendall's continuity correction."""
    n = len(values)
    if n < fewest:
        return None
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    s = sum((values[j] > values[i]) - (values[j] < values[i]) for i, j in pairs)
    slope = median((values[j] - values[i]) / (j - i) for i, j in pairs)
    tied = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
    if variance <= 0:
        return SeriesTrend(n, 0.0, 0, 1.0)
    z = (s - (s > 0) + (s < 0)) / sqrt(variance)
    return SeriesTrend(n, slope, s, two_sided(z))
