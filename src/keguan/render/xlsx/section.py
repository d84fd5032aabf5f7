"""One section as a sheet: its sentences and notes at the top, then each chart with its table in full."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from keguan.render.xlsx import charts
from keguan.render.xlsx.book import Book, Place
from keguan.render.xlsx.page import FIRST, Page, subtitle
from keguan.render.xlsx.tables import below, column_widths, write_table
from keguan.report.document import (
    AnalysisEvidence,
    Block,
    Card,
    ClaimBlock,
    Comment,
    Facts,
    FigureBlock,
    Heading,
    KpiCards,
    Missing,
    NoteBlock,
    Paragraph,
    Section,
    TableBlock,
    ViewEvidence,
)
from keguan.report.manifest import claim_element

FOLD_FROM = 24  # shorter tables are shown whole
ARROWS = {"up": "▲", "down": "▼", "flat": "■"}
CHART_BESIDE = 820  # pixels: a chart stands beside a table up to this wide, above a wider one


def table_of(block: Block) -> TableBlock | None:
    """The table that a block prints."""
    if isinstance(block, TableBlock):
        return block
    return block.table if isinstance(block, FigureBlock) and block.table_here else None


def title(section: Section) -> str:
    """The section's number and title."""
    return f"{section.number} {section.title}".strip()


def write_section(book: Book, section: Section, name: str, back: Place) -> None:
    """Fills the sheet of one section."""
    tables = [table for table in map(table_of, section.blocks) if table is not None]
    widths = column_widths(tables, chinese=book.document.language == "zh")
    page = Page(book, name, book.book.get_worksheet_by_name(name), widths)
    page.band(title(section), subtitle(book), back)
    page.skip()
    if section.lead:
        page.text(section.lead, "lead")
        page.skip()
    words = Words(page)
    for block in section.blocks:
        words.write(block)
    drawn = Tables(page, fold=len(tables) > 1)
    for block in section.blocks:
        drawn.write(block)
    page.finish()


@dataclass
class Words:
    """The upper part of a sheet: everything but tables and charts."""

    page: Page

    @functools.singledispatchmethod
    def write(self, block: Block) -> None:
        """One block."""
        raise TypeError(f"no cells for {type(block).__name__}")

    @write.register
    def _(self, block: Heading) -> None:
        page = self.page
        page.skip()
        evidence = page.book.places.get(f"analysis:{block.id}")
        page.book.places.setdefault(f"heading:{block.id}", page.place())
        page.heading(block.text, "analysis", evidence)
        if block.lead:
            page.text(block.lead, "question")

    @write.register
    def _(self, block: Paragraph) -> None:
        self.page.text(block.text, "text")

    @write.register
    def _(self, block: ClaimBlock) -> None:
        write_claim(self.page, block)

    @write.register
    def _(self, block: NoteBlock) -> None:
        label = f"{self.page.book.word(block.kind)}{self.page.book.colon}"
        self.page.text(label + block.text, "note.warning" if block.kind == "warning" else "note")

    @write.register
    def _(self, block: KpiCards) -> None:
        for card in block.cards:
            write_card_line(self.page, card)

    @write.register
    def _(self, block: Facts) -> None:
        self.page.heading(block.title, "analysis")
        self.page.facts(block.items)

    @write.register
    def _(self, block: Comment) -> None:
        word, page = self.page.book.word, self.page
        on = f" · {block.on.isoformat()}" if block.on else ""
        head = f"{word('comment')} · {block.author}{on} · {word('comment_note')}"
        page.text(f"{head}\n{block.text}", "note.comment")

    @write.register
    def _(self, block: Missing) -> None:
        page, word = self.page, self.page.book.word
        page.skip()
        page.heading(block.title, "analysis")
        page.facts(((word("missing_answers"), block.answers), (word("missing_data"), block.data)))

    @write.register(TableBlock)
    @write.register(FigureBlock)
    @write.register(AnalysisEvidence)
    @write.register(ViewEvidence)
    def _(self, block: Block) -> None:
        """Tables and charts follow below, evidence has sheets of its own."""


