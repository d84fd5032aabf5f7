"""Logistic regression by penalised maximum likelihood, the signs of coefficients optionally given.

Columns are standardised, the penalty is ridge x sum of squared coefficients / 2 (Le Cessie and van Houwelingen
1992), the intercept is free. The likelihood is maximised with its gradient under bounds (L-BFGS-B: Byrd, Lu,
Nocedal and Zhu 1995), from zero, so the same rows give the same fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS = 500


@dataclass(frozen=True)
class Logistic:
    """A fitted model: log odds = intercept + sum of coefficients x (value - mean) / deviation."""

    intercept: float
    coefficients: tuple[float, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]

    def parts(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each column adds to the log odds of each row, against the mean row of the fit."""
        import numpy as np

        scaled = (x - np.array(self.means)) / np.array(self.deviations)
        added: NDArray[np.float64] = scaled * np.array(self.coefficients)
        return added

    def log_odds(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of each row."""
        summed: NDArray[np.float64] = self.intercept + self.parts(x).sum(axis=1)
        return summed


def logistic_regression(
    x: NDArray[np.float64], events: NDArray[np.bool_], *, ridge: float = 1.0, signs: Sequence[int] = ()
) -> Logistic | None:
    """Fits rows x columns. `signs`: for each column 1 or -1 where its coefficient must not be of the other sign.

    None where there are no events or only events, or the likelihood has no maximum within the steps.
    """
    import numpy as np
    from scipy.optimize import minimize

    y, columns = events.astype(np.float64), x.shape[1]
    if not 0 < y.mean() < 1:
        return None
    means, deviations = x.mean(axis=0), x.std(axis=0)
    deviations = np.where(deviations > 1e-12 * (1 + np.abs(means)), deviations, 1.0)
    scaled = np.column_stack(((x - means) / deviations, np.ones(len(y))))
    penalty = np.array([*(ridge for _ in range(columns)), 0.0])

    def loss(b: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = scaled @ b
        value = np.logaddexp(0, odds).sum() - (y * odds).sum() + (penalty * b * b).sum() / 2
        slope = scaled.T @ (1 / (1 + np.exp(-odds)) - y) + penalty * b
        return float(value) / len(y), slope / len(y)

    bounds: list[Any] = [_bound(signs[i] if i < len(signs) else 0) for i in range(columns)]
    start = np.zeros(columns + 1)
    start[-1] = np.log(y.mean() / (1 - y.mean()))
    options: Any = {"maxiter": STEPS, "ftol": 1e-14, "gtol": 1e-8}
    done = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)], options=options)
    if done.nit >= STEPS or not np.isfinite(done.x).all():
        return None
    *found, intercept = map(float, done.x)
    return Logistic(intercept, tuple(found), tuple(map(float, means)), tuple(map(float, deviations)))


def _bound(sign: int) -> tuple[float | None, float | None]:
    return (0.0, None) if sign > 0 else (None, 0.0) if sign < 0 else (None, None)
