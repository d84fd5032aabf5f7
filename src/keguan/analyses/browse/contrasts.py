"""Shares with their intervals, and a group against all others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson


def rate_of(part: int, whole: int, min_n: int) -> dict[str, float | None]:
    """rate, low, high; withheld below `min_n`."""
    ends = wilson(part, whole) if whole >= min_n else None
    return {
        "rate": part / whole if ends else None, "low": ends.low if ends else None, "high": ends.high if ends else None,
    }  # fmt: skip


def against(part: int, size: int, others: int, rest: int, min_n: int) -> dict[str, Any]:
    """rest_rate, difference with its interval, and p; withheld where either side is small."""
    if min(size, rest) < min_n:
        return dict.fromkeys(("rest_rate", "difference", "difference_low", "difference_high", "p"))
    ends = newcombe(part, size, others, rest)
    return {
        "rest_rate": others / rest, "difference": part / size - others / rest,
        "difference_low": ends.low if ends else None, "difference_high": ends.high if ends else None,
        "p": two_proportions(part, size, others, rest),
    }  # fmt: skip


def corrected_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with q in place of p, over all of them together."""
    tested = [row for row in rows if row["p"] is not None]
    found = iter(benjamini_hochberg([row["p"] for row in tested]))
    return [
        {
            **{name: value for name, value in row.items() if name != "p"},
            "q": None if row["p"] is None else next(found),
        }
        for row in rows
    ]
