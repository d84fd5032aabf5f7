"""Columns of the tables of the revenue bridge."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import CHANGE_COLUMNS
from keguan.result import Column

BRIDGE_COLUMNS = (
    Column("part", Text("组成", "Part"), "label", role="key", vocabulary="bridge_part"),
    Column("customers", Text("客户数", "Customers"), "count",
           note=Text("上期、本期两行是该期下单的客户数", "in the two total rows: customers with an order in that period")),
    Column("base_revenue", Text("上期净销售额", "Net revenue before"), "money"),
    Column("revenue", Text("本期净销售额", "Net revenue now"), "money"),
    Column("amount", Text("变化额（首尾两行为总额）", "Change (totals in the first and last row)"), "money"),
    Column("share", Text("占上期总额", "Of the previous total"), "share"),
)  # fmt: skip
PERIOD_COLUMNS = (
    Column("period", Text("期间", "Period"), "label", role="key", vocabulary="bridge_part"),
    Column("first", Text("起", "From"), "date"),
    Column("last", Text("止", "To"), "date"),
    Column("days", Text("所含日期", "Days"), "text"),
    Column("customers", Text("下单客户", "Customers"), "count"),
    Column("net_revenue", Text("净销售额（有客户编号）", "Net revenue, identified"), "money"),
)
TEST_COLUMNS = (
    Column("scope", Text("范围", "Scope"), "label", role="key", vocabulary="revenue_driver"),
    *CHANGE_COLUMNS,
)
DRIVER_COLUMNS = (
    Column("driver", Text("因素", "Driver"), "label", role="key", vocabulary="revenue_driver"),
    Column("amount", Text("影响额", "Effect"), "money"),
    Column("before", Text("上期", "Before"), "number", 2),
    Column("after", Text("本期", "Now"), "number", 2),
)
SEGMENT_COLUMNS = (
    Column("segment", Text("分组", "Group"), "text", role="key"),
    Column("base_customers", Text("上期客户", "Customers before"), "count"),
    Column("customers", Text("本期客户", "Customers now"), "count"),
    Column("base_share", Text("上期占比", "Share before"), "share"),
    Column("share", Text("本期占比", "Share now"), "share"),
    Column("base_per_customer", Text("上期人均净消费", "Net revenue per customer before"), "money"),
    Column("per_customer", Text("本期人均净消费", "Net revenue per customer now"), "money"),
    Column("frequency", Text("频次影响", "Effect of frequency"), "money"),
    Column("value", Text("笔单价影响", "Effect of value"), "money"),
    Column("mix", Text("结构影响", "Effect of mix"), "money"),
)
ACCOUNT_COLUMNS = (
    Column("account_no", Text("账户号", "Account"), "text", role="key"),
    Column("part", Text("组成", "Part"), "label", vocabulary="bridge_part"),
    Column("base_revenue", Text("上期净销售额", "Net revenue before"), "money"),
    Column("revenue", Text("本期净销售额", "Net revenue now"), "money"),
    Column("change", Text("变化额", "Change"), "money"),
)
