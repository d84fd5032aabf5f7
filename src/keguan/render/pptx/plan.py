"""Which slides a document becomes, and what stands on each: the same on every template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from keguan.render.pptx import fit
from keguan.render.pptx.fit import Part
from keguan.report.document import (
    ClaimBlock,
    Comment,
    Document,
    FigureBlock,
    Heading,
    KpiCards,
    Missing,
    NoteBlock,
    Paragraph,
    Section,
    TableBlock,
)
from keguan.report.summary.rank import WEIGHT

MOST_ROWS = 20  # a longer table is left to the other forms


@dataclass(frozen=True)
class Slide:
    """One slide: `mark` says which part of the report it belongs to, `title` is its one message."""

    title: ClaimBlock | str
    mark: str = ""


@dataclass(frozen=True)
class Cover(Slide):
    """The first slide."""


@dataclass(frozen=True)
class Contents(Slide):
    """The sections with the slides that they begin on."""


@dataclass(frozen=True)
class Divider(Slide):
    """Begins a section; `left`: titles of tables that are too large for slides."""

    section: Section | None = None
    headings: tuple[Heading, ...] = ()
    said: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cards(Slide):
    """Headline figures, and sentences below them."""

    cards: KpiCards | None = None
    claims: tuple[ClaimBlock, ...] = ()


@dataclass(frozen=True)
class Claims(Slide):
    """Sentences, `numbered` from this place in the summary, and a table below them."""

    claims: tuple[ClaimBlock, ...] = ()
    numbered: int = 0
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Chart(Slide):
    """A figure, with sentences beside it."""

    figure: FigureBlock | None = None
    claims: tuple[ClaimBlock, ...] = ()


@dataclass(frozen=True)
class Grid(Slide):
    """A table, or two short ones."""

    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Words(Slide):
    """Label and text by turns; nothing in it is a claim."""

    items: tuple[tuple[str, str], ...] = ()
    kind: str = ""


@dataclass
class Plan:
    """Slides of a document, in order, with the slide each section begins on."""

    document: Document
    slides: list[Slide] = field(default_factory=list)
    starts: dict[str, int] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """A fixed word of the document."""
        return self.document.words[name]

    def add(self, slides: Iterable[Slide]) -> None:
        """Slides at the end."""
        self.slides.extend(slides)


def plan(document: Document) -> Plan:
    """All slides."""
    out = Plan(document)
    out.add([Cover(document.title), Contents(document.words["contents"])])
    for section in document.sections:
        out.starts[section.id] = len(out.slides) + 1
        if section.kind == "summary":
            out.add(_summary(out, section))
        elif section.kind == "missing":
            out.add(_missing(out, section))
        elif section.kind == "body":
            out.add(_body(out, section))
        else:
            out.add(_method(out, section))
    return out


def _summary(out: Plan, section: Section) -> Iterable[Slide]:
    """Cards with the first sentence, then two a slide."""
    claims = [block for block in section.blocks if isinstance(block, ClaimBlock)]
    cards = [block for block in section.blocks if isinstance(block, KpiCards)]
    first = 1 if cards else 0
    if cards:
        yield Cards(section.title, section.title, cards[0], tuple(claims[:1]))
    for place in range(first, len(claims), 2):
        yield Claims(section.title, section.title, tuple(claims[place : place + 2]), place + 1)
    notes = [(out.word(block.kind), block.text) for block in section.blocks if isinstance(block, NoteBlock)]
    yield from _words(section.title, section.title, notes, "note")


def _body(out: Plan, section: Section) -> Iterable[Slide]:
    mark = f"{section.number} {section.title}".strip()
    headings = tuple(block for block in section.blocks if isinstance(block, Heading) and block.id)
    said = tuple(block.text for block in section.blocks if isinstance(block, Paragraph))
    short = not headings and fit.on_divider(said)
    slides: list[Slide] = []
    if not short:
        slides += _words(section.title, mark, [("", text) for text in said], "text")
    opinions = [(_author(out, block), block.text) for block in section.blocks if isinstance(block, Comment)]
    slides += _words(section.title, mark, opinions, "comment")
    remarks: list[tuple[str, str]] = []
    left: list[str] = []
    for heading, blocks in _analyses(section):
        name = heading.text if heading else section.title
        made, unseen = _analysis(name, f"{mark} · {heading.text}" if heading else mark, blocks)
        slides += made
        left += unseen
        notes = [block for block in blocks if isinstance(block, NoteBlock)]
        remarks += [(f"{name} · {out.word(block.kind)}", block.text) for block in notes]
    slides += _words(out.word("info"), mark, remarks, "note")
    yield Divider(section.title, mark, section, headings, said if short else (), tuple(left))
    yield from slides


def _author(out: Plan, block: Comment) -> str:
    day = f" · {block.on.isoformat()}" if block.on else ""
    return f"{block.author}{day} · {out.word('comment_note')}"


def _analyses(section: Section) -> list[tuple[Heading | None, list[object]]]:
    """Blocks by the heading that they stand under."""
    out: list[tuple[Heading | None, list[object]]] = [(None, [])]
    for block in section.blocks:
        if isinstance(block, Heading):
            out.append((block, []))
        else:
            out[-1][1].append(block)
    return out


def _analysis(name: str, mark: str, blocks: list[object]) -> tuple[list[Slide], list[str]]:
    """Sentences of no figure, each figure with its sentences, tables; and the titles of tables too large."""
    figures = [block for block in blocks if isinstance(block, FigureBlock)]
    claims = [block for block in blocks if isinstance(block, ClaimBlock)]
    bound = {figure.ref: [claim for claim in claims if claim.figure == figure.ref] for figure in figures}
    free = [claim for claim in claims if claim.figure not in bound]
    if len(free) == 1 and figures:
        bound[figures[0].ref] += free
        free = []
    slides: list[Slide] = [Cards(name, mark, block) for block in blocks if isinstance(block, KpiCards)]
    slides += _claims(name, mark, free)
    rest: list[ClaimBlock] = []
    for figure in figures:
        made, rest = _figure(name, mark, figure, [*bound[figure.ref], *rest])
        slides += made
    slides += _claims(name, mark, rest)
    left = []
    for block in blocks:
        if isinstance(block, TableBlock):
            if len(block.rows) <= MOST_ROWS or not (figures or claims):
                _put_table(slides, name, mark, block)
            else:
                left.append(block.title)
    return slides, left


def strongest(claims: Sequence[ClaimBlock]) -> ClaimBlock:
    """The sentence that is a slide's message: tested before described, then by money; the first of equals."""
    return max(claims, key=lambda claim: (WEIGHT[claim.strength], abs(claim.money or 0.0)))


