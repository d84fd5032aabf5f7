"""Lines, areas, bands and points."""

from __future__ import annotations

import math
from collections.abc import Sequence

from keguan.render.charts import palette
from keguan.render.charts.plot import Drawing, Option, Plot, Record, category_axis, frame, value_axis
from keguan.render.charts.scale import Scale

HEIGHT = 320
MARKED = 26  # with more points, single points are not marked
CONTINUOUS = {"share", "number", "ratio", "money", "days"}
WHOLE = {"max": 100, "interval": 25}
CLEAR = "rgba(0,0,0,0)"


def line(plot: Plot) -> Drawing:
    """Lines over periods, categories or a continuous x; unfinished periods are dashed."""
    return _lines(plot, fill=False)


def area(plot: Plot) -> Drawing:
    """Filled lines; several series are stacked."""
    return _lines(plot, fill=True)


def band(plot: Plot) -> Drawing:
    """A line in its interval."""
    return _lines(plot, fill=False)


def _lines(plot: Plot, *, fill: bool) -> Drawing:
    figure = plot.block.figure
    by = plot.scale([*figure.y, *(name for name in (figure.low, figure.high) if name)])
    continuous = plot.unit(figure.x) in CONTINUOUS
    names = plot.categories()
    across = plot.scale([figure.x]) if continuous else None
    series: list[Option] = []
    legend: list[str] = []
    groups = plot.groups()
    several = len(groups) * len(figure.y) > 1
    for group, rows in groups:
        for column in figure.y:
            label = plot.column(column).label
            name = group if group and len(figure.y) == 1 else f"{group} {label}".strip()
            colour = palette.SERIES[len(legend) % len(palette.SERIES)]
            legend.append(name)
            if figure.low and figure.high and column == figure.y[0]:
                series += _band(plot, rows, names, by, across, (name, colour))
            series += _line(plot, rows, column, names, by, across, (name, colour))
    if fill:
        _fill(series, stacked=several)
    option = frame(plot, legend=legend)
    option["xAxis"] = (
        _across(plot, across, whole=bool(_whole(plot, across, [figure.x])))
        if across
        else category_axis(names)
    )
    if not across and not any(item.get("areaStyle") for item in series):
        option["xAxis"]["boundaryGap"] = len(names) < MARKED
    option["yAxis"] = value_axis(by, zero=not _narrow(plot, fill=fill)) | (
        {} if several and fill else _whole(plot, by, figure.y)
    )
    option["series"] = series
    option["tooltip"] = {"trigger": "axis", "axisPointer": {"lineStyle": {"color": palette.AXIS}}}
    units = (by.name, across.name) if across and across.name and across.name != by.name else (by.name,)
    open_ = any(plot.hatched(row) for row in plot.records)
    return Drawing(option, HEIGHT, units, "line" if open_ else "")


def _narrow(plot: Plot, *, fill: bool) -> bool:
    """Lines that stay far from zero are drawn on their own range; areas always stand on zero."""
    figure = plot.block.figure
    columns = [*figure.y, *(name for name in (figure.low, figure.high) if name)]
    one = plot.scale(figure.y)
    drawn = [one.of(row.values[name]) for row in plot.records for name in columns]
    known = [value for value in drawn if value is not None]
    return not fill and bool(known) and min(known) > 0 and min(known) > 0.6 * max(known)


def _across(plot: Plot, by: Scale, *, whole: bool = False) -> Option:
    axis = value_axis(by, lines=False)
    drawn = [by.of(row.values[plot.block.figure.x]) for row in plot.records]
    ends = {"min": 0, **WHOLE} if whole else _ends([value for value in drawn if value is not None])
    return axis | ends | {"axisLine": {"show": True, "lineStyle": {"color": palette.AXIS}}}


def _ends(drawn: list[float]) -> Option:
    """From a round figure to a round figure; from zero where that costs no more than a fifth of the width."""
    low, high = min(drawn, default=0.0), max(drawn, default=0.0)
    if 0 <= low <= high / 5:
        low = 0.0
    if low == high:
        return {}
    step = _step((high - low) / 5)
    ends = (math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)
    return dict(zip(("min", "max"), (float(f"{end:.10g}") for end in ends), strict=True)) | {"interval": step}


def _step(size: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(size))
    return float(
        f"{next(times for times in (1, 2, 2.5, 5, 10) if times * power >= size * 0.999) * power:.10g}"
    )


def _whole(plot: Plot, by: Scale, names: Sequence[str]) -> Option:
    """A share never passes 100 %: the axis of one that comes near ends there."""
    if plot.unit(names[0]) != "share":
        return {}
    drawn = [by.of(row.values[name]) or 0 for row in plot.records for name in names]
    return WHOLE if 80 < max(drawn, default=0) <= 100 else {}


