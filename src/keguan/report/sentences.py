"""Claims as blocks: the sentence in its pieces, with what stands under it."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import Analysis
from keguan.core.text import Language, Text, format_value
from keguan.evidence.cells import Test
from keguan.report.context import ReportContext
from keguan.report.document import ClaimBlock, ClaimEvidence, Place, ValueEvidence
from keguan.report.phrases import phrase
from keguan.report.wording import reference, sentence_value, spans, tables_of
from keguan.result import Claim, Result


@dataclass(frozen=True)
class Writer:
    """Writes the claims of a report in one language."""

    language: Language
    context: ReportContext

    def claim(self, result: Result, analysis: Analysis, claim: Claim, place: Place = "body") -> ClaimBlock:
        """One sentence as a block."""
        wording = analysis.text.get(claim.says)
        if wording is None:
            raise KeyError(f"{analysis.name}: TEXT has no entry '{claim.says}'")
        return ClaimBlock(
            id=self.context.claim_id(result, claim),
            key=claim.key,
            analysis=analysis.name,
            parts=spans(result, claim, wording, self.language, self.context.currency),
            strength=claim.strength,
            strength_label=phrase(claim.strength, self.language),
            n=claim.n,
            base=claim.base.in_(self.language),
            money=claim.money or None,
            test=self.test(claim.test) if claim.test else "",
            figure=f"{analysis.name}.{claim.figure}" if claim.figure else None,
            place=place,
            so_what=self.text(self.context.advice.get(claim.about))
            if claim.about and place == "summary"
            else "",
        )

    def test(self, test: Test) -> str:
        """The test under a sentence in one line."""
        passed = phrase("test_passed" if test.passed else "test_failed", self.language)
        parts = [f"{test.method}, {passed}"]
        if test.p is not None:
            parts.append("p < 0.0001" if test.p < 0.0001 else f"p = {test.p:.3g}")
        if test.low is not None and test.high is not None:
            ends = {"low": _figure(test.low), "high": _figure(test.high)}
            parts.append(phrase("interval", self.language, **ends))
        if test.corrected:
            parts.append(test.corrected)
        return " · ".join(parts)

    def evidence(self, result: Result, analysis: Analysis, claim: Claim) -> ClaimEvidence:
        """The sentence with the cells that its figures stand in."""
        block = self.claim(result, analysis, claim, "evidence")
        values = tuple(
            ValueEvidence(
                name=name,
                shown=sentence_value(result, value, self.language),
                reference=reference(value),
                tables=tuple(f"{analysis.name}.{table}" for table in tables_of(value)),
            )
            for name, value in claim.values.items()
        )
        return ClaimEvidence(block, values, self._facts(block, claim))

    def _facts(self, block: ClaimBlock, claim: Claim) -> tuple[tuple[str, str], ...]:
        size = "–" if block.n is None else f"{block.n:,}"
        facts = [
            (phrase("kind", self.language), block.strength_label),
            (phrase("n", self.language), f"{size} ({block.base})" if block.base else size),
            (phrase("key", self.language), claim.key),
        ]
        if block.test:
            facts.append((phrase("test", self.language), block.test))
        if claim.certainty < 1:
            certainty = format_value(claim.certainty, "share", self.language, 0)
            facts.append((phrase("certainty", self.language), certainty))
        return tuple(facts)

    def text(self, text: Text | None) -> str:
        """A text in the report's language; empty for none."""
        return text.in_(self.language) if text else ""


def _figure(value: float) -> str:
    """An end of an interval: whole from a thousand up, four significant places below."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
