"""Sufficient statistics of buying histories: customers with equal histories are counted once.

A history is (repeats, last, age): purchases after the first, time from the first to the last purchase, time from
the first purchase to the end of observation. Likelihoods are made of tables over the few distinct values of a
part of it, which `part` finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Part:
    """Distinct (repeats, time) of some histories, and the place of each history among them."""

    repeats: Floats
    time: Floats
    places: Places


@dataclass(frozen=True)
class Histories:
    """Histories with the number of customers that share each. Times in the unit of the fit."""

    repeats: Floats
    last: Floats
    age: Floats
    customers: Floats
    _made: dict[str, Part] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.repeats)

    @cached_property
    def total(self) -> float:
        """Customers in all."""
        return float(self.customers.sum())

    @cached_property
    def by_repeats(self) -> Part:
        """Distinct numbers of repeat purchases."""
        values, places = distinct(self.repeats)
        return Part(values, np.zeros_like(values), places)

    @cached_property
    def by_last(self) -> Part:
        """Distinct (repeats, last)."""
        return part(self.repeats, self.last)

    @cached_property
    def by_age(self) -> Part:
        """Distinct (repeats, age)."""
        return part(self.repeats, self.age)

    def thinned(self, most: int) -> Histories:
        """About `most` histories for finding where to start from: the commonest, and every so many of the others
        with as much more weight. Itself where there are not more."""
        if len(self) <= most:
            return self
        common = np.zeros(len(self), dtype=bool)
        common[np.argsort(-self.customers, kind="stable")[: most // 2]] = True
        rest = np.flatnonzero(~common)
        some = rest[:: -(-len(rest) // (most // 2))]
        weight = self.customers[rest].sum() / self.customers[some].sum()
        places = np.concatenate([np.flatnonzero(common), some])
        many = np.where(common, self.customers, self.customers * weight)[places]
        return Histories(self.repeats[places], self.last[places], self.age[places], many)


def part(repeats: Floats, time: Floats) -> Part:
    """Distinct pairs of two columns. Repeats are whole numbers."""
    times, at = distinct(time)
    codes, places = _whole(repeats.astype(np.int64) * len(times) + at)
    return Part((codes // len(times)).astype(np.float64), times[codes % len(times)], places)


MOST_FLAGS = 50_000_000


def distinct(values: Floats) -> tuple[Floats, Places]:
    """Distinct values in order, and the place of each: without sorting where they have two decimals."""
    hundredths = np.rint(values * 100)
    if len(values) and np.abs(hundredths - values * 100).max() < 1e-6 and values.min() >= 0:
        codes, places = _whole(hundredths.astype(np.int64))
        first = np.zeros(len(codes))
        first[places] = values
        return first, places
    found, places = np.unique(values, return_inverse=True)
    return found, places


def _whole(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], Places]:
    """Distinct whole numbers from 0, and the place of each."""
    if not len(codes) or codes.max() > min(MOST_FLAGS, 1_000 + 20 * len(codes)):
        found, places = np.unique(codes, return_inverse=True)
        return found, places
    there = np.zeros(int(codes.max()) + 1, dtype=bool)
    there[codes] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


def summed(weights: Floats, values: Floats) -> float:
    """The sum of products over histories, by one thread: threads of a BLAS cost more than they bring, and their
    number would show in the last digits."""
    return float(np.einsum("i,i->", weights, values))
