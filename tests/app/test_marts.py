"""The marts that imports bring up to date are those that all lines together would give."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.app.analyse import Session
from keguan.app.doctor import examine
from keguan.app.ingest import ImportOptions, marts
from keguan.app.workspace import Workspace
from keguan.core.errors import WorkspaceError
from keguan.marts import first_order, return_links
from keguan.marts.customer_facts import BUILD
from keguan.marts.purchases import PURCHASES
from keguan.store import catalog
from keguan.store.workspace import Store
from received import HEADER, LATE, books, write

COLUMNS = (*HEADER, "原订单号")
FIGURES = ("orders", "cancelled", "gross", "returns", "quantity", "margin", "lines", "opens_month")
ADDED_UP = (
    "SELECT account_no, day, order_day, "
    + ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in FIGURES)
    + " FROM {0} GROUP BY account_no, day, order_day HAVING sum(lines) <> 0 OR sum(cancelled) <> 0"
)

Row = tuple[Any, ...]


def check(workspace: Workspace) -> None:
    """Stored marts against the same marts made from all committed lines at once."""
    with Session(Store(workspace.store.folder), LATE) as session:
        engine = session.engine
        for name in ("orders", "order_lines"):
            engine.view(name, f"SELECT * FROM all_{name}")
        for name, sql in return_links.steps():
            engine.materialise(name, sql)
        engine.materialise("purchases_anew", PURCHASES)
        engine.view("purchases", "SELECT * FROM purchases_anew")
        for name, sql in first_order.STEPS:
            engine.materialise(name, sql)
        engine.materialise("facts_anew", BUILD)

        def different(stored: str, anew: str) -> list[dict[str, Any]]:
            return engine.query(
                f"(SELECT 'stored' AS which, * FROM ({stored}) EXCEPT ALL SELECT 'stored', * FROM ({anew})) UNION ALL "
                f"(SELECT 'anew', * FROM ({anew}) EXCEPT ALL SELECT 'anew', * FROM ({stored}))"
            ).to_pylist()

        assert not different(ADDED_UP.format("all_purchases"), ADDED_UP.format("purchases_anew"))
        assert not different("SELECT * FROM all_customer_facts", "SELECT * FROM facts_anew")


def shop(seed: int, orders: int = 120) -> list[list[Row]]:
    """Orders, each a list of rows: few customers and guests, few products, returns with and without a name of
    the order that they take back, orders of several lines, some rows of one order apart in the file."""
    rng = random.Random(seed)
    made: list[list[Row]] = []
    for number in range(orders):
        customer = rng.choice([None, None, *(f"C{n}" for n in range(1, 9))])
        day = date(2024, 1, 1) + timedelta(days=number // 2 + rng.choice([0, 0, 0, -20, 15]))
        rows: list[Row] = []
        for _ in range(rng.choice([1, 1, 2, 3])):
            product, pieces = f"P{100 + rng.randrange(4)}", rng.randrange(1, 4)
            price = rng.choice(["10.00", "12.50", "7.25"])
            named = ""
            if rng.random() < 0.25:
                pieces = -pieces
                if made and rng.random() < 0.5:
                    named = str(rng.choice(made)[0][0])
            rows.append(
                (
                    7000 + number,
                    customer,
                    f"{day} {rng.randrange(24):02d}:00:00",
                    product,
                    "茶",
                    pieces,
                    price,
                    named,
                )
            )
        made.append(rows)
    return made


def batches(seed: int, made: Sequence[list[Row]]) -> list[list[Row]]:
    """The orders in three exports: days overlap, later ones bring some orders again, some of them changed."""
    rng = random.Random(seed)
    parts: list[list[list[Row]]] = [[], [], []]
    for number, order in enumerate(made):
        parts[min(2, number * 3 // len(made))].append(order)
    for later in (1, 2):
        for order in rng.sample(parts[later - 1], 8):
            change = rng.choice(["same", "shrunk", "customer", "day"])
            again, customer, day = (
                [list(row) for row in order],
                rng.choice([None, "C2", "C99"]),
                rng.randrange(1, 9),
            )
            if change == "shrunk":
                again = again[:1]
            for row in again:
                if change == "customer":
                    row[1] = customer
                if change == "day":
                    row[2] = f"2024-02-0{day} 10:00:00"
            parts[later].append([tuple(row) for row in again])
        rng.shuffle(parts[later])
    return [[row for order in part for row in order] for part in parts]


@pytest.mark.parametrize("seed", range(6))
def test_marts_brought_up_to_date_equal_marts_made_anew(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed % 2:
        monkeypatch.setattr(marts, "MOST_FILES", 2)  # added up into one file on the way
    workspace = Workspace.init(tmp_path / "w")
    for number, rows in enumerate(batches(seed, shop(seed))):
        workspace.load(
            write(tmp_path / f"{number}.csv", COLUMNS, *rows), options=ImportOptions(order_key="number")
        )
        books(workspace)
        check(workspace)


def test_a_day_that_only_adds_writes_no_earlier_file_of_the_mart_again(tmp_path: Path) -> None:
    first = [(n, f"C{n % 5}", "2024-03-01 10:00:00", "P100", "茶", 1, "10.00", "") for n in range(40)]
    then = [(100 + n, f"C{n % 7}", "2024-03-05 10:00:00", "P100", "茶", 1, "10.00", "") for n in range(40)]
    workspace = Workspace.init(tmp_path / "w")
    workspace.load(write(tmp_path / "1.csv", COLUMNS, *first))
    before = Store(tmp_path / "w").files("purchases")
    workspace.load(write(tmp_path / "2.csv", COLUMNS, *then))
    assert set(before) < set(Store(tmp_path / "w").files("purchases"))
    check(workspace)


def test_marts_of_an_earlier_version_are_refused_and_made_anew(tmp_path: Path) -> None:
    workspace = Workspace.init(tmp_path / "w")
    workspace.load(write(tmp_path / "1.csv", COLUMNS, *(row for order in shop(1, 30) for row in order)))
    store = Store(tmp_path / "w")
    versions = {name: version for name, version in store.catalog.versions.items() if name != "customer_facts"}
    catalog.replace(store.folder, dataclasses.replace(store.catalog, versions=versions))
    with pytest.raises(WorkspaceError, match="keguan doctor"):
        Session(Store(tmp_path / "w"))
    told = [finding.what.en for finding in examine(tmp_path / "w")]
    assert "The marts were written by an earlier version: made again" in " ".join(told)
    check(Workspace(tmp_path / "w"))
