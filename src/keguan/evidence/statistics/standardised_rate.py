"""A rate of other people as if they were made up as these: direct standardisation over strata.

Interval: Wilson's with the effective sample size, rate (1 - rate) / variance (Korn and Graubard 1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval, z_value


@dataclass(frozen=True, slots=True)
class StandardisedRate:
    """The rate, its interval, the people that it is of, and the share of those stood for whose stratum has any."""

    rate: float
    interval: Interval
    n: int
    covered: float


def standardised_rate(
    strata: Sequence[tuple[int, int, int]], level: float = LEVEL
) -> StandardisedRate | None:
    """Strata are (people stood for, people seen, of these with the event). None where no stratum has anybody."""
    wanted = sum(own for own, _, _ in strata)
    used = [item for item in strata if item[0] > 0 and item[1] > 0]
    weight = sum(own for own, _, _ in used)
    if not weight:
        return None
    n = sum(seen for _, seen, _ in used)
    rate = sum(own / weight * hits / seen for own, seen, hits in used)
    variance = sum((own / weight) ** 2 * (hits / seen) * (1 - hits / seen) / seen for own, seen, hits in used)
    size = rate * (1 - rate) / variance if variance > 0 else float(min(seen for _, seen, _ in used))
    return StandardisedRate(rate, _around(rate, min(size, float(n)), level), n, weight / wanted)


def _around(rate: float, size: float, level: float) -> Interval:
    z = z_value(level)
    scale = 1 + z * z / size
    centre = (rate + z * z / (2 * size)) / scale
    half = z * sqrt(rate * (1 - rate) / size + z * z / (4 * size * size)) / scale
    return Interval(max(0.0, centre - half), min(1.0, centre + half))
