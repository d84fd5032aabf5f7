"""Orders that moved to another customer, day or amount leave rows in `purchases` that add up to nothing: no reader
may count them, nor take their days for days with sales."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from keguan.app.analyse import Session
from keguan.app.workspace import Workspace
from keguan.core.text import Scalar
from keguan.registry import names
from received import HEADER, books, loaded, write

AS_OF = date(2024, 12, 31)


def order(number: int, customer: str, day: str, quantity: int = 1, price: str = "10.00") -> tuple[Any, ...]:
    return (number, customer, f"{day} 10:00:00", "P900", "普洱茶", quantity, price)


def usual() -> list[tuple[Any, ...]]:
    """Forty customers who buy each month of 2024, on days of their own; each takes one purchase back."""
    rows = []
    for customer in range(40):
        for month in range(1, 13):
            day = f"2024-{month:02d}-{1 + (customer * 3 + month) % 27:02d}"
            rows.append(order(1000 + customer * 20 + month, f"C{customer}", day, 1 + customer % 3))
        rows.append(order(5000 + customer, f"C{customer}", f"2024-12-{28 + customer % 3}", -1))
    return rows


# Wrong at first, put right by a later export: the year, the customer, the amount, an unmatched return.
WRONG = [
    order(9006, "Z9", "2024-05-05", -1), order(9006, "Z9", "2024-05-05", -1, "20.00"),
    order(9001, "C1", "2014-06-05"), order(9002, "X1", "2024-11-05"), order(9003, "", "2019-01-05"),
    order(9004, "X2", "2024-12-05"), order(9005, "C2", "2024-11-09", 900),
]  # fmt: skip
RIGHT = [
    order(9006, "Z9", "2024-05-05", -1, "30.00"),
    order(9001, "C1", "2024-06-05"), order(9002, "C3", "2024-11-05"), order(9003, "", "2024-01-05"),
    order(9004, "C4", "2024-12-05"), order(9005, "C2", "2024-11-09", 9),
]  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Workspace]:
    """A workspace in which orders were replaced, and one that saw only what they came to be."""
    folder = tmp_path_factory.mktemp("replaced")
    wrong = write(folder / "1.csv", HEADER, *usual(), *WRONG)
    right = write(folder / "2.csv", HEADER, *RIGHT)
    replaced = loaded(folder / "replaced", [wrong], [right])
    at_once = loaded(folder / "at_once", [write(folder / "3.csv", HEADER, *usual(), *RIGHT)])
    books(replaced)
    return replaced, at_once


# Counts of what was received differ by nature, and account numbers are given in the order of arrival.
OWN = {"lines_received", "lines_clean", "lines_superseded"}


def facts(workspace: Workspace, name: str, **params: Scalar) -> dict[str, Any]:
    with Session(workspace.store, AS_OF) as session:
        result = session.run(name, params)
    return {table.id: [row for row in table.records() if row.get("metric") not in OWN] for table in result.tables} | {
        "claims": sorted(claim.key for claim in result.claims), "n": sorted((claim.key, claim.n) for claim in result.claims)
    }  # fmt: skip


# A customer whose only order moved to another stays on record, as one who never bought: these count the record.
ON_RECORD = {"crm_capability", "customer_groups", "data_quality", "matching", "profile", "records", "tags"}


@pytest.mark.parametrize("name", sorted(set(names()) - ON_RECORD))
def test_every_analysis_sees_only_what_orders_came_to_be(
    name: str, both: tuple[Workspace, Workspace]
) -> None:
    replaced, at_once = (facts(workspace, name) for workspace in both)
    for id, rows in at_once.items():
        assert replaced[id] == rows, id


def test_unmatched_returns_are_counted_as_they_are_now(both: tuple[Workspace, Workspace]) -> None:
    replaced, at_once = (facts(workspace, "data_quality") for workspace in both)
    told = [
        [row for row in found["lines"] if row["rule"] == "unmatched_returns"] for found in (replaced, at_once)
    ]
    assert told[0] == told[1]
