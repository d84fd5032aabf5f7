"""Customers and money by tag, and whether the money per customer differs from the rest of the dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from keguan.analyses.tags.sql import BY_PURCHASES, DIMENSIONS, NO_TAG
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.bootstrap import BUCKETS, percentile_interval, resample_weights
from keguan.evidence.statistics.two_proportions import two_sided

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNKNOWN, OTHER = "待核实", "其他"
Group = Mapping[str, Any]


def tag_rows(found: Sequence[Group], values: int, min_n: int) -> list[dict[str, Any]]:
    """One row a tag; those of the base beyond the largest `values` together; the unknown last."""
    rows: list[dict[str, Any]] = []
    for dimension, family in DIMENSIONS.items():
        of = _named(
            [row for row in found if row["dimension"] == dimension], values if family == "base" else 99
        )
        known = sum(row["customers"] for row in of if row["tag"] != UNKNOWN)
        for tag in sorted({row["tag"] for row in of}, key=lambda tag: _place(of, tag)):
            rows.append({"family": family, "dimension": dimension, **_counted(of, tag, known, min_n)})
    _compare(rows, found, values, min_n)
    return rows


def _named(of: Sequence[Group], values: int) -> list[dict[str, Any]]:
    """Values beyond the largest are 其他."""
    sizes: dict[str, int] = {}
    for row in of:
        if row["tag"] is not None:
            sizes[row["tag"]] = sizes.get(row["tag"], 0) + row["customers"]
    listed = set(sorted(sizes, key=lambda tag: (-sizes[tag], tag))[:values])
    return [
        {**row, "tag": UNKNOWN if row["tag"] is None else row["tag"] if row["tag"] in listed else OTHER}
        for row in of
    ]


def _place(of: Sequence[Group], tag: str) -> tuple[int, int, str]:
    size = sum(row["customers"] for row in of if row["tag"] == tag)
    return ((OTHER, UNKNOWN).index(tag) + 1 if tag in (OTHER, UNKNOWN) else 0, -size, tag)


def _counted(of: Sequence[Group], tag: str, known: int, min_n: int) -> dict[str, Any]:
    customers = sum(row["customers"] for row in of if row["tag"] == tag)
    net = sum(row["net"] for row in of if row["tag"] == tag)
    share = customers / known if known >= min_n and tag != UNKNOWN else None
    return {
        "tag": tag, "customers": customers, "known": known, "share": share, "net_revenue": net,
        "per_customer": net / customers if customers >= min_n else None,
    }  # fmt: skip


def _compare(rows: list[dict[str, Any]], found: Sequence[Group], values: int, min_n: int) -> None:
    """Adds the mean of the others, the interval of the difference, p and q where both sides are large enough."""
    weights: NDArray[np.float64] | None = None
    tested = []
    for row in rows:
        others = row["known"] - row["customers"]
        compared = row["dimension"] not in BY_PURCHASES and row["tag"] not in (UNKNOWN, OTHER, *NO_TAG)
        if not compared or min(row["customers"], others) < min_n:
            continue
        of = _named(
            [g for g in found if g["dimension"] == row["dimension"]],
            values if row["family"] == "base" else 99,
        )
        weights = resample_weights() if weights is None else weights
        row |= _difference([g for g in of if g["tag"] != UNKNOWN], row["tag"], weights)
        tested.append(row)
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q


def _difference(of: Sequence[Group], tag: str, weights: NDArray[np.float64]) -> dict[str, Any]:
    import numpy as np

    sums = np.zeros((4, BUCKETS))
    for group in of:
        side = 0 if group["tag"] == tag else 2
        sums[side, group["bucket"]] += group["customers"]
        sums[side + 1, group["bucket"]] += float(group["net"])
    totals = sums.sum(axis=1)
    drawn = weights @ sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        resampled = drawn[:, 1] / drawn[:, 0] - drawn[:, 3] / drawn[:, 2]
    ends = percentile_interval(resampled)
    spread = float(np.std(resampled[np.isfinite(resampled)]))
    difference = totals[1] / totals[0] - totals[3] / totals[2]
    return {
        "per_other": float(totals[3] / totals[2]),
        "low": ends.low if ends else None, "high": ends.high if ends else None,
        "p": two_sided(float(difference) / spread) if spread > 0 else 1.0,
    }  # fmt: skip
