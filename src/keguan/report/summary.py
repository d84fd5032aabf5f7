"""The executive summary: which sentences matter most, by money at stake and by how certain they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keguan.result import Claim, Result, Strength

# A tested difference is a finding, a fact may only describe; a recommendation or a forecast of the same
# money says less than something that has happened.
WEIGHT: Mapping[Strength, float] = {
    "fact": 1.0,
    "tested": 3.0,
    "estimate": 0.8,
    "forecast": 0.7,
    "recommendation": 0.6,
}


MOST_OF_ONE = 2
LEAD = "revenue_change/year"  # what happened to revenue comes first, also when it hardly moved


@dataclass(frozen=True)
class Candidate:
    """A claim with the result it comes from."""

    result: Result
    claim: Claim

    @property
    def topic(self) -> str:
        """What the sentence is about; two sentences of one topic would repeat each other."""
        return self.claim.topic or f"{self.result.analysis}/{self.claim.says}"

    @property
    def rank(self) -> tuple[bool, float, float, int, str]:
        """Sorts the strongest first; the key breaks ties, so that order of arrival never matters."""
        sure = max(0.0, min(1.0, self.claim.certainty)) * WEIGHT[self.claim.strength]
        return (
            self.topic != LEAD,
            -abs(self.claim.money) * sure,
            -sure,
            -(self.claim.n or 0),
            self.claim.key,
        )


def strongest(results: Iterable[Result], most: int = 7) -> tuple[Candidate, ...]:
    """At most `most` claims for the summary, no two of one topic; never one about its own definition."""
    candidates = [Candidate(result, claim) for result in results for claim in result.claims if claim.summary]
    chosen: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda item: item.rank):
        chosen.setdefault(candidate.topic, candidate)
    ranked = list(chosen.values())
    first = _spread(ranked)[:most]
    rest = [candidate for candidate in ranked if candidate not in first]
    return tuple(sorted((first + rest)[:most], key=lambda item: item.rank))


def _spread(ranked: Iterable[Candidate]) -> list[Candidate]:
    """At most MOST_OF_ONE from one analysis: a summary speaks of the whole report. The rest only fills up."""
    taken: dict[str, int] = {}
    kept = []
    for candidate in ranked:
        name = candidate.result.analysis
        taken[name] = taken.get(name, 0) + 1
        if taken[name] <= MOST_OF_ONE:
            kept.append(candidate)
    return kept
