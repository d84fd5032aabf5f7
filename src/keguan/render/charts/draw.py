"""Figure + Table -> an ECharts option as plain JSON. One drawing function per kind of figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from keguan.core.text import Language
from keguan.render.charts import bars, grids, lines
from keguan.render.charts.plot import Drawing, Plot
from keguan.report.document import FigureBlock
from keguan.result import FigureKind

DRAW: Mapping[FigureKind, Callable[[Plot], Drawing]] = {
    "bar": bars.bar,
    "stacked_bar": bars.stacked_bar,
    "waterfall": bars.waterfall,
    "line": lines.line,
    "area": lines.area,
    "band": lines.band,
    "scatter": lines.scatter,
    "heatmap": grids.heatmap,
    "funnel": grids.funnel,
    "treemap": grids.treemap,
    "flow": grids.flow,
}
SERIES_TYPES = {"bar", "line", "scatter", "heatmap", "funnel", "treemap", "sankey"}


def draw(block: FigureBlock, language: Language, currency: str) -> Drawing:
    """The chart of a figure. ValueError for a kind that is no chart (number, table) or a series type that
    ECharts would silently leave empty."""
    kind = block.figure.kind
    if kind not in DRAW:
        raise ValueError(f"{block.ref}: a figure of kind {kind} is not drawn")
    plot = Plot(block, language, currency)
    drawing = DRAW[kind](plot)
    unknown = {series["type"] for series in drawing.option["series"]} - SERIES_TYPES
    if unknown:
        raise ValueError(f"{block.ref}: unknown series {', '.join(sorted(unknown))}")
    plot_rows = len(plot.rows) > len(plot.records)
    return replace(drawing, cut=True) if plot_rows else drawing


def drawn(value: Any) -> str:
    """A drawn value in normal form."""
    if isinstance(value, list):
        return ",".join(drawn(part) for part in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.10g}"
    return "-" if value is None else str(value)
