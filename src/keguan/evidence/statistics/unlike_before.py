"""Whether a share is unlike those of the periods before: a new observation against a t prediction interval.

The periods before tell how much the share usually differs from one to the next; chance within a period is the
least that it can differ, so that the spread is never taken smaller than that of a proportion of so many.
Source: prediction interval of a normal observation (Hahn and Meeker 1991, section 4.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from keguan.evidence.statistics.interval import LEVEL
from keguan.evidence.statistics.student_t import t_two_sided, t_value

FEWEST_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Unlike:
    """The mean share of `periods` periods before, where the next one would lie, and the two-sided p."""

    periods: int
    mean: float
    low: float
    high: float
    p: float


def unlike_before(
    hits: int, n: int, before: Sequence[tuple[int, int]], level: float = LEVEL
) -> Unlike | None:
    """`hits` of `n` now, (hits, n) of each period before; None with fewer than 3 periods or an empty one."""
    k = len(before)
    if k < FEWEST_BEFORE or n <= 0 or any(size <= 0 for _, size in before):
        return None
    shares = [x / size for x, size in before]
    mean = fsum(shares) / k
    # Of all periods together, this one too: a move that was never seen before is not sure because of one customer.
    pooled = (hits + sum(x for x, _ in before)) / (n + sum(size for _, size in before))
    chance = pooled * (1 - pooled)
    within = fsum(chance / size for _, size in before) / k
    spread = fsum((share - mean) ** 2 for share in shares) / (k - 1)
    error = sqrt(max(spread, chance / n) + max(spread, within) / k)
    difference = hits / n - mean
    if error == 0:
        p = 1.0 if difference == 0 else 0.0
        return Unlike(k, mean, mean, mean, p)
    half = t_value(k - 1, level) * error
    return Unlike(
        k, mean, max(0.0, mean - half), min(1.0, mean + half), t_two_sided(difference / error, k - 1)
    )
