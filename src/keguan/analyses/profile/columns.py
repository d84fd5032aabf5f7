"""Columns of the profile's tables."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.evidence.statistics.bootstrap import BUCKETS
from keguan.result import Column

MONEY_NOTE = Text(
    "所选月份内，扣除退货；散客不在内", "of the months looked at, after returns; without guests"
)
PER_NOTE = Text(
    "净销售额 / 客户数，没有购买的客户按 0 计入",
    "net revenue / customers, those without a purchase count as 0",
)
INTERVAL_NOTE = Text(
    f"自助法 (bootstrap) 95% 区间：客户随机分为 {BUCKETS} 组，有放回地抽组 1,000 次，固定种子",
    f"bootstrap 95% interval: customers in {BUCKETS} random groups, drawn with replacement 1,000 times, fixed seed",
)
ROUNDED = Text("占比四舍五入，各行相加为 100%", "shares are rounded; the rows add up to 100%")

FAMILY = Column(
    "family", Text("对象或来源", "Of whom, or told by"), "label", role="key", vocabulary="trait_family"
)
TRAIT = Column("trait", Text("特征", "Trait"), "label", role="key", vocabulary="trait")
VALUE = Column("value", Text("取值", "Value"), "label", role="key", vocabulary="trait_value")
CUSTOMERS = Column("customers", Text("客户数", "Customers"), "count")
SHARE = Column("share", Text("客户占比", "Share of customers"), "share", note=ROUNDED)
BUYERS = Column("buyers", Text("有购买", "With a purchase"), "count")
REVENUE = Column("net_revenue", Text("净销售额", "Net revenue"), "money", note=MONEY_NOTE)
REVENUE_SHARE = Column("revenue_share", Text("净销售额占比", "Share of net revenue"), "share", note=ROUNDED)
PER_CUSTOMER = Column("per_customer", Text("人均消费", "Spend per customer"), "money", note=PER_NOTE)
P = Column("p", Text("p 值", "p"), "number", 4)
Q = Column(
    "q", Text("校正后 q", "q, corrected"), "number", 4,
    note=Text("对表中全部检验作 Benjamini-Hochberg 校正", "corrected over all tests of the table (Benjamini-Hochberg)"),
)  # fmt: skip
VERDICT = Column("verdict", Text("与其余客户比较", "Against the rest"), "label", vocabulary="difference")

BASE = (
    Column("kind", Text("客户类型", "Kind"), "label", role="key", vocabulary="trait_value"),
    CUSTOMERS, SHARE,
    Column("without_order", Text("从未下单", "Never ordered"), "count"),
    BUYERS, REVENUE, REVENUE_SHARE, PER_CUSTOMER,
)  # fmt: skip
SPEND = (
    Column("age", Text("年龄", "Age"), "label", role="key", vocabulary="trait_value"),
    Column("gender", Text("性别", "Gender"), "label", role="key", vocabulary="trait_value"),
    Column("place", Text("所在地", "Place"), "label", role="key", vocabulary="trait_value"),
    CUSTOMERS, SHARE, BUYERS, REVENUE, REVENUE_SHARE, PER_CUSTOMER,
)  # fmt: skip
COMPANIES = (
    Column("industry", Text("行业", "Industry"), "label", role="key", vocabulary="trait_value"),
    Column("size", Text("规模", "Size"), "label", role="key", vocabulary="trait_value"),
    CUSTOMERS, SHARE, BUYERS, REVENUE, REVENUE_SHARE, PER_CUSTOMER,
)  # fmt: skip
TRAITS = (
    FAMILY, TRAIT, VALUE, CUSTOMERS, SHARE, BUYERS, REVENUE, REVENUE_SHARE, PER_CUSTOMER,
    Column("low", Text("区间下限", "Interval from"), "money", role="low", note=INTERVAL_NOTE),
    Column("high", Text("区间上限", "Interval to"), "money", role="high"),
    Column("rest", Text("其余客户人均消费", "Spend per other customer"), "money"),
    Column(
        "capped", Text("人均消费（封顶）", "Spend per customer (capped)"), "money",
        note=Text(
            "每位客户的消费以净消费最高 1% 的起点为上限，用来看结论是否只靠少数大客户",
            "each customer's spend at most that where the top 1% begins: does it rest on a few large customers?",
        ),
    ),
    P, Q, VERDICT,
)  # fmt: skip
POWER = (
    FAMILY, TRAIT, VALUE,
    Column("inside", Text("高购买力客户", "High power"), "count"),
    Column("known", Text("其中已知该特征", "Of these known"), "count"),
    Column("share", Text("占高购买力客户", "Share of high power"), "share"),
    Column("rest_share", Text("占其余购买客户", "Share of other buyers"), "share"),
    Column("times", Text("相当于全部购买客户的倍数", "Times all buyers"), "ratio", 1),
    Column(
        "index", Text("TGI", "TGI"), "number", 0,
        note=Text("高购买力客户中的占比 / 全部购买客户中的占比 x 100，待核实者两边都不计",
                  "share among high power / share among all buyers x 100, unknown left out of both"),
    ),
    Column(
        "low", Text("区间下限", "Interval from"), "number", 0, role="low",
        note=Text("95% 区间：与其余客户之比的 Koopman 得分区间换算而来",
                  "95% interval, from Koopman's score interval of the ratio to the rest"),
    ),
    Column("high", Text("区间上限", "Interval to"), "number", 0, role="high"),
    P, Q, VERDICT,
)  # fmt: skip
GROUP = (
    Column("group", Text("高购买力客户的划分", "High power is"), "text", role="key"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("rest", Text("其余购买客户", "Other buyers"), "count"),
    Column("share", Text("占购买客户", "Share of buyers"), "share"),
    Column("from_spend", Text("每位净消费起点", "Net spend from"), "money"),
)  # fmt: skip
GAPS = (
    FAMILY, TRAIT,
    Column("customers", Text("适用的客户", "Customers it applies to"), "count"),
    Column("unknown", Text("待核实", "To be verified"), "count"),
    Column("share", Text("待核实占比", "Share to be verified"), "share"),
)  # fmt: skip
DIMENSIONS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="profile_dimension"),
    FAMILY, TRAIT,
    Column("customers", Text("适用的客户", "Customers it applies to"), "count"),
    Column("known", Text("已知", "Known"), "count"),
    Column("share", Text("已知占比", "Share known"), "share"),
    Column("choices", Text("取值个数", "Number of values"), "count"),
    Column(
        "largest", Text("最多的取值", "Value of the largest group"), "label", vocabulary="trait_value",
        note=Text("在已知的客户中", "among those known"),
    ),
    Column("largest_share", Text("占已知客户", "Share of those known"), "share"),
)  # fmt: skip
