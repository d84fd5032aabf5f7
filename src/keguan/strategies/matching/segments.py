"""Each segment: its customers and money, the strategy that it gets, where it buys, whether it looks at the price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keguan.analysis import Inputs
from keguan.marts.strategy_matrix import NO_STRATEGY, Matrix, Rule
from keguan.schema.vocabulary import UNKNOWN

FIRST = {"complaint": "solve_topic", "unsolved": "solve_complaints", "dissatisfied": "call_dissatisfied",
         "theme": "answer_theme", "price": "price_offer"}  # fmt: skip


@dataclass
class Segment:
    """What is known of one segment."""

    segmentation: str
    label: str
    customers: int = 0
    money: Any = 0
    strategies: dict[str, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)

    def channel(self, min_n: int) -> tuple[str, float, int] | None:
        """The known channel with most orders, its share of all orders, and these; None below the smallest number, or
        where no order names a channel."""
        orders = sum(self.channels.values())
        known = [name for name in self.channels if name != UNKNOWN]
        if orders < max(min_n, 1) or not known:
            return None
        name = max(known, key=lambda key: (self.channels[key], key))
        return name, self.channels[name] / orders, orders

    def rule(self, matrix: Matrix) -> tuple[Rule | None, str]:
        """The rule of the segment, and how it was found: the matrix names it, or most of its customers have it.

        Where the rule depends on the customer, that of the largest number of its customers.
        """
        own = {rule.id: rule for rule in matrix.of(self.segmentation, self.label)}
        if len(own) == 1:
            return next(iter(own.values())), "rule"
        held = {name: n for name, n in self.strategies.items() if name != NO_STRATEGY}
        if own:
            return own[max(own, key=lambda name: (held.get(name, 0), own[name].when is None))], "rule"
        if not held:
            return None, "none"
        return matrix.strategies()[max(held, key=lambda name: (held[name], name))], "members"


def facts_sql(candidates: str, segments: str) -> str:
    """Customers and money of each segment and strategy. Parameter $from_day of window_facts."""
    return f"""
WITH {candidates}
SELECT s.label AS segment, coalesce(a.label, '{NO_STRATEGY}') AS strategy, count(*) AS customers,
       CAST(coalesce(sum(w.window_net), 0) AS DECIMAL(18, 4)) AS money
FROM {segments} s
LEFT JOIN assigned a ON a.account_no = s.account_no
LEFT JOIN window_facts w ON w.account_no = s.account_no
GROUP BY s.label, coalesce(a.label, '{NO_STRATEGY}')
ORDER BY s.label, strategy
"""


def channels_sql(segments: str) -> str:
    """Orders of each segment by channel, from $since on."""
    return f"""
SELECT s.label AS segment, coalesce(nullif(trim(l.channel), ''), '{UNKNOWN}') AS channel,
       CAST(sum(l.opens_order) AS BIGINT) AS orders
FROM order_lines l JOIN {segments} s ON s.account_no = l.account_no
WHERE l.day >= $since
GROUP BY s.label, coalesce(nullif(trim(l.channel), ''), '{UNKNOWN}')
HAVING sum(l.opens_order) > 0
ORDER BY s.label, channel
"""


def read(inputs: Inputs, segmentation: str, candidates: str, bound: Mapping[str, Any]) -> list[Segment]:
    """The segments of one segmentation, those with most money first."""
    view = inputs.segment(segmentation)
    found: dict[str, Segment] = defaultdict(lambda: Segment(segmentation, ""))
    for row in inputs.query(facts_sql(candidates, view), from_day=bound["since"]).to_pylist():
        segment = found[row["segment"]]
        segment.label = row["segment"]
        segment.customers += int(row["customers"])
        segment.money += row["money"]
        segment.strategies[row["strategy"]] = int(row["customers"])
    for row in inputs.query(channels_sql(view), since=bound["since"]).to_pylist():
        if row["segment"] in found:
            found[row["segment"]].channels[row["channel"]] = int(row["orders"])
    return sorted(found.values(), key=lambda item: (-item.money, -item.customers, item.label))


def first_measure(pain: Mapping[str, Any] | None) -> str:
    """What the facts ask for before what the matrix says."""
    return FIRST[pain["pain"]] if pain else "as_matrix"


def price_of(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The row of price sensitivity."""
    return next((row for row in rows if row["pain"] == "price"), None)
