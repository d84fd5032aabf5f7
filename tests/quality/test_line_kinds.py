"""Lines that are no product stay in every money total and are flagged; bulk lines are flagged and stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from keguan.app.workspace import Workspace
from received import HEADER, facts, findings, kpis, loaded, rows, usual, write

TIME = "2024-03-01 12:00:00"
ODD = [
    (1, "C1", TIME, "POST", "POSTAGE", 1, "18.00"),
    (2, "C1", TIME, "YF", "运费", 1, "6.00"),
    (3, "C1", TIME, "FEE", "平台手续费", 1, "2.00"),
    (4, "C1", TIME, "D", "Discount", -1, "5.00"),
    (5, "C1", TIME, "M", "Manual", 1, "9.00"),
    (6, "C1", TIME, "ADJ", "调整", 1, "1.00"),
    (7, "C1", TIME, "P777", "POSTAGE STAMP LETTER RACK", 1, "3.00"),  # a rack: its code is a product's
]
KINDS = {1: "shipping", 2: "shipping", 3: "fee", 4: "discount", 5: "manual", 6: "adjustment", 7: "product"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """1,100 single teas, one line of 500 (bulk), and the odd lines."""
    folder = tmp_path_factory.mktemp("kinds")
    bulk = (8, "B1", TIME, "P900", "普洱茶", 500, "8.00")
    return loaded(folder / "w", [write(folder / "orders.csv", HEADER, *usual(1100), *ODD, bulk)])


def test_kinds(shop: Workspace) -> None:
    found = rows(shop, "SELECT CAST(order_id AS INTEGER) AS id, line_kind FROM all_order_lines "
                       "WHERE TRY_CAST(order_id AS INTEGER) < 8 ORDER BY 1")  # fmt: skip
    assert {row["id"]: row["line_kind"] for row in found} == KINDS
    counted = findings(shop)
    assert counted["kind_shipping", None] == (2, 24)
    assert counted["kind_fee", None] == (1, 2)
    assert counted["kind_discount", None] == (1, -5)


def test_they_stay_in_the_money(shop: Workspace) -> None:
    found = facts(shop)["C1"]
    assert (found["gross_revenue"], found["returns"], found["net_revenue"]) == (39, 5, 34)
    assert kpis(shop)["gross_revenue"] == 11_000 + 39 + 4_000


def test_and_out_of_the_products(shop: Workspace) -> None:
    named = " ".join(str(table.records()) for table in shop.run("product_mix").tables)
    assert "普洱茶" in named
    assert "运费" not in named


def test_a_bulk_order_stays_and_is_flagged(shop: Workspace) -> None:
    found = rows(shop, "SELECT order_id, amount FROM all_order_lines WHERE is_bulk")
    assert [(row["order_id"], row["amount"]) for row in found] == [("8", 4_000)]
    assert findings(shop)["bulk", "quantity"] == (1, 4_000)
    assert facts(shop)["B1"]["net_revenue"] == 4_000


def test_a_file_may_name_the_kind(tmp_path: Path) -> None:
    header = (*HEADER, "行类型")
    lines = [(*line, "product") for line in usual(5)]
    lines.append((1, "C1", TIME, "X1", "上门安装", 1, "50.00", "fee"))
    workspace = loaded(tmp_path / "w", [write(tmp_path / "orders.csv", header, *lines)])
    found = rows(workspace, "SELECT line_kind FROM all_order_lines WHERE order_id = '1'")
    assert found == [{"line_kind": "fee"}]
