"""Interval of the ratio of two independent proportions by the score method (Koopman 1984)."""

from __future__ import annotations

from math import exp, inf, log, sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval, z_value

STEPS = 80  # halvings of a span of logs: far below the digits that are kept
WIDEST = 50.0  # no ratio beyond e ** 50


def risk_ratio(x1: int, n1: int, x2: int, n2: int, level: float = LEVEL) -> Interval | None:
    """Between which values does (x1/n1) / (x2/n2) lie? From 0 when x1 is 0, to infinity when x2 is 0; None when
    a group is empty or nobody in either has the property."""
    if n1 <= 0 or n2 <= 0 or x1 + x2 <= 0:
        return None
    z = z_value(level)
    centre = log((x1 / n1) / (x2 / n2)) if x1 and x2 else (-WIDEST if not x1 else WIDEST)
    low = 0.0 if not x1 else _end(x1, n1, x2, n2, z, centre, -WIDEST)
    high = inf if not x2 else _end(x1, n1, x2, n2, z, centre, WIDEST)
    return Interval(low, high)


def _end(x1: int, n1: int, x2: int, n2: int, z: float, inside: float, outside: float) -> float:
    """Where the score statistic reaches z, between a log ratio inside the interval and one outside."""
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        if abs(_score(x1, n1, x2, n2, exp(middle))) < z:
            inside = middle
        else:
            outside = middle
    return exp((inside + outside) / 2)


def _score(x1: int, n1: int, x2: int, n2: int, ratio: float) -> float:
    """The standardised distance of x1/n1 from `ratio` times x2/n2, variance at that ratio."""
    a = (n1 + n2) * ratio
    b = (n1 + x2) * ratio + x1 + n2
    root = sqrt(max(b * b - 4 * a * (x1 + x2), 0.0))
    other = (b - root) / (2 * a)  # the second group's share, most likely under this ratio
    expected = ratio * other
    variance = expected * (1 - expected) / n1 + ratio * ratio * other * (1 - other) / n2
    distance = x1 / n1 - ratio * x2 / n2
    if variance <= 0:
        return 0.0 if distance == 0 else inf
    return distance / sqrt(variance)
