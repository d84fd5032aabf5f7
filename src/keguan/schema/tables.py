"""The canonical tables: what a row is, which columns it has, of which type, and who may see them.

Every source is mapped into these tables and every analysis reads only these tables. The stored form adds
to a source's columns those that the import derives (`derived=True`): the dense account number, local
calendar columns, what a line is, and where the row came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from keguan.core.text import Text

Type = Literal["text", "integer", "bigint", "decimal", "date", "timestamp", "boolean"]
Privacy = Literal["open", "personal", "sensitive"]

SQL_TYPES: Mapping[Type, str] = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "decimal": "DECIMAL(18, 4)",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a canonical table."""

    name: str
    type: Type
    label: Text
    required: bool = False
    derived: bool = False
    privacy: Privacy = "open"


@dataclass(frozen=True, slots=True)
class Entity:
    """One canonical table. `key`: the columns that identify a row within a workspace."""

    name: str
    label: Text
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The column with this name; KeyError when there is none."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(f"{self.name}.{name}")

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in stored order."""
        return tuple(item.name for item in self.fields)

    def ddl(self) -> str:
        """Columns with SQL types, for CREATE TABLE and typed empty selects."""
        return ", ".join(f"{item.name} {SQL_TYPES[item.type]}" for item in self.fields)


def _f(
    name: str,
    type: Type,
    zh: str,
    en: str,
    *,
    required: bool = False,
    derived: bool = False,
    privacy: Privacy = "open",
) -> Field:
    return Field(name, type, Text(zh, en), required, derived, privacy)


_ORIGIN = (
    _f("source", "text", "来源", "Source", derived=True),
    _f("load_id", "integer", "导入编号", "Load", derived=True),
    _f("source_row", "bigint", "原文件行", "Row in file", derived=True),
)

CUSTOMERS = Entity(
    "customers",
    Text("客户", "Customers"),
    ("customer_id",),
    (
        _f("customer_id", "text", "客户编号", "Customer id", required=True, privacy="personal"),
        _f("account_no", "integer", "账户号", "Account no", derived=True),
        _f("kind", "text", "客户类型", "Kind"),
        _f("name", "text", "客户名称", "Name", privacy="personal"),
        _f("gender", "text", "性别", "Gender", privacy="personal"),
        _f("birth_date", "date", "出生日期", "Birth date", privacy="personal"),
        _f("occupation", "text", "职业", "Occupation", privacy="personal"),
        _f("income", "text", "收入", "Income", privacy="sensitive"),
        _f("education", "text", "学历", "Education", privacy="personal"),
        _f("industry_code", "text", "行业", "Industry"),
        _f("size_staff", "text", "人员规模", "Staff size"),
        _f("size_revenue", "text", "营收规模", "Revenue size"),
        _f("founded_on", "date", "成立日期", "Founded on"),
        _f("country", "text", "国家", "Country"),
        _f("province", "text", "省份", "Province"),
        _f("city", "text", "城市", "City"),
        _f("acquired_channel", "text", "获客渠道", "Acquired through"),
        _f("registered_at", "timestamp", "注册时间", "Registered at"),
        _f("owner", "text", "责任人", "Owner"),
        _f("branch", "text", "分支机构", "Branch"),
        _f("credit_grade", "text", "信用等级", "Credit grade"),
        _f("settlement_cycle_days", "integer", "结账周期(天)", "Settlement cycle (days)"),
        _f("member_level", "text", "会员等级", "Member level"),
        _f("points", "decimal", "积分", "Points"),
        *_ORIGIN,
    ),
)

CUSTOMER_KEYS = Entity(
    "customer_keys",
    Text("客户标识", "Customer keys"),
    ("source", "key_type", "key_value"),
    (
        _f("account_no", "integer", "账户号", "Account no", derived=True),
        _f("customer_id", "text", "客户编号", "Customer id", privacy="personal"),
        _f("key_type", "text", "标识类型", "Key type"),
        _f("key_value", "text", "标识值", "Key value", required=True, privacy="personal"),
        *_ORIGIN,
    ),
)

ORDERS = Entity(
    "orders",
    Text("订单", "Orders"),
    ("order_id",),
    (
        _f("order_id", "text", "订单编号", "Order id", required=True),
        _f("account_no", "integer", "账户号", "Account no", derived=True),
        _f("ordered_at", "timestamp", "下单时间", "Ordered at", required=True),
        _f("day", "date", "日期", "Day", derived=True),
        _f("hour", "integer", "小时", "Hour", derived=True),
        _f("weekday", "integer", "星期", "Weekday", derived=True),
        _f("channel", "text", "渠道", "Channel"),
        _f("store", "text", "门店", "Store"),
        _f("region", "text", "地区", "Region"),
        _f("device", "text", "设备", "Device"),
        _f("status", "text", "订单状态", "Status"),
        _f("status_at", "timestamp", "状态时间", "Status at"),
        _f("paid_at", "timestamp", "付款时间", "Paid at"),
        _f("shipped_at", "timestamp", "发货时间", "Shipped at"),
        _f("delivered_at", "timestamp", "签收时间", "Delivered at"),
        _f("amount", "decimal", "订单金额", "Order amount"),
        _f("discount", "decimal", "订单优惠", "Order discount"),
        _f("shipping_fee", "decimal", "运费", "Shipping fee"),
        _f("coupon", "text", "优惠券", "Coupon"),
        _f("campaign_id", "text", "活动编号", "Campaign id"),
        _f("currency", "text", "币种", "Currency"),
        _f("lines", "integer", "明细行数", "Lines", derived=True),
        _f("has_time", "boolean", "有时刻", "Time of day known", derived=True),
        *_ORIGIN,
    ),
)

ORDER_LINES = Entity(
    "order_lines",
    Text("订单明细", "Order lines"),
    ("order_id", "line_no"),
    (
        _f("order_id", "text", "订单编号", "Order id", required=True),
        _f("line_no", "integer", "行号", "Line no", derived=True),
        _f("account_no", "integer", "账户号", "Account no", derived=True),
        _f("day", "date", "日期", "Day", derived=True),
        _f("product_id", "text", "商品编号", "Product id"),
        _f("quantity", "decimal", "数量", "Quantity"),
        _f("unit_price", "decimal", "单价", "Unit price"),
        _f("amount", "decimal", "金额", "Amount"),
        _f("discount", "decimal", "优惠", "Discount"),
        _f("cost", "decimal", "成本", "Cost"),
        _f("line_kind", "text", "行类型", "Line kind"),
        _f("movement", "text", "行性质", "Movement", derived=True),
        _f("opens_order", "integer", "订单首个购买行", "First purchase line of its order", derived=True),
        _f("original_order_id", "text", "原订单号", "Original order id"),
        _f("channel", "text", "渠道", "Channel", derived=True),
        _f("region", "text", "地区", "Region", derived=True),
        _f("is_bulk", "boolean", "大宗", "Bulk", derived=True),
        _f("is_repeated", "boolean", "重复行", "Repeated line", derived=True),
        _f("imputed", "text", "填补的列", "Imputed columns", derived=True),
        *_ORIGIN,
    ),
)

PRODUCTS = Entity(
    "products",
    Text("商品", "Products"),
    ("product_id",),
    (
        _f("product_id", "text", "商品编号", "Product id", required=True),
        _f("name", "text", "商品名称", "Product name"),
        _f("category", "text", "类目", "Category"),
        _f("brand", "text", "品牌", "Brand"),
        _f("launched_on", "date", "上市日期", "Launched on"),
        _f("unit_cost", "decimal", "单位成本", "Unit cost"),
        _f("list_price", "decimal", "标价", "List price"),
        *_ORIGIN,
    ),
)

LOADS = Entity(
    "loads",
    Text("导入记录", "Loads"),
    ("load_id",),
    (
        _f("load_id", "integer", "导入编号", "Load"),
        _f("batch_id", "integer", "批次", "Batch"),
        _f("source", "text", "来源", "Source"),
        _f("file", "text", "文件", "File"),
        _f("sha256", "text", "指纹", "SHA-256"),
        _f("bytes", "bigint", "字节", "Bytes"),
        _f("entity", "text", "数据表", "Table"),
        _f("mapping", "text", "映射", "Mapping"),
        _f("form", "text", "读取方式", "How it was read"),
        _f("received", "bigint", "收到", "Received"),
        _f("clean", "bigint", "干净", "Clean"),
        _f("quarantined", "bigint", "隔离", "Quarantined"),
        _f("superseded", "bigint", "被替换", "Superseded"),
        _f("dropped", "bigint", "按规则去掉", "Dropped"),
        _f("first_day", "date", "起始日", "First day"),
        _f("last_day", "date", "结束日", "Last day"),
        _f("loaded_at", "timestamp", "导入时间", "Loaded at"),
    ),
)

QUARANTINE = Entity(
    "quarantine",
    Text("隔离区", "Quarantine"),
    ("load_id", "source_row"),
    (
        _f("load_id", "integer", "导入编号", "Load"),
        _f("source_row", "bigint", "原文件行", "Row in file"),
        _f("entity", "text", "数据表", "Table"),
        _f("rule", "text", "规则", "Rule"),
        _f("column_name", "text", "列", "Column"),
        _f("found", "text", "读到的值", "Found", privacy="personal"),
        _f("row_key", "text", "行键", "Row key"),
        _f("amount", "decimal", "金额", "Amount"),
        _f("raw", "text", "原始行", "Raw row", privacy="personal"),
    ),
)

FINDINGS = Entity(
    "findings",
    Text("清洗发现", "Cleaning findings"),
    ("load_id", "rule", "column_name", "detail"),
    (
        _f("load_id", "integer", "导入编号", "Load"),
        _f("rule", "text", "规则", "Rule"),
        _f("column_name", "text", "列", "Column"),
        _f("detail", "text", "说明", "Detail"),
        _f("rows", "bigint", "行数", "Rows"),
        _f("base", "bigint", "总行数", "Of rows"),
        _f("amount", "decimal", "涉及金额", "Money at stake"),
    ),
)

SEGMENTS = Entity(
    "segments",
    Text("客户分群", "Segments"),
    ("account_no", "segmentation", "as_of"),
    (
        _f("account_no", "integer", "账户号", "Account no"),
        _f("segmentation", "text", "分群方法", "Segmentation"),
        _f("label", "text", "分群", "Label"),
        _f("score", "text", "得分", "Score"),
        _f("as_of", "date", "截至日", "As of"),
        _f("run_id", "text", "运行编号", "Run"),
    ),
)

PURCHASES = Entity(
    "purchases",
    Text("购买", "Purchases"),
    ("account_no", "day", "order_day"),
    (
        _f("account_no", "integer", "账户号", "Account no"),
        _f("day", "date", "计入日", "Day it counts"),
        _f("order_day", "date", "原购买日", "Day of the purchase"),
        _f("orders", "integer", "下单数", "Orders placed"),
        _f("cancelled", "integer", "全退订单数", "Orders fully returned"),
        _f("gross", "decimal", "销售额", "Gross revenue"),
        _f("returns", "decimal", "退货额", "Returns"),
        _f("quantity", "decimal", "数量", "Quantity"),
        _f("margin", "decimal", "毛利", "Gross margin"),
        _f("lines", "integer", "明细行数", "Lines"),
        _f("opens_month", "integer", "当月首个购买日", "First purchase day of its month"),
    ),
)

CUSTOMER_FACTS = Entity(
    "customer_facts",
    Text("客户事实", "Customer facts"),
    ("account_no",),
    (
        _f("account_no", "integer", "账户号", "Account no"),
        _f("first_order_on", "date", "首次下单日", "First order"),
        _f("last_order_on", "date", "最近下单日", "Last order"),
        _f("first_purchase_on", "date", "首次购买日", "First purchase"),
        _f("last_purchase_on", "date", "最近购买日", "Last purchase"),
        _f("orders_placed", "bigint", "下单数", "Orders placed"),
        _f("purchases", "bigint", "购买次数", "Purchases"),
        _f("purchase_days", "bigint", "购买天数", "Purchase days"),
        _f("gross_revenue", "decimal", "销售额", "Gross revenue"),
        _f("returns", "decimal", "退货额", "Returns"),
        _f("net_revenue", "decimal", "净销售额", "Net revenue"),
        _f("margin", "decimal", "毛利", "Gross margin"),
        _f("first_channel", "text", "首单渠道", "Channel of the first order"),
        _f("first_region", "text", "首单地区", "Region of the first order"),
    ),
)

ENTITIES: Mapping[str, Entity] = {
    entity.name: entity
    for entity in (
        CUSTOMERS, CUSTOMER_KEYS, ORDERS, ORDER_LINES, PRODUCTS,
        LOADS, QUARANTINE, FINDINGS, SEGMENTS, PURCHASES, CUSTOMER_FACTS,
    )
}  # fmt: skip

RECEIVED: tuple[Entity, ...] = (CUSTOMERS, CUSTOMER_KEYS, ORDERS, ORDER_LINES, PRODUCTS)


def personal_columns() -> Iterator[tuple[str, str]]:
    """(table, column) of all personal and sensitive columns."""
    for entity in ENTITIES.values():
        for item in entity.fields:
            if item.privacy != "open":
                yield entity.name, item.name
