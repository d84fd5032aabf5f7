"""The data of a drawn chart as rows and columns, as a spreadsheet's own charts read them.

They come from the drawing that all forms share, so a chart of Excel shows the same figures in the same unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from keguan.render.charts.plot import Drawing, Option
from keguan.report.document import FigureBlock
from keguan.report.manifest import datum_element

NATIVE = {"bar", "stacked_bar", "waterfall", "line", "area", "scatter"}
MOST_SERIES = 40
MOST_DATA = 4_000


@dataclass(frozen=True, slots=True)
class Datum:
    """One figure of a chart: the number drawn, the cell it stands for, whether it is an unfinished period."""

    value: float | None
    element: str | None = None
    hatched: bool = False
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One series. `x` only where the axis across is a scale; `ends` are the intervals' low and high ends."""

    name: str
    kind: Literal["bar", "line", "area", "scatter"]
    data: tuple[Datum, ...]
    x: tuple[float | None, ...] = ()
    ends: tuple[tuple[float | None, float | None], ...] = ()
    stacked: bool = False
    dashed: bool = False
    second_axis: bool = False
    clear: bool = False
    labelled: bool = False
    points: bool = False
    labels: tuple[str, ...] = ()  # a series that only carries labels

    @property
    def lengths(self) -> tuple[tuple[float, float], ...]:
        """How far each interval reaches below and above its figure."""
        out = []
        for datum, (low, high) in zip(self.data, self.ends, strict=True):
            if datum.value is None or low is None or high is None:
                out.append((0.0, 0.0))
            else:
                ends = (max(datum.value - low, 0.0), max(high - datum.value, 0.0))
                out.append((float(f"{ends[0]:.10g}"), float(f"{ends[1]:.10g}")))
        return tuple(out)


@dataclass(frozen=True, slots=True)
class ChartData:
    """All series over names, or over their own x. `lying`: names stand at the side."""

    names: tuple[str, ...]
    series: tuple[Series, ...]
    lying: bool = False


def chart_data(block: FigureBlock, drawing: Drawing) -> ChartData | None:
    """The data of a chart that a spreadsheet can draw itself; None for one that stays a picture."""
    option = drawing.option
    if block.figure.kind not in NATIVE:
        return None
    axes = [axis[0] if isinstance(axis, list) else axis for axis in (option["xAxis"], option["yAxis"])]
    lying = axes[1]["type"] == "category"
    names = next((axis["data"] for axis in axes if axis["type"] == "category"), None)
    if names is None:
        series = _over_scale(block, option["series"])
    else:
        series = _over_names(block, option["series"], len(names), lying=lying)
    size = sum(len(item.data) for item in series)
    if not series or len(series) > MOST_SERIES or size > MOST_DATA:
        return None
    return ChartData(tuple(str(name) for name in names or ()), tuple(series), lying)


def _over_scale(block: FigureBlock, found: list[Option]) -> list[Series]:
    if any("stack" in item for item in found):
        return []  # an interval over a scale is a filled band, which spreadsheets cannot draw
    return [
        Series(
            name=str(item.get("name") or ""),
            kind="scatter",
            data=tuple(_datum(block, datum, 1) for datum in item["data"]),
            x=tuple(_at(datum, 0) for datum in item["data"]),
            points=item["type"] == "scatter",
        )
        for item in found
    ]


def _over_names(block: FigureBlock, found: list[Option], count: int, *, lying: bool) -> list[Series]:
    out: list[Series] = []
    intervals: list[list[Option]] = []
    seen: set[str] = set()
    waterfall = block.figure.kind == "waterfall"
    room = any(item["type"] == "scatter" for item in found)
    for number, item in enumerate(found):
        if item["type"] == "scatter":
            continue
        if item["type"] == "line" and str(item.get("stack", "")).startswith("interval"):
            intervals.append(item["data"])
            continue
        name = str(item.get("name") or ("" if not waterfall else ("·", "+", "−")[number % 3]))
        data = tuple(_datum(block, datum, None) for datum in item["data"])
        ends = _whiskers(item.get("markLine"), count, lying=lying)
        if len(intervals) == 2:
            ends, intervals = _interval(*intervals), []
        out.append(
            Series(
                name=name,
                kind=_kind(item),
                data=data,
                ends=ends,
                stacked="stack" in item,
                dashed=name in seen and item["type"] == "line",
                second_axis=item.get("yAxisIndex") == 1,
                clear=waterfall and number == 0,
                labelled=not waterfall
                and (room or any(datum.get("label", {}).get("show") for datum in item["data"])),
                points=bool(item.get("showSymbol", True)),
            )
        )
        seen.add(name)
    return [*out, _tops(found)] if waterfall else out


def _tops(found: list[Option]) -> Series:
    """The labels of a waterfall, over the upper ends of its bars."""
    heights, labels = [], []
    for parts in zip(*(item["data"] for item in found), strict=True):
        level = sum(max(float(part.get("value") or 0), 0) for part in parts)
        heights.append(Datum(float(f"{level:.10g}")))
        labels.append(next((str(part["label"]["formatter"]) for part in parts if "label" in part), ""))
    return Series("", "line", tuple(heights), labels=tuple(labels))


def _kind(item: Option) -> Literal["bar", "line", "area"]:
    if item["type"] == "bar":
        return "bar"
    return "area" if "areaStyle" in item else "line"


def _datum(block: FigureBlock, datum: Option, place: int | None) -> Datum:
    value: Any = datum.get("value")
    if place is not None and isinstance(value, list):
        value = value[place]
    style = datum.get("itemStyle", {})
    return Datum(
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None,
        datum_element(block.ref, str(datum["cell"])) if "cell" in datum else None,
        "decal" in style,
        style.get("color"),
    )


def _at(datum: Option, place: int) -> float | None:
    value = datum.get("value")
    found = value[place] if isinstance(value, list) else None
    return float(found) if isinstance(found, int | float) else None


def _whiskers(
    mark: Option | None, count: int, *, lying: bool
) -> tuple[tuple[float | None, float | None], ...]:
    if not mark or not mark.get("data"):
        return ()
    ends: list[tuple[float | None, float | None]] = [(None, None)] * count
    along, across = (0, 1) if lying else (1, 0)
    for low, high in mark["data"]:
        ends[low["coord"][across]] = (low["coord"][along], high["coord"][along])
    return tuple(ends)


def _interval(low: list[Option], wide: list[Option]) -> tuple[tuple[float | None, float | None], ...]:
    """The two stacked areas of a band are its low end and its width."""
    out: list[tuple[float | None, float | None]] = []
    for start, size in zip(low, wide, strict=True):
        at, by = start.get("value"), size.get("value")
        out.append((None, None) if at is None or by is None else (at, float(f"{at + by:.10g}")))
    return tuple(out)