def _line(
    plot: Plot,
    rows: list[Record],
    column: str,
    names: list[str],
    by: Scale,
    across: Scale | None,
    look: tuple[str, str],
) -> list[Option]:
    name, colour = look
    base: Option = {
        "type": "line",
        "name": name,
        "symbol": "circle",
        "symbolSize": 5,
        "showSymbol": across is None and sum(row.values[column] is not None for row in rows) <= MARKED,
        "lineStyle": {"width": 2.2, "color": colour},
        "itemStyle": {"color": colour},
    }
    if across is not None:
        return [base | {"data": [_point(plot, row, column, across, by) for row in rows]}]
    at = {row.shown[plot.block.figure.x]: row for row in rows}
    data = [plot.datum(at[place], column, by) if place in at else {"value": None} for place in names]
    unfinished = [place in at and plot.hatched(at[place]) for place in names]
    if not any(unfinished):
        return [base | {"data": data}]
    return _dashed(base, data, unfinished)


def _dashed(base: Option, data: list[Option], unfinished: list[bool]) -> list[Option]:
    """Two series of one name: whole periods, and the unfinished ones joined on by a dashed line."""
    whole = [{"value": None} if open_ else item for item, open_ in zip(data, unfinished, strict=True)]
    tail: list[Option] = []
    for place, (item, open_) in enumerate(zip(data, unfinished, strict=True)):
        joins = not open_ and place + 1 < len(data) and unfinished[place + 1]
        tail.append(
            item if open_ else {"value": item["value"], "symbol": "none"} if joins else {"value": None}
        )
    dashed = base | {
        "lineStyle": {**base["lineStyle"], "type": "dashed"},
        "symbol": "emptyCircle",
        "data": tail,
    }
    return [base | {"data": whole}, dashed]


def _point(plot: Plot, row: Record, column: str, across: Scale, by: Scale) -> Option:
    datum = plot.datum(row, column, by)
    x = plot.block.figure.x
    return datum | {"value": [across.of(row.values[x]), datum["value"]], "at": row.shown[x]}


def _band(
    plot: Plot,
    rows: list[Record],
    names: list[str],
    by: Scale,
    across: Scale | None,
    look: tuple[str, str],
) -> list[Option]:
    """An interval as a clear area up to its low end and a tinted one from there to its high end."""
    figure = plot.block.figure
    name, colour = look
    at = {row.shown[figure.x]: row for row in rows}
    low: list[Option] = []
    wide: list[Option] = []
    for place in names:
        row = at.get(place)
        start = by.of(row.values[figure.low]) if row and figure.low else None
        end = by.of(row.values[figure.high]) if row and figure.high else None
        both = None if start is None or end is None else float(f"{end - start:.10g}")
        at_x = across.of(row.values[figure.x]) if across and row else None
        low.append({"value": [at_x, start] if across else start})
        wide.append({"value": [at_x, both] if across else both})
    common: Option = {
        "type": "line",
        "stack": f"interval {name}",
        "stackStrategy": "all",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
    }
    return [
        common | {"data": low, "areaStyle": {"color": CLEAR}},
        common | {"data": wide, "areaStyle": {"color": colour, "opacity": 0.16}},
    ]


def _fill(series: list[Option], *, stacked: bool) -> None:
    for item in series:
        if "areaStyle" in item:
            continue
        item["areaStyle"] = {"opacity": 0.75 if stacked else 0.14}
        if stacked:
            item["stack"] = "all"
            item["lineStyle"] = {**item["lineStyle"], "width": 1}


def scatter(plot: Plot) -> Drawing:
    """Points; the series column, if any, gives the colour."""
    figure = plot.block.figure
    across, by = plot.scale([figure.x]), plot.scale(figure.y[:1])
    groups = plot.groups()
    option = frame(plot, legend=[name for name, _ in groups])
    option["xAxis"] = _across(plot, across)
    option["yAxis"] = value_axis(by, zero=False)
    option["series"] = [
        {
            "type": "scatter",
            "name": name or plot.column(figure.y[0]).label,
            "symbolSize": 8 if len(rows) < 400 else 4,
            "itemStyle": {"opacity": 0.7},
            "data": [_point(plot, row, figure.y[0], across, by) for row in rows],
        }
        for name, rows in groups
    ]
    option["tooltip"] = {"trigger": "item"}
    units = (by.name, across.name) if across.name and across.name != by.name else (by.name,)
    return Drawing(option, HEIGHT + 40, units)
