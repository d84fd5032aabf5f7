"""The workbook inside an editable chart, and the references of the chart to its cells with what stands in them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keguan.render.pptx.ink import Ink, clean, esc
from keguan.render.pptx.native import Native, Series

SHEET = "Sheet1"


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


def name(series: Series, place: int) -> str:
    """A series\' name."""
    cell = f"{SHEET}!${column(place)}$1"
    return (
        f'<c:tx><c:strRef><c:f>{cell}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{esc(series.name)}'
        "</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    )


def numbers(values: Sequence[float | None], place: int, tag: str) -> str:
    """Figures of a column; gaps stay gaps."""
    points = "".join(
        f'<c:pt idx="{index}"><c:v>{value:.10g}</c:v></c:pt>'
        for index, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:{tag}><c:numRef><c:f>{_range(place, len(values))}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef></c:{tag}>'
    )


def categories(names: Sequence[str]) -> str:
    """The names in the first column."""
    points = "".join(f'<c:pt idx="{i}"><c:v>{esc(name)}</c:v></c:pt>' for i, name in enumerate(names))
    return (
        f"<c:cat><c:strRef><c:f>{_range(0, len(names))}</c:f><c:strCache>"
        f'<c:ptCount val="{len(names)}"/>{points}</c:strCache></c:strRef></c:cat>'
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
