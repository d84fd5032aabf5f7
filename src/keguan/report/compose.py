"""Results -> Document: the sections of a recipe filled in one language, with the manifest.

The language is chosen here, once. A section that no Result can fill becomes a line that says what to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from keguan.analysis import Analysis
from keguan.core.text import Language
from keguan.report.appendix import appendix
from keguan.report.body import Body, empty
from keguan.report.cards import kpi_cards
from keguan.report.changes import differences, listed
from keguan.report.context import ReportContext
from keguan.report.document import (
    Block,
    ClaimBlock,
    Comment,
    Document,
    Missing,
    NoteBlock,
    Paragraph,
    Section,
)
from keguan.report.earlier import Previous
from keguan.report.manifest import manifest
from keguan.report.phrases import PHRASES, currency_word, phrase
from keguan.report.recipe import Recipe, SectionRecipe
from keguan.report.sentences import Writer
from keguan.report.summary import strongest, summary_blocks
from keguan.result import Result

MOST_SOURCES = 5  # files named on the cover


def compose(
    results: Mapping[str, Result],
    analyses: Mapping[str, Analysis],
    recipe: Recipe,
    language: Language,
    context: ReportContext,
) -> Document:
    """The report that `recipe` describes.

    `results` by analysis name; `analyses`: every installed analysis by name (its texts, and what a missing
    one would need). KeyError when a claim refers to a cell or a text that does not exist.
    """
    used = _used(results, analyses, recipe)
    writer = Writer(language, context)
    printed = _printed(used, recipe, context.previous)
    filled = [(part, _blocks(part, used, printed, analyses, recipe, writer)) for part in recipe.sections]
    sections = _numbered(filled, writer)
    claims = {
        block.id: block for section in sections for block in section.blocks if isinstance(block, ClaimBlock)
    }
    data = manifest(sections, used, printed, claims, context, recipe, language)
    return Document(
        title=recipe.title.in_(language),
        subtitle=context.company,
        language=language,
        currency=context.currency,
        as_of=context.as_of,
        generated=_generated(writer),
        cover=_cover(writer, str(data["document_id"])),
        sections=sections,
        manifest=data,
        words={name: text.in_(language) for name, text in PHRASES.items()},
        advice={segment: text.in_(language) for segment, text in context.advice.items()},
        framework=tuple(tuple(text.in_(language) for text in row) for row in context.framework),
    )


def _used(
    results: Mapping[str, Result], analyses: Mapping[str, Analysis], recipe: Recipe
) -> dict[str, Result]:
    """Results that the recipe names, in its order; only what is printed enters summary and evidence."""
    return {name: results[name] for name in recipe.analyses if name in results and name in analyses}


def _known(previous: Previous | None, results: Mapping[str, Result]) -> frozenset[str]:
    """Keys of the sentences that are no news beside the earlier report."""
    return previous.known(results) if previous else frozenset()


def _printed(results: Mapping[str, Result], recipe: Recipe, previous: Previous | None) -> dict[str, Result]:
    """Results that the document shows anything of: all but those considered for the summary and not chosen."""
    shown = {name for name in recipe.analyses if name not in recipe.considers}
    shown |= {name for section in recipe.sections for name in section.analyses}
    known = _known(previous, results)
    shown |= {item.result.analysis for item in strongest(results.values(), recipe.summary_claims, known)}
    shown |= {card.value.table.partition(".")[0] for card in recipe.cards}
    if previous and any(section.fill == "changes" for section in recipe.sections):
        shown |= listed(previous, results)
    return {name: result for name, result in results.items() if name in shown}


def _blocks(
    part: SectionRecipe,
    results: Mapping[str, Result],
    printed: Mapping[str, Result],
    analyses: Mapping[str, Analysis],
    recipe: Recipe,
    writer: Writer,
) -> tuple[Block, ...]:
    if part.fill == "summary":
        return _summary(results, analyses, recipe, writer)
    if part.fill == "changes":
        previous = writer.context.previous
        if previous is None:
            return ()
        said = Body(results, analyses, recipe, writer).section(part)
        return (*said, *differences(previous, results, analyses, writer))
    if part.fill == "recommendations":
        advice = tuple(
            writer.claim(result, analyses[name], claim)
            for name, result in results.items()
            if recipe.collects(name)
            for claim in result.claims
            if claim.strength == "recommendation"
        )
        return advice + Body(results, analyses, recipe, writer).section(part)
    if part.fill == "comments":
        return tuple(_about(item, analyses, writer) for item in writer.context.comments)
    if part.fill == "appendix":
        return appendix(printed, analyses, writer)
    text = tuple(Paragraph(item.in_(writer.language)) for item in part.text)
    return text + Body(results, analyses, recipe, writer).section(part)


def _about(comment: Comment, analyses: Mapping[str, Analysis], writer: Writer) -> Comment:
    """The comment with the title of the analysis that it names."""
    named = analyses.get(comment.about or "")
    return replace(comment, about=writer.text(named.title)) if named else comment


def _summary(
    results: Mapping[str, Result], analyses: Mapping[str, Analysis], recipe: Recipe, writer: Writer
) -> tuple[Block, ...]:
    cards = kpi_cards(results, recipe, writer.language, writer.context)
    known = _known(writer.context.previous, results)
    chosen = strongest(results.values(), recipe.summary_claims, known)
    claims = list(summary_blocks(chosen, analyses, writer))
    nothing = [] if claims else [NoteBlock("info", phrase("nothing", writer.language))]
    return (*([cards] if cards.cards else []), *claims, *nothing)


def _numbered(filled: list[tuple[SectionRecipe, tuple[Block, ...]]], writer: Writer) -> tuple[Section, ...]:
    """Sections with something to say, numbered; then one that lists what is missing; then the appendix."""
    sections: list[Section] = []
    missing: list[Block] = []
    last: list[Section] = []
    told = any(isinstance(block, ClaimBlock) for _, blocks in filled for block in blocks)
    for part, blocks in filled:
        if empty(blocks):
            if part.answers is not None:
                missing.append(_missing(part, blocks, writer, told))
            continue
        said = tuple(_remark(block) for block in blocks)
        title, lead = part.title.in_(writer.language), writer.text(part.lead)
        if part.fill == "appendix":
            last.append(Section(part.id, title, said, lead=lead, kind="appendix"))
        elif part.fill == "summary":
            sections.append(Section(part.id, title, said, lead=lead, kind="summary"))
        else:
            number = str(1 + sum(section.kind == "body" for section in sections))
            sections.append(Section(part.id, title, said, number, lead))
    if missing:
        title, lead = phrase("missing_title", writer.language), phrase("missing_lead", writer.language)
        sections.append(Section("missing", title, tuple(missing), lead=lead, kind="missing"))
    return tuple(sections + last)


def _remark(block: Block) -> Block:
    """In a section that has something to say, an analysis without data is one line."""
    if not isinstance(block, Missing):
        return block
    colon = "：" if block.title and not block.title.isascii() else ": "
    return NoteBlock("missing", f"{block.title}{colon}{block.data}")


def _missing(part: SectionRecipe, blocks: tuple[Block, ...], writer: Writer, told: bool) -> Missing:
    return Missing(
        id=part.id,
        title=part.title.in_(writer.language),
        answers=writer.text(part.answers),
        data=_reason(part, blocks, writer, told),
        command=phrase("missing_command", writer.language),
    )


def _reason(part: SectionRecipe, blocks: tuple[Block, ...], writer: Writer, told: bool) -> str:
    """Why a section has nothing to say: the data that are not imported, else what its analyses say themselves.

    `told`: whether the document has sentences, under which advice stands.
    """
    language = writer.language
    if part.fill == "recommendations":
        name = "missing_no_advice" if told or part.data is None else "missing_not_imported"
        return phrase(name, language, data=writer.text(part.data))
    absent = [block.data for block in blocks if isinstance(block, Missing)]
    if absent:
        data = writer.text(part.data) or ("；" if language == "zh" else "; ").join(absent)
        return phrase("missing_not_imported", language, data=data)
    notes = [block.text for block in blocks if isinstance(block, NoteBlock)]
    if notes:
        return ("；" if language == "zh" else "; ").join(dict.fromkeys(notes))
    return phrase("missing_no_analysis" if part.fill == "analyses" else "nothing", language)


def _generated(writer: Writer) -> str:
    context = writer.context
    if context.generated is None:
        return phrase("generated", writer.language, version=context.keguan)
    at = context.generated.strftime("%Y-%m-%d %H:%M")
    return phrase("generated_at", writer.language, version=context.keguan, at=at)


def _cover(writer: Writer, document: str) -> tuple[tuple[str, str], ...]:
    """Label and fact, those that are known."""
    context, language = writer.context, writer.language
    currency = currency_word(context.currency, language)
    facts = [
        ("period", _period(writer)),
        ("as_of", context.as_of.isoformat()),
        ("currency", currency if currency == context.currency else f"{currency} ({context.currency})"),
        ("timezone", context.timezone),
        ("sources", _sources(context.sources, language)),
        ("document", document),
    ]
    return tuple((phrase(name, language), fact) for name, fact in facts if fact)


def _sources(names: tuple[str, ...], language: Language) -> str:
    """The files by name; of more than five the first four, and how many there are."""
    listed = ("、" if language == "zh" else ", ").join(
        names if len(names) <= MOST_SOURCES else names[: MOST_SOURCES - 1]
    )
    return (
        listed if len(names) <= MOST_SOURCES else phrase("sources_more", language, names=listed, n=len(names))
    )


def _period(writer: Writer) -> str:
    if writer.context.period is None:
        return ""
    first, last = writer.context.period
    return f"{first.isoformat()} {phrase('to', writer.language)} {last.isoformat()}"
