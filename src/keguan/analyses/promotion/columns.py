"""Columns and sentences of promotion."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import Q
from keguan.result import Column

TEXT = {
    "share": Text(
        "{days} 有 {share} 的销售额来自促销订单（活动、优惠券或折扣），共 {gross}；优惠金额 {taken_off}（n={n}，{base}）。",
        "In {days} orders on promotion (campaign, coupon or discount) brought {share} of gross revenue, {gross}; "
        "{taken_off} was taken off "
        "(n={n}, {base}).",
    ),
    "share_up": Text(
        "促销订单占销售额的比重由 {before} 显著上升到 {share}，相差 {difference}（95% 区间 {low} 至 {high}；"
        "{days} 对上一个同样长的期间；"
        "n={n}，{base}）。",
        "Orders on promotion have risen significantly from {before} to {share} of gross revenue, {difference} "
        "(95% interval {low} to {high}; {days} "
        "against the period of the same length before; n={n}, {base}).",
    ),
    "share_down": Text(
        "促销订单占销售额的比重由 {before} 显著下降到 {share}，相差 {difference:-}（95% 区间 {high:-} 至 {low:-}；"
        "{days} 对上一个同样长的期间；"
        "n={n}，{base}）。",
        "Orders on promotion have fallen significantly from {before} to {share} of gross revenue, {difference:-} "
        "(95% interval {high:-} to {low:-}; {days} "
        "against the period of the same length before; n={n}, {base}).",
    ),
    "value": Text(
        "促销订单的笔单价 {promoted}，非促销订单 {plain}，相差的 95% 区间 {low} 至 {high}；无对照，"
        "不能归因（n={n}，{base}）。",
        "An order on promotion is worth {promoted}, another one {plain}; 95% interval of the difference {low} to "
        "{high}; no control, nothing can be attributed "
        "(n={n}, {base}).",
    ),
    "only": Text(
        "下单两次及以上的客户中 {customers} 位只在促销时购买，占 {share}；若促销与客户无关，按同样的下单次数应有 "
        "{expected} 位，实际显著高于应有"
        "（n={n}，{base}）。",
        "Of the customers with two or more orders {customers} bought on promotion only, {share}; if promotion "
        "had nothing to do with the customer there "
        "would be {expected} by their numbers of orders: significantly more do (n={n}, {base}).",
    ),
    "segment_up": Text(
        "期初为「{segment}」的客户，本期第一单是促销订单的占 {share}（95% 区间 {low} 至 {high}），显著高于其他客户的 "
        "{rest}（n={n}，{base}）。",
        "Of the customers who were '{segment}' at the beginning {share} had their first order of the period on "
        "promotion (95% interval "
        "{low} to {high}), significantly higher "
        "than {rest} of the others (n={n}, {base}).",
    ),
    "segment_down": Text(
        "期初为「{segment}」的客户，本期第一单是促销订单的占 {share}（95% 区间 {low} 至 {high}），显著低于其他客户的 "
        "{rest}（n={n}，{base}）。",
        "Of the customers who were '{segment}' at the beginning {share} had their first order of the period on "
        "promotion (95% interval "
        "{low} to {high}), significantly lower "
        "than {rest} of the others (n={n}, {base}).",
    ),
}
BOOTSTRAP = Text("自助法 95% 区间，以客户为抽样单位", "bootstrap 95% interval, customers as units")
WILSON = Text("Wilson 95% 区间", "Wilson 95% interval")
LOW, HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")
KIND_COLUMNS = (
    Column("kind", Text("促销方式", "Promotion"), "label", role="key", vocabulary="promotion_kind"),
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("orders_share", Text("占订单", "Share of orders"), "share"),
    Column("gross_revenue", Text("销售额", "Gross revenue"), "money"),
    Column("revenue_share", Text("占销售额", "Share of gross revenue"), "share"),
    Column("taken_off", Text("优惠金额", "Money taken off"), "money"),
    Column("depth", Text("优惠幅度", "Depth"), "share",
           note=Text("优惠金额 / 优惠前金额", "money taken off / amount before it")),
    Column("value", Text("笔单价", "Value per order"), "money"),
    Column("pieces", Text("每单件数", "Pieces an order"), "number", 2),
)  # fmt: skip
CHANGE_COLUMNS = (
    Column("kind", Text("促销方式", "Promotion"), "label", role="key", vocabulary="promotion_kind"),
    Column("first", Text("起", "From"), "date"),
    Column("last", Text("止", "To"), "date"),
    Column("days", Text("所含日期", "Days"), "text"),
    Column("gross_revenue", Text("促销销售额", "Gross revenue on promotion"), "money"),
    Column("taken_off", Text("优惠金额", "Money taken off"), "money"),
    Column("share", Text("占销售额", "Share of gross revenue"), "share"),
    Column("before", Text("上期占比", "Share before"), "share"),
    Column("difference", Text("占比之差", "Difference of shares"), "points"),
    Column("low", LOW, "points", role="low", note=BOOTSTRAP),
    Column("high", HIGH, "points", role="high"),
    Column("p", Text("p 值", "p"), "number", 4),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="verdict"),
)
VALUE_COLUMNS = (
    Column("kind", Text("促销方式", "Promotion"), "label", role="key", vocabulary="promotion_kind"),
    Column("promoted", Text("促销笔单价", "Value on promotion"), "money"),
    Column("plain", Text("非促销笔单价", "Value otherwise"), "money"),
    Column("low", Text("相差下限", "Difference from"), "money", role="low", note=BOOTSTRAP),
    Column("high", Text("相差上限", "Difference to"), "money", role="high"),
)
USE_COLUMNS = (
    Column("promotion_use", Text("客户", "Customers"), "label", role="key", vocabulary="promotion_use"),
    Column("customers", Text("下单客户", "Customers with an order"), "count"),
    Column("gross_revenue", Text("销售额", "Gross revenue"), "money"),
    Column("repeaters", Text("下单两次及以上", "With two or more orders"), "count"),
    Column("share", Text("占下单两次及以上", "Share of those with two or more"), "share"),
    Column("expected", Text("应有人数", "Expected"), "number", 1,
           note=Text("促销与客户无关时，按同样的下单次数", "by the numbers of orders if promotion had nothing to "
                                          "do with the customer")),
    Column("p", Text("p 值", "p"), "number", 4, note=Text("与应有人数比较的 z 检验", "z test against the expected number")),
)  # fmt: skip
SEGMENT_COLUMNS = (
    Column(
        "segment", Text("期初分群", "Segment at the beginning"), "label", role="key", vocabulary="rfm_then"
    ),
    Column("customers", Text("下单客户", "Customers with an order"), "count"),
    Column(
        "promoted",
        Text("第一单是促销订单", "First order on promotion"),
        "count",
        note=Text(
            "每位客户只看本期第一单，不受下单次数影响",
            "the first order of the period of each customer, whatever the number of orders",
        ),
    ),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", LOW, "share", role="low", note=WILSON),
    Column("high", HIGH, "share", role="high"),
    Column("rest", Text("其他客户占比", "Share of the others"), "share"),
    Q,
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="against_rest"),
)
OVERLAP_COLUMNS = (
    Column("campaign", Text("活动", "Campaign"), "text", role="key"),
    Column("other", Text("同时的活动", "Campaign at the same time"), "text", role="key"),
    Column("customers", Text("两个活动都触及的客户", "Customers reached by both"), "count"),
)
