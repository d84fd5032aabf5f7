"""Each group of customers of today with each offer: what is to be expected of it, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.two_level_pooling import Mixture
from keguan.marts.campaigns.groups import KINDS, NEVER
from keguan.marts.contactable import channel_key
from keguan.marts.strategy_matrix import Expected, Matrix, Rule
from keguan.schema.vocabulary import UNKNOWN
from keguan.strategies.simulation.responses import PLACE, Group, Offer, Response, Scales, scales_of

SOURCES = ("measured", "borrowed", "declared", "unknown")


@dataclass(frozen=True, slots=True)
class Natural:
    """What a group did by itself over some days: members, who ordered, sum of money and of its square."""

    n: int
    ordered: int
    money: float
    squares: float

    @property
    def rate(self) -> float | None:
        """The share who ordered."""
        return self.ordered / self.n if self.n else None

    @property
    def per_buyer(self) -> float | None:
        """Money of one who ordered; None where it is not above zero."""
        return self.money / self.ordered if self.ordered and self.money > 0 else None

    @property
    def deviation(self) -> float:
        """Standard deviation of money per head."""
        if self.n < 2:
            return 0.0
        return sqrt(max(self.squares - self.money**2 / self.n, 0.0) / (self.n - 1))

    @property
    def square(self) -> float:
        """The mean squared money of those who ordered; 0 where nobody did."""
        return self.squares / self.ordered if self.ordered else 0.0

    def scales(self, square: float) -> Scales:
        """Standard deviations per head, with one usual buyer (of that squared money) and one other more."""
        within = max(self.squares - self.money**2 / self.n, 0.0) if self.n else 0.0
        return scales_of(self.n, self.ordered, within + square, square)

    def plus(self, other: Natural) -> Natural:
        """Both groups together."""
        return Natural(
            self.n + other.n,
            self.ordered + other.ordered,
            self.money + other.money,
            self.squares + other.squares,
        )


@dataclass
class Today:
    """Customers of a group now, how many may be contacted by channel, and what such a group did by itself."""

    customers: int
    reach: Mapping[str, int]
    natural: Natural = field(default_factory=lambda: Natural(0, 0, 0.0, 0.0))


@dataclass(frozen=True)
class Range:
    """Low, expected, high."""

    low: float
    mid: float
    high: float

    def times(self, factor: float, less: float = 0.0) -> Range:
        """Each multiplied (factor not negative), less something."""
        return Range(self.low * factor - less, self.mid * factor - less, self.high * factor - less)


@dataclass(frozen=True, slots=True)
class Seen:
    """Of a group without anything done: standard deviations per head, and money of one who orders."""

    scales: Scales
    per_buyer: float | None


@dataclass(frozen=True)
class Scenario:
    """Figures are totals over the customers who can be reached. `own`: what the group itself showed, before pooling."""

    group: Group
    offer: Offer
    today: Today
    reachable: int
    source: str
    own: Response | None = None
    buyers: Range | None = None
    money: Range | None = None
    cost: float | None = None
    chance: float | None = None
    worth: float | None = None
    basis: Expected | None = None

    @property
    def net(self) -> Range | None:
        """Money less cost."""
        return None if self.money is None or self.cost is None else self.money.times(1.0, self.cost)

    @property
    def hopeful(self) -> bool:
        """Whether it is expected to pay."""
        return self.net is not None and self.net.mid > 0

    @property
    def verdict(self) -> str:
        """What may be said of it."""
        if self.source == "unknown" or self.money is None:
            return "unknown"
        if self.net is None:
            return "no_cost"
        if self.source == "declared":
            return "assumed"
        return "pays" if self.net.low > 0 else "loses" if self.net.high < 0 else "open"


def todays(
    now: Sequence[Mapping[str, Any]], past: Sequence[Mapping[str, Any]], base: str, windows: Sequence[str], kind: str
) -> dict[Group, Today]:  # fmt: skip
    """Groups of today; a window that is not the customer's own holds all customers of the segment."""
    place = PLACE[base]
    natural = {
        (row["segment"], row["band"]): Natural(
            int(row["members"]), int(row["ordered"]), float(row[f"a{place}"] or 0), float(row[f"b{place}"] or 0)
        )
        for row in past
    }  # fmt: skip
    found: dict[Group, Today] = {}
    for row in now:
        if row["band"] == NEVER:  # no segment of customers who never bought says what they would buy
            continue
        reach = {name.removeprefix("reach_"): int(n) for name, n in row.items() if name.startswith("reach_")}
        own = natural.get((row["segment"], row["band"]), Natural(0, 0, 0.0, 0.0))
        for window in (row["band"],) if kind in KINDS else windows:
            found[row["segment"], window] = Today(int(row["customers"]), reach, own)
    return found


