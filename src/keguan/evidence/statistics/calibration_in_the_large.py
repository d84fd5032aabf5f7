"""Did as many events come as the probabilities promised, and which shift of all log odds makes them agree?

Test: (events - sum p) / sqrt(sum p (1 - p)) is standard normal for independent events with these probabilities.
Shift: the intercept of a recalibration with slope one, by Newton's method.

Source: Cox (1958); Spiegelhalter (1986); Steyerberg (2009) for recalibration in the large.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, fsum

from keguan.evidence.statistics.two_proportions import two_sided

STEPS, ENOUGH, FARTHEST = 50, 1e-10, 8.0


def large_test(events: float, expected: float, variance: float) -> float:
    """Two-sided p; 1 where the probabilities leave no chance (variance 0) and agree, else 0."""
    if variance <= 0:
        return 1.0 if events == expected else 0.0
    return two_sided((events - expected) / variance**0.5)


def odds_factor(probabilities: Sequence[tuple[float, int]], events: int) -> float | None:
    """By what all odds are multiplied for (probability, members) to sum to the events; None where no factor can."""
    inner = [(p, n) for p, n in probabilities if 0 < p < 1 and n > 0]
    sure = sum(n for p, n in probabilities if p >= 1)
    wanted = events - sure
    if not inner or not 0 < wanted < sum(n for _, n in inner):
        return None
    shift = 0.0
    for _ in range(STEPS):
        moved = [(_moved(p, exp(shift)), n) for p, n in inner]
        step = (wanted - fsum(n * p for p, n in moved)) / max(fsum(n * p * (1 - p) for p, n in moved), 1e-12)
        shift = max(-FARTHEST, min(FARTHEST, shift + max(-1.0, min(1.0, step))))
        if abs(step) < ENOUGH:
            break
    return exp(shift)


def _moved(p: float, factor: float) -> float:
    return p * factor / (1 - p + p * factor)
