"""What past campaigns with a control say: the effect per head in each group of customers, from the moments of their arms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import fsum, sqrt
from typing import Any

from keguan.evidence.statistics.cuped import cuped
from keguan.evidence.statistics.moments import PairMoments, joined_pairs
from keguan.evidence.statistics.two_level_pooling import Mixture, two_level_pooling
from keguan.marts.experiments.arms import CONTROL
from keguan.marts.experiments.sums import sample, settled

Group = tuple[str, str]  # segment, window
REST: Group = ("", "")  # members of groups too small for an effect of their own, together
PLACE = {"revenue": 1, "margin": 2}
LETTERS = "nabcdef"


@dataclass(frozen=True, slots=True)
class Arm:
    """Members of one side in one group: how many, who ordered, money and spend before."""

    n: int
    ordered: int
    money: PairMoments

    def plus(self, other: Arm) -> Arm:
        """Both together."""
        return Arm(self.n + other.n, self.ordered + other.ordered, joined_pairs(self.money, other.money))


@dataclass(frozen=True, slots=True)
class Stratum:
    """Both sides of one group in one campaign; `slope`: of money on spend before, in that campaign."""

    treated: Arm
    control: Arm
    slope: float

    @property
    def weight(self) -> float:
        """What it counts beside other campaigns: the inverse of its variance were all customers alike."""
        return self.treated.n * self.control.n / (self.treated.n + self.control.n)

    def plus(self, other: Stratum) -> Stratum:
        """Two groups of one campaign together."""
        return Stratum(self.treated.plus(other.treated), self.control.plus(other.control), self.slope)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Treated less control per head, and the variance of its error."""

    value: float
    variance: float


@dataclass(frozen=True, slots=True)
class Scales:
    """Standard deviations per head, of having ordered and of money (None where nobody ever ordered)."""

    buyers: float
    money: float | None


@dataclass(frozen=True, slots=True)
class Response:
    """What one group showed: sizes, effect on the share who order and on money, and how far its customers differ."""

    treated: int
    control: int
    buyers: Estimate
    money: Estimate | None
    scales: Scales


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed after pooling, per head or in standard deviations. `own`: what the group itself showed."""

    own: Response | None
    buyers: Mixture
    money: Mixture | None

    def times(self, scales: Scales) -> Belief:
        """From standard deviations to heads."""
        money = self.money.times(scales.money) if self.money and scales.money else None
        return Belief(self.own, self.buyers.times(scales.buyers), money)


@dataclass
class Offer:
    """A strategy over a channel. `campaigns`: their names; `tested`: ids of those with a usable control; sizes are of
    the tested. `head_cost`: per treated member. `declared`: the rule of the matrix, where no campaign made the offer."""

    name: str
    channel: str
    campaigns: list[str] = field(default_factory=list)
    tested: list[str] = field(default_factory=list)
    treated: int = 0
    control: int = 0
    head_cost: float | None = None
    responses: dict[Group, Response] = field(default_factory=dict)
    beliefs: dict[Group, Belief] = field(default_factory=dict)  # per head
    average: Belief | None = None  # per head of a usual member
    unseen: Belief | None = None  # of a group without members enough, in standard deviations

    @property
    def key(self) -> tuple[str, str]:
        """Name and channel."""
        return self.name, self.channel

    def belief(self, group: Group, scales: Scales) -> Belief | None:
        """What is believed per head of a group: from its own members, else from the offer's other members."""
        if group in self.beliefs:
            return self.beliefs[group]
        return self.unseen.times(scales) if self.unseen else None


def strata_of(rows: Iterable[Mapping[str, Any]], base: str) -> dict[str, dict[Group, Stratum]]:
    """Campaign -> group -> both sides, from rows of `member_groups_sql`; groups with one side only are left out."""
    place = PLACE[base]
    arms: dict[str, dict[Group, dict[str, Arm]]] = {}
    for row in rows:
        group = (row["segment"], row["band"])
        arms.setdefault(row["campaign_id"], {}).setdefault(group, {})[row["side"]] = _arm(row, place)
    return {campaign: _campaign(groups) for campaign, groups in arms.items()}


def _arm(row: Mapping[str, Any], place: int) -> Arm:
    cells = {f"{letter}{place}": settled(row[f"{letter}{place}"]) for letter in LETTERS}
    money = sample(cells, place, 0.0, beside=True).beside
    assert money is not None  # asked for
    return Arm(int(row["members"]), int(row["ordered"]), money)


def _campaign(groups: Mapping[Group, Mapping[str, Arm]]) -> dict[Group, Stratum]:
    sides = [
        [held for arms in groups.values() for side, held in arms.items() if (side == CONTROL) is control]
        for control in (False, True)
    ]
    if not all(sides):
        return {}
    slope = cuped(*(reduce(joined_pairs, [arm.money for arm in side]) for side in sides)).theta
    return {
        group: Stratum(next(arm for side, arm in arms.items() if side != CONTROL), arms[CONTROL], slope)
        for group, arms in sorted(groups.items())
        if CONTROL in arms and len(arms) == 2
    }


def purchase_square(strata: Iterable[Stratum]) -> float:
    """The mean of the squared money of those who ordered, over all campaigns; 0 where nobody did."""
    arms = [arm for stratum in strata for arm in (stratum.treated, stratum.control)]
    ordered = sum(arm.ordered for arm in arms)
    squares = fsum(arm.money.first.squares + arm.n * arm.money.first.mean**2 for arm in arms)
    return squares / ordered if ordered else 0.0


