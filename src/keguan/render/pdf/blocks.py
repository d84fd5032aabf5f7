"""Blocks of a document as nodes, the data that the page is set from; each asks the sheet for its texts in the
order in which the page prints them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from keguan.core.text import format_value
from keguan.render.charts.pictures import Pictures, standalone
from keguan.render.charts.plot import Drawing
from keguan.render.font import em_width
from keguan.render.html.blocks import ARROWS, SIZE
from keguan.render.markup import anchor
from keguan.render.pdf.evidence import evidence, views
from keguan.render.pdf.letters import lines, printed
from keguan.render.pdf.queries import Queries
from keguan.render.pdf.sheet import Sheet
from keguan.render.pdf.slices import pieces
from keguan.render.pdf.tables import ROOM, Node, bands
from keguan.report.document import (
    AnalysisEvidence,
    Block,
    Card,
    ClaimBlock,
    Comment,
    Document,
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
from keguan.report.manifest import claim_element, picture_element, value_element
from keguan.report.phrases import currency_word

CARD_GAP = 9.0  # points between cards and inside them, as in text.typ
CARD_INSET = 10.0


@dataclass
class Blocks:
    """Turns blocks into nodes; counts figures and tables, and keeps the pictures by file name."""

    document: Document
    pictures: Pictures
    sheet: Sheet
    queries: Queries
    files: dict[str, bytes] = field(default_factory=dict)
    figures: int = 0
    tables: int = 0

    def word(self, name: str) -> str:
        """A fixed word of the document."""
        return self.document.words[name]

    @functools.singledispatchmethod
    def node(self, block: Block) -> Node:
        """One block."""
        raise TypeError(f"no PDF for {type(block).__name__}")

    @node.register
    def _(self, block: Heading) -> Node:
        plain, link = self.sheet.plain, self.sheet.link
        to = link(block.evidence) if block.evidence else None
        return {
            "kind": "heading",
            "id": anchor(block.id) if block.id else None,
            "text": plain(block.text),
            "lead": plain(block.lead) if block.lead else "",
            "to": to,
            "evidence": plain(self.word("evidence")) if to else "",
        }

    @node.register
    def _(self, block: Paragraph) -> Node:
        return {"kind": "paragraph", "text": self.sheet.plain(block.text)}

    @node.register
    def _(self, block: NoteBlock) -> Node:
        plain = self.sheet.plain
        return {
            "kind": "note",
            "look": block.kind,
            "label": plain(self.word(block.kind)),
            "text": plain(block.text),
        }

    @node.register
    def _(self, block: ClaimBlock) -> Node:
        plain = self.sheet.plain
        runs = sentence(block, self.sheet)
        money = self._money(block) if block.place == "summary" and block.money else ""
        told = block.n is not None and not SIZE.search(block.parts[-1].text)
        base = f" · {block.base}" if block.base else ""
        return {
            "kind": "claim",
            "place": block.place,
            "strength": block.strength,
            "runs": runs,
            "money": plain(money) if money else "",
            "label": plain(block.strength_label),
            "n": plain(f"n = {block.n:,}{base}") if told else "",
            "id": plain(block.id),
            "to": self.sheet.link(f"claim-{block.id}"),
            "advice": plain(self._advice(block)) if block.so_what else "",
        }

    def _advice(self, block: ClaimBlock) -> str:
        """Advice of the strategy matrix: under the sentence, no part of it."""
        colon = "：" if self.document.language == "zh" else ": "
        return f"{self.word('so_what')}{colon}{block.so_what}"

    def _money(self, block: ClaimBlock) -> str:
        shown = format_value(abs(Decimal(str(block.money))), "money", self.document.language, short=True)
        unit = currency_word(self.document.currency, self.document.language)
        gap = "" if self.document.language == "zh" else " "
        return f"{self.word('money_at_stake')} {shown}{gap}{unit}"

    @node.register
    def _(self, block: KpiCards) -> Node:
        across = 3 if len(block.cards) > 4 else max(len(block.cards), 1)
        room = (ROOM - (across - 1) * CARD_GAP) / across - 2 * CARD_INSET
        return {"kind": "cards", "across": across, "cards": [self._card(card, room) for card in block.cards]}

    def _card(self, card: Card, room: float) -> Node:
        plain, marked = self.sheet.plain, self.sheet.marked
        wide = em_width(printed(card.shown)) * 1.08 + em_width(printed(card.unit)) * 0.55 + 0.4
        node = {
            "size": round(min(17.0, max(9.0, room / wide)), 1),
            "label": plain(card.label),
            "shown": marked(f"cell:{card.cell}@card", card.shown),
            "unit": plain(card.unit) if card.unit else "",
            "direction": card.direction,
        }
        if card.change_cell:
            node["arrow"] = plain(ARROWS[card.direction])
            node["change"] = marked(f"cell:{card.change_cell}@change", card.change_shown)
            node["against"] = plain(card.change_label) if card.change_label else ""
        return node

    @node.register
    def _(self, block: Facts) -> Node:
        plain = self.sheet.plain
        return {
            "kind": "facts",
            "title": plain(block.title),
            "items": [[plain(a), plain(b)] for a, b in block.items],
        }

    @node.register
    def _(self, block: TableBlock) -> Node:
        self.tables += 1
        caption = self._caption("table_short", self.tables, block.title, "")
        return {
            "kind": "table",
            "caption": caption,
            "bands": bands(block, "body", self.sheet),
            "notes": [self.sheet.plain(text) for text in self._below(block)],
            "source": self._source(block.ref),
        }

    @node.register
    def _(self, block: FigureBlock) -> Node:
        self.figures += 1
        plain = self.sheet.plain
        drawing, picture = self.pictures.drawing(block), self.pictures.svg(block)
        units = self._units(drawing)
        caption = self._caption("figure", self.figures, block.title, units)
        drawn = self._drawn(block, picture, drawing.height)
        hatch = plain(self.word("unfinished")) if drawing.hatched else ""
        notes = [block.note] if block.note else []
        if drawing.cut:
            notes.append(self.word("partial_chart").format(analysis=block.table.analysis))
        return {
            "kind": "figure",
            "caption": caption,
            "pieces": drawn,
            "alt": printed("; ".join(part for part in (block.title, units, self._columns(block)) if part)),
            "hatch": hatch,
            "notes": [plain(text) for text in notes],
            "source": self._source(block.table.ref),
            **self._data(block),
        }

    def _drawn(self, block: FigureBlock, picture: str, height: float) -> list[Node]:
        out = []
        for number, (piece, share) in enumerate(pieces(lines(standalone(picture)), height), 1):
            file = f"figure-{self.figures}-{number}.svg"
            self.files[file] = piece.encode()
            self.sheet.pictures.append(picture_element(block.ref))
            out.append({"file": file, "share": round(share, 4)})
        return out

    def _columns(self, block: FigureBlock) -> str:
        """What is drawn against what, for readers who do not see the picture."""
        names = (block.figure.x, *block.figure.y)
        labels = [head.label for name in names for head in block.table.columns if head.name == name]
        return f"{labels[0]}: {', '.join(labels[1:])}" if len(labels) > 1 else ""

    def _data(self, block: FigureBlock) -> Node:
        if not block.table_here:
            return {"bands": [], "below": []}
        made = bands(block.table, "body", self.sheet)
        return {"bands": made, "below": [self.sheet.plain(text) for text in self._below(block.table)]}

    @property
    def _colon(self) -> str:
        return "：" if self.document.language == "zh" else ": "

    def _units(self, drawing: Drawing) -> str:
        known = [unit for unit in drawing.units if unit]
        if not known:
            return ""
        if len(drawing.units) == 2 and len(known) == 2:
            left, right = self.word("left_axis"), self.word("right_axis")
            return f"{left}{self._colon}{known[0]} · {right}{self._colon}{known[1]}"
        return f"{self.word('unit')}{self._colon}{known[0]}"

    def _caption(self, kind: str, number: int, title: str, unit: str) -> Node:
        plain = self.sheet.plain
        return {
            "number": plain(f"{self.word(kind)} {number}"),
            "title": plain(title),
            "unit": plain(unit) if unit else "",
        }

    def _source(self, ref: str) -> Node:
        text = self.sheet.plain(f"{self.word('evidence')}{self._colon}{ref}")
        return {"text": text, "to": self.sheet.link(f"evidence-{ref}")}

    def _below(self, block: TableBlock) -> Iterator[str]:
        if block.note:
            yield block.note
        for column in block.columns:
            if column.note:
                yield f"{column.label}{self._colon}{column.note}"
        if block.printed < len(block.rows):
            yield self.word("partial_table").format(
                shown=f"{block.printed:,}", total=f"{len(block.rows):,}", analysis=block.analysis
            )

    @node.register
    def _(self, block: Comment) -> Node:
        plain = self.sheet.plain
        who = block.author + (f" · {block.on.isoformat()}" if block.on else "")
        return {
            "kind": "comment",
            "label": plain(self.word("comment")),
            "who": plain(who),
            "text": plain(block.text),
            "note": plain(self.word("comment_note")),
        }

    @node.register
    def _(self, block: Missing) -> Node:
        plain = self.sheet.plain
        rows = (("missing_answers", block.answers), ("missing_data", block.data))
        return {
            "kind": "missing",
            "id": anchor(block.id),
            "title": plain(block.title),
            "items": [[plain(self.word(name)), plain(text)] for name, text in rows],
        }

    @node.register
    def _(self, block: AnalysisEvidence) -> Node:
        return evidence(block, self.document, self.sheet, self.queries)

    @node.register
    def _(self, block: ViewEvidence) -> Node:
        return views(block, self.sheet)


def sentence(block: ClaimBlock, sheet: Sheet) -> list[list[str]]:
    """The sentence as runs of text and look: 'v' a figure, 's' the size and base at its end, '' words."""
    parts: list[tuple[str | None, str]] = []
    looks: list[str] = []
    for part in block.parts:
        if part.value is not None:
            parts.append((value_element(block.id, block.place, part.value), part.text))
            looks.append("v")
            continue
        for text, look in _words(part.text):
            parts.append((None, text))
            looks.append(look)
    said = sheet.sentence(claim_element(block), parts)
    return [[text, look] for text, look in zip(said, looks, strict=True)]


def _words(text: str) -> Iterator[tuple[str, str]]:
    found = SIZE.search(text)
    pieces = [(text, "")]
    if found is not None:
        pieces = [(text[: found.start(1)], ""), (found[1], "s"), (text[found.end(1) :], "")]
    yield from (piece for piece in pieces if piece[0])
