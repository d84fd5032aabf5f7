"""Rows that cannot be used: set aside with rule, column, what was found and the row as received."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from keguan.core.errors import InputError
from keguan.store.workspace import Store
from received import HEADER, counts, findings, kpis, loaded, rows, usual, write

TIME = "2024-03-01 12:00:00"
BAD = [
    ("合计", "", "", "", "", 45, "450.00"),  # row 21: a total
    (101, "C1", "", "P1", "茶", 1, "10.00"),  # no time
    (102, "C1", "昨天下午", "P1", "茶", 1, "10.00"),  # a time that cannot be read
    ("", "C1", TIME, "P1", "茶", 1, "10.00"),  # no number
    (104, "C1", TIME, "P1", "茶", "两个", "10.00"),  # a quantity that cannot be read
    (105, "C1", TIME, "P1", "茶", 1, "-3.00"),  # a price below zero
    (106, "C1", TIME, "P1", "茶", "", ""),  # no money
    (107, "C1", "1850-03-01 12:00:00", "P1", "茶", 1, "10.00"),  # before anybody lived
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("quarantine")
    path = write(folder / "orders.csv", HEADER, *usual(80), *BAD)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"108,C1,{TIME},P1,茶,1,10.00,一格太多\n")  # one cell too many
        file.write(f"109,C1,{TIME},P1\n")  # cut off
    return loaded(folder / "w", [path])


def test_nothing_is_lost(shop: Workspace) -> None:
    assert counts(shop) == [(90, 80, 10, 0, 0)]
    figures = kpis(shop)
    assert (figures["lines_received"], figures["lines_clean"], figures["lines_quarantined"]) == (90, 80, 10)
    assert figures["gross_revenue"] == 800


def test_each_row_with_its_reason(shop: Workspace) -> None:
    found = rows(shop, "SELECT source_row, rule, column_name, found FROM quarantine ORDER BY 1")
    assert [tuple(row.values()) for row in found] == [
        (82, "total_row", None, None),
        (83, "no_time", None, None),
        (84, "unreadable", "ordered_at", "昨天下午"),
        (85, "no_order", None, None),
        (86, "unreadable", "quantity", "两个"),
        (87, "negative_price", None, None),
        (88, "no_amount", None, None),
        (89, "unreadable", "ordered_at", "1850-03-01 12:00:00"),
        (90, "columns", None, None),
        (91, "no_amount", None, None),  # a row that ends early has empty cells
    ]


def test_the_row_as_received(shop: Workspace) -> None:
    found = {row["source_row"]: row for row in rows(shop, "SELECT * FROM quarantine")}
    raw = json.loads(found[86]["raw"])
    assert {key: raw[key] for key in ("订单号", "客户编号", "数量", "单价")} == {
        "订单号": "104", "客户编号": "C1", "数量": "两个", "单价": "10.00",
    }  # fmt: skip
    assert (found[86]["row_key"], found[87]["amount"]) == ("104", Decimal(-3))
    assert "一格太多" in found[90]["raw"]


def test_findings_count_them(shop: Workspace) -> None:
    found = findings(shop)
    assert found["quarantine_total_row", None][0] == 1
    assert found["quarantine_unreadable", "ordered_at"] == (2, Decimal(20))
    assert found["quarantine_unreadable", "quantity"][0] == 1
    assert found["quarantine_columns", None][0] == 1
    quality = shop.run("data_quality").table("quarantine").records()
    assert sum(row["rows"] for row in quality) == 10


def test_a_file_without_one_usable_row_lands_nothing(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [write(tmp_path / "good.csv", HEADER, *usual(3))])
    before = workspace.store.catalog
    tables = {path: path.stat().st_mtime_ns for path in (tmp_path / "w").rglob("*") if path.is_file()}
    bad = write(tmp_path / "bad.csv", HEADER, *((n, "C1", TIME, "P1", "茶", 1, "-10.00") for n in range(30)))
    with pytest.raises(InputError) as caught:
        workspace.load(bad)
    assert caught.value.exit_code == 4
    assert "30" in caught.value.paragraph("zh")
    assert Store(tmp_path / "w").catalog == before
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "w").rglob("*") if path.is_file()}
    assert {path for path in after if path.name != ".lock"} == {
        path for path in tables if path.name != ".lock"
    }
    # what failed left nothing to roll back
    assert not workspace.load(write(tmp_path / "next.csv", HEADER, *usual(2, first=1))).rolled_back


def test_unreadable_attributes_are_counted_and_stay_empty(tmp_path: Path) -> None:
    header = (*HEADER, "发货时间", "出生日期", "运费")
    lines = [(*line, "2024-03-02 08:00:00", "1990-05-06", "6.00") for line in usual(40)]
    lines[3] = (*usual(1, first=1)[0], "后天", "1990-05-06", "6.00")
    workspace = loaded(tmp_path / "w", [write(tmp_path / "orders.csv", header, *lines)])
    assert counts(workspace) == [(40, 40, 0, 0, 0)]
    assert findings(workspace)["unreadable_attribute", "shipped_at"] == (1, None)
    found = rows(workspace, "SELECT order_id, shipped_at FROM all_orders WHERE shipped_at IS NULL")
    assert [row["order_id"] for row in found] == ["1"]


def test_amounts_without_price_or_quantity(tmp_path: Path) -> None:
    """An export of one row per order: a purchase at 0 counts, a negative amount is a return of its customer."""
    header = ("订单编号", "会员编号", "下单日期", "实付金额", "订单状态")
    path = write(
        tmp_path / "orders.csv", header,
        *((n, f"M{n % 3}", f"2024-03-{n + 1:02d}", "100.00", "交易成功") for n in range(20)),
        (50, "M7", "2024-03-05", "0", "交易成功"),
        (51, "M8", "2024-03-05", "60.00", "待付款"),
        (52, "M9", "2024-03-05", "80.00", "退款成功"),
        (53, "M9", "2024-03-06", "-20.00", "交易成功"),
        (54, "", "2024-03-06", "-15.00", "交易成功"),
        (55, "M9", "2024-03-07", "未提供", "交易成功"),
        ("总计", "", "", "2245.00", ""),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [path], options=ImportOptions(currency="CNY"))
    assert counts(workspace) == [(27, 25, 2, 0, 0)]
    rules = {row["rule"] for row in rows(workspace, "SELECT rule FROM quarantine")}
    assert rules == {"no_amount", "total_row"}
    figures = kpis(workspace)
    assert (figures["gross_revenue"], figures["returns"]) == (2080, 100)
    assert (figures["orders"], figures["customers"]) == (22, 5)
    movements = {row["order_id"]: row["movement"] for row in rows(
        workspace, "SELECT order_id, movement FROM all_order_lines WHERE order_id IN ('50', '51', '53', '54')")}  # fmt: skip
    assert movements == {"50": "purchase", "51": "void", "53": "return", "54": "adjustment"}