def write_claim(page: Page, block: ClaimBlock) -> None:
    """A sentence across the sheet, after it its kind and the id that leads to its evidence."""
    book = page.book
    look = f"claim.{block.strength}" if block.strength in ("tested", "recommendation") else "claim"
    book.text(page.sheet, page.row, page.across - 1, block.strength_label, "kind")
    evidence = book.places.get(f"claim:{block.id}")
    if evidence is not None:
        book.link(page.sheet, page.row, page.across, evidence, block.id, "id")
    else:
        book.text(page.sheet, page.row, page.across, block.id, "id")
    at = page.text(block.text, look, last=page.across - 2)
    book.mark_claim(at, claim_element(block), [(part.text, part.value) for part in block.parts])
    if block.so_what:
        colon = "：" if book.document.language == "zh" else ": "
        page.text(f"{book.word('so_what')}{colon}{block.so_what}", "note")


def write_card_line(page: Page, card: Card) -> None:
    """A headline figure inside a section: label, figure, unit, change."""
    book, row = page.book, page.row
    book.text(page.sheet, row, FIRST, card.label, "fact")
    book.text(page.sheet, row, FIRST + 1, card.shown, "caption")
    book.mark(Place(page.name, row, FIRST + 1), "card", f"cell:{card.cell}@card")
    book.text(page.sheet, row, FIRST + 2, card.unit, "unit")
    if card.change_cell:
        book.text(page.sheet, row, FIRST + 3, card.change_shown, "fact.value")
        book.mark(Place(page.name, row, FIRST + 3), "change", f"cell:{card.change_cell}@change")
        book.text(page.sheet, row, FIRST + 4, f"{ARROWS[card.direction]} {card.change_label}", "fact")
    page.row += 1


@dataclass
class Tables:
    """The lower part of a sheet: charts and tables, each under its caption."""

    page: Page
    fold: bool
    charted: bool = False  # the chart of this table stands above it

    def write(self, block: Block) -> None:
        """A chart, a table or a chart beside its table; nothing for other blocks."""
        if isinstance(block, TableBlock):
            number = self.page.book.numbers.setdefault(block.ref, len(self.page.book.numbers) + 1)
            self._caption("table_short", number, block.title, "")
            self._table(block, block.ref)
        elif isinstance(block, FigureBlock):
            self._figure(block)

    def _caption(self, kind: str, number: int, text: str, unit: str) -> None:
        page = self.page
        page.skip(16)
        label = f"{page.book.word(kind)} {number}  {text}"
        page.line(f"{label}    {unit}".rstrip(), "caption")

    def _figure(self, block: FigureBlock) -> None:
        page, pictures = self.page, self.page.book.pictures
        drawing = pictures.drawing(block)
        self._caption("figure", pictures.numbers[block.ref], block.title, charts.units(page.book, drawing))
        table = table_of(block)
        beside = table is not None and page.room(FIRST, FIRST + len(table.columns) - 1) <= CHART_BESIDE
        start = page.row
        if table is not None and beside:
            column = FIRST + len(table.columns)
            page.extent = max(page.extent, page.room(FIRST, column - 1) + charts.WIDTH + 20)
            bottom = charts.place(page, block, Place(page.name, start, column), offset=24)
            self._table(table, table.ref, least=bottom)
        else:
            charts.place(page, block, page.place(), offset=0, push=True)
            page.blocks.append((start - 2, page.row))
            if table is not None:
                self.charted = True
                self._table(table, table.ref)
                self.charted = False
        for note in charts.notes(page.book, block, drawing):
            if table is None or note != table.note:
                page.text(note, "below")

    def _table(self, table: TableBlock, ref: str, least: float = 0) -> None:
        page = self.page
        folded = self.fold and len(table.rows) > max(FOLD_FROM, table.printed)
        start = page.row
        at = write_table(page, table, "body", fold=folded)
        page.book.places.setdefault(f"table:{ref}", at)
        if not self.fold and at.row <= 12:
            page.sheet.freeze_panes(at.row + 1, 0)
        below(page, table, folded=folded)
        charts.leave_room(page, start, least)
        page.blocks.append((start - 2 if least or not self.charted else start, page.row))
