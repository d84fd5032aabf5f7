"""Difference of two means of skewed figures (money) by the customer bootstrap, from sums of 200 random groups."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.evidence.statistics.bootstrap import BUCKETS, RESAMPLES, percentile_interval, resample_weights
from keguan.evidence.statistics.interval import LEVEL, Interval

Sums = Sequence[tuple[int, int, float]]  # (random group, customers in it, sum of their figures)


def difference_of_means(one: Sums, other: Sums, level: float = LEVEL) -> tuple[float, Interval, float] | None:
    """First mean minus second, percentile interval, two-sided p (share of resamples on the other side of zero,
    doubled). Both from the same draws, so that a shared group counts in both. None of nobody."""
    import numpy as np

    weights = resample_weights()
    means, plain = [], []
    for sums in (one, other):
        size, total = np.zeros(BUCKETS), np.zeros(BUCKETS)
        for bucket, customers, value in sums:
            size[bucket] += customers
            total[bucket] += value
        if size.sum() == 0:
            return None
        plain.append(float(total.sum() / size.sum()))
        with np.errstate(divide="ignore", invalid="ignore"):
            means.append((weights @ total) / (weights @ size))
    drawn = means[0] - means[1]
    ends = percentile_interval(drawn, level)
    if ends is None:
        return None
    known = drawn[np.isfinite(drawn)]
    side = min(int((known <= 0).sum()), int((known >= 0).sum()))
    return plain[0] - plain[1], ends, min(1.0, 2 * (1 + side) / (1 + RESAMPLES))
