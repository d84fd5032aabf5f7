"""Corrections that keep the chance of any false finding small: Bonferroni (1936), Holm (1979); and the false
discovery rate under any dependence: Benjamini and Yekutieli (2001)."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg


def bonferroni(p_values: Sequence[float]) -> list[float]:
    """Adjusted p values in the order given."""
    return [min(1.0, p * len(p_values)) for p in p_values]


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p values in the order given: never above Bonferroni's, with the same promise."""
    total = len(p_values)
    adjusted, largest = [1.0] * total, 0.0
    for rank, place in enumerate(sorted(range(total), key=lambda i: p_values[i])):
        largest = max(largest, min(1.0, p_values[place] * (total - rank)))
        adjusted[place] = largest
    return adjusted


def benjamini_yekutieli(p_values: Sequence[float]) -> list[float]:
    """Adjusted p values in the order given."""
    harmonic = sum(1 / rank for rank in range(1, len(p_values) + 1))
    return [min(1.0, q * harmonic) for q in benjamini_hochberg(p_values)]
