"""How many customers are held out, so that the campaign's effect can be found.

Two-sided 5 %, power 80 % (evidence.statistics.sample_size). The fewest customers from 5 % of the audience on that give
the power; half of the audience where even half does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Any

from keguan.app.audience.order import LEAST, MOST, Holdout
from keguan.evidence.statistics.sample_size import (
    POWER,
    cohens_h,
    mean_power,
    share_power,
    smallest_mean,
    smallest_share,
)

USUAL_RISE = 0.2  # of the base: the smallest difference that matters, where --mde does not say


@dataclass(frozen=True, slots=True)
class Base:
    """What the segment did without this campaign in an equally long window before."""

    metric: str
    value: float
    deviation: float  # of one customer
    customers: int


@dataclass(frozen=True, slots=True)
class Size:
    """How many are held out of n, the difference planned for, its power, and the smallest that is found with 80 %."""

    n: int
    held_out: int
    base: Base
    mde: float | None
    power: float | None
    detectable: float | None

    @property
    def enough(self) -> bool:
        """Whether the planned difference is found with the usual power."""
        return self.power is not None and self.power >= POWER


def base_of(metric: str, row: Mapping[str, Any]) -> Base:
    """The base value from the sums of `base_sql`."""
    n, buyers = int(row["n"] or 0), int(row["buyers"] or 0)
    if not n:
        return Base(metric, 0.0, 0.0, 0)
    if metric == "conversion":
        rate = buyers / n
        return Base(metric, rate, sqrt(rate * (1 - rate)), n)
    mean = float(row["spend"]) / n
    variance = max(0.0, float(row["squares"]) / n - mean * mean)
    return Base(metric, round(mean, 4), round(sqrt(variance), 6), n)


def usual_mde(base: Base) -> float | None:
    """A fifth of the base; None where there is nothing to take a fifth of, or a share would pass one."""
    rise = USUAL_RISE * base.value
    if rise <= 0 or (base.metric == "conversion" and base.value + rise >= 1):
        return None
    return rise


def sized(n: int, holdout: Holdout, base: Base, mde: float | None) -> Size:
    """The holdout of an audience of n customers."""
    if holdout.kind == "none" or n < 2:
        return Size(n, 0, base, mde, None, None)
    held = round(n * holdout.share) if holdout.kind == "share" else fewest(n, base, mde)
    if not 0 < held < n:
        return Size(n, held, base, mde, None, None)
    power = power_of(n, held, base, mde) if mde is not None else None
    return Size(n, held, base, mde, power, detectable(n, held, base))


def fewest(n: int, base: Base, mde: float | None) -> int:
    """The fewest customers held out with which the difference is found; half where that is not enough."""
    low, high = max(1, ceil(LEAST * n)), max(1, floor(MOST * n))
    if mde is None or power_of(n, high, base, mde) < POWER:
        return high
    while low < high:  # power rises with the holdout up to half
        middle = (low + high) // 2
        if power_of(n, middle, base, mde) >= POWER:
            high = middle
        else:
            low = middle + 1
    return low


def power_of(n: int, held: int, base: Base, mde: float) -> float:
    """Chance to find a rise of `mde` with `held` of n customers held out."""
    ratio = (n - held) / held
    if base.metric == "conversion":
        return share_power(cohens_h(min(1.0, base.value + mde), base.value), held, ratio)
    return mean_power(mde / base.deviation, held, ratio) if base.deviation > 0 else 1.0


def detectable(n: int, held: int, base: Base) -> float | None:
    """The smallest rise that is found with the usual power; None where none is."""
    ratio = (n - held) / held
    if base.metric == "conversion":
        return smallest_share(base.value, held, ratio)
    found = smallest_mean(held, ratio)
    return None if found is None else found * base.deviation


def quotas(strata: Mapping[str, int], held: int) -> dict[str, int]:
    """How many of each stratum are held out: its share rounded down, what is missing goes to the largest remainders."""
    total = sum(strata.values())
    if not total:
        return {}
    given = {name: held * count // total for name, count in strata.items()}
    left = held - sum(given.values())
    by_rest = sorted(strata, key=lambda name: (-(held * strata[name] % total), name))
    for name in by_rest[:left]:
        given[name] += 1
    return given
