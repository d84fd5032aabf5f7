"""Several arms against one control: p values and intervals that hold for all of them at once.

Differences from the same control are correlated: with errors v of the arms and w of the control, the correlation of two of
them is the product of their `share_of_control`, sqrt(w / (v + w)). So the largest of them has a distribution of its own,
narrower than Bonferroni's bound, found by integrating over the error of the control and over the common variance.

Source: Dunnett (1955), Dunnett (1964) for arms of unequal size.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import inf, sqrt
from typing import Any

MANY = 2000.0  # degrees of freedom from which the variance counts as known
POINTS, SPREADS, REACH = 301, 48, 8.5


def share_of_control(arm_error_squared: float, control_error_squared: float) -> float:
    """What of the error of a difference is the control's: its correlation with the control, up to the sign."""
    both = arm_error_squared + control_error_squared
    return sqrt(control_error_squared / both) if both > 0 else 0.0


def dunnett_p(statistics: Sequence[float], shares: Sequence[float], freedom: float = inf) -> list[float]:
    """Two-sided p of each statistic (difference over its error), corrected for all of them, in the order given.

    `shares`: `share_of_control` of each. Never below the p of the arm alone.
    """
    from keguan.evidence.statistics.welch import t_tails

    found = [1 - within(abs(value), tuple(shares), freedom) for value in statistics]
    return [
        min(1.0, max(p, t_tails(value, min(freedom, 1e12))))
        for p, value in zip(found, statistics, strict=True)
    ]


@lru_cache(maxsize=64)
def dunnett_value(shares: tuple[float, ...], freedom: float = inf, level: float = 0.95) -> float:
    """The value within which all statistics lie with probability `level` where no arm differs: 2.21 for two arms of the
    control's size and many units at 95 %."""
    low, high = 0.0, 4.0
    while within(high, shares, freedom) < level:
        high *= 2
    for _ in range(40):
        middle = (low + high) / 2
        if within(middle, shares, freedom) < level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def within(value: float, shares: tuple[float, ...], freedom: float = inf) -> float:
    """The probability that no statistic is larger than `value` in size, where no arm differs."""
    import numpy as np
    from scipy import special

    z, weights = _points()
    spreads, spread_weights = _spreads(freedom)
    inside: Any = np.ones((len(spreads), len(z)))
    for share in shares:
        rest = sqrt(max(1 - share * share, 1e-12))
        reach = value * spreads[:, None]
        inside *= special.ndtr((share * z + reach) / rest) - special.ndtr((share * z - reach) / rest)
    return float(min(1.0, spread_weights @ inside @ weights))


@lru_cache(maxsize=1)
def _points() -> tuple[Any, Any]:
    """The error of the control: points and weights of the normal density."""
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    z = nodes * REACH
    density = np.exp(-z * z / 2) / sqrt(2 * np.pi) * weights * REACH
    return z, density / density.sum()


@lru_cache(maxsize=64)
def _spreads(freedom: float) -> tuple[Any, Any]:
    """The estimated over the true standard deviation: points and weights."""
    import numpy as np
    from scipy import special

    if freedom > MANY:
        return np.ones(1), np.ones(1)
    nodes, weights = np.polynomial.legendre.leggauss(SPREADS)
    quantiles = 2 * special.gammaincinv(freedom / 2, (nodes + 1) / 2)
    return np.sqrt(quantiles / freedom), weights / 2
