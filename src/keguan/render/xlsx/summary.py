"""The first sheet: facts of the cover, headline figures, the chosen sentences, and the way to every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from keguan.core.text import format_value
from keguan.render.xlsx.book import Book, Place
from keguan.render.xlsx.page import FIRST, Page, subtitle
from keguan.render.xlsx.section import ARROWS, Words, title, write_claim
from keguan.report.document import Card, ClaimBlock, Heading, KpiCards, Section
from keguan.report.phrases import currency_word

COLUMNS = 12
COLUMN_PX = 82
CARD = 3  # columns of a card
ENTRY = 4  # columns of a link
ENTRIES = 2  # links to analyses in a row


def write_summary(book: Book, name: str) -> Page:
    """The sheet without its list of contents, which needs the places of headings; `contents` adds it."""
    document = book.document
    page = Page(book, name, book.book.get_worksheet_by_name(name), [float(COLUMN_PX)] * COLUMNS)
    page.across = COLUMNS
    page.band(document.title, subtitle(book), None)
    page.skip()
    page.facts(document.cover)
    page.text(document.generated, "below")
    for section in (section for section in document.sections if section.kind == "summary"):
        page.skip(12)
        page.heading(section.title, "section")
        if section.lead:
            page.text(section.lead, "lead")
        page.skip()
        for block in section.blocks:
            if isinstance(block, KpiCards):
                _cards(page, block.cards)
            elif isinstance(block, ClaimBlock):
                write_claim(page, block)
                _money(page, block)
            else:
                Words(page).write(block)
    return page


def contents(page: Page, sections: Sequence[tuple[Section, str]], more: Sequence[str]) -> None:
    """Links to the sheets and to the analyses on them, at the end of the first sheet."""
    book = page.book
    page.skip(12)
    page.heading(book.word("contents"), "section")
    for section, sheet in sections:
        headings = [block for block in section.blocks if isinstance(block, Heading) and block.id]
        places = [(book.places.get(f"heading:{block.id}"), block.text) for block in headings]
        _entry(page, sheet, title(section), [(to, text) for to, text in places if to is not None])
    page.skip(4)
    for sheet in more:
        _entry(page, sheet, sheet, [])
    page.skip()
    page.text(book.word("verify_hint"), "below")
    page.finish()


def _entry(page: Page, sheet: str, text: str, under: Sequence[tuple[Place, str]]) -> None:
    """A sheet, and beside it what stands on it, two a row."""
    page.book.link(page.sheet, page.row, FIRST, Place(sheet, 0, 0), text, "link")
    for number, (to, name) in enumerate(under):
        row, column = page.row + number // ENTRIES, FIRST + ENTRY * (1 + number % ENTRIES)
        page.book.link(page.sheet, row, column, to, name, "sublink")
    for _ in range(max(1, -(-len(under) // ENTRIES))):
        page.tall(page.row, 19)
        page.row += 1


def _cards(page: Page, cards: Sequence[Card]) -> None:
    """Up to four cards side by side, each a label, a figure and its change."""
    book, top = page.book, page.row
    for row, points in ((top, 30), (top + 1, 36), (top + 2, 30)):
        page.tall(row, points)
    for place, card in enumerate(cards):
        first = FIRST + place * CARD
        last = first + CARD - 1
        unit = f"（{card.unit}）" if book.document.language == "zh" else f" ({card.unit})"
        _merged(page, top, first, last, f"{card.label}{unit if card.unit else ''}", "card.label")
        _merged(page, top + 1, first, last, card.shown, "card.number")
        book.mark(Place(page.name, top + 1, first), "card", f"cell:{card.cell}@card")
        book.text(page.sheet, top + 2, first, card.change_shown, "card.change")
        if card.change_cell:
            book.mark(Place(page.name, top + 2, first), "change", f"cell:{card.change_cell}@change")
        against = f"{ARROWS[card.direction]} {card.change_label}" if card.change_cell else ""
        _merged(page, top + 2, first + 1, last, against, "card.against")
    page.row = top + 3
    page.skip(12)


def _merged(page: Page, row: int, first: int, last: int, text: str, look: str) -> None:
    form: Any = page.book.styles.of(look)
    page.sheet.merge_range(row, first, row, last, "", form)
    page.book.text(page.sheet, row, first, text, look)


def _money(page: Page, block: ClaimBlock) -> None:
    """What is at stake, under a chosen sentence."""
    if not block.money:
        return
    language = page.book.document.language
    amount = format_value(abs(Decimal(str(block.money))), "money", language, short=True)
    unit = currency_word(page.book.document.currency, language)
    gap = "" if language == "zh" else " "
    page.text(f"{page.book.word('money_at_stake')} {amount}{gap}{unit}", "money")
