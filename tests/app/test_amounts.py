"""Order amounts against their lines, currencies of the data, postage told by its name."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from keguan.store.workspace import Store
from received import HEADER, loaded, rows, write


def test_orders_whose_amount_is_not_that_of_their_lines_are_reported(tmp_path: Path) -> None:
    lines = [
        ("N1", "C1", "2024-01-05 09:00:00", "P1", "茶", 2, "10.00", "20.00"),
        ("N2", "C2", "2024-01-05 09:00:00", "P1", "茶", 1, "10.00", "10.00"),
        ("N2", "C2", "2024-01-05 09:00:00", "P2", "壶", 1, "30.00", "10.00"),
        ("N3", "C3", "2024-01-06 09:00:00", "P1", "茶", 1, "10.00", "10.00"),
    ]
    path = write(tmp_path / "orders.csv", (*HEADER, "订单总金额"), *lines)
    ws = loaded(tmp_path / "w", [path])
    total = rows(ws, "SELECT sum(amount) AS a FROM order_lines")[0]["a"]
    mismatch = rows(ws, "SELECT rows FROM findings WHERE rule = 'amount_mismatch'")
    assert (total, [item["rows"] for item in mismatch]) == (Decimal("70.0000"), [1])


def test_one_currency_in_the_data_is_learned_and_several_are_reported(tmp_path: Path) -> None:
    def shop(name: str, *currencies: str) -> Store:
        lines = [
            (f"N{n}", f"C{n}", "2024-01-05 09:00:00", "P1", "茶", 1, "10.00", code)
            for n, code in enumerate(currencies)
        ]
        ws = loaded(tmp_path / name, [write(tmp_path / f"{name}.csv", (*HEADER, "币种"), *lines)])
        several = rows(ws, "SELECT detail FROM findings WHERE rule = 'several_currencies'")
        assert sorted(row["detail"] for row in several) == (
            sorted(set(currencies)) if len(set(currencies)) > 1 else []
        )
        return Store(ws.store.folder)

    assert shop("one", "USD", "USD", "USD").catalog.currency == "USD"
    assert shop("two", "USD", "CNY", "USD").catalog.currency == ""


def test_postage_is_told_by_its_name_whatever_its_code(tmp_path: Path) -> None:
    lines = [
        ("N1", "C1", "2024-01-05 09:00:00", "YF0001", "运费", 1, "8.00"),
        ("N1", "C1", "2024-01-05 09:00:00", "SP0001", "运费险收纳盒", 1, "20.00"),
        ("N2", "C2", "2024-01-05 09:00:00", "SP0002", "POSTAGE STAMP LETTER RACK", 1, "20.00"),
    ]
    ws = loaded(tmp_path / "w", [write(tmp_path / "orders.csv", HEADER, *lines)])
    found = rows(ws, "SELECT product_id, line_kind FROM order_lines ORDER BY product_id")
    assert [(row["product_id"], row["line_kind"]) for row in found] == [
        ("SP0001", "product"),
        ("SP0002", "product"),
        ("YF0001", "shipping"),
    ]
