"""Median of values given with their counts, and its interval from order statistics.

The interval holds between the order statistics at n/2 -+ z sqrt(n)/2, whatever the distribution (Conover 1999, 3.2;
Hollander and Wolfe 1999).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, sqrt

from keguan.evidence.statistics.interval import z_value


@dataclass(frozen=True, slots=True)
class Median:
    """The median of `n` values with its 95 % interval."""

    n: int
    value: float
    low: float
    high: float


def median_of_counts(counts: Iterable[tuple[float, int]]) -> Median | None:
    """`counts`: (value, how many times). None without any."""
    held: dict[float, int] = {}
    for value, count in counts:
        held[value] = held.get(value, 0) + count
    ordered = sorted((value, count) for value, count in held.items() if count > 0)
    n = sum(count for _, count in ordered)
    if n == 0:
        return None
    reach = z_value() * sqrt(n) / 2
    low, high = max(1, floor(n / 2 - reach)), min(n, ceil(n / 2 + reach) + 1)
    middle = (_at(ordered, (n + 1) // 2) + _at(ordered, n // 2 + 1)) / 2
    return Median(n, middle, _at(ordered, low), _at(ordered, high))


def _at(ordered: list[tuple[float, int]], rank: int) -> float:
    """The value of a rank, 1 being the smallest."""
    upto = 0
    for value, count in ordered:
        upto += count
        if upto >= rank:
            return value
    return ordered[-1][0]
