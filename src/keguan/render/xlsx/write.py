"""The Excel form: a workbook with a sheet per section, its charts, evidence and queries."""

from __future__ import annotations

from keguan.render.charts.pictures import Pictures
from keguan.render.forms import Options, Rendered
from keguan.render.marks import Marked
from keguan.render.xlsx import evidence, queries
from keguan.render.xlsx.book import Book, Place, cell_text
from keguan.render.xlsx.chart_sheet import chart_page
from keguan.render.xlsx.more import more_tables, write_more
from keguan.render.xlsx.read import read
from keguan.render.xlsx.section import title, write_section
from keguan.render.xlsx.standard import standards, write_standard
from keguan.render.xlsx.summary import contents, write_summary
from keguan.report.document import Document
from keguan.report.manifest import normal


def write(document: Document, pictures: Pictures, options: Options) -> Rendered:
    """The whole workbook; it takes no template. ValueError when it would not show what the document says."""
    content = _written(Book(document, pictures))
    _agree(document, read(content, "report.xlsx"))
    return Rendered(content)


def _written(book: Book) -> bytes:
    document, names = book.document, book.names
    first = names.sheet(next((s.title for s in document.sections if s.kind == "summary"), document.title))
    kept = [section for section in document.sections if section.kind not in ("summary", "appendix")]
    sections = [(section, names.sheet(title(section))) for section in kept]
    known = [(table, names.sheet(table.title)) for table in standards(document)]
    extra = more_tables(document)
    last = {
        kind: names.sheet(book.word(kind))
        for kind in ("more_tables", "chart_data", "evidence", "queries")
        if kind != "more_tables" or extra
    }
    after = [*(name for _, name in known), *last.values()]
    for name in (first, *(name for _, name in sections), *after):
        book.sheet(name)
    back = Place(first, 0, 0)
    evidence.plan(book, last["evidence"])
    queries.plan(book, last["queries"])
    book.chart_page = chart_page(book, last["chart_data"], back)
    page = write_summary(book, first)
    for section, name in sections:
        write_section(book, section, name, back)
    for table, name in known:
        write_standard(book, name, table, back)
    if extra:
        write_more(book, last["more_tables"], extra, back)
    evidence.write_evidence(book, last["evidence"], back)
    queries.write_queries(book, last["queries"], back)
    contents(page, sections, after)
    return book.close(document.manifest)


def _agree(document: Document, found: Marked) -> None:
    """Everything marked that the document lists reads as composed, and every sentence and card is there."""
    wrong = [
        name for name, text in document.manifest.get("items", {}).items() if not _shows(found, name, text)
    ]
    if wrong:
        raise ValueError(f"the workbook does not show {len(wrong)} elements as composed, first {wrong[0]}")


def _shows(found: Marked, name: str, text: str) -> bool:
    shown = found.items.get(name)
    if shown is None:
        return not _must(name)
    return shown == text or shown == normal(cell_text(text))


def _must(name: str) -> bool:
    """Samples of tables that stand in the workbook in full are not repeated as evidence."""
    return not (name.startswith("cell:") and name.endswith("@evidence"))
