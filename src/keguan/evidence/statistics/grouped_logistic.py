"""Logistic regression on counted rows: what does each figure add to the log odds of an event?

Rows of equal figures stand once, with how many they are and how many had the event. Maximum of the likelihood with a
ridge penalty on the standardised columns (Le Cessie and van Houwelingen 1992), by Newton's method with halved steps,
from the log odds of all; the intercept is free, so the mean prediction is the mean of what was seen. `shift` is
calibration in the large (Cox 1958): what must be added to log odds for their mean to be that of another time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS, HALVINGS, CLOSE = 60, 30, 1e-9


@dataclass(frozen=True)
class GroupedLogistic:
    """log odds = intercept + sum of weights x figure; standard errors are not needed for a prediction."""

    intercept: float
    weights: tuple[float, ...]

    def log_odds(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of each row."""
        import numpy as np

        summed: NDArray[np.float64] = self.intercept + x @ np.array(self.weights)
        return summed


def grouped_logistic(
    x: NDArray[np.float64], rows: NDArray[np.float64], events: NDArray[np.float64], *, ridge: float = 1.0
) -> GroupedLogistic | None:
    """Fits figures (rows x columns), with `rows` counts and `events` of them.

    None where there are no events or nothing but events, or the search does not end.
    """
    import numpy as np

    total, taken = float(rows.sum()), float(events.sum())
    if not 0 < taken < total:
        return None
    means = (rows @ x) / total
    spread = np.sqrt(np.maximum(rows @ (x - means) ** 2 / total, 0.0))
    spread = np.where(spread > 1e-9 * (1 + np.abs(means)), spread, 1.0)
    scaled = np.column_stack(((x - means) / spread, np.ones(len(x))))
    penalty = np.array([*(ridge for _ in range(x.shape[1])), 0.0])

    def loss(b: NDArray[np.float64]) -> float:
        odds = scaled @ b
        return float(rows @ np.logaddexp(0, odds) - events @ odds + (penalty * b * b).sum() / 2)

    b = np.zeros(x.shape[1] + 1)
    b[-1] = np.log(taken / (total - taken))
    now = loss(b)
    for _ in range(STEPS):
        p = _chance(scaled @ b)
        slope = scaled.T @ (rows * p - events) + penalty * b
        curve = (scaled * (rows * p * (1 - p))[:, None]).T @ scaled + np.diag(penalty + 1e-12)
        step = np.linalg.solve(curve, slope)
        tried = next((d for d in (step / 2**half for half in range(HALVINGS)) if loss(b - d) <= now), None)
        if tried is None:
            break
        b, now = b - tried, loss(b - tried)
        if float(np.abs(tried).max()) < CLOSE:
            break
    else:
        return None
    weights = b[:-1] / spread
    return GroupedLogistic(float(b[-1] - weights @ means), tuple(map(float, weights)))


def shift(
    log_odds: NDArray[np.float64], rows: NDArray[np.float64], events: NDArray[np.float64]
) -> float | None:
    """What, added to the log odds, makes as many events expected as there were. None where none or all had one."""
    import numpy as np

    if not 0 < events.sum() < rows.sum():
        return None
    low, high = -40.0, 40.0
    for _ in range(80):  # the expected number rises with the shift: halving always ends
        middle = (low + high) / 2
        if float(rows @ _chance(np.clip(log_odds + middle, -500, 500))) < float(events.sum()):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _chance(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    made: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(log_odds, -500, 500)))
    return made
