"""Columns of the tables about loyalty."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import Q
from keguan.result import Column

MEAN_NOTE = Text("正态 95% 区间", "normal 95% interval")


TREND_COLUMNS = (
    Column("day", Text("截至", "As of"), "date", role="key"),
    Column("baseline", Text("基准", "Baseline"), "label", vocabulary="loyalty_baseline"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("index", Text("忠诚度指数", "Loyalty index"), "number", 1),
    Column("low", Text("区间下限", "Interval from"), "number", 1, role="low", note=MEAN_NOTE),
    Column("high", Text("区间上限", "Interval to"), "number", 1, role="high"),
)


COMPONENT_COLUMNS = (
    Column("component", Text("分项", "Component"), "label", role="key", vocabulary="loyalty_component"),
    Column("weight", Text("权重", "Weight"), "number", 2),
    Column("before_n", Text("基准客户数", "Customers then"), "count"),
    Column("before", Text("基准百分位均值", "Mean percentile then"), "number", 1),
    Column("n", Text("客户数", "Customers"), "count"),
    Column("now", Text("百分位均值", "Mean percentile"), "number", 1,
           note=Text("在基准期分布中的百分位，同值取半", "percentile in the baseline's distribution, equals by half")),
    Column("difference", Text("相差", "Difference"), "number", 1),
    Column("low", Text("区间下限", "Interval from"), "number", 1, role="low",
           note=Text("Welch 95% 区间，按两组不同客户计，偏宽", "Welch 95% interval as if of different customers: wide")),
    Column("high", Text("区间上限", "Interval to"), "number", 1, role="high"),
    Q,
)  # fmt: skip


MATRIX_COLUMNS = (
    Column("quadrant", Text("类型", "Kind"), "label", role="key", vocabulary="loyalty_quadrant",
           note=Text("态度高：态度分项的百分位均值不低于 50", "attitude high: mean percentile of attitude 50 and more")),
    Column("months", Text("窗口（月）", "Window (months)"), "count"),
    Column("cut", Text("复购高：不少于（次）", "Repeat high: at least"), "count",
           note=Text("窗口内购买次数的中位数，至少 2 次", "median of purchases in the window, at least 2")),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
)  # fmt: skip
