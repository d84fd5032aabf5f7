"""How the share of each part of a total changed between two periods, customers as the units drawn.

Sums of each part and period by random group of customers (see bootstrap.BUCKET); groups are drawn with
replacement a thousand times, both periods of a customer together. The interval is that of the percentiles, the
p that of the normal with the spread of the resamples (Efron and Tibshirani 1993).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.evidence.statistics.bootstrap import BUCKETS, percentile_interval, resample_weights
from keguan.evidence.statistics.two_proportions import two_sided

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ShareCell:
    """What one group of customers adds to a part, now and before."""

    part: str
    bucket: int
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class ShareChange:
    """Shares of the total, their difference (now - before) with its 95 % interval, and the two-sided p."""

    now: float
    before: float
    low: float
    high: float
    p: float

    @property
    def difference(self) -> float:
        """Now minus before."""
        return self.now - self.before


def share_changes(cells: Iterable[ShareCell]) -> dict[str, ShareChange]:
    """Each part's change; nothing when a total is not positive."""
    import numpy as np

    rows = list(cells)
    parts = sorted({cell.part for cell in rows})
    place = {part: number for number, part in enumerate(parts)}
    now, before = np.zeros((BUCKETS, len(parts))), np.zeros((BUCKETS, len(parts)))
    for cell in sorted(rows, key=lambda cell: (cell.part, cell.bucket, cell.now, cell.before)):
        now[cell.bucket, place[cell.part]] += cell.now
        before[cell.bucket, place[cell.part]] += cell.before
    if not parts or now.sum() <= 0 or before.sum() <= 0:
        return {}
    weights = np.vstack([np.ones((1, BUCKETS)), resample_weights()])
    shares, shares_before = _shares(weights @ now), _shares(weights @ before)
    moved = shares - shares_before
    return {part: _change(shares[0, i], shares_before[0, i], moved[1:, i]) for part, i in place.items()}


def _shares(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    total = sums.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, sums / total, np.nan)


def _change(now: float, before: float, moved: NDArray[np.float64]) -> ShareChange:
    import numpy as np

    known = moved[np.isfinite(moved)]
    ends = percentile_interval(known)
    difference = float(now) - float(before)
    spread = float(known.std()) if len(known) > 1 else 0.0
    low, high = ends if ends else (difference, difference)
    p = two_sided(difference / spread) if spread > 1e-12 else 1.0
    return ShareChange(float(now), float(before), low, high, p)
