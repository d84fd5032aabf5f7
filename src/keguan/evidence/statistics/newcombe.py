"""Interval of the difference of two independent proportions (Newcombe 1998, method 10)."""

from __future__ import annotations

from math import sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval
from keguan.evidence.statistics.wilson import wilson


def newcombe(x1: int, n1: int, x2: int, n2: int, level: float = LEVEL) -> Interval | None:
    """Between which values does x1/n1 - x2/n2 lie? None when a group is empty."""
    first, second = wilson(x1, n1, level), wilson(x2, n2, level)
    if first is None or second is None:
        return None
    p1, p2 = x1 / n1, x2 / n2
    down = sqrt((p1 - first.low) ** 2 + (second.high - p2) ** 2)
    up = sqrt((first.high - p1) ** 2 + (p2 - second.low) ** 2)
    return Interval(p1 - p2 - down, p1 - p2 + up)
