"""The section that holds a report against an earlier one: which sentences are new, which no longer hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from keguan.analysis import Analysis
from keguan.core.text import Text
from keguan.report.document import Block, Facts, Heading, NoteBlock
from keguan.report.earlier import Previous
from keguan.report.phrases import phrase
from keguan.report.recipe import Recipe, SectionRecipe
from keguan.report.sentences import Writer
from keguan.report.summary import Candidate
from keguan.result import Result

MOST = 8  # sentences listed of each kind


def with_changes(recipe: Recipe) -> Recipe:
    """The recipe with a section for what changed, after the summary, unless it has one."""
    if any(section.fill == "changes" for section in recipe.sections):
        return recipe
    section = SectionRecipe(
        "changes", Text("与上期报告相比", "Against the last report"), "changes", analyses=("changes",)
    )
    place = 1 if recipe.sections and recipe.sections[0].fill == "summary" else 0
    return replace(recipe, sections=(*recipe.sections[:place], section, *recipe.sections[place:]))


def differences(
    previous: Previous, results: Mapping[str, Result], analyses: Mapping[str, Analysis], writer: Writer
) -> Iterator[Block]:
    """Sentences that are new, by their weight, and those that are gone; only of analyses that both reports have."""
    both = {analysis for analysis, _ in previous.claims.values()} & set(results)
    now = {claim.key for name in both for claim in results[name].claims}
    new = sorted(
        (
            Candidate(results[name], claim)
            for name in both
            for claim in results[name].claims
            if claim.key not in previous.claims and claim.summary
        ),
        key=lambda item: item.rank(frozenset(previous.claims)),
    )
    gone = [said for key, said in previous.claims.items() if said[0] in both and key not in now]
    language = writer.language
    if new:
        yield Heading(phrase("new_claims", language))
        for item in new[:MOST]:
            yield writer.claim(item.result, analyses[item.result.analysis], item.claim, "changes")
        if len(new) > MOST:
            yield NoteBlock("info", phrase("more_new", language, n=len(new) - MOST))
    if gone:
        items = tuple((writer.text(analyses[name].title), text) for name, text in gone[:MOST])
        yield Facts(phrase("gone_claims", language, since=previous.as_of.isoformat()), items)
        if len(gone) > MOST:
            yield NoteBlock("info", phrase("more_gone", language, n=len(gone) - MOST))
    if not new and not gone:
        yield NoteBlock("info", phrase("same_claims", language))
