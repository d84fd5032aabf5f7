"""Mean of a sample from its size, sum and sum of squares, with the large-sample interval of mean and difference.

The difference of two means takes each side's own variance (Welch 1947); with 30 and more a side Student's t
is the normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval, z_value
from keguan.evidence.statistics.two_proportions import two_sided


@dataclass(frozen=True, slots=True)
class SampleMean:
    """How many values, their sum, the sum of their squares."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """The mean; 0 of nothing."""
        return self.total / self.n if self.n else 0.0

    @property
    def error_squared(self) -> float:
        """Variance of the mean; 0 of fewer than two values."""
        if self.n < 2:
            return 0.0
        spread = max(self.squares - self.total * self.total / self.n, 0.0) / (self.n - 1)
        return spread / self.n

    def interval(self, level: float = LEVEL) -> Interval:
        """Of the mean."""
        reach = z_value(level) * sqrt(self.error_squared)
        return Interval(self.mean - reach, self.mean + reach)

    def minus(self, other: SampleMean) -> SampleMean:
        """The values left when those of a part are taken out."""
        return SampleMean(self.n - other.n, self.total - other.total, self.squares - other.squares)


def mean_difference(one: SampleMean, other: SampleMean) -> tuple[Interval, float]:
    """Interval of one mean minus another of different people, and the two-sided p of no difference."""
    difference, spread = one.mean - other.mean, sqrt(one.error_squared + other.error_squared)
    reach = z_value() * spread
    p = two_sided(difference / spread) if spread > 0 else 1.0
    return Interval(difference - reach, difference + reach), p
