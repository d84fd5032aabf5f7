"""How many units does a test need, and which difference does it find? Two-sided tests of two arms.

Shares: normal test of Cohen's h (Cohen 1988, 6.4). Means: t test of the standardised difference by the noncentral t
(Cohen 1988, 2.4). Clusters: design effect 1 + (m - 1) ICC (Kish 1965). `ratio` is units of the arm per unit of control.
"""

from __future__ import annotations

from collections.abc import Callable
from math import asin, pi, sin, sqrt
from statistics import NormalDist

from keguan.evidence.statistics.welch import t_quantile

ALPHA, POWER = 0.05, 0.8
MOST_UNITS = 1e12


def cohens_h(share: float, base: float) -> float:
    """Difference of two shares on the scale where its error does not depend on them."""
    return 2 * asin(sqrt(share)) - 2 * asin(sqrt(base))


def share_power(h: float, control: float, ratio: float = 1.0, alpha: float = ALPHA) -> float:
    """Chance that the test of two shares finds a difference h, with `control` units in the control arm."""
    shift = abs(h) * sqrt(control * ratio / (1 + ratio))
    edge = NormalDist().inv_cdf(1 - alpha / 2)
    return NormalDist().cdf(shift - edge) + NormalDist().cdf(-shift - edge)


def mean_power(d: float, control: float, ratio: float = 1.0, alpha: float = ALPHA) -> float:
    """Chance that the t test finds a difference of d standard deviations."""
    from scipy import special

    freedom = control * (1 + ratio) - 2
    if freedom <= 0:
        return 0.0
    shift = abs(d) * sqrt(control * ratio / (1 + ratio))
    if freedom > 1e6:  # the noncentral t is the normal here, and its series is slow
        edge = NormalDist().inv_cdf(1 - alpha / 2)
        return NormalDist().cdf(shift - edge) + NormalDist().cdf(-shift - edge)
    edge = t_quantile(1 - alpha / 2, freedom)
    below = float(special.nctdtr(freedom, shift, edge)), float(special.nctdtr(freedom, shift, -edge))
    return 1 - below[0] + (below[1] if below[1] == below[1] else 0.0)


def units_for_share(h: float, ratio: float = 1.0, alpha: float = ALPHA, power: float = POWER) -> float | None:
    """Units of the control arm; None for no difference."""
    return _solved(lambda n: share_power(h, n, ratio, alpha), power, 1.0) if h else None


def units_for_mean(d: float, ratio: float = 1.0, alpha: float = ALPHA, power: float = POWER) -> float | None:
    """Units of the control arm; None for no difference."""
    return _solved(lambda n: mean_power(d, n, ratio, alpha), power, 2.0) if d else None


def smallest_share(
    base: float, control: float, ratio: float = 1.0, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """The smallest rise of a share that is found; None where even a share of one is not."""
    h = _solved(lambda size: share_power(size, control, ratio, alpha), power, 1e-9, most=pi)
    start = asin(sqrt(base))
    if h is None or start + h / 2 > pi / 2:
        return None
    return sin(start + h / 2) ** 2 - base


def smallest_mean(
    control: float, ratio: float = 1.0, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """The smallest difference that is found, in standard deviations."""
    return _solved(lambda size: mean_power(size, control, ratio, alpha), power, 1e-9, most=1e3)


def design_effect(cluster_size: float, icc: float) -> float:
    """How many times more units a test needs whose units come in clusters of this size."""
    return 1 + (cluster_size - 1) * icc


def _solved(
    rising: Callable[[float], float], wanted: float, low: float, most: float = MOST_UNITS
) -> float | None:
    """Where a rising function reaches `wanted`, by halving; None beyond `most`."""
    if rising(low) >= wanted:
        return low
    high = low
    while rising(high) < wanted:
        if high >= most:
            return None
        high = min(high * 2, most)
    for _ in range(200):
        middle = (low + high) / 2
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
