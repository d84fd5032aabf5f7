"""Tables that no section prints: each in full on one sheet, analysis by analysis."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.render.xlsx.book import Book, Place
from keguan.render.xlsx.page import Page, subtitle
from keguan.render.xlsx.section import FOLD_FROM
from keguan.render.xlsx.tables import below, column_widths, write_table
from keguan.report.document import AnalysisEvidence, Document, TableBlock


def more_tables(document: Document) -> list[tuple[str, TableBlock]]:
    """Tables of the evidence that no section shows, with the title of their analysis."""
    printed = document.printed_tables
    return [
        (block.title, table.sample)
        for block in document.blocks()
        if isinstance(block, AnalysisEvidence)
        for table in block.tables
        if table.sample is not None and table.ref not in printed
    ]


def write_more(book: Book, name: str, tables: Sequence[tuple[str, TableBlock]], back: Place) -> None:
    """Fills the sheet."""
    widths = column_widths([table for _, table in tables], chinese=book.document.language == "zh")
    page = Page(book, name, book.book.get_worksheet_by_name(name), widths)
    page.band(book.word("more_tables"), subtitle(book), back)
    last = ""
    for analysis, table in tables:
        page.skip(14)
        if analysis != last:
            page.heading(analysis, "analysis")
            last = analysis
        number = book.numbers.setdefault(table.ref, len(book.numbers) + 1)
        start = page.row
        page.line(f"{book.word('table_short')} {number}  {table.title}", "caption")
        folded = len(table.rows) > max(FOLD_FROM, table.printed)
        book.places.setdefault(f"table:{table.ref}", write_table(page, table, "evidence", fold=folded))
        below(page, table, folded=folded)
        page.blocks.append((start, page.row))
    page.finish()
