"""Maximum likelihood from several starts, with what shows whether it is one: gradient, curvature, bounds.

Parameters are positive and are searched on the log scale, each within exp(7) of its order. One that runs to its
bound is not told by the data (customers who never leave, say): the others are a maximum given that, the model
may forecast, and the fit says so. Standard errors come from the inverse of the Hessian, which is the difference
quotient of exact gradients. Quasi-Newton steps are written out here: with four parameters a library's overhead
is most of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from keguan.models.clv.histories import Floats

# Value and gradient with respect to the natural parameters.
Likelihood = Callable[[Floats], tuple[float, Floats]]
BOUND = 7.0
ROUGH = (1_500, 40_000)  # histories on which the starts are compared, and on which the way is gone
FLAT = 1e-6  # gradient of the mean log-likelihood by log parameter at a maximum
STEP = 0.01  # of a standard error, in `moved`


@dataclass(frozen=True)
class Fit:
    """Estimates in natural units. `covariance` is None where the curvature is no maximum's; `held`: parameters at
    their bound; `usable`: a maximum given those; `converged`: a maximum, and none is held."""

    names: tuple[str, ...]
    estimates: Floats
    log_likelihood: float
    covariance: Floats | None
    usable: bool
    held: tuple[str, ...] = ()

    @property
    def converged(self) -> bool:
        """A maximum within the bounds."""
        return self.usable and not self.held

    @property
    def errors(self) -> Floats:
        """Standard errors; NaN where unknown."""
        if self.covariance is None:
            return np.full(len(self.names), np.nan)
        errors = np.sqrt(np.diag(self.covariance))
        return np.array([np.nan if n in self.held else e for n, e in zip(self.names, errors, strict=True)])

    @property
    def values(self) -> dict[str, float]:
        """Estimates by name."""
        return dict(zip(self.names, map(float, self.estimates), strict=True))

    def moved(self) -> list[Floats]:
        """Estimates moved by one column of a root of their covariance, on the log scale: for the delta method."""
        if self.covariance is None:
            return []
        logs = self.covariance / np.outer(self.estimates, self.estimates)
        root = np.linalg.cholesky(logs + 1e-14 * np.eye(len(logs)))
        return [np.asarray(self.estimates * np.exp(STEP * column)) for column in root.T]


def maximise(
    likelihood: Likelihood,
    starts: Sequence[Sequence[float]],
    names: tuple[str, ...],
    scales: Sequence[float],
    size: float,
    rough: Sequence[Likelihood] = (),
) -> Fit:
    """The best maximum found. `scales`: the order of each parameter; `size`: what the log-likelihood is divided
    by; `rough`: likelihoods of fewer histories, on which most of the way is gone."""
    units = np.asarray(scales, dtype=np.float64)
    inner = [np.log(np.asarray(start, dtype=np.float64) / units) for start in starts]
    whole = _by_logs(likelihood, units, size)
    stages = [_by_logs(item, units, size) for item in rough] or [whole]
    tried = [_search(stages[0], start) for start in inner]
    _, best = min(tried, key=lambda found: found[0])
    for stage in stages:
        _, best = _search(stage, best, 60)
    best = _newton(stages[-1], best)
    if rough:
        best, value, slope = _chord(whole, best, _hessian(stages[-1], best))
    else:
        value, slope = whole(best)
    held = np.abs(best) >= BOUND - 1e-3
    inverse = _inverse(_hessian(whole, best, slope if rough else None), ~held)
    flat = float(np.abs(slope[~held]).max(initial=0.0)) < FLAT
    usable = bool(np.isfinite(value)) and flat and inverse is not None and not held.all()
    estimates = np.exp(best) * units
    covariance = inverse / size * np.outer(estimates, estimates) if usable and inverse is not None else None
    out = tuple(name for name, stuck in zip(names, held, strict=True) if stuck)
    return Fit(names, estimates, -value * size, covariance, usable, out)


def _by_logs(likelihood: Likelihood, units: Floats, size: float) -> Likelihood:
    """Minus the mean log-likelihood, by the logs of scaled parameters."""

    def minus(logs: Floats) -> tuple[float, Floats]:
        natural = np.exp(logs) * units
        value, gradient = likelihood(natural)
        if not np.isfinite(value) or not np.isfinite(gradient).all():
            return np.inf, np.zeros_like(logs)
        return -value / size, np.asarray(-gradient * natural / size)

    return minus


def _free(logs: Floats, slope: Floats) -> Floats:
    """1 for parameters that may move: not those at a bound which the slope pushes outwards."""
    out = ((logs <= -BOUND) & (slope > 0)) | ((logs >= BOUND) & (slope < 0))
    return np.where(out, 0.0, 1.0)


def _search(minus: Likelihood, logs: Floats, most: int = 25) -> tuple[float, Floats]:
    """BFGS within the bounds."""
    value, slope = minus(logs)
    inverse, still = np.eye(len(logs)), 0
    for _ in range(most):
        free = _free(logs, slope)
        if np.abs(slope * free).max() < 1e-7 or still > 1:
            break
        way = -(inverse @ (slope * free)) * free
        if way @ slope >= 0:
            inverse, way = np.eye(len(logs)), -slope * free
        way *= min(1.0, 1.5 / float(np.abs(way).max()))
        then, new, tilt = _shorter(minus, logs, way, value, slope)
        if then is None:
            if (inverse == np.eye(len(logs))).all():
                break
            inverse = np.eye(len(logs))
            continue
        step, change = then - logs, tilt - slope
        still = still + 1 if value - new < 1e-10 * abs(value) else 0
        inverse = _updated(inverse, step, change)
        logs, value, slope = then, new, tilt
    return value, logs


def _shorter(
    minus: Likelihood, logs: Floats, way: Floats, value: float, slope: Floats
) -> tuple[Floats | None, float, Floats]:
    """The longest step of 1, 1/4, 1/16 ... that brings the value down enough."""
    length = 1.0
    for _ in range(8):
        then = np.clip(logs + length * way, -BOUND, BOUND)
        new, tilt = minus(then)
        if new <= value + 1e-4 * float(slope @ (then - logs)):
            return then, new, tilt
        length /= 4
    return None, value, slope


def _updated(inverse: Floats, step: Floats, change: Floats) -> Floats:
    """The BFGS update of the inverse Hessian, left out where the curvature seen is not positive."""
    along = float(step @ change)
    if along <= 1e-14:
        return inverse
    if (inverse == np.eye(len(step))).all():
        inverse = inverse * (along / float(change @ change))
    left = np.eye(len(step)) - np.outer(step, change) / along
    return np.asarray(left @ inverse @ left.T + np.outer(step, step) / along)


def _newton(minus: Likelihood, logs: Floats) -> Floats:
    """A few steps with the exact curvature, while they bring the gradient down."""
    value, slope = minus(logs)
    for _ in range(8):
        free = _free(logs, slope) > 0
        if np.abs(slope[free]).max(initial=0.0) < FLAT / 1000:
            return logs
        inverse = _inverse(_hessian(minus, logs), free)
        if inverse is None:
            return logs
        step = -(inverse @ slope)
        step *= min(1.0, 1.0 / max(1e-300, float(np.abs(step).max())))
        then = np.clip(logs + step, -BOUND, BOUND)
        new, tilt = minus(then)
        if not np.isfinite(new) or new > value + 1e-9 * abs(value):
            return logs
        logs, value, slope = then, new, tilt
    return logs


def _chord(minus: Likelihood, logs: Floats, curvature: Floats) -> tuple[Floats, float, Floats]:
    """Newton steps with a curvature known from fewer histories, while each brings the gradient down; where they
    stop short, by a search of its own. The parameters, the value and its gradient there."""
    value, slope = minus(logs)
    for _ in range(12):
        free = _free(logs, slope) > 0
        if np.abs(slope[free]).max(initial=0.0) < FLAT / 100:
            return logs, value, slope
        inverse = _inverse(curvature, free)
        if inverse is None:
            break
        then = np.clip(logs - inverse @ slope, -BOUND, BOUND)
        new, tilt = minus(then)
        if not np.isfinite(new) or np.abs(tilt).max() > np.abs(slope).max() / 2:
            break
        logs, value, slope = then, new, tilt
    _, logs = _search(minus, logs, 60)
    logs = _newton(minus, logs)
    return logs, *minus(logs)


def _hessian(minus: Likelihood, logs: Floats, here: Floats | None = None) -> Floats:
    """Second derivatives by the log parameters; one-sided where the gradient `here` is given."""
    width = 1e-4 if here is None else 1e-5
    rows = []
    for place in range(len(logs)):
        shift = np.zeros_like(logs)
        shift[place] = width
        up = minus(logs + shift)[1]
        rows.append((up - minus(logs - shift)[1]) / (2 * width) if here is None else (up - here) / width)
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2


def _inverse(matrix: Floats, free: np.ndarray) -> Floats | None:
    """The inverse over the free parameters, with zeros for the others; None unless it is positive definite."""
    part = matrix[np.ix_(free, free)]
    if not part.size or not np.isfinite(part).all():
        return None
    values = np.linalg.eigvalsh(part)
    if values[0] <= 1e-10 * max(values[-1], 1e-300):
        return None
    out = np.zeros_like(matrix)
    out[np.ix_(free, free)] = np.linalg.inv(part)
    return out
