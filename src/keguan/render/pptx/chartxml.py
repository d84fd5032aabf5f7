"""The XML of an editable chart.

Every axis has a positive id, every text its fonts for both scripts; figures stand in the workbook and, the same,
in the chart's own cache.
"""

from __future__ import annotations

from keguan.render import theme
from keguan.render.charts import palette
from keguan.render.pptx.chartaxes import FIRST, SIZE, category_axis, chart_text, value_axis
from keguan.render.pptx.chartbook import categories, name, numbers
from keguan.render.pptx.ink import LANG, Ink, esc, fill, rgb
from keguan.render.pptx.native import Native, Series

SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
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
        f'</c:spPr>{chart_text(ink, palette.MUTED)}<c:externalData r:id="{book}"><c:autoUpdate val="0"/></c:externalData>'
        "</c:chartSpace>"
    )
    return text.encode("utf-8")


def number_format(chart: Native) -> str:
    """How labels print a figure: as sentences do, with the unit that is short enough."""
    places = f".{'0' * chart.decimals}" if chart.decimals else ""
    unit = chart.axes[0].unit
    mark = unit[:1] if unit[:1] in ("万", "亿", "%") else ""
    return f'#,##0{places}"{mark}"' if mark else f"#,##0{places}"


def _labels(chart: Native, series: Series, ink: Ink, where: str) -> str:
    """Figures at the bars; those of a waterfall are given in words, since they stand on another line."""
    if series.labels:
        longest = max(map(len, series.labels.values()))
        small = SIZE if longest <= 7 else 10.0 if longest <= 9 else 8.0
        points = "".join(
            f'<c:dLbl><c:idx val="{place}"/>{_literal(text)}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
            f'{chart_text(ink, palette.INK, small)}<c:dLblPos val="t"/>{_flags(True)}</c:dLbl>'
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
        f"{chart_text(ink, palette.INK, size)}{position}{_flags(True)}</c:dLbls>"
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
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{name(series, place + 1)}{_surface(series)}{inverse}'
        f"{_marker(series)}{_parts(series)}{labels}{_whiskers(series)}{categories(chart.categories)}"
        f"{numbers(series.values, place + 1, 'val')}{smooth}</c:ser>"
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
    out += category_axis(chart, ink, FIRST, FIRST + 1) + value_axis(
        chart, chart.axes[0], ink, FIRST + 1, FIRST
    )
    if second and len(chart.axes) > 1:
        out += category_axis(chart, ink, FIRST + 2, FIRST + 3, hidden=True)
        out += value_axis(chart, chart.axes[1], ink, FIRST + 3, FIRST + 2, right=True)
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


def _points(chart: Native, ink: Ink) -> str:
    """Series whose points have an x of their own."""
    inside = ""
    for place, series in enumerate(chart.series):
        inside += (
            f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{name(series, 2 * place + 1)}{_surface(series)}'
            f"{_marker(series)}{numbers(series.x, 2 * place, 'xVal')}"
            f'{numbers(series.values, 2 * place + 1, "yVal")}<c:smooth val="0"/></c:ser>'
        )
    assert chart.across is not None
    style = "lineMarker"
    return (
        f'<c:scatterChart><c:scatterStyle val="{style}"/><c:varyColors val="0"/>{inside}'
        f'<c:axId val="{FIRST}"/><c:axId val="{FIRST + 1}"/></c:scatterChart>'
        f"{value_axis(chart, chart.across, ink, FIRST, FIRST + 1, below=True)}"
        f"{value_axis(chart, chart.axes[0], ink, FIRST + 1, FIRST)}"
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
        f'<c:doughnutChart><c:varyColors val="1"/><c:ser><c:idx val="0"/><c:order val="0"/>{name(series, 1)}{points}'
        f"{_labels(chart, series, ink, '')}{categories(chart.categories)}{numbers(series.values, 1, 'val')}</c:ser>"
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
    return f'<c:legend><c:legendPos val="{side}"/>{out}<c:overlay val="0"/>{chart_text(ink, theme.MUTED)}</c:legend>'
