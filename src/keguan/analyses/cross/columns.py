"""Columns and sentences of the cross analysis."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

_ZH = (
    "「{fact_a}：{a}」的客户中 {together} 位为「{fact_b}：{b}」，占 {share}（95% 区间 {low} 至 {high}），显著"
)
_EN = (
    "Of the customers with '{fact_a}: {a}' {together} have '{fact_b}: {b}', {share} (95% interval {low} to {high}), "
    "significantly "
)
TEXT = {
    "above": Text(
        _ZH + "高于其他客户的 {rest}（n={n}，{base}）。",
        _EN + "higher than {rest} of the others (n={n}, {base}).",
    ),
    "below": Text(
        _ZH + "低于其他客户的 {rest}（n={n}，{base}）。",
        _EN + "lower than {rest} of the others (n={n}, {base}).",
    ),
}
FACT_A = Column("fact_a", Text("前一事实", "First fact"), "label", role="key", vocabulary="customer_fact")
FACT_B = Column("fact_b", Text("后一事实", "Second fact"), "label", role="key", vocabulary="customer_fact")
CELL_COLUMNS = (
    FACT_A,
    Column("a", Text("前一值", "First value"), "label", role="key", vocabulary="fact_value"),
    FACT_B,
    Column("b", Text("后一值", "Second value"), "label", role="key", vocabulary="fact_value"),
    Column("customers", Text("有前一值的客户", "With the first"), "count"),
    Column("together", Text("两者都有", "Both"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("others", Text("其他客户", "Other customers"), "count"),
    Column("rest", Text("其他客户占比", "Share of the others"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column("difference_low", Text("相差下限", "Difference from"), "points", role="low",
           note=Text("Newcombe 95% 区间", "Newcombe 95% interval")),
    Column("difference_high", Text("相差上限", "Difference to"), "points", role="high"),
    Column("expected", Text("独立时应有", "Expected if unrelated"), "number", 1),
    Column("residual", Text("调整残差", "Adjusted residual"), "number", 2),
    Column("q", Text("q 值", "q"), "number", 4,
           note=Text("全部格子一起做 Benjamini-Hochberg 校正", "Benjamini-Hochberg over all cells together")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="against_rest"),
)  # fmt: skip
PAIR_COLUMNS = (
    FACT_A,
    FACT_B,
    Column("customers", Text("两项都有记录的客户", "Customers with both known"), "count"),
    Column("tested", Text("检验的格子", "Cells tested"), "count"),
    Column("found", Text("成立的差异", "Differences that hold"), "count"),
    Column("statistic", Text("卡方", "Chi-square"), "number", 1),
    Column("freedom", Text("自由度", "Degrees of freedom"), "count"),
    Column("p", Text("p 值", "p"), "number", 4,
           note=Text("两项都只有一个值时；期望数小于 5 的表在指定这两个事实后由同边际的随机表得出",
                     "where a customer has one value of each; with an expected count below 5 only when both "
                     "facts are named, from drawn tables of the same margins")),
    Column("drawn", Text("随机表", "Drawn tables"), "text"),
)  # fmt: skip
FACT_COLUMNS = (
    Column("fact", Text("事实", "Fact"), "label", role="key", vocabulary="customer_fact"),
    Column("values", Text("比较的值", "Values compared"), "count"),
    Column("single", Text("每位客户几个值", "Values a customer"), "label", vocabulary="fact_values"),
    Column("base", Text("基数", "Base"), "label", vocabulary="fact_base"),
)
