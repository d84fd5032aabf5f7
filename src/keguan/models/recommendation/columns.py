"""Columns of the tables of recommendations."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

_KIND = Column("kind", Text("类型", "Kind"), "label", role="key", vocabulary="recommendation_kind")
_PRODUCT = Column("product", Text("推荐商品", "Recommended"), "text")
_WILSON = Text("Wilson 95% 区间", "Wilson 95% interval")
KIND_COLUMNS = (
    _KIND,
    Column("customers", Text("现有客户", "Customers now"), "count"),
    Column("listed", Text("建议数", "Recommendations"), "count"),
    Column("then", Text("回看日", "Looked back to"), "date"),
    Column("days", Text("观察天数", "Days watched"), "days"),
    Column("tested", Text("其后有购买的客户", "Customers who bought after"), "count",
           note=Text("当时有该类建议的", "of those with a recommendation of the kind then")),
    Column("share", Text("建议被购买占比", "Share of recommendations bought"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=_WILSON),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip
_LOOKED_BACK = KIND_COLUMNS[3:]
RULE_COLUMNS = (
    _KIND, *_LOOKED_BACK,
    Column("plain", Text("同样条数按简单规则", "As many by the plain rule"), "share",
           note=Text("补货：本人买得最多的；其余：近 30 天最多人买而本人未买的",
                     "replenish: bought most by the customer; else: sold most in 30 days and not bought by the customer")),
    Column("lead", Text("每客户占比之差", "Difference per customer"), "points", 2),
    Column("lead_low", Text("差的下限", "Difference from"), "points", 2, role="low",
           note=Text("客户间差值均值的 95% 区间", "95% interval of the mean over customers")),
    Column("lead_high", Text("差的上限", "Difference to"), "points", 2, role="high"),
    Column("used", Text("采用", "Used"), "label", vocabulary="prediction_used"),
)  # fmt: skip
PRODUCT_COLUMNS = (
    Column("place", Text("序", "Place"), "count", role="key"),
    _PRODUCT,
    Column("customers", Text("可推荐的客户", "Customers"), "count"),
    Column("replenish", Text("其中补货", "To replenish"), "count"),
    Column("complement", Text("其中购后搭配", "After the last purchase"), "count"),
    Column("cross_sell", Text("其中交叉销售", "For cross-selling"), "count"),
    Column("popular", Text("其中热销未购", "Sells now, not bought yet"), "count"),
)
LIST_COLUMNS = (
    Column("account", Text("账户", "Account"), "text", role="key",
           note=Text("工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data")),
    Column("place", Text("序", "Place"), "count", role="key"),
    Column("kind", Text("类型", "Kind"), "label", vocabulary="recommendation_kind"),
    _PRODUCT,
    Column("because", Text("因为买过", "Because of"), "text"),
    Column("because_customers", Text("买过它的客户", "Buyers of it"), "count",
           note=Text("近 12 个月", "last 12 months")),
    Column("together", Text("其中也买过推荐商品", "Of them, both"), "count"),
    Column("lift", Text("提升度", "Lift"), "ratio", 2),
    Column("times", Text("本人购买天数", "Days bought"), "count"),
    Column("own_gap", Text("本人间隔中位数(天)", "Median gap"), "days", 1),
    Column("since", Text("距上次(天)", "Days since"), "days"),
    Column("recent", Text("近 30 天购买人天", "Sold in 30 days"), "count",
           note=Text("有人购买的人数乘天数", "days on which a customer bought it, over all customers")),
)  # fmt: skip
SCOPE_COLUMNS = (
    Column("as_of", Text("截止日", "As of"), "date", role="key"),
    Column("customers", Text("买过商品的客户", "Customers who bought products"), "count"),
    Column("refused", Text("未同意而不推荐", "Left out for want of consent"), "count"),
    Column("reached", Text("有建议的客户", "Customers with a recommendation"), "count"),
    Column("products", Text("卖过的商品", "Products ever sold"), "count"),
    Column("in_range", Text("近期在售", "Still sold"), "count",
           note=Text("最近 sold_days 天内有人买", "bought by somebody within the last sold_days days")),
)  # fmt: skip
