"""How a corrected p is written under a sentence."""

from __future__ import annotations

SMALLEST = 0.0001  # four decimals are kept


def corrected(q: float) -> str:
    """'Benjamini-Hochberg, q = 0.0123'; below four decimals 'q < 0.0001', as no p is zero."""
    return f"Benjamini-Hochberg, q {'< 0.0001' if q < SMALLEST else f'= {q:.3g}'}"
