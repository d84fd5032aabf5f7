"""Sentences and notes of campaigns. Without a control there is a description and no cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from keguan.analyses.campaign.case import Case
from keguan.analyses.campaign.params import Params
from keguan.analyses.campaign.targets import target_rate
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.marts.experiments.arms import CONTROL
from keguan.result import Cell, Claim, Note, Result, Test

_ZH = (
    "与对照组相比，扣除活动前消费之差的增量（{on}）{increment}（扣除前人均 {mean} 对 {control_mean}），费用 {cost}，"
    "增量净回报率 {net_roi}（95% 区间 {roi_low} 至 {roi_high}；n={n}，{base}）"
)
_EN = (
    "against the control the increment (on {on}, adjusted for spend before) is {increment} ({mean} against {control_mean} per "
    "head before that) for a cost of {cost}, an incremental net ROI of {net_roi} (95% interval {roi_low} to {roi_high}; n={n}, "
    "{base})"
)
TEXT = {
    "above": Text(
        f"活动「{{campaign}}」收回了费用：{_ZH}。", f"Campaign '{{campaign}}' paid for itself: {_EN}."
    ),
    "below": Text(
        f"活动「{{campaign}}」没有收回费用：{_ZH}。", f"Campaign '{{campaign}}' did not pay for itself: {_EN}."
    ),
    "open": Text(
        f"活动「{{campaign}}」是否收回费用，现有数据不能判定：{_ZH}，区间含零。",
        f"Whether campaign '{{campaign}}' paid for itself is undecided: {_EN}; the interval holds zero.",
    ),
    "described": Text(
        "活动「{campaign}」的 {members} 名成员中 {ordered} 名在窗口内下单，占 {share}（95% 区间 {low} 至 {high}；n={n}，{base}）"
        "；无对照，不能归因。",
        "Of {members} members of campaign '{campaign}' {ordered} ordered in its window, {share} (95% interval {low} to {high}; "
        "n={n}, {base}); no control, nothing can be attributed.",
    ),
    "described_money": Text(
        "活动「{campaign}」的 {members} 名成员中 {ordered} 名在窗口内下单，占 {share}（95% 区间 {low} 至 {high}），"
        "产出投入比 {output_input}，含没有活动也会有的购买（n={n}，{base}）；无对照，不能归因。",
        "Of {members} members of campaign '{campaign}' {ordered} ordered in its window, {share} (95% interval {low} to {high}); "
        "output : input is {output_input}, with what they would have bought anyway in it (n={n}, {base}); no control, "
        "nothing can be attributed.",
    ),
    "target": Text(
        "活动「{campaign}」的目标比率 {target}，成员转化率 {share}（95% 区间 {low} 至 {high}），"
        "自然回流率 {natural}（{source}，95% 区间 {natural_low} 至 {natural_high}）；{reads}（n={n}，{base}）。",
        "Campaign '{campaign}' aimed at a rate of {target}; {share} of its members ordered (95% interval {low} to {high}), and "
        "the natural return rate is {natural} ({source:l}; 95% interval {natural_low} to {natural_high}); {reads:l} (n={n}, "
        "{base}).",
    ),
    "strategy_above": Text(
        "策略「{strategy}」的转化率增量 {effect}（95% 区间 {low} 至 {high}），高于其他有对照的策略；"
        "客群不同也在其中（n={n}，{base}）。",
        "Strategy '{strategy}' raised conversion by {effect} (95% interval {low} to {high}), higher than the other strategies "
        "with a control; that their customers differ is part of it (n={n}, {base}).",
    ),
    "strategy_below": Text(
        "策略「{strategy}」的转化率增量 {effect}（95% 区间 {low} 至 {high}），低于其他有对照的策略；"
        "客群不同也在其中（n={n}，{base}）。",
        "Strategy '{strategy}' changed conversion by {effect} (95% interval {low} to {high}), lower than the other strategies "
        "with a control; that their customers differ is part of it (n={n}, {base}).",
    ),
    "attribution": Text(
        "订单按触点计：渠道「{touch}」按末次触点占 {last}，按首次触点占 {first}，按移除效应占 {markov}；"
        "这是计数规则，不说明因果（n={n}，{base}）。",
        "Orders counted to touches: channel '{touch}' has {last} by last touch, {first} by first touch, {markov} by removal "
        "effect; ways of counting, which say nothing of causes (n={n}, {base}).",
    ),
}  # fmt: skip
MEMBERS = Text("名单成员", "members")
BOTH = Text("成员与对照组", "members and control")
ORDERS = Text("有触点的订单", "orders with a touch before them")
MONEY = ("increment", "mean", "control_mean", "cost", "net_roi", "roi_low", "roi_high")
RATES = {
    "members": "targets", "share": "targets", "natural": "targets", "ordered": "target_intervals", "low": "target_intervals",
    "high": "target_intervals", "natural_low": "target_intervals", "natural_high": "target_intervals",
}  # fmt: skip


def claims_of(cases: Sequence[Case], result: Result, min_n: int) -> Iterator[Claim]:
    """One sentence a campaign, one for each target that can be read, those of strategies and attribution."""
    for case in cases:
        yield from _roi(case)
        yield from _described(case, result, min_n)
    yield from _targets(result)
    yield from _strategies(result)
    yield from _attribution(result)


def _roi(case: Case) -> Iterator[Claim]:
    effect, p = case.effect, case.roi_p
    if case.verdict not in ("above", "below", "open") or effect is None or p is None or not case.cost:
        return
    key = {"campaign": case.id}
    _, low, high = (part / float(case.cost) for part in case.net())
    yield Claim(
        case.verdict, f"campaign/net_roi/{case.id}", {name: Cell("increments", key, name) for name in MONEY},
        n=effect.n + effect.control_n, base=BOTH, strength="tested",
        test=Test(effect.method or "", case.verdict != "open", p, low, high, corrected(p)),
        labels={"campaign": (case.name, None), "on": (case.base, "campaign_base")}, money=abs(case.net()[0]),
        certainty=1 - p, topic=f"campaign/{case.id}", figure="net_roi", worse=case.verdict == "below",
    )  # fmt: skip


def _described(case: Case, result: Result, min_n: int) -> Iterator[Claim]:
    if case.state != "no_control" or case.members() < min_n:
        return
    key = {"campaign": case.id}
    values = _rates(key, ("members", "ordered", "share", "low", "high"))
    row = result.table("money").find(key)
    priced = row is not None and row["output_input"] is not None
    if priced:
        values["output_input"] = Cell("money", key, "output_input")
    yield Claim(
        "described_money" if priced else "described", f"campaign/described/{case.id}", values, n=case.members(), base=MEMBERS,
        labels={"campaign": (case.name, None)}, money=float(case.cost or 0), certainty=0.3, topic=f"campaign/{case.id}",
    )  # fmt: skip


def _rates(key: Mapping[str, str], names: Sequence[str]) -> dict[str, Cell]:
    return {name: Cell(RATES[name], key, name) for name in names}


def _targets(result: Result) -> Iterator[Claim]:
    for row in result.table("targets") if result.has("targets") else ():
        if row["target_rate"] is None or row["reads"] is None or row["share"] is None:
            continue
        key = {"campaign": row["campaign"]}
        names = ("share", "low", "high", "natural", "natural_low", "natural_high")
        values = _rates(key, names)
        sizes = result.table("target_intervals").find(key) or {}
        yield Claim(
            "target", f"campaign/target/{row['campaign']}", values | {"target": Cell("targets", key, "target_rate")},
            n=row["members"] + sizes["natural_n"], base=Text("成员与参照客户", "members and customers of the natural rate"),
            strength="estimate", topic=f"campaign_target/{row['campaign']}", certainty=0.5,
            labels={"campaign": (row["name"], None), "reads": (row["reads"], "target_reads"),
                    "source": (row["natural_source"], "natural_source")},
        )  # fmt: skip


def _strategies(result: Result) -> Iterator[Claim]:
    for row in result.table("strategies") if result.has("strategies") else ():
        if row["verdict"] not in ("above", "below"):
            continue
        key = {"strategy": row["strategy"]}
        yield Claim(
            f"strategy_{row['verdict']}", f"campaign/strategy/{row['strategy']}",
            {"effect": Cell("strategies", key, "effect"), "low": Cell("strategies", key, "effect_low"),
             "high": Cell("strategies", key, "effect_high")},
            n=row["members"] + row["control"], base=BOTH, strength="tested", figure="strategies",
            test=Test("z, each against the others", True, None, row["effect_low"], row["effect_high"],
                      corrected(row["p_adjusted"])),
            labels={"strategy": (row["strategy"], None)}, certainty=1 - row["p_adjusted"],
            topic=f"strategy/{row['strategy']}", summary=False,
        )  # fmt: skip


def _attribution(result: Result) -> Iterator[Claim]:
    rows: list[dict[str, Any]] = list(result.table("attribution")) if result.has("attribution") else []
    told = [row for row in rows if row["last_share"] is not None]
    if not told:
        return
    first = told[0]
    key = {"kind": first["kind"], "touch": first["touch"]}
    yield Claim(
        "attribution", "campaign/attribution", {name: Cell("attribution", key, f"{name}_share") for name in
                                                ("last", "first", "markov")},
        n=round(sum(row["last_orders"] for row in told)), base=ORDERS, labels={"touch": (first["touch"], "unknown")},
        topic="attribution", summary=False, certainty=0.3, figure="attribution",
    )  # fmt: skip


def notes_of(cases: Sequence[Case], undated: Sequence[str], params: Params, min_n: int) -> Iterator[Note]:
    """What a reader must know before the figures."""

    for kind, zh, en, chosen in _SAID:
        if names := [case.name for case in cases if chosen(case)]:
            yield Note(Text(f"{zh}：{'、'.join(names)}", f"{en}: {', '.join(names)}"), kind)
    if undated:
        yield Note(Text(f"没有日期，名单与触达也没有日期，无从计算：{'、'.join(undated)}",
                        f"Without a day of its own, its list or its contacts, nothing can be told of: {', '.join(undated)}"),
                   "missing")  # fmt: skip
    reached = sum(int(case.steps[CONTROL]["sent"]) for case in cases if CONTROL in case.steps)
    if reached:
        yield Note(Text(f"对照组中有 {reached:,} 人次被触达（污染）：仍按分组计入，增量因此被低估",
                        f"{reached:,} members of control arms were contacted (contaminated): counted as assigned, so that "
                        "increments come out too small"), "warning")  # fmt: skip
    if left_out := sum(case.left_out for case in cases):
        yield Note(Text(f"{left_out:,} 人次没有组别或同时在两个组，没有计入",
                        f"{left_out:,} members have no arm or stand in two, and are left out"), "warning")  # fmt: skip
    if cases and cases[0].base == "revenue":
        share = f"{params.known_cost:.0%}"
        yield Note(Text(f"商品成本已知的销售额不到 {share}：增量按销售额计，不是毛利；导入商品成本后按毛利计",
                        f"The cost of goods is known for less than {share} of sales: increments are on revenue, not on margin; "
                        "import the cost of goods"), "warning")  # fmt: skip
    if any(0 < case.members() < min_n for case in cases):
        yield Note(Text(f"成员少于 {min_n} 人的活动不给比率", f"Campaigns with fewer than {min_n} members have no rates"),
                   "withheld")  # fmt: skip
    if len([case for case in cases if case.members()]) > 1 and not any(
        case.members(CONTROL) for case in cases
    ):
        yield Note(Text("几个活动都没有对照组：转化率与产出投入比只列事实，不分高下",
                        "None of these campaigns has a control: conversion and output : input are facts, and no winner is named"),
                   "withheld")  # fmt: skip


_Said = tuple[Any, str, str, Callable[[Case], bool]]
_SAID: Sequence[_Said] = (
    ("missing", "没有名单，也没有带活动编号的触达记录，不知道成员做了什么",
     "No list and no contacts that name the campaign: what members did is not known", lambda c: c.state == "no_members"),
    ("withheld", "无对照，不能归因", "No control, nothing can be attributed", lambda c: c.state == "no_control"),
    ("withheld", "分组不可比（人数与计划不符，或活动前消费已不同，p < 0.001），增量不予给出",
     "The arms are not alike (not the planned split, or they spent differently before, p < 0.001), and no increment is told",
     lambda c: c.state == "not_alike"),
    ("info", "窗口未满，结果仍会变", "Not over yet, and results still move", lambda c: c.state == "running"),
    ("missing", "没有费用，产出投入比与净回报率无从计算：请记录活动费用",
     "No cost, so that neither output : input nor net ROI can be told: record it", lambda c: c.cost is None),
    ("info", "没有成员在窗口内下单", "Nobody ordered in the window", lambda c: c.members() > 0 and c.ordered() == 0),
    ("warning", "对照组人均为负（退货多于购买），增量仍是两组之差",
     "The control's mean is negative (more returned than bought); the increment is still the difference",
     lambda c: c.effect is not None and (c.effect.control_mean or 0.0) < 0),
    ("info", "目标不是一个比率，或写的是提升多少、区间，口径不明，不判定",
     "The target is no single rate, but a rise, a range or not defined, and is not judged",
     lambda c: bool(c.row["target"]) and target_rate(c.row["target"]) is None),
)  # fmt: skip
