"""Estimates of parts of groups, each drawn to its group and groups to each other, so that the best of them is not the luckiest.

Normal model of two levels: an estimate y of a part has a known variance; the part's true value is normal around its group's
mean with the spread tau, group means are normal around a common mean with the spread omega. The common mean is flat, tau and
omega are half-Cauchy (Gelman 2006), and both are integrated out over a grid (Rubin 1981; Gelman et al. 2013, 5.4-5.5). What is
left of a part is a mixture of normals: its mean, quantiles and chances are exact for the grid, and nothing is drawn by lot.
Comparisons between parts need no further correction for their number (Gelman, Hill and Yajima 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from keguan.evidence.statistics.interval import LEVEL, Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS = 60  # points of the grid of each spread
FROM, TO = 0.01, 300.0  # its ends, in typical standard errors; even in logarithms
BEYOND = 30.0  # ranges of the estimates that it reaches at least
NOTHING = 1e-10  # weight of a point of the grid, against the heaviest, that is left out
TINY = 1e-9  # of the standard deviation: how closely a quantile is found


@dataclass(frozen=True, eq=False)
class Mixture:
    """What is believed of one value: normals with weights that add up to one."""

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    spreads: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """The expected value."""
        return float(self.weights @ self.means)

    @property
    def spread(self) -> float:
        """Its standard deviation."""
        centre = self.mean
        return sqrt(float(self.weights @ (self.spreads**2 + (self.means - centre) ** 2)))

    def times(self, factor: float) -> Mixture:
        """The same in another unit; `factor` is above zero."""
        return Mixture(self.weights, self.means * factor, self.spreads * factor)

    def above(self, edge: float) -> float:
        """The chance that the value is above `edge`."""
        from scipy import special

        return float(self.weights @ special.ndtr((self.means - edge) / self.spreads))

    def beyond(self, edge: float) -> float:
        """The expected excess over `edge`: the mean of max(value - edge, 0)."""
        import numpy as np
        from scipy import special

        gap = self.means - edge
        z = gap / self.spreads
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        return float(self.weights @ (gap * special.ndtr(z) + self.spreads * density))

    def interval(self, level: float = LEVEL) -> Interval:
        """The range that leaves out as much on either side."""
        tail = (1 - level) / 2
        return Interval(self._quantile(tail), self._quantile(1 - tail))

    def _quantile(self, share: float) -> float:
        low, high = float((self.means - 9 * self.spreads).min()), float((self.means + 9 * self.spreads).max())
        near = TINY * self.spread
        while high - low > near:
            middle = (low + high) / 2
            if 1 - self.above(middle) < share:
                low = middle
            else:
                high = middle
        return (low + high) / 2


@dataclass(frozen=True)
class Pooled:
    """`parts`: of each group, what is believed of each of its parts; `groups`: of the group's mean; `unseen`: of a part of the
    group that has no estimate of its own."""

    parts: tuple[tuple[Mixture, ...], ...]
    groups: tuple[Mixture, ...]
    unseen: tuple[Mixture, ...]


def two_level_pooling(
    groups: Sequence[Sequence[tuple[float, float]]], scale: float | None = None
) -> Pooled | None:
    """`groups`: the parts of each as (estimate, variance of its error), every variance above zero.

    `scale`: of the half-Cauchy distributions; by default the middle standard error, so that groups may differ by as much as
    their estimates err. None without any part.
    """
    import numpy as np

    held = [np.array(parts, dtype=np.float64).reshape(-1, 2) for parts in groups]
    variances = np.concatenate([part[:, 1] for part in held]) if held else np.array([])
    if not len(variances) or any(not len(part) for part in held):
        return None
    error = float(np.median(np.sqrt(variances)))
    values = np.concatenate([part[:, 0] for part in held])
    spread = np.geomspace(FROM * error, max(TO * error, BEYOND * float(np.ptp(values))), STEPS)
    prior = spread / (1 + (spread / (error if scale is None else scale)) ** 2)  # times the step in logarithms
    several = len(held) > 1
    tau = np.repeat(spread, STEPS) if several else spread
    omega = np.tile(spread, STEPS) if several else np.zeros(STEPS)
    log_prior = np.log(np.repeat(prior, STEPS) * np.tile(prior, STEPS) if several else prior)
    return _integrated(held, tau**2, omega**2, log_prior)


def _integrated(
    held: Sequence[NDArray[np.float64]],
    within: NDArray[np.float64],
    between: NDArray[np.float64],
    log_weight: NDArray[np.float64],
) -> Pooled:
    import numpy as np

    log_weight = log_weight.copy()
    centres, errors = (
        [],
        [],
    )  # of each group: its weighted mean, and the variance of that mean given the group's own
    for part in held:
        total = part[:, 1][:, None] + within
        precision = (1 / total).sum(axis=0)
        centre = (part[:, 0][:, None] / total).sum(axis=0) / precision
        log_weight -= 0.5 * (
            np.log(total).sum(axis=0) + ((part[:, 0][:, None] - centre) ** 2 / total).sum(axis=0) + np.log(precision)
        )  # fmt: skip
        centres.append(centre)
        errors.append(1 / precision)
    spreads = np.array(errors) + between
    precision = (1 / spreads).sum(axis=0)
    common = (np.array(centres) / spreads).sum(axis=0) / precision
    log_weight -= 0.5 * (
        np.log(spreads).sum(axis=0) + ((np.array(centres) - common) ** 2 / spreads).sum(axis=0) + np.log(precision)
    )  # fmt: skip
    weights = np.exp(log_weight - log_weight.max())
    kept = weights > NOTHING
    weights = weights[kept] / weights[kept].sum()
    found = (np.array(centres)[:, kept], np.array(errors)[:, kept], common[kept], 1 / precision[kept])
    return _believed(held, weights, within[kept], between[kept], found)


def _believed(
    held: Sequence[NDArray[np.float64]],
    weights: NDArray[np.float64],
    within: NDArray[np.float64],
    between: NDArray[np.float64],
    found: tuple[NDArray[np.float64], ...],
) -> Pooled:
    import numpy as np

    centres, errors, common, common_error = found
    parts, groups, unseen = [], [], []
    for part, centre, error in zip(held, centres, errors, strict=True):
        own = between / (between + error)  # how far the group's mean follows its own parts
        mean = own * centre + (1 - own) * common
        variance = own * error + (1 - own) ** 2 * common_error
        groups.append(Mixture(weights, mean, np.sqrt(variance)))
        unseen.append(Mixture(weights, mean, np.sqrt(variance + within)))
        kept = []
        for value, noise in part:
            pull = within / (within + noise)  # how far the part follows its own estimate
            kept.append(Mixture(weights, pull * value + (1 - pull) * mean,
                                np.sqrt(pull * noise + (1 - pull) ** 2 * variance)))  # fmt: skip
        parts.append(tuple(kept))
    return Pooled(tuple(parts), tuple(groups), tuple(unseen))
