"""Shares of regions and segments in the figures, against the period before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keguan.analyses.social.columns import LISTED, PART_COLUMNS
from keguan.analyses.social.series import is_level
from keguan.analysis import Inputs
from keguan.core.period import Span
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.share_change import ShareCell, share_changes
from keguan.result import Table


def _parts_sql(column: str) -> str:
    return f"""
SELECT metric, {column} AS part, date_diff('day', DATE '2000-01-01', day) % 200 AS bucket,
       CASE WHEN day >= $first THEN 1 ELSE 0 END AS is_current, sum(value) AS value, count(DISTINCT day) AS days
FROM social_metrics
WHERE {column} IS NOT NULL AND (day BETWEEN $first AND $last OR day BETWEEN $base_first AND $base_last)
GROUP BY metric, {column}, date_diff('day', DATE '2000-01-01', day) % 200, CASE WHEN day >= $first THEN 1 ELSE 0 END
ORDER BY metric, part, bucket, is_current
"""


def parts_table(inputs: Inputs, now: Span, base: Span) -> Table:
    """Shares of regions and segments in each figure that adds up, all corrected together."""
    days: dict[str, Any] = {
        "first": now.first,
        "last": now.last,
        "base_first": base.first,
        "base_last": base.last,
    }
    rows: list[dict[str, Any]] = []
    tested = []
    for dimension in ("region", "segment"):
        cells: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for cell in inputs.query(_parts_sql(dimension), **days).to_pylist():
            if not is_level(cell["metric"]):
                cells[cell["metric"]].append(cell)
        for metric, held in sorted(cells.items()):
            for row in _shares(metric, dimension, held):
                rows.append(row)
                if row["p"] is not None and now.days >= inputs.settings.min_n:
                    tested.append(row)
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        sure = q <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]
        material = abs(row["difference"]) >= inputs.settings.material_share
        word = "显著增加" if row["difference"] > 0 else "显著减少"
        row |= {"q": q, "verdict": word if sure and material else "无显著变化"}
    rows.sort(key=lambda row: (row["metric"], row["dimension"], -row["value"], row["part"]))
    return inputs.computed(
        "parts", Text("各地区与客群的占比", "Shares of regions and "
                                   "segments"), PART_COLUMNS, ("metric", "dimension", "part"), rows[:LISTED],
        method="share_changes with days as units, benjamini_hochberg", sql=_parts_sql("region"), **days,
    )  # fmt: skip


def _shares(metric: str, dimension: str, cells: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    changes = share_changes(
        ShareCell(
            cell["part"], int(cell["bucket"]), float(cell["value"]) if cell["is_current"] else 0.0,
            0.0 if cell["is_current"] else float(cell["value"]),
        )
        for cell in cells
    )  # fmt: skip
    for part in sorted({cell["part"] for cell in cells}):
        found = changes.get(part)
        row: dict[str, Any] = {
            "metric": metric, "dimension": dimension, "part": part, "verdict": "未检验", "p": found.p if found else None,
            "value": float(sum(cell["value"] for cell in cells if cell["part"] == part and cell["is_current"])),
        }  # fmt: skip
        if found:
            row |= {
                "share": found.now,
                "before": found.before,
                "difference": found.difference,
                "low": found.low,
                "high": found.high,
            }
        yield row