def scenarios_of(
    groups: Mapping[Group, Today],
    offers: Sequence[Offer],
    matrix: Matrix,
    segmentation: str,
    declared_cost: float,
    pooled: Natural,
    min_n: int,
) -> list[Scenario]:
    """Every group that is large enough with every offer of a campaign, and with its own strategy of the matrix where no
    campaign made that."""
    found = []
    for group, today in sorted(groups.items()):
        if today.customers < min_n:
            continue
        own = _own_strategy(matrix, segmentation, group[0], offers)
        seen = Seen(
            (today.natural if today.natural.n >= min_n else pooled).scales(pooled.square),
            (today.natural if today.natural.ordered >= min_n else pooled).per_buyer,
        )
        for offer, rule in [*((offer, None) for offer in offers), *own]:
            cost = offer.head_cost if offer.head_cost is not None else declared_cost or None
            found.append(_scenario(group, today, offer, rule, cost, seen))
    return found


def _own_strategy(
    matrix: Matrix, segmentation: str, segment: str, offers: Sequence[Offer]
) -> Iterator[tuple[Offer, Rule]]:
    """The strategy of the matrix that holds for the segment as a whole, as an offer nobody has made yet."""
    rules = matrix.of(segmentation, segment)
    if rules and not any(offer.name == rules[-1].id and offer.tested for offer in offers):
        yield Offer(rules[-1].id, UNKNOWN), rules[-1]


def _scenario(
    group: Group, today: Today, offer: Offer, rule: Rule | None, head_cost: float | None, seen: Seen
) -> Scenario:
    reachable = today.reach[channel_key(offer.channel)]
    cost = None if head_cost is None else head_cost * reachable
    belief = offer.belief(group, seen.scales)
    if belief is None or not reachable:
        return _declared(group, today, offer, rule, (reachable, head_cost), seen.per_buyer)
    own = belief.own
    buyers = _range(belief.buyers).times(reachable)
    source = "measured" if own is not None else "borrowed"
    if belief.money is None:
        return Scenario(group, offer, today, reachable, source, own, buyers, cost=cost)
    money = _range(belief.money).times(reachable)
    if head_cost is None:
        return Scenario(group, offer, today, reachable, source, own, buyers, money)
    gain = max(belief.money.mean - head_cost, 0.0)
    return Scenario(
        group, offer, today, reachable, source, own, buyers, money, cost, belief.money.above(head_cost),
        max(belief.money.beyond(head_cost) - gain, 0.0) * reachable,
    )  # fmt: skip


def _declared(
    group: Group, today: Today, offer: Offer, rule: Rule | None, terms: tuple[int, float | None], value: float | None
) -> Scenario:  # fmt: skip
    """From the range that the matrix declares, taken as even; what one more buyer brings is what buyers of the group brought."""
    reachable, head_cost = terms
    told, cost = rule.expected if rule else None, None if head_cost is None else head_cost * reachable
    if told is None or not reachable:
        return Scenario(group, offer, today, reachable, "unknown", cost=cost)
    share = Range(told.low, (told.low + told.high) / 2, told.high)
    buyers = share.times(reachable)
    if value is None:
        return Scenario(group, offer, today, reachable, "declared", None, buyers, cost=cost, basis=told)
    money = buyers.times(value)
    chance = None if head_cost is None else _above(told, head_cost / value)
    return Scenario(group, offer, today, reachable, "declared", None, buyers, money, cost, chance, basis=told)


def _above(told: Expected, edge: float) -> float:
    """The part of the declared range that lies above the edge."""
    if told.high <= told.low:
        return float(told.low > edge)
    return min(1.0, max(0.0, (told.high - edge) / (told.high - told.low)))


def _range(belief: Mixture) -> Range:
    ends: Interval = belief.interval()
    return Range(ends.low, belief.mean, ends.high)


def best_of(scenarios: Sequence[Scenario], most: int) -> list[Scenario]:
    """The best, a group of customers once, so that all of them can be done: what is expected to pay and was measured in the
    group itself; what pays as borrowed from other groups; what should pay by assumption; measured ones by what they lose
    per head; and last what is hoped of other groups, which is a reason to test and no more."""
    priced = [item for item in scenarios if item.net is not None]
    hopeful = {
        source: sorted((i for i in priced if i.hopeful and i.source == source), key=_by_net)
        for source in SOURCES
    }
    pays = [item for item in hopeful["borrowed"] if item.verdict == "pays"]
    losing = sorted((i for i in priced if not i.hopeful and i.source == "measured"), key=_by_head)
    chosen: dict[Group, Scenario] = {}
    for item in (*hopeful["measured"], *pays, *hopeful["declared"], *losing, *hopeful["borrowed"]):
        chosen.setdefault(item.group, item)
    return list(chosen.values())[:most]


def _by_net(item: Scenario) -> tuple[int, float, Group, tuple[str, str]]:
    return SOURCES.index(item.source), -(item.net.mid if item.net else 0.0), item.group, item.offer.key


def _by_head(item: Scenario) -> tuple[float, Group, tuple[str, str]]:
    return -(item.net.mid if item.net else 0.0) / item.reachable, item.group, item.offer.key


def pooled_natural(groups: Mapping[Group, Today], kind: str) -> Natural:
    """What all groups did by themselves, each customer once."""
    total = Natural(0, 0, 0.0, 0.0)
    seen: set[str] = set()
    for (segment, _), today in sorted(groups.items()):
        if kind not in KINDS and segment in seen:
            continue
        seen.add(segment)
        total = total.plus(today.natural)
    return total
