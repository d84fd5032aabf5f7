"""A drawn chart as one that PowerPoint draws itself: series, categories and axes read from its option.

The option is the one that all forms draw (`render.charts`), so values, scale and order are the same. None for
kinds that PowerPoint has no editable chart for: they are shown as pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from keguan.core.text import Language
from keguan.render.charts import palette
from keguan.render.charts.plot import Drawing, Option
from keguan.report.document import FigureBlock
from keguan.report.phrases import phrase

KINDS = {"bar", "stacked_bar", "line", "area", "scatter", "waterfall"}
MOST_LYING = 20  # names on a lying chart that a slide holds legibly
MOST_BARS = 26  # lying bars that are thick enough for a figure at their ends
MOST_LABELLED = 12
LONGEST = 36  # letters of a name under or beside a bar
MOST_PARTS = 6  # of a doughnut
CLEAR = "rgba(0,0,0,0)"
How = Literal["bar", "line", "area", "points"]
Look = Literal["solid", "dashed", "clear", "tint", "only labels"]


@dataclass(frozen=True)
class Series:
    """One series: a value per category (or per point, with `x`), each with the cell that it stands in."""

    name: str
    values: tuple[float | None, ...]
    cells: tuple[str, ...]
    how: How = "bar"
    x: tuple[float | None, ...] = ()
    colour: str = palette.SERIES[0]
    look: Look = "solid"
    second: bool = False
    colours: Mapping[int, str] = field(default_factory=dict)
    open: frozenset[int] = frozenset()  # unfinished periods
    labels: Mapping[int, str] = field(default_factory=dict)
    ends: tuple[tuple[float | None, ...], tuple[float | None, ...]] = ((), ())  # down and up, of intervals
    size: int = 0  # of markers, in points


@dataclass(frozen=True)
class Axis:
    """An axis of figures: its unit, ends that are fixed, whether it is seen."""

    unit: str = ""
    least: float | None = None
    most: float | None = None
    step: float | None = None
    seen: bool = True


@dataclass(frozen=True)
class Native:
    """An editable chart."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axes: tuple[Axis, ...]  # of values; the second for lines over bars
    across: Axis | None = None  # of figures below, for points
    lying: bool = False
    stacked: bool = False
    doughnut: bool = False
    labelled: bool = False
    legend: tuple[str, ...] = ()
    cut: bool = False
    decimals: int = 0
    between: bool = True


