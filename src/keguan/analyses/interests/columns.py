"""Columns of the tables of interests."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.evidence.statistics.bootstrap import BUCKETS
from keguan.result import Column

BOOTSTRAP = Text(
    f"自助法 (bootstrap) 95% 区间：客户随机分为 {BUCKETS} 组，有放回地抽组 1,000 次，固定种子",
    f"bootstrap 95% interval: customers in {BUCKETS} random groups, drawn with replacement 1,000 times, fixed seed",
)
SCORE = Column("score", Text("偏好", "Preference"), "label", role="key", vocabulary="interest_score")
CUSTOMERS = Column("customers", Text("客户数", "Customers"), "count")
TRIALS = Column(
    "trials", Text("次数", "Trials"), "count",
    note=Text("优惠看订单，价格与新品看商品行，活跃看首单以来每 30 天",
              "orders for promotion, lines for prices and new products, spans of 30 days since the first order for activity"),
)  # fmt: skip
TESTED = (
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=BOOTSTRAP),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("rest", Text("其余客户", "Other customers"), "share"),
    Column("p", Text("p 值", "p"), "number", 4),
    Column("q", Text("校正后 q", "q, corrected"), "number", 4,
           note=Text("Benjamini-Hochberg，全表一起", "Benjamini-Hochberg, over the table")),
    Column("verdict", Text("与其余客户比较", "Against the others"), "label", vocabulary="difference"),
)  # fmt: skip
SCORES = (
    SCORE, CUSTOMERS, TRIALS,
    Column("successes", Text("其中符合", "Of which so"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column(
        "strength", Text("收缩强度（次）", "Shrinkage (trials)"), "number", 1,
        note=Text("每位客户的占比 = (符合次数 + 强度 x 全体占比) / (次数 + 强度)；越大，客户之间越看不出差别",
                  "a customer's share = (successes + strength x share of all) / (trials + strength); the larger, the less "
                  "customers differ"),
    ),
)  # fmt: skip
LEVELS = (
    SCORE,
    Column("label", Text("高低", "Level"), "label", role="key", vocabulary="score_level"),
    CUSTOMERS,
    Column("share", Text("占可评的客户", "Share of those with a level"), "share"),
)
BY_SEGMENT = (
    SCORE, CUSTOMERS, TRIALS,
    Column("share", Text("占比（同月比较）", "Share (within months)"), "share",
           note=Text("按购买所在月份调整：同一个月里买的与同一个月比，活跃度不调整",
                     "adjusted for the months of purchase, so that a month is compared with itself; activity is not adjusted")),
    *TESTED,
)  # fmt: skip
CATEGORY = Column("category", Text("类目", "Category"), "label", role="key", vocabulary="unknown")
CATEGORIES = (
    CATEGORY,
    Column("customers", Text("购买客户", "Customers who bought"), "count"),
    Column("customer_share", Text("占购买商品的客户", "Share of customers"), "share"),
    Column("gross_revenue", Text("商品销售额", "Product sales"), "money",
           note=Text("所选月份内，退货前；散客不在内", "of the months looked at, before returns; without guests")),
    Column("share", Text("销售额占比", "Share of sales"), "share"),
)  # fmt: skip
CATEGORY_SEGMENTS = (
    CATEGORY, CUSTOMERS,
    Column("buyers", Text("其中买过", "Of which bought"), "count"),
    Column("gross_revenue", Text("该类目销售额", "Sales of the category"), "money"),
    Column("share", Text("占分群销售额", "Share of the segment's sales"), "share"),
    Column("index", Text("指数", "Index"), "number", 0,
           note=Text("占分群销售额 / 占全体销售额 x 100", "share of the segment's sales / share of all sales x 100")),
    *TESTED,
)  # fmt: skip
