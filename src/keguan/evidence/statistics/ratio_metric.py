"""Ratio of two sums over units (spend per order, clicks per visit): delta method.

The unit that was assigned is the sample, not the order: orders of one customer are alike (Deng, Knoblich and Lu 2018).
With whole clusters assigned, the cluster is the unit: numerator its sum, denominator its size.
"""

from __future__ import annotations

from keguan.evidence.statistics.moments import PairMoments
from keguan.evidence.statistics.welch import Estimate


def ratio_of(pair: PairMoments) -> Estimate | None:
    """First over second, and the variance of its error; None where the second adds up to zero."""
    n, base = pair.first.n, pair.second.mean
    if n == 0 or base == 0:
        return None
    ratio = pair.first.mean / base
    spread = pair.first.variance - 2 * ratio * pair.covariance + ratio * ratio * pair.second.variance
    return Estimate(n, ratio, max(spread, 0.0) / n / base**2)
