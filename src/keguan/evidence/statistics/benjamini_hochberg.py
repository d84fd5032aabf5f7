"""Correction for many comparisons: false discovery rate (Benjamini and Hochberg 1995)."""

from __future__ import annotations

from collections.abc import Sequence

FALSE_DISCOVERY = 0.05  # largest q of what is called a discovery


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p values in the order given; one at most q is a discovery at false discovery rate q."""
    total = len(p_values)
    adjusted = [1.0] * total
    smallest = 1.0
    for rank, place in zip(
        range(total, 0, -1), sorted(range(total), key=lambda i: p_values[i], reverse=True), strict=True
    ):
        smallest = min(smallest, p_values[place] * total / rank)
        adjusted[place] = smallest
    return adjusted
