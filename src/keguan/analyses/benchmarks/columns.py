"""Columns of the tables on ranges and own history."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

RANGES_SQL = """
SELECT metric, population, definition, low, high, value, tolerance, tolerance_kind, unit, published_by, published_on,
       valid_until
FROM benchmarks
ORDER BY metric, population, published_by, published_on, low, high, value
"""
RANGE_COLUMNS = (
    Column("place", Text("序", "No."), "count", role="key"),
    Column("metric", Text("指标", "Metric"), "label", vocabulary="own_figure"),
    Column("population", Text("适用对象", "Population"), "text"),
    Column("reading", Text("读法", "Read as"), "label", role="key", vocabulary="range_reading"),
    Column("low", Text("区间低值", "Range from"), "number", unit_column="unit"),
    Column("high", Text("区间高值", "Range to"), "number", unit_column="unit"),
    Column("own", Text("本企业", "Own"), "number", unit_column="unit"),
    Column(
        "own_low", Text("本企业区间下限", "Own interval from"), "number", unit_column="unit",
        note=Text(
            "95% 区间：比例 Wilson，比值自助法，NPS 调整 Wald",
            "95% interval: Wilson, bootstrap of ratios, adjusted Wald of NPS",
        ),
    ),
    Column("own_high", Text("本企业区间上限", "Own interval to"), "number", unit_column="unit"),
    Column("n", Text("样本数", "n"), "count"),
    Column("verdict", Text("判断", "Verdict"), "label", vocabulary="benchmark_verdict"),
    Column(
        "gap", Text("与区间端点相差", "Distance from the end"), "share",
        note=Text("之下以低值为基数，之上以高值为基数", "below: of the low end; above: of the high end"),
    ),
    Column("to_middle", Text("与区间中点相差", "Distance from the middle"), "share", note=Text("以中点为基数", "of the middle")),
    Column("definition", Text("本企业口径", "Own definition"), "label", vocabulary="own_figure_definition"),
    Column("published_by", Text("出处", "Published by"), "text"),
    Column("published_on", Text("发布日", "Published on"), "date"),
    Column("valid_until", Text("有效期至", "Valid until"), "date"),
    Column("unit", Text("单位", "Unit"), "text"),
)  # fmt: skip
HISTORY_COLUMNS = (
    Column("figure", Text("指标", "Figure"), "label", role="key", vocabulary="own_figure"),
    Column("month", Text("最近完整月", "Last complete month"), "month"),
    Column("value", Text("当月", "That month"), "number", unit_column="unit"),
    Column("previous", Text("上月", "Month before"), "number", unit_column="unit"),
    Column("change", Text("比上月", "Against the month before"), "share"),
    Column(
        "usual_low", Text("平时月间变化下限", "Usual change from"), "share", role="low",
        note=Text("XmR 限，已去季节（满两年时）", "XmR limits, season taken out where there are two years"),
    ),
    Column("usual_high", Text("平时月间变化上限", "Usual change to"), "share", role="high"),
    Column("position", Text("与平时相比", "Against the usual"), "label", vocabulary="usual_position"),
    Column("last_year", Text("去年同月", "Same month last year"), "number", unit_column="unit"),
    Column("year_change", Text("比去年同月", "Against last year"), "share"),
    Column("months", Text("历史月数", "Months of history"), "count"),
    Column("unit", Text("单位", "Unit"), "text"),
)  # fmt: skip
