"""Customer bootstrap from sums: customers fall into 200 random groups; groups are drawn with replacement.

SQL adds up each group (`BUCKET`, plain arithmetic of account_no, equal on every engine); Python draws 200
of the 200 groups a thousand times. That is the cluster bootstrap with random groups as clusters (Wolter
2007, chapter 2; Efron and Tibshirani 1993): as a customer is in one group only, the interval of a total, a
ratio or a share is that of the customer bootstrap, at the cost of 200 rows. The draw is a fixed arithmetic
sequence (splitmix64), the same on every machine and in every version of every library.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from keguan.evidence.statistics.interval import LEVEL, Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUCKETS = 200
RESAMPLES = 1000

# The group of a customer, 0..199. Quadratic, so that neighbours in account_no are not neighbours in groups.
BUCKET = (
    "((CAST(account_no % 65521 AS BIGINT) * (account_no % 65521) * 48271"
    " + CAST(account_no AS BIGINT) * 7919) % 65521 % 200)"
)


@lru_cache(maxsize=4)  # most questions draw from the same groups
def resample_weights(groups: int = BUCKETS, resamples: int = RESAMPLES, seed: int = 1) -> NDArray[np.float64]:
    """How often each group is drawn: shape (resamples, groups), every row adds up to `groups`. Read only."""
    import numpy as np

    draws = splitmix64(np.arange(resamples * groups, dtype=np.uint64), seed) % np.uint64(groups)
    offsets = np.repeat(np.arange(resamples, dtype=np.int64) * groups, groups)
    counted = np.bincount(draws.astype(np.int64) + offsets, minlength=resamples * groups)
    weights = counted.reshape(resamples, groups).astype(np.float64)
    weights.flags.writeable = False
    return weights


def splitmix64(counter: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Well-mixed 64-bit numbers of a counter (Steele, Lea and Flood 2014)."""
    import numpy as np

    with np.errstate(over="ignore"):
        mixed = (counter + np.uint64(seed * 1_000_003)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def percentile_interval(values: NDArray[np.float64], level: float = LEVEL) -> Interval | None:
    """The middle `level` of resampled values, those that are undefined left out; None without any."""
    import numpy as np

    known = values[np.isfinite(values)]
    if len(known) == 0:
        return None
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))
