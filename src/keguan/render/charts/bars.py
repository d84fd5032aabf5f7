"""Bars: side by side, stacked, with lines over them, lying when names are long; and the waterfall."""

from __future__ import annotations

from decimal import Decimal

from keguan.core.text import Scalar
from keguan.render.charts import palette
from keguan.render.charts.plot import Drawing, Option, Plot, Record, category_axis, frame, value_axis
from keguan.render.charts.scale import Scale

HEIGHT = 320
ACROSS = 640  # width that the names under standing bars share
MOST_LYING = 40  # names on a lying chart; the table has the rest
MOST_LABELLED = 8
DECAL = {
    "symbol": "rect",
    "color": "rgba(255,255,255,0.72)",
    "dashArrayX": [1, 0],
    "dashArrayY": [3, 4],
    "rotation": -0.785,
}
CLEAR = "rgba(0,0,0,0)"
Named = tuple[str, list[Option]]


def bar(plot: Plot) -> Drawing:
    """Bars from zero; lines of `line_y` on a second axis."""
    return _bars(plot, stacked=False)


def stacked_bar(plot: Plot) -> Drawing:
    """Bars on top of each other."""
    return _bars(plot, stacked=True)


def _bars(plot: Plot, *, stacked: bool) -> Drawing:
    figure = plot.block.figure
    columns = [name for name in figure.y if name not in figure.line_y]
    lines = list(dict.fromkeys(figure.line_y))
    shared = bool(lines) and {plot.unit(name) for name in lines} == {plot.unit(columns[0])}
    known = _known(plot, [*columns, *lines])
    lying = not lines and _lies(plot, known)
    names = known[: MOST_LYING if lying else None]
    by = plot.scale([*columns, *lines] if shared else columns)
    named = _named(plot, columns, names, by)
    series = [_series(name, data, stacked=stacked) for name, data in named]
    units = [by.name]
    if figure.low and figure.high and len(series) == 1:
        series[0]["markLine"] = _whiskers(plot, names, by, lying=lying)
        series.append(_room(series[0]["markLine"], lying=lying))
    labelled = not stacked if lying else len(names) <= MOST_LABELLED and not lines
    if labelled and (lying or len(named) == 1):
        _label(plot, series, columns, names, by, lying=lying)
    option = frame(plot, legend=[*(name for name, _ in named), *(plot.column(name).label for name in lines)])
    category = category_axis(names, inverse=lying, width=150 if lying else None)
    values = value_axis(by, lines=not lying)
    if not lying and plot.names_things(names):
        category["axisLabel"] |= _wrapped(names)
    option |= {"xAxis": values, "yAxis": category} if lying else {"xAxis": category, "yAxis": values}
    if not lying and not stacked:
        values |= _floor(series)
    if lying:
        option["grid"]["right"] = _right(series)
        values |= _tight(series) | ({"axisLabel": {"show": False}} if labelled else {})
    if lines:
        units += _over(plot, option, series, lines, names, by if shared else None)
    option["series"] = series
    option["tooltip"] = {"trigger": "axis", "axisPointer": {"type": "shadow"}}
    height = _lying_height(len(names), 1 if stacked else len(named)) if lying else HEIGHT
    hatched = any(plot.hatched(row) for row in plot.records)
    cut = len(names) < len(known)
    return Drawing(option, height, tuple(units), "bar" if hatched else "", cut)


def _floor(series: list[Option]) -> Option:
    """A negative too small to be seen does not open the axis below zero."""
    found = (datum.get("value") for item in series for datum in item["data"])
    ends = [value for value in found if isinstance(value, float)]
    return {"min": 0} if ends and 0 > min(ends) > -max(ends) / 100 else {}


def _wrapped(names: list[str]) -> Option:
    """Names under bars: all of them, broken into lines where they are wider than their bar's place."""
    width = ACROSS // max(len(names), 1)
    return {"interval": 0, "hideOverlap": False, "width": width, "overflow": "break", "lineHeight": 15}


def _known(plot: Plot, columns: list[str]) -> list[str]:
    """What the bars stand for: periods all, since a gap among them tells something, of names those with a value."""
    names = plot.categories()
    if not plot.names_things(names):
        return names
    given = {
        row.shown[plot.block.figure.x]
        for row in plot.records
        if any(row.values[column] is not None for column in columns)
    }
    return [name for name in names if name in given]


def _lies(plot: Plot, names: list[str]) -> bool:
    """Names lie when they are many or long; periods and numbers stand."""
    return plot.names_things(names) and (len(names) > 7 or sum(_width(name) for name in names) > 72)


