"""Brings the marts `purchases` and `customer_facts` up to date after a change of the order lines.

A first import makes them from all lines. A later one adds to `purchases` what the batch changed: for accounts
that only bought something new, the batch's own sales; for all others, and guests whose orders came again, the
figures after the change less those before it. Earlier files are never written again until there are many.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from keguan.app.ingest.write import append, replace_all, scan
from keguan.marts import affected, first_order, return_links
from keguan.marts.customer_facts import BUILD as CUSTOMER_FACTS
from keguan.marts.purchases import PURCHASES
from keguan.store.workspace import Change, Store

MOST_FILES = 48  # of `purchases`; with more of them they are added up into one


def update(
    connection: duckdb.DuckDBPyConnection, store: Store, lines: Change, orders: Change
) -> tuple[Change, ...]:
    """The changes of both marts that follow `lines` and `orders`, the changes of those tables.

    `batch_lines` must hold the lines that came, `replaced_lines` those that left.
    """
    if not store.files("customer_facts"):  # a first import, or a workspace of an earlier Keguan
        return make(connection, store, lines, orders)
    _lines_and_orders(connection, store, lines, orders)
    purchases = _added(connection, store)
    return purchases, _touched_facts(connection, store, purchases)


def make(
    connection: duckdb.DuckDBPyConnection, store: Store, lines: Change, orders: Change
) -> tuple[Change, ...]:
    """Both marts from all lines, in place of what there was."""
    _lines_and_orders(connection, store, lines, orders)
    _view(connection, "order_lines", "SELECT * FROM all_lines")
    purchases = replace_all(connection, store, "purchases", _purchases(connection))
    return purchases, _all_facts(connection, store, purchases)


def _lines_and_orders(
    connection: duckdb.DuckDBPyConnection, store: Store, lines: Change, orders: Change
) -> None:
    _view(connection, "all_lines", scan(files_after(store, lines), "order_lines"))
    _view(connection, "orders", scan(files_after(store, orders), "orders"))


def files_after(store: Store, change: Change) -> Sequence[str]:
    """The files of a table when the change is made."""
    gone = set(change.remove)
    before = [
        file for file in store.files(change.table) if file.replace("\\", "/").rsplit("/", 1)[1] not in gone
    ]
    return [*before, *(str(file.path) for file in change.add)]


def _view(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")


def _table(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _purchases(connection: duckdb.DuckDBPyConnection) -> str:
    """SQL of `purchases` over the view `order_lines`; makes the links of its returns."""
    for name, sql in return_links.steps():
        _table(connection, name, sql)
    return PURCHASES


def _added(connection: duckdb.DuckDBPyConnection, store: Store) -> Change:
    """The rows that the batch adds to `purchases`, some with minus signs."""
    _view(connection, "lines_before", scan(store.files("order_lines"), "order_lines"))
    _view(connection, "facts_before", scan(store.files("customer_facts"), "customer_facts"))
    for name, sql in affected.STEPS:
        _table(connection, name, sql)
    while connection.execute(affected.GROW).fetchall()[0][0]:
        pass
    for name, sql in affected.GROWN:
        _table(connection, name, sql)
    parts = [affected.SIMPLE_SALES]
    for when, source, sign in (("before", "lines_before", -1), ("after", "all_lines", 1)):
        _table(connection, f"lines_{when}_affected", affected.lines_of(source))
        _view(connection, "order_lines", f"SELECT * FROM lines_{when}_affected")
        _table(connection, f"purchases_{when}", _purchases(connection))
        parts.append(affected.signed(f"purchases_{when}", sign))
    delta = affected.added_up(" UNION ALL ".join(parts))
    old = store.files("purchases")
    if len(old) < MOST_FILES:
        return append(connection, store, "purchases", delta)
    everything = affected.added_up(f"{scan(old, 'purchases')} UNION ALL ({delta})")
    return replace_all(connection, store, "purchases", everything)


def _all_facts(connection: duckdb.DuckDBPyConnection, store: Store, purchases: Change) -> Change:
    _view(connection, "purchases", scan(files_after(store, purchases), "purchases"))
    for name, sql in first_order.STEPS:
        _table(connection, name, sql)
    return replace_all(connection, store, "customer_facts", CUSTOMER_FACTS)


def _touched_facts(connection: duckdb.DuckDBPyConnection, store: Store, purchases: Change) -> Change:
    """The facts of the accounts that the batch touched are made anew, the others stay."""
    rows = scan(files_after(store, purchases), purchases.table)
    concerned = (
        "account_no IN (SELECT account_no FROM touched UNION SELECT account_no FROM affected_accounts)"
    )
    _table(connection, "touched_purchases", f"SELECT * FROM ({rows}) WHERE {concerned}")
    _view(connection, "purchases", "SELECT * FROM touched_purchases")
    _view(connection, "order_lines", affected.LINES_FOR_FIRST_ORDER)
    for name, sql in first_order.STEPS:
        _table(connection, name, sql)
    _table(connection, "first_order_kept", affected.FIRST_ORDER_KEPT)
    _table(connection, "first_order", "SELECT * FROM first_order_kept")
    kept = f"SELECT * FROM facts_before WHERE NOT {concerned}"
    return replace_all(connection, store, "customer_facts", f"{kept} UNION ALL ({CUSTOMER_FACTS})")
