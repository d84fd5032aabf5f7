"""Columns of the table of product opportunities."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

WILSON = Text("Wilson 95% 区间", "Wilson 95% interval")
Q_NOTE = Text(
    "与其他商品合计比较，Benjamini-Hochberg 校正后的 p",
    "against all other products; p corrected by Benjamini-Hochberg",
)
LOW, HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")

PRODUCT_COLUMNS = (
    Column("product_id", Text("商品编号", "Product id"), "text", role="key"),
    Column("name", Text("商品名称", "Product name"), "text"),
    Column("category", Text("类目", "Category"), "label", vocabulary="unknown"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="product_verdict"),
    Column("customers", Text("购买客户", "Customers"), "count"),
    Column("repeat_share", Text("再次购买占比", "Share who bought it again"), "share",
           note=Text("在两个以上日期购买该商品的客户", "customers who bought it on two or more days")),
    Column("repeat_low", LOW, "share", role="low", note=WILSON),
    Column("repeat_high", HIGH, "share", role="high"),
    Column("repeat_q", Text("再次购买 q", "Repeat q"), "number", 4, note=Q_NOTE),
    Column("growth", Text("较去年同期", "Against a year ago"), "share"),
    Column("growth_low", LOW, "share", role="low",
           note=Text("比率的 95% 区间，以客户为抽样单位", "95% interval of the ratio, customers as units")),
    Column("growth_high", HIGH, "share", role="high"),
    Column("growth_rest", Text("其余商品", "All other products"), "share"),
    Column("growth_q", Text("增长 q", "Growth q"), "number", 4, note=Q_NOTE),
    Column("refund_rate", Text("退货率", "Refund rate"), "share",
           note=Text("退货行数 / 购买行数", "lines returned / lines bought")),
    Column("refund_low", LOW, "share", role="low", note=WILSON),
    Column("refund_high", HIGH, "share", role="high"),
    Column("refund_q", Text("退货 q", "Refund q"), "number", 4, note=Q_NOTE),
    Column("refund_verdict", Text("退货率结论", "Refund verdict"), "label", vocabulary="against_rest"),
    Column("cycle", Text("再购周期（天）", "Days until bought again"), "days", 1,
           note=Text("同一客户两次购买该商品相隔天数的中位数，只含已再购的",
                     "median days between purchases of it by a customer, of those who did buy again")),
    Column("cycle_low", LOW, "days", 1, role="low", note=Text("次序统计量 95% 区间", "95% interval of order statistics")),
    Column("cycle_high", HIGH, "days", 1, role="high"),
    Column("gaps", Text("间隔数", "Gaps"), "count"),
    Column("rating", Text("评分均值", "Mean score"), "number", 2),
    Column("rating_low", LOW, "number", 2, role="low", note=Text("均值的 95% 区间", "95% interval of the mean")),
    Column("rating_high", HIGH, "number", 2, role="high"),
    Column("answers", Text("评分数", "Scores"), "count"),
    Column("lines", Text("购买行数", "Lines bought"), "count"),
)  # fmt: skip
REST_COLUMNS = (
    Column("group", Text("对照", "Compared with"), "label", role="key", vocabulary="unknown"),
    Column("products_repeat", Text("全部商品再次购买占比", "Share bought again, all products"), "share"),
    Column("products_refund", Text("全部商品退货率", "Refund rate, all products"), "share"),
    Column("lines", Text("购买行数", "Lines bought"), "count"),
    Column("scale", Text("评分量表", "Scale of scores"), "label", vocabulary="score_scale"),
)
