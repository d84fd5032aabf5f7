"""Columns of the tables of the cohort analysis."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import RATE_SHIFT_COLUMNS
from keguan.result import Column

COHORT = Column("cohort", Text("首单月份", "Month of first order"), "month", role="key")
INDEX = Column("month_index", Text("之后第几月", "Months since"), "count", role="key")
CUSTOMERS = Column("customers", Text("客户数", "Customers"), "count")
COMPLETE = Column("complete", Text("该月已结束", "Month complete"), "text", role="note")
RATE_NOTE = Text(
    "当月下过单的客户 / 队列客户；Wilson 95% 区间",
    "customers with an order in the month / cohort; Wilson 95% interval",
)
RETENTION_COLUMNS = (
    COHORT, INDEX, CUSTOMERS,
    Column("active", Text("下单客户", "Active"), "count"),
    Column("rate", Text("留存率", "Retention"), "share", note=RATE_NOTE),
    Column("low", Text("区间下限", "Low"), "share", role="low"),
    Column("high", Text("区间上限", "High"), "share", role="high"),
    COMPLETE,
)  # fmt: skip
REVENUE_COLUMNS = (
    COHORT, INDEX, CUSTOMERS,
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("rate", Text("相当于首月", "Of the first month"), "share",
           note=Text("该月净销售额 / 队列首月净销售额", "net revenue of the month / of the cohort's first month")),
    COMPLETE,
)  # fmt: skip
MAP_COLUMNS = (
    COHORT,
    INDEX,
    CUSTOMERS,
    Column("rate", Text("留存率", "Retention"), "share"),
)
CURVE_COLUMNS = (
    INDEX,
    Column("cohorts", Text("队列数", "Cohorts"), "count"),
    CUSTOMERS,
    Column("active", Text("下单客户", "Active"), "count"),
    Column("rate", Text("留存率", "Retention"), "share", note=RATE_NOTE),
    Column("low", Text("区间下限", "Low"), "share", role="low"),
    Column("high", Text("区间上限", "High"), "share", role="high"),
)
LIFETIME_COLUMNS = (
    Column("months", Text("首月之后月数", "Months after the first"), "count", role="key"),
    Column("cohorts", Text("队列数", "Cohorts"), "count"),
    CUSTOMERS,
    Column("first_revenue", Text("首月净销售额", "Net revenue, first month"), "money"),
    Column("later_revenue", Text("之后净销售额", "Net revenue after it"), "money"),
    Column("ratio", Text("之后 / 首月", "After / first month"), "ratio", 2),
    Column("per_customer", Text("人均累计净销售额", "Net revenue per customer in all"), "money"),
)
SECOND_COLUMNS = (
    Column("channel", Text("首单渠道", "Channel of first order"), "label", role="key", vocabulary="unknown"),
    COHORT, CUSTOMERS,
    Column("repeated", Text("二购客户", "With a second purchase"), "count"),
    Column("rate", Text("二购率", "Second-purchase rate"), "share"),
    Column("low", Text("区间下限", "Low"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "High"), "share", role="high"),
)  # fmt: skip
CHANGE_COLUMNS = (
    Column("channel", Text("首单渠道", "Channel of first order"), "label", role="key", vocabulary="unknown"),
    Column("since", Text("变化起始月", "Since"), "month"),
    Column("customers_before", Text("之前客户", "Customers before"), "count"),
    Column("rate_before", Text("之前二购率", "Rate before"), "share"),
    Column("customers_after", Text("之后客户", "Customers since"), "count"),
    Column("rate_after", Text("之后二购率", "Rate since"), "share"),
    *RATE_SHIFT_COLUMNS,
)
