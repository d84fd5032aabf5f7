"""Who it is, masked unless asked otherwise, and which sources tell of the customer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.profile_traits import INDUSTRY_PREFIX
from keguan.result import Column, Table
from keguan.schema.tables import CUSTOMER_ATTRIBUTES, CUSTOMERS, ENTITIES

# Of these a mask leaves the beginning and the end.
TOLD_APART = ("customer_id", "name", "phone", "email", "wechat", "tax_no")
LEFT_OUT = ("account_no", "load_id", "source_row", "source")
IDENTITY = (
    Column("attribute", Text("项目", "Item"), "label", role="key", vocabulary="customer_column"),
    Column("place", Text("序号", "No."), "count", role="key"),
    Column("value", Text("内容", "Value"), "label", vocabulary="trait_value"),
)
SOURCES = (
    Column("entity", Text("数据表", "Table"), "label", role="key", vocabulary="entity"),
    Column("source", Text("来源", "Source"), "label", role="key", vocabulary="unknown"),
    Column("rows", Text("行数", "Rows"), "count"),
    Column("first_day", Text("起始日", "First day"), "date"),
    Column("last_day", Text("结束日", "Last day"), "date"),
)
CUSTOMER_SQL = f"""
SELECT {", ".join(name for name in CUSTOMERS.names if name not in LEFT_OUT)}
FROM customers WHERE account_no = $account ORDER BY customer_id, source
"""
KEYS_SQL = """
SELECT DISTINCT key_type, key_value FROM customer_keys
WHERE account_no = $account AND key_type <> 'account' ORDER BY key_type, key_value
"""
ATTRIBUTES_SQL = """
SELECT attribute, attribute_value FROM customer_attributes
WHERE account_no = $account AND attribute_value IS NOT NULL ORDER BY attribute, attribute_value
"""
# Tables that tell of a customer.
TOLD_BY = tuple(
    entity
    for entity in ENTITIES.values()
    if "account_no" in entity.names and "source" in entity.names and entity.name != CUSTOMER_ATTRIBUTES.name
)


def masked(text: str) -> str:
    """As much of a name or id as tells it apart for whoever knows it: the first character, of long ones the last two."""
    return f"{text[:2]}***{text[-2:]}" if len(text) >= 8 else f"{text[:1]}***"


def identity_table(inputs: Inputs, account: int, show: bool) -> Table:
    """What the customer file and customer attributes know. Of other personal columns nothing is left by masking."""
    rows: list[dict[str, Any]] = [{"attribute": "account_no", "place": 1, "value": f"#{account}"}]

    def add(name: str, value: str, personal: bool = False) -> None:
        shown = value if show or not personal else masked(value) if name in TOLD_APART else "***"
        rows.append(
            {"attribute": name, "place": 1 + sum(row["attribute"] == name for row in rows), "value": shown}
        )

    for record in inputs.query(CUSTOMER_SQL, account=account).to_pylist():
        for name, value in record.items():
            if value is not None:
                add(name, _text(inputs, name, value), CUSTOMERS.field(name).privacy != "open")
    for record in inputs.query(KEYS_SQL, account=account).to_pylist():
        add(record["key_type"] or "key_value", record["key_value"], personal=True)
    for record in inputs.query(ATTRIBUTES_SQL, account=account).to_pylist():
        add(record["attribute"], record["attribute_value"])
    return inputs.computed(
        "identity", Text("客户资料", "Customer"), IDENTITY, ("attribute", "place"), rows, method="customer_360.identity",
        sql=CUSTOMER_SQL, account=account,
    )  # fmt: skip


def _text(inputs: Inputs, name: str, value: Any) -> str:
    """A value as it is shown; moments in the workspace's zone."""
    if isinstance(value, datetime):
        local = value.replace(tzinfo=UTC).astimezone(ZoneInfo(inputs.settings.timezone))
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    return f"{INDUSTRY_PREFIX}{value}" if name == "industry_code" else str(value)


def sources_table(inputs: Inputs, account: int) -> Table:
    """How many rows of which table and source are about the customer, and of which days."""
    parts = []
    for entity in TOLD_BY:
        if inputs.has(entity.name):
            days = "min(day), max(day)" if "day" in entity.names else "CAST(NULL AS DATE), CAST(NULL AS DATE)"
            first, last = days.split(", ", 1)
            parts.append(
                f"SELECT '{entity.name}' AS entity, coalesce(source, '待核实') AS source, count(*) AS rows, "
                f"{first} AS first_day, {last} AS last_day FROM {entity.name} WHERE account_no = $account "
                "GROUP BY coalesce(source, '待核实')"
            )
    title = Text("哪些数据里有这位客户", "Where the customer is found")
    sql = " UNION ALL ".join(parts)
    return inputs.table(
        "sources",
        title,
        SOURCES,
        ("entity", "source"),
        f"SELECT * FROM ({sql}) s ORDER BY entity, source",
        account=account,
    )
