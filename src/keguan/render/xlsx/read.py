"""What a workbook shows now: the text of every named element, and the texts of all other cells.

Nothing in the file is run or computed but plain sums; formulas that were put in are told as formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from keguan.render.forms import no_report
from keguan.render.marks import Marked
from keguan.render.xlsx import layout
from keguan.render.xlsx.archive import Archive
from keguan.render.xlsx.layout import Layout
from keguan.render.xlsx.workbook import Area, At, Workbook, open_workbook
from keguan.report.manifest import cell_element, normal, value_element

MOST_BYTES = 64 << 20
MOST_AREA = 1_000_000  # cells of one name
_CLAIM = re.compile(r"claim_([0-9a-f]+)_(body|summary|evidence)")


def read(content: bytes, name: str) -> Marked:
    """The marks of a workbook. InputError when it is no report or cannot be read safely."""
    if len(content) > MOST_BYTES:
        raise no_report(name, f"> {MOST_BYTES >> 20} MB")
    try:
        book = open_workbook(Archive(content, name))
        found, manifest = _layout(book)
    except (ValueError, KeyError, OverflowError, RecursionError) as error:
        raise no_report(name, str(error)) from None
    if not manifest and not book.document:
        raise no_report(name, "manifest: –")
    try:
        marks = _Marks(book, found)
        marks.read()
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise no_report(name, f"layout: {error}") from None
    document = str(manifest.get("document_id", "")) or book.document
    return Marked(marks.items, manifest, document, None, marks.loose())


def _layout(book: Workbook) -> tuple[Layout, dict[str, Any]]:
    """Layout and manifest of the hidden sheet, which is known by what its first cell says."""
    for sheet in book.sheets:
        if book.texts.get((sheet, 0, 0)) == layout.MARK:
            rows = {at: text for at, text in book.texts.items() if at[0] == sheet}
            for at in rows:
                del book.texts[at]
            columns = [
                [rows[at] for at in sorted(rows) if at[1] > 0 and at[2] == column] for column in (0, 1)
            ]
            return layout.from_columns(*columns)
    return Layout(), {}


@dataclass
class _Marks:
    """Gathers the items, and remembers which cells they stand in."""

    book: Workbook
    layout: Layout
    items: dict[str, str] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    taken: set[At] = field(default_factory=set)

    def read(self) -> None:
        names = self.book.names
        for name, area in names.items():
            if name in self.layout.claims:
                element, parts = self.layout.claims[name]
                self._claim(area, str(element), parts)
            elif name in self.layout.cells:
                self._put(str(self.layout.cells[name]), self._text(area))
            elif name in self.layout.tables:
                self._table(area, self.layout.tables[name])
            elif name in self.layout.grids:
                self._grid(area, self.layout.grids[name])
            elif match := _CLAIM.fullmatch(name):
                self._put(f"claim:{match[1]}@{match[2]}", self._text(area))
        for element, known in self.layout.pictures.items():
            self._put(element, known if known in self.book.pictures else "")

    def loose(self) -> tuple[str, ...]:
        """Texts of cells without a mark, sheet by sheet, then of what floats over the sheets."""
        order = {sheet: place for place, sheet in enumerate(self.book.sheets)}
        rest = sorted(
            (order[at[0]], at[1], at[2], text) for at, text in self.book.texts.items() if at not in self.taken
        )
        texts = [normal(item[3]) for item in rest] + [normal(text) for text in self.book.floating]
        return tuple(text for text in texts if text)

    def _text(self, area: Area) -> str:
        at = (area.sheet, area.top, area.left)
        self.taken.add(at)
        return normal(self.book.texts.get(at, ""))

    def _claim(self, area: Area, element: str, parts: list[list[Any]]) -> None:
        """A sentence, and its figures where the written one has them: a sentence that was edited is told whole."""
        text = self._text(area)
        self._put(element, text)
        id, _, place = element.removeprefix("claim:").partition("@")
        at, whole = 0, True
        for words, value in parts:
            if value is None:
                fixed = str(words) if at else str(words).lstrip()
                whole = whole and text[at:].startswith(
                    fixed.rstrip() if at + len(fixed) > len(text) else fixed
                )
                at += len(fixed)
            else:
                figure = text[at : at + int(words)]
                at += int(words)
                self._put(value_element(id, place, str(value)), normal(figure) if whole else "")

    def _table(self, area: Area, known: dict[str, Any]) -> None:
        columns, keys = list(known["columns"]), list(known["keys"])
        for row, column, at in _cells(area):
            key = keys[row] if row < len(keys) else f"?{row + 1}"
            name = columns[column] if column < len(columns) else f"?{column + 1}"
            self._cell(at, cell_element(str(known["ref"]), str(key), str(name), str(known["place"])))

    def _grid(self, area: Area, elements: list[list[str | None]]) -> None:
        for row, column, at in _cells(area):
            element = elements[row][column] if row < len(elements) and column < len(elements[row]) else None
            if element is not None:
                self._cell(at, str(element))

    def _cell(self, at: At, element: str) -> None:
        self.taken.add(at)
        self._put(element, normal(self.book.texts.get(at, "")))

    def _put(self, element: str, text: str) -> None:
        """A second element of one id is kept apart, so that a copy cannot hide the first."""
        copy = self.copies[element] = self.copies.get(element, 0) + 1
        self.items[element if copy == 1 else f"{element}+" if copy == 2 else f"{element}+{copy}"] = text


def _cells(area: Area) -> Iterator[tuple[int, int, At]]:
    rows, columns = area.bottom - area.top + 1, area.right - area.left + 1
    if rows < 1 or columns < 1 or rows * columns > MOST_AREA:
        raise ValueError(f"{area.sheet}: {rows} x {columns}")
    for row in range(rows):
        for column in range(columns):
            yield row, column, (area.sheet, area.top + row, area.left + column)
