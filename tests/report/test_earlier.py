"""The section against the earlier report: what it calls new, gone or the same is so, whatever recipe or language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from keguan.core.text import Language
from keguan.report.changes import with_changes
from keguan.report.compose import compose
from keguan.report.document import ClaimBlock, Document, Facts, NoteBlock, Section
from keguan.report.earlier import Previous
from keguan.report.phrases import phrase
from keguan.report.recipe import Recipe, load_recipe
from keguan.result import Result
from report import sample


def made(
    results: Mapping[str, Result],
    recipe: str = "monthly",
    language: Language = "en",
    before: Document | None = None,
) -> Document:
    previous = Previous.of(before.manifest, language) if before else None
    chosen = load_recipe(recipe)
    context = replace(sample.context(), previous=previous)
    return compose(
        results, sample.analyses(), with_changes(chosen) if previous else chosen, language, context
    )


def section(document: Document) -> Section:
    return next(section for section in document.sections if section.id == "changes")


def notes(document: Document) -> list[str]:
    return [block.text for block in section(document).blocks if isinstance(block, NoteBlock)]


def new(document: Document) -> list[str]:
    return [block.key for block in section(document).blocks if isinstance(block, ClaimBlock)]


def gone(document: Document) -> list[str]:
    return [text for block in section(document).blocks if isinstance(block, Facts) for _, text in block.items]


def without(name: str, place: int) -> dict[str, Result]:
    """The sample without one claim."""
    results = sample.results()
    claims = results[name].claims
    results[name] = replace(results[name], claims=claims[:place] + claims[place + 1 :])
    return results


def lesser(name: str, place: int) -> dict[str, Result]:
    """The sample with one claim that may not stand in a summary."""
    results = sample.results()
    claims = list(results[name].claims)
    claims[place] = replace(claims[place], summary=False)
    results[name] = replace(results[name], claims=tuple(claims))
    return results


def test_the_same_sentences_are_called_the_same_and_only_then() -> None:
    before = made(sample.results())
    assert notes(made(sample.results(), before=before)) == [phrase("same_claims", "en")]
    missing = without("rfm", 0)
    came = made(sample.results(), before=made(missing))
    assert new(came) == [sample.results()["rfm"].claims[0].key]
    went = made(missing, before=before)
    assert len(gone(went)) == 1
    same = phrase("same_claims", "en")
    assert same not in notes(came)
    assert same not in notes(went)


def test_sentences_that_define_a_segment_are_counted_alike_whether_they_came_or_went() -> None:
    whole, missing = lesser("rfm", 0), without("rfm", 0)
    minor = [phrase("minor_claims", "en", n=1)]
    for first, second in ((missing, whole), (whole, missing)):
        document = made(second, before=made(first))
        assert (new(document), gone(document), notes(document)) == ([], [], minor)


def test_what_another_recipe_did_not_print_is_no_news() -> None:
    """The page for the management prints few of the sentences that it draws: the monthly report finds none of these new."""
    results = sample.results()
    before = made(results, "management")
    printed = {item["key"] for item in before.manifest["claims"]}
    drawn = {key for keys in before.manifest["keys"].values() for key in keys}
    after = made(results, before=before)
    assert printed < drawn
    assert (new(after), gone(after)) == ([], [])
    apart = set(results) - set(before.manifest["keys"])
    assert not apart or any(f"({len(apart)})" in note for note in notes(after))
    assert phrase("same_claims", "en") not in notes(after) or not apart


def test_analyses_of_one_report_alone_are_named_and_their_sentences_are_neither_new_nor_gone() -> None:
    few = {name: result for name, result in sample.results().items() if name != "rfm"}
    for first, second in ((few, sample.results()), (sample.results(), few)):
        document = made(second, before=made(first))
        title = sample.analyses()["rfm"].title.en
        assert (new(document), gone(document)) == ([], [])
        assert notes(document) == [
            phrase("same_of_both", "en"),
            phrase("not_compared", "en", n=1, names=title),
        ]
    previous = Previous.of(made(few).manifest, "en")
    known = previous.known(sample.results())
    assert {claim.key for claim in sample.results()["rfm"].claims} <= known


def test_a_new_sentence_has_its_evidence_in_the_report() -> None:
    results = sample.results()
    recipe = load_recipe("management")
    lone = replace(
        with_changes(recipe),
        summary_claims=0,
        cards=(),
        considers=("rfm",),
        sections=with_changes(recipe).sections,
    )
    before = _of(lone, without("rfm", 0), None)
    after = _of(lone, results, before)
    assert new(after) == [results["rfm"].claims[0].key]
    assert new(after)[0] in {item["key"] for item in after.manifest["claims"]}


def _of(recipe: Recipe, results: Mapping[str, Result], before: Document | None) -> Document:
    previous = Previous.of(before.manifest, "en") if before else None
    return compose(results, sample.analyses(), recipe, "en", replace(sample.context(), previous=previous))


def test_sentences_of_an_earlier_report_in_another_language_do_not_enter() -> None:
    before = made(sample.results(), language="zh")
    after = made(without("rfm", 0), before=before)
    assert gone(after) == []
    assert notes(after) == [phrase("gone_foreign", "en", n=1)]
    assert after.manifest["previous"]["claims"] == {}
    kept = Previous.kept(after.manifest["previous"])
    assert kept.json() == after.manifest["previous"]


def test_a_sentence_that_was_drawn_and_not_printed_is_counted() -> None:
    before = made(sample.results())
    key = sample.results()["rfm"].claims[0].key
    listed = [item for item in before.manifest["claims"] if item["key"] != key]
    unprinted = replace(before, manifest={**before.manifest, "claims": listed})
    after = made(without("rfm", 0), before=unprinted)
    assert (gone(after), notes(after)) == ([], [phrase("gone_unprinted", "en", n=1)])
