"""How good probabilities are on rows that the model has not seen, averaged over repetitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.evidence.statistics.calibration_error import (
    Bin,
    brier_score,
    calibration_bins,
    expected_calibration_error,
)
from keguan.evidence.statistics.delong import Area, area_under_curve, difference_of_areas
from keguan.evidence.statistics.precision_recall import average_precision, lift
from keguan.models.churn.learners import LearnerName

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Quality:
    """A learner's figures on held-out rows. `gain`: its area against the rule's."""

    learner: LearnerName
    rows: int
    events: int
    area: Area
    precision: Area
    lift_10: float
    lift_20: float
    ece: float
    brier: float
    bins: tuple[Bin, ...]
    gain: Area


def judged(
    learner: LearnerName,
    events: NDArray[np.bool_],
    made: Sequence[NDArray[np.float64]],
    rule: Sequence[NDArray[np.float64]],
) -> Quality | None:
    """Figures of a learner's probabilities `made`, one array for each repetition, beside those of the rule.

    Ends of intervals are means of the repetitions' ends: repetitions are not new customers. Bins are the first's.
    """
    areas = [area_under_curve(events, p) for p in made]
    precisions = [average_precision(events, p) for p in made]
    gains = [difference_of_areas(events, p, r) for p, r in zip(made, rule, strict=True)]
    bins = [calibration_bins(events, p) for p in made]
    if None in areas or None in precisions or None in gains:
        return None
    return Quality(
        learner, len(events), int(events.sum()), _mean(areas), _mean(precisions),
        _average(lift(events, p, 0.1) for p in made), _average(lift(events, p, 0.2) for p in made),
        _average(map(expected_calibration_error, bins)), _average(brier_score(events, p) for p in made),
        bins[0], _mean(gains),
    )  # fmt: skip


def _mean(found: Sequence[Area | None]) -> Area:
    known = [item for item in found if item is not None]
    return Area(
        _average(item.value for item in known),
        _average(item.low for item in known),
        _average(item.high for item in known),
    )


def _average(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known)


def chosen(found: Sequence[Quality]) -> Quality:
    """The learner to use: the best area among those whose gain over the rule is beyond chance, else the rule."""
    rule = next(item for item in found if item.learner == "rule")
    better = [item for item in found if item.learner != "rule" and item.gain.low > 0]
    return max(better, key=lambda item: (item.area.value, item.learner), default=rule)
