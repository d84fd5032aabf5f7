"""Does a part (region, category) grow differently from all others? Ratio of growth factors with its interval.

Growth = revenue now / revenue before. Its variance on the log scale follows from customers' sums (delta
method of a ratio of totals, customers as the unit drawn: the normal limit of the customer bootstrap); a
part and the rest are compared by the difference of logs. Cochran, Sampling Techniques (1977), chapter 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.two_proportions import two_sided


@dataclass(frozen=True, slots=True)
class PartSums:
    """Sums over the customers of one part: revenue before (b) and now (c), squares and products."""

    before: float
    now: float
    bb: float
    cc: float
    bc: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Relative change of the part with its 95 % interval, that of the rest, and p of their equality."""

    rate: float
    low: float
    high: float
    rest: float
    p: float


def growth_against_rest(parts: Sequence[PartSums]) -> list[Growth | None]:
    """One answer per part, in order; None where a total is not positive or nothing is left to compare with."""
    whole = _added(parts)
    return [_growth(part, _added((whole,), less=part)) for part in parts]


def _added(parts: Sequence[PartSums], less: PartSums | None = None) -> PartSums:
    def total(name: str) -> float:
        taken = getattr(less, name) if less else 0.0
        return math.fsum([*(getattr(part, name) for part in parts), -taken])

    return PartSums(total("before"), total("now"), total("bb"), total("cc"), total("bc"))


def _growth(part: PartSums, rest: PartSums) -> Growth | None:
    if min(part.before, part.now, rest.before, rest.now) <= 0:
        return None
    own, own_variance = _log_growth(part)
    other, other_variance = _log_growth(rest)
    spread = math.sqrt(own_variance + other_variance)
    reach = z_value() * math.sqrt(own_variance)
    return Growth(
        rate=math.exp(own) - 1,
        low=math.exp(max(own - reach, -50.0)) - 1,
        high=math.exp(min(own + reach, 50.0)) - 1,
        rest=math.exp(other) - 1,
        p=two_sided((own - other) / spread) if spread > 0 else 1.0,
    )


def _log_growth(part: PartSums) -> tuple[float, float]:
    factor = part.now / part.before
    variance = (part.cc - 2 * factor * part.bc + factor * factor * part.bb) / (part.now * part.now)
    return math.log(factor), max(variance, 0.0)
