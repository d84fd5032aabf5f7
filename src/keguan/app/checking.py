"""Every claim is checked before anybody sees it: its figures exist and its words are allowed."""

from __future__ import annotations

from dataclasses import replace

from keguan.analysis import Analysis
from keguan.core.text import LANGUAGES, Text
from keguan.evidence.wording import broken_rules
from keguan.report.wording import spans
from keguan.result import Claim, Computed, Note, Result

NO_NUMBER = ("text", "label", "date", "datetime", "month")


def checked(result: Result, analysis: Analysis) -> Result:
    """The result without claims that cannot stand; each one left out is said in a note."""
    kept: list[Claim] = []
    notes = list(result.notes)
    for claim in result.claims:
        wrong = faults(result, analysis, claim)
        if not wrong:
            kept.append(claim)
            continue
        listed = "; ".join(wrong)
        notes.append(Note(Text(f"结论 {claim.key} 未通过检查, 未显示: {listed}",
                               f"Claim {claim.key} failed its check and is not shown: {listed}"),
                          "withheld"))  # fmt: skip
    return replace(result, claims=tuple(kept), notes=tuple(notes))


def faults(result: Result, analysis: Analysis, claim: Claim) -> tuple[str, ...]:
    """What is wrong with a claim: a figure that does not exist, a word that its test does not allow."""
    wording = analysis.text.get(claim.says)
    if wording is None:
        return (f"TEXT[{claim.says!r}]",)
    found: list[str] = []
    for name, value in claim.values.items():
        try:
            if result.value(value) is None:
                found.append(f"{name} = null")
        except KeyError as error:
            found.append(f"{name}: {error}")
    if found:
        return tuple(found)
    for language in LANGUAGES:
        try:
            # Words of the data (a product named 'Better Lamp') are not ours: only the sentence is judged.
            parts = spans(result, own_words(claim), wording, language)
            text = "".join(part.text for part in parts if part.value is None)
        except KeyError as error:
            return (f"{{{error}}}",)
        found += broken_rules(text, claim.strength, claim.test, figures(result, claim))
    return tuple(found)


def figures(result: Result, claim: Claim) -> int:
    """How many cells with a number the sentence rests on."""
    return sum(
        2 if isinstance(value, Computed) else result.unit(value)[0] not in NO_NUMBER
        for value in claim.values.values()
    )


def own_words(claim: Claim) -> Claim:
    """The claim with labels that come from the data taken out; terms of a vocabulary are ours and stay."""
    labels = {
        name: (value if vocabulary else "·", vocabulary) for name, (value, vocabulary) in claim.labels.items()
    }
    return replace(claim, labels=labels)
