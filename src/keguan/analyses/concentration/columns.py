"""Columns of the tables."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.evidence.statistics.bootstrap import BUCKETS
from keguan.result import Column

BOOTSTRAP_NOTE = Text(
    f"自助法 (bootstrap) 95% 区间：客户随机分为 {BUCKETS} 组，有放回地抽组 1,000 次，固定种子",
    f"bootstrap 95% interval: customers in {BUCKETS} random groups, drawn with replacement 1,000 times, fixed seed",
)
SUMMARY_COLUMNS = (
    Column("window_months", Text("窗口（月）", "Window (months)"), "count", role="key"),
    Column("customers", Text("净消费为正的客户", "Customers with positive net spend"), "count"),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
    Column(
        "gini", Text("基尼系数", "Gini coefficient"), "number", 3,
        note=Text("0 为每位相同，1 为全部来自一位", "0: all the same, 1: all from one customer"),
    ),
    Column("low", Text("区间下限", "Interval from"), "number", 3, role="low", note=BOOTSTRAP_NOTE),
    Column("high", Text("区间上限", "Interval to"), "number", 3, role="high"),
    Column("half", Text("贡献一半净消费的客户数", "Customers who bring half"), "count"),
)  # fmt: skip
TOP_COLUMNS = (
    Column("top", Text("净消费最高的客户", "Top customers"), "share", 0, role="key"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
    Column("share", Text("净消费占比", "Share of net spend"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=BOOTSTRAP_NOTE),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)
LORENZ_COLUMNS = (
    Column("customers_share", Text("客户累计占比", "Cumulative share of customers"), "share", 0, role="key"),
    Column("revenue_share", Text("净消费累计占比", "Cumulative share of net spend"), "share"),
    Column("equal_share", Text("完全平均", "All equal"), "share"),
)
ACCOUNT_COLUMNS = (
    Column("place", Text("名次", "Rank"), "count", role="key"),
    Column(
        "account", Text("账户", "Account"), "text",
        note=Text(
            "工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data"
        ),
    ),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
    Column("share", Text("净消费占比", "Share of net spend"), "share"),
    Column("before", Text("此前净消费", "Net spend before"), "money"),
    Column("change", Text("变化", "Change"), "money"),
    Column("last_purchase_on", Text("最近购买", "Last purchase"), "date"),
    Column("silent_days", Text("距今（天）", "Days since"), "days"),
    Column("own_gap", Text("自身间隔中位数（天）", "Own median gap (days)"), "days", 1),
    Column(
        "overdue", Text("超过自身间隔 3 倍", "Over 3 own gaps"), "text",
        note=Text("距今天数 > 3 x 自身间隔中位数", "days since the last purchase > 3 x own median gap"),
    ),
)  # fmt: skip
OVERDUE_COLUMNS = (
    Column("listed", Text("列出的客户", "Listed"), "count", role="key"),
    Column("customers", Text("其中超过自身间隔 3 倍", "Over 3 own gaps"), "count"),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
)
