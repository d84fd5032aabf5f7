"""Which way to a chance is used for each horizon, judged on the last days that have passed.

For a horizon of h days: the ways learn from the customers as of as_of - 2h and who bought in the h days after; they are
judged on as_of - h and the days since. A richer way is used where its Brier score is smaller beyond chance (95 % interval
of the paired difference); it learns again from as_of - h and tells of the h days to come. Season: with a year of history
more, half of what the same step did to the model a year ago is added to its log odds (half, since one year is one
sample; seen on online_retail to serve better than none or all of it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.evidence.statistics.grouped_calibration import (
    BINS,
    Bin,
    brier_lead,
    calibration_gap,
    grouped_bins,
    grouped_brier,
)
from keguan.evidence.statistics.grouped_logistic import shift
from keguan.models.next_purchase.chances import (
    RECENT,
    SNAPSHOT_SQL,
    Chance,
    Snapshot,
    base_chance,
    cell_chance,
    model_chance,
    snapshot,
    terms,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

YEAR = 364  # whole weeks, so that a weekday meets its like
SEASON = 0.5
SAMPLED = 50_000
FIRST_SQL = "SELECT min(first_order_on) AS first FROM customer_facts"


@dataclass(frozen=True, slots=True)
class Placed:
    """Customers of one level on the day judged, and those of them who bought."""

    level: str
    customers: int
    bought: int


@dataclass(frozen=True)
class Judged:
    """One horizon: the snapshot judged on, the error of each way (base, cells, model), bins of the way used, and
    what it says now. `used` is None where too few customers or buyers stand under it."""

    horizon: int
    then: date
    customers: int
    buyers: int
    brier: Mapping[str, float]
    gap: Mapping[str, float]
    used: str | None
    bins: tuple[Bin, ...] = ()
    chance: Chance | None = None
    placed: tuple[Placed, ...] = ()

    @property
    def predicted(self) -> float:
        """How many were expected to buy on the days judged."""
        return sum(item.rows * item.predicted for item in self.bins)

    @property
    def shift(self) -> float:
        """What the season adds to the log odds now."""
        return self.chance.shift if self.chance else 0.0


def bounds(then: date, horizon: int) -> dict[str, Any]:
    """Parameters of a snapshot."""
    return {
        "then": then, "last": then + timedelta(days=horizon), "recent_from": then - timedelta(days=RECENT - 1),
        "sampled": SAMPLED,
    }  # fmt: skip


def judged(inputs: Inputs, horizon: int, limits: Mapping[str, float]) -> Judged:
    """The ways of one horizon, judged. `limits`: level -> least chance, the highest first."""
    step, least = timedelta(days=horizon), inputs.settings.min_n
    test, train = inputs.as_of - step, inputs.as_of - 2 * step
    taken = cache(lambda day: snapshot(inputs.query(SNAPSHOT_SQL, **bounds(day, horizon))))
    seen, learned = taken(test), taken(train)
    plain = Judged(horizon, test, seen.total, seen.buyers, {}, {}, None)
    if not all(_enough(one, least) for one in (seen, learned)):
        return plain
    ways: dict[str, Chance] = {"base": base_chance(learned), "cells": cell_chance(learned)}
    model = model_chance(learned)
    if model:
        ways["model"] = _seasonal(inputs, taken, model, test, train)
    made = {name: way.of(seen.figures) for name, way in ways.items()}
    brier = {name: grouped_brier(chance, seen.customers, seen.bought) for name, chance in made.items()}
    parts = min(BINS, max(seen.total // least, 1))  # no bin with fewer than min_n
    bins = {name: grouped_bins(chance, seen.customers, seen.bought, parts) for name, chance in made.items()}
    used = _best(made, seen)
    final = _learned(used, seen)
    if final is None:
        return plain
    if used == "model":
        final = _seasonal(inputs, taken, final, inputs.as_of, test)
    gaps = {name: calibration_gap(found) or 0.0 for name, found in bins.items()}
    placed = _placed(made[used], seen, limits)
    return Judged(horizon, test, seen.total, seen.buyers, brier, gaps, used, bins[used], final, placed)


def _best(made: Mapping[str, NDArray[np.float64]], seen: Snapshot) -> str:
    """The plainest way that no richer one beats beyond chance."""
    used = "base"
    for name in ("cells", "model"):
        if name in made and brier_lead(made[name], made[used], seen.customers, seen.bought).low > 0:
            used = name
    return used


def _learned(way: str, learned: Snapshot) -> Chance | None:
    if way == "model":
        return model_chance(learned)
    return cell_chance(learned) if way == "cells" else base_chance(learned)


def _placed(chance: NDArray[np.float64], seen: Snapshot, limits: Mapping[str, float]) -> tuple[Placed, ...]:
    """Levels from the highest limit down; a chance belongs to the first whose limit it reaches."""
    found, left = [], chance >= 0
    for level, limit in limits.items():
        here = left & (chance.round(6) >= limit)
        found.append(Placed(level, int(seen.customers[here].sum()), int(seen.bought[here].sum())))
        left &= ~here
    return tuple(found)


def _enough(found: Snapshot, least: int) -> bool:
    return min(found.buyers, found.total - found.buyers) >= least


def _seasonal(
    inputs: Inputs, taken: Callable[[date], Snapshot], model: Chance, to: date, since: date
) -> Chance:
    """The model with half of what the step between the same two days did to it a year before."""
    first = inputs.query(FIRST_SQL).to_pylist()[0]["first"]
    back = timedelta(days=YEAR)
    if model.model is None or first is None or first > since - back - timedelta(days=RECENT):
        return model
    shifts = []
    for day in (to - back, since - back):
        found = taken(day)
        if not _enough(found, inputs.settings.min_n):
            return model
        shifts.append(shift(model.model.log_odds(terms(found.figures)), found.customers, found.bought))
    one, other = shifts
    if one is None or other is None:
        return model
    return Chance(model.base, model=model.model, shift=round(SEASON * (one - other), 6))
