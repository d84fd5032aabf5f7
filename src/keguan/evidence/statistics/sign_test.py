"""The exact two-sided test that two counts of moves are equal (McNemar 1947; binomial with one half)."""

from __future__ import annotations

from math import exp, lgamma, log


def sign_test(one: int, other: int) -> float:
    """p of a split as uneven as one : other among one + other; 1 without any."""
    n, least = one + other, min(one, other)
    if n <= 0 or one == other:
        return 1.0
    # Sums on the log scale: 2 ** n leaves the range of floats from 1,024 on.
    terms = (exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)) for k in range(least + 1))
    return min(1.0, 2 * sum(terms))
