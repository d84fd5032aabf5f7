"""The XML of an editable chart, and the workbook inside it.

Every axis has a positive id, every text its fonts for both scripts; figures stand in the workbook and, the same,
in the chart's own cache.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keguan.render import theme
from keguan.render.charts import palette
from keguan.render.pptx.ink import LANG, Ink, clean, esc, fill, rgb
from keguan.render.pptx.native import Axis, Native, Series

SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
SIZE = 12.0
FIRST = 111111101  # ids of axes
SHEET = "Sheet1"
MOST_LEVEL = 12  # names below bars that are not turned
_GROUPS = {"bar": "barChart", "line": "lineChart", "area": "areaChart"}


def chart_xml(chart: Native, ink: Ink, book: str) -> bytes:
    """The whole part; `book` is the relation id of the workbook."""
    plotted = (
        _doughnut(chart, ink)
        if chart.doughnut
        else _points(chart, ink)
        if chart.across
        else _axes(chart, ink)
    )
    legend = _legend(chart, ink) if chart.legend else ""
    text = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {SPACES}><c:date1904 val="0"/>'
        f'<c:lang val="{LANG[ink.language]}"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea><c:layout/>{plotted}<c:spPr><a:noFill/></c:spPr></c:plotArea>{legend}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln>'
        f'</c:spPr>{_text(ink, palette.MUTED)}<c:externalData r:id="{book}"><c:autoUpdate val="0"/></c:externalData>'
        "</c:chartSpace>"
    )
    return text.encode("utf-8")


def _text(ink: Ink, colour: str, size: float = SIZE, bold: bool = False, turn: str = "") -> str:
    look = ink.look(size, colour, bold, "defRPr")
    look = look.replace(f' lang="{LANG[ink.language]}"', "", 1).replace(' dirty="0"', "")
    end = f'<a:endParaRPr lang="{LANG[ink.language]}"/>'
    return f"<c:txPr><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr>{look}</a:pPr>{end}</a:p></c:txPr>"


def column(place: int) -> str:
    """The letters of a column from 0: A, B, ... Z, AA."""
    out = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        out = chr(65 + rest) + out
    return out


def _range(place: int, count: int) -> str:
    letters = column(place)
    return f"{SHEET}!${letters}$2:${letters}${count + 1}"


def _name(series: Series, place: int) -> str:
    cell = f"{SHEET}!${column(place)}$1"
    return (
        f'<c:tx><c:strRef><c:f>{cell}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{esc(series.name)}'
        "</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    )


def _numbers(values: Sequence[float | None], place: int, tag: str) -> str:
    points = "".join(
        f'<c:pt idx="{index}"><c:v>{value:.10g}</c:v></c:pt>'
        for index, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:{tag}><c:numRef><c:f>{_range(place, len(values))}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef></c:{tag}>'
    )


def _categories(names: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{esc(name)}</c:v></c:pt>' for i, name in enumerate(names))
    return (
        f"<c:cat><c:strRef><c:f>{_range(0, len(names))}</c:f><c:strCache>"
        f'<c:ptCount val="{len(names)}"/>{points}</c:strCache></c:strRef></c:cat>'
    )


def number_format(chart: Native) -> str:
    """How labels print a figure: as sentences do, with the unit that is short enough."""
    places = f".{'0' * chart.decimals}" if chart.decimals else ""
    unit = chart.axes[0].unit
    mark = unit[:1] if unit[:1] in ("万", "亿", "%") else ""
    return f'#,##0{places}"{mark}"' if mark else f"#,##0{places}"


def axis_format(axis: Axis) -> str:
    """How an axis prints a figure."""
    return '#,##0.##"%"' if axis.unit == "%" and axis.step is None and _narrow(axis) else _plain(axis)


def _narrow(axis: Axis) -> bool:
    return axis.most is not None and axis.most <= 2


def _plain(axis: Axis) -> str:
    return '#,##0"%"' if axis.unit == "%" else "General" if axis.unit == "" else "#,##0.##;-#,##0.##"


def _labels(chart: Native, series: Series, ink: Ink, where: str) -> str:
    """Figures at the bars; those of a waterfall are given in words, since they stand on another line."""
    if series.labels:
        longest = max(map(len, series.labels.values()))
        small = SIZE if longest <= 7 else 10.0 if longest <= 9 else 8.0
        points = "".join(
            f'<c:dLbl><c:idx val="{place}"/>{_literal(text)}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
            f'{_text(ink, palette.INK, small)}<c:dLblPos val="t"/>{_flags(True)}</c:dLbl>'
            for place, text in sorted(series.labels.items())
        )
        return f"<c:dLbls>{points}{_flags(False)}</c:dLbls>"
    if not chart.labelled:
        return ""
    code = esc(number_format(chart))
    size = SIZE if len(chart.series) * len(chart.categories) <= 14 else 10.0
    position = f'<c:dLblPos val="{where}"/>' if where else ""
    return (
        f'<c:dLbls><c:numFmt formatCode="{code}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f"{_text(ink, palette.INK, size)}{position}{_flags(True)}</c:dLbls>"
    )


def _literal(text: str) -> str:
    safe = text.replace('"', "”")
    code = esc(f'"{safe}"')
    return f'<c:numFmt formatCode="{code}" sourceLinked="0"/>'


def _flags(value: bool) -> str:
    return (
        f'<c:showLegendKey val="0"/><c:showVal val="{int(value)}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )


def _surface(series: Series) -> str:
    """How a series looks."""
    if series.look in ("clear", "only labels"):
        return "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    if series.how == "points":
        return "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
    if series.how == "line":
        dash = '<a:prstDash val="dash"/>' if series.look == "dashed" else ""
        return f'<c:spPr><a:ln w="28575" cap="rnd">{fill(series.colour)}{dash}<a:round/></a:ln></c:spPr>'
    strength = 16000 if series.look == "tint" else 100000 if series.how == "bar" else 75000
    return f"<c:spPr>{_see_through(series.colour, strength)}<a:ln><a:noFill/></a:ln></c:spPr>"


def _see_through(colour: str, strength: int) -> str:
    return (
        f'<a:solidFill><a:srgbClr val="{rgb(colour)}"><a:alpha val="{strength}"/></a:srgbClr></a:solidFill>'
    )


def _marker(series: Series) -> str:
    if series.how not in ("line", "points"):
        return ""
    if not series.size:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    look = f"{fill(series.colour)}<a:ln><a:noFill/></a:ln>"
    return (
        f'<c:marker><c:symbol val="circle"/><c:size val="{series.size}"/><c:spPr>{look}</c:spPr></c:marker>'
    )


def _parts(series: Series) -> str:
    """Bars of a colour of their own, and unfinished periods, which are hatched."""
    if series.how != "bar" or series.look == "clear":
        return ""
    out = ""
    for place in sorted({*series.colours, *series.open}):
        colour = series.colours.get(place, series.colour)
        look = fill(colour)
        if place in series.open:
            look = (
                f'<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="{rgb(colour)}"/></a:fgClr>'
                f'<a:bgClr><a:srgbClr val="{rgb(palette.PAPER)}"/></a:bgClr></a:pattFill>'
            )
        out += (
            f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
            f"<c:spPr>{look}<a:ln><a:noFill/></a:ln></c:spPr></c:dPt>"
        )
    return out


def _whiskers(series: Series) -> str:
    if not series.ends[0]:
        return ""
    sides = "".join(
        f'<c:{side}><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>'
        + "".join(
            f'<c:pt idx="{place}"><c:v>{value:.10g}</c:v></c:pt>'
            for place, value in enumerate(values)
            if value is not None
        )
        + f"</c:numLit></c:{side}>"
        for side, values in (("plus", series.ends[1]), ("minus", series.ends[0]))
    )
    line = f'<c:spPr><a:ln w="15875">{fill(palette.WHISKER)}</a:ln></c:spPr>'
    return (
        f'<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>{sides}'
        f"{line}</c:errBars>"
    )


def _one(chart: Native, series: Series, place: int, ink: Ink) -> str:
    """One series over categories."""
    inverse = '<c:invertIfNegative val="0"/>' if series.how == "bar" else ""
    where = "" if chart.stacked else "outEnd"
    labels = _labels(chart, series, ink, where) if series.cells or series.labels else ""
    smooth = '<c:smooth val="0"/>' if series.how == "line" else ""
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{_name(series, place + 1)}{_surface(series)}{inverse}'
        f"{_marker(series)}{_parts(series)}{labels}{_whiskers(series)}{_categories(chart.categories)}"
        f"{_numbers(series.values, place + 1, 'val')}{smooth}</c:ser>"
    )


def _axes(chart: Native, ink: Ink) -> str:
    """Series over categories: areas lie behind bars, bars behind lines."""
    out = ""
    for how in ("area", "bar", "line"):
        for second in (False, True):
            members = [(i, s) for i, s in enumerate(chart.series) if s.how == how and s.second == second]
            if members:
                inside = "".join(_one(chart, series, place, ink) for place, series in members)
                out += _group(chart, how, inside, second, len(members))
    second = any(series.second for series in chart.series)
    out += _category_axis(chart, ink, FIRST, FIRST + 1) + _value_axis(
        chart, chart.axes[0], ink, FIRST + 1, FIRST
    )
    if second and len(chart.axes) > 1:
        out += _category_axis(chart, ink, FIRST + 2, FIRST + 3, hidden=True)
        out += _value_axis(chart, chart.axes[1], ink, FIRST + 3, FIRST + 2, right=True)
    return out


def _group(chart: Native, how: str, inside: str, second: bool, count: int) -> str:
    ids = (FIRST + 2, FIRST + 3) if second else (FIRST, FIRST + 1)
    axes = "".join(f'<c:axId val="{id}"/>' for id in ids)
    stacked = (chart.stacked and how != "line") or (how == "area" and count > 1)
    if how == "bar":
        gap = 45 if chart.stacked else 70 if count == 1 else 55
        overlap = '<c:overlap val="100"/>' if chart.stacked else '<c:overlap val="-8"/>'
        return (
            f'<c:barChart><c:barDir val="{"bar" if chart.lying else "col"}"/>'
            f'<c:grouping val="{"stacked" if chart.stacked else "clustered"}"/><c:varyColors val="0"/>{inside}'
            f'<c:gapWidth val="{gap}"/>{overlap}{axes}</c:barChart>'
        )
    grouping = "stacked" if stacked else "standard"
    marker = '<c:marker val="1"/>' if how == "line" else ""
    return (
        f'<c:{_GROUPS[how]}><c:grouping val="{grouping}"/><c:varyColors val="0"/>{inside}{marker}{axes}'
        f"</c:{_GROUPS[how]}>"
    )


def _rule(colour: str) -> str:
    return f'<c:spPr><a:ln w="9525">{fill(colour)}</a:ln></c:spPr>'


def _category_axis(chart: Native, ink: Ink, id: int, other: int, *, hidden: bool = False) -> str:
    turned = "maxMin" if chart.lying else "minMax"
    every = '<c:tickLblSkip val="1"/>' if chart.lying else ""
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
        f'<c:tickLblPos val="low"/>{_rule(palette.AXIS)}{_text(ink, palette.MUTED, size, turn=level)}<c:crossAx val="{other}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        f'{every}<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(
    chart: Native, axis: Axis, ink: Ink, id: int, other: int, *, right: bool = False, below: bool = False
) -> str:
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
        f'<c:numFmt formatCode="{esc(axis_format(axis))}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{line}{_text(ink, palette.MUTED)}'
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


def _points(chart: Native, ink: Ink) -> str:
    """Series whose points have an x of their own."""
    inside = ""
    for place, series in enumerate(chart.series):
        inside += (
            f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{_name(series, 2 * place + 1)}{_surface(series)}'
            f"{_marker(series)}{_numbers(series.x, 2 * place, 'xVal')}"
            f'{_numbers(series.values, 2 * place + 1, "yVal")}<c:smooth val="0"/></c:ser>'
        )
    assert chart.across is not None
    style = "lineMarker"
    return (
        f'<c:scatterChart><c:scatterStyle val="{style}"/><c:varyColors val="0"/>{inside}'
        f'<c:axId val="{FIRST}"/><c:axId val="{FIRST + 1}"/></c:scatterChart>'
        f"{_value_axis(chart, chart.across, ink, FIRST, FIRST + 1, below=True)}"
        f"{_value_axis(chart, chart.axes[0], ink, FIRST + 1, FIRST)}"
    )


def _doughnut(chart: Native, ink: Ink) -> str:
    """Parts of a whole as a ring."""
    series = chart.series[0]
    points = "".join(
        f'<c:dPt><c:idx val="{place}"/><c:bubble3D val="0"/><c:spPr>'
        f"{fill(palette.SERIES[place % len(palette.SERIES)])}"
        f'<a:ln w="12700">{fill(palette.PAPER)}</a:ln></c:spPr></c:dPt>'
        for place in range(len(chart.categories))
    )
    return (
        f'<c:doughnutChart><c:varyColors val="1"/><c:ser><c:idx val="0"/><c:order val="0"/>{_name(series, 1)}{points}'
        f"{_labels(chart, series, ink, '')}{_categories(chart.categories)}{_numbers(series.values, 1, 'val')}</c:ser>"
        '<c:firstSliceAng val="0"/><c:holeSize val="58"/></c:doughnutChart>'
    )


def _legend(chart: Native, ink: Ink) -> str:
    """Series that are told apart; helpers and second halves of a line are left out."""
    seen: set[str] = set()
    out = ""
    if not chart.doughnut:
        for place, series in enumerate(chart.series):
            if not series.cells or series.name in seen or series.look in ("clear", "only labels"):
                out += f'<c:legendEntry><c:idx val="{place}"/><c:delete val="1"/></c:legendEntry>'
            seen.add(series.name)
    side = "r" if chart.doughnut else "t"
    return (
        f'<c:legend><c:legendPos val="{side}"/>{out}<c:overlay val="0"/>{_text(ink, theme.MUTED)}</c:legend>'
    )


def workbook(chart: Native, ink: Ink) -> bytes:
    """The chart's data as a workbook: one sheet, names in the first row; figures are numbers, texts stay texts."""
    import xlsxwriter

    out = io.BytesIO()
    plain: dict[str, Any] = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, plain)
    book.set_properties({"created": datetime(2000, 1, 1)})
    sheet = book.add_worksheet(SHEET)
    sheet.set_column(0, 2 * len(chart.series), 16)
    for place, series in enumerate(chart.series):
        left = 2 * place if chart.across else 0
        right = 2 * place + 1 if chart.across else place + 1
        if chart.across:
            sheet.write_string(0, left, clean(chart.across.unit))
        sheet.write_string(0, right, clean(series.name))
        for row, value in enumerate(series.values, 1):
            if chart.across and series.x[row - 1] is not None:
                sheet.write_number(row, left, series.x[row - 1])
            if value is not None:
                sheet.write_number(row, right, float(f"{value:.10g}"))
    for row, name in enumerate(chart.categories, 1):
        sheet.write_string(row, 0, clean(name))
    book.close()
    return out.getvalue()
