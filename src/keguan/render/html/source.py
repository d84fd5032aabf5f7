"""Where a figure or a table comes from, and the units of a chart's axes: the small print under and beside it."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.render.charts.plot import PERIODS, Drawing
from keguan.report.document import AnalysisEvidence, Document, FigureBlock

NAMED = 3  # tables of the data that a source line names; the evidence has all


def versions(document: Document) -> dict[str, Mapping[str, str]]:
    """Versions of the data under each table, by `analysis.table`."""
    return {
        item.ref: item.versions
        for block in document.blocks()
        if isinstance(block, AnalysisEvidence)
        for item in block.tables
    }


def source(ref: str, known: Mapping[str, str], document: Document) -> str:
    """`Source: rfm.classes, as of 2026-10-12; data orders version 7`."""
    words = document.words
    out = words["source_line"].format(ref=ref, as_of=document.as_of.isoformat())
    if known:
        zh = document.language == "zh"
        named = [f"{name} {version}" for name, version in list(known.items())[:NAMED]]
        text = ("、" if zh else ", ").join(named)
        if len(known) > NAMED:
            rest = len(known) if zh else len(known) - NAMED
            text += ("" if zh else " ") + words["source_more"].format(n=rest)
        out += words["source_versions"].format(versions=text)
    return out


def axes(block: FigureBlock, drawing: Drawing, document: Document) -> str:
    """The units of a chart's axes, and what a horizontal axis of figures counts."""
    words = document.words
    colon = "：" if document.language == "zh" else ": "
    units = [unit or _unitless(block, document) for unit in drawing.units[:1]] + list(drawing.units[1:])
    if len(units) == 2 and isinstance(drawing.option.get("yAxis"), list):
        second = units[1] or words["unit_count"]
        return f"{words['left_axis']}{colon}{units[0]} · {words['right_axis']}{colon}{second}"
    across = block.table.column(block.figure.x)
    if across.unit in PERIODS or not across.numeric:
        return f"{words['unit']}{colon}{units[0]}" if units and units[0] else ""
    named = across.label
    unit = units[1] if len(units) == 2 else "%" if across.unit in {"share", "points"} else across.unit_word
    if unit and unit not in named:
        named += f"（{unit}）" if document.language == "zh" else f" ({unit})"
    parts = [f"{words['vertical_axis']}{colon}{units[0]}"] if units and units[0] else []
    return " · ".join([*parts, f"{words['horizontal_axis']}{colon}{named}"])


def _unitless(block: FigureBlock, document: Document) -> str:
    """Counts are counted in pieces; a number without a unit is told by the names of its columns."""
    columns = [block.table.column(name) for name in block.figure.y]
    if all(column.unit == "count" for column in columns):
        return document.words["unit_count"]
    names = dict.fromkeys(column.unit_word or column.label for column in columns)
    return ("、" if document.language == "zh" else ", ").join(names)