def _width(name: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in name) + 2


def _lying_height(names: int, series: int) -> int:
    return 24 + names * max(30, 8 + 14 * series) + (30 if series > 1 else 0)


def _named(plot: Plot, columns: list[str], names: list[str], by: Scale) -> list[Named]:
    """Data by series, one datum per name: the series column's values times the y columns."""
    out: list[Named] = []
    for group, rows in plot.groups():
        at = {row.shown[plot.block.figure.x]: row for row in rows}
        for column in columns:
            label = plot.column(column).label
            name = group if group and len(columns) == 1 else f"{group} {label}".strip()
            out.append((name, [_datum(plot, at.get(place), column, by) for place in names]))
    return out


def _datum(plot: Plot, row: Record | None, column: str, by: Scale) -> Option:
    if row is None:
        return {"value": None}
    datum = plot.datum(row, column, by)
    if plot.hatched(row):
        datum["itemStyle"] = {"decal": DECAL}
    return datum


def _series(name: str, data: list[Option], *, stacked: bool) -> Option:
    series: Option = {"type": "bar", "name": name, "data": data, "barMaxWidth": 40, "barMinHeight": 1}
    if stacked:
        return series | {"stack": "all", "itemStyle": {"borderColor": palette.PAPER, "borderWidth": 0.5}}
    return series | {"itemStyle": {"borderRadius": 1.5}, "barGap": "10%"}


def _label(
    plot: Plot, series: list[Option], columns: list[str], names: list[str], by: Scale, *, lying: bool
) -> None:
    """The figure at the end of each bar, or at the end of its whisker: below a standing bar that reaches down."""
    drawn = [(rows, column) for _, rows in plot.groups() for column in columns]
    ends = {(end["place"], end["side"]): end for item in series[len(drawn) :] for end in item["data"]}
    for (rows, column), item in zip(drawn, series, strict=False):
        at = {row.shown[plot.block.figure.x]: row for row in rows}
        for place, (name, datum) in enumerate(zip(names, item["data"], strict=True)):
            if datum["value"] is None or name not in at:
                continue
            below = not lying and datum["value"] < 0
            ends.get((place, "low" if below else "high"), datum)["label"] = {
                "show": True,
                "position": "right" if lying else "bottom" if below else "top",
                "distance": 6,
                "formatter": plot.short(at[name], column, by),
                "color": palette.INK,
                "fontSize": 12 if len(drawn) == 1 else 11,
            }


def _right(series: list[Option]) -> int:
    """Room for the widest figure at the end of a lying bar."""
    texts = [datum["label"]["formatter"] for item in series for datum in item["data"] if "label" in datum]
    return max([70, *(12 + 6 * _width(text) for text in texts)])


def _whiskers(plot: Plot, names: list[str], by: Scale, *, lying: bool) -> Option:
    """Intervals as short lines with caps: an option in JSON has no custom series."""
    figure = plot.block.figure
    at = {row.shown[figure.x]: row for row in plot.records}
    lines = []
    for place, name in enumerate(names):
        row = at.get(name)
        if row is None or not figure.low or not figure.high:
            continue
        low, high = by.of(row.values[figure.low]), by.of(row.values[figure.high])
        if low is None or high is None:
            continue
        ends = ([low, place], [high, place]) if lying else ([place, low], [place, high])
        lines.append([{"coord": end} for end in ends])
    return {
        "symbol": ["rect", "rect"],
        "symbolSize": [7, 1.2],
        "silent": True,
        "animation": False,
        "label": {"show": False},
        "lineStyle": {"color": palette.WHISKER, "width": 1.2, "type": "solid"},
        "data": lines,
    }


def _room(whiskers: Option, *, lying: bool) -> Option:
    """Points that are not seen, so that the axis reaches to the ends of the whiskers and labels can stand
    there."""
    ends: list[Option] = []
    for low, high in whiskers["data"]:
        place = high["coord"][1 if lying else 0]
        # a lying bar that reaches to the left ends at zero, and its figure must not stand upon it
        top = [max(high["coord"][0], 0), place] if lying else high["coord"]
        ends.append({"value": top, "place": place, "side": "high"})
        if low["coord"][0 if lying else 1] < 0:  # the bars themselves reach down to zero
            ends.append({"value": low["coord"], "place": place, "side": "low"})
    return {
        "type": "scatter",
        "symbolSize": 1,
        "silent": True,
        "itemStyle": {"color": CLEAR},
        "tooltip": {"show": False},
        "data": ends,
    }


