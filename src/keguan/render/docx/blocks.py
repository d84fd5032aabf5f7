"""Blocks of a document as WordprocessingML: sentences, figures, cards, notes, opinions, what is missing."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from decimal import Decimal

from keguan.core.text import format_value
from keguan.render import theme
from keguan.render.charts.plot import Drawing
from keguan.render.docx.evidence import Queries, evidence, facts, views
from keguan.render.docx.looks import STRENGTHS
from keguan.render.docx.pictures import inline
from keguan.render.docx.styles import edge, tab
from keguan.render.docx.tables import boxed, framed, table
from keguan.render.docx.wml import TAB, colour, twips
from keguan.render.docx.wml import field as running
from keguan.render.docx.word import Word
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
    TableBlock,
    ViewEvidence,
)
from keguan.report.phrases import currency_word

SIZE = re.compile(r"((?:[（(；;]|, ?)\s*n\s*=.*?[）)])[。.]?$", re.DOTALL)
ARROWS = {"up": "▲", "down": "▼", "flat": "■"}


@dataclass
class Blocks:
    """Turns blocks into paragraphs and tables."""

    word: Word
    queries: Queries = field(default_factory=Queries)

    @functools.singledispatchmethod
    def xml(self, block: Block) -> str:
        """One block."""
        raise TypeError(f"no Word text for {type(block).__name__}")

    @xml.register
    def _(self, block: Heading) -> str:
        word = self.word
        head = word.p("heading 2", heading(word, block.id, word.r(block.text)))
        link = word.link(block.evidence, word.word("evidence")) if block.evidence else ""
        lead = word.r(block.lead) + (word.r("  ") if block.lead and link else "") + link
        return head + (word.p("Keguan Lead", lead, "<w:keepNext/>") if lead else "")

    @xml.register
    def _(self, block: Paragraph) -> str:
        return self.word.p("Normal", self.word.r(block.text))

    @xml.register
    def _(self, block: NoteBlock) -> str:
        word = self.word
        ground, side = theme.NOTES[block.kind]
        look = f"<w:pBdr>{edge('left', side)}</w:pBdr>"
        look += f'<w:shd w:val="clear" w:color="auto" w:fill="{colour(ground)}"/>'
        label = word.r(word.word(block.kind), "Keguan Strong") + word.r("  ")
        return word.p("Keguan Note", label + word.r(block.text), look)

    @xml.register
    def _(self, block: ClaimBlock) -> str:
        word = self.word
        style = "Keguan Key Finding" if block.place == "summary" else "Keguan Finding"
        side = f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{STRENGTHS[block.strength]}"/></w:pBdr>'
        says = word.control(word.names.claim(block), word.p(style, sentence(word, block), side))
        advice = self._advice(block)
        return (
            says
            + word.p("Keguan Finding Note", self._meta(block), side)
            + (word.p("Keguan Finding Note", advice, side) if advice else "")
        )

    def _advice(self, block: ClaimBlock) -> str:
        """Advice of the strategy matrix: under the sentence, no part of it."""
        if not block.so_what:
            return ""
        colon = "：" if self.word.document.language == "zh" else ": "
        label = self.word.r(self.word.word("so_what") + colon, "Keguan Strong")
        return label + self.word.r(block.so_what)

    def _meta(self, block: ClaimBlock) -> str:
        """What stands under a sentence: money at stake, kind, n and base, evidence id."""
        word = self.word
        pieces = []
        if block.place == "summary" and block.money:
            pieces.append(word.r(self._money(block), "Keguan Strong"))
        pieces.append(word.r(block.strength_label))
        if block.n is not None and not SIZE.search(block.parts[-1].text):
            base = f" · {block.base}" if block.base else ""
            pieces.append(word.r(f"n = {block.n:,}{base}"))
        pieces.append(word.link(f"claim-{block.id}", block.id))
        return word.r(" · ", "Keguan Faint").join(pieces)

    def _money(self, block: ClaimBlock) -> str:
        document = self.word.document
        shown = format_value(abs(Decimal(str(block.money))), "money", document.language, short=True)
        gap = "" if document.language == "zh" else " "
        unit = currency_word(document.currency, document.language)
        return f"{self.word.word('money_at_stake')} {shown}{gap}{unit}"

    @xml.register
    def _(self, block: KpiCards) -> str:
        if not block.cards:
            return ""
        word = self.word
        per_row = 4 if len(block.cards) in (1, 2, 4) else 3
        rows = [block.cards[start : start + per_row] for start in range(0, len(block.cards), per_row)]
        columns = min(per_row, len(block.cards))
        width = twips(word.width) // columns
        inside = "".join(
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + "".join(boxed(width, self._card(card), shade=colour(theme.SOFT)) for card in row)
            + boxed(width, word.p("Keguan Card Label", "")) * (columns - len(row))
            + "</w:tr>"
            for row in rows
        )
        return framed(word, "Keguan Cards", [width] * columns, inside) + word.p("Keguan Gap", "")

    def _card(self, card: Card) -> str:
        word = self.word
        out = word.p("Keguan Card Label", word.r(card.label))
        unit = f" {card.unit}" if card.unit else ""
        value = word.r(card.shown) + word.r(unit, "Keguan Card Unit")
        tag = word.names.line([(card.shown, f"cell:{card.cell}@card"), (unit, None)])
        out += word.control(tag, word.p("Keguan Card Value", value))
        if card.change_cell:
            lost = card.direction == "down"
            arrow, against = f"{ARROWS[card.direction]} ", f"  {card.change_label}"
            change = word.r(arrow, "Keguan Seal" if lost else "Keguan Data")
            change += word.r(card.change_shown, "Keguan Seal" if lost else "Keguan Strong") + word.r(against)
            tag = word.names.line(
                [(arrow, None), (card.change_shown, f"cell:{card.change_cell}@change"), (against, None)]
            )
            out += word.control(tag, word.p("Keguan Card Change", change))
        return out + word.p("Keguan Gap", "")

    @xml.register
    def _(self, block: Facts) -> str:
        return self.word.p("heading 3", self.word.r(block.title)) + facts(self.word, block.items)

    @xml.register
    def _(self, block: TableBlock) -> str:
        self.word.tables += 1
        caption = self._caption("table_short", self.word.tables, block.title)
        return caption + table(self.word, block, "body") + self._below(block, (block.note,))

    @xml.register
    def _(self, block: FigureBlock) -> str:
        word = self.word
        word.figures += 1
        drawing = word.pictures.drawing(block)
        out = self._caption("figure", word.figures, block.title, self._units(drawing))
        apart = '<w:keepNext w:val="0"/>' if block.table_here else ""
        out += word.p("Keguan Picture", inline(word, block, drawing), apart)
        notes = [block.note]
        if drawing.hatched:
            notes.append(f"▨ {word.word('unfinished')}")
        if drawing.cut:
            notes.append(word.word("partial_chart").format(analysis=block.table.analysis))
        if block.table_here:
            out += table(word, block.table, "body")
            return out + self._below(block.table, (*notes, block.table.note))
        return out + self._sources(block.table, tuple(notes))

    def _units(self, drawing: Drawing) -> str:
        known = [unit for unit in drawing.units if unit]
        if not known:
            return ""
        word = self.word
        if len(drawing.units) == 2 and len(known) == 2:
            left, right = (word.word(name) for name in ("left_axis", "right_axis"))
            return f"{left}{word.colon}{known[0]} · {right}{word.colon}{known[1]}"
        return f"{word.word('unit')}{word.colon}{known[0]}"

    def _caption(self, kind: str, number: int, title: str, unit: str = "") -> str:
        word = self.word
        label = word.word(kind)
        count = word.r(f"{label} ", "Keguan Faint") + running(
            f"SEQ {label} \\* ARABIC", str(number), word.style("Keguan Faint")
        )
        side = TAB + word.r(unit, "Keguan Muted", '<w:b w:val="0"/>') if unit else ""
        # A company's own style of captions may neither stay with what follows nor have the tab.
        look = f"<w:keepNext/><w:tabs>{tab(word.width, 'right')}</w:tabs>"
        return word.p("caption", count + word.r(f"  {title}") + side, look)

    def _below(self, block: TableBlock, notes: tuple[str | None, ...]) -> str:
        """Notes, definitions of columns and what is left out, then the source."""
        defined = tuple(
            f"{column.label}{self.word.colon}{column.note}" for column in block.columns if column.note
        )
        left_out: tuple[str, ...] = ()
        if block.printed < len(block.rows):
            text = self.word.word("partial_table").format(
                shown=f"{block.printed:,}", total=f"{len(block.rows):,}", analysis=block.analysis
            )
            left_out = (text,)
        return self._sources(block, (*notes, *defined, *left_out))

    def _sources(self, block: TableBlock, notes: tuple[str | None, ...]) -> str:
        word = self.word
        out = "".join(word.p("Keguan Source", word.r(note), "<w:keepNext/>") for note in notes if note)
        link = word.link(f"evidence-{block.ref}", block.ref)
        return out + word.p("Keguan Source", word.r(f"{word.word('evidence')}{word.colon}") + link)

    @xml.register
    def _(self, block: Comment) -> str:
        word = self.word
        who = block.author + (f" · {block.on.isoformat()}" if block.on else "")
        ink = f'<w:color w:val="{colour(theme.NOTES["comment"][1])}"/>'
        label = word.r(word.word("comment"), props=f"<w:b/><w:bCs/>{ink}") + word.r(f"  {who}")
        return (
            word.p("Keguan Gap", "")
            + word.p("Keguan Opinion Note", label, "<w:keepNext/>")
            + word.p("Keguan Opinion", word.r(block.text), "<w:keepNext/>")
            + word.p("Keguan Opinion Note", word.r(word.word("comment_note")))
            + word.p("Keguan Gap", "")
        )

    @xml.register
    def _(self, block: Missing) -> str:
        word = self.word
        head = word.p("heading 2", heading(word, block.id, word.r(block.title)))
        items = ((word.word("missing_answers"), block.answers), (word.word("missing_data"), block.data))
        return head + facts(word, items)

    @xml.register
    def _(self, block: AnalysisEvidence) -> str:
        return evidence(self.word, block, self.queries)

    @xml.register
    def _(self, block: ViewEvidence) -> str:
        return views(self.word, block)


def sentence(word: Word, block: ClaimBlock) -> str:
    """The sentence: its figures strong, its size and base quiet."""
    out = ""
    for part in block.parts:
        if part.value:
            out += word.r(part.text, "Keguan Strong")
            continue
        found = SIZE.search(part.text)
        if found is None:
            out += word.r(part.text)
            continue
        out += word.r(part.text[: found.start(1)]) + word.r(found[1], "Keguan Muted")
        out += word.r(part.text[found.end(1) :])
    return out


def heading(word: Word, id: str, inside: str) -> str:
    """A heading's text with the bookmark that the contents lead to."""
    return word.bookmark(contents_mark(word, id), inside) if id else inside


def contents_mark(word: Word, id: str) -> str:
    """The bookmark of a heading; Word takes those that begin so for its own."""
    return f"_Toc{900_000_000 + word.heading_number(id)}"
