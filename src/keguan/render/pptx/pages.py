"""Each kind of slide, drawn."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keguan.core.text import format_value
from keguan.render import theme
from keguan.render.charts.pictures import Pictures
from keguan.render.pptx import base, chartpart, fit, grid
from keguan.render.pptx.canvas import Canvas
from keguan.render.pptx.fit import Part
from keguan.render.pptx.measure import INCH, Para, Piece, height, para, width
from keguan.render.pptx.native import native
from keguan.render.pptx.plan import (
    Cards,
    Chart,
    Claims,
    Contents,
    Cover,
    Divider,
    Grid,
    Plan,
    Slide,
    Words,
)
from keguan.report.document import Card, ClaimBlock, Document, FigureBlock
from keguan.report.manifest import claim_element, picture_element
from keguan.report.phrases import currency_word

WIDE = base.RIGHT - base.LEFT
ARROWS = {"up": "▲", "down": "▼", "flat": "■"}
EDGES = {"tested": theme.TESTED, "recommendation": theme.SEAL}
SMALL, CAPTION, BODY = theme.SLIDE["small"], theme.SLIDE["caption"], theme.SLIDE["body"]


@dataclass
class Pages:
    """Draws the slides of a plan."""

    plan: Plan
    pictures: Pictures

    @property
    def document(self) -> Document:
        """What is shown."""
        return self.plan.document

    def word(self, name: str) -> str:
        """A fixed word of the document."""
        return self.plan.word(name)

    @functools.singledispatchmethod
    def draw(self, slide: Slide, canvas: Canvas, slides: list[Any]) -> None:
        """One slide; `slides`: all of them, for links."""
        raise TypeError(f"no slide for {type(slide).__name__}")

    @draw.register
    def _(self, slide: Cover, canvas: Canvas, slides: list[Any]) -> None:
        document = self.document
        left = base.LEFT + 0.4
        strong, muted = _cover_colours(canvas)
        brand = para("Keguan 客观", CAPTION, muted, bold=True)
        canvas.outside("mark", [brand], (left, 0.75, 6, 0.3))
        canvas.title("Title", [para(document.title, base.COVER_SIZE, strong, bold=True)])
        if canvas.own:
            canvas.rect((base.LEFT, 2.2, 0.09, 1.28), theme.COVER_RULE)
        if document.subtitle:
            spot = (left, 1.55 if canvas.own else 3.65, 11.0, 0.5)
            canvas.text([para(document.subtitle, 20, strong)], spot)
        for place, (label, fact) in enumerate(document.cover):
            down, right = divmod(place, 2)
            spot = (left + right * 5.7, 4.45 + down * 0.78, 5.4, 0.74)
            canvas.text([para(label, CAPTION, muted, after=1), para(fact, 14, strong)], spot)

    @draw.register
    def _(self, slide: Contents, canvas: Canvas, slides: list[Any]) -> None:
        self._title(slide, canvas)
        sections = self.document.sections
        half = len(sections) if len(sections) <= 9 else (len(sections) + 1) // 2
        columns = 1 if half == len(sections) else 2
        each = min(0.56, 5.0 / half)
        wide = (WIDE - 0.5 * (columns - 1)) / columns
        for place, section in enumerate(sections):
            right, down = divmod(place, half)
            x, y = base.LEFT + right * (wide + 0.5), 1.6 + down * each
            target = slides[self.plan.starts[section.id] - 1]
            number = para(section.number or "·", BODY, theme.SEAL, bold=True)
            canvas.text([number], (x, y, 0.5, each - 0.08))
            name = self.word("slides_method") if section.kind == "appendix" else section.title
            canvas.text([para(name, BODY, theme.INK)], (x + 0.55, y, wide - 1.25, each - 0.08), link=target)
            page = Para((Piece(str(self.plan.starts[section.id]), BODY, theme.MUTED),), align="r")
            canvas.text([page], (x + wide - 0.6, y, 0.6, each - 0.08))
            canvas.rect((x, y + each - 0.12, wide, 0.01), theme.LINE)

    @draw.register
    def _(self, slide: Divider, canvas: Canvas, slides: list[Any]) -> None:
        section = slide.section
        assert section is not None
        left = base.LEFT + 0.4
        strong, muted = _cover_colours(canvas)
        number = para(section.number or "·", 60 if canvas.own else 14, theme.COVER_RULE, bold=True)
        canvas.outside("mark", [number], (left, 0.9, 4, 1.1) if canvas.own else (left, 0.9, 4, 0.3))
        canvas.title("Title", [para(section.title, base.COVER_SIZE, strong, bold=True)])
        if section.lead:
            spot = (left, 3.0, 11.0, 0.6) if canvas.own else (left, 3.6, 11.0, 0.3)
            canvas.text([para(section.lead, 14, muted)], spot)
        if slide.said:
            canvas.text([para(text, BODY, muted, after=8) for text in slide.said], (left, 3.75, 11, 2.9))
        if slide.left:
            comma = "、" if self.document.language == "zh" else ", "
            text = self.word("slides_tables").format(tables=comma.join(slide.left))
            canvas.text([para(text, SMALL, muted)], (left, 6.5, 11.7, 0.42))
        count = len(slide.headings)
        half = max(count if count <= 4 else (count + 1) // 2, 1)
        wide = 11.0 if half >= count else 5.7
        each = min(0.86, 2.7 / half)
        for place, heading in enumerate(slide.headings):
            right, down = divmod(place, half)
            x, y = left + right * 6.0, 3.75 + down * each
            canvas.text([para(heading.text, 14, strong, bold=True)], (x, y, wide, 0.27))
            if heading.lead:
                lead = para(heading.lead if half >= count else _question(heading.lead), CAPTION, muted)
                canvas.text([lead], (x, y + 0.27, wide, each - 0.3), least=0.75)

    @draw.register
    def _(self, slide: Cards, canvas: Canvas, slides: list[Any]) -> None:
        top = self._title(slide, canvas)
        cards = slide.cards.cards if slide.cards else ()
        count = max(len(cards), 1)
        gap = 0.22
        wide = (WIDE - gap * (count - 1)) / count
        for place, card in enumerate(cards):
            self._card(canvas, card, (base.LEFT + place * (wide + gap), top, wide, 1.84))
        self._panels(canvas, slide.claims, top + 2.12, 1)

    @draw.register
    def _(self, slide: Claims, canvas: Canvas, slides: list[Any]) -> None:
        top = self._title(slide, canvas)
        if slide.numbered or (isinstance(slide.title, str) and len(slide.claims) == 1 and not slide.parts):
            self._panels(canvas, slide.claims, top, slide.numbered)
            return
        end = self._sentences(canvas, slide.claims, (base.LEFT, top, WIDE, fit.BOTTOM - top), BODY)
        self._parts(canvas, slide.parts, end, titled=True)

    @draw.register
    def _(self, slide: Chart, canvas: Canvas, slides: list[Any]) -> None:
        top = self._title(slide, canvas)
        figure = slide.figure
        assert figure is not None
        wide = WIDE - (fit.SIDE + 0.35 if slide.claims else 0)
        foot = 0.52
        place = (base.LEFT, top, wide, fit.BOTTOM - top - foot)
        cut = self._figure(canvas, figure, place)
        self._caption(canvas, figure, (base.LEFT, fit.BOTTOM - foot + 0.06, wide, foot), cut)
        if slide.claims:
            side = (base.RIGHT - fit.SIDE, top, fit.SIDE, fit.BOTTOM - top)
            self._sentences(canvas, slide.claims, side, 14.0)

    @draw.register
    def _(self, slide: Grid, canvas: Canvas, slides: list[Any]) -> None:
        top = self._title(slide, canvas)
        self._parts(canvas, slide.parts, top, titled=len(slide.parts) > 1)

    def _parts(self, canvas: Canvas, parts: Sequence[Part], top: float, *, titled: bool) -> None:
        """Tables below each other, each with its source and what is left out."""
        for part in parts:
            if titled:
                title = para(part.table.title, 14, theme.INK, bold=True)
                canvas.text([title], (base.LEFT, top + 0.06, WIDE, 0.3))
                top += fit.PART_EXTRA / INCH
            top = grid.draw(canvas, part, top)
            said = para(" · ".join(self._about(part)), CAPTION, theme.MUTED)
            high = height([said], WIDE * INCH) / INCH
            canvas.text([said], (base.LEFT, min(top + 0.1, fit.BOTTOM - 0.1), WIDE, min(high, 0.62)))
            top += 0.1 + high + 0.1

    def _about(self, part: Part) -> list[str]:
        table = part.table
        said = [f"{self.word('slides_source')} {table.ref}"]
        if len(part.rows) < len(table.rows):
            words = self.word("partial_table")
            total = f"{len(table.rows):,}"
            said.append(words.format(shown=len(part.rows), total=total, analysis=table.analysis))
        if len(part.columns) < len(table.columns):
            left = len(table.columns) - len(part.columns)
            said.append(self.word("slides_columns").format(columns=left))
        return [*said, table.note] if table.note else said

    @draw.register
    def _(self, slide: Words, canvas: Canvas, slides: list[Any]) -> None:
        top = self._title(slide, canvas)
        edge = theme.NOTES.get(slide.kind, ("", theme.LINE))[1]
        for label, text in slide.items:
            paras = fit.word(label, text)
            high = height(paras, (WIDE - fit.INDENT) * INCH) / INCH
            high = min(high, fit.BOTTOM - top)
            if label:
                canvas.rect((base.LEFT, top, 0.04, high), edge)
            canvas.text(paras, (base.LEFT + fit.INDENT, top, WIDE - fit.INDENT, high))
            top += high + fit.GAP / INCH

    def _title(self, slide: Slide, canvas: Canvas) -> float:
        """Mark, title and the line under a claim; returns where contents begin."""
        mark = para(slide.mark or self.document.title, SMALL, theme.SEAL, bold=True)
        canvas.outside("mark", [mark], (base.LEFT, 0.33, WIDE, 0.22))
        claim = slide.title if isinstance(slide.title, ClaimBlock) else None
        canvas.title(claim_element(claim) if claim else "Title", [fit.title(slide.title)])
        top = fit.body_top(slide.title)
        if claim:
            name = f"under:{claim_element(claim)}"
            canvas.outside("meta", [self._meta(claim)], (base.LEFT, top - 0.43, WIDE, 0.22), name)
        return top

    def _meta(self, claim: ClaimBlock) -> Para:
        """What stands under a sentence: kind, size where the sentence has none, evidence id."""
        edge = EDGES.get(claim.strength, theme.ACCENT)
        pieces = [Piece(claim.strength_label, CAPTION - 1, edge, True)]
        if claim.place == "summary" and claim.money:
            pieces.append(Piece(f"  {self._money(claim.money)}", CAPTION - 1, theme.MUTED))
        if claim.n is not None and claim.parts and not fit.SIZE.search(claim.parts[-1].text):
            base_words = f" · {claim.base}" if claim.base else ""
            pieces.append(Piece(f"  n = {claim.n:,}{base_words}", CAPTION - 1, theme.MUTED))
        pieces.append(Piece(f"  {self.word('evidence')} {claim.id}", SMALL, theme.FAINT))
        return Para(tuple(pieces))

    def _money(self, money: float) -> str:
        language = self.document.language
        shown = format_value(abs(Decimal(str(money))), "money", language, short=True)
        gap = "" if language == "zh" else " "
        return f"{self.word('money_at_stake')} {shown}{gap}{currency_word(self.document.currency, language)}"

    def _sentences(
        self,
        canvas: Canvas,
        claims: tuple[ClaimBlock, ...],
        room: tuple[float, float, float, float],
        size: float,
    ) -> float:
        """Sentences below each other, each with its mark and what stands under it; returns where they end."""
        x, y, w, h = room
        inner = w - fit.INDENT
        needs = [fit.tall(claim, size, inner * INCH) / INCH for claim in claims]
        over = sum(needs) > h + fit.GAP / INCH
        by = h / sum(needs) if over else 1.0
        for claim, need in zip(claims, needs, strict=True):
            high = need * by - (fit.META + fit.GAP) / INCH
            canvas.rect((x, y, 0.05, high + fit.META / INCH - 0.03), EDGES.get(claim.strength, theme.ACCENT))
            text = fit.said(claim, size)
            canvas.text([text], (x + fit.INDENT, y, inner, high), name=claim_element(claim), least=0.35)
            canvas.text([self._meta(claim)], (x + fit.INDENT, y + high + 0.03, inner, 0.2))
            y += need * by
        return y

    def _panels(self, canvas: Canvas, claims: tuple[ClaimBlock, ...], top: float, first: int) -> None:
        """Sentences large, each on a surface of its own; numbered from `first` where it is not 0."""
        gap = 0.24
        high = min((fit.BOTTOM - top - gap * (len(claims) - 1)) / max(len(claims), 1), 2.5)
        for place, claim in enumerate(claims):
            y = top + place * (high + gap)
            canvas.rect((base.LEFT, y, WIDE, high), theme.SOFT)
            canvas.rect((base.LEFT, y, 0.07, high), EDGES.get(claim.strength, theme.ACCENT))
            left = 0.35
            if first:
                number = para(str(first + place), 32, theme.SEAL, bold=True)
                canvas.text([number], (base.LEFT + left, y, 0.7, high - 0.1), anchor="ctr")
                left += 0.75
            inner = WIDE - left - 0.3
            advice = 0.4 if claim.so_what else 0.0
            spot = (base.LEFT + left, y + 0.15, inner, high - 0.6 - advice)
            canvas.text([fit.said(claim, 22.0)], spot, name=claim_element(claim), anchor="ctr", least=0.3)
            canvas.text([self._meta(claim)], (base.LEFT + left, y + high - 0.36 - advice, inner, 0.22))
            if claim.so_what:
                below = (base.LEFT + left, y + high - 0.1 - advice, inner, advice)
                canvas.text([self._advice(claim)], below, least=0.5)

    def _advice(self, claim: ClaimBlock) -> Para:
        """Advice of the strategy matrix: under the sentence, no part of it."""
        colon = "：" if self.document.language == "zh" else ": "
        return para(f"{self.word('so_what')}{colon}{claim.so_what}", CAPTION, theme.SEAL)

    def _card(self, canvas: Canvas, card: Card, place: tuple[float, float, float, float]) -> None:
        x, y, w = place[:3]
        canvas.rect(place, theme.SOFT)
        inner = w - 0.36
        canvas.text([para(card.label, 12, theme.MUTED)], (x + 0.18, y + 0.14, inner, 0.46))
        unit_room = width(card.unit, 14) / INCH + 0.08 if card.unit else 0.0
        size = 32.0
        while size > 14 and width(card.shown, size, bold=True) / INCH > inner - unit_room:
            size -= 2
        shown = min(width(card.shown, size, bold=True) / INCH + 0.06, inner - unit_room)
        canvas.text(
            [para(card.shown, size, theme.INK, bold=True)],
            (x + 0.18, y + 0.62, shown, 0.62),
            name=f"cell:{card.cell}@card",
            anchor="b",
            wrap=False,
        )
        if card.unit:
            unit = para(card.unit, 14, theme.MUTED)
            canvas.text([unit], (x + 0.18 + shown, y + 0.62, unit_room + 0.1, 0.56), anchor="b")
        if card.change_cell:
            colour = theme.SEAL if card.direction == "down" else theme.ACCENT
            canvas.text([para(ARROWS[card.direction], 11, colour)], (x + 0.18, y + 1.34, 0.2, 0.26))
            run = width(card.change_shown, 12, bold=True) / INCH + 0.06
            canvas.text(
                [para(card.change_shown, 12, colour, bold=True)],
                (x + 0.38, y + 1.32, run, 0.26),
                name=f"cell:{card.change_cell}@change",
                wrap=False,
            )
            rest = max(inner - run - 0.24, 0.3)
            label = para(card.change_label, CAPTION, theme.MUTED)
            canvas.text([label], (x + 0.42 + run, y + 1.335, rest, 0.42))

    def _figure(self, canvas: Canvas, figure: FigureBlock, place: tuple[float, float, float, float]) -> bool:
        """The figure as an editable chart, or as a picture; returns whether part of it is left out."""
        drawing = self.pictures.drawing(figure)
        chart = native(figure, drawing, self.document.language)
        if chart is not None:
            chartpart.add(canvas, figure, chart, place)
            return chart.cut
        name = picture_element(figure.ref)
        canvas.picture(name, self.pictures.png(figure), place, self._told(figure))
        return drawing.cut

    def _told(self, figure: FigureBlock) -> str:
        return f"{self.word('figure')} {self.pictures.numbers[figure.ref]}: {figure.title}"

    def _caption(
        self, canvas: Canvas, figure: FigureBlock, place: tuple[float, float, float, float], cut: bool
    ) -> None:
        """Number, title, units, source, definitions."""
        drawing = self.pictures.drawing(figure)
        number = Piece(
            f"{self.word('figure')} {self.pictures.numbers[figure.ref]}  ", CAPTION, theme.INK, True
        )
        said = [figure.title]
        units = [unit for unit in drawing.units if unit]
        if units:
            said.append(f"{self.word('unit')} {' / '.join(units)}")
        if drawing.hatched:
            said.append(f"▨ {self.word('unfinished')}")
        said.append(f"{self.word('slides_source')} {figure.table.ref}")
        if figure.note:
            said.append(figure.note)
        if cut:
            said.append(self.word("partial_chart").format(analysis=figure.table.analysis))
        canvas.text([Para((number, Piece(" · ".join(said), CAPTION, theme.MUTED)))], place)


def _question(lead: str) -> str:
    """What an analysis asks, where there is no room for the days that it looks at."""
    end = max(lead.rfind("？"), lead.rfind("?"))
    return lead[: end + 1] if end >= 0 else lead


def _cover_colours(canvas: Canvas) -> tuple[str, str]:
    """Colours of strong and of muted text on covers and dividers: these are dark on the report's own master."""
    return (theme.COVER_TEXT, theme.COVER_MUTED) if canvas.own else (theme.INK, theme.MUTED)
