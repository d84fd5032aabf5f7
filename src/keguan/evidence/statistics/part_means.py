"""Mean of each part of the customers (spend by region), against that of all other parts.

From sums and counts of 200 random groups of customers (see bootstrap). The interval of a mean is the percentile
interval; two means are compared by the log of their ratio over its bootstrap standard error, as spend is skew.
Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 6 and 13.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.evidence.statistics.bootstrap import percentile_interval, resample_weights
from keguan.evidence.statistics.two_proportions import two_sided

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PartMean:
    """The mean of a part with its 95 % interval, that of the other parts, and p of equal means.

    `p` is None where a mean or the spread of their ratio cannot be told.
    """

    customers: int
    mean: float
    low: float
    high: float
    rest_customers: int
    rest: float
    p: float | None


def part_means(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> list[PartMean | None]:
    """One answer per column (part) of two arrays of shape (random groups, parts); None for an empty part."""
    import numpy as np

    weights = np.vstack([np.ones((1, len(sums))), resample_weights(groups=len(sums))])
    money, people = weights @ sums, weights @ counts
    rest_money = money.sum(axis=1, keepdims=True) - money
    rest_people = people.sum(axis=1, keepdims=True) - people
    with np.errstate(divide="ignore", invalid="ignore"):
        own, rest = money / people, rest_money / rest_people
        ratios = np.log(np.where((own > 0) & (rest > 0), own / rest, np.nan))
    return [_part(own[:, i], rest[:, i], ratios[:, i], people[0, i], rest_people[0, i])
            for i in range(sums.shape[1])]  # fmt: skip


def _part(
    own: NDArray[np.float64],
    rest: NDArray[np.float64],
    ratios: NDArray[np.float64],
    people: float,
    others: float,
) -> PartMean | None:
    import numpy as np

    ends = percentile_interval(own[1:])
    if people <= 0 or ends is None:
        return None
    known = ratios[1:][np.isfinite(ratios[1:])]
    spread = float(known.std(ddof=1)) if len(known) > len(ratios) / 2 else 0.0
    tested = spread > 0 and bool(np.isfinite(ratios[0]))
    return PartMean(
        customers=int(people),
        mean=float(own[0]),
        low=ends.low,
        high=ends.high,
        rest_customers=int(others),
        rest=float(rest[0]) if others > 0 else 0.0,
        p=two_sided(float(ratios[0]) / spread) if tested else None,
    )