def _tight(series: list[Option]) -> Option:
    """An axis without figures ends where the data end. Stacks are left to the library."""
    if any("stack" in item for item in series):
        return {}
    drawn = [datum["value"] for item in series if item["type"] == "bar" for datum in item["data"]]
    drawn += [end["value"][0] for item in series if item["type"] == "scatter" for end in item["data"]]
    known = [value for value in drawn if value is not None]
    return {"min": min([0, *known]), "max": max([0, *known])} if known and any(known) else {}


def _over(
    plot: Plot,
    option: Option,
    series: list[Option],
    lines: list[str],
    names: list[str],
    shared: Scale | None,
) -> list[str]:
    """Lines over the bars: on the bars' axis when they share its unit, else on their own, whose unit is
    returned."""
    by = shared or plot.scale(lines)
    if shared is None:
        option["yAxis"] = [option["yAxis"], value_axis(by, lines=False)]
    first = len(series)
    for place, (name, data) in enumerate(_named(plot, lines, names, by)):
        for datum in data:
            datum.pop("itemStyle", None)
        colour = palette.SERIES[(first + place) % len(palette.SERIES)]
        series.append(
            {
                "type": "line",
                "name": name,
                "yAxisIndex": 0 if shared else 1,
                "data": data,
                "symbol": "circle",
                "symbolSize": 5,
                "lineStyle": {"width": 2, "color": colour},
                "itemStyle": {"color": colour},
            }
        )
    return [] if shared else [by.name]


def waterfall(plot: Plot) -> Drawing:
    """From a first total over additions and losses to the last total.

    The first row stands on zero; a row that equals the sum of all before it is a total and stands on zero.
    """
    figure = plot.block.figure
    column = figure.y[0]
    by = plot.scale([column])
    running = Decimal(0)  # the level reached so far
    series: dict[str, list[Option]] = {"base": [], "above": [], "below": []}
    names = []
    for place, row in enumerate(plot.records):
        value = _decimal(row.values[column])
        total = place == 0 or (
            place > 1 and abs(value - running) <= max(abs(running), Decimal(1)) * Decimal("1e-6")
        )
        start, end = (Decimal(0), value) if total else (running, running + value)
        running = end
        names.append(row.shown[figure.x])
        colour = palette.TOTAL if total else palette.UP if value >= 0 else palette.DOWN
        _step(plot, series, row, column, by, (start, end, colour))
    option = frame(plot, top=24)
    option |= {"xAxis": category_axis(names), "yAxis": value_axis(by)}
    option["xAxis"]["axisLabel"] |= _wrapped(names)
    option["series"] = [_stacked(name, data) for name, data in series.items()]
    option["tooltip"] = {"trigger": "item"}
    return Drawing(option, HEIGHT, (by.name,))


def _decimal(value: Scalar) -> Decimal:
    return Decimal(str(value)) if isinstance(value, (int, float, Decimal)) else Decimal(0)


def _step(
    plot: Plot,
    series: dict[str, list[Option]],
    row: Record,
    column: str,
    by: Scale,
    step: tuple[Decimal, Decimal, str],
) -> None:
    """One bar between two levels: a clear base, and the parts above and below zero."""
    start, end, colour = step
    low, high = min(start, end), max(start, end)
    above, below = max(high, Decimal(0)) - max(low, Decimal(0)), min(low, Decimal(0)) - min(high, Decimal(0))
    base = low if low > 0 else high if high < 0 else Decimal(0)
    series["base"].append({"value": by.of(base)})
    label = {
        "show": True,
        "position": "top",
        "formatter": ("+" if start != 0 and end > start else "") + plot.short(row, column, by),
        "color": palette.INK,
        "fontSize": 12,
    }
    datum = plot.datum(row, column, by) | {"itemStyle": {"color": colour}}
    main = "above" if above >= -below else "below"
    for name, part in (("above", above), ("below", below)):
        drawn = datum if name == main else {"itemStyle": {"color": colour}}
        series[name].append({**drawn, "value": by.of(part), **({"label": label} if name == main else {})})


def _stacked(name: str, data: list[Option]) -> Option:
    series: Option = {"type": "bar", "stack": "all", "data": data, "barWidth": "58%"}
    if name == "base":
        return series | {"silent": True, "itemStyle": {"color": CLEAR}}
    return series | {"itemStyle": {"borderRadius": 1}}
