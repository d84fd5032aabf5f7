"""Do predicted probabilities come true? Bins of equal counts with predicted and observed share, and their mean gap.

The expected calibration error is the mean over bins, weighted by rows, of |predicted - observed| (Naeini, Cooper
and Hauskrecht 2015, with bins of equal counts). Rows of equal probability share their events evenly, so that the
order of rows changes nothing. The Brier score is the mean squared gap (Brier 1950).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of one bin, their mean probability and their events (not whole where equal rows lie on a border)."""

    rows: int
    predicted: float
    events: float

    @property
    def observed(self) -> float:
        """The share of events."""
        return self.events / self.rows


def calibration_bins(
    events: NDArray[np.bool_], probability: NDArray[np.float64], bins: int = BINS
) -> tuple[Bin, ...]:
    """Bins of equal counts from the lowest probability on; fewer where there are fewer rows."""
    import numpy as np

    _, place, counts = np.unique(probability, return_inverse=True, return_counts=True)
    shared = (np.bincount(place, weights=events.astype(np.float64), minlength=len(counts)) / counts)[place]
    order = np.argsort(probability, kind="stable")
    parts = np.array_split(order, min(bins, len(order))) if len(order) else []
    return tuple(Bin(len(part), float(probability[part].mean()), float(shared[part].sum())) for part in parts)


def expected_calibration_error(found: tuple[Bin, ...]) -> float | None:
    """Mean gap of predicted and observed over the rows. None without rows."""
    rows = sum(item.rows for item in found)
    return sum(item.rows * abs(item.predicted - item.observed) for item in found) / rows if rows else None


def brier_score(events: NDArray[np.bool_], probability: NDArray[np.float64]) -> float:
    """Mean squared gap of probability and outcome."""
    return float(((probability - events) ** 2).mean())
