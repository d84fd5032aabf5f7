"""Difference of two risks pooled over strata, so that like is compared with like.

Mantel-Haenszel weights; variance by Sato (1989), right for few large and for many small strata.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from keguan.evidence.statistics.interval import LEVEL, z_value
from keguan.evidence.statistics.two_proportions import two_sided


@dataclass(frozen=True, slots=True)
class Stratum:
    """Hits and trials of the first and the second group among customers alike."""

    hits: int
    trials: int
    other_hits: int
    other_trials: int


@dataclass(frozen=True, slots=True)
class RiskDifference:
    """First minus second group over the strata in which both are present; how many of each that is; the risk
    of each group with the weights of the comparison, so that they differ by `difference`."""

    n: int
    other_n: int
    risk: float
    other_risk: float
    difference: float
    low: float
    high: float
    p: float


def risk_difference(strata: Iterable[Stratum], level: float = LEVEL) -> RiskDifference | None:
    """None when no stratum holds both groups, or nobody or everybody has the event."""
    kept = [s for s in strata if s.trials > 0 and s.other_trials > 0]
    weight = sum(_weight(s) for s in kept)
    if weight <= 0:
        return None
    risk = sum(_weight(s) * s.hits / s.trials for s in kept) / weight
    other = sum(_weight(s) * s.other_hits / s.other_trials for s in kept) / weight
    difference = risk - other
    variance = (
        difference * sum(_skew(s) for s in kept) + sum(_noise(s) for s in kept)
    ) / (weight * weight)  # fmt: skip
    if variance <= 0:
        return None
    spread = sqrt(variance)
    reach = z_value(level) * spread
    return RiskDifference(
        sum(s.trials for s in kept), sum(s.other_trials for s in kept), risk, other, difference,
        max(-1.0, difference - reach), min(1.0, difference + reach), two_sided(difference / spread),
    )  # fmt: skip


def _weight(s: Stratum) -> float:
    return s.trials * s.other_trials / (s.trials + s.other_trials)


def _skew(s: Stratum) -> float:
    n1, n0, n = s.trials, s.other_trials, s.trials + s.other_trials
    return float(n1 * n1 * s.other_hits - n0 * n0 * s.hits + n1 * n0 * (n0 - n1) / 2) / (n * n)


def _noise(s: Stratum) -> float:
    n1, n0, n = s.trials, s.other_trials, s.trials + s.other_trials
    return (s.hits * (n0 - s.other_hits) + s.other_hits * (n1 - s.hits)) / (2 * n)
