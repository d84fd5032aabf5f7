"""Trend of a proportion over ordered doses (Cochran 1954; Armitage 1955)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from keguan.evidence.statistics.two_proportions import two_sided


@dataclass(frozen=True, slots=True)
class Trend:
    """z > 0: the proportion rises with the dose; two-sided p."""

    n: int
    z: float
    p: float


def cochran_armitage(doses: Iterable[tuple[float, int, int]]) -> Trend | None:
    """`doses`: (score of the dose, hits, trials). None when nothing can be said: fewer than two doses with
    trials, no hit or nothing but hits."""
    rows = [(score, hits, trials) for score, hits, trials in doses if trials > 0]
    n, hits = sum(row[2] for row in rows), sum(row[1] for row in rows)
    if n == 0 or hits in (0, n):
        return None
    share, mean = hits / n, sum(score * trials for score, _, trials in rows) / n
    spread = sum(trials * (score - mean) ** 2 for score, _, trials in rows)
    if spread <= 0:
        return None
    z = sum((score - mean) * had for score, had, _ in rows) / sqrt(share * (1 - share) * spread)
    return Trend(n, z, two_sided(z))
