"""What a purchase of each customer is worth: Gamma-Gamma, or the empirical-Bayes mean where that does not hold.

Gamma-Gamma supposes that spend has nothing to do with frequency. Past a correlation of .3, or where its likelihood
has no maximum (constant amounts), the own mean is shrunk by the variance within and between customers instead
(Bühlmann and Straub 1970). Both are the same formula, so that intervals are simulated alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from keguan.analysis import Inputs
from keguan.models.clv.cells import read_spenders
from keguan.models.clv.gamma_gamma import Spend, Spenders, fit_gamma_gamma
from keguan.models.clv.maximum import STEP, Fit
from keguan.models.clv.sql import SPREAD

CORRELATED = 0.3
MOST = 1e4


@dataclass(frozen=True)
class Spending:
    """The spend model used, and the same moved by a little of its errors, for the delta method."""

    spend: Spend
    moved: tuple[Spend, ...]
    fit: Fit
    customers: int
    rows: int
    correlation: float | None
    shrunk: bool  # the empirical-Bayes mean is used


def read_spending(inputs: Inputs, until: date) -> Spending | None:
    """The spend model of the purchases until a day; None without a repeat buyer of positive spend."""
    spenders = read_spenders(inputs, until)
    if not len(spenders.mean):
        return None
    fit, correlation = fit_gamma_gamma(spenders), correlated(spenders)
    shrunk = not fit.converged or fit.estimates[1] <= 1.01 or abs(correlation or 0.0) > CORRELATED
    if shrunk:
        spend, moved = _shrunk(inputs, until, spenders)
    else:
        spend = Spend(*(float(value) for value in fit.estimates))
        moved = tuple(Spend(*(float(value) for value in values)) for values in fit.moved())
    count = int(spenders.customers.sum())
    return Spending(spend, moved, fit, count, len(spenders.mean), correlation, shrunk)


def correlated(spenders: Spenders) -> float | None:
    """Pearson's correlation of number and mean value of purchases; None where one of them does not vary."""
    n, x, z = spenders.customers, spenders.purchases, spenders.mean
    x, z = x - n @ x / n.sum(), z - n @ z / n.sum()
    below = float((n @ x**2) * (n @ z**2))
    top = float((n * np.abs(x)).sum() * (n * np.abs(z)).sum())
    return float(n @ (x * z)) / below**0.5 if below > 1e-18 * max(top, 1e-300) else None


def _shrunk(inputs: Inputs, until: date, spenders: Spenders) -> tuple[Spend, tuple[Spend, ...]]:
    n = spenders.customers
    typical = float(n @ (spenders.purchases * spenders.mean)) / float(n @ spenders.purchases)
    row = inputs.query(SPREAD, until=until, typical=typical).to_pylist()[0]
    count, customers, total = float(row["purchases"]), float(row["customers"]), float(row["total"])
    mean = total / count
    within = max(0.0, (row["squares"] - row["means"]) / max(1.0, count - customers))
    spread = count - row["pairs"] / count
    between = 0.0
    if spread > 0:
        between = max(0.0, (row["means"] - total * mean - (customers - 1) * within) / spread)
    p = min(MOST, (mean**2 + between) / max(within, 1e-12))
    q = min(MOST, 2.0 + mean**2 / max(between, 1e-12))
    spend = Spend(p, q, (q - 1.0) * mean * typical / p)
    error = (between / customers + within / count) ** 0.5 / mean
    return spend, (Spend(p, q, spend.gamma * (1 + STEP * error)),)
