"""Do predicted chances come true, from counted rows? Brier score, and bins of equal counts with their mean gap.

Brier score: mean of (chance - outcome)^2 (Brier 1950). Expected calibration error: mean over ten bins of equal counts of
|predicted - observed| (Naeini, Cooper and Hauskrecht 2015). Rows of equal chance share their events evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.sample_mean import SampleMean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of one bin, their mean chance and their events (not whole where equal rows lie on a border)."""

    rows: int
    predicted: float
    events: float

    @property
    def observed(self) -> float:
        """The share of events."""
        return self.events / self.rows


def grouped_brier(
    chance: NDArray[np.float64], rows: NDArray[np.float64], events: NDArray[np.float64]
) -> float:
    """Mean squared gap of chance and outcome."""
    squares = events * (1 - chance) ** 2 + (rows - events) * chance**2
    return float(squares.sum() / rows.sum())


def brier_lead(
    one: NDArray[np.float64],
    other: NDArray[np.float64],
    rows: NDArray[np.float64],
    events: NDArray[np.float64],
) -> Interval:
    """95 % interval of how much smaller the squared gaps of `one` are than those of `other`, paired by row."""
    hit, miss = (1 - other) ** 2 - (1 - one) ** 2, other**2 - one**2
    total = float((events * hit + (rows - events) * miss).sum())
    squares = float((events * hit**2 + (rows - events) * miss**2).sum())
    return SampleMean(int(rows.sum()), total, squares).interval()


def grouped_bins(
    chance: NDArray[np.float64], rows: NDArray[np.float64], events: NDArray[np.float64], bins: int = BINS
) -> tuple[Bin, ...]:
    """Bins of equal counts from the lowest chance on; never more than there are different chances."""
    import numpy as np

    if not rows.sum():
        return ()
    values, place = np.unique(
        chance, return_inverse=True
    )  # rows of equal chance are one: their order cannot matter
    size, seen = np.bincount(place, rows), np.bincount(place, events)
    each = np.repeat(np.arange(len(values)), size.astype(np.int64))
    parts = np.array_split(each, min(bins, len(values)))
    share = seen / size
    return tuple(Bin(len(part), float(values[part].mean()), float(share[part].sum())) for part in parts)


def calibration_gap(found: tuple[Bin, ...]) -> float | None:
    """Mean gap of predicted and observed over the rows. None without rows."""
    rows = sum(item.rows for item in found)
    return sum(item.rows * abs(item.predicted - item.observed) for item in found) / rows if rows else None
