"""What a claim weighs: money at stake x certainty x novelty; for a finding without money, its certainty alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

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
LEAD = "revenue_change/year"  # what happened to revenue comes first, also when it hardly moved

# How much of the money is news. A tested change is; a change that is only computed may be chance; a level
# (all profit, the largest channel) was there before and would be read in every report.
CHANGED, COMPUTED, STANDING = 1.0, 0.6, 0.2
# Beyond six standard errors chance is out of the question either way: more says nothing about importance.
FARTHEST = 6.0


@dataclass(frozen=True)
class Candidate:
    """A claim with the result it comes from. `against`: the claim before it in the summary that it disagrees with."""

    result: Result
    claim: Claim
    against: Candidate | None = None

    @property
    def topic(self) -> str:
        """What the sentence is about; two sentences of one topic would repeat each other."""
        return self.claim.topic or f"{self.result.analysis}/{self.claim.says}"

    @property
    def tested(self) -> bool:
        """Whether a test stands under it and passed."""
        claim = self.claim
        return claim.strength == "tested" and (claim.test is None or claim.test.passed)

    @property
    def sure(self) -> float:
        """How certain, weighed by the kind of statement."""
        return max(0.0, min(1.0, self.claim.certainty)) * WEIGHT[self.claim.strength]

    def novelty(self, known: frozenset[str]) -> float:
        """From the claim itself: tested change, computed change, level. `known`: keys of the previous report;
        given these, a claim that was not in it is news whatever it says."""
        if known and self.claim.key not in known:
            return CHANGED
        if self.claim.change is None:
            return STANDING
        return CHANGED if self.tested else COMPUTED

    def rank(self, known: frozenset[str]) -> tuple[bool, float, float, int, str]:
        """Sorts the strongest first; the key breaks ties, so that order of arrival never matters."""
        money = abs(self.claim.money) * self.sure * self.novelty(known)
        return self.topic != LEAD, -money, -self.sure, -(self.claim.n or 0), self.claim.key

    @property
    def unpriced(self) -> bool:
        """A tested finding without money that somebody can act on: something moved, or is worse than elsewhere."""
        return self.tested and not self.claim.money and (self.claim.worse or self.claim.change is not None)

    @property
    def urgency(self) -> tuple[bool, bool, float, int, str]:
        """Order of findings without money: worse first, moved first, then effect in standard errors, then n."""
        claim = self.claim
        return not claim.worse, claim.change is None, -errors_away(claim), -(claim.n or 0), claim.key


def errors_away(claim: Claim) -> float:
    """How many standard errors the effect is away from none, by the test's p; its certainty where it gives none."""
    p = claim.test.p if claim.test is not None and claim.test.p is not None else 1 - claim.certainty
    if p <= 2 * NormalDist().cdf(-FARTHEST):
        return FARTHEST
    return NormalDist().inv_cdf(1 - min(p, 1.0) / 2)
