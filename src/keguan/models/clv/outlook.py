"""What one customer may spend in the next year: quantiles of simulated purchases x spend, on a grid.

Of who is alive, purchases depend on (repeats, age) alone, and spend over (gamma + what was spent) on repeats
alone, so one table serves everybody. Who may be gone spends nothing with the chance of being gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.models.clv.candidates import Candidate
from keguan.models.clv.gamma_gamma import Spend
from keguan.models.clv.histories import Floats

DRAWS, LEVELS, AGES = 2_000, 201, 12
SEED = 20_250_601
OUTSIDE = 0.1  # on either side of the 80 % interval


@dataclass(frozen=True)
class Outlook:
    """Quantiles of spend over (gamma + spent): grid points x levels; `grid`: the grid point of each pair."""

    grid: np.ndarray
    quantiles: Floats

    def interval(self, at_age: np.ndarray, chance: Floats, money: Floats) -> tuple[Floats, Floats]:
        """Lower and upper end of the 80 % prediction interval, for customers with this chance to be alive."""
        place = self.grid[at_age]
        alive = np.maximum(chance, 1e-12)
        ends = [self._at(place, 1.0 - share / alive) * money for share in (1 - OUTSIDE, OUTSIDE)]
        return np.minimum(*ends), np.maximum(*ends)

    def _at(self, place: np.ndarray, level: Floats) -> Floats:
        where = np.clip(level, 0.0, 1.0) * (LEVELS - 1)
        below = np.minimum(where.astype(np.intp), LEVELS - 2)
        part = where - below
        flat = place * LEVELS + below
        found = self.quantiles.ravel()
        return np.where(level <= 0, 0.0, found[flat] * (1 - part) + found[flat + 1] * part)


def outlook(model: Candidate, spend: Spend, repeats: Floats, age: Floats, time: float) -> Outlook:
    """The table for customers with these pairs (repeats, age). The same at each run: one fixed seed."""
    steps = np.unique(
        np.concatenate([np.arange(11.0), np.geomspace(12, max(12.0, repeats.max()), 12).round()])
    )
    ages = np.unique(np.quantile(age, np.linspace(0, 1, AGES)))
    at_x = np.abs(np.log1p(repeats)[:, None] - np.log1p(steps)).argmin(axis=1)
    at_age = np.abs(age[:, None] - ages).argmin(axis=1)
    used, grid = np.unique(at_x * len(ages) + at_age, return_inverse=True)
    x, t = steps[used // len(ages)], ages[used % len(ages)]
    random = np.random.default_rng(SEED)
    bought = model.bought(random, x, t, time, DRAWS)
    money = random.standard_gamma(np.maximum(spend.p * bought, 1e-12)) * (bought > 0)
    money = money / random.standard_gamma(np.broadcast_to((spend.q + spend.p * x)[:, None], money.shape))
    levels = np.quantile(money, np.linspace(0, 1, LEVELS), axis=1).T
    return Outlook(grid, np.ascontiguousarray(levels))
