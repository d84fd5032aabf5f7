"""Brings the mart `purchases` up to date: recomputed for the accounts that the batch touched, only."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from keguan.app.ingest.write import replace_where, scan
from keguan.marts import return_links
from keguan.marts.purchases import PURCHASES
from keguan.store.workspace import Change, Store


def update(
    connection: duckdb.DuckDBPyConnection, store: Store, lines: Change, *, guests: bool, everything: bool
) -> Change:
    """The change of `purchases` that follows a change of order_lines.

    `touched` must hold the accounts concerned. With `everything` the mart is made from all lines.
    """
    files = _files_after(store, lines)
    wanted = "TRUE"
    if not everything:
        wanted = "l.account_no IN (SELECT account_no FROM touched)"
        wanted += " OR l.account_no IS NULL" if guests else ""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW order_lines AS SELECT * FROM ({scan(files, 'order_lines')}) l WHERE {wanted}"
    )
    for name, sql in return_links.steps():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    gone = "TRUE" if everything else wanted.replace("l.account_no", "t.account_no")
    return replace_where(connection, store, "purchases", f"({gone})", PURCHASES)


def _files_after(store: Store, lines: Change) -> Sequence[str]:
    gone = set(lines.remove)
    before = [
        file for file in store.files("order_lines") if file.replace("\\", "/").rsplit("/", 1)[1] not in gone
    ]
    return [*before, *(str(file.path) for file in lines.add)]
