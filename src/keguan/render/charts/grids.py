"""Charts without value axes: heat map, funnel, tree map and flow."""

from __future__ import annotations

import re

from keguan.render.charts import palette
from keguan.render.charts.plot import PERIODS, TEXT_SIZE, Drawing, Option, Plot, Record, category_axis, frame
from keguan.render.charts.scale import Scale
from keguan.render.font import em_width

ROW = 26
WIDE = 36  # rows and columns of a heat map
MOST_NUMBERED = 420  # with more cells, numbers are in the table and the tooltip only
WIDEST = 6  # characters that fit a cell
ACROSS = 730  # pixels that names of rows and cells share
LINE = 15  # pixels
TURN, SINE = 38, 0.62  # degrees by which names over narrow columns are turned
LONGEST = 130  # pixels of a turned name
_WORD = re.compile("[⺀-鿿豈-﫿＀-￯]|[^\\s⺀-鿿豈-﫿＀-￯]+")


def heatmap(plot: Plot) -> Drawing:
    """x by the series column (or the first of two y columns), coloured by the last y column.

    A row or column without any value is left out.
    """
    figure = plot.block.figure
    column = figure.y[-1]
    down = figure.series or (figure.y[0] if len(figure.y) > 1 else figure.x)
    by = plot.scale([column])
    known = [row for row in plot.records if row.values[column] is not None]
    across = list(dict.fromkeys(row.shown[figure.x] for row in known))
    names = list(dict.fromkeys(row.shown[down] for row in known))
    cut = len(names) > WIDE or len(across) > WIDE
    names = names[-WIDE:] if plot.unit(down) in PERIODS else names[:WIDE]
    across = across[-WIDE:] if plot.unit(figure.x) in PERIODS else across[:WIDE]
    known = [row for row in known if row.shown[figure.x] in across and row.shown[down] in names]
    values = [value for row in known if (value := by.of(row.values[column])) is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    low = 0.0 if low > 0 and low < 0.5 * high else low
    numbered = len(across) * len(names) <= MOST_NUMBERED
    data = []
    for row in known:
        datum = plot.datum(row, column, by)
        place = [across.index(row.shown[figure.x]), names.index(row.shown[down]), datum["value"]]
        dark = (datum["value"] - low) > palette.HEAT_DARK_FROM * ((high - low) or 1)
        datum["at"] = f"{row.shown[down]} · {row.shown[figure.x]}"
        datum |= {"value": place, "label": {"color": palette.PAPER if dark else "#28323e"}}
        if numbered:
            datum["label"]["formatter"] = _fitting(plot, row, column, by)
        data.append(datum)
    option = frame(plot)
    option |= {
        "xAxis": category_axis(across) | {"position": "top", "axisLine": {"show": False}},
        "yAxis": category_axis(names, inverse=True) | {"axisLine": {"show": False}},
        "visualMap": {
            "show": False,
            "min": low,
            "max": high if high > low else low + 1,
            "inRange": {"color": list(palette.HEAT)},
        },
        "series": [
            {
                "type": "heatmap",
                "name": plot.column(column).label,
                "data": data,
                "label": {"show": numbered, "fontSize": 10},
                "itemStyle": {"borderColor": palette.PAPER, "borderWidth": 1},
            }
        ],
        "tooltip": {"trigger": "item"},
    }
    option["yAxis"]["axisLabel"] |= {"interval": 0}
    high = 0
    if plot.names_things(across, figure.x):
        heads, high = _heads(across, (ACROSS - max(map(_long, names), default=0)) / max(len(across), 1))
        option["xAxis"]["axisLabel"] |= heads
    return Drawing(option, 40 + ROW * len(names) + high, (by.name,), cut=cut)


def _heads(names: list[str], cell: float) -> tuple[Option, int]:
    """Names over columns of this width, all of them: on a line, else broken into lines, else turned; and how much
    higher than a line they are."""
    every: Option = {"interval": 0, "hideOverlap": False}
    room = cell - 4
    if all(_long(name) <= room for name in names):
        return every, 0
    if all(_long(word) <= room for name in names for word in _words(name)):
        lines = max(len(_lines(name, room)) for name in names)
        broken = {"width": room, "overflow": "break", "lineHeight": LINE}
        return every | broken, LINE * (lines - 1)
    longest = min(max(map(_long, names)), LONGEST)
    return every | {"rotate": TURN, "width": LONGEST, "overflow": "truncate"}, round(longest * SINE)


def _long(text: str) -> float:
    return em_width(text) * TEXT_SIZE


def _words(name: str) -> list[str]:
    """Parts between which a line may end."""
    return _WORD.findall(name)


def _lines(name: str, room: float) -> list[str]:
    lines = [""]
    for word in _words(name):
        if lines[-1] and _long(lines[-1] + word) > room:
            lines.append("")
        lines[-1] += word
    return lines


def _fitting(plot: Plot, row: Record, column: str, by: Scale) -> str:
    """The number inside a cell: without unit sign, short enough to fit."""
    text = plot.short(row, column, by).rstrip("%")
    return text if len(text) <= WIDEST else ""


def funnel(plot: Plot) -> Drawing:
    """Steps from wide to narrow, in the order of the rows."""
    figure = plot.block.figure
    column = figure.y[0]
    by = plot.scale([column])
    data = []
    for place, row in enumerate(plot.records):
        datum = plot.datum(row, column, by)
        name = row.shown[figure.x]
        label = {"formatter": f"{name}  {plot.short(row, column, by)}"}
        colour = {"color": palette.SERIES[0], "opacity": max(0.35, 1 - 0.14 * place)}
        data.append(datum | {"name": name, "label": label, "itemStyle": colour})
    option = frame(plot)
    option["series"] = [
        {
            "type": "funnel",
            "sort": "none",
            "left": "8%",
            "width": "52%",
            "top": 8,
            "bottom": 8,
            "minSize": "4%",
            "gap": 3,
            "label": {"position": "right", "color": palette.INK, "fontSize": 13},
            "labelLine": {"length": 14, "lineStyle": {"color": palette.AXIS}},
            "data": data,
        }
    ]
    option["tooltip"] = {"trigger": "item"}
    return Drawing(option, 40 + 52 * len(data), (by.name,))


def treemap(plot: Plot) -> Drawing:
    """Areas in proportion to y; the series column groups them."""
    figure = plot.block.figure
    column = figure.y[0]
    by = plot.scale([column])

    def leaf(row: Record) -> Option:
        return plot.datum(row, column, by) | {"name": row.shown[figure.x]}

    groups = plot.groups()
    data = (
        [{"name": name, "children": [leaf(row) for row in rows]} for name, rows in groups]
        if figure.series
        else [leaf(row) for row in plot.records]
    )
    option = frame(plot)
    option["series"] = [
        {
            "type": "treemap",
            "data": data,
            "roam": False,
            "nodeClick": False,
            "breadcrumb": {"show": False},
            "left": 0,
            "right": 0,
            "top": 4,
            "bottom": 4,
            "label": {"fontSize": 12, "color": palette.PAPER},
            "upperLabel": {"show": bool(figure.series), "height": 22, "color": palette.PAPER},
            "itemStyle": {"borderColor": palette.PAPER, "gapWidth": 1},
        }
    ]
    option["tooltip"] = {"trigger": "item"}
    return Drawing(option, 360, (by.name,))


def flow(plot: Plot) -> Drawing:
    """From x to the series column, as wide as y. A name on both sides is two nodes."""
    figure = plot.block.figure
    column, target = figure.y[0], figure.series or figure.x
    by = plot.scale([column])
    nodes: dict[str, Option] = {}
    links = []
    for row in plot.records:
        start, end = row.shown[figure.x], f"{row.shown[target]} "
        nodes.setdefault(start, {"name": start})
        nodes.setdefault(end, {"name": end})
        links.append(plot.datum(row, column, by) | {"source": start, "target": end})
    option = frame(plot)
    option["series"] = [
        {
            "type": "sankey",
            "data": list(nodes.values()),
            "links": links,
            "left": 4,
            "right": 120,
            "top": 8,
            "bottom": 8,
            "nodeGap": 10,
            "draggable": False,
            "label": {"color": palette.INK, "fontSize": 12},
            "lineStyle": {"color": "source", "opacity": 0.28},
        }
    ]
    option["tooltip"] = {"trigger": "item"}
    return Drawing(option, max(240, 34 * len(nodes)), (by.name,))
