"""Tables about selling: orders, their lines, products, payments, leads, targets."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.entity import ORIGIN, Entity, column

ORDERS = Entity(
    "orders",
    Text("订单", "Orders"),
    ("order_id",),
    (
        column("order_id", "text", "订单编号", "Order id", required=True),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("ordered_at", "timestamp", "下单时间", "Ordered at", required=True),
        column("day", "date", "日期", "Day", derived=True),
        column("hour", "integer", "小时", "Hour", derived=True),
        column("weekday", "integer", "星期", "Weekday", derived=True),
        column("channel", "text", "渠道", "Channel"),
        column("store", "text", "门店", "Store"),
        column("region", "text", "地区", "Region"),
        column("device", "text", "设备", "Device"),
        column("status", "text", "订单状态", "Status"),
        column("status_at", "timestamp", "状态时间", "Status at"),
        column("paid_at", "timestamp", "付款时间", "Paid at"),
        column("shipped_at", "timestamp", "发货时间", "Shipped at"),
        column("delivered_at", "timestamp", "签收时间", "Delivered at"),
        column("amount", "decimal", "订单金额", "Order amount"),
        column("discount", "decimal", "订单优惠", "Order discount"),
        column("shipping_fee", "decimal", "运费", "Shipping fee"),
        column("coupon", "text", "优惠券", "Coupon"),
        column("campaign_id", "text", "活动编号", "Campaign id"),
        column("currency", "text", "币种", "Currency"),
        column("lines", "integer", "明细行数", "Lines", derived=True),
        column("has_time", "boolean", "有时刻", "Time of day known", derived=True),
        *ORIGIN,
    ),
)

ORDER_LINES = Entity(
    "order_lines",
    Text("订单明细", "Order lines"),
    ("order_id", "line_no"),
    (
        column("order_id", "text", "订单编号", "Order id", required=True),
        column("line_no", "integer", "行号", "Line no", derived=True),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("day", "date", "日期", "Day", derived=True),
        column("product_id", "text", "商品编号", "Product id"),
        column("quantity", "decimal", "数量", "Quantity"),
        column("unit_price", "decimal", "单价", "Unit price"),
        column("amount", "decimal", "金额", "Amount"),
        column("discount", "decimal", "优惠", "Discount"),
        column("cost", "decimal", "成本", "Cost"),
        column("line_kind", "text", "行类型", "Line kind"),
        column("movement", "text", "行性质", "Movement", derived=True),
        column("opens_order", "integer", "订单首个购买行", "First purchase line of its order", derived=True),
        column("original_order_id", "text", "原订单号", "Original order id"),
        column("channel", "text", "渠道", "Channel", derived=True),
        column("region", "text", "地区", "Region", derived=True),
        column("is_bulk", "boolean", "大宗", "Bulk", derived=True),
        column("is_repeated", "boolean", "重复行", "Repeated line", derived=True),
        column("imputed", "text", "填补的列", "Imputed columns", derived=True),
        *ORIGIN,
    ),
)

PRODUCTS = Entity(
    "products",
    Text("商品", "Products"),
    ("product_id",),
    (
        column("product_id", "text", "商品编号", "Product id", required=True),
        column("name", "text", "商品名称", "Product name"),
        column("category", "text", "类目", "Category"),
        column("brand", "text", "品牌", "Brand"),
        column("launched_on", "date", "上市日期", "Launched on"),
        column("unit_cost", "decimal", "单位成本", "Unit cost"),
        column("list_price", "decimal", "标价", "List price"),
        *ORIGIN,
    ),
)

PAYMENTS = Entity(
    "payments",
    Text("收付款", "Payments"),
    ("payment_id",),
    (
        column("payment_id", "text", "款项编号", "Payment id"),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("order_id", "text", "订单编号", "Order id"),
        column("due_on", "date", "应付日", "Due on"),
        column("paid_on", "date", "实付日", "Paid on"),
        column("day", "date", "日期", "Day", derived=True),
        column("amount", "decimal", "金额", "Amount", required=True),
        *ORIGIN,
    ),
)

LEADS = Entity(
    "leads",
    Text("线索与商机", "Leads"),
    ("lead_id",),
    (
        column("lead_id", "text", "线索编号", "Lead id", required=True),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("created_at", "timestamp", "创建时间", "Created at", required=True),
        column("day", "date", "日期", "Day", derived=True),
        column("lead_source", "text", "线索来源", "Lead source"),
        column("industry_code", "text", "行业", "Industry"),
        column("size", "text", "规模", "Size"),
        column("region", "text", "地区", "Region"),
        column("stage", "text", "阶段", "Stage"),
        column("stage_at", "timestamp", "阶段时间", "Stage at"),
        column("stage_on", "date", "阶段日", "Stage on", derived=True),
        column("amount", "decimal", "预计金额", "Amount"),
        column("owner", "text", "责任人", "Owner"),
        column("lost_reason", "text", "输单原因", "Lost reason"),
        *ORIGIN,
    ),
)

TARGETS = Entity(
    "targets",
    Text("计划目标", "Targets"),
    ("metric", "period", "dimension"),
    (
        column("metric", "text", "指标", "Metric", required=True),
        column("period", "text", "期间", "Period", required=True),
        column("dimension", "text", "维度", "Dimension"),
        column("value", "decimal", "目标值", "Target", required=True),
        *ORIGIN,
    ),
)
