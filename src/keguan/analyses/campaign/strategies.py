"""Strategies side by side: what each cost and brought, and, where it had a control, what it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Any

from keguan.analyses.campaign.case import ALPHA, Case
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.experiments.arms import CONTROL
from keguan.result import Column, Table

STRATEGY_COLUMNS = (
    Column("strategy", Text("策略", "Strategy"), "text", role="key"),
    Column("runs", Text("活动数", "Campaigns"), "count"),
    Column("members", Text("成员（不含对照组）", "Members without the control"), "count"),
    Column("ordered", Text("转化客户数", "Customers who ordered"), "count"),
    Column("share", Text("转化率", "Conversion"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("cost", Text("投入资源", "Cost"), "money"),
    Column("revenue", Text("成员净销售额", "Net revenue of members"), "money"),
    Column("output_input", Text("ROI(产出/投入)", "Output / input"), "ratio", 2),
    Column("control", Text("对照组", "Control"), "count"),
    Column("effect", Text("转化率的增量", "Increment of conversion"), "points",
           note=Text("有对照的活动按成员数加权；减去对照组的转化率", "campaigns with a control, weighted by members; less the "
                     "control's conversion")),
    Column("effect_low", Text("增量下限", "Increment from"), "points", role="low"),
    Column("effect_high", Text("增量上限", "Increment to"), "points", role="high"),
    Column("p_adjusted", Text("校正后 p", "p adjusted"), "number", 4,
           note=Text("与其他策略之差的 p，Benjamini-Hochberg 校正", "of the difference from the others, by Benjamini-Hochberg")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="strategy_verdict"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Increment:
    """Conversion treated less that of the control over some campaigns, weighted by treated members; its variance."""

    value: float
    variance: float
    control: int


def strategy_of(case: Case) -> str:
    """The strategy, else the campaign's own name."""
    return case.row["strategy"] or case.name


def strategy_table(inputs: Inputs, cases: Sequence[Case], sql: str) -> Table:
    """One row a strategy; which one stands out is told from controls alone, each against all others, corrected."""
    least = inputs.settings.min_n
    groups: dict[str, list[Case]] = {}
    for case in cases:
        if case.members():
            groups.setdefault(strategy_of(case), []).append(case)
    judged = {name: [case for case in held if _compared(case, least)] for name, held in groups.items()}
    tests = _against_others(judged)
    rows = [
        _row(name, held, _increment(judged[name]), tests.get(name), least) for name, held in groups.items()
    ]
    rows.sort(key=lambda row: (row["effect"] is None, -(row["effect"] or 0.0), row["strategy"]))
    return inputs.computed(
        "strategies", Text("策略对比", "Strategies compared"), STRATEGY_COLUMNS, ("strategy",), rows,
        method="evidence.statistics.wilson; increments weighted by members", sql=sql,
        note=Text("各策略的客群不同：增量之差也包含客群之差。没有对照的策略只列事实，不分高下",
                  "strategies reached different customers: a difference of increments holds theirs, too. Strategies without "
                  "a control are facts, and none is called the best"),
    )  # fmt: skip


def _compared(case: Case, least: int) -> bool:
    return case.state == "tested" and min(case.members(), case.members(CONTROL)) >= least


def _increment(cases: Sequence[Case]) -> Increment | None:
    heads = sum(case.members() for case in cases)
    if not heads:
        return None
    value = variance = 0.0
    for case in cases:
        weight = case.members() / heads
        one, base = (case.ordered(side) / case.members(side) for side in ("treated", CONTROL))
        value += weight * (one - base)
        variance += weight**2 * (one * (1 - one) / case.members() + base * (1 - base) / case.members(CONTROL))
    return Increment(value, variance, sum(case.members(CONTROL) for case in cases))


def _against_others(judged: Mapping[str, Sequence[Case]]) -> dict[str, tuple[float, float]]:
    """Of each strategy with a control: its increment less that of all others, and p corrected."""
    found: list[tuple[str, float, float]] = []
    for name, own in judged.items():
        mine = _increment(own)
        rest = _increment([case for other, held in judged.items() if other != name for case in held])
        if mine is None or rest is None:
            continue
        variance = mine.variance + rest.variance
        gap = mine.value - rest.value
        found.append((name, gap, two_sided(gap / sqrt(variance)) if variance > 0 else 1.0))
    adjusted = benjamini_hochberg([p for _, _, p in found])
    return {name: (gap, q) for (name, gap, _), q in zip(found, adjusted, strict=True)}


def _row(
    name: str, cases: Sequence[Case], found: Increment | None, test: tuple[float, float] | None, least: int
) -> dict[str, Any]:
    members, ordered = sum(case.members() for case in cases), sum(case.ordered() for case in cases)
    ends = wilson(ordered, members) if members >= least else None
    costs = [case.cost for case in cases]
    cost = sum((value for value in costs if value is not None), Decimal(0)) if None not in costs else None
    revenue = sum((case.total("revenue") for case in cases), Decimal(0))
    reach = z_value() * sqrt(found.variance) if found else None
    return {
        "strategy": name, "runs": len(cases), "members": members, "ordered": ordered,
        "share": ordered / members if ends else None, "low": ends.low if ends else None, "high": ends.high if ends else None,
        "cost": cost, "revenue": revenue, "output_input": float(revenue / cost) if cost else None,
        "control": found.control if found else 0, "effect": found.value if found else None,
        "effect_low": found.value - reach if found and reach is not None else None,
        "effect_high": found.value + reach if found and reach is not None else None,
        "p_adjusted": test[1] if test else None, "verdict": _verdict(cases, found, test),
    }  # fmt: skip


def _verdict(cases: Sequence[Case], found: Increment | None, test: tuple[float, float] | None) -> str:
    if found is None:
        states = {case.state for case in cases}
        if states == {"no_control"}:
            return "no_control"
        return "unfinished" if "running" in states else "not_alike" if "not_alike" in states else "too_few"
    if test is None:
        return "alone"
    gap, q = test
    return "no_difference" if q > ALPHA else "above" if gap > 0 else "below"
