"""How far a person's mean is drawn to the mean of all: credibility from a one-way random-effects model.

With few answers a mean says little about the person: (sum + k x mean of all) / (n + k), where k is the variance
within persons over that between them (Bühlmann 1967; variances by analysis of variance).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answers:
    """Sums over persons: their number, all answers, the sum of n², of scores, of score², and of (own sum)² / n."""

    persons: int
    answers: int
    squared_sizes: float
    total: float
    squares: float
    own: float


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Mean of all answers and the weight `k` it has, in answers."""

    mean: float
    k: float


def shrinkage(a: Answers) -> Shrinkage | None:
    """None when persons do not differ by more than their own answers do. With one answer each the order is that of
    the answers, and k is 0."""
    if a.persons < 2 or a.answers == 0:
        return None
    mean = a.total / a.answers
    if a.answers == a.persons:
        return Shrinkage(mean, 0.0)
    within = max(a.squares - a.own, 0.0) / (a.answers - a.persons)
    between_square = (a.own - a.total * a.total / a.answers) / (a.persons - 1)
    size = (a.answers - a.squared_sizes / a.answers) / (a.persons - 1)
    between = (between_square - within) / size
    if between <= 0:
        return None
    return Shrinkage(mean, within / between)
