"""Whether the money of a workspace still adds up in the digits that it is stored in."""

from __future__ import annotations

import duckdb

from keguan.app.ingest.write import scan
from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from keguan.store.workspace import Store

MOST = 90_000_000_000_000  # stored money has fourteen digits before the point


def check_total(connection: duckdb.DuckDBPyConnection, store: Store, file: str) -> None:
    """Raises InputError where the lines of the batch and those before it, signs left out, are more than MOST."""
    before = scan(store.files("purchases"), "purchases")
    sold, largest = connection.execute(
        "SELECT sum(abs(CAST(amount AS DOUBLE))), max(abs(amount)) FROM batch_lines"
    ).fetchall()[0]
    known = connection.execute(
        f"SELECT sum(CAST(gross AS DOUBLE) + CAST(returns AS DOUBLE)) FROM ({before})"
    ).fetchall()[0][0]
    if (sold or 0) + (known or 0) > MOST:
        raise InputError(
            Text("金额合计太大，无法准确相加", "The amounts are too large to be added up exactly"),
            Where(file=file),
            found=f"{(sold or 0) + (known or 0):,.0f} (max {largest:,.2f})",
            allowed=Text(f"合计不超过 {MOST:,}", f"{MOST:,} in all"),
            do=Text(
                "检查金额列是否选对（用 --map 指明），或换用更大的单位（如万元）导出",
                "check that the right column is the amount (name it with --map), or export in a larger unit",
            ),
        )
