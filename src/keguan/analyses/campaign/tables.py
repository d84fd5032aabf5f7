"""Tables of campaigns: the effect in customary columns, the path of members, money, increments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from keguan.analyses.campaign.attribution import Attribution
from keguan.analyses.campaign.case import Case
from keguan.analyses.campaign.params import Params
from keguan.analysis import Inputs
from keguan.core.period import Span
from keguan.core.text import Text
from keguan.evidence.span_name import BETWEEN, span_name
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.campaigns.members import TREATED
from keguan.marts.experiments.arms import CONTROL
from keguan.result import Column, Table

STEPS = ("sent", "delivered", "opened", "clicked")
_ID = Column("campaign", Text("活动编号", "Campaign id"), "text", role="key")
_NAME = Column("name", Text("活动", "Campaign"), "text")

# The customary table 营销策略执行效果追踪表, its columns to the letter.
EFFECT_COLUMNS = (
    Column("strategy", Text("策略名称", "Strategy"), "text", role="key"),
    Column("segment", Text("目标客群", "Target segment"), "text"),
    Column("period", Text("执行周期", "Period"), "text", role="key"),
    Column("cost", Text("投入资源(元)", "Resources spent"), "money"),
    Column("converted", Text("转化客户数", "Customers converted"), "count",
           note=Text("窗口内下单的成员，不含对照组", "members without the control who ordered in the window")),
    Column("conversion", Text("转化率", "Conversion"), "share"),
    Column("output_input", Text("ROI(产出/投入)", "ROI (output / input)"), "ratio", 2,
           note=Text("成员净销售额除以费用，未扣除没有活动也会有的购买",
                     "net revenue of the members over the cost; what they would have bought anyway is in it")),
    Column("owner", Text("负责人", "Owner"), "text"),
    Column("advice", Text("优化建议", "What to improve"), "label", vocabulary="campaign_advice"),
)  # fmt: skip
PATH_COLUMNS = (
    _ID, _NAME,
    Column("step", Text("步骤", "Step"), "label", role="key", vocabulary="campaign_step"),
    Column("customers", Text("人数", "Customers"), "count"),
    Column("of_before", Text("占上一步", "Of the step before"), "share",
           note=Text("「窗口内下单」占名单", "'ordered in the window' is of the listed")),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("of_listed", Text("占名单", "Of the listed"), "share"),
)  # fmt: skip
_BEFORE_NATURAL = Text("未扣除没有活动也会有的购买：不是活动的净回报",
                       "what members would have bought anyway is in it: not what the campaign earned")  # fmt: skip
MONEY_COLUMNS = (
    _ID, _NAME,
    Column("cost", Text("费用", "Cost"), "money"),
    Column("cost_source", Text("费用来自", "Cost from"), "label", vocabulary="campaign_cost_source"),
    Column("revenue", Text("成员净销售额", "Net revenue of members"), "money"),
    Column("margin", Text("成员毛利", "Margin of members"), "money",
           note=Text("商品成本已知的明细", "of lines whose cost of goods is known")),
    Column("discounts", Text("其中已让出的优惠", "Discounts given"), "money",
           note=Text("成交金额已扣除优惠：优惠只算一次，不再加进费用",
                     "amounts are after discounts, which count once and are not added to the cost")),
    Column("output_input", Text("产出投入比", "Output : input"), "ratio", 2, note=_BEFORE_NATURAL),
    Column("net_on_revenue", Text("(净销售额-费用)/费用", "(Net revenue - cost) / cost"), "share", note=_BEFORE_NATURAL),
    Column("net_on_margin", Text("(毛利-费用)/费用", "(Margin - cost) / cost"), "share", note=_BEFORE_NATURAL),
    Column("advertising", Text("广告费用", "Advertising cost"), "money",
           note=Text("写明该活动的投放费用；没有时用活动的费用", "spend that names the campaign, else the campaign's cost")),
    Column("attributed", Text("归因销售额", "Attributed sales"), "money",
           note=Text("按所选规则归到该活动触达的订单金额", "orders counted to the campaign's contacts by the chosen rule")),
    Column("rule", Text("归因规则", "Rule of attribution"), "label", vocabulary="attribution_rule"),
    Column("roas", Text("ROAS", "ROAS"), "ratio", 2, note=Text("归因销售额 / 广告费用；归因是计数规则，不是因果",
           "attributed sales / advertising cost; attribution is a way of counting, not a cause")),
)  # fmt: skip
INCREMENT_COLUMNS = (
    _ID, _NAME,
    Column("base", Text("口径", "On"), "label", vocabulary="campaign_base"),
    Column("members", Text("成员（不含对照组）", "Members without the control"), "count"),
    Column("control", Text("对照组", "Control"), "count"),
    Column("mean", Text("人均", "Per member"), "money"),
    Column("control_mean", Text("对照组人均", "Per member of the control"), "money"),
    Column("diff", Text("人均相差", "Difference per head"), "money",
           note=Text("按分组计，扣除活动前消费的差别", "as assigned, adjusted for spend before")),
    Column("increment", Text("增量", "Increment"), "money", note=Text("人均相差 × 成员数", "difference per head x members")),
    Column("low", Text("增量下限", "Increment from"), "money", role="low"),
    Column("high", Text("增量上限", "Increment to"), "money", role="high"),
    Column("cost", Text("费用", "Cost"), "money"),
    Column("net_roi", Text("增量净回报率", "Incremental net ROI"), "share", note=Text("(增量 - 费用) / 费用",
           "(increment - cost) / cost")),
    Column("roi_low", Text("净回报率下限", "Net ROI from"), "share", role="low"),
    Column("roi_high", Text("净回报率上限", "Net ROI to"), "share", role="high"),
    Column("p_adjusted", Text("校正后 p", "p adjusted"), "number", 4,
           note=Text("增量等于费用的 p（没有费用时为增量等于零），由区间推得，各活动用 Benjamini-Hochberg 校正",
                     "of 'the increment equals the cost' (without a cost: equals zero), read from the interval, campaigns "
                     "corrected by Benjamini-Hochberg")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="campaign_verdict"),
    Column("needed", Text("所需人数", "Members needed"), "count",
           note=Text("两组合计，分组比例不变：能发现与费用一样大的增量（把握 80%）",
                     "both sides, split as now, to find an increment as large as the cost (power 80 %)")),
    Column("method", Text("区间的方法", "Method of the interval"), "text"),
)  # fmt: skip


def effect_table(inputs: Inputs, cases: Sequence[Case], sql: str) -> Table:
    """Table (3): one row a campaign."""
    least = inputs.settings.min_n
    rows = [
        {
            "strategy": case.name, "segment": case.row["segment"], "period": _period(case), "cost": case.cost,
            "converted": case.ordered(),
            "conversion": case.ordered() / case.members() if case.members() >= least else None,
            "output_input": _ratio(case.total("revenue"), case.cost) if case.members() else None,
            "owner": case.row["owner"], "advice": case.advice,
        }
        for case in cases
    ]  # fmt: skip
    return inputs.computed(
        "effect", Text("营销策略执行效果追踪表", "Marketing strategies: execution and effect"), EFFECT_COLUMNS,
        ("strategy", "period"), rows, method="campaign.effect", sql=sql,
        note=Text("转化与产出是成员做了什么；活动带来了什么，看有对照组的增量净回报率",
                  "conversion and output are what members did; what a campaign brought is the incremental net ROI against "
                  "its control"),
    )  # fmt: skip


def _period(case: Case) -> str:
    """The days of the campaign; the year stands once where both have it: a narrow column holds them in one line."""
    first, last = case.span.first_day, max(case.span.first_day, case.row["end_day"])
    name = span_name(Span(first, last))
    of_days = name == f"{first}{BETWEEN}{last}" and first.year == last.year
    return f"{first}{BETWEEN}{last:%m-%d}" if of_days else name


def _ratio(money: Any, cost: Any) -> float | None:
    return float(money / cost) if cost else None


def path_table(inputs: Inputs, cases: Sequence[Case], sql: str) -> Table:
    """How far members came; steps of which nothing is recorded are left out."""
    return inputs.computed(
        "path", Text("名单走到哪一步", "How far members came"), PATH_COLUMNS, ("campaign", "step"),
        [row for case in cases for row in _path(case, inputs.settings.min_n)], method="evidence.statistics.wilson", sql=sql,
        note=Text("由触达结果与名单中的时间得出；后一步包含前一步（点击的算作打开）",
                  "from outcomes of contacts and times in the list; a later step stands for those before it (a click is an "
                  "opening)"),
    )  # fmt: skip


def _path(case: Case, least: int) -> Iterator[dict[str, Any]]:
    found = case.steps.get(TREATED)
    if found is None:
        return
    listed = int(found["members"])
    counts = {"listed": listed}
    counts |= {step: int(found[step]) for step in STEPS if found[step] or (found["told"] and step != "sent")}
    if "clicked" in counts:
        counts["clicked_ordered"] = int(found["clicked_ordered"])
    before = listed
    for step, n in [*counts.items(), ("ordered", int(found["ordered"]))]:
        base = listed if step in ("listed", "ordered") else before
        ends = wilson(n, base) if base >= least and step != "listed" else None
        yield {
            "campaign": case.id, "name": case.name, "step": step, "customers": n,
            "of_before": n / base if ends else None, "low": ends.low if ends else None, "high": ends.high if ends else None,
            "of_listed": n / listed if listed >= least else None,
        }  # fmt: skip
        before = n


def money_table(
    inputs: Inputs, cases: Sequence[Case], params: Params, found: Attribution | None, sql: str
) -> Table:
    """Output to input and ROAS: what members did and what is counted to contacts, not what a campaign caused."""
    rows = []
    for case in cases:
        cost, revenue, margin = case.cost, case.total("revenue"), case.total("margin")
        known = case.base == "margin"
        attributed = found.money(case.id, params.attribution) if found else None
        rows.append(
            {
                "campaign": case.id, "name": case.name, "cost": cost, "cost_source": case.cost_source, "revenue": revenue,
                "margin": margin if known else None, "discounts": case.total("discounts"),
                "output_input": _ratio(revenue, cost), "net_on_revenue": _ratio(revenue - cost, cost) if cost else None,
                "net_on_margin": _ratio(margin - cost, cost) if cost and known else None,
                "advertising": case.advertising, "attributed": attributed, "rule": params.attribution,
                "roas": attributed / float(case.advertising) if attributed is not None and case.advertising else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "money",
        Text("投入与产出", "Money in and out"),
        MONEY_COLUMNS,
        ("campaign",),
        rows,
        method="campaign.money",
        sql=sql,
    )


def increment_table(inputs: Inputs, cases: Sequence[Case], sql: str) -> Table:
    """What campaigns brought against their control, and whether that pays for them."""
    return inputs.computed(
        "increments", Text("增量与净回报（与对照组相比）", "Increment and net return (against the control)"), INCREMENT_COLUMNS,
        ("campaign",), [_increment(case) for case in cases], method="evidence.experiments", sql=sql,
    )  # fmt: skip


def _increment(case: Case) -> dict[str, Any]:
    empty: Mapping[str, Any] = dict.fromkeys(column.name for column in INCREMENT_COLUMNS)
    row = {
        **empty, "campaign": case.id, "name": case.name, "base": case.base, "members": case.members(),
        "control": case.members(CONTROL), "cost": case.cost, "verdict": case.verdict,
    }  # fmt: skip
    effect = case.effect
    if effect is None or not effect.told or case.state == "not_alike":
        return row
    value, low, high = case.increment()
    row |= {
        "mean": effect.mean, "control_mean": effect.control_mean, "diff": effect.diff, "increment": value, "low": low,
        "high": high, "p_adjusted": case.roi_p if case.roi_p is not None else effect.p_adjusted,
        "needed": case.needed() if case.verdict == "open" else None, "method": effect.method,
    }  # fmt: skip
    if case.cost:
        cost = float(case.cost)
        row |= dict(
            zip(("net_roi", "roi_low", "roi_high"), (part / cost for part in case.net()), strict=True)
        )
    return row


def appendix(table: Table) -> Table:
    """The table, printed in the appendix only."""
    return replace(table, appendix=True)
