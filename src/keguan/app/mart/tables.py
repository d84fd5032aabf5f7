"""Which tables the mart has: SQL over the workspace, and type, label and meaning of each column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keguan.core.text import Text
from keguan.marts.experiments.arms import arm_sql
from keguan.marts.metrics import GROSS_REVENUE, NET_REVENUE, ORDERS, PURCHASES, RETURNS
from keguan.schema.entity import Field, Type
from keguan.schema.tables import CUSTOMER_FACTS, CUSTOMERS, ENTITIES


@dataclass(frozen=True, slots=True)
class MartColumn:
    """A column of the mart. `unit`: money, customers ..., empty for a text or a day."""

    name: str
    type: Type
    label: Text
    unit: str = ""
    means: Text | None = None


@dataclass(frozen=True, slots=True)
class MartTable:
    """A table of the mart; `sql` gives its columns by name."""

    name: str
    label: Text
    key: tuple[str, ...]
    columns: tuple[MartColumn, ...]
    sql: str


NO_ORIGIN = ("source", "load_id", "source_row")
ACCOUNT = MartColumn(
    "account_no", "integer", Text("账户号", "Account no"), "",
    Text("Keguan 给每位客户的编号，永不改变", "Keguan's number of the customer; it never changes"),
)  # fmt: skip
MONEY = Text("按工作区的币种", "in the workspace's currency")
FACT_UNITS = {
    "gross_revenue": "money", "returns": "money", "net_revenue": "money", "margin": "money", "orders_placed": "orders",
    "purchases": "orders", "purchase_days": "days",
}  # fmt: skip


def tables(present: Iterable[str], *, personal: bool) -> tuple[MartTable, ...]:
    """The tables of the mart. `present`: tables of the workspace that have rows."""
    has = set(present)
    made = [_customers(personal), _segments(), _purchases()]
    made += [
        _plain(name, personal)
        for name in ("campaigns", "audiences", "actions")
        if name in has & set(ENTITIES)
    ]
    if "campaign_members" in has:
        made.append(_members())
    return tuple(made)


def _of(field: Field, unit: str = "", means: Text | None = None) -> MartColumn:
    return MartColumn(field.name, field.type, field.label, unit, means)


def _customers(personal: bool) -> MartTable:
    """One row for each customer: who they are, and what they bought up to the as-of date."""
    own = [
        item
        for item in CUSTOMERS.fields
        if item.name not in ("account_no", *NO_ORIGIN) and (personal or item.privacy == "open")
    ]
    facts = [item for item in CUSTOMER_FACTS.fields if item.name != "account_no"]
    of_customers = ", ".join(f"min({item.name}) AS {item.name}" for item in own)
    listed = ", ".join([*(f"c.{item.name}" for item in own), *(f"f.{item.name}" for item in facts)])
    sql = f"""
SELECT a.account_no, {listed}
FROM (SELECT account_no FROM customers WHERE account_no IS NOT NULL
      UNION SELECT account_no FROM customer_facts) a
LEFT JOIN (SELECT account_no, {of_customers} FROM customers GROUP BY account_no) c ON c.account_no = a.account_no
LEFT JOIN customer_facts f ON f.account_no = a.account_no
ORDER BY a.account_no"""
    means = Text("截至导出的截至日，按 Keguan 的指标口径", "as of the mart's day, as Keguan defines it")
    columns = (
        ACCOUNT,
        *(_of(item) for item in own),
        *(_of(item, FACT_UNITS.get(item.name, ""), means) for item in facts),
    )
    return MartTable(
        "customers", Text("客户与购买事实", "Customers and their purchases"), ("account_no",), columns, sql
    )


def _segments() -> MartTable:
    """Every segmentation that the workspace keeps, one row for each customer, segmentation and as-of date."""
    segments = ENTITIES["segments"]
    columns = (
        ACCOUNT,
        *(_of(segments.field(name)) for name in ("segmentation", "label", "score", "as_of")),
    )
    sql = (
        "SELECT account_no, segmentation, label, score, as_of FROM kept_segments "
        "WHERE as_of <= $as_of ORDER BY segmentation, as_of, account_no"
    )
    return MartTable(
        "customer_segments",
        Text("客户分群", "Segments"),
        ("account_no", "segmentation", "as_of"),
        columns,
        sql,
    )


def _purchases() -> MartTable:
    """Purchases of each customer by month; what came back counts in the month of its return."""
    sql = f"""
