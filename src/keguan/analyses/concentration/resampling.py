"""Intervals of the Gini coefficient and of the shares of the top customers, from the customer bootstrap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.analyses.concentration.spend import TOPS
from keguan.engine.arrays import records
from keguan.evidence.statistics.bootstrap import BUCKETS, percentile_interval, resample_weights
from keguan.evidence.statistics.interval import Interval

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Resampled:
    """Point estimate of the binned curve, and its values in the resamples."""

    gini: tuple[float, NDArray[np.float64]]
    shares: Mapping[float, tuple[float, NDArray[np.float64]]]

    def interval(self, of: tuple[float, NDArray[np.float64]], exact: float) -> Interval | None:
        """The percentile interval, moved by what binning leaves out of the exact figure."""
        found = percentile_interval(of[1])
        shift = exact - of[0]
        return None if found is None else Interval(max(0.0, found.low + shift), min(1.0, found.high + shift))


def resample(cells: pa.Table) -> Resampled:
    """Curve of each resample from spend and customers by random group and rank group."""
    import numpy as np

    groups = sorted(set(cells.column("rank_group").to_pylist()))
    place = {group: i for i, group in enumerate(groups)}
    counts, spend = np.zeros((BUCKETS, len(groups))), np.zeros((BUCKETS, len(groups)))
    for cell in records(cells):
        at = int(cell["bucket"]), place[int(cell["rank_group"])]
        counts[at] += cell["customers"]
        spend[at] += cell["spend"]
    weights = np.vstack([np.ones((1, BUCKETS)), resample_weights()])
    share_of_customers = _cumulated(weights @ counts)
    share_of_spend = _cumulated(weights @ spend)
    gini = (np.diff(share_of_customers) * (share_of_spend[:, 1:] + share_of_spend[:, :-1])).sum(axis=1) - 1
    tops = {
        top: np.array([np.interp(top, x, y) for x, y in zip(share_of_customers, share_of_spend, strict=True)])
        for top in TOPS
    }
    return Resampled((float(gini[0]), gini[1:]), {top: (float(v[0]), v[1:]) for top, v in tops.items()})


def _cumulated(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cumulative shares of each row from the top group down, beginning with 0."""
    import numpy as np

    upto = np.cumsum(values, axis=1)
    with np.errstate(invalid="ignore"):  # a resample without a single customer has no curve
        return np.hstack([np.zeros((len(values), 1)), upto / upto[:, -1:]])
