"""Do two things stand together in baskets more than chance would have it?

Lift = P(both) / (P(one) P(other)) has an interval by the delta method of a multinomial sample. It is above one for
nearly every pair when some baskets are large and others small, so the test is against what the sizes of the
baskets and the number of baskets of each thing would give by themselves: k1 k2 S / M^2, where M is the number of
(basket, thing) and S the sum of size x (size - 1) over baskets (Chung and Lu 2002). The count of such a pair is a sum
of independent chances, whose spread is at most that of a Poisson variable; the exact Poisson tail is therefore
cautious. Interval of observed / expected: Byar's (Breslow and Day 1987, 2.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from keguan.evidence.statistics.incomplete_gamma import poisson_at_least
from keguan.evidence.statistics.interval import Interval, z_value


@dataclass(frozen=True, slots=True)
class Baskets:
    """All baskets: their number, the number of (basket, thing), and the sum of size x (size - 1)."""

    baskets: int
    members: int
    ordered_pairs: int

    def expected(self, one: int, other: int) -> float:
        """Baskets with both things, given how many hold each and how large baskets are."""
        return one * other * self.ordered_pairs / self.members**2 if self.members else 0.0


@dataclass(frozen=True, slots=True)
class PairLift:
    """`lift` with its interval; `expected` given the sizes of baskets, `ratio` observed / expected with its own
    interval, and the one-sided p of at least as many."""

    lift: float
    low: float
    high: float
    expected: float
    ratio: float
    ratio_low: float
    ratio_high: float
    p: float


def pair_lift(both: int, one: int, other: int, of: Baskets) -> PairLift | None:
    """The pair, `both` baskets of those with `one` and `other`; None where nothing can be expected."""
    expected = of.expected(one, other)
    if of.baskets <= 0 or expected <= 0:
        return None
    lift = both * of.baskets / (one * other)
    ends = lift_interval(both, one, other, of.baskets)
    around = byar(both)
    return PairLift(
        lift, ends.low, ends.high, expected, both / expected, around.low / expected, around.high / expected,
        poisson_at_least(both, expected),
    )  # fmt: skip


def lift_interval(both: int, one: int, other: int, baskets: int) -> Interval:
    """95 % interval of the lift on the log scale; from 0 when no basket holds both."""
    if both == 0:
        return Interval(0.0, baskets / (one * other) * byar(0).high)
    lift = both * baskets / (one * other)
    # Var(log lift) of a multinomial sample, from the covariances of the three counts.
    variance = max(1 / both - 1 / one - 1 / other - 1 / baskets + 2 * lift / baskets, 0.0)
    reach = z_value() * sqrt(variance)
    return Interval(exp(log(lift) - reach), exp(log(lift) + reach))


def byar(count: int) -> Interval:
    """Byar's interval of a Poisson mean from one count."""
    z, up = z_value(), count + 1
    high = up * (1 - 1 / (9 * up) + z / (3 * sqrt(up))) ** 3
    low = 0.0 if count == 0 else count * max(1 - 1 / (9 * count) - z / (3 * sqrt(count)), 0.0) ** 3
    return Interval(low, high)
