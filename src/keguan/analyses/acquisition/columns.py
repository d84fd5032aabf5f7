"""Columns and sentences of acquisition."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

TEXT = {
    "conversion": Text(
        "线索在 {days} 天内转化的占 {share}（{converted} 条，95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Within {days} days {share} of leads converted ({converted}; 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "above": Text(
        "{dimension}为「{value}」的线索转化率 {share}（95% 区间 {low} 至 {high}），显著高于其他线索的 {rest}（n={n}，{base}）。",
        "Leads with {dimension} '{value}' convert at {share} (95% interval {low} to {high}), significantly "
        "higher than {rest} of the others (n={n}, "
        "{base}).",
    ),
    "below": Text(
        "{dimension}为「{value}」的线索转化率 {share}（95% 区间 {low} 至 {high}），显著低于其他线索的 {rest}（n={n}，{base}）。",
        "Leads with {dimension} '{value}' convert at {share} (95% interval {low} to {high}), significantly lower "
        "than {rest} of the others (n={n}, "
        "{base}).",
    ),
    "wait": Text(
        "自{origin}起 {day} 天内，{share} 的客户下了首单（Kaplan-Meier 估计，尚未下单的按已观察的天数计入；95% "
        "区间 {low} 至 {high}；n={n}，{base}）。",
        "Within {day} days from {origin} {share} placed their first order (Kaplan-Meier estimate, those without "
        "count for as long as they are observed; "
        "95% interval {low} to {high}; n={n}, {base}).",
    ),
    "trait": Text(
        "A 类客户中{trait}为「{value}」的占 {share}，其他客户为 {rest}，TGI {tgi}，显著高于其他客户（n={n}，{base}）。",
        "Of A-class customers {share} have {trait} '{value}', of the others {rest}: TGI {tgi}, significantly "
        "higher (n={n}, {base}).",
    ),
}
WILSON = Text("Wilson 95% 区间", "Wilson 95% interval")
LOW, HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")
Q = Column(
    "q",
    Text("q 值", "q"),
    "number",
    4,
    note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg"),
)
VERDICT = Column("verdict", Text("结论", "Verdict"), "label", vocabulary="against_rest")
STAGE_COLUMNS = (
    Column("source", Text("线索来源", "Lead source"), "label", role="key", vocabulary="unknown"),
    Column("stage", Text("阶段", "Stage"), "label", role="key", vocabulary="unknown"),
    Column("leads", Text("线索数", "Number of leads"), "count"),
    Column("converted", Text("已转化", "Converted so far"), "count"),
    Column("amount", Text("预计金额", "Amount"), "money"),
)
CONVERSION_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="lead_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="industry"),
    Column("leads", Text("线索数", "Number of leads"), "count"),
    Column("converted", Text("期内转化", "Converted in time"), "count"),
    Column("share", Text("转化率", "Conversion"), "share"),
    Column("low", LOW, "share", role="low", note=WILSON),
    Column("high", HIGH, "share", role="high"),
    Column("rest", Text("其他线索", "Other leads"), "share"),
    Q,
    VERDICT,
)
TOTAL_COLUMNS = (
    Column("days", Text("观察天数", "Days watched"), "days", role="key"),
    Column("leads", Text("观察满的新客线索", "Leads of new customers watched so long"), "count"),
    Column("converted", Text("期内转化", "Converted in time"), "count"),
    Column("share", Text("转化率", "Conversion"), "share"),
    Column("low", LOW, "share", role="low", note=WILSON),
    Column("high", HIGH, "share", role="high"),
)
WAIT_COLUMNS = (
    Column("origin", Text("起点", "From"), "label", role="key", vocabulary="wait_origin"),
    Column("day", Text("天数", "Days"), "count", role="key"),
    Column("share", Text("已下首单占比", "Share with a first order"), "share"),
    Column(
        "low",
        LOW,
        "share",
        role="low",
        note=Text("Kaplan-Meier，Greenwood 95% 区间", "Kaplan-Meier, Greenwood 95% interval"),
    ),
    Column("high", HIGH, "share", role="high"),
    Column("customers", Text("客户数", "Customers"), "count"),
)
TRAIT_COLUMNS = (
    Column("trait", Text("特征", "Trait"), "label", role="key", vocabulary="lead_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="industry"),
    Column("best", Text("A 类客户", "A-class customers"), "count"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("share", Text("占 A 类客户", "Share of A-class customers"), "share"),
    Column("rest", Text("占其他客户", "Share of the others"), "share"),
    Column(
        "tgi",
        Text("TGI", "TGI"),
        "number",
        0,
        note=Text("占 A 类客户 / 占全部客户 × 100", "share of A-class / share of all customers x 100"),
    ),
    Q,
    VERDICT,
)
LOOKALIKE_COLUMNS = (
    Column("lead_id", Text("线索编号", "Lead id"), "text", role="key"),
    Column("score", Text("相似得分", "Score"), "number", 2,
           note=Text("相符特征的 ln(TGI/100) 之和；不是转化概率", "sum of ln(TGI / 100) of the traits that "
                                                    "match; no probability")),
    Column("matched", Text("相符特征数", "Traits that match"), "count"),
    Column("source", Text("线索来源", "Lead source"), "label", vocabulary="unknown"),
    Column("industry", Text("行业", "Industry"), "label", vocabulary="industry"),
    Column("size", Text("规模", "Size"), "label", vocabulary="unknown"),
    Column("region", Text("地区", "Region"), "label", vocabulary="unknown"),
    Column("stage", Text("阶段", "Stage"), "label", vocabulary="unknown"),
    Column("day", Text("日期", "Day"), "date"),
    Column("amount", Text("预计金额", "Amount"), "money"),
)  # fmt: skip
