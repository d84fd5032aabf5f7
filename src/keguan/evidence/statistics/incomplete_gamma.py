"""The regularised incomplete gamma function, and the tails of chi-square and Poisson that it gives.

Series below a + 1, Lentz's continued fraction above (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31).
"""

from __future__ import annotations

from math import exp, lgamma, log

TINY, ENOUGH, MOST = 1e-300, 1e-15, 10_000


def lower_gamma(a: float, x: float) -> float:
    """P(a, x), from 0 to 1. ValueError unless a > 0 and x >= 0."""
    if a <= 0 or x < 0:
        raise ValueError(f"P({a}, {x})")
    if x == 0:
        return 0.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        return min(1.0, front * _series(a, x))
    return max(0.0, 1 - front * _fraction(a, x))


def upper_gamma(a: float, x: float) -> float:
    """Q(a, x) = 1 - P(a, x), exact in the far tail."""
    if a <= 0 or x < 0:
        raise ValueError(f"Q({a}, {x})")
    if x < a + 1:
        return 1 - lower_gamma(a, x)
    return min(1.0, exp(a * log(x) - x - lgamma(a)) * _fraction(a, x))


def chi_square_tail(statistic: float, freedom: int) -> float:
    """P(X >= statistic) for chi-square with `freedom` degrees; 1 without any."""
    return upper_gamma(freedom / 2, max(statistic, 0.0) / 2) if freedom > 0 else 1.0


def poisson_at_least(count: int, mean: float) -> float:
    """P(X >= count) for a Poisson variable."""
    return 1.0 if count <= 0 else lower_gamma(count, mean) if mean > 0 else 0.0


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    for k in range(1, MOST):
        term *= x / (a + k)
        total += term
        if term < total * ENOUGH:
            break
    return total


def _fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    found = d
    for k in range(1, MOST):
        step = -k * (k - a)
        b += 2
        d = 1 / _away(step * d + b)
        c = _away(b + step / c)
        found *= d * c
        if abs(d * c - 1) < ENOUGH:
            break
    return found


def _away(value: float) -> float:
    return value if abs(value) > TINY else TINY
