"""The exact one-sided binomial test: is a count too small for the share that was promised?

Source: Clopper and Pearson (1934).
"""

from __future__ import annotations

from math import exp, lgamma, log


def binomial_at_most(count: int, n: int, share: float) -> float:
    """P(X <= count) of n independent trials with this share; 1 without any. ValueError for a share outside 0..1."""
    if not 0 <= share <= 1:
        raise ValueError(f"share {share}")
    if count >= n:
        return 1.0
    if count < 0 or share == 1:
        return 0.0
    if share == 0:
        return 1.0
    terms = (
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(share) + (n - k) * log(1 - share))
        for k in range(count + 1)
    )
    return min(1.0, sum(terms))
