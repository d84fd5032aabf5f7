"""Columns of the tables of the overview."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import CHANGE_COLUMNS
from keguan.marts.metrics import GROSS_REVENUE, MONTHLY_CUSTOMERS, NET_REVENUE, ORDERS, RETURNS
from keguan.result import Column

GUEST_NOTE = Text(
    "无客户编号的销售额，未减退货", "gross revenue without a customer id, returns not taken off"
)

KPI_COLUMNS = (
    Column("metric", Text("指标", "Metric"), "label", role="key", vocabulary="metric"),
    Column("value", Text("值", "Value"), "number", unit_column="unit"),
    Column("unit", Text("单位", "Unit"), "text", role="note"),
)
MONTH_COLUMNS = (
    Column("month", Text("月份", "Month"), "month", role="key"),
    Column("gross_revenue", GROSS_REVENUE.label, "money"),
    Column(
        "returns",
        RETURNS.label,
        "money",
        note=Text("计入退货当日所在月", "counted in the month of the return"),
    ),
    Column("net_revenue", NET_REVENUE.label, "money"),
    Column("orders", ORDERS.label, "count"),
    Column("customers", MONTHLY_CUSTOMERS.label, "count"),
    Column("guest_revenue", Text("散客销售额", "Guest revenue"), "money", note=GUEST_NOTE),
    Column("unfinished", Text("未结束的月份", "Unfinished"), "text", role="note"),
    Column("returns_open", Text("退货未到齐", "Returns still arriving"), "text", role="note"),
)
COMPARISON_COLUMNS = (
    Column("comparison", Text("比较", "Comparison"), "label", role="key", vocabulary="comparison"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("base_net_revenue", Text("对比期净销售额", "Net revenue compared with"), "money"),
    *CHANGE_COLUMNS,
)
DETAIL_COLUMNS = (
    Column("comparison", Text("比较", "Comparison"), "label", role="key", vocabulary="comparison"),
    Column("first", Text("本期起", "From"), "date"),
    Column("last", Text("本期止", "To"), "date"),
    Column("base_first", Text("对比期起", "Compared from"), "date"),
    Column("base_last", Text("对比期止", "Compared to"), "date"),
    Column("period", Text("本期", "Period"), "text"),
    Column("base_period", Text("对比期", "Compared with"), "text"),
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("base_orders", Text("对比期订单数", "Orders compared with"), "count"),
    Column("customers", Text("下单客户", "Customers"), "count"),
    Column("base_customers", Text("对比期下单客户", "Customers compared with"), "count"),
    Column("guest_revenue", Text("散客销售额", "Guest revenue"), "money", note=GUEST_NOTE),
    Column("base_guest_revenue", Text("对比期散客销售额", "Guest revenue compared with"), "money"),
)
