"""Interval of the Net Promoter Score: adjusted Wald (Rocks 2016, Interval estimation for the NPS).

Three answers are added before the variance is taken: 3/4 promoters, 3/2 passives, 3/4 detractors. The plain
Wald interval is too short when one side is rare. The score printed is the plain one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval, z_value
from keguan.evidence.statistics.two_proportions import two_sided

ADDED_SIDE, ADDED_MIDDLE = 0.75, 1.5


@dataclass(frozen=True, slots=True)
class NetPromoters:
    """Answers of 9-10, 7-8 and 0-6."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        """All answers."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float:
        """Share of promoters minus share of detractors, -1..1; of nobody 0."""
        return (self.promoters - self.detractors) / self.n if self.n else 0.0

    def adjusted(self) -> tuple[float, float]:
        """Centre and standard error with the added answers."""
        size = self.n + 2 * ADDED_SIDE + ADDED_MIDDLE
        up, down = (self.promoters + ADDED_SIDE) / size, (self.detractors + ADDED_SIDE) / size
        centre = up - down
        return centre, sqrt(max(up + down - centre * centre, 0.0) / size)


def nps_interval(answers: NetPromoters, level: float = LEVEL) -> Interval | None:
    """Between which scores does the true one lie? Within -1..1; None of nobody."""
    if answers.n == 0:
        return None
    centre, spread = answers.adjusted()
    reach = z_value(level) * spread
    return Interval(max(-1.0, centre - reach), min(1.0, centre + reach))


def nps_difference(one: NetPromoters, other: NetPromoters) -> tuple[Interval, float]:
    """Interval of one score minus another of different people, and the two-sided p of no difference."""
    (a, x), (b, y) = one.adjusted(), other.adjusted()
    spread = sqrt(x * x + y * y)
    reach = z_value() * spread
    return Interval(a - b - reach, a - b + reach), two_sided((a - b) / spread)
