"""What a test would need to settle an open scenario, and what it is worth to know.

The worth is the expected value of perfect information (Raiffa and Schlaifer 1961): what is won on average by knowing the true
effect before deciding, against deciding on what is believed now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from keguan.evidence.statistics.sample_size import cohens_h, units_for_mean, units_for_share
from keguan.strategies.simulation.scenarios import Natural, Scenario

MOST_OPEN, MOST_UNKNOWN = 7, 5
YEAR = 365  # days


@dataclass(frozen=True, slots=True)
class Rules:
    """Points that a test finds where no cost is known, days of a round, the fewest customers of an arm."""

    points: float
    days: int
    min_n: int


@dataclass(frozen=True, slots=True)
class Test:
    """Customers an arm (power 80 %, 5 %), the effect it finds (money per head, or points), rounds with all customers of today."""

    __test__ = False  # not a pytest class

    goal: str
    per_arm: int
    finds_money: float | None
    finds_points: float | None
    rounds: int


def settled_by(scenarios: Sequence[Scenario], pooled: Natural, rules: Rules) -> list[tuple[Scenario, Test]]:
    """Open scenarios by what it is worth to know, those that a year settles first; then assumptions and offers without a
    control, each once: with the group where most money is at stake, so that the same relative effect brings most."""
    opened = [
        (item, test)
        for item in scenarios
        if item.verdict == "open" and (test := test_of(item, pooled, rules)) is not None
    ]
    opened.sort(key=lambda pair: (
        pair[1].rounds * rules.days > YEAR, -(pair[0].worth or 0.0), pair[0].group, pair[0].offer.key
    ))  # fmt: skip
    others: dict[tuple[str, str], tuple[Scenario, Test]] = {}
    for item in sorted(
        (item for item in scenarios if item.source in ("declared", "unknown") and item.reachable),
        key=lambda item: (item.source, -_at_stake(item), item.group, item.offer.key),
    ):
        test = test_of(item, pooled, rules)
        if test is not None:
            others.setdefault(item.offer.key, (item, test))
    return opened[:MOST_OPEN] + list(others.values())[:MOST_UNKNOWN]


def _at_stake(item: Scenario) -> float:
    natural = item.today.natural
    return natural.money / natural.n * item.reachable if natural.n else 0.0


def test_of(item: Scenario, pooled: Natural, rules: Rules) -> Test | None:
    """The test that finds an effect as large as the cost, else one of so many points; None where nothing is known to size it.
    An arm never has fewer than the customers from which arms are compared."""
    natural = item.today.natural if item.today.natural.n >= rules.min_n else pooled
    deviation = natural.deviation or pooled.deviation
    if item.cost and item.reachable and deviation > 0:
        head = item.cost / item.reachable
        found = units_for_mean(head / deviation)
        per_buyer = natural.per_buyer or pooled.per_buyer
        points_found = head / per_buyer if per_buyer and per_buyer >= head else None
        return _test("break_even", found, item.reachable, rules.min_n, (head, points_found))
    if natural.rate is None or natural.rate + rules.points > 1:
        return None
    found = units_for_share(cohens_h(natural.rate + rules.points, natural.rate))
    return _test("points", found, item.reachable, rules.min_n, (None, rules.points))


def _test(
    goal: str, units: float | None, reachable: int, min_n: int, finds: tuple[float | None, float | None]
) -> Test | None:
    if units is None:
        return None
    per_arm = max(ceil(units - 1e-9), min_n)
    return Test(goal, per_arm, *finds, ceil(2 * per_arm / reachable))
