"""What the data leave to believe about an effect: normal posterior, and beta posteriors of two shares.

Normal: a normal prior (none: flat) and the normal likelihood of an estimate with its standard error (Gelman et al. 2013,
2.5). Beta: a uniform prior on each share, the chance that one is larger by Gauss-Legendre quadrature.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, pi, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from keguan.evidence.statistics.interval import LEVEL, Interval, z_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Posterior:
    """Mean and interval of the effect; the chance that it is above zero; what is lost on average by staying with the
    control, and by taking the arm, in the unit of the effect."""

    mean: float
    interval: Interval
    chance: float
    loss_of_control: float
    loss_of_arm: float


def normal_posterior(
    effect: float, error: float, *, prior: tuple[float, float] | None = None, level: float = LEVEL
) -> Posterior | None:
    """`prior`: mean and standard deviation. None where the effect has no error to weigh."""
    if error <= 0 or (prior is not None and prior[1] <= 0):
        return None
    mean, spread = effect, error
    if prior is not None:
        weight, before = 1 / error**2, 1 / prior[1] ** 2
        mean = (effect * weight + prior[0] * before) / (weight + before)
        spread = sqrt(1 / (weight + before))
    chance = NormalDist().cdf(mean / spread)
    density = exp(-((mean / spread) ** 2) / 2) / sqrt(2 * pi)
    reach = z_value(level) * spread
    return Posterior(
        mean, Interval(mean - reach, mean + reach), chance,
        mean * chance + spread * density, max(0.0, spread * density - mean * (1 - chance)),
    )  # fmt: skip


@cache
def _nodes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes and weights of the quadrature: the eigenvalues of a 400 x 400 matrix, worth finding once."""
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(400)
    return nodes, weights


def chance_of_larger_share(x1: int, n1: int, x2: int, n2: int) -> float:
    """P(first share > second share) with uniform priors: the integral of the first's density times the second's
    distribution function, over the range where the first lies."""
    import numpy as np
    from scipy import special

    a, b, c, d = x1 + 1, n1 - x1 + 1, x2 + 1, n2 - x2 + 1
    centre, spread = a / (a + b), sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    low, high = max(0.0, centre - 12 * spread), min(1.0, centre + 12 * spread)
    nodes, weights = _nodes()
    share = (high - low) / 2 * nodes + (high + low) / 2
    log_density = special.xlogy(a - 1, share) + special.xlog1py(b - 1, -share) - special.betaln(a, b)
    below = special.betainc(c, d, share)
    found = float(np.sum(weights * np.exp(log_density) * below) * (high - low) / 2)
    return min(1.0, max(0.0, found))
