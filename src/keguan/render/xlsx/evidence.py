"""The sheet of evidence: every sentence with its size, base and test, and the cells under its figures."""

from __future__ import annotations

from collections.abc import Iterator

from keguan.render.xlsx.book import Book, Place, cell_text
from keguan.render.xlsx.measure import height, lines
from keguan.render.xlsx.page import FIRST, Page, subtitle
from keguan.render.xlsx.tables import SIZE
from keguan.report.document import AnalysisEvidence, ClaimEvidence, Document
from keguan.report.manifest import claim_element, value_element

WIDTHS = (86.0, 110.0, 400.0, 60.0, 66.0, 150.0, 190.0, 110.0, 120.0, 250.0, 140.0)
HEADS = ("evidence", "analysis_word", "claim_word", "kind", "n", "base", "test", "value_name", "value_shown",
         "reference", "where_here")  # fmt: skip
HEAD_ROW = 4
SAYS, N, VALUE, SHOWN, REFERENCE, HERE = 2, 4, 7, 8, 9, 10


def _claims(document: Document) -> Iterator[tuple[AnalysisEvidence, ClaimEvidence]]:
    for block in document.blocks():
        if isinstance(block, AnalysisEvidence):
            for item in block.claims:
                yield block, item


def plan(book: Book, name: str) -> None:
    """Says where each sentence and analysis will stand, so that other sheets can link there."""
    row = HEAD_ROW + 1
    for block, item in _claims(book.document):
        book.places[f"claim:{item.claim.id}"] = Place(name, row, FIRST)
        book.places.setdefault(f"analysis:{block.analysis}", Place(name, row, FIRST))
        row += max(1, len(item.values))


def write_evidence(book: Book, name: str, back: Place) -> None:
    """Fills the sheet, after all tables have their places."""
    page = Page(book, name, book.book.get_worksheet_by_name(name), list(WIDTHS))
    page.band(book.word("evidence"), subtitle(book), back)
    page.skip()
    for column, head in enumerate(HEADS):
        book.text(page.sheet, page.row, FIRST + column, book.word(head), "head")
    page.tall(page.row, height(1, SIZE))
    page.sheet.freeze_panes(page.row + 1, 0)
    page.sheet.repeat_rows(page.row)
    page.row += 1
    for block, item in _claims(book.document):
        _claim(page, block, item)
    page.finish()


def _claim(page: Page, block: AnalysisEvidence, item: ClaimEvidence) -> None:
    book, claim, top = page.book, item.claim, page.row
    told = {SAYS: claim.text, 3: claim.strength_label, 5: claim.base, 6: claim.test}
    rows = max(1, len(item.values))
    for column in range(VALUE) if rows > 1 else ():
        look = "cell.number" if column == N else "cell.top"
        page.sheet.merge_range(top, FIRST + column, top + rows - 1, FIRST + column, "", book.styles.of(look))
    for column, text in {0: claim.id, 1: block.title, **told}.items():
        book.text(page.sheet, top, FIRST + column, text, "cell.top")
    printed = "–" if claim.n is None else f"{claim.n:,}"
    book.figure(page.sheet, top, FIRST + N, claim.n, printed, "cell.number")
    at = Place(page.name, top, FIRST + SAYS)
    book.mark_claim(at, claim_element(claim), [(part.text, part.value) for part in claim.parts])
    needed = max(lines(cell_text(text), SIZE, WIDTHS[column]) for column, text in told.items())
    for place, value in enumerate(item.values):
        row = top + place
        book.text(page.sheet, row, FIRST + VALUE, value.name, "cell.top")
        book.text(page.sheet, row, FIRST + SHOWN, value.shown, "cell.number")
        book.text(page.sheet, row, FIRST + REFERENCE, value.reference, "cell.top")
        found = next(
            (book.places[key] for ref in value.tables if (key := f"table:{ref}") in book.places), None
        )
        if found is not None:
            book.link(page.sheet, row, FIRST + HERE, found, found.reference, "cell.top")
    if item.values:
        elements: list[list[str | None]] = [
            [value_element(claim.id, "cells", value.name)] for value in item.values
        ]
        first, last = Place(page.name, top, FIRST + SHOWN), Place(page.name, top + rows - 1, FIRST + SHOWN)
        book.mark_grid(first, last, "values", claim.id, elements)
    for row in range(top, top + rows):
        own = lines(item.values[row - top].reference, SIZE, WIDTHS[REFERENCE]) if item.values else 1
        page.tall(row, max(height(own, SIZE), height(needed, SIZE) / rows))
    page.row = top + rows
