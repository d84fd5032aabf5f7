"""Student's t distribution for whole degrees of freedom, by its finite series.

Source: Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
"""

from __future__ import annotations

from math import atan2, cos, inf, pi, sin, sqrt


def t_two_sided(t: float, df: int) -> float:
    """P(|T| >= |t|); 1 at 0. ValueError without a degree of freedom."""
    if df < 1:
        raise ValueError(f"df = {df}")
    if t == 0:
        return 1.0
    theta = atan2(abs(t), sqrt(df)) if abs(t) != inf else pi / 2
    cosine = cos(theta)
    if df % 2:
        term, total = cosine, cosine if df > 1 else 0.0
        for j in range(3, df - 1, 2):
            term *= cosine * cosine * (j - 1) / j
            total += term
        inside = 2 / pi * (theta + sin(theta) * total)
    else:
        term, total = 1.0, 1.0
        for j in range(2, df - 1, 2):
            term *= cosine * cosine * (j - 1) / j
            total += term
        inside = sin(theta) * total
    return min(1.0, max(0.0, 1.0 - inside))


def t_value(df: int, level: float = 0.95) -> float:
    """The two-sided quantile: 4.303 for 2 degrees of freedom at 95 %."""
    low, high = 0.0, 1.0
    while t_two_sided(high, df) > 1 - level:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if t_two_sided(middle, df) > 1 - level:
            low = middle
        else:
            high = middle
    return (low + high) / 2
