"""Sentences: the best scenarios with why, what would settle the open ones; and what a reader must know of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keguan.core.text import Text
from keguan.marts.campaigns.judged import Campaign
from keguan.result import Cell, Claim, Note, Result
from keguan.strategies.simulation.params import Params
from keguan.strategies.simulation.scenarios import Scenario
from keguan.strategies.simulation.tables import Simulated

_ZH = (
    "第 {{rank}} 位：对「{{segment}}」（{{window}}）可接触的 {{reachable}} 位客户做「{{offer}}」，期望净得 {{net}}"
    "（95% 区间 {{low}} 至 {{high}}），收回费用的概率 {{chance}}：{why}，费用 {{head_cost}}；{end}（n={{n}}，{{base}}）。"
)
_EN = (
    "No. {{rank}}: '{{offer}}' to the {{reachable}} customers of '{{segment}}' ({{window:l}}) who may be contacted is expected "
    "to bring {{net}} net (95% interval {{low}} to {{high}}), with a chance of {{chance}} to cover its cost: {why}, for a cost "
    "of {{head_cost}}; {end} (n={{n}}, {{base}})."
)
_WHY: Mapping[str, Text] = {
    "measured": Text(
        "每位多带来{on} {effect}（该组做过 {treated} 人、对照 {control} 人，自己的增量 {own}，已向同类收缩）",
        "{effect} of {on} per head beyond the control ({treated} treated and {control} held out in this group, its own increment "
        "{own}, pooled with its like)",
    ),
    "borrowed": Text(
        "每位多带来{on} {effect}（该组对照人数不足，借自该方案其他客户：做过 {treated} 人、对照 {control} 人）",
        "{effect} of {on} per head beyond the control (borrowed from the offer's other customers, {treated} treated and "
        "{control} held out, as too few of this group were among them)",
    ),
    "declared": Text(
        "按声明的假设每位多带来{on} {effect}，未测量",
        "{effect} of {on} per head by a declared assumption, not measured",
    ),
}  # fmt: skip
_END: Mapping[str, Text] = {
    "pays": Text("区间在零之上，收回费用", "the interval lies above zero: it pays"),
    "open": Text("区间含零，未定", "the interval holds zero: not settled"),
    "loses": Text(
        "区间在零之下，收不回费用：每位费用降到 {effect} 以内才能保本",
        "the interval lies below zero: it does not pay unless the cost per head comes down to {effect}",
    ),
    "loses_anyhow": Text("区间在零之下，收不回费用", "the interval lies below zero: it does not pay"),
    "assumed": Text("先做测试再推广", "test it before it is rolled out"),
}
TEXT: Mapping[str, Text] = {
    f"{source}_{end}": Text(
        _ZH.format(why=why.zh, end=said.zh), _EN.format(why=why.en, end=said.en)
    )
    for source, why in _WHY.items()
    for end, said in _END.items()
} | {
    "no_hope": Text(
        "该组有对照的 {scenarios} 个情景中，期望净得为正的有 {hopeful} 个：按以往的效果与费用，"
        "不值得对任何一组客户重做（n={n}，{base}）。",
        "Of {scenarios} scenarios measured in their own group with a control, {hopeful} have an expected net result above "
        "zero: at the effects and costs seen, none is worth repeating (n={n}, {base}).",
    ),
    "break_even": Text(
        "要定下「{offer}」对「{segment}」（{window}）是否收回费用：随机分成两组，每组 {per_arm} 位，能检出每位 {finds} 的增量"
        "（把握 80%）；可接触的有 {reachable} 位，需 {rounds} 轮、{weeks} 周；事先知道答案平均值 {worth}（n={n}，{base}）。",
        "To settle whether '{offer}' pays with '{segment}' ({window:l}): two random arms of {per_arm} customers find an "
        "increment of {finds} per head (power 80%); {reachable} may be contacted, which takes rounds: {rounds}, weeks: {weeks}; "
        "knowing the "
        "answer beforehand is worth {worth} on average (n={n}, {base}).",
    ),
    "points": Text(
        "「{offer}」对「{segment}」（{window}）没有有对照的结果：随机分成两组，每组 {per_arm} 位，能检出下单占比 {points} 之差"
        "（把握 80%）；可接触的有 {reachable} 位，需 {rounds} 轮、{weeks} 周（n={n}，{base}）。",
        "'{offer}' has no result with a control for '{segment}' ({window:l}): two random arms of {per_arm} customers find a "
        "difference of {points} in the share who order (power 80%); {reachable} may be contacted, which takes rounds: {rounds}, "
        "weeks: {weeks} (n={n}, {base}).",
    ),
    "first_control": Text(
        "「{offer}」对「{segment}」（{window}）没有有对照的结果：随机分成两组，每组 {per_arm} 位，能检出每位 {finds} 的增量，"
        "即正好收回费用（把握 80%）；可接触的有 {reachable} 位，需 {rounds} 轮、{weeks} 周（n={n}，{base}）。",
        "'{offer}' has no result with a control for '{segment}' ({window:l}): two random arms of {per_arm} customers find "
        "an increment of {finds} per head, which just covers the cost (power 80%); {reachable} may be contacted, which takes "
        "rounds: {rounds}, "
        "weeks: {weeks} (n={n}, {base}).",
    ),
}  # fmt: skip
OWN = Text("该组成员与对照", "members and control of the group")
ALL = Text("该方案的成员与对照", "members and control of the offer")
REACHED = Text("可接触的客户", "customers who may be contacted")
FIGURES = ("segment", "window", "offer", "reachable", "net", "chance", "effect", "head_cost")
MOST_TESTS = 2


def claims_of(result: Result, found: Simulated, params: Params) -> Iterator[Claim]:
    """One sentence for each of the best; where none is hopeful, so much; the tests that are worth most."""
    for rank, item in enumerate(found.best, 1):
        yield _best(rank, item, found.base, params.segmentation)
    yield from _no_hope(result, found)
    yield from _tests(result, params.segmentation)


def _best(rank: int, item: Scenario, base: str, method: str) -> Claim:
    key = {"rank": rank}
    values: dict[str, Any] = {name: Cell("best", key, name) for name in ("rank", *FIGURES)}
    values |= {"low": Cell("best", key, "net_low"), "high": Cell("best", key, "net_high")}
    if item.source != "declared":
        values |= {name: Cell("best", key, name) for name in ("treated", "control")}
    if item.source == "measured":
        values["own"] = Cell("best", key, "own_effect")
    net, own = item.net, item.own
    assert net is not None  # the best have one
    n, whom = (own.treated + own.control, OWN) if own else (item.offer.treated + item.offer.control, ALL)
    if item.source == "declared":
        n, whom = item.reachable, REACHED
    end = "loses_anyhow" if item.verdict == "loses" and item.money and item.money.mid <= 0 else item.verdict
    return Claim(
        f"{item.source}_{end}", f"simulation/best/{'/'.join((method, *item.group, *item.offer.key))}", values,
        n=n, base=whom, strength="estimate", labels={"on": (base, "campaign_base")}, money=float(abs(net.mid)),
        certainty=_certainty(item), topic=f"simulation/{rank}", figure="best",
        about=(method, item.group[0]) if item.hopeful else None, summary=item.source == "measured" and item.hopeful,
    )  # fmt: skip


def _certainty(item: Scenario) -> float:
    """How sure the verdict is; what was not measured in the group itself, no more than even."""
    sure = max(item.chance or 0.0, 1 - (item.chance or 0.0))
    return sure if item.source == "measured" else min(sure, 0.5)


def _no_hope(result: Result, found: Simulated) -> Iterator[Claim]:
    row = result.table("sources").find({"source": "measured"})
    priced = [item for item in found.scenarios if item.source == "measured" and item.net is not None]
    if row is None or row["hopeful"] or len(priced) < row["scenarios"]:
        return
    key = {"source": "measured"}
    made = {item.offer.key: item.offer for item in priced}.values()
    yield Claim(
        "no_hope", "simulation/no_hope", {name: Cell("sources", key, name) for name in ("scenarios", "hopeful")},
        n=sum(offer.treated + offer.control for offer in made), base=ALL, strength="estimate", topic="simulation/no_hope",
        money=float(sum((offer.head_cost or 0.0) * offer.treated for offer in made)), certainty=0.8,
    )  # fmt: skip


def _tests(result: Result, method: str) -> Iterator[Claim]:
    for row in result.table("settle").records()[:MOST_TESTS]:
        key = {name: row[name] for name in ("segment_method", "segment", "window", "offer", "channel")}
        names = ["segment", "window", "offer", "per_arm", "reachable", "rounds", "weeks"]
        told = row["worth"] is not None
        says = "points" if row["goal"] == "points" else "break_even" if told else "first_control"
        values = {name: Cell("settle", key, name) for name in names}
        if says == "points":
            values["points"] = Cell("settle", key, "finds_points")
        else:
            values["finds"] = Cell("settle", key, "finds_money")
        if says == "break_even":
            values["worth"] = Cell("settle", key, "worth")
        yield Claim(
            says, f"simulation/settle/{'/'.join(str(part) for part in key.values())}", values, n=row["reachable"], base=REACHED,
            strength="recommendation", money=float(row["worth"] or 0), certainty=0.5, topic="simulation/settle",
            about=(method, row["segment"]), summary=False,
        )  # fmt: skip


def notes_of(
    found: Simulated, campaigns: Sequence[Campaign], params: Params, min_n: int, small: int
) -> Iterator[Note]:
    """What a reader must know before the figures."""
    for state, kind, zh, en in _STATES:
        if names := [item.name for item in campaigns if item.state == state]:
            yield Note(Text(f"{zh}：{'、'.join(names)}", f"{en}: {', '.join(names)}"), kind)
    if not any(offer.responses for offer in found.offers):
        yield Note(Text("没有一个方案有可用的对照：效果未知，只列要留出多少人；没有对照的活动不说明效果",
                        "No offer has a usable control: effects are unknown, and only what to hold out is told; a campaign "
                        "without a control tells no effect"), "withheld")  # fmt: skip
    else:
        yield Note(Text("各组的效果已向方案的平均、方案向全部方案的平均收缩：挑出来的最大值总含运气，收缩后才可以挑；"
                        "费用按每位成员的以往费用乘以客户数",
                        "Effects of groups are drawn to their offer's mean and offers to each other: the largest of its like "
                        "always holds luck, and only after pooling may one pick; the cost is the past cost per member times "
                        "customers"))  # fmt: skip
    if any(item.source == "declared" for item in found.scenarios):
        yield Note(Text("标为「声明的假设」的情景来自策略矩阵，未测量；概率是声明区间中高出费用的那一段，不是证据",
                        "Scenarios called 'declared assumption' come from the strategy matrix and are not measured; their "
                        "chance is the part of the declared range that lies above the cost, and no evidence"),
                   "warning")  # fmt: skip
    if costless := sorted({item.offer.name for item in found.scenarios if item.verdict == "no_cost"}):
        yield Note(Text(f"没有费用，净得无从计算：{'、'.join(costless)}；请记录活动费用，或给出参数 cost_per_customer",
                        f"Without a cost there is no net result: {', '.join(costless)}; record the campaign's cost, or give the "
                        "parameter cost_per_customer"), "missing")  # fmt: skip
    if found.base == "revenue" and any(offer.responses for offer in found.offers):
        share = f"{params.known_cost:.0%}"
        yield Note(Text(f"商品成本已知的销售额不到 {share}：金额按净销售额计，不是毛利，净得因此偏高；导入商品成本后按毛利计",
                        f"The cost of goods is known for less than {share} of sales: money is net revenue and not margin, so "
                        "that net results come out too large; import the cost of goods"), "warning")  # fmt: skip
    if small:
        yield Note(Text(f"{small} 组客户现在少于 {min_n} 位，不作情景",
                        f"{small} groups have fewer than {min_n} customers now and make no scenario"), "withheld")  # fmt: skip


_STATES: Sequence[tuple[str, Any, str, str]] = (
    ("no_control", "withheld", "无对照，不说明效果", "No control, which tells no effect"),
    ("not_alike", "withheld", "分组不可比，不用作依据", "Arms not alike, not used"),
    ("too_few", "withheld", "人数太少，不用作依据", "Too few members, not used"),
    ("running", "info", "窗口未满，暂不用作依据", "Not over yet, not used so far"),
)