def native(block: FigureBlock, drawing: Drawing, language: Language) -> Native | None:
    """The editable form of a chart, None where a picture is shown."""
    if block.figure.kind not in KINDS:
        return None
    option = drawing.option
    lying = _one(option["yAxis"])["type"] == "category"
    category = _one(option["yAxis"] if lying else option["xAxis"])
    if category["type"] != "category":
        return _points(block, drawing, language)
    names = tuple(_short(str(name)) for name in category["data"])
    stacked = any("stack" in item and item["type"] == "bar" for item in option["series"])
    bars = 1 if stacked else sum(item["type"] == "bar" for item in option["series"])
    kept = names[: min(MOST_LYING, MOST_BARS // max(bars, 1))] if lying else names
    series = _series(block, option, len(kept), language)
    if series is None or not series:
        return None
    decimals = _decimals(block, drawing, series)
    units = [*drawing.units, ""]
    values = option["xAxis"] if lying else option["yAxis"]
    labelled = _labelled(series, kept, lying, stacked)
    seen = not (lying and labelled)
    axes = tuple(
        _axis(axis, units[place], seen)
        for place, axis in enumerate(values if isinstance(values, list) else [values])
    )
    shown = tuple(
        dict.fromkeys(item.name for item in series if item.look in ("solid", "dashed") and item.cells)
    )
    made = Native(
        kept,
        tuple(series),
        (_reached(axes[0], series, stacked), *axes[1:]),
        lying=lying,
        stacked=stacked or _filled(option),
        labelled=labelled,
        legend=shown if len(shown) > 1 and block.figure.kind != "waterfall" else (),
        cut=drawing.cut or len(kept) < len(names),
        decimals=decimals,
        between=category.get("boundaryGap", True) is not False and not _filled(option),
    )
    return _round(block, made)


def _short(name: str) -> str:
    """A name as a chart has room for it; the table has the whole."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _one(axis: Any) -> Option:
    return dict(axis[0] if isinstance(axis, list) else axis)


def _filled(option: Option) -> bool:
    areas = [item for item in option["series"] if "areaStyle" in item and "name" in item]
    return len(areas) > 1 and all(item.get("stack") == "all" for item in areas)


def _axis(axis: Option, unit: str, seen: bool) -> Axis:
    least, most = axis.get("min"), axis.get("max")
    return Axis(
        unit,
        float(least) if isinstance(least, int | float) and seen else None,
        float(most) if isinstance(most, int | float) and seen else None,
        axis.get("interval"),
        seen,
    )


def _values(data: Sequence[Option], most: int) -> tuple[float | None, ...]:
    return tuple(_number(item.get("value")) for item in data[:most])


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _series(block: FigureBlock, option: Option, most: int, language: Language) -> list[Series] | None:
    """The drawn series. None where an interval has gaps, which an area would draw as zero."""
    waterfall = block.figure.kind == "waterfall"
    out: list[Series] = []
    colours: dict[str, str] = {}
    for place, item in enumerate(option["series"]):
        if item["type"] == "scatter":  # room for labels of another library
            continue
        data = item["data"]
        values = _values(data, most)
        interval = str(item.get("stack", "")).startswith("interval")
        if interval and None in values:
            return None
        name = str(item.get("name") or _helper(block, place, interval, language))
        colour = colours.setdefault(name, palette.SERIES[len(colours) % len(palette.SERIES)])
        colour = str(item.get("lineStyle", {}).get("color") or colour)
        how: How = "bar" if item["type"] == "bar" else "area" if "areaStyle" in item else "line"
        out.append(
            Series(
                name,
                values,
                tuple(str(datum.get("cell", "")) for datum in data[:most]) if not interval else (),
                how,
                colour=_tint(option, colour) if interval else colour,
                look=_look(item, place, waterfall, interval),
                second=item.get("yAxisIndex", 0) == 1,
                colours=_colours(data[:most]),
                open=frozenset(i for i, d in enumerate(data[:most]) if "decal" in d.get("itemStyle", {})),
                ends=_ends(item, values, lying=_one(option["yAxis"])["type"] == "category"),
                size=5 if item.get("showSymbol", True) and how == "line" else 0,
            )
        )
    return _topped(out, option, most) if waterfall else out


def _helper(block: FigureBlock, place: int, interval: bool, language: Language) -> str:
    """Names of series that are not told in a legend, for whoever opens the chart's data."""
    if interval:
        return phrase("low" if place % 2 == 0 else "high", language)
    label = block.table.column(block.figure.y[0]).label
    return {0: "–", 1: label}.get(place, f"{label} (< 0)")


def _look(item: Option, place: int, waterfall: bool, interval: bool) -> Look:
    if interval:
        return "clear" if item.get("areaStyle", {}).get("color") == CLEAR else "tint"
    if waterfall and place == 0:
        return "clear"
    return "dashed" if item.get("lineStyle", {}).get("type") == "dashed" else "solid"


def _tint(option: Option, colour: str) -> str:
    """The colour of the line inside an interval."""
    inside = [item for item in option["series"] if item.get("name")]
    return str(inside[0]["lineStyle"]["color"]) if inside else colour


def _colours(data: Sequence[Option]) -> dict[int, str]:
    found = {place: datum.get("itemStyle", {}).get("color") for place, datum in enumerate(data)}
    return {place: str(colour) for place, colour in found.items() if colour}


def _ends(
    item: Option, values: Sequence[float | None], *, lying: bool
) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Lengths of whiskers below and above each value."""
    if "markLine" not in item:
        return (), ()
    down: list[float | None] = [None] * len(values)
    up: list[float | None] = [None] * len(values)
    for start, end in item["markLine"]["data"]:
        (low, place), (high, _) = (point["coord"][:: 1 if lying else -1] for point in (start, end))
        value = values[place] if place < len(values) else None
        if value is not None:
            down[place], up[place] = float(f"{value - low:.10g}"), float(f"{high - value:.10g}")
    return tuple(down), tuple(up)


def _topped(series: list[Series], option: Option, most: int) -> list[Series]:
    """A waterfall's figures stand above its bars: on a line that is not seen, at the bars' upper ends."""
    labels: dict[int, str] = {}
    tops = [0.0] * most
    for item in option["series"]:
        for place, datum in enumerate(item["data"][:most]):
            if "label" in datum:
                labels[place] = str(datum["label"]["formatter"])
            if (datum.get("value") or 0) > 0:
                tops[place] += float(datum["value"])
    tops = [float(f"{top:.10g}") for top in tops]
    line = Series("▲", tuple(tops), (), "line", look="only labels", labels=labels)
    return [*series, line]


def _labelled(series: Sequence[Series], names: Sequence[str], lying: bool, stacked: bool) -> bool:
    """Whether each bar bears its figure: one series, room for it, no whisker in the way."""
    if any(item.how != "bar" or item.ends[0] for item in series) or (len(series) > 1 and stacked):
        return False
    return lying or (len(series) == 1 and len(names) <= MOST_LABELLED)


def _reached(axis: Axis, series: Sequence[Series], stacked: bool) -> Axis:
    """Bars stand on zero, and whiskers end inside: programs reckon only the bars."""
    bars = [item for item in series if item.how == "bar"]
    known = [value for item in bars for value in item.values if value is not None]
    if not known:
        return axis
    highs, lows = list(known), list(known)
    for item in bars:
        for value, down, up in zip(item.values, *item.ends, strict=False):
            highs.append((value or 0) + (up or 0))
            lows.append((value or 0) - (down or 0))
    whiskers = any(item.ends[0] for item in bars)
    least = axis.least if axis.least is not None else 0.0 if min(known) >= 0 else None
    if not whiskers or stacked:
        return replace(axis, least=least)
    low = min(min(lows), 0.0)
    step = _step(max(highs) - low)
    most = step * (int(max(max(highs), 0.0) / step) + 1)
    return replace(axis, least=step * -(int(-low / step) + 1) if low < 0 else 0.0, most=most, step=step)


def _step(span: float) -> float:
    """A round step that divides a span into some five."""
    if span <= 0:
        return 1.0
    rough = Decimal(repr(span / 5))
    unit = Decimal(10) ** rough.adjusted()
    return float(next(unit * by for by in (1, 2, 5, 10) if unit * by >= rough))


def _decimals(block: FigureBlock, drawing: Drawing, series: Sequence[Series]) -> int:
    """Decimals of labels, as sentences print them."""
    unit = block.table.column(block.figure.y[0]).unit
    if unit in ("share", "points"):
        return 1
    if unit == "money":
        scaled = drawing.units and drawing.units[0][:1] in ("万", "亿")
        return (2 if drawing.units[0].startswith("亿") else 1) if scaled else 2 if _small(series) else 0
    return 2 if unit in ("number", "ratio") else 0


def _small(series: Sequence[Series]) -> bool:
    known = [abs(value) for item in series for value in item.values if value is not None]
    return max(known, default=0.0) < 1000


def _round(block: FigureBlock, made: Native) -> Native:
    """Parts that make a whole become a ring: one share, few parts, no interval, a sum of 100 %."""
    figure = block.figure
    first = made.series[0]
    if figure.kind != "bar" or len(made.series) != 1 or figure.low or made.axes[0].unit != "%":
        return made
    known = [value for value in first.values if value is not None]
    if not 2 <= len(known) <= MOST_PARTS or len(known) < len(first.values) or min(known) < 0:
        return made
    if abs(sum(known) - 100) > 0.1 or block.table.column(figure.y[0]).unit != "share":
        return made
    return Native(
        made.categories,
        made.series,
        made.axes,
        doughnut=True,
        labelled=True,
        legend=made.categories,
        decimals=1,
    )


def _points(block: FigureBlock, drawing: Drawing, language: Language) -> Native | None:
    """Lines and points over figures: each point has an x of its own."""
    option = drawing.option
    out = []
    for place, item in enumerate(option["series"]):
        if not item.get("name"):
            return None
        data = [datum for datum in item["data"] if isinstance(datum.get("value"), list)]
        colour = item.get("lineStyle", {}).get("color") or palette.SERIES[place % len(palette.SERIES)]
        out.append(
            Series(
                str(item["name"]),
                tuple(_number(datum["value"][1]) for datum in data),
                tuple(str(datum.get("cell", "")) for datum in data),
                "line" if item["type"] == "line" else "points",
                tuple(_number(datum["value"][0]) for datum in data),
                str(colour),
                size=5 if item["type"] == "scatter" else 0,
            )
        )
    if not any(series.values for series in out):
        return None
    units = [*drawing.units, ""]
    across = _axis(_one(option["xAxis"]), _x_unit(block, units), True)
    names = tuple(dict.fromkeys(series.name for series in out))
    return Native(
        (),
        tuple(out),
        (_axis(_one(option["yAxis"]), units[0], True),),
        across=across,
        legend=names if len(names) > 1 else (),
        cut=drawing.cut,
    )


def _x_unit(block: FigureBlock, units: Sequence[str]) -> str:
    """What the axis below is called: its column, with its unit where it is another."""
    label = block.table.column(block.figure.x).label
    unit = units[1] or (units[0] if block.table.column(block.figure.x).unit in ("share", "points") else "")
    return f"{label} ({unit})" if unit else label
