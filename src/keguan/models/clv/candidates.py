"""The models that compete, and the simple rules that they must beat, under one face.

`by_last` and `by_age` are tables over the few distinct (repeats, time); `chance` joins them to P(alive) of a
customer. A rule knows no P(alive): its chance is 1 or 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from keguan.models.clv.beta_geometric import BetaGeometric, fit_beta_geometric
from keguan.models.clv.histories import Floats, Histories
from keguan.models.clv.maximum import Fit
from keguan.models.clv.pareto import Pareto, fit_pareto

BG, MBG, PARETO, GAMMA = "BG/NBD", "MBG/NBD", "Pareto/NBD", "Gamma-Gamma"
MODELS = (BG, MBG, PARETO)
ZERO, PAST_RATE, RECENCY = "zero", "past_rate", "recency_cut"
LEAST = 0.01  # a forecast below it counts as so much: a purchase where none was expected has no deviance


class Candidate(Protocol):
    """What forecasts purchases."""

    def by_last(self, repeats: Floats, last: Floats) -> Floats:
        """A table over (repeats, last)."""

    def by_age(self, repeats: Floats, age: Floats) -> tuple[Floats, Floats]:
        """Two tables over (repeats, age)."""

    def chance(self, last: Floats, age: tuple[Floats, Floats]) -> Floats:
        """P(alive) from the tables' values of customers."""

    def if_alive(self, repeats: Floats, age: Floats, time: float) -> Floats:
        """Expected purchases in the next `time` of who is alive."""

    def bought(
        self, random: np.random.Generator, repeats: Floats, age: Floats, time: float, count: int
    ) -> Floats:
        """Simulated purchases of who is alive: customers x count."""


@dataclass(frozen=True)
class Rule:
    """Past rate, or one rate for everybody who bought within `cut` (None: own rate, no cut)."""

    rate: float
    cut: float | None = None

    def by_last(self, repeats: Floats, last: Floats) -> Floats:
        """When they bought last."""
        return last

    def by_age(self, repeats: Floats, age: Floats) -> tuple[Floats, Floats]:
        """When they came."""
        return age, age

    def chance(self, last: Floats, age: tuple[Floats, Floats]) -> Floats:
        """1, or 0 for who has been silent for longer than the cut."""
        if self.cut is None:
            return np.ones_like(last)
        return np.where(age[0] - last <= self.cut, 1.0, 0.0)

    def if_alive(self, repeats: Floats, age: Floats, time: float) -> Floats:
        """Own rate, or that of all, for the time."""
        if self.cut is not None:
            return np.full_like(repeats, self.rate * time)
        return np.asarray(repeats / np.maximum(age, 1e-9) * time * (age > 0), dtype=np.float64)

    def bought(
        self, random: np.random.Generator, repeats: Floats, age: Floats, time: float, count: int
    ) -> Floats:
        """Purchases at a steady rate."""
        mean = np.minimum(self.if_alive(repeats, age, time), 1e6)
        return random.poisson(np.broadcast_to(mean[:, None], (len(repeats), count))).astype(np.float64)


def fit_models(histories: Histories) -> dict[str, Fit]:
    """The three models by maximum likelihood."""
    return {
        BG: fit_beta_geometric(histories),
        MBG: fit_beta_geometric(histories, modified=True),
        PARETO: fit_pareto(histories),
    }


def made(name: str, estimates: Floats) -> Candidate:
    """A model from its estimates."""
    one, two, three, four = (float(value) for value in estimates)
    if name == PARETO:
        return Pareto(one, two, three, four)
    return BetaGeometric(one, two, three, four, name == MBG)


def rules(histories: Histories) -> Mapping[str, Rule]:
    """The simple rules: nobody buys again; everybody keeps the past rate; who bought lately buys at the mean rate
    of these. The cut is the silence that splits the time observed in half."""
    n, x, age = histories.customers, histories.repeats, histories.age
    cut = float((n * age).sum() / n.sum()) / 2
    recent = age - histories.last <= cut
    seen = float((n * age)[recent].sum())
    return {
        ZERO: Rule(0.0, -1.0),
        PAST_RATE: Rule(0.0),
        RECENCY: Rule(float((n * x)[recent].sum()) / seen if seen else 0.0, cut),
    }


def forecast(candidate: Candidate, histories: Histories, time: float) -> Floats:
    """Expected purchases of each history in the next `time`."""
    lasts, ages = histories.by_last, histories.by_age
    last = candidate.by_last(lasts.repeats, lasts.time)[lasts.places]
    left, right = candidate.by_age(ages.repeats, ages.time)
    chance = candidate.chance(last, (left[ages.places], right[ages.places]))
    return np.asarray(chance * candidate.if_alive(ages.repeats, ages.time, time)[ages.places])
