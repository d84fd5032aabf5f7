"""Charts on a sheet: Excel's own where it has the kind, else the picture that the other forms show too."""

from __future__ import annotations

import hashlib
import io
import struct
from typing import Any

from keguan.render.charts.plot import Drawing
from keguan.render.markup import shown
from keguan.render.xlsx.book import Book, Place
from keguan.render.xlsx.chart_data import chart_data
from keguan.render.xlsx.chart_sheet import ChartSheet
from keguan.render.xlsx.native import native
from keguan.render.xlsx.page import Page
from keguan.report.document import FigureBlock
from keguan.report.manifest import picture_element

WIDTH = (
    680  # pixels; pictures are then finer than paper needs, but not so fine that Excel reduces them on saving
)
MOST_HEIGHT = 860
MOST_ROW = 400  # points of one row


def place(page: Page, block: FigureBlock, at: Place, *, offset: int, push: bool = False) -> float:
    """Puts the chart at a cell and returns the pixels that it needs downwards; `push` makes rows for it."""
    book = page.book
    drawing = book.pictures.drawing(block)
    data = chart_data(block, drawing)
    where = {
        "x_offset": 14 if offset else 2,
        "y_offset": offset + 2,
        "object_position": 2,
        "description": shown(block.title),
    }
    if data is None:
        png = book.pictures.png(block)
        book.layout.pictures[picture_element(block.ref)] = hashlib.sha256(png).hexdigest()
        needed = _picture(page.sheet, png, at, where)
    else:
        needed = min(drawing.height, MOST_HEIGHT)
        columns = ChartSheet(book).write(block, data, drawing)
        chart = native(book, data, drawing, columns)
        chart.set_size({"width": WIDTH, "height": needed})
        page.sheet.insert_chart(at.row, at.column, chart, where)
    if push:
        left = needed * 0.75 + 8
        while left > 0:
            page.tall(page.row, min(left, MOST_ROW))
            page.row += 1
            left -= MOST_ROW
    return needed + offset


def leave_room(page: Page, start: int, needed: float) -> None:
    """Goes on below a chart that is higher than what stands beside it."""
    used = sum(page.points(row) for row in range(start, page.row)) / 0.75
    while used < needed + 6:
        used += page.points(page.row) / 0.75
        page.row += 1


def _picture(sheet: Any, png: bytes, at: Place, where: dict[str, Any]) -> float:
    width, height = (float(size) for size in struct.unpack(">II", png[16:24]))
    scale = WIDTH / width
    dots = _dots(png)
    options = {
        **where,
        "image_data": io.BytesIO(png),
        "x_scale": scale * dots / 96,
        "y_scale": scale * dots / 96,
    }
    sheet.insert_image(at.row, at.column, "figure.png", options)
    return height * scale


def _dots(png: bytes) -> float:
    """Dots an inch that the picture claims, by which Excel would size it."""
    at = png.find(b"pHYs", 0, 200)
    if at < 0:
        return 96.0
    per_metre = struct.unpack(">I", png[at + 4 : at + 8])[0]
    return float(per_metre) * 0.0254


def units(book: Book, drawing: Drawing) -> str:
    """The units of a chart's axes in words."""
    known = [unit for unit in drawing.units if unit]
    if not known:
        return ""
    if len(drawing.units) == 2 and len(known) == 2:
        left, right = (book.word(name) for name in ("left_axis", "right_axis"))
        return f"{left}{book.colon}{known[0]} · {right}{book.colon}{known[1]}"
    return f"{book.word('unit')}{book.colon}{known[0]}"


def notes(book: Book, block: FigureBlock, drawing: Drawing) -> list[str]:
    """What must be said under a chart."""
    out = [block.note] if block.note else []
    if drawing.hatched:
        out.append(f"▨ {book.word('unfinished')}")
    if drawing.cut:
        out.append(book.word("partial_chart", analysis=block.table.analysis))
    return out
