"""Scores customers batch by batch: expected purchases, P(alive), expected spend, lifetime value and its intervals.

Everything that depends on (repeats, last) or (repeats, age) alone is computed once, for the pairs that occur; a
customer costs a few look-ups and one formula. Lifetime value is discounted continuously:
    integral of E'(u) exp(-d u) du over the horizon = exp(-d h) E(h) + d integral of E(u) exp(-d u) du.

The mean interval holds the errors of the parameters (delta method): `moved` are the models a little way along
each column of a root of the covariance. The prediction interval holds what one customer may do: simulated
purchases x spend of live customers on a grid of (repeats, age), mixed with the chance of being gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keguan.models.clv.candidates import Candidate
from keguan.models.clv.cells import Clock
from keguan.models.clv.gamma_gamma import Spend
from keguan.models.clv.histories import Floats, part
from keguan.models.clv.maximum import STEP
from keguan.models.clv.outlook import Outlook, outlook

YEAR = 365.25
HORIZONS = (YEAR, 3 * YEAR)  # 12 and 36 months, in days
DIRECTIONS = 7  # four parameters of purchases, three of spend
COLUMNS = {
    "account_no": "INTEGER", "repeats": "BIGINT", "expected": "DOUBLE", "p_alive": "DOUBLE", "spend": "DOUBLE",
    "margin": "DOUBLE", "clv_12": "DOUBLE", "clv_36": "DOUBLE", "mean_low": "DOUBLE", "mean_high": "DOUBLE",
    "low": "DOUBLE", "high": "DOUBLE",
    **{f"{name}{at}": "DOUBLE" for name in ("a", "b") for at in range(1, DIRECTIONS + 1)},
}  # fmt: skip
NODES, WEIGHTS = np.polynomial.legendre.leggauss(4)


@dataclass(frozen=True)
class Pairs:
    """Sorted codes of the pairs (repeats, days) that occur, for look-ups."""

    codes: np.ndarray
    base: int

    def find(self, repeats: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Places of customers' pairs."""
        places = np.searchsorted(self.codes, repeats * self.base + days)
        return np.asarray(np.minimum(places, len(self.codes) - 1))


def pairs_of(repeats: Floats, days: Floats, base: int) -> tuple[Pairs, Floats, Floats]:
    """Distinct pairs, their repeats and their days."""
    found = part(repeats, days)
    codes = (found.repeats * base + found.time).astype(np.int64)
    return Pairs(codes, base), found.repeats, found.time


