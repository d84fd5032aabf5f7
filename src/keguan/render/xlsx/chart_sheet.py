"""The sheet that the charts read: for each chart its names and series, each figure named after its cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keguan.render.charts.plot import Drawing
from keguan.render.xlsx.book import Book, Place
from keguan.render.xlsx.chart_data import ChartData, Series
from keguan.render.xlsx.page import FIRST, Page, subtitle
from keguan.report.document import FigureBlock

HEAD_POINTS = 32.0  # names of series on two lines


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a series stands: first and last row, and its columns. The lengths of intervals downwards and
    upwards stand right of its figures."""

    sheet: str
    first: int
    last: int
    x: int
    y: int

    def area(self, column: int) -> list[Any]:
        """A column as a chart names it."""
        return [self.sheet, self.first, column, self.last, column]

    @property
    def head(self) -> list[Any]:
        """The cell of the series' name."""
        return [self.sheet, self.first - 1, self.y]


def chart_page(book: Book, name: str, back: Place) -> Page:
    """The sheet of the charts' data, still empty."""
    page = Page(book, name, book.book.get_worksheet_by_name(name), [150.0, *([90.0] * 12)])
    page.band(book.word("chart_data"), subtitle(book), back)
    page.skip()
    return page


@dataclass(frozen=True, slots=True)
class ChartSheet:
    """Writes the data of charts one below the other on the sheet that the book keeps for them."""

    book: Book

    def write(self, block: FigureBlock, data: ChartData, drawing: Drawing) -> list[Columns]:
        """One chart's data; where each series stands."""
        book = self.book
        page = book.chart_page
        if page is None:
            raise ValueError("the book has no sheet for the data of charts")
        number = book.pictures.numbers[block.ref]
        unit = f" · {' · '.join(unit for unit in drawing.units if unit)}" if any(drawing.units) else ""
        page.line(f"{book.word('figure')} {number}  {block.title}{unit}", "caption")
        head = page.row
        page.tall(head, HEAD_POINTS)
        size = max([len(data.names), *(len(item.data) for item in data.series)])
        found, column = [], FIRST
        if data.names:
            self._names(page, head, block, data.names)
            column += 1
        for item in data.series:
            found.append(self._series(page, head, column, item, block, size))
            column = found[-1].y + 1 + (2 if item.ends else 0)
        page.row = head + size + 2
        return found

    def _names(self, page: Any, head: int, block: FigureBlock, names: tuple[str, ...]) -> None:
        label = block.table.column(block.figure.x).label
        self.book.text(page.sheet, head, FIRST, label, "head")
        for place, name in enumerate(names, 1):
            self.book.text(page.sheet, head + place, FIRST, name, "cell")

    def _series(
        self, page: Any, head: int, column: int, item: Series, block: FigureBlock, size: int
    ) -> Columns:
        book, y = self.book, column
        if item.x:
            y += 1
            book.text(page.sheet, head, column, block.table.column(block.figure.x).label, "head.number")
            for place, value in enumerate(item.x, 1):
                self._number(page, head + place, column, value)
        name = f"{item.name} · {book.word('unfinished')}" if item.dashed else item.name
        book.text(page.sheet, head, y, name, "head.number")
        for place, datum in enumerate(item.data, 1):
            self._number(page, head + place, y, datum.value)
        if any(datum.element for datum in item.data):
            top, end = Place(page.name, head + 1, y), Place(page.name, head + len(item.data), y)
            elements = [[datum.element if datum.value is not None else None] for datum in item.data]
            book.mark_grid(top, end, "chart", block.ref, elements)
        for side, word in enumerate(("−", "+")) if item.ends else ():
            book.text(page.sheet, head, y + 1 + side, word, "head.number")
            for place, lengths in enumerate(item.lengths, 1):
                self._number(page, head + place, y + 1 + side, lengths[side])
        return Columns(page.name, head + 1, head + max(size, 1), column if item.x else FIRST, y)

    def _number(self, page: Any, row: int, column: int, value: float | None) -> None:
        form = self.book.styles.of("cell.number")
        if value is None:
            page.sheet.write_blank(row, column, None, form)
        else:
            page.sheet.write_number(row, column, value, form)
