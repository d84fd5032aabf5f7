"""Test that two independent proportions are equal (pooled score test, Pearson's chi-square with 1 df)."""

from __future__ import annotations

from math import erfc, sqrt


def two_proportions(x1: int, n1: int, x2: int, n2: int) -> float:
    """The two-sided p value of equal proportions; 1 when there is nothing to compare."""
    if n1 <= 0 or n2 <= 0:
        return 1.0
    pooled = (x1 + x2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance <= 0:
        return 1.0
    return two_sided((x1 / n1 - x2 / n2) / sqrt(variance))


def two_sided(z: float) -> float:
    """The two-sided p value of a standard normal statistic."""
    return erfc(abs(z) / sqrt(2))
