"""Columns of the tables of the analysis of channels."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import Q
from keguan.result import Column

INTERVAL = Text("自助法 95% 区间，以客户为抽样单位", "bootstrap 95% interval, customers as units")
CHANNEL = Column("channel", Text("渠道", "Channel"), "label", role="key", vocabulary="main_channel")

_CHANGE = (
    Column("low", Text("区间下限", "Interval from"), "points", role="low", note=INTERVAL),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Q,
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="verdict"),
)
CHANNEL_COLUMNS = (
    CHANNEL,
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("revenue_share", Text("占净销售额", "Share of net revenue"), "share"),
    Column("base_revenue_share", Text("上期占比", "Share before"), "share"),
    Column("difference", Text("占比之差", "Difference of shares"), "points"),
    *_CHANGE,
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("orders_share", Text("占订单", "Share of orders"), "share"),
    Column("base_orders", Text("上期订单数", "Orders before"), "count"),
    Column("customers", Text("下单客户", "Customers with an order"), "count"),
    Column("customers_share", Text("占下单客户", "Share of customers with an order"), "share",
           note=Text("用过几个渠道的客户在每个渠道各算一次，占比之和超过 100%",
                     "a customer of several channels counts in each, so that these add up to over 100%")),
    Column("base_customers", Text("上期下单客户", "Customers before"), "count"),
)  # fmt: skip
MONTH_COLUMNS = (
    Column("month", Text("月份", "Month"), "month", role="key"),
    CHANNEL,
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("unfinished", Text("未完月份", "Unfinished"), "text", role="note"),
)
MIGRATION_COLUMNS = (
    Column(
        "from_channel",
        Text("上期主渠道", "Main channel before"),
        "label",
        role="key",
        vocabulary="main_channel",
    ),
    Column(
        "to_channel", Text("本期主渠道", "Main channel now"), "label", role="key", vocabulary="main_channel"
    ),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("share", Text("占上期该渠道客户", "Share of the channel's customers before"), "share"),
    Column("base_net_revenue", Text("上期净销售额", "Net revenue before"), "money"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("kind", Text("去向", "Kind of move"), "label", role="note", vocabulary="channel_move"),
)
FLOW_COLUMNS = (
    Column("from_channel", Text("由", "From"), "label", role="key", vocabulary="main_channel"),
    Column("to_channel", Text("到", "To"), "label", role="key", vocabulary="main_channel"),
    Column("moved", Text("转去的客户", "Customers who moved"), "count"),
    Column("moved_back", Text("反向的客户", "Customers the other way"), "count"),
    Column("net_moved", Text("净转移", "Net move"), "count"),
    Column("money", Text("转去客户的本期净销售额", "Net revenue now of those who moved"), "money"),
    Column("p", Text("p 值", "p"), "number", 4, note=Text("McNemar 精确检验", "exact test of McNemar")),
    Q,
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="channel_flow"),
)
DEVICE_COLUMNS = (
    Column("device_class", Text("下单方式", "Ordered from"), "label", role="key", vocabulary="device_class"),
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("orders_share", Text("占订单", "Share of orders"), "share"),
    Column(
        "known_share",
        Text("占下单方式已知的订单", "Share of orders known"),
        "share",
        note=Text(
            "分母为下单方式已知的订单；变化按它检验",
            "of the orders for which it is known; the change is tested on it",
        ),
    ),
    Column("base_orders", Text("上期订单数", "Orders before"), "count"),
    Column("base_known_share", Text("上期占已知", "Share of orders known before"), "share"),
    Column("difference", Text("占比之差", "Difference of shares"), "points"),
    *_CHANGE,
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
)
USE_COLUMNS = (
    Column("period", Text("期间", "Period"), "label", role="key", vocabulary="compared_period"),
    Column("first", Text("起", "From"), "date"),
    Column("last", Text("止", "To"), "date"),
    Column("days", Text("所含日期", "Days"), "text"),
    Column("customers", Text("下单客户", "Customers with an order"), "count"),
    Column("multiple", Text("用过几个渠道的客户", "Customers of several channels"), "count"),
    Column("multiple_share", Text("占下单客户", "Share of customers with an order"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low",
           note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip
