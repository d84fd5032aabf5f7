"""What is kept of a sample so that its tests need no row: size, mean, sums of powers and products of deviations.

Sums may be given of values less a constant (`shift`): close to the mean it keeps the digits that squares of large
numbers lose (Chan, Golub and LeVeque 1983).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moments:
    """Size, mean, sum of squared deviations from it, and that of cubed ones where the skewness is asked for."""

    n: int
    mean: float
    squares: float
    cubes: float | None = None

    @property
    def variance(self) -> float:
        """Of the sample, by n - 1; 0 of fewer than two values."""
        return self.squares / (self.n - 1) if self.n > 1 else 0.0

    @property
    def skewness(self) -> float | None:
        """Third standardised moment; None where it was not asked for or all values are equal."""
        if self.cubes is None or self.n == 0 or self.squares <= 0:
            return None
        return float((self.cubes / self.n) / (self.squares / self.n) ** 1.5)


@dataclass(frozen=True, slots=True)
class PairMoments:
    """Two figures of the same units; `products` is the sum of the products of their deviations."""

    first: Moments
    second: Moments
    products: float

    @property
    def covariance(self) -> float:
        """By n - 1; 0 of fewer than two units."""
        return self.products / (self.first.n - 1) if self.first.n > 1 else 0.0


def moments(
    n: int, total: float, squares: float, cubes: float | None = None, *, shift: float = 0.0
) -> Moments:
    """From sums of (value - shift), of its squares and cubes. Rounding below zero is zero."""
    if n <= 0:
        return Moments(0, 0.0, 0.0)
    mean = total / n
    central = max(squares - total * mean, 0.0)
    if central < 1e-13 * squares:  # what is left of equal values after rounding
        central = 0.0
    third = None if cubes is None else cubes - 3 * mean * squares + 2 * n * mean**3
    return Moments(n, mean + shift, central, third)


def pair_moments(
    n: int,
    first: tuple[float, float],
    second: tuple[float, float],
    products: float,
    *,
    shifts: tuple[float, float] = (0.0, 0.0),
) -> PairMoments:
    """From (sum, sum of squares) of each figure less its shift and the sum of their products."""
    if n <= 0:
        return PairMoments(Moments(0, 0.0, 0.0), Moments(0, 0.0, 0.0), 0.0)
    return PairMoments(
        moments(n, *first, shift=shifts[0]),
        moments(n, *second, shift=shifts[1]),
        products - first[0] * second[0] / n,
    )


def joined(one: Moments, other: Moments) -> Moments:
    """The moments of both samples together, without cubes (Chan, Golub and LeVeque 1983)."""
    n = one.n + other.n
    if n == 0:
        return Moments(0, 0.0, 0.0)
    gap = other.mean - one.mean
    return Moments(
        n, one.mean + gap * other.n / n, one.squares + other.squares + gap * gap * one.n * other.n / n
    )


def joined_pairs(one: PairMoments, other: PairMoments) -> PairMoments:
    """The moments of both samples of pairs together."""
    n = one.first.n + other.first.n
    if n == 0:
        return one
    gaps = (other.first.mean - one.first.mean) * (other.second.mean - one.second.mean)
    return PairMoments(
        joined(one.first, other.first), joined(one.second, other.second),
        one.products + other.products + gaps * one.first.n * other.first.n / n,
    )  # fmt: skip