SELECT account_no, make_date(CAST(year(day) AS INTEGER), CAST(month(day) AS INTEGER), 1) AS month_start,
       {ORDERS.sql} AS orders, {PURCHASES.sql} AS purchases, {GROSS_REVENUE.sql} AS gross_revenue,
       {RETURNS.sql} AS returns, {NET_REVENUE.sql} AS net_revenue, CAST(sum(quantity) AS DECIMAL(18, 4)) AS quantity,
       CAST(sum(margin) AS DECIMAL(18, 4)) AS margin
FROM purchases WHERE account_no IS NOT NULL
GROUP BY account_no, make_date(CAST(year(day) AS INTEGER), CAST(month(day) AS INTEGER), 1)
ORDER BY account_no, month_start"""
    facts = CUSTOMER_FACTS
    columns = (
        ACCOUNT,
        MartColumn("month_start", "date", Text("月份首日", "First day of the month")),
        MartColumn("orders", "bigint", ORDERS.label, "orders"),
        MartColumn(
            "purchases", "bigint", PURCHASES.label, "orders", Text("减去全退的订单", "less orders fully returned")),
        MartColumn("gross_revenue", "decimal", GROSS_REVENUE.label, "money", MONEY),
        MartColumn("returns", "decimal", RETURNS.label, "money", Text("记在退货的月份", "in the month of the return")),
        MartColumn("net_revenue", "decimal", NET_REVENUE.label, "money", Text("销售额减退货额", "gross revenue less returns")),
        MartColumn("quantity", "decimal", Text("数量", "Quantity"), "units"),
        _of(facts.field("margin"), "money", Text("成本已知的行", "of lines whose cost is known")),
    )  # fmt: skip
    return MartTable(
        "monthly_purchases",
        Text("各月购买", "Purchases by month"),
        ("account_no", "month_start"),
        columns,
        sql,
    )


def _members() -> MartTable:
    """Members of campaigns with their arm."""
    entity = ENTITIES["campaign_members"]
    sql = f"""
SELECT campaign_id, account_no, min({arm_sql("arm")}) AS arm, min(day) AS assigned_on, min(exposed_on) AS exposed_on
FROM campaign_members WHERE campaign_id IS NOT NULL AND account_no IS NOT NULL
GROUP BY campaign_id, account_no ORDER BY campaign_id, account_no"""
    columns = (
        _of(entity.field("campaign_id")), ACCOUNT,
        MartColumn("arm", "text", entity.field("arm").label, "", Text("对照组写作 control", "'control' for the control group")),
        MartColumn("assigned_on", "date", Text("分组日", "Assigned on")), _of(entity.field("exposed_on")),
    )  # fmt: skip
    return MartTable("campaign_members", entity.label, ("campaign_id", "account_no"), columns, sql)


def _plain(name: str, personal: bool) -> MartTable:
    """A table as the workspace keeps it, one row for each key."""
    entity = ENTITIES[name]
    fields = [
        item for item in entity.fields if item.name not in NO_ORIGIN and (personal or item.privacy == "open")
    ]
    key = tuple(item for item in entity.key if item in {field.name for field in fields})
    rest = ", ".join(f"max({item.name}) AS {item.name}" for item in fields if item.name not in key)
    keys = ", ".join(key)
    sql = f"SELECT {keys}, {rest} FROM {name} WHERE {key[0]} IS NOT NULL GROUP BY {keys} ORDER BY {keys}"
    by_name = {item.name: item for item in fields}
    ordered: Sequence[str] = (*key, *(item.name for item in fields if item.name not in key))
    money = ("budget", "cost")
    columns = tuple(_of(by_name[item], "money" if item in money else "") for item in ordered)
    return MartTable(name, entity.label, key, columns, sql)


DICTIONARY = (
    MartColumn("table_name", "text", Text("表", "Table")),
    MartColumn("column_name", "text", Text("列", "Column")),
    MartColumn("type", "text", Text("类型", "Type")),
    MartColumn("label_zh", "text", Text("中文名", "Chinese label")),
    MartColumn("label_en", "text", Text("英文名", "English label")),
    MartColumn("unit", "text", Text("单位", "Unit")),
    MartColumn("definition", "text", Text("定义", "Definition")),
)
