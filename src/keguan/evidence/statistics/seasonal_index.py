"""Is there a season, and which periods of the year stand out? An additive model of logarithms.

log figure = year + period of the year + rest. The index of a period is exp(its effect); its interval comes from what is left
over, with (periods - 1) x (years - 1) degrees of freedom (two-way layout without repetition; Montgomery, Design and Analysis
of Experiments, 2013, chapter 4). Whether there is a season at all is asked of ranks, which no single year can carry: Friedman's
test (1937).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from keguan.evidence.statistics.incomplete_gamma import chi_square_tail
from keguan.evidence.statistics.student_t import t_two_sided, t_value


@dataclass(frozen=True, slots=True)
class PeriodIndex:
    """1 is the level of the year; interval and p of being 1. `nearest`: the year in which the period was closest to
    its level, or on the other side: one high year must not pass for a season."""

    index: float
    low: float
    high: float
    p: float
    nearest: float


@dataclass(frozen=True, slots=True)
class Season:
    """One index a period of the year, and Friedman's p of no season at all."""

    periods: tuple[PeriodIndex, ...]
    p: float


def season(years: Sequence[Sequence[float]]) -> Season | None:
    """`years`: at least two, each with the figures of the same periods in order, all positive; else None."""
    if len(years) < 2 or len({len(year) for year in years}) != 1 or min(map(min, years)) <= 0:
        return None
    size = len(years[0])
    logs = [[math.log(value) for value in year] for year in years]
    means = [math.fsum(year) / size for year in logs]
    effects = [
        math.fsum(year[i] - mean for year, mean in zip(logs, means, strict=True)) / len(years)
        for i in range(size)
    ]
    rest = math.fsum(
        (year[i] - mean - effects[i]) ** 2
        for year, mean in zip(logs, means, strict=True)
        for i in range(size)
    )
    freedom = (size - 1) * (len(years) - 1)
    spread = math.sqrt(rest / freedom * (size - 1) / size / len(years))
    reach = t_value(freedom) * spread
    periods = tuple(
        PeriodIndex(
            math.exp(effect), math.exp(effect - reach), math.exp(effect + reach),
            t_two_sided(effect / spread, freedom) if spread > 0 else float(effect == 0),
            math.exp((min if effect > 0 else max)(year[i] - mean for year, mean in zip(logs, means, strict=True))),
        )
        for i, effect in enumerate(effects)
    )  # fmt: skip
    return Season(periods, friedman(years))


def friedman(years: Sequence[Sequence[float]]) -> float:
    """p that all orders of the periods are equally likely in each year; ties share their ranks."""
    size, blocks = len(years[0]), len(years)
    ranks = [_ranks(year) for year in years]
    sums = [math.fsum(rank[i] for rank in ranks) for i in range(size)]
    middle = blocks * (size + 1) / 2
    squares = math.fsum(value * value for rank in ranks for value in rank)
    spread = squares - blocks * size * (size + 1) ** 2 / 4
    if spread <= 0:
        return 1.0
    statistic = (size - 1) * math.fsum((total - middle) ** 2 for total in sums) / spread
    return chi_square_tail(statistic, size - 1)


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) + 1) / 2 for value in values]
