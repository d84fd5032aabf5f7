"""The sheet of queries: how every table came about, and the SQL of the views that queries name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keguan.render.xlsx.book import MOST_LETTERS, Book, Place, cell_text
from keguan.render.xlsx.measure import height, lines
from keguan.render.xlsx.names import clipped
from keguan.render.xlsx.page import FIRST, Page, subtitle
from keguan.render.xlsx.section import Words
from keguan.render.xlsx.tables import SIZE
from keguan.report.document import AnalysisEvidence, Document, Facts, NoteBlock, TableEvidence, ViewEvidence

WIDTHS = (170.0, 150.0, 50.0, 420.0, 150.0, 190.0, 130.0, 220.0, 150.0, 130.0, 130.0)
HEADS = ("table", "title_word", "rows", "query", "method", "parameters", "versions", "lineage", "inputs", "views",
         "where_here")  # fmt: skip
HEAD_ROW = 4
MOST_LINES = 9  # of a query that a row shows; the cell holds it whole


def _tables(document: Document) -> Iterator[TableEvidence]:
    for block in document.blocks():
        if isinstance(block, AnalysisEvidence):
            yield from block.tables


def plan(book: Book, name: str) -> None:
    """Says where each table's query will stand."""
    row = HEAD_ROW + 1
    for table in _tables(book.document):
        book.places[f"query:{table.ref}"] = Place(name, row, FIRST)
        row += max(1, len(_pieces(table.sql or "")))


def _pieces(text: str) -> list[str]:
    """A text in parts that a cell can hold."""
    out = []
    rest = text.strip()
    while rest:
        piece = clipped(rest, MOST_LETTERS - 1_000)
        out.append(piece)
        rest = rest[len(piece) :]
    return out


def write_queries(book: Book, name: str, back: Place) -> None:
    """Fills the sheet: tables, then views, then what each analysis asked, its parameters and definitions."""
    page = Page(book, name, book.book.get_worksheet_by_name(name), list(WIDTHS))
    page.band(book.word("queries"), subtitle(book), back)
    page.skip()
    for column, head in enumerate(HEADS):
        book.text(page.sheet, page.row, FIRST + column, book.word(head), "head")
    page.sheet.freeze_panes(page.row + 1, 0)
    page.sheet.repeat_rows(page.row)
    page.row += 1
    for table in _tables(book.document):
        _table(page, table)
    for block in book.document.blocks():
        if isinstance(block, ViewEvidence):
            _views(page, block)
    for section in book.document.sections:
        if section.kind == "appendix":
            for block in section.blocks:
                if isinstance(block, Facts | NoteBlock):
                    page.skip()
                    Words(page).write(block)
    for block in book.document.blocks():
        if isinstance(block, AnalysisEvidence):
            _analysis(page, block)
    page.finish()


def _table(page: Page, table: TableEvidence) -> None:
    book, top = page.book, page.row
    pieces = _pieces(table.sql or "")
    told = {
        0: table.ref,
        1: table.title,
        4: table.method or "",
        5: "\n".join(f"{name} = {value}" for name, value in table.params.items()),
        6: "\n".join(f"{name}{book.colon}{text}" for name, text in table.versions.items()),
        7: "\n".join(table.lineage),
        8: "\n".join(table.inputs),
        9: "\n".join(table.views),
    }
    for column, text in told.items():
        book.text(page.sheet, top, FIRST + column, text, "cell.top")
    book.figure(page.sheet, top, FIRST + 2, table.n, f"{table.n:,}", "cell.number")
    here = book.places.get(f"table:{table.ref}")
    if here is not None:
        book.link(page.sheet, top, FIRST + 10, here, here.reference, "cell.top")
    for place, piece in enumerate(pieces or [""]):
        book.text(page.sheet, top + place, FIRST + 3, piece, "code")
    needed = [lines(cell_text(text), SIZE, WIDTHS[column]) for column, text in told.items()]
    needed.append(lines(pieces[0], SIZE, WIDTHS[3]) if pieces else 1)
    page.tall(top, height(min(max(needed), MOST_LINES), SIZE))
    page.row = top + max(1, len(pieces))


def _views(page: Page, block: ViewEvidence) -> None:
    page.skip(12)
    page.heading(block.title, "analysis")
    for id, sql in block.items:
        pieces = _pieces(sql) or [""]
        page.book.text(page.sheet, page.row, FIRST, id, "cell.top")
        for piece in pieces:
            page.book.text(page.sheet, page.row, FIRST + 3, piece, "code")
            page.tall(page.row, height(min(lines(piece, SIZE, WIDTHS[3]), MOST_LINES), SIZE))
            page.row += 1


def _analysis(page: Page, block: AnalysisEvidence) -> None:
    book, word = page.book, page.book.word
    page.skip(12)
    page.heading(block.title, "analysis")
    facts: Sequence[tuple[str, str]] = [(word("question"), block.question)]
    if block.code:
        facts = [*facts, (word("code"), block.code)]
    page.facts([*facts, *block.params])
    for note in block.notes:
        page.text(f"· {note}", "below")
    book.places.setdefault(f"analysis:{block.analysis}", Place(page.name, page.row, FIRST))
