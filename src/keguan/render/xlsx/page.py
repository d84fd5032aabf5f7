"""A sheet being filled from top to bottom: a title band, texts across, headings, links, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from keguan.render.xlsx.book import Book, Place, cell_text
from keguan.render.xlsx.measure import height, lines

MARGIN_PX = 12
ACROSS_PX = 980  # texts run over columns that are together so wide
PLAIN_PX = 82
PAPER_PX = 985  # A4 lying, without margins, with some room for other machines' fonts
PAPER_POINTS = 455
ROW_POINTS = 15.0  # of a row whose height is not set
FIRST = 1  # first column used


def subtitle(book: Book) -> str:
    """What the band of every sheet says under its title."""
    document = book.document
    parts = (document.title, document.subtitle, document.as_of.isoformat(), book.id)
    return " · ".join(part for part in parts if part)


@dataclass
class Page:
    """A sheet with columns of known widths (pixels, from the second column on) and the next free row."""

    book: Book
    name: str
    sheet: Any
    widths: list[float]
    row: int = 0
    across: int = field(init=False)  # last column of running texts
    heights: dict[int, float] = field(default_factory=dict)  # points of rows that are not as high as others
    extent: float = 0.0  # pixels to the right end of what stands on the sheet
    blocks: list[tuple[int, int]] = field(default_factory=list)  # rows that stay on one page of paper
    unfolds: int = -1  # the row where a folded group is opened
    texts: list[str] = field(default_factory=list)  # areas where texts may look like numbers

    def __post_init__(self) -> None:
        total, place = 0.0, 0
        while total < ACROSS_PX:
            if place == len(self.widths):
                self.widths.append(PLAIN_PX)
            total += self.widths[place]
            place += 1
        self.across = FIRST + place - 1
        self.sheet.set_column_pixels(0, 0, MARGIN_PX)
        for column, pixels in enumerate(self.widths, FIRST):
            self.sheet.set_column_pixels(column, column, round(pixels))

    def place(self, column: int = FIRST) -> Place:
        """The cell in the next row."""
        return Place(self.name, self.row, column)

    def room(self, first: int, last: int) -> float:
        """Pixels of the columns from `first` to `last`."""
        return sum(self.widths[first - FIRST : last - FIRST + 1])

    def tall(
        self, row: int, points: float, form: Any = None, *, level: int = 0, hidden: bool = False
    ) -> None:
        """Sets the height of a row."""
        self.heights[row] = 0 if hidden else points
        options: dict[str, Any] = {"level": level, "hidden": hidden} if level or hidden else {}
        self.sheet.set_row(row, points, form, options | ({"collapsed": True} if row == self.unfolds else {}))

    def points(self, row: int) -> float:
        """The height of a row."""
        return self.heights.get(row, ROW_POINTS)

    def skip(self, points: float = 8) -> None:
        """A narrow empty row."""
        self.tall(self.row, points)
        self.row += 1

    def band(self, title: str, under: str, back: Place | None) -> None:
        """The dark band at the top, with the way back to the contents."""
        soft = self.book.styles.of("band_soft")
        for row, points in ((0, 34), (1, 18)):
            self.tall(row, points, self.book.styles.of("band"))
        self.book.text(self.sheet, 0, FIRST, title, "band_title")
        self.sheet.write_string(1, FIRST, cell_text(under), soft)
        self.sheet.freeze_panes(2, 0)
        self.sheet.repeat_rows(0, 1)
        self.row = 2
        if back is not None:
            self.book.link(self.sheet, 2, FIRST, back, f"← {self.book.word('contents')}", "sublink")
            self.row = 3

    def text(self, text: str, look: str, *, first: int = FIRST, last: int | None = None) -> Place:
        """A text across the sheet, as high as it needs; returns its cell."""
        end = self.across if last is None else last
        at = Place(self.name, self.row, first)
        shown = cell_text(text)
        form = self.book.styles.of(look)
        if end > first:
            self.sheet.merge_range(self.row, first, self.row, end, "", form)
        self.sheet.write_string(self.row, first, shown, form)
        size = self.book.styles.size(look)
        self.tall(self.row, height(lines(shown, size, self.room(first, end)), size))
        self.row += 1
        return at

    def heading(self, text: str, look: str, evidence: Place | None = None) -> Place:
        """A heading over the width of the texts, with a link to its evidence at the end."""
        at = self.place()
        form = self.book.styles.of(look)
        for column in range(FIRST, self.across + 1):
            self.sheet.write_blank(self.row, column, None, form)
        self.book.text(self.sheet, self.row, FIRST, text, look)
        if evidence is not None:
            self.book.link(self.sheet, self.row, self.across, evidence, self.book.word("evidence"), "id")
        self.tall(self.row, self.book.styles.size(look) * 2)
        self.row += 1
        return at

    def facts(self, items: Sequence[tuple[str, str]], label_columns: int = 1) -> None:
        """Labels and facts, one a row."""
        for label, fact in items:
            self.book.text(self.sheet, self.row, FIRST, label, "fact")
            self.text(fact, "fact.value", first=FIRST + label_columns)

    def line(self, text: str, look: str) -> None:
        """A line that runs over empty cells."""
        self.book.text(self.sheet, self.row, FIRST, text, look)
        self.tall(self.row, self.book.styles.size(look) * 1.7)
        self.row += 1

    def finish(self) -> None:
        """Sets how the sheet is printed: blocks kept together by programs that keep such breaks beside a fitted width.

        The width itself is fitted by the program that prints: where its fonts are wider than thought, a scale set
        here would cut columns off onto pages of their own.
        """
        width = max(
            self.extent,
            self.room(FIRST, self.across),
            *(self.room(FIRST, FIRST + n) for n in range(len(self.widths))),
        )
        scale = max(10, min(100, int(100 * PAPER_PX / (width + MARGIN_PX))))
        self.sheet.set_h_pagebreaks(self._breaks(PAPER_POINTS * 100 / scale))
        if self.texts:
            self.sheet.ignore_errors({"number_stored_as_text": " ".join(self.texts)})

    def _breaks(self, room: float) -> list[int]:
        """Rows before which a page of paper ends, so that blocks are whole where one page can hold them."""
        out, first, used = [], 2, 0.0
        room -= self.points(0) + self.points(1)
        row = 2
        for start, end in self.blocks:
            used = self._flow(row, start, used, room)
            needed = sum(self.points(line) for line in range(start, end))
            if used > 0 and used + needed > room and (needed <= room or used > room / 2):
                out.append(start)
                used = 0.0
            used = self._flow(start, end, used, room)
            row = end
        return [line for line in out if line > first][:1000]

    def _flow(self, start: int, end: int, used: float, room: float) -> float:
        """What is used of a page after these rows, where paper ends by itself."""
        for line in range(start, end):
            used += self.points(line)
            if used > room:
                used = self.points(line)
        return used