def _claims(name: str, mark: str, claims: Sequence[ClaimBlock]) -> Iterable[Slide]:
    """Sentences without a figure: the strongest is the title, as many of the rest as fit below it."""
    rest = list(claims)
    while rest:
        head = strongest(rest)
        rest.remove(head)
        if not rest or not fit.title_fits(head):
            first = [head, *rest]
            taken = fit.taken(first, fit.BODY_HEIGHT)
            yield Claims(name, mark, tuple(first[:taken]))
            rest = first[taken:]
            continue
        taken = fit.taken(rest, fit.body_height(head))
        yield Claims(head, mark, tuple(rest[:taken]))
        rest = rest[taken:]


def _figure(
    name: str, mark: str, figure: FigureBlock, claims: Sequence[ClaimBlock]
) -> tuple[list[Slide], list[ClaimBlock]]:
    """The figure under its strongest sentence, others beside it; returns those that find no room.

    Sentences of an earlier figure or of none may come along: they are of the same analysis, and never the title here.
    """
    own = [claim for claim in claims if claim.figure == figure.ref]
    title: ClaimBlock | str = figure.title
    rest = list(claims)
    if own and fit.title_fits(strongest(own)):
        title = strongest(own)
        rest = [claim for claim in claims if claim is not title]
    beside = fit.beside(rest, title)
    return [Chart(title, mark, figure, tuple(rest[:beside]))], rest[beside:]


def _put_table(slides: list[Slide], name: str, mark: str, table: TableBlock) -> None:
    """Below the sentences or the short table of the slide before where there is room, else on its own."""
    last = slides[-1] if slides else None
    made = fit.part(table, alone=False)
    if isinstance(last, Claims) and not last.parts:
        room = fit.left_below(last.title, last.claims)
        if made.whole + fit.PART_EXTRA <= room:
            slides[-1] = replace(last, parts=(made,))
            return
    if isinstance(last, Grid):
        before = tuple(fit.part(part.table, alone=False) for part in last.parts)
        both = sum(part.whole + fit.PART_EXTRA for part in (*before, made))
        if both <= fit.BODY_HEIGHT:
            slides[-1] = Grid(name, mark, (*before, made))
            return
    made = fit.part(table)
    slides.append(Grid(table.title, mark, (made,)))


def _missing(out: Plan, section: Section) -> Iterable[Slide]:
    items = []
    colon = "：" if out.document.language == "zh" else ": "
    for block in section.blocks:
        if isinstance(block, Missing):
            said = f"{out.word('missing_answers')}{colon}{block.answers}" if block.answers else ""
            need = f"{out.word('missing_data')}{colon}{block.data}"
            items.append((block.title, f"{said}\n{need}".strip()))
    lead = [("", section.lead)] if section.lead else []
    yield from _words(section.title, section.title, lead + items, "missing")


def _method(out: Plan, section: Section) -> Iterable[Slide]:
    """What the deck does not print: where the evidence stands and how the file is proved."""
    document = out.document
    items: list[tuple[str, str]] = []
    notes = [block.text for block in section.blocks if isinstance(block, NoteBlock)]
    items.append((out.word("evidence"), out.word("slides_evidence")))
    items += [(out.word("info"), text) for text in notes]
    items.append((out.word("method"), document.words["verify_hint"]))
    items.append(("", document.generated))
    yield from _words(out.word("slides_method"), out.word("slides_method"), items, "facts")


def _words(title: str, mark: str, items: Sequence[tuple[str, str]], kind: str) -> Iterable[Slide]:
    """Labelled texts, as many a slide as fit."""
    rest = list(items)
    while rest:
        taken = fit.words(rest)
        yield Words(title, mark, tuple(rest[:taken]), kind)
        rest = rest[taken:]
