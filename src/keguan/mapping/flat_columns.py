"""The columns that a mapped file has, whatever it looked like when received.

A file of orders, customers or products is read into one fixed row shape; columns that the file does
not have are typed NULLs. Names equal those of the canonical tables where a column feeds one directly.
"""

from __future__ import annotations

from collections.abc import Mapping

from keguan.mapping.aliases import RECORD_KINDS, EntityKind
from keguan.schema.tables import CUSTOMERS, ENTITIES, PRODUCTS, Entity, Type

CONTACTS: tuple[tuple[str, Type], ...] = (
    ("phone", "text"),
    ("email", "text"),
    ("wechat", "text"),
    ("tax_no", "text"),
)

_ORDERS: tuple[tuple[str, Type], ...] = (
    ("order_number", "text"),
    ("customer_key", "text"),
    ("other_key", "text"),
    ("other_key_type", "text"),
    ("customer_name", "text"),
    ("ordered_at", "timestamp"),
    ("is_utc", "boolean"),
    ("has_time", "boolean"),
    ("product_id", "text"),
    ("product_name", "text"),
    ("category", "text"),
    ("brand", "text"),
    ("quantity", "decimal"),
    ("unit_price", "decimal"),
    ("amount", "decimal"),
    ("discount", "decimal"),
    ("cost", "decimal"),
    ("original_order_number", "text"),
    ("refund_amount", "decimal"),
    ("order_amount", "decimal"),
    ("shipping_fee", "decimal"),
    ("channel", "text"),
    ("store", "text"),
    ("region", "text"),
    ("country", "text"),
    ("province", "text"),
    ("city", "text"),
    ("device", "text"),
    ("status", "text"),
    ("status_at", "timestamp"),
    ("paid_at", "timestamp"),
    ("shipped_at", "timestamp"),
    ("delivered_at", "timestamp"),
    ("coupon", "text"),
    ("campaign_id", "text"),
    ("currency", "text"),
    ("line_kind_text", "text"),
    ("list_price", "decimal"),
)


def _received(entity: Entity) -> tuple[tuple[str, Type], ...]:
    return tuple((item.name, item.type) for item in entity.fields if not item.derived)


_TAKEN = {name for name, _ in _ORDERS} | {"customer_id", "name"}
_CUSTOMER_ATTRIBUTES = tuple(item for item in _received(CUSTOMERS) if item[0] not in _TAKEN)

UTC = "_is_utc"  # beside a moment of a record: whether its cell tells an instant in UTC
_REGISTERED: tuple[str, Type] = (f"registered_at{UTC}", "boolean")
ATTRIBUTES = ("attributes", "properties")  # all further columns of the file, as one JSON object


def _record(entity: Entity) -> tuple[tuple[str, Type], ...]:
    """Columns of a record as received: the customer's key stands for the account, and what else the file says
    of the customer is kept."""
    key: tuple[tuple[str, Type], ...] = (("customer_key", "text"),) if "account_no" in entity.names else ()
    more: tuple[tuple[str, Type], ...] = (("attributes", "text"),) if entity.name == "subscriptions" else ()
    moments: tuple[tuple[str, Type], ...] = tuple(
        (f"{name}{UTC}", "boolean") for name, kind in _received(entity) if kind == "timestamp"
    )
    return (*key, *_received(entity), *more, *moments)


COLUMNS: Mapping[EntityKind, tuple[tuple[str, Type], ...]] = {
    "orders": (*_ORDERS, *_CUSTOMER_ATTRIBUTES, *CONTACTS, _REGISTERED),
    "customers": (*_received(CUSTOMERS), *CONTACTS, ("attributes", "text"), _REGISTERED),
    "products": _received(PRODUCTS),
    **{kind: _record(ENTITIES[kind]) for kind in RECORD_KINDS},
}

_COMPUTED = ("other_key_type", "is_utc", "has_time")


def computed(name: str) -> bool:
    """Whether a column of a flat row says something about another one, so that no rule feeds it."""
    return name in _COMPUTED or name.endswith(UTC)


CLOSING: tuple[tuple[str, Type], ...] = (
    ("failed", "text"),
    ("failed_found", "text"),
    ("missing_reason", "text"),
)

# Concept of the header aliases -> column of the flat row, where the names differ.
TARGETS: Mapping[EntityKind, Mapping[str, str]] = {
    "orders": {},
    "customers": {"customer_key": "customer_id", "customer_name": "name"},
    "products": {"product_name": "name"},
    **{kind: {} for kind in RECORD_KINDS},
}
# Names that people give to `--map` or write into a mapping file, beside those of the flat row.
SYNONYMS: Mapping[EntityKind, Mapping[str, str]] = {
    "orders": {
        "order_id": "order_number",
        "customer_id": "customer_key",
        "original_order_id": "original_order_number",
        "name": "customer_name",
    },
    "customers": {"customer_key": "customer_id", "customer_name": "name"},
    "products": {"product_name": "name", "cost": "unit_cost"},
    **{kind: {"customer_id": "customer_key"} for kind in RECORD_KINDS},
}


def targets(entity: EntityKind) -> tuple[str, ...]:
    """Columns of the flat row that a rule of a mapping can feed."""
    return tuple(name for name, _ in COLUMNS[entity] if not computed(name))


def type_of(entity: EntityKind, target: str) -> Type:
    """SQL type class of a column of the flat row."""
    return dict(COLUMNS[entity])[target]


def target_of(entity: EntityKind, concept: str) -> str | None:
    """The column of the flat row that a concept feeds in a file of this kind; None when it has no place."""
    name = TARGETS[entity].get(concept, concept)
    return name if name in targets(entity) else None
