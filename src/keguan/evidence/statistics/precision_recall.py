"""Area under the precision-recall curve and lift: how much is found among the first of a ranking?

The area is the average precision, the step-wise sum over distinct scores (Davis and Goadrich 2006); its interval
is the logit interval with the number of events as the size (Boyd, Eng and Page 2013). Lift is the share of events
among the first rows over that of all rows; of rows tied at the border each counts in part.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING

from keguan.evidence.statistics.delong import Area
from keguan.evidence.statistics.interval import LEVEL, z_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def average_precision(
    events: NDArray[np.bool_], score: NDArray[np.float64], level: float = LEVEL
) -> Area | None:
    """The mean precision over the events, in the order of the score. None without events or non-events."""
    found, seen = _cumulated(events, score)
    total = int(events.sum())
    if total == 0 or total == len(events):
        return None
    import numpy as np

    value = float(((found / seen) * np.diff(found, prepend=0.0)).sum() / total)
    if not 0 < value < 1:
        return Area(value, value, value)
    centre, half = log(value / (1 - value)), z_value(level) / sqrt(total * value * (1 - value))
    return Area(value, 1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre)))


def lift(events: NDArray[np.bool_], score: NDArray[np.float64], first: float) -> float | None:
    """Events among the first `first` (0..1) of the rows over what as many random rows hold. None without events."""
    import numpy as np

    total, rows = int(events.sum()), len(events)
    wanted = first * rows
    if total == 0 or wanted == 0:
        return None
    found, seen = _cumulated(events, score)
    caught = float(np.interp(wanted, np.concatenate(([0.0], seen)), np.concatenate(([0.0], found))))
    return (caught / wanted) / (total / rows)


def _cumulated(
    events: NDArray[np.bool_], score: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Events and rows at or above each distinct score, the highest first."""
    import numpy as np

    _, place, rows = np.unique(-score, return_inverse=True, return_counts=True)
    found = np.bincount(place, weights=events.astype(np.float64), minlength=len(rows))
    return np.cumsum(found), np.cumsum(rows).astype(np.float64)
