"""The workbook that is being written: sheets, names, the layout of marks, and where each element stands."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from keguan.core.text import Scalar
from keguan.render.charts.pictures import Pictures
from keguan.render.markup import shown
from keguan.render.xlsx import layout
from keguan.render.xlsx.layout import Layout
from keguan.render.xlsx.names import Names, clipped
from keguan.render.xlsx.numbers import typed
from keguan.render.xlsx.styles import Styles
from keguan.report.document import Document

if TYPE_CHECKING:
    from keguan.render.xlsx.page import Page

MOST_LETTERS = 32_767  # of one cell
MISSING = "–"
_A4 = 9
_BLANKS = re.compile(r"\s+")


def cell_text(text: str) -> str:
    """A text as a cell can hold it."""
    return clipped(shown(text), MOST_LETTERS)


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: sheet by name, row and column from 0."""

    sheet: str
    row: int
    column: int

    @property
    def link(self) -> str:
        """How a link inside the workbook names it."""
        return f"internal:{self.reference}"

    @property
    def reference(self) -> str:
        """As a formula names it."""
        from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

        return f"{quote_sheetname(self.sheet)}!{xl_rowcol_to_cell(self.row, self.column)}"


@dataclass
class Book:
    """A workbook in memory. `places`: where elements stand, known by the sheets' plan before they are written."""

    document: Document
    pictures: Pictures
    names: Names = field(default_factory=Names)
    layout: Layout = field(default_factory=Layout)
    places: dict[str, Place] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # of tables without a chart, by ref
    chart_page: Page | None = None  # the sheet of the charts' data

    def __post_init__(self) -> None:
        import xlsxwriter

        self._file = io.BytesIO()
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        }  # fmt: skip
        self.book: Any = xlsxwriter.Workbook(self._file, options)
        self.styles = Styles(self.book, self.document.language)
        self._properties()

    @property
    def id(self) -> str:
        """The id of the document."""
        return str(self.document.manifest.get("document_id", ""))

    @property
    def colon(self) -> str:
        """What stands between a label and its fact."""
        return "：" if self.document.language == "zh" else ": "

    def word(self, name: str, **values: object) -> str:
        """A fixed word of the document."""
        text = self.document.words[name]
        return text.format(**values) if values else text

    def _properties(self) -> None:
        document = self.document
        self.book.set_properties(
            {
                "title": shown(document.title),
                "subject": f"{shown(document.subtitle)} {document.as_of.isoformat()}".strip(),
                "author": "Keguan 客观",
                "keywords": self.id,
                "comments": document.generated,
                "created": _moment(document),
            }
        )
        self.book.set_custom_property("keguan-document", self.id)
        self.book.set_size(2400, 1400)

    def sheet(self, name: str, *, portrait: bool = False) -> Any:
        """A new sheet of that name, set up for print; its name must come from `names`."""
        made = self.book.add_worksheet(name)
        made.hide_gridlines(2)
        made.set_paper(_A4)
        if not portrait:
            made.set_landscape()
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        # An ampersand begins a code in a footer, so the title's is doubled; a digit behind the size would be part of it.
        title = clipped(shown(self.document.title), 80).replace("&", "&&")
        made.set_footer(f"&L&8 {title} · {self.document.as_of.isoformat()}&C&8 {self.id}&R&8&P / &N")
        return made

    def mark(self, place: Place, kind: str, element: str) -> None:
        """Names one cell after the element that it shows."""
        name = self.names.range(kind, element)
        self.layout.cells[name] = element
        self._define(name, place, place)

    def mark_claim(self, place: Place, element: str, parts: Sequence[tuple[str, str | None]]) -> None:
        """Names the cell of a sentence; its pieces tell where its figures stand."""
        id, _, where = element.removeprefix("claim:").rpartition("@")
        name = self.names.range("claim", f"{id}_{where}")
        self.layout.claims[name] = [
            element,
            [[len(_kept(text)) if value else _kept(text), value] for text, value in parts],
        ]
        self._define(name, place, place)

    def mark_table(
        self, first: Place, last: Place, ref: str, place: str, columns: list[str], keys: list[str]
    ) -> None:
        """Names the body of a table; its cells are known by their place in it."""
        name = self.names.range("table", ref if place == "body" else f"{ref}_{place}")
        self.layout.tables[name] = {"ref": ref, "place": place, "columns": columns, "keys": keys}
        self._define(name, first, last)

    def mark_grid(
        self, first: Place, last: Place, kind: str, what: str, elements: list[list[str | None]]
    ) -> None:
        """Names a range whose cells are elements of their own."""
        name = self.names.range(kind, what)
        self.layout.grids[name] = elements
        self._define(name, first, last)

    def _define(self, name: str, first: Place, last: Place) -> None:
        from xlsxwriter.utility import quote_sheetname, xl_range_abs

        area = xl_range_abs(first.row, first.column, last.row, last.column)
        self.book.define_name(name, f"={quote_sheetname(first.sheet)}!{area}")

    def text(self, sheet: Any, row: int, column: int, text: str, look: str) -> None:
        """One cell of words."""
        sheet.write_string(row, column, cell_text(text), self.styles.of(look))

    def link(self, sheet: Any, row: int, column: int, to: Place, text: str, look: str) -> None:
        """One cell of words that leads to another."""
        sheet.write_url(row, column, to.link, self.styles.of(look), cell_text(text))

    def figure(self, sheet: Any, row: int, column: int, value: Scalar, printed: str, look: str) -> str | None:
        """One cell of a table, as a number where a number format shows what is printed; returns that format."""
        found = typed(value, printed)
        if found is None:
            self.text(sheet, row, column, printed, look)
            return None
        form = self.styles.of(look, found.format, negative=printed.startswith("-"))
        sheet.write_number(row, column, found.value, form)
        return found.format

    def close(self, manifest: Mapping[str, Any]) -> bytes:
        """The whole file, with the hidden sheet of layout and manifest."""
        hidden = self.book.add_worksheet(layout.SHEET)
        for column, chunks in enumerate(layout.columns(self.layout, manifest)):
            hidden.write_string(0, column, layout.MARK)
            for row, chunk in enumerate(chunks, 1):
                hidden.write_string(row, column, chunk)
        hidden.very_hidden()
        self.book.close()
        for sheet in self.book.worksheets():
            vars(sheet).clear()  # it holds itself: its cells would stay until garbage is collected
        return self._file.getvalue()


def _moment(document: Document) -> datetime:
    try:
        found = datetime.fromisoformat(str(document.manifest.get("generated", "")))
    except ValueError:
        day = document.as_of
        return datetime(day.year, day.month, day.day)
    return found.replace(tzinfo=None, microsecond=0)


def _kept(text: str) -> str:
    """A piece of a sentence as it stands inside the sentence's normal form."""
    return _BLANKS.sub(" ", shown(text))
