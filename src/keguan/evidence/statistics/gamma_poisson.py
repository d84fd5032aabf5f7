"""Gamma-Poisson gaps: each customer buys at a steady rate of his own; the rates follow a gamma distribution.

A customer with k gaps over t days, among customers whose rates are Gamma(shape a, rate b), waits for the
next purchase with P(gap > s) = ((b + t) / (b + t + s)) ** (a + k): his own rhythm, shrunk to that of his
like (Ehrenberg 1959; overdue against the own rhythm: Platzer and Reutterer 2016). Open gaps are censored,
and a share `gone` never comes back (cure model: Boag 1949), so that silence is not read as slowness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from keguan.evidence.statistics.simplex import minimise


@dataclass(frozen=True, slots=True)
class GapCell:
    """Customers with `gaps` closed gaps over `days`, and their next gap: `silence` days, closed or open."""

    gaps: float
    days: float
    silence: float
    closed: bool
    customers: int


@dataclass(frozen=True, slots=True)
class GapModel:
    """Shape and rate of the purchase rates per day; `gone`: share that never comes back after a purchase."""

    shape: float
    rate: float
    gone: float

    def silence(self, gaps: float, days: float, share: float, horizon: float) -> float:
        """Days of silence exceeded by 1 - `share` of those customers with this history who come back
        within `horizon` days. `silence_sql` is its twin."""
        scale, power = self.rate + days, self.shape + gaps
        within = 1 - (scale / (scale + horizon)) ** power
        return float(scale * ((1 - share * within) ** (-1 / power) - 1))


DECIMALS = 6  # of a silence in SQL


def silence_sql(share: str) -> str:
    """The silence in SQL, over columns rate, shape, days, gaps and the parameter $horizon.

    Rounded: the last bit of a power is not the same on every engine.
    """
    within = "1 - power((rate + days) / (rate + days + $horizon), shape + gaps)"
    silence = f"(rate + days) * (power(1 - {share} * ({within}), -1 / (shape + gaps)) - 1)"
    return f"round(CAST({silence} AS DOUBLE), {DECIMALS})"


def fit_gaps(cells: Sequence[GapCell]) -> GapModel | None:
    """Maximum likelihood from counted cells; None without a closed gap."""
    import numpy as np

    if not any(cell.closed and cell.customers for cell in cells):
        return None
    ordered = sorted(cells, key=lambda c: (c.gaps, c.days, c.silence, c.closed))
    gaps, days, silence, count = (
        np.array([getattr(cell, name) for cell in ordered], dtype=np.float64)
        for name in ("gaps", "days", "silence", "customers")
    )
    closed = np.array([cell.closed for cell in ordered])

    def loss(point: Sequence[float]) -> float:
        model = _model(point)
        power = model.shape + gaps
        later = np.log(model.rate + days + silence)
        still = power * (np.log(model.rate + days) - later)
        came = np.log(1 - model.gone) + np.log(power) - later + still
        waits = np.log(model.gone + (1 - model.gone) * np.exp(still))
        return -float((count * np.where(closed, came, waits)).sum())

    best = _model(minimise(loss, (0.0, 4.0, -2.0)))
    # Six decimals: the last digits of a search are noise and must not reach a query text.
    return GapModel(round(best.shape, 6), round(best.rate, 6), round(best.gone, 6))


def _model(point: Sequence[float]) -> GapModel:
    """Parameters from the free scale (log, log, logit), kept within bounds that mean something."""
    a, b, gone = (max(low, min(high, x)) for x, (low, high) in zip(point, BOUNDS, strict=True))
    return GapModel(exp(a), exp(b), 1 / (1 + exp(-gone)))


BOUNDS = ((-7.0, 7.0), (-4.0, 14.0), (-12.0, log(19)))
