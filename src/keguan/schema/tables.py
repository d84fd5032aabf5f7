"""The canonical tables: what a row is, which columns it has, of which type, and who may see them.

Every source is mapped into these tables and every analysis reads only these tables. The stored form adds
to a source's columns those that the import derives (`derived=True`): the dense account number, local
calendar columns, what a line is, and where the row came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keguan.schema.audiences import AUDIENCE_EXPORTS, AUDIENCE_TABLES, AUDIENCES, UNIVERSAL_CONTROL
from keguan.schema.customers import (
    CONSENTS,
    CONTACT_PERSONS,
    CUSTOMER_ATTRIBUTES,
    CUSTOMER_KEYS,
    CUSTOMERS,
    SUBSCRIPTIONS,
)
from keguan.schema.entity import SQL_TYPES, Entity, Field, Type
from keguan.schema.interactions import (
    CAMPAIGN_MEMBERS,
    CAMPAIGNS,
    CONTACTS,
    COSTS,
    EVENTS,
    FEEDBACK,
    SOCIAL_METRICS,
    SPEND,
)
from keguan.schema.model_care import CARE, MODEL_INPUTS, MODEL_RUNS, PREDICTED_CUSTOMERS, PREDICTIONS
from keguan.schema.outside import BENCHMARKS, EXTERNAL_LABELS
from keguan.schema.planned import ACTIONS, PLANNED
from keguan.schema.sales import LEADS, ORDER_LINES, ORDERS, PAYMENTS, PRODUCTS, TARGETS
from keguan.schema.written import (
    CUSTOMER_FACTS,
    EVENT_SESSIONS,
    EVENT_TRANSITIONS,
    FINDINGS,
    LOADS,
    PURCHASES,
    QUARANTINE,
    SEGMENTS,
    SESSION_NAMES,
)

__all__ = [
    "ACTIONS",
    "AUDIENCES",
    "AUDIENCE_EXPORTS",
    "AUDIENCE_TABLES",
    "BENCHMARKS",
    "CAMPAIGNS",
    "CAMPAIGN_MEMBERS",
    "CARE",
    "CONSENTS",
    "CONTACTS",
    "CONTACT_PERSONS",
    "COSTS",
    "CUSTOMERS",
    "CUSTOMER_ATTRIBUTES",
    "CUSTOMER_FACTS",
    "CUSTOMER_KEYS",
    "ENTITIES",
    "EVENTS",
    "EVENT_SESSIONS",
    "EVENT_TRANSITIONS",
    "EXTERNAL_LABELS",
    "FEEDBACK",
    "FINDINGS",
    "LEADS",
    "LOADS",
    "MODEL_INPUTS",
    "MODEL_RUNS",
    "ORDERS",
    "ORDER_LINES",
    "PAYMENTS",
    "PLANNED",
    "PREDICTED_CUSTOMERS",
    "PREDICTIONS",
    "PRODUCTS",
    "PURCHASES",
    "QUARANTINE",
    "RECEIVED",
    "RECORDS",
    "SEGMENTS",
    "SESSION_NAMES",
    "SOCIAL_METRICS",
    "SPEND",
    "SQL_TYPES",
    "SUBSCRIPTIONS",
    "TARGETS",
    "UNIVERSAL_CONTROL",
    "Entity",
    "Field",
    "Type",
    "personal_columns",
]  # fmt: skip

# Tables that are received as they are: one file, one table, one row a row.
RECORDS: tuple[Entity, ...] = (
    EVENTS, FEEDBACK, CONTACTS, CAMPAIGNS, CAMPAIGN_MEMBERS, SPEND, COSTS, SOCIAL_METRICS,
    LEADS, PAYMENTS, TARGETS, CONTACT_PERSONS, CONSENTS, SUBSCRIPTIONS, BENCHMARKS, EXTERNAL_LABELS,
)  # fmt: skip

RECEIVED: tuple[Entity, ...] = (
    CUSTOMERS, CUSTOMER_KEYS, CUSTOMER_ATTRIBUTES, ORDERS, ORDER_LINES, PRODUCTS, *RECORDS,
)  # fmt: skip

# Tables that an import keeps up to date from received ones.
MARTS: tuple[Entity, ...] = (PURCHASES, CUSTOMER_FACTS, EVENT_SESSIONS, SESSION_NAMES, EVENT_TRANSITIONS)

ENTITIES: Mapping[str, Entity] = {
    entity.name: entity
    for entity in (
        *RECEIVED,
        LOADS,
        QUARANTINE,
        FINDINGS,
        SEGMENTS,
        *AUDIENCE_TABLES,
        *MARTS,
        *CARE,
        *PLANNED,
    )
}


def personal_columns() -> Iterator[tuple[str, str]]:
    """(table, column) of all personal and sensitive columns."""
    for entity in ENTITIES.values():
        for item in entity.fields:
            if item.privacy != "open":
                yield entity.name, item.name
