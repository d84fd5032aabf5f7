"""Blocks of a document as HTML: sentences, figures, cards, notes, comments, what is missing."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from keguan.core.text import format_value
from keguan.render.charts.pictures import Pictures
from keguan.render.html.alternative import alternative
from keguan.render.html.evidence import evidence, rows_anchor, views
from keguan.render.html.source import axes, source, versions
from keguan.render.html.tables import table
from keguan.render.markup import anchor, esc, many, shown, tag
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
    Json,
    KpiCards,
    Missing,
    NoteBlock,
    Paragraph,
    TableBlock,
    ViewEvidence,
)
from keguan.report.phrases import currency_word

SIZE = re.compile(r"((?:[（(；;]|, ?)\s*n\s*=.*?[）)])[。.]?$", re.DOTALL)
KEPT_TOGETHER = 20  # letters: about the longest figure with its unit
ARROWS = {"up": "▲", "down": "▼", "flat": "■"}


@dataclass
class Blocks:
    """Turns blocks into HTML; counts figures and tables as it goes."""

    document: Document
    pictures: Pictures
    figures: int = 0
    tables: int = 0
    said: set[str] = field(default_factory=set)  # sentences that stand in the page already
    options: dict[str, Json] = field(default_factory=dict)  # of the charts drawn so far, by figure
    queries: dict[str, str] = field(default_factory=dict)  # SQL text -> the table under which it stands

    @property
    def columns(self) -> int:
        """Columns of the widest table of the document."""
        tables = [
            block.table if isinstance(block, FigureBlock) else block for block in self.document.blocks()
        ]
        shown = [table for table in tables if isinstance(table, TableBlock)]
        shown += [
            item.sample
            for block in self.document.blocks()
            if isinstance(block, AnalysisEvidence)
            for item in block.tables
            if item.sample
        ]
        return max((len(table.columns) for table in shown), default=0)

    @functools.cached_property
    def versions(self) -> Mapping[str, Mapping[str, str]]:
        """Versions of the data under each table."""
        return versions(self.document)

    def word(self, name: str) -> str:
        """A fixed word of the document, escaped."""
        return esc(self.document.words[name])

    @functools.singledispatchmethod
    def html(self, block: Block) -> str:
        """One block."""
        raise TypeError(f"no HTML for {type(block).__name__}")

    @html.register
    def _(self, block: Heading) -> str:
        link = ""
        if block.evidence:
            href = f"#{anchor(block.evidence)}"
            link = tag("a", self.word("evidence"), class_="ev", href=href, aria_label=self._proof(block.text))
        lead = tag("p", esc(block.lead), class_="question") if block.lead else ""
        return tag("h3", esc(block.text) + link, id=anchor(block.id) if block.id else None) + lead

    @html.register
    def _(self, block: Paragraph) -> str:
        return tag("p", esc(block.text))

    @html.register
    def _(self, block: NoteBlock) -> str:
        label = tag("b", self.word(block.kind))
        return tag("p", label + tag("span", esc(block.text)), class_=f"note {block.kind}")

    @html.register
    def _(self, block: ClaimBlock) -> str:
        money = ""
        if block.place == "summary" and block.money:
            money = tag("span", self._money(block), class_="money")
        meta = money + self.meta(block)
        says = sentence(block)
        id = None if block.id in self.said else f"says-{block.id}"
        self.said.add(block.id)
        inside = tag("p", says) + tag("p", meta, class_="meta") + self._so_what(block)
        return tag("div", inside, class_=f"claim {block.place}", id=id)

    def _so_what(self, block: ClaimBlock) -> str:
        """Advice of the strategy matrix: under the sentence, no part of it."""
        if not block.so_what:
            return ""
        said = tag("span", esc(block.so_what), data_advice=block.id, data_place=block.place)
        return tag("p", tag("b", self.word("so_what")) + said, class_="advice")

    def _money(self, block: ClaimBlock) -> str:
        amount = Decimal(str(block.money))
        shown = format_value(abs(amount), "money", self.document.language, short=True)
        unit = currency_word(self.document.currency, self.document.language)
        gap = "" if self.document.language == "zh" else " "
        return f"{self.word('money_at_stake')} {tag('b', esc(shown))}{gap}{esc(unit)}"

    def meta(self, block: ClaimBlock) -> str:
        """What stands under a sentence: kind, n and base, evidence id."""
        parts = [tag("span", esc(block.strength_label), class_=f"kind {block.strength}")]
        if block.n is not None and not SIZE.search(block.parts[-1].text):
            base = f" · {esc(block.base)}" if block.base else ""
            parts.append(tag("span", f"n = {block.n:,}{base}", class_="n"))
        parts.append(evidence_link(block.id, self.document.words["evidence"]))
        return many(parts)

    @html.register
    def _(self, block: KpiCards) -> str:
        return tag("div", many(self._card(card) for card in block.cards), class_="cards")

    def _card(self, card: Card) -> str:
        value = tag("span", esc(card.shown), data_cell=card.cell, data_place="card")
        unit = tag("small", esc(card.unit)) if card.unit else ""
        change = ""
        if card.change_cell:
            arrow = tag("i", ARROWS[card.direction], aria_hidden="true")
            shown = tag("b", esc(card.change_shown), data_cell=card.change_cell, data_place="change")
            change = tag("p", f"{arrow}{shown} {esc(card.change_label)}", class_=f"change {card.direction}")
        title = card.full if card.full != card.shown else None
        number = tag("p", value + unit, class_="big", title=title)
        return tag("div", tag("p", esc(card.label), class_="label") + number + change, class_="card")

    @html.register
    def _(self, block: Facts) -> str:
        return tag("h3", esc(block.title)) + facts(block.items)

    @html.register
    def _(self, block: TableBlock) -> str:
        self.tables += 1
        caption = self._caption("table", self.tables, block.title, block.ref)
        inside = caption + table(block, "body") + self._below(block, block.note) + self._source(block)
        kind = "tabular small" if len(block.columns) < 4 else "tabular"
        return tag("figure", inside, class_=kind, id=rows_anchor(block.ref))

    @html.register
    def _(self, block: FigureBlock) -> str:
        self.figures += 1
        drawing, picture = self.pictures.drawing(block), self.pictures.svg(block)
        units = esc(axes(block, drawing, self.document))
        rows = "" if block.table_here else self._elsewhere(block.table)
        caption = self._caption("figure", self.figures, block.title, block.table.ref, units, rows)
        drawn = tag("div", picture, class_="picture", data_picture=block.ref)
        self.options[block.ref] = {"height": drawing.height, "option": drawing.option}
        told = shown(alternative(block, self.document.words, self.document.language))
        canvas = tag("div", "", class_="canvas", hidden="")
        chart = tag("div", drawn + canvas, class_="chart", role="img", aria_label=told)
        hatch = ""
        if drawing.hatched:
            swatch = tag("i", "") + self.word("unfinished")
            hatch = tag("p", swatch, class_=f"hatch {drawing.hatched}")
        data = self._data(block) if block.table_here else ""
        note = tag("p", esc(block.note), class_="below") if block.note else ""
        if drawing.cut:
            text = self.document.words["partial_chart"].format(analysis=block.table.analysis)
            note += tag("p", esc(text), class_="below")
        inside = caption + chart + hatch + note + data + self._source(block.table)
        return tag("figure", inside, class_="figure")

    def _elsewhere(self, block: TableBlock) -> str:
        """The way to a table that stands with another figure."""
        said = shown(f"{self.document.words['table']}{self._colon}{block.title}")
        href = f"#{rows_anchor(block.ref)}"
        return tag("a", self.word("table"), class_="ev rows", href=href, aria_label=said)

    def _source(self, block: TableBlock) -> str:
        text = source(block.ref, self.versions.get(block.ref, {}), self.document)
        return tag("p", esc(text), class_="below source")

    def _data(self, block: FigureBlock) -> str:
        summary = tag("summary", self.word("table"))
        inside = table(block.table, "body") + self._below(block.table, block.table.note)
        return tag("details", summary + inside, class_="data", id=rows_anchor(block.table.ref))

    @property
    def _colon(self) -> str:
        return "：" if self.document.language == "zh" else ": "

    def _caption(self, kind: str, number: int, title: str, ref: str, unit: str = "", rows: str = "") -> str:
        label = self.word("figure" if kind == "figure" else "table_short")
        name = tag("span", f"{label} {number}", class_="no") + tag("span", esc(title), class_="title")
        side = tag("span", unit, class_="unit") if unit else ""
        href = f"#{anchor(f'evidence-{ref}')}"
        said = self._proof(title)
        link = tag("a", self.word("evidence"), class_="ev", href=href, data_evidence="", aria_label=said)
        return tag("figcaption", name + side + rows + link)

    def _proof(self, title: str) -> str:
        """What a link to evidence is called where its place does not tell."""
        return shown(self.document.words["evidence"] + self._colon + title)

    def _below(self, block: TableBlock, note: str | None) -> str:
        out = tag("p", esc(note), class_="below") if note else ""
        colon = self._colon
        for column in block.columns:
            if column.note:
                out += tag("p", f"{esc(column.label)}{colon}{esc(column.note)}", class_="below")
        if block.printed < len(block.rows):
            text = self.document.words["partial_table"].format(
                shown=f"{block.printed:,}", total=f"{len(block.rows):,}", analysis=block.analysis
            )
            out += tag("p", esc(text), class_="below")
        return out

    @html.register
    def _(self, block: Comment) -> str:
        parts = [block.author, block.on.isoformat() if block.on else "", block.about or ""]
        who = esc(" · ".join(part for part in parts if part))
        head = tag("p", f"{tag('b', self.word('comment'))} {who}", class_="who")
        foot = tag("p", self.word("comment_note"), class_="meta")
        return tag("blockquote", head + tag("p", esc(block.text)) + foot, class_="comment")

    @html.register
    def _(self, block: Missing) -> str:
        rows = tag("dt", self.word("missing_answers")) + tag("dd", esc(block.answers))
        rows += tag("dt", self.word("missing_data")) + tag("dd", esc(block.data))
        return tag("div", tag("h3", esc(block.title)) + tag("dl", rows), class_="absent", id=anchor(block.id))

    @html.register
    def _(self, block: AnalysisEvidence) -> str:
        return evidence(block, self.document, self.queries)

    @html.register
    def _(self, block: ViewEvidence) -> str:
        return views(block, self.document)


def sentence(block: ClaimBlock) -> str:
    """The sentence, its figures marked."""
    inside = many(_figure(part.text, part.value) if part.value else _words(part.text) for part in block.parts)
    return tag("span", inside, class_="says", data_claim=block.id, data_place=block.place)


def _figure(text: str, value: str) -> str:
    """A figure keeps together on one line; a value of several words may break as any text does."""
    long = {"class_": "words"} if len(text) > KEPT_TOGETHER else {}
    return tag("span", esc(text), data_value=value, **long)


def _words(text: str) -> str:
    """Fixed words; the size and base at the end of a sentence are set quietly."""
    found = SIZE.search(text)
    if found is None:
        return esc(text)
    return esc(text[: found.start(1)]) + tag("span", esc(found[1]), class_="size") + esc(text[found.end(1) :])


def evidence_link(claim: str, label: str) -> str:
    """The small id beside a sentence: a link to its evidence."""
    said = f"{label} {claim}"
    return tag("a", esc(claim), class_="ev id", href=f"#claim-{claim}", data_evidence="", aria_label=said)


def facts(items: tuple[tuple[str, str], ...]) -> str:
    """Labels and facts."""
    rows = many(tag("dt", esc(label)) + tag("dd", esc(fact)) for label, fact in items)
    return tag("dl", rows, class_="facts")
