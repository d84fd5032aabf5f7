"""What an editable chart shows: each datum from the chart's cache, held against the workbook inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from keguan.render.charts.draw import drawn
from keguan.render.pptx.bound import Bound
from keguan.render.pptx.package import Parts
from keguan.report.manifest import datum_element, normal

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MOST_POINTS = 100_000
_RANGE = re.compile(r"^'?[^'!]*'?!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$")
_CELL = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")


def chart_items(
    parts: Parts, part: str, figure: str, bound: Bound | None
) -> tuple[list[tuple[str, str]], list[str]]:
    """(datum elements with their texts, other texts). Without names of cells all is other text."""
    root = parts.xml(part)
    book = _book(parts, part)
    items: list[tuple[str, str]] = []
    texts = [text for title in root.iter(f"{C}title") for text in _paragraphs(title)]
    names: dict[str, None] = {}
    listing = sorted(root.iter(f"{C}ser"), key=_order)
    for place, series in enumerate(listing):
        cells = bound.cells[place] if bound and place < len(bound.cells) else ()
        values = _points(series, "val") or _points(series, "yVal")
        across = _points(series, "xVal")
        inside = _inside(series, book)
        names.update(dict.fromkeys(_strings(series)))
        for index in range(max(len(cells), max(values, default=-1) + 1)):
            shown = _said(values, across, index)
            told = inside.get(index)
            if told is not None and told != shown:
                shown = f"{shown} ≠ {told}"
            cell = cells[index] if index < len(cells) else ""
            if cell and figure:
                items.append((datum_element(figure, cell), shown))
            elif (not figure or place >= len(bound.cells if bound else ())) and shown != "-":
                texts.append(shown)
    return items, texts + list(names)


def _order(series: Any) -> int:
    found = series.find(f"{C}order")
    value = "" if found is None else str(found.get("val", ""))
    return int(value) if value.isdigit() and len(value) < 7 else 0


def _said(values: Mapping[int, float], across: Mapping[int, float], index: int) -> str:
    """A datum in normal form: its value, before it the place of a point."""
    value = drawn(values.get(index))
    return f"{drawn(across.get(index))},{value}" if across else value


def _points(series: Any, tag: str) -> dict[int, float]:
    out: dict[int, float] = {}
    for point in series.iterfind(f"{C}{tag}//{C}pt"):
        index, text = str(point.get("idx", "")), str(point.findtext(f"{C}v") or "")
        number = _number(text)
        if index.isdigit() and int(index) < MOST_POINTS and number is not None:
            out[int(index)] = number
    return out


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None


def _strings(series: Any) -> list[str]:
    """The series' name and its categories."""
    out = [str(item.text or "") for item in series.iterfind(f"{C}tx//{C}v")]
    out += [str(point.findtext(f"{C}v") or "") for point in series.iterfind(f"{C}cat//{C}pt")]
    return [text for text in map(normal, out) if text]


def _paragraphs(title: Any) -> list[str]:
    texts = ["".join(str(item.text or "") for item in para.iter(f"{A}t")) for para in title.iter(f"{A}p")]
    return [text for text in map(normal, texts) if text]


def _book(parts: Parts, chart: str) -> dict[str, float] | None:
    """Figures of the workbook's first sheet by cell; None where a program dropped it."""
    book = next((part for kind, part in parts.related(chart).values() if kind == "package"), None)
    if book is None or book not in parts.names:
        return None
    inside = Parts(parts.part(book))
    sheet = next((name for name in sorted(inside.names) if name.startswith("xl/worksheets/sheet")), None)
    if sheet is None:
        return None
    out = {}
    for cell in inside.xml(sheet).iter(f"{S}c"):
        number = _number(str(cell.findtext(f"{S}v") or ""))
        if number is not None and cell.get("t", "n") == "n":
            out[str(cell.get("r"))] = number
    return out


def _inside(series: Any, book: Mapping[str, float] | None) -> dict[int, str]:
    """What the workbook has for each datum of a series; empty where it cannot be told."""
    if book is None:
        return {}
    values = _column(series, ("val", "yVal"), book)
    across = _column(series, ("xVal",), book)
    if values is None:
        return {}
    return {index: _said(values, across or {}, index) for index in range(_length(series))}


def _length(series: Any) -> int:
    for tag in ("val", "yVal"):
        count = series.find(f"{C}{tag}//{C}ptCount")
        value = "" if count is None else str(count.get("val", ""))
        if value.isdigit():
            return min(int(value), MOST_POINTS)
    return 0


def _column(series: Any, tags: tuple[str, ...], book: Mapping[str, float]) -> dict[int, float] | None:
    """The figures that a reference of the series points to."""
    for tag in tags:
        text = series.findtext(f"{C}{tag}/{C}numRef/{C}f")
        match = _RANGE.match(text or "")
        if match:
            column, first = match.group(1), int(match.group(2))
            last = int(match.group(4) or first)
            rows = range(first, min(last, first + MOST_POINTS) + 1)
            return {row - first: book[f"{column}{row}"] for row in rows if f"{column}{row}" in book}
    return None
