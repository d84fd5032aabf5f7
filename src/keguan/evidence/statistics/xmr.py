"""How much a month usually differs from the one before: XmR limits of the deseasonalised series.

Shewhart's chart of individual values and moving ranges: the upper limit of the range between two
neighbours is 3.267 times the mean range (Wheeler, Understanding Variation, 1993). A change within it is
what this business does anyway. Worked on logarithms, so that limits are relative and scale-free.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

RANGE_LIMIT = 3.267  # D4 for ranges of two
YEAR = 12
FEWEST_MONTHS = 6
DAYS_PER_MONTH = 365.25 / 12
WIDEST = 50.0  # on the log scale; keeps exp finite


@dataclass(frozen=True, slots=True)
class UsualChange:
    """Relative change between two periods that is still usual, and whether the season was taken out."""

    low: float
    high: float
    deseasonalised: bool

    def exceeded_by(self, change: float) -> bool:
        """Whether a relative change lies outside."""
        return change < self.low or change > self.high


def usual_change(months: Sequence[float], days: float = DAYS_PER_MONTH) -> UsualChange | None:
    """Limits for the relative change between two periods of `days` days each.

    `months`: figures of complete months in order. With two whole years the season is taken out; with
    6 to 23 months the plain series is used; None with fewer, or with a month that is not positive.
    Longer periods average out: the limit shrinks with the square root of their length.
    """
    if len(months) < FEWEST_MONTHS or min(months) <= 0:
        return None
    logs = [math.log(value) for value in months]
    seasonal = len(logs) >= 2 * YEAR
    factor = 1.0
    if seasonal:
        years = len(logs) // YEAR
        logs = _without_season(logs)
        # Season and residual come from the same few years: the residuals are too small by this factor.
        factor = math.sqrt(years / (years - 1))
    ranges = [abs(after - before) for before, after in pairwise(logs)]
    mean_range = math.fsum(ranges) / len(ranges)
    width = min(RANGE_LIMIT * factor * mean_range / math.sqrt(days / DAYS_PER_MONTH), WIDEST)
    return UsualChange(math.exp(-width) - 1, math.exp(width) - 1, seasonal)


def _without_season(logs: Sequence[float]) -> list[float]:
    """Whole years back from the end, each month less its usual distance from its year's mean."""
    kept = list(logs[len(logs) % YEAR :])
    years = [kept[start : start + YEAR] for start in range(0, len(kept), YEAR)]
    means = [math.fsum(year) / YEAR for year in years]
    season = [
        math.fsum(year[month] - mean for year, mean in zip(years, means, strict=True)) / len(years)
        for month in range(YEAR)
    ]
    return [value - season[position % YEAR] for position, value in enumerate(kept)]
