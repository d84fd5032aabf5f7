"""Calibrated probabilities from those of a model: beta calibration (Kull, Silva Filho and Flach 2017).

The calibrated log odds are a ln p - b ln(1 - p) + c with a and b not negative, so that the order of rows stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.evidence.statistics.logistic_regression import Logistic, logistic_regression

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST = 1e-6  # a probability of 0 or 1 has no log odds


@dataclass(frozen=True)
class Calibration:
    """A fitted map from probability to probability."""

    fitted: Logistic

    def calibrated(self, probability: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the probabilities of a model mean."""
        import numpy as np

        mapped: NDArray[np.float64] = 1 / (1 + np.exp(-self.fitted.log_odds(_logs(probability))))
        return mapped


def beta_calibration(events: NDArray[np.bool_], probability: NDArray[np.float64]) -> Calibration | None:
    """The map learned from rows that the model has not seen. None where all have or none has the event."""
    fitted = logistic_regression(_logs(probability), events, ridge=1e-3, signs=(1, 1))
    return Calibration(fitted) if fitted else None


def _logs(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    p = np.clip(probability, LEAST, 1 - LEAST)
    return np.column_stack((np.log(p), -np.log1p(-p)))
