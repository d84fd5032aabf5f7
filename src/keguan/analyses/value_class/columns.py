"""Columns of the tables on value classes."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

LABEL = Column("label", Text("价值类别", "Value class"), "label", role="key", vocabulary="value_class")

STANDARD_COLUMNS = (
    Column("window_months", Text("窗口（月）", "Window (months)"), "count", role="key"),
    Column(
        "mean", Text("平均净销售额", "Mean net revenue"), "money",
        note=Text("窗口内有购买且净销售额为正的客户", "customers with a purchase and positive net revenue in the window"),
    ),
    Column("high_from", Text("高价值不少于", "High value from"), "money"),
    Column("low_below", Text("低价值少于", "Low value below"), "money"),
    Column("key_from", Text("关键贡献不少于", "Key contributor from"), "money"),
    Column("key_customers", Text("关键贡献客户", "Key contributors"), "count"),
    Column("key_share", Text("关键贡献客户占净销售额", "Key contributors' share of revenue"), "share"),
)  # fmt: skip

CLASS_COLUMNS = (
    LABEL,
    Column("from_value", Text("标准：不少于", "Standard: from"), "money"),
    Column("to_value", Text("标准：少于", "Standard: below"), "money"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("share", Text("客户占比", "Share of customers"), "share"),
    Column("key_customers", Text("其中关键贡献", "Key contributors among them"), "count"),
    Column(
        "net_revenue", Text("净销售额", "Net revenue"), "money",
        note=Text("窗口内，扣除退货", "in the window, after returns"),
    ),
    Column("revenue_share", Text("净销售额占比", "Revenue share"), "share"),
    Column(
        "avg_order_value", Text("平均客单价", "Average order value"), "money",
        note=Text("即笔单价：净销售额 / 购买次数", "net revenue / purchases of the class"),
    ),
    Column("avg_purchases", Text("平均消费频次", "Average purchases"), "number", 2),
    Column(
        "as_standard", Text("与标准相符", "As its standard"), "text",
        note=Text("平均客单价 × 平均消费频次落在该类标准之内", "average order value x average purchases lies within the bounds"),
    ),
)  # fmt: skip

ACCOUNT_COLUMNS = (
    Column("account_no", Text("账户号", "Account no"), "text", role="key"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column(
        "share", Text("占比", "Share"), "share",
        note=Text("占净销售额为正者之和", "of the sum of positive net revenue"),
    ),
    Column("cumulated", Text("累计占比", "Cumulated share"), "share"),
    Column("purchases", Text("购买次数", "Purchases"), "count"),
    Column("last_purchase_on", Text("最近购买日", "Last purchase"), "date"),
    Column("net_before", Text("上一窗口净销售额", "Net revenue of the window before"), "money"),
)  # fmt: skip

KEPT_COLUMNS = (
    Column("label", Text("现在", "Now"), "label", role="key", vocabulary="value_class"),
    Column(
        "customers", Text("客户数量", "Customers"), "count",
        note=Text(
            "此前窗口的关键贡献客户；消费极高的年份之后回落是常见的",
            "key contributors of the window before; a peak year is often followed by less",
        ),
    ),
    Column("net_before", Text("上一窗口净销售额", "Net revenue of the window before"), "money"),
    Column("net_now", Text("本窗口净销售额", "Net revenue of this window"), "money"),
    Column("of_customers", Text("此前关键贡献客户数", "Key contributors before"), "count"),
)  # fmt: skip
