"""Student's t for whole degrees of freedom: tail and quantile (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4)."""

from __future__ import annotations

from math import atan, cos, pi, sin, sqrt

from keguan.evidence.statistics.interval import LEVEL


def t_two_sided(t: float, freedom: int) -> float:
    """P(|T| >= |t|). ValueError without a degree of freedom."""
    if freedom < 1:
        raise ValueError(f"{freedom} degrees of freedom")
    angle = atan(abs(t) / sqrt(freedom))
    term = total = 1.0
    if freedom % 2:
        for k in range(2, freedom - 1, 2):
            term *= k / (k + 1) * cos(angle) ** 2
            total += term
        inside = 2 / pi * (angle + (sin(angle) * cos(angle) * total if freedom > 1 else 0.0))
    else:
        for k in range(1, freedom - 2, 2):
            term *= k / (k + 1) * cos(angle) ** 2
            total += term
        inside = sin(angle) * total
    return min(1.0, max(0.0, 1 - inside))


def t_value(freedom: int, level: float = LEVEL) -> float:
    """The two-sided quantile: 2.228 for 10 degrees at 95 %."""
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        if t_two_sided(middle, freedom) > 1 - level:
            low = middle
        else:
            high = middle
    return (low + high) / 2
