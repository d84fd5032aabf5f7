"""Regions, industries and phones reach the tables in one form, whatever the files wrote (B5)."""

from __future__ import annotations

from pathlib import Path

from received import HEADER, loaded, rows, write


def test_regions_of_orders_and_customers(tmp_path: Path) -> None:
    orders = [
        ("N1", "C1", "2024-01-05 09:00:00", "P1", "茶", 1, "10.00", "四川省", "成都市"),
        ("N2", "C2", "2024-01-05 09:00:00", "P1", "茶", 1, "10.00", "四川", "成都"),
        ("N3", "C3", "2024-01-05 09:00:00", "P1", "茶", 1, "10.00", "四川省成都市武侯区", ""),
        ("N4", "C4", "2024-01-05 09:00:00", "P1", "茶", 1, "10.00", "Bavaria", "München"),
    ]
    path = write(tmp_path / "orders.csv", (*HEADER, "收货省份", "收货城市"), *orders)
    ws = loaded(tmp_path / "w", [path])
    regions = rows(ws, "SELECT region, count(*) AS n FROM orders GROUP BY region ORDER BY region")
    assert [(row["region"], row["n"]) for row in regions] == [("Bavaria", 1), ("四川", 3)]
    places = rows(ws, "SELECT customer_id, province, city FROM customers ORDER BY customer_id")
    assert [(row["province"], row["city"]) for row in places] == [
        ("四川", "成都"),
        ("四川", "成都"),
        ("四川", "成都"),
        ("Bavaria", "München"),
    ]


def test_industries_and_phones_of_a_customer_file(tmp_path: Path) -> None:
    customers = [
        ("C1", "甲公司", "食品制造业", "138 0013 8000"),
        ("C2", "乙公司", "C14", "+86-13800138001"),
        ("C3", "丙公司", "不知名行业", "138****8002"),
    ]
    path = write(tmp_path / "customers.csv", ("客户编号", "客户名称", "所属行业", "手机号"), *customers)
    ws = loaded(tmp_path / "w", [path])
    found = rows(ws, "SELECT industry_code FROM customers ORDER BY customer_id")
    assert [row["industry_code"] for row in found] == ["C14", "C14", "不知名行业"]
    phones = rows(ws, "SELECT key_value FROM customer_keys WHERE key_type = 'phone' ORDER BY key_value")
    assert [row["key_value"] for row in phones] == ["+8613800138000", "+8613800138001"]
