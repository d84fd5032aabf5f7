"""Small files as a shop would export them, taken in through the real import, and what came of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from keguan.app.analyse import Session
from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from keguan.store.workspace import Store

HEADER = ("订单号", "客户编号", "下单时间", "商品编号", "商品名称", "数量", "单价")
LATE = date(2199, 1, 1)


def write(path: Path, header: Sequence[str], *rows: Sequence[object]) -> Path:
    """A UTF-8 CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def usual(
    count: int, *, first: int = 9000, customer: str = "C90", day: str = "2024-03-01"
) -> list[tuple[Any, ...]]:
    """Plain order rows in the columns of HEADER, one order each: so that a few odd cells stay a few."""
    return [(first + n, customer, f"{day} 12:00:00", "P900", "普洱茶", 1, "10.00") for n in range(count)]


def loaded(folder: Path, *batches: Sequence[Path], options: ImportOptions | None = None) -> Workspace:
    """A workspace with these batches, one command each; its books are right."""
    workspace = Workspace.init(folder)
    for batch in batches:
        workspace.load(*batch, options=options)
        books(workspace)
    return workspace


def rows(workspace: Workspace, sql: str) -> list[dict[str, Any]]:
    """Rows of the committed tables; dated tables uncut under their `all_` names."""
    with Session(Store(workspace.store.folder), LATE) as session:
        return [dict(row) for row in session.inputs.query(sql).to_pylist()]


def books(workspace: Workspace) -> list[dict[str, Any]]:
    """The loads, after checking them: received = clean + quarantined + superseded + dropped, the quarantine
    holds what it should, and every clean row of an order file stands in the order lines."""
    loads = rows(
        workspace,
        """
        SELECT l.*, coalesce(q.n, 0) AS in_quarantine, coalesce(k.n, 0) AS in_lines FROM loads l
        LEFT JOIN (SELECT load_id, count(*) AS n FROM quarantine GROUP BY load_id) q ON q.load_id = l.load_id
        LEFT JOIN (SELECT load_id, count(DISTINCT source_row) AS n FROM all_order_lines GROUP BY load_id) k
          ON k.load_id = l.load_id
        ORDER BY l.load_id
        """,
    )
    for load in loads:
        parts = [load[name] for name in ("clean", "quarantined", "superseded", "dropped")]
        assert min(parts) >= 0, load
        assert load["received"] == sum(parts), load
        assert load["quarantined"] == load["in_quarantine"], load
        if load["entity"] == "orders":
            assert load["clean"] == load["in_lines"], load
    return loads


def counts(workspace: Workspace) -> list[tuple[int, int, int, int, int]]:
    """(received, clean, quarantined, superseded, dropped) of each load."""
    names = ("received", "clean", "quarantined", "superseded", "dropped")
    return [tuple(load[name] for name in names) for load in books(workspace)]


def findings(workspace: Workspace) -> dict[tuple[str, str | None], tuple[int, Decimal | None]]:
    """(rule, column or detail) -> rows and money, over all loads."""
    found = rows(
        workspace,
        "SELECT rule, coalesce(column_name, detail) AS about, sum(rows) AS n, sum(amount) AS amount "
        "FROM findings WHERE rule <> 'doubt' GROUP BY 1, 2",
    )
    return {(row["rule"], row["about"]): (int(row["n"]), row["amount"]) for row in found}


def kpis(workspace: Workspace) -> dict[str, Any]:
    """Metric -> value of the overview."""
    return {row["metric"]: row["value"] for row in workspace.run("overview").table("kpis").records()}


def facts(workspace: Workspace, as_of: date | None = None) -> dict[str, dict[str, Any]]:
    """customer_id -> customer_facts."""
    with Session(Store(workspace.store.folder), as_of) as session:
        found = session.inputs.query(
            "SELECT c.customer_id, f.* FROM customer_facts f JOIN customers c USING (account_no)"
        ).to_pylist()
    return {row["customer_id"]: row for row in found}
