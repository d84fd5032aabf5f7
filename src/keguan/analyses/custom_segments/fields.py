"""What a condition may name: each field with its type and the SQL that reads it. Nothing else enters a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from keguan.core.text import Text
from keguan.marts.customer_facts import COLUMNS as FACT_COLUMNS
from keguan.schema.tables import CUSTOMERS
from keguan.schema.terms.segmentation import SEGMENTATIONS

Type = Literal["text", "number", "date", "boolean", "tags"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its type, its SQL, the vocabulary of its values, and whether it is an amount of money."""

    type: Type
    sql: str
    vocabulary: str | None = None
    money: bool = False


_TYPES: Mapping[str, Type] = {
    "text": "text", "integer": "number", "bigint": "number", "decimal": "number", "date": "date",
    "timestamp": "date", "boolean": "boolean",
}  # fmt: skip
_NOT_ASKED = ("customer_id", "account_no", "name", "source", "load_id", "source_row")
_VOCABULARIES = {"industry_code": "industry", "province": "province"}

_CUSTOMERS = {
    item.name: Field(
        _TYPES[item.type],
        f"CAST(c.{item.name} AS DATE)" if item.type == "timestamp" else f"c.{item.name}",
        _VOCABULARIES.get(item.name),
    )
    for item in CUSTOMERS.fields
    if item.name not in _NOT_ASKED
}


def _fact(name: str, kind: str) -> Field:
    """Customers without an order have bought nothing: their counts and amounts are 0, their dates unknown."""
    if kind == "DATE":
        return Field("date", f"f.{name}")
    if kind == "VARCHAR":
        return Field("text", f"f.{name}", "province" if name == "first_region" else None)
    if name in ("recency_days", "tenure_days"):
        return Field("number", f"f.{name}")
    return Field("number", f"coalesce(f.{name}, 0)", money=kind.startswith("DECIMAL") and name != "returns")


_FACTS = {name: _fact(name, kind) for name, kind in FACT_COLUMNS.items() if name != "account_no"}
_WINDOW = {
    "window_purchases": Field("number", "coalesce(w.window_purchases, 0)"),
    "window_net": Field("number", "coalesce(w.window_net, 0)", money=True),
    "window_gross": Field("number", "coalesce(w.window_gross, 0)", money=True),
    "value_per_purchase": Field("number", "CAST(w.window_net AS DOUBLE) / nullif(w.window_purchases, 0)"),
}

FIELDS: Mapping[str, Field] = {**_CUSTOMERS, **_FACTS, **_WINDOW}
SEGMENTS: Mapping[str, str] = {
    name: words for name, words in SEGMENTATIONS.items() if not name.startswith("tags_")
}
TAGS: Mapping[str, str] = {
    name.removeprefix("tags_"): name for name in SEGMENTATIONS if name.startswith("tags_")
}

KINDS = {
    "": Text("", ""),
    "attribute": Text("attribute.属性名", "attribute.NAME"),
    "segment": Text("segment." + " segment.".join(SEGMENTS), "segment." + " segment.".join(SEGMENTS)),
    "tag": Text("tag." + " tag.".join(TAGS), "tag." + " tag.".join(TAGS)),
}

OPERATORS: Mapping[Type, tuple[str, ...]] = {
    "text": ("=", "!=", "in", "contains", "known"),
    "number": ("=", "!=", "<", "<=", ">", ">=", "in", "between", "known"),
    "date": ("=", "!=", "<", "<=", ">", ">=", "between", "within", "older", "known"),
    "boolean": ("=", "known"),
    "tags": ("has", "known"),
}
