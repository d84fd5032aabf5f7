"""How forecasts fared in the hold-out: deviance, errors, bias, capture, calibration by decile.

Mean Poisson deviance decides: it asks for the right mean of every customer. The mean absolute error is shown and
decides nothing, since 'nobody buys again' does well by it where half the customers never come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from keguan.models.clv.candidates import LEAST, MODELS, ZERO
from keguan.models.clv.cells import Cells
from keguan.models.clv.histories import Floats
from keguan.models.clv.maximum import Fit

TOP = 0.1


@dataclass(frozen=True)
class Measures:
    """One forecast against what was bought, over customers."""

    expected: float
    actual: float
    deviance: float
    mae: float
    rmse: float
    capture: float | None  # share of the purchases that the top tenth by forecast made

    @property
    def bias(self) -> float | None:
        """Expected over actual, less one."""
        return self.expected / self.actual - 1 if self.actual else None


def measure(expected: Floats, cells: Cells) -> Measures:
    """A forecast for each history against the later purchases of its customers."""
    n, y = cells.customers, cells.later
    mu = expected[cells.places]
    floor = np.maximum(mu, LEAST)
    total = float(n.sum())
    return Measures(
        float(n @ mu), float(n @ y),
        float(n @ (2 * (xlogy(y, y / floor) - y + floor))) / total,
        float(n @ np.abs(y - mu)) / total,
        float(np.sqrt(n @ (y - mu) ** 2 / total)),
        captured(mu, cells),
    )  # fmt: skip


def captured(mu: Floats, cells: Cells) -> float | None:
    """Share of later purchases made by the tenth of customers with the largest forecast; ties count in part."""
    bought = float(cells.customers @ cells.later)
    values, places = np.unique(-np.round(mu, 9), return_inverse=True)
    if not bought or len(values) < 2:
        return None
    n = np.bincount(places, cells.customers)
    y = np.bincount(places, cells.customers * cells.later)
    before = np.cumsum(n) - n
    share = np.clip((TOP * n.sum() - before) / n, 0.0, 1.0)
    return float(share @ y) / bought


@dataclass(frozen=True)
class Decile:
    """Customers ranked by forecast: what was expected of them and what they bought, on average."""

    decile: int
    customers: int
    expected: float
    actual: float
    low: float
    high: float


def deciles(expected: Floats, cells: Cells) -> list[Decile]:
    """Ten groups by forecast, the largest first; customers with equal forecasts stay together."""
    mu = expected[cells.places]
    _, places = np.unique(-np.round(mu, 9), return_inverse=True)
    n = np.bincount(places, cells.customers)
    middle = (np.cumsum(n) - n / 2) / n.sum()
    tenth = np.minimum((middle * 10).astype(int), 9)[places]
    found = []
    for number in np.unique(tenth):
        here = tenth == number
        many, bought = cells.customers[here], cells.later[here]
        size = float(many.sum())
        mean = float(many @ bought) / size
        error = float(np.sqrt(max(0.0, many @ (bought - mean) ** 2) / size / max(1.0, size - 1)))
        found.append(
            Decile(
                int(number) + 1, int(size), float(many @ mu[here]) / size, mean,
                max(0.0, mean - 1.96 * error), mean + 1.96 * error,
            )
        )  # fmt: skip
    return found


def chosen(measures: Mapping[str, Measures], fits: Mapping[str, Fit]) -> str:
    """The forecast with the smallest deviance, to the sixth decimal, among models with a maximum and rules."""
    allowed = [name for name in measures if name not in MODELS or fits[name].usable]
    return min(allowed, key=lambda name: (round(measures[name].deviance, 6), allowed.index(name)))


def best_rule(measures: Mapping[str, Measures]) -> str:
    """The simple rule with the smallest deviance."""
    names = [name for name in measures if name not in MODELS]
    return min(names, key=lambda name: (round(measures[name].deviance, 6), name == ZERO))
