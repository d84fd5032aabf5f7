"""Columns of the tables of product_mix."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import RATE_SHIFT_COLUMNS, USUAL_COLUMNS, VERDICT, Q
from keguan.marts.line_metrics import LINE_GROSS, LINE_QUANTITY, LINE_RETURNS, LINES_BOUGHT, LINES_RETURNED
from keguan.result import Column

CATEGORY = Column("category", Text("类目", "Category"), "label", role="key", vocabulary="unknown")
NET = Column("net_revenue", Text("净销售额", "Net revenue"), "money")
BASE_NET = Column("base_net_revenue", Text("去年同期净销售额", "Net revenue a year ago"), "money")
CATEGORY_COLUMNS = (
    Column("level", Text("级", "Level"), "count", role="key"),
    CATEGORY,
    Column("gross_revenue", LINE_GROSS.label, "money"),
    Column("returns", LINE_RETURNS.label, "money"),
    NET,
    Column("share", Text("占净销售额", "Share of net revenue"), "share"),
    Column("bought", LINES_BOUGHT.label, "count"),
    Column("returned", LINES_RETURNED.label, "count"),
    Column(
        "refund_rate",
        Text("退货率", "Refund rate"),
        "share",
        note=Text("退货行数 / 购买行数", "lines returned / lines bought"),
    ),
)
CATEGORY_MONTH_COLUMNS = (
    Column("month", Text("月份", "Month"), "month", role="key"),
    CATEGORY,
    NET,
    Column("unfinished", Text("未结束", "Unfinished"), "text", role="note"),
)
GROWTH_COLUMNS = (
    Column("part", Text("名称", "Name"), "label", role="key", vocabulary="unknown"),
    Column("customers", Text("购买客户", "Customers"), "count",
           note=Text("散客每单算一位", "each order of a guest counts as one")),
    Column("base_customers", Text("去年同期购买客户", "Customers a year ago"), "count"),
    NET,
    BASE_NET,
    Column("change", Text("变化额", "Change"), "money"),
    Column("change_rate", Text("变化率", "Change, relative"), "share"),
    Column("low", Text("区间下限", "Low"), "share", role="low",
           note=Text("比率的 95% 区间，以客户为抽样单位", "95% interval of the ratio, customers as units")),
    Column("high", Text("区间上限", "High"), "share", role="high"),
    Column("rest_rate", Text("其余合计变化率", "Change of all others"), "share"),
    Q,
    *USUAL_COLUMNS,
    VERDICT,
)  # fmt: skip
CROSS_COLUMNS = (
    CATEGORY,
    Column("region", Text("地区", "Region"), "label", role="key", vocabulary="unknown"),
    NET,
    BASE_NET,
    Column("change", Text("变化额", "Change"), "money"),
    Column("named", Text("单独列出", "By name"), "text", role="note"),
)
REFUND_COLUMNS = (
    Column("level", Text("级", "Level"), "count", role="key"),
    CATEGORY,
    Column("since", Text("变化起始月", "Since"), "month"),
    Column("lines_before", Text("之前购买行", "Lines bought before"), "count"),
    Column("rate_before", Text("之前退货率", "Refund rate before"), "share"),
    Column("lines_after", Text("之后购买行", "Lines bought since"), "count"),
    Column("rate_after", Text("之后退货率", "Refund rate since"), "share"),
    *RATE_SHIFT_COLUMNS,
)
PERIOD_COLUMNS = (
    Column("period", Text("期间", "Period"), "label", role="key", vocabulary="compared_period"),
    Column("first", Text("起", "From"), "date"),
    Column("last", Text("止", "To"), "date"),
    Column("days", Text("所含日期", "Days"), "text"),
)
PRODUCT_COLUMNS = (
    Column("product_id", Text("商品编号", "Product"), "label", role="key", vocabulary="unknown"),
    Column("name", Text("商品名称", "Name"), "text"),
    Column("category", Text("类目", "Category"), "label", vocabulary="unknown"),
    NET,
    Column("share", Text("占商品净销售额", "Share of net product revenue"), "share"),
    Column("quantity", LINE_QUANTITY.label, "number", 0),
    Column("lines", LINES_BOUGHT.label, "count"),
    Column("customers", Text("购买客户", "Customers"), "count"),
    Column("repeat_share", Text("复购客户占比", "Share who bought it again"), "share",
           note=Text("在不同日期买过两次及以上的客户", "customers who bought it on two or more days")),
    Column("refund_rate", Text("退货率", "Refund rate"), "share",
           note=Text("退货行数 / 购买行数", "lines returned / lines bought")),
    Column("months_sold", Text("在售月数", "Months sold"), "count"),
)  # fmt: skip
