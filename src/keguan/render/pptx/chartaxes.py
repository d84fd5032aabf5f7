"""The axes of an editable chart: their scales, how they print figures, and the type of their words."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from keguan.render.charts import palette
from keguan.render.charts.scale import number_code
from keguan.render.font import em_width
from keguan.render.pptx.ink import LANG, Ink, esc, fill
from keguan.render.pptx.native import Axis, Native

SIZE = 12.0
FIRST = 111111101  # ids of axes
MOST_LEVEL = 12  # names below bars that are not turned
LONGEST_TURNED = 5.0  # em of a name that programs may turn: 2026-10
NARROWEST = 560.0  # points of a chart beside sentences


def chart_text(ink: Ink, colour: str, size: float = SIZE, bold: bool = False, turn: str = "") -> str:
    """How the words of a part of the chart look."""
    look = ink.look(size, colour, bold, "defRPr")
    look = look.replace(f' lang="{LANG[ink.language]}"', "", 1).replace(' dirty="0"', "")
    end = f'<a:endParaRPr lang="{LANG[ink.language]}"/>'
    return f"<c:txPr><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr>{look}</a:pPr>{end}</a:p></c:txPr>"


def axis_format(chart: Native, axis: Axis) -> str:
    """How an axis prints a figure."""
    second = any(axis is other for other in chart.axes[1:])
    there = [series for series in chart.series if series.second == second]
    standing = [0.0] if any(series.how in ("bar", "area") for series in there) else []
    values = [value for series in there for value in (series.x if axis is chart.across else series.values)]
    drawn = [value for value in values if value is not None]
    ends = [value for value in (axis.least, axis.most) if value is not None]
    known = [*drawn, *standing, *ends]
    return number_code(min(known, default=0.0), max(known, default=0.0), axis.unit)


def _rule(colour: str) -> str:
    return f'<c:spPr><a:ln w="9525">{fill(colour)}</a:ln></c:spPr>'


def category_axis(chart: Native, ink: Ink, id: int, other: int, *, hidden: bool = False) -> str:
    """The axis of names: `other` is the axis that it crosses."""
    turned = "maxMin" if chart.lying else "minMax"
    each = 1 if chart.lying else _each(chart.categories)
    every = f'<c:tickLblSkip val="{each}"/>' if each else ""
    size = 10.0 if chart.lying and len(chart.categories) > 14 else SIZE
    level = ""
    if (
        not chart.lying
        and len(chart.categories) <= MOST_LEVEL
        and max(map(len, chart.categories), default=0) > 4
    ):
        longest = max(len(word) for name in chart.categories for word in name.split() or [""])
        size, level = 10.0 if longest <= 10 else 9.0, ' rot="0" vert="horz"'  # broken into lines, not turned
    return (
        f'<c:catAx><c:axId val="{id}"/><c:scaling><c:orientation val="{turned}"/></c:scaling>'
        f'<c:delete val="{int(hidden)}"/><c:axPos val="{"l" if chart.lying else "b"}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/>{_rule(palette.AXIS)}{chart_text(ink, palette.MUTED, size, turn=level)}'
        f'<c:crossAx val="{other}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        f'{every}<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _each(names: Sequence[str]) -> int:
    """Which of many days below a chart are printed: programs let them touch. 0 where programs choose."""
    longest = max(map(em_width, names), default=0.0)
    if len(names) <= MOST_LEVEL or longest <= LONGEST_TURNED:
        return 0
    return ceil(len(names) * (longest + 1.0) * SIZE / NARROWEST)


def value_axis(
    chart: Native, axis: Axis, ink: Ink, id: int, other: int, *, right: bool = False, below: bool = False
) -> str:
    """An axis of figures: at the left, at the right for the second, below for points with an x of their own."""
    ends = "".join(
        f'<c:{name} val="{value:.10g}"/>'
        for name, value in (("max", axis.most), ("min", axis.least))
        if value is not None
    )
    grid = (
        ""
        if right or below or not axis.seen
        else f"<c:majorGridlines>{_rule(palette.GRID)}</c:majorGridlines>"
    )
    place = "b" if below else "r" if right else "t" if chart.lying else "l"
    crosses = "max" if right or (chart.lying and axis.seen) else "autoZero"
    between = "" if below else "between" if chart.between and not chart.across else "midCat"
    step = f'<c:majorUnit val="{axis.step:.10g}"/>' if axis.step else ""
    line = _rule(palette.AXIS) if below else "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
    title = (
        _axis_title(axis.unit, ink, turned=not below and not chart.lying)
        if axis.unit not in ("", "%") and axis.seen
        else ""
    )
    return (
        f'<c:valAx><c:axId val="{id}"/><c:scaling><c:orientation val="minMax"/>{ends}</c:scaling>'
        f'<c:delete val="{int(not axis.seen)}"/><c:axPos val="{place}"/>{grid}{title}'
        f'<c:numFmt formatCode="{esc(axis_format(chart, axis))}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{line}{chart_text(ink, palette.MUTED)}'
        f'<c:crossAx val="{other}"/><c:crosses val="{crosses}"/>'
        f'<c:crossBetween val="{between or "midCat"}"/>{step}</c:valAx>'
    )


def _axis_title(unit: str, ink: Ink, *, turned: bool) -> str:
    look = ink.look(11.0, palette.MUTED, False)
    turn = ' rot="-5400000" vert="horz"' if turned else ""
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/><a:p><a:r>{look}<a:t>{esc(unit)}</a:t></a:r></a:p>"
        '</c:rich></c:tx><c:overlay val="0"/></c:title>'
    )
