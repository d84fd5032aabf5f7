"""A large batch is written part by part; what is stored is the same."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from keguan.app.ingest import ImportOptions, batch, chunks
from keguan.app.workspace import Workspace
from keguan.store.workspace import Store
from received import HEADER, books, findings, loaded, rows, write

TABLES = {
    "all_orders": "order_id",
    "all_order_lines": "order_id, line_no",
    "customers": "customer_id",
    "products": "product_id",
    "all_purchases": "account_no, day, order_day",
    "all_customer_facts": "account_no",
    "quarantine": "load_id, source_row",
}


def lines(seed: int, orders: int = 150) -> list[list[tuple[Any, ...]]]:
    """Orders of one to five lines; some lines are returns, some lack a price, some stand twice, one cannot be read."""
    rng = random.Random(seed)
    made: list[list[tuple[Any, ...]]] = []
    for number in range(orders):
        customer, day = rng.choice(["", *(f"C{n}" for n in range(20))]), 1 + number * 28 // orders
        order: list[tuple[Any, ...]] = []
        for _ in range(rng.randrange(1, 6)):
            pieces = -1 if rng.random() < 0.1 else rng.randrange(1, 4)
            price = "" if rng.random() < 0.02 else f"{rng.randrange(1, 40)}.50"
            order.append(
                (
                    5000 + number,
                    customer,
                    f"2024-05-{day:02d} 09:00:00",
                    f"P{100 + rng.randrange(9)}",
                    "茶",
                    pieces,
                    price,
                )
            )
        if rng.random() < 0.1:
            order.append(order[-1])
        made.append(order)
    made[70][0] = (*made[70][0][:5], "许多", "1.00")
    return made


def stored(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(workspace, f"SELECT * FROM {table} ORDER BY {key}") for table, key in TABLES.items()}


def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "ROWS", 60)
    monkeypatch.setattr(batch, "HELD_IN_MEMORY", 100)


@pytest.mark.parametrize("scattered", [False, True])
@pytest.mark.parametrize("repeated", ["keep", "drop"])
def test_parts_give_what_the_whole_gives(
    scattered: bool, repeated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = [line for order in lines(3) for line in order]
    if scattered:
        random.Random(1).shuffle(received)
    file = write(tmp_path / "orders.csv", HEADER, *received)
    options = ImportOptions(repeated_lines=repeated)
    whole = loaded(tmp_path / "whole", [file], options=options)
    in_small_parts(monkeypatch)
    parts = loaded(tmp_path / "parts", [file], options=options)
    written = len(Store(tmp_path / "parts").files("order_lines"))
    assert written == 1 if scattered else written > 3
    assert stored(parts) == stored(whole)
    assert findings(parts) == findings(whole)


def test_an_order_spread_over_two_files_keeps_them_in_one_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_parts(monkeypatch)
    orders = lines(4)
    more = (*orders[10][0][:3], "P777", "杯", 1, "9.00")  # a line of an order of the first file
    first, second = orders[:80], [[more], *orders[80:]]
    files = [
        write(tmp_path / f"{name}.csv", HEADER, *(line for order in part for line in order))
        for name, part in (("a", first), ("b", second))
    ]
    workspace = loaded(tmp_path / "w", files)
    assert len(Store(tmp_path / "w").files("order_lines")) == 1
    assert sum(load["superseded"] for load in books(workspace)) == 0
    order = rows(workspace, f"SELECT lines FROM all_orders WHERE order_id = '{more[0]}'")
    assert order == [{"lines": len(orders[10]) + 1}]
