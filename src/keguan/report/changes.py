"""The section that holds a report against an earlier one: which sentences are new, which no longer hold.

Compared are sentences of analyses that both reports ran, whether their recipes print them or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from keguan.analysis import Analysis
from keguan.core.text import Text
from keguan.report.document import Block, Facts, Heading, NoteBlock
from keguan.report.earlier import OWN, Previous, claim_keys
from keguan.report.phrases import phrase
from keguan.report.recipe import Recipe, SectionRecipe
from keguan.report.sentences import Writer
from keguan.report.summary import Candidate
from keguan.result import Result

MOST = 8  # sentences or analyses listed of each kind


@dataclass(frozen=True)
class Compared:
    """Keys of two reports. `new` and `gone`: those that may stand in a summary; `minor`: how many of the others came
    or went; `apart`: analyses that only one of the two ran."""

    new: frozenset[str]
    gone: tuple[str, ...]
    minor: int
    apart: tuple[str, ...]


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
    """Sentences that are new, by their weight, and those that are gone; then what was not compared or is not listed."""
    found = compared(previous, results)
    yield from _new(found, previous, results, analyses, writer)
    yield from _gone(found, previous, analyses, writer)
    if found.minor:
        yield _note(writer, "minor_claims", n=found.minor)
    if not found.new and not found.gone and not found.minor and len(previous.keys) > len(found.apart):
        yield _note(writer, "same_of_both" if found.apart else "same_claims")
    if found.apart:
        titles = [writer.text(analyses[name].title) if name in analyses else name for name in found.apart]
        names = ("、" if writer.language == "zh" else ", ").join(titles[:MOST])
        yield _note(
            writer, "not_compared", n=len(titles), names=f"{names} …" if len(titles) > MOST else names
        )


def compared(previous: Previous, results: Mapping[str, Result]) -> Compared:
    """What the two reports have in common and what not, the comparison's own sentences apart."""
    before = {name: keys for name, keys in previous.keys.items() if name != OWN}
    after = {name: keys for name, keys in claim_keys(results).items() if name != OWN}
    both = [name for name in after if name in before]
    was = {key: weighty for name in both for key, weighty in before[name].items()}
    now = {key: weighty for name in both for key, weighty in after[name].items()}
    came = {key: weighty for key, weighty in now.items() if key not in was}
    went = {key: weighty for key, weighty in was.items() if key not in now}
    return Compared(
        frozenset(key for key, weighty in came.items() if weighty),
        tuple(key for key, weighty in went.items() if weighty),
        sum(not weighty for weighty in (*came.values(), *went.values())),
        tuple(sorted(before.keys() ^ after.keys())),
    )


def news(found: Compared, previous: Previous, results: Mapping[str, Result]) -> list[Candidate]:
    """The sentences that are new, the weightiest first."""
    known = previous.known(results)
    candidates = (Candidate(result, claim) for result in results.values() for claim in result.claims)
    new = (item for item in candidates if item.claim.key in found.new)
    return sorted(new, key=lambda item: item.rank(known))


def listed(previous: Previous, results: Mapping[str, Result]) -> frozenset[str]:
    """Analyses of the new sentences that the section prints: their evidence belongs into the report."""
    new = news(compared(previous, results), previous, results)
    return frozenset(item.result.analysis for item in new[:MOST])


def _new(
    found: Compared,
    previous: Previous,
    results: Mapping[str, Result],
    analyses: Mapping[str, Analysis],
    writer: Writer,
) -> Iterator[Block]:
    new = news(found, previous, results)
    if new:
        yield Heading(phrase("new_claims", writer.language))
    for item in new[:MOST]:
        yield writer.claim(item.result, analyses[item.result.analysis], item.claim, "changes")
    if len(new) > MOST:
        yield _note(writer, "more_new", n=len(new) - MOST)


def _gone(
    found: Compared, previous: Previous, analyses: Mapping[str, Analysis], writer: Writer
) -> Iterator[Block]:
    """The sentences as the earlier report printed them; of others, and in another language, only how many."""
    said = [previous.claims[key] for key in found.gone if key in previous.claims]
    if said:
        items = tuple((_title(name, analyses, writer), text) for name, text in said[:MOST])
        yield Facts(phrase("gone_claims", writer.language, since=previous.as_of.isoformat()), items)
    if len(said) > MOST:
        yield _note(writer, "more_gone", n=len(said) - MOST)
    if left := len(found.gone) - len(said):
        foreign = previous.language not in ("", writer.language)
        yield _note(writer, "gone_foreign" if foreign else "gone_unprinted", n=left)


def _title(name: str, analyses: Mapping[str, Analysis], writer: Writer) -> str:
    return writer.text(analyses[name].title) if name in analyses else name


def _note(writer: Writer, name: str, **values: object) -> NoteBlock:
    return NoteBlock("info", phrase(name, writer.language, **values))
