"""An interval and the normal quantile that most of them need."""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95  # every interval of a report is at this level, unless it says otherwise


class Interval(NamedTuple):
    """Lower and upper end of an interval estimate."""

    low: float
    high: float


def z_value(level: float = LEVEL) -> float:
    """The two-sided normal quantile: 1.96 at 95 %."""
    return NormalDist().inv_cdf(0.5 + level / 2)