def response_of(strata: Sequence[Stratum], square: float) -> Response:
    """The effect in one group over its campaigns, weighted by their sizes."""
    total = fsum(stratum.weight for stratum in strata)
    shares = [stratum.weight / total for stratum in strata]

    def weighted(found: Sequence[Estimate]) -> Estimate:
        pairs = list(zip(shares, found, strict=True))
        return Estimate(
            fsum(share * part.value for share, part in pairs),
            fsum(share * share * part.variance for share, part in pairs),
        )

    return Response(
        sum(stratum.treated.n for stratum in strata), sum(stratum.control.n for stratum in strata),
        weighted([_buyers(stratum) for stratum in strata]),
        weighted([_money(stratum, square) for stratum in strata]) if square > 0 else None,
        _scales([arm for part in strata for arm in (part.treated, part.control)], square),
    )  # fmt: skip


def _scales(arms: Sequence[Arm], square: float) -> Scales:
    """Within arms, with one usual buyer and one other more, as in the variances."""
    n = sum(arm.n for arm in arms)
    spread = fsum(arm.money.first.squares for arm in arms) + square
    return scales_of(n, sum(arm.ordered for arm in arms), spread, square)


def scales_of(n: int, ordered: int, squares: float, square: float) -> Scales:
    """From the members of a group, those who ordered, the squared deviations of money and those of one usual buyer."""
    share = (ordered + 1) / (n + 2)
    return Scales(sqrt(share * (1 - share)), sqrt(squares / (n + 1)) if square > 0 else None)


def _buyers(stratum: Stratum) -> Estimate:
    """Difference of shares; its variance with one buyer and one other more on each side (Agresti and Caffo 2000)."""
    sides = (stratum.treated, stratum.control)
    smoothed = [(arm.ordered + 1) / (arm.n + 2) for arm in sides]
    return Estimate(
        sides[0].ordered / sides[0].n - sides[1].ordered / sides[1].n,
        fsum(share * (1 - share) / arm.n for share, arm in zip(smoothed, sides, strict=True)),
    )


def _money(stratum: Stratum, square: float) -> Estimate:
    """Difference of money less what spend before explains; variance with one usual buyer and one other more on each side, so
    that a side in which nobody happened to buy is not certain."""
    slope = stratum.slope
    value = [
        arm.money.first.mean - slope * arm.money.second.mean for arm in (stratum.treated, stratum.control)
    ]
    variance = [
        (max(arm.money.first.squares - 2 * slope * arm.money.products + slope**2 * arm.money.second.squares, 0.0) + square)
        / (arm.n + 1) / arm.n
        for arm in (stratum.treated, stratum.control)
    ]  # fmt: skip
    return Estimate(value[0] - value[1], fsum(variance))


def responses_of(
    found: Sequence[Mapping[Group, Stratum]], square: float, min_n: int
) -> dict[Group, Response]:
    """The groups of one offer with enough members on both sides over its campaigns, and REST of the others together."""
    held: dict[Group, list[Stratum]] = {}
    for strata in found:
        for group, stratum in strata.items():
            held.setdefault(group, []).append(stratum)
    enough = {group for group, parts in held.items() if _least(parts) >= min_n}
    rest = [
        reduce(Stratum.plus, parts)
        for strata in found
        if (parts := [stratum for group, stratum in strata.items() if group not in enough])
    ]
    told = {group: response_of(held[group], square) for group in sorted(enough)}
    if rest and _least(rest) >= min_n:
        told[REST] = response_of(rest, square)
    return told


def _least(strata: Sequence[Stratum]) -> int:
    treated, control = (sum(getattr(part, side).n for part in strata) for side in ("treated", "control"))
    return int(min(treated, control))


def pool(offers: Sequence[Offer]) -> None:
    """Draws the groups of each offer to its mean and the offers to each other, in both measures.

    In standard deviations of each group: customers who spend ten times as much differ by ten times as much, and so do effects.
    """
    told = [offer for offer in offers if offer.responses]
    buyers = two_level_pooling([
        [_standard(part.buyers, part.scales.buyers) for part in offer.responses.values()] for offer in told
    ])  # fmt: skip
    priced = all(part.money and part.scales.money for offer in told for part in offer.responses.values())
    money = two_level_pooling([
        [_standard(part.money, part.scales.money or 0.0) for part in offer.responses.values() if part.money] for offer in told
    ]) if priced else None  # fmt: skip
    if buyers is None:
        return
    for place, offer in enumerate(told):
        average = Belief(None, buyers.groups[place], money.groups[place] if money else None)
        offer.average = average.times(_usual(list(offer.responses.values())))
        offer.unseen = Belief(None, buyers.unseen[place], money.unseen[place] if money else None)
        for at, (group, response) in enumerate(offer.responses.items()):
            own = Belief(response, buyers.parts[place][at], money.parts[place][at] if money else None)
            offer.beliefs[group] = own.times(response.scales)


def _standard(found: Estimate, scale: float) -> tuple[float, float]:
    return found.value / scale, found.variance / scale**2


def _usual(responses: Sequence[Response]) -> Scales:
    """Of the offer's members together: the root of the mean square."""
    sizes = [part.treated + part.control for part in responses]

    def root(values: Sequence[float]) -> float:
        return sqrt(fsum(n * value**2 for n, value in zip(sizes, values, strict=True)) / sum(sizes))

    money = [part.scales.money for part in responses if part.scales.money]
    return Scales(
        root([part.scales.buyers for part in responses]), root(money) if len(money) == len(sizes) else None
    )
