"""An interval that holds at every look: asymptotic confidence sequence by a normal mixture.

Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021, arXiv:2103.06476v7), equations 9 and 155. It is narrowest near
`tuning` units, which is set before the start.
"""

from __future__ import annotations

from math import exp, inf, log, sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval
from keguan.evidence.statistics.welch import Difference

TUNING = 5000  # units of both arms at which the interval is narrowest


def always_valid(found: Difference, units: int, level: float = LEVEL, tuning: float = TUNING) -> Difference:
    """The same difference with the interval and p that hold whenever one looks. `units`: of both arms. ValueError unless
    `tuning` is positive."""
    if tuning <= 0:
        raise ValueError(f"tuning = {tuning}")
    if found.error <= 0 or units <= 0:
        return found
    alpha = 1 - level
    rho = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / tuning  # squared
    grown = units * rho + 1
    reach = found.error * sqrt(2 * grown * log(sqrt(grown) / alpha) / (units * rho))
    exponent = units * rho * (found.value / found.error) ** 2 / (2 * grown)
    p = min(1.0, sqrt(grown) * exp(-exponent)) if exponent < 700 else 0.0
    return Difference(found.value, found.error, inf, Interval(found.value - reach, found.value + reach), p)
