"""Commits an audience: campaign, members with their arms, how they were drawn, and the books, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keguan.app.analyse import Session
from keguan.app.audience import faults
from keguan.app.audience.order import Order, budget_of
from keguan.app.saved_models import ARROW
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.schema.audiences import FROZEN_SOURCE
from keguan.schema.tables import ENTITIES
from keguan.store.delta import NewFile
from keguan.store.workspace import Change, Store

FOUR = Decimal("0.0001")
MOST = Decimal("99999999999999")  # of a decimal column


@dataclass(frozen=True)
class Frozen:
    """What is to be committed; the arms are in the view `audience_arms`, a new universal control group in
    `audience_universal`."""

    row: Mapping[str, Any]
    new_campaign: bool
    universal: bool
    order: Order
    notes: tuple[Text, ...]


def known_campaign(session: Session, given: str | None) -> Mapping[str, Any] | None:
    """The campaign that has this id, or else this name; UsageError where several have the name."""
    if given is None:
        return None
    for column in ("campaign_id", "name"):
        rows = session.engine.query(
            "SELECT campaign_id, max(starts_on) AS starts_on, max(ends_on) AS ends_on FROM all_campaigns "
            f"WHERE {column} = {quoted(given)} GROUP BY campaign_id ORDER BY campaign_id"
        ).to_pylist()
        if len(rows) > 1:
            several = ", ".join(str(row["campaign_id"]) for row in rows[:5])
            raise faults.taken(given, Text(f"几个活动同名：{several}", f"several have this name: {several}"))
        if rows:
            return dict(rows[0])
    return None


def kept(session: Session, audience: str) -> dict[str, Any] | None:
    """The record of an audience."""
    rows = session.engine.query(
        f"SELECT * FROM all_audiences WHERE audience_id = {quoted(audience)}"
    ).to_pylist()
    return dict(rows[0]) if rows else None


def has_members(session: Session, campaign: str) -> bool:
    """Whether anybody is on the list of a campaign."""
    sql = f"SELECT 1 AS one FROM all_campaign_members WHERE campaign_id = {quoted(campaign)} LIMIT 1"
    return len(session.engine.query(sql)) > 0


def commit(store: Store, session: Session, frozen: Frozen, assigned_at: datetime) -> None:
    """Writes the tables and commits them together."""
    row, load = frozen.row, store.catalog.next_load
    changes, loads = [], []
    if frozen.new_campaign:
        changes.append(Change("campaigns", write_rows(store, "campaigns", [_campaign(frozen, load)])))
        loads.append(_load(store, row, load, "campaigns", 1))
        load += 1
    members = {
        "campaign_id": row["campaign_id"], "assigned_at": assigned_at, "day": row["as_of"], "source": FROZEN_SOURCE,
        "load_id": load,
    }  # fmt: skip
    written = stream_rows(
        store,
        session,
        "campaign_members",
        "SELECT account_no, arm FROM audience_arms ORDER BY account_no",
        members,
    )
    changes.append(Change("campaign_members", written))
    loads.append(_load(store, row, load, "campaign_members", sum(file.rows for file in written)))
    changes.append(Change("audiences", write_rows(store, "audiences", [row])))
    if frozen.universal:
        alike = {
            "day": row["as_of"], "made_at": row["made_at"], "share": _percent(frozen.order.universal),
            "seed": frozen.order.seed,
        }  # fmt: skip
        group = "SELECT account_no FROM audience_universal ORDER BY account_no"
        changes.append(
            Change("universal_control", stream_rows(store, session, "universal_control", group, alike))
        )
    changes.append(Change("loads", write_rows(store, "loads", loads)))
    store.commit(changes, next_load=load + 1)


def _percent(text: str | None) -> Decimal:
    return (Decimal((text or "0").strip().rstrip("%％")) / 100).quantize(FOUR)


def _campaign(frozen: Frozen, load: int) -> dict[str, Any]:
    row, order = frozen.row, frozen.order
    return {
        "campaign_id": row["campaign_id"], "name": row["name"], "segment": row["segment"], "channel": row["channel"],
        "starts_on": row["starts_on"], "ends_on": row["ends_on"], "owner": order.owner,
        "budget": budget_of(order.budget), "target": order.target, "source": FROZEN_SOURCE, "load_id": load, "source_row": 1,
    }  # fmt: skip


def _load(store: Store, row: Mapping[str, Any], load: int, entity: str, rows: int) -> dict[str, Any]:
    name = f"{FROZEN_SOURCE} {row['audience_id']}"
    return {
        "load_id": load, "batch_id": store.catalog.batch + 1, "source": FROZEN_SOURCE, "file": name,
        "sha256": hashlib.sha256(f"{name}|{entity}|{row['settings']}".encode()).hexdigest(), "bytes": 0,
        "entity": entity, "mapping": "audience", "form": f"seed={row['seed']}, holdout={row['holdout']}",
        "received": rows, "clean": rows, "quarantined": 0, "superseded": 0, "dropped": 0,
        "first_day": row["as_of"], "last_day": row["as_of"], "loaded_at": row["made_at"],
    }  # fmt: skip


def schema_of(table: str) -> pa.Schema:
    """The stored columns of a table."""
    return pa.schema([(item.name, ARROW[item.type]) for item in ENTITIES[table].fields])


def write_rows(
    store: Store, table: str, rows: list[Mapping[str, Any]] | list[dict[str, Any]]
) -> tuple[NewFile, ...]:
    """One file with a few rows."""
    entity = ENTITIES[table]
    made = [
        {
            item.name: _decimal(row.get(item.name)) if item.type == "decimal" else row.get(item.name)
            for item in entity.fields
        }
        for row in rows
    ]
    path = store.new_file(table)
    pq.write_table(pa.Table.from_pylist(made, schema=schema_of(table)), path, compression="zstd")
    return (NewFile(path, len(made)),)


def stream_rows(
    store: Store, session: Session, table: str, sql: str, alike: Mapping[str, Any]
) -> tuple[NewFile, ...]:
    """One file with the rows of a query, batch by batch; columns that it lacks are the same in each row, or empty."""
    schema, rows = schema_of(table), 0
    path = store.new_file(table)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in session.engine.stream(sql):
            given = set(batch.schema.names)
            columns = [
                batch.column(item.name).cast(item.type)
                if item.name in given
                else pa.repeat(pa.scalar(alike.get(item.name), item.type), len(batch))
                for item in schema
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            rows += len(batch)
    return (NewFile(path, rows),)


def _decimal(value: Any) -> Decimal | None:
    """A number as a decimal column keeps it; None for what is none or does not fit."""
    if value is None:
        return None
    number = Decimal(str(value))
    return number.quantize(FOUR) if number.is_finite() and abs(number) < MOST else None


def numbers(session: Session) -> tuple[str, ...]:
    """The ids of the audiences, the latest first, at most twenty."""
    sql = "SELECT audience_id FROM all_audiences ORDER BY made_at DESC, audience_id LIMIT 20"
    return tuple(str(row["audience_id"]) for row in session.engine.query(sql).to_pylist())
