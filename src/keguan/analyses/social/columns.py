"""Columns of the tables of social media."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import Q
from keguan.result import Column

LISTED = 200  # rows of a table

METRIC = Column("metric", Text("指标", "Metric"), "text", role="key")
CHANNEL = Column("channel", Text("渠道", "Channel"), "label", role="key", vocabulary="unknown")
METRIC_COLUMNS = (
    METRIC,
    CHANNEL,
    Column("kind", Text("读法", "Read as"), "label", vocabulary="social_kind"),
    Column("now", Text("本期", "Now"), "number", 0),
    Column("before", Text("上期", "Before"), "number", 0),
    Column("change", Text("变化率", "Change, relative"), "share"),
    Column(
        "usual_low",
        Text("平常波动下限", "Usual variation, low"),
        "share",
        note=Text("月间波动的 XmR 控制限", "XmR limits of the months"),
    ),
    Column("usual_high", Text("平常波动上限", "Usual variation, high"), "share"),
    Column("days", Text("有数据的天数", "Days with figures"), "count"),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="verdict"),
)
PART_COLUMNS = (
    METRIC,
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="social_dimension"),
    Column("part", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    Column("value", Text("本期", "Now"), "number", 0),
    Column("share", Text("占比", "Share"), "share"),
    Column("before", Text("上期占比", "Share before"), "share"),
    Column("difference", Text("占比之差", "Difference of shares"), "points"),
    Column("low", Text("区间下限", "Interval from"), "points", role="low",
           note=Text("自助法 95% 区间，以日为抽样单位", "bootstrap 95% interval, days as units")),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Q,
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="verdict"),
)  # fmt: skip
PERIOD_COLUMNS = (
    Column("period", Text("期间", "Period"), "label", role="key", vocabulary="compared_period"),
    Column("first", Text("起", "From"), "date"),
    Column("last", Text("止", "To"), "date"),
    Column("days", Text("所含日期", "Days"), "text"),
)
MONTH_COLUMNS = (
    METRIC,
    CHANNEL,
    Column("month", Text("月份", "Month"), "month", role="key"),
    Column("value", Text("数值", "Value"), "number", 0),
    Column("unfinished", Text("未完月份", "Unfinished"), "text", role="note"),
)
