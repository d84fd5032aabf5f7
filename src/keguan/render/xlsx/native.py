"""Excel's own charts, in the colours and lines of the design language, over the cells of the chart sheet."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import Any

from keguan.render.charts import palette
from keguan.render.charts.plot import Drawing
from keguan.render.charts.scale import number_code
from keguan.render.theme import PRINT
from keguan.render.xlsx.book import Book
from keguan.render.xlsx.chart_data import ChartData, Series
from keguan.render.xlsx.chart_sheet import Columns

SIZE = PRINT["caption"]
ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
MANY_LABELS = 24  # names on an axis; with more some are left out


def native(book: Book, data: ChartData, drawing: Drawing, columns: list[Columns]) -> Any:
    """The chart; lines over bars are a second chart in the same frame."""
    main = data.series[0].kind
    chart = book.book.add_chart(_kind(data, main))
    over = None
    colour = 0
    for item, at in zip(data.series, columns, strict=True):
        if item.dashed:
            colour -= 1
        shade = palette.SERIES[colour % len(palette.SERIES)]
        colour += 1
        target = chart
        if item.kind != main:
            over = over or book.book.add_chart({"type": item.kind})
            target = over
        target.add_series(_series(book, data, item, at, shade, drawing))
    if over is not None:
        chart.combine(over)
        if len(drawing.units) > 1:
            over.set_y2_axis(_value_axis(book, drawing, 1, _drawn(data, second=True), lines=False))
    _axes(book, chart, data, drawing)
    _legend(book, chart, data)
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": palette.PAPER}})
    chart.set_plotarea({"fill": {"none": True}})
    chart.show_blanks_as("gap")
    return chart


def _kind(data: ChartData, main: str) -> dict[str, str]:
    stacked = any(item.stacked for item in data.series if item.kind == main)
    if main == "bar":
        return {"type": "bar" if data.lying else "column", **({"subtype": "stacked"} if stacked else {})}
    if main == "scatter":
        return {"type": "scatter", **({} if data.series[0].points else {"subtype": "straight"})}
    return {"type": main, **({"subtype": "stacked"} if stacked and main == "area" else {})}


def _series(
    book: Book, data: ChartData, item: Series, at: Columns, colour: str, drawing: Drawing
) -> dict[str, Any]:
    out: dict[str, Any] = {"name": at.head, "values": at.area(at.y)}
    if data.names or item.x:
        out["categories"] = at.area(at.x)
    if item.kind == "bar":
        out |= _bar(data, item, colour)
    elif item.kind == "area":
        clear = 25 if item.stacked else 84
        out |= {"fill": {"color": colour, "transparency": clear}, "line": {"color": colour, "width": 1.5}}
    elif item.points and item.kind == "scatter":
        out["marker"] = {
            "type": "circle",
            "size": 5,
            "fill": {"color": colour, "transparency": 30},
            "border": {"none": True},
        }
    else:
        out |= _line(item, colour)
    if item.ends:
        out["y_error_bars"] = _ends(at)
    if item.labels:
        out["line"] = {"none": True}
        out["marker"] = {"type": "none"}
        told = [{"value": text} for text in item.labels]
        out["data_labels"] = {
            "value": True,
            "position": "above",
            "font": _font(palette.INK, book),
            "custom": told,
        }
    elif item.labelled and not item.ends:
        out["data_labels"] = {
            "value": True,
            "num_format": _format(item, drawing),
            "font": _font(palette.INK, book),
        }
    return out


def _bar(data: ChartData, item: Series, colour: str) -> dict[str, Any]:
    if item.clear:
        return {"fill": {"none": True}, "border": {"none": True}, "gap": 60}
    points: list[dict[str, Any] | None] = []
    for datum in item.data:
        own = datum.colour or colour
        if datum.hatched:
            points.append(
                {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": own, "bg_color": palette.PAPER}}
            )
        else:
            points.append({"fill": {"color": own}} if datum.colour else None)
    out: dict[str, Any] = {"fill": {"color": colour}, "gap": 60}
    if item.stacked:
        out |= {"overlap": 100, "border": {"color": palette.PAPER, "width": 0.5}}
    if any(points):
        out["points"] = points
    return out


def _line(item: Series, colour: str) -> dict[str, Any]:
    line: dict[str, Any] = {"color": colour, "width": 2}
    if item.dashed:
        line["dash_type"] = "dash"
    marker: dict[str, Any] = {"type": "none"}
    if item.points and item.kind == "line":
        fill = palette.PAPER if item.dashed else colour
        marker = {"type": "circle", "size": 5, "fill": {"color": fill}, "border": {"color": colour}}
    return {"line": line, "marker": marker, **({"y2_axis": True} if item.second_axis else {})}


def _ends(at: Columns) -> dict[str, Any]:
    """Intervals as lengths from the figure downwards and upwards."""
    from xlsxwriter.utility import xl_range_formula

    down, up = (xl_range_formula(at.sheet, at.first, at.y + side, at.last, at.y + side) for side in (1, 2))
    line = {"color": palette.WHISKER, "width": 1}
    return {"type": "custom", "plus_values": f"={up}", "minus_values": f"={down}", "line": line}


def _format(item: Series, drawing: Drawing) -> str:
    """How labels print the figures of a chart."""
    if drawing.units and drawing.units[0] == "%":
        return '0.0"%"'
    values = [datum.value for datum in item.data if datum.value is not None]
    return "#,##0" if all(value == int(value) for value in values) else "#,##0.0"


def _name_font(book: Book) -> dict[str, Any]:
    return {**_font(palette.MUTED, book), "bold": False}


def _font(colour: str, book: Book) -> dict[str, Any]:
    return {"size": SIZE, "color": colour, "name": book.styles.font}


def _drawn(data: ChartData, *, second: bool = False) -> list[float]:
    """What stands on an axis of figures, with the zero that bars stand on."""
    there = [item for item in data.series if item.second_axis == second]
    standing = [0.0] if any(item.kind in ("bar", "area") for item in there) else []
    return standing + [datum.value for item in there for datum in item.data if datum.value is not None]


def _value_axis(
    book: Book, drawing: Drawing, place: int, drawn: Sequence[float], *, lines: bool
) -> dict[str, Any]:
    unit = drawing.units[place] if place < len(drawing.units) else ""
    percent = unit == "%"
    named = unit and not percent
    title = {"name": unit, "name_font": _name_font(book)} if named else {}
    return {
        "num_format": number_code(min(drawn, default=0.0), max(drawn, default=0.0), unit),
        "num_font": _font(palette.MUTED, book),
        "line": {"none": True},
        "major_tick_mark": "none",
        "major_gridlines": {"visible": lines, "line": {"color": palette.GRID, "width": 0.75}},
        **title,
    }


def _axes(book: Book, chart: Any, data: ChartData, drawing: Drawing) -> None:
    names: dict[str, Any] = {
        "num_font": _font(palette.MUTED, book),
        "line": {"color": palette.AXIS},
        "major_tick_mark": "none",
        "label_position": "low",
        "text_axis": True,
    }
    values = _value_axis(book, drawing, 0, _drawn(data), lines=True) | _limits(data, drawing)
    if data.lying:  # x is the axis that lies, whatever stands on it
        chart.set_y_axis({**names, "reverse": True, "interval_unit": 1, "crossing": "max"})
        labelled = all(item.labelled and not item.ends for item in data.series)
        chart.set_x_axis(
            {**values, **({"visible": False, "major_gridlines": {"visible": False}} if labelled else {})}
        )
        return
    if not data.names:
        ends = [x for item in data.series for x in item.x if x is not None]
        across = _value_axis(
            book, drawing, len(drawing.units) - 1 if len(drawing.units) > 1 else 0, ends, lines=False
        )
        limits = {"min": min(ends), "max": max(ends)} if ends and min(ends) < max(ends) else {}
        chart.set_x_axis({**across, "line": {"color": palette.AXIS}, **limits, "label_position": "low"})
    elif len(data.names) > MANY_LABELS:
        chart.set_x_axis({**names, "interval_unit": -(-len(data.names) // 12)})
    else:
        chart.set_x_axis(names)
    chart.set_y_axis(values)


def _limits(data: ChartData, drawing: Drawing) -> dict[str, float]:
    """Bars and areas stand on zero: Excel would begin an axis nearer to figures that differ little."""
    standing = [item for item in data.series if item.kind in ("bar", "area")]
    found = [datum.value for item in standing for datum in item.data if datum.value is not None]
    found += [end for item in standing for ends in item.ends for end in ends if end is not None]
    out = _drawn_limits(data, drawing)
    if not found:
        return out
    if not out:
        tiny = max(abs(value) for value in found) / 100  # too small to be seen below zero
        out = {"min": 0.0} if min(found) >= -tiny else {"max": 0.0} if max(found) <= 0 else {}
    if any(item.ends for item in standing) and "max" not in out and max(found) > 0:
        out["max"] = _above(max(found))  # Excel leaves intervals out when it chooses where an axis ends
    return out


def _drawn_limits(data: ChartData, drawing: Drawing) -> dict[str, float]:
    """Where the shared drawing ends its upright axis; a lying one ends at its data, which leaves labels no room."""
    if data.lying or not data.names:
        return {}
    found = drawing.option["yAxis"]
    axis = found[0] if isinstance(found, list) else found
    return {name: axis[name] for name in ("min", "max") if isinstance(axis.get(name), int | float)}


def _above(value: float) -> float:
    """The next round figure."""
    power = 10.0 ** floor(log10(value))
    return next(float(f"{step * power:.10g}") for step in ROUND if step * power >= value)


def _legend(book: Book, chart: Any, data: ChartData) -> None:
    shown = [item for item in data.series if not item.clear and not item.labels]
    waterfall = len(shown) < len(data.series)
    if len(shown) < 2 or waterfall:
        chart.set_legend({"none": True})
        return
    left_out = [place for place, item in enumerate(data.series) if item.dashed]
    font = _font(palette.MUTED, book)
    chart.set_legend({"position": "top", "font": font, **({"delete_series": left_out} if left_out else {})})
