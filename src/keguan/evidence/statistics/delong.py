"""Area under the ROC curve with its interval, and the difference of two areas over the same rows.

The area is the share of pairs of an event and a non-event that the score puts in order, ties counting half. The
variance is that of DeLong, DeLong and Clarke-Pearson (1988), computed from midranks (Sun and Xu 2014); the interval
of one area is made on the logit scale, so that it stays within 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING

from keguan.evidence.statistics.interval import LEVEL, z_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Area:
    """An area, or the difference of two, with its interval."""

    value: float
    low: float
    high: float


def area_under_curve(
    events: NDArray[np.bool_], score: NDArray[np.float64], level: float = LEVEL
) -> Area | None:
    """How well does the score put events before non-events? None without both, or with one of either."""
    placed = _placements(events, score)
    if placed is None:
        return None
    area, of_events, of_others = placed
    half = z_value(level) * sqrt(_variance(of_events) + _variance(of_others))
    if not 0 < area < 1:
        return Area(area, max(0.0, area - half), min(1.0, area + half))
    centre, half = log(area / (1 - area)), half / (area * (1 - area))
    return Area(area, _expit(centre - half), _expit(centre + half))


def difference_of_areas(
    events: NDArray[np.bool_], first: NDArray[np.float64], second: NDArray[np.float64], level: float = LEVEL
) -> Area | None:
    """By how much is the area of the first score above that of the second on the same rows?"""
    a, b = _placements(events, first), _placements(events, second)
    if a is None or b is None:
        return None
    difference = a[0] - b[0]
    half = z_value(level) * sqrt(_variance(a[1] - b[1]) + _variance(a[2] - b[2]))
    return Area(difference, difference - half, difference + half)


def _placements(
    events: NDArray[np.bool_], score: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]] | None:
    """The area, the share of non-events under each event and of events over each non-event."""
    with_event, without = score[events], score[~events]
    m, n = len(with_event), len(without)
    if min(m, n) < 2:
        return None
    all_ranks = midranks(score)
    of_events = (all_ranks[events] - midranks(with_event)) / n
    of_others = 1 - (all_ranks[~events] - midranks(without)) / m
    return float(of_events.mean()), of_events, of_others


def _variance(placed: NDArray[np.float64]) -> float:
    return float(placed.var(ddof=1)) / len(placed)


def midranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, equal values sharing the mean of theirs."""
    import numpy as np

    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last: NDArray[np.float64] = np.cumsum(counts).astype(np.float64)
    ranks: NDArray[np.float64] = (last - (counts - 1) / 2)[place]
    return ranks


def _expit(value: float) -> float:
    return 1 / (1 + exp(-value))
