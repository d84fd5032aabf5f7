"""How far a customer's share of successes is his own: beta-binomial by moments (Kleinman 1973).

Customer i has x_i of n_i (orders with a discount of all orders). His own share follows a beta distribution with
mean p and strength m: (x + m p) / (n + m) is his share shrunk to the base, and m says how many purchases outweigh
the base. Weights are n_i.
"""

from __future__ import annotations

from dataclasses import dataclass

WEAKEST, STRONGEST = 0.5, 1000.0  # within which the strength is kept


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Share of the base, and the strength of the base in trials; `differs`: customers differ beyond chance."""

    share: float
    strength: float
    differs: bool


def shrinkage(
    customers: int, successes: int, trials: float, trials_squared: float, own: float
) -> Shrinkage | None:
    """From sums over customers: of x, n, n squared, and `own` = x squared / n. None without trials, or where all or
    none succeed. Trials may be adjusted ones, that are no whole numbers."""
    if trials <= 0 or not 0 < successes < trials:
        return None
    share = successes / trials
    spread = (own - 2 * share * successes + share * share * trials) / (share * (1 - share))
    room = trials - trials_squared / trials - (customers - 1)
    correlation = (spread - (customers - 1)) / room if room > 0 else 0.0
    if correlation <= 1 / (STRONGEST + 1):
        return Shrinkage(share, STRONGEST, False)
    return Shrinkage(share, max(WEAKEST, 1 / correlation - 1), True)
