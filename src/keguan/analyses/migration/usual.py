"""Shares of movers held against those of the periods before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.unlike_before import Unlike, unlike_before
from keguan.schema.terms.segmentation import GONE, NEW, VANISHED

FEWEST_PERIODS = 6  # of fewer the prediction interval is too wide to tell anything

Cells = dict[
    tuple[str, str], Mapping[str, Any]
]  # (class at the start, class at the end) -> row with customers


def _base(cells: Cells, label: str) -> int:
    """Customers of a class at the start."""
    return sum(row["customers"] for (before, _), row in cells.items() if before == label)


def _moved(cells: Cells) -> tuple[int, int]:
    """Customers placed at both dates and still buying at the first: those who changed class, and all.

    Who stopped long ago stays where they are, and there are more of them the longer the history.
    """
    both = {
        cell: row["customers"]
        for cell, row in cells.items()
        if cell[0] not in GONE and NEW not in cell and VANISHED not in cell
    }
    return sum(n for (before, now), n in both.items() if before != now), sum(both.values())


def _numbers(found: Unlike | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {"periods": found.periods, "usual": found.mean, "low": found.low, "high": found.high, "p": found.p}


def period_row(cells: Cells, usual: Sequence[Cells], min_n: int) -> dict[str, Any]:
    """How many changed class altogether, and whether that is unlike the periods before."""
    changed, placed = _moved(cells)
    before = [_moved(period) for period in usual]
    enough = len(before) >= FEWEST_PERIODS and placed >= min_n and all(n >= min_n for _, n in before)
    return {
        "placed": placed, "changed": changed, "share": changed / placed if placed >= min_n else None,
        "periods": len(before), **_numbers(unlike_before(changed, placed, before) if enough else None),
    }  # fmt: skip


def move_rows(cells: Cells, usual: Sequence[Cells], min_n: int) -> list[dict[str, Any]]:
    """Every move out of a class of at least `min_n` customers, then and in each period before."""
    rows, found = [], []
    for (before, now), row in sorted(cells.items()):
        if before in (NEW, now, *GONE) or now == VANISHED:
            continue
        n = _base(cells, before)
        earlier = [
            (period.get((before, now), {}).get("customers", 0), _base(period, before)) for period in usual
        ]
        if len(usual) < FEWEST_PERIODS or n < min_n or any(size < min_n for _, size in earlier):
            continue
        unlike = unlike_before(row["customers"], n, earlier)
        if unlike is not None:
            found.append(unlike.p)
            rows.append(
                {
                    "before": before, "now": now, "customers": row["customers"], "of_customers": n,
                    "share": row["customers"] / n, "moved": row["moved"], **_numbers(unlike),
                }
            )  # fmt: skip
    for row, q in zip(rows, benjamini_hochberg(found), strict=True):
        row["q"] = q
    return rows
