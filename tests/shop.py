"""A small shop in canonical form, built from plain rows: what the import would have stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keguan.analysis import Settings
from keguan.app.as_of import stored_name
from keguan.app.inputs import PinnedInputs
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.engine.protocol import Engine
from keguan.marts.customer_facts import BUILD as FACTS_SQL
from keguan.marts.first_order import STEPS as FIRST_ORDER_STEPS
from keguan.marts.purchases import PURCHASES as PURCHASES_SQL
from keguan.marts.return_links import steps
from keguan.marts.sessions import EVENT_NAMES
from keguan.marts.stored_sessions import BUILD_NAMES, BUILD_SESSIONS, BUILD_TRANSITIONS
from keguan.marts.stored_sessions import STEPS as SESSION_STEPS
from keguan.result import Result
from keguan.schema.tables import (
    CUSTOMER_FACTS,
    ENTITIES,
    EVENT_SESSIONS,
    EVENT_TRANSITIONS,
    MARTS,
    PURCHASES,
    SESSION_NAMES,
    Entity,
)

ARROW = {
    "text": pa.string(), "integer": pa.int32(), "bigint": pa.int64(), "decimal": pa.decimal128(18, 4),
    "date": pa.date32(), "timestamp": pa.timestamp("us"), "boolean": pa.bool_(),
}  # fmt: skip

# Columns of days that the import derives from moments.
LATER_DAYS = {
    "resolved_on": "resolved_at",
    "stage_on": "stage_at",
    "exposed_on": "exposed_at",
    "invited_on": "invited_at",
    **{f"{step}_on": f"{step}_at" for step in ("sent", "delivered", "opened", "clicked")},
}
FIRST_MOMENTS = (
    "occurred_at", "raised_at", "contacted_at", "created_at", "given_at", "assigned_at", "due_on", "paid_on",
)  # fmt: skip


@dataclass
class Shop:
    """Rows of a shop. `buy` and `give_back` add one order with one line each; `add` a row of any other table."""

    orders: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(default_factory=list)
    customers: list[dict[str, Any]] = field(default_factory=list)
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        """One row of a canonical table as stored. `day` follows from the first moment that the row tells of,
        `resolved_on`, `stage_on`, `exposed_on` and the like from theirs, unless given."""
        for name, of in LATER_DAYS.items():
            if isinstance(row.get(of), datetime):
                row.setdefault(name, row[of].date())
        moments = [row[name] for name in FIRST_MOMENTS if isinstance(row.get(name), date)]
        if moments:
            first = moments[0]
            row.setdefault("day", first.date() if isinstance(first, datetime) else first)
        self.records.setdefault(table, []).append(row)

    def buy(
        self,
        account: int | None,
        day: date,
        amount: float | str = 10,
        *,
        product: str = "P1",
        quantity: float = 1,
        hour: int = 12,
        channel: str | None = "官网",
        region: str | None = "四川",
        cost: float | str | None = None,
        order: str | None = None,
        kind: str = "product",
    ) -> str:
        """One purchase line; the same `order` again adds a line to it. Returns the order id."""
        order_id = order or f"O{len(self.orders) + 1:05d}"
        known = any(row["order_id"] == order_id for row in self.orders)
        if not known:
            self._order(order_id, account, day, hour, channel, region)
        self._line(order_id, account, day, product, quantity, amount, "purchase", cost, kind, channel, region)
        self.lines[-1]["opens_order"] = 0 if known else 1
        return order_id

    def give_back(
        self,
        account: int | None,
        day: date,
        amount: float | str = 10,
        *,
        product: str = "P1",
        quantity: float = 1,
        of: str | None = None,
        channel: str | None = "官网",
        region: str | None = "四川",
    ) -> str:
        """One return line in an order of its own; amount and quantity given as positive numbers."""
        order_id = f"C{len(self.orders) + 1:05d}"
        self._order(order_id, account, day, 12, channel, region)
        self._line(order_id, account, day, product, -quantity, -Decimal(str(amount)), "return", None,
                   "product", channel, region)  # fmt: skip
        self.lines[-1]["original_order_id"] = of
        return order_id

    def _order(
        self,
        order_id: str,
        account: int | None,
        day: date,
        hour: int,
        channel: str | None,
        region: str | None,
    ) -> None:
        self.orders.append(
            {
                "order_id": order_id,
                "account_no": account,
                "day": day,
                "hour": hour,
                "ordered_at": datetime(day.year, day.month, day.day, hour) - timedelta(hours=8),
                "weekday": day.isoweekday(),
                "channel": channel,
                "region": region,
                "has_time": True,
                "lines": 1,
            }
        )

    def _line(
        self, order_id: str, account: int | None, day: date, product: str, quantity: float,
        amount: float | str | Decimal, movement: str, cost: float | str | None, kind: str,
        channel: str | None, region: str | None,
    ) -> None:  # fmt: skip
        money = Decimal(str(amount))
        self.lines.append(
            {
                "order_id": order_id,
                "line_no": 1 + sum(r["order_id"] == order_id for r in self.lines),
                "account_no": account,
                "day": day,
                "product_id": product,
                "quantity": Decimal(str(quantity)),
                "unit_price": money / Decimal(str(quantity)),
                "amount": money,
                "cost": None if cost is None else Decimal(str(cost)),
                "line_kind": kind,
                "movement": movement,
                "opens_order": 0,
                "channel": channel,
                "region": region,
                "is_bulk": False,
                "is_repeated": False,
            }
        )

    def inputs(
        self, folder: Path, as_of: date, settings: Settings | None = None, **uses: Any
    ) -> PinnedInputs:
        """The shop behind a DuckDB engine, ready for `run`; `uses` are Results by name."""
        results = uses.__getitem__ if uses else None
        return self.inputs_on(DuckDBEngine([folder]), folder, as_of, settings or Settings(), results)

    def inputs_on(
        self,
        engine: Engine,
        folder: Path,
        as_of: date,
        settings: Settings,
        results: Callable[[str], Result] | None = None,
    ) -> PinnedInputs:
        """The shop behind a given engine; `results` runs what an analysis uses."""
        self.register(engine, folder)
        return PinnedInputs(engine, as_of, settings, results=results)

    def register(self, engine: Engine, folder: Path) -> None:
        """Writes the tables as Parquet and registers them with their marts."""
        own = {"orders": self.orders, "order_lines": self.lines, "products": self.products,
               "customers": self.customers}  # fmt: skip
        for entity in ENTITIES.values():
            if entity in MARTS:
                continue
            rows = own.get(entity.name) or self.records.get(entity.name, [])
            files = [str(write(entity, rows, folder))] if rows or entity.name in own else []
            engine.register(entity, files, name=stored_name(entity.name))
        build_marts(engine)
        if self.records.get("events"):
            build_sessions(engine)
        else:
            for entity in (EVENT_SESSIONS, SESSION_NAMES, EVENT_TRANSITIONS):
                engine.register(entity, (), name=stored_name(entity.name))


def build_marts(engine: Engine) -> None:
    """all_purchases and all_customer_facts from all_orders and all_order_lines, as the import does."""
    engine.view("order_lines", "SELECT * FROM all_order_lines")
    for name, sql in steps():
        engine.materialise(name, sql)
    engine.materialise(f"all_{PURCHASES.name}", PURCHASES_SQL)
    engine.view("orders", "SELECT * FROM all_orders")
    engine.view("purchases", "SELECT * FROM all_purchases")
    for name, sql in FIRST_ORDER_STEPS:
        engine.materialise(name, sql)
    engine.materialise(f"all_{CUSTOMER_FACTS.name}", FACTS_SQL)


def build_sessions(engine: Engine) -> None:
    """all_event_sessions and all_event_transitions from all_events, as the import does."""
    engine.view("events", "SELECT * FROM all_events")
    engine.materialise("event_names", EVENT_NAMES)
    for name, sql in SESSION_STEPS:
        engine.materialise(name, sql)
    engine.materialise(f"all_{EVENT_SESSIONS.name}", BUILD_SESSIONS)
    engine.materialise(f"all_{SESSION_NAMES.name}", BUILD_NAMES)
    engine.materialise(f"all_{EVENT_TRANSITIONS.name}", BUILD_TRANSITIONS)


def write(entity: Entity, rows: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """One Parquet file with the entity's columns; values missing in a row are NULL."""
    arrays = [
        pa.array([_cast(row.get(item.name), item.type) for row in rows], type=ARROW[item.type])
        for item in entity.fields
    ]
    path = folder / f"{entity.name}.parquet"
    pq.write_table(pa.table(arrays, names=list(entity.names)), path)
    return path


def _cast(value: Any, kind: str) -> Any:
    if value is not None and kind == "decimal":
        return Decimal(str(value)).quantize(Decimal("0.0001"))
    return value
