"""Scales on which customers answer: their ends, and which answers count as positive and negative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Lowest and highest score; positive from, negative up to (both inclusive)."""

    low: int
    high: int
    positive: int
    negative: int


SCALES: Mapping[str, Scale] = {
    "csat5": Scale(1, 5, 4, 2),  # CSAT: share of 4-5
    "nps": Scale(0, 10, 9, 6),  # promoters 9-10, detractors 0-6
    "ces7": Scale(1, 7, 5, 3),  # effort; 7 = easy
    "binary": Scale(0, 1, 1, 0),
}
