"""Which shares drift: every segment's share of customers and money, and every region's share of a segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analyses.segment_trend.columns import ALL
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.drift import drift
from keguan.schema.terms.segmentation import GONE

Rows = Sequence[Mapping[str, Any]]


def drift_rows(shares: Rows, regions: Rows, min_n: int) -> list[dict[str, Any]]:
    """One row a series of comparable ends with enough customers at each; corrected together."""
    series: dict[tuple[str, str, str], list[tuple[Any, float, int]]] = {}
    for row in (row for row in shares if row["label"] not in GONE):
        _add(series, (row["label"], "customers", ALL), row, row["active_share"], row["buying"], min_n)
        _add(series, (row["label"], "money", ALL), row, row["revenue_share"], row["buying"], min_n)
    for row in (row for row in regions if row["label"] not in GONE):
        _add(series, (row["label"], "region", row["region"]), row, row["share"], row["of_customers"], min_n)
    rows = [found for key, points in sorted(series.items()) if (found := _row(key, points)) is not None]
    for row, q in zip(rows, benjamini_hochberg([row["p"] for row in rows]), strict=True):
        row["q"] = q
    return rows


def _add(
    series: dict[tuple[str, str, str], list[tuple[Any, float, int]]],
    key: tuple[str, str, str],
    row: Mapping[str, Any],
    share: float | None,
    n: int,
    min_n: int,
) -> None:
    """Only whole windows of finished periods are compared."""
    if row["whole"] and not row["unfinished"] and share is not None and n >= min_n:
        series.setdefault(key, []).append((row["day"], float(share), n))


def _row(key: tuple[str, str, str], points: Sequence[tuple[Any, float, int]]) -> dict[str, Any] | None:
    days, shares, sizes = zip(*points, strict=True)
    found = drift(shares, sizes)
    if found is None:
        return None
    label, measure, region = key
    return {
        "label": label, "measure": measure, "region": region, "from_day": days[0], "to_day": days[-1], "n": sizes[-1],
        "first": shares[0], "last": shares[-1], "change": found.change, "low": found.low, "high": found.high,
        "p": found.p,
    }  # fmt: skip