@dataclass(frozen=True)
class Scorer:
    """A picklable function of a batch with account_no, repeats, last, age (days), spent, margin."""

    lasts: Pairs
    ages: Pairs
    chance: Candidate
    before: Floats  # of the model and of the moved ones: rows x pairs of lasts
    after: tuple[tuple[Floats, Floats], ...]
    worth: Floats  # discounted purchases of who is alive: horizons x pairs of ages
    plain: Floats  # purchases within a year, not discounted
    tilt: Floats  # moved x horizons x pairs: what the moved models expect over what the model does
    moved: tuple[Candidate, ...]
    alive: Candidate | None  # gives P(alive) where the model itself must not
    alive_before: Floats | None
    alive_after: tuple[Floats, Floats] | None
    spend: Spend
    spends: tuple[Spend, ...]
    future: Outlook

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of COLUMNS."""
        x, last, age = (
            batch.column(name).to_numpy(zero_copy_only=False) for name in ("repeats", "last", "age")
        )
        spent = batch.column("spent").to_numpy(zero_copy_only=False)
        margin = batch.column("margin").to_numpy(zero_copy_only=False)
        at_last, at_age = self.lasts.find(x, last), self.ages.find(x, age)
        chance = self._chance(0, self.chance, at_last, at_age)
        mean = spent / np.maximum(x, 1)
        spend = self.spend.expected(x, mean)
        worth = self.worth[:, at_age]
        value = chance * worth * (spend * margin)
        slopes = self._slopes(chance, worth, spend, margin, x, mean, at_last, at_age)
        error = 1.96 * np.sqrt(sum(slope[0] ** 2 for slope in slopes)) if slopes else np.full(len(x), np.nan)
        money = (self.spend.gamma + spent) * margin * (worth[0] / np.maximum(self.plain[at_age], 1e-12))
        low, high = self.future.interval(at_age, chance, money)
        out = {
            "account_no": batch.column("account_no"), "repeats": batch.column("repeats"),
            "expected": chance * self.plain[at_age], "p_alive": self._alive(at_last, at_age), "spend": spend,
            "margin": margin, "clv_12": value[0], "clv_36": value[1], "mean_low": value[0] - error,
            "mean_high": value[0] + error, "low": low, "high": high,
        }  # fmt: skip
        nothing = np.zeros(len(x))
        for at in range(DIRECTIONS):
            slope = slopes[at] if at < len(slopes) else (nothing, nothing)
            out[f"a{at + 1}"], out[f"b{at + 1}"] = slope
        return pa.record_batch({name: _finite(out[name]) for name in COLUMNS})

    def _chance(self, at: int, model: Candidate, at_last: np.ndarray, at_age: np.ndarray) -> Floats:
        left, right = self.after[at]
        return model.chance(self.before[at][at_last], (left[at_age], right[at_age]))

    def _alive(self, at_last: np.ndarray, at_age: np.ndarray) -> pa.Array | Floats:
        if self.alive is None or self.alive_before is None or self.alive_after is None:
            return pa.nulls(len(at_last), pa.float64())
        left, right = self.alive_after
        return self.alive.chance(self.alive_before[at_last], (left[at_age], right[at_age]))

    def _slopes(
        self, chance: Floats, worth: Floats, spend: Floats, margin: Floats, x: Floats, mean: Floats,
        at_last: np.ndarray, at_age: np.ndarray,
    ) -> list[Floats]:  # fmt: skip
        """Change of the two values for one standard error along each direction."""
        found = []
        money = spend * margin / STEP
        for at, model in enumerate(self.moved):
            there = self._chance(at + 1, model, at_last, at_age) * self.tilt[at][:, at_age]
            found.append((there - chance) * worth * money)
        for moved in self.spends:
            found.append(chance * worth * ((moved.expected(x, mean) - spend) * margin / STEP))
        return found


def _finite(values: pa.Array | Floats) -> pa.Array:
    if isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=True)  # NaN as null
    return values


def discounted(
    model: Candidate, repeats: Floats, age: Floats, days: float, time: Clock, rate: float
) -> Floats:
    """Purchases of who is alive in the next `days`, discounted by `rate` a year."""
    a_day = np.log1p(rate) / YEAR
    out = np.exp(-a_day * days) * model.if_alive(repeats, age, days / time.days)
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        moment = days * (node + 1) / 2
        at = model.if_alive(repeats, age, moment / time.days)
        out = out + a_day * weight * days / 2 * np.exp(-a_day * moment) * at
    return np.asarray(out)


def scorer(
    histories: tuple[Floats, Floats, Floats],
    model: Candidate,
    moved: tuple[Candidate, ...],
    alive: Candidate | None,
    spend: Spend,
    spends: tuple[Spend, ...],
    time: Clock,
    rate: float,
) -> Scorer:
    """The scorer of customers with these histories (repeats, last, age; days)."""
    repeats, last, age = histories
    base = int(age.max()) + 1
    lasts, x_last, days_last = pairs_of(repeats, last, base)
    ages, x_age, days_age = pairs_of(repeats, age, base)
    t_last, t_age = time.units(days_last), time.units(days_age)
    whole = [model.if_alive(x_age, t_age, days / time.days) for days in HORIZONS]
    tilt = [
        [other.if_alive(x_age, t_age, d / time.days) / np.maximum(w, 1e-300) for d, w in zip(HORIZONS, whole, strict=True)]
        for other in moved
    ]  # fmt: skip
    return Scorer(
        lasts, ages, model,
        np.array([item.by_last(x_last, t_last) for item in (model, *moved)]),
        tuple(item.by_age(x_age, t_age) for item in (model, *moved)),
        np.array([discounted(model, x_age, t_age, days, time, rate) for days in HORIZONS]),
        whole[0], np.array(tilt), moved, alive,
        None if alive is None else alive.by_last(x_last, t_last),
        None if alive is None else alive.by_age(x_age, t_age),
        spend, spends, outlook(model, spend, x_age, t_age, YEAR / time.days),
    )  # fmt: skip
