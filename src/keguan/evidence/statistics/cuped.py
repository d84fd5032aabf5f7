"""Means with what was known before the experiment taken out (CUPED: Deng, Xu, Kohavi and Walker 2013).

Each pair holds the metric first and the figure of before second.
"""

from __future__ import annotations

from dataclasses import dataclass

from keguan.evidence.statistics.moments import PairMoments, joined_pairs
from keguan.evidence.statistics.welch import Estimate


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Means of arm and control as if both had been the same before; the slope; share of the variance taken out."""

    arm: Estimate
    control: Estimate
    theta: float
    reduction: float


def cuped(arm: PairMoments, control: PairMoments) -> Adjusted:
    """Slope over both arms together. With a figure of before that never varies nothing is taken out."""
    both = joined_pairs(arm, control)
    theta = both.products / both.second.squares if both.second.squares > 0 else 0.0
    explained = theta * both.products / both.first.squares if both.first.squares > 0 else 0.0
    return Adjusted(
        _side(arm, theta, both.second.mean), _side(control, theta, both.second.mean), theta, explained
    )


def _side(pair: PairMoments, theta: float, base: float) -> Estimate:
    n = pair.first.n
    spread = pair.first.variance - 2 * theta * pair.covariance + theta * theta * pair.second.variance
    value = pair.first.mean - theta * (pair.second.mean - base)
    return Estimate(n, value, max(spread, 0.0) / n if n else 0.0)
