"""Customers: account numbers, what files and orders tell of them, their keys, ids as received, times."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from keguan.store.workspace import Store
from received import HEADER, counts, findings, kpis, loaded, rows, usual, write

TEA = ("T100", "龙井茶", 1, "10.00")


def orders(folder: Path) -> Path:
    """Two customers and a guest; the city told by an order moves, the name is written two ways."""
    header = (*HEADER, "客户名称", "城市")
    return write(
        folder / "orders.csv", header,
        (1, "C1", "2024-01-05 09:00:00", *TEA, "王一", "成都"),
        (2, "C1", "2024-02-05 09:00:00", *TEA, "王一", "乐山"),
        (3, "C2", "2024-02-06 09:00:00", *TEA, "李二", "绵阳"),
        (4, "", "2024-02-07 09:00:00", *TEA, "", "绵阳"),
    )  # fmt: skip


def customers(folder: Path) -> Path:
    """C1 with a city of its own, C3 who never bought, C2 without a city."""
    header = ("客户编号", "姓名", "性别", "城市", "会员等级", "手机号")
    return write(
        folder / "customers.csv", header,
        ("C1", "王壹", "女", "北京", "金卡", "13800000001"),
        ("C2", "李二", "男", "", "银卡", "13800000002"),
        ("C3", "张三", "女", "上海", "", "13800000003"),
        ("", "无名", "女", "上海", "", "13800000004"),
    )  # fmt: skip


CUSTOMERS = "SELECT customer_id, name, gender, city, member_level FROM customers ORDER BY 1"


def test_customer_file_and_orders_in_any_order_give_the_same_customers(tmp_path: Path) -> None:
    files = orders(tmp_path), customers(tmp_path)
    after = loaded(tmp_path / "a", [files[0]], [files[1]])
    before = loaded(tmp_path / "b", [files[1]], [files[0]])
    together = loaded(tmp_path / "c", files)
    expected = [
        {"customer_id": "C1", "name": "王壹", "gender": "女", "city": "北京", "member_level": "金卡"},
        {"customer_id": "C2", "name": "李二", "gender": "男", "city": "绵阳", "member_level": "银卡"},
        {"customer_id": "C3", "name": "张三", "gender": "女", "city": "上海", "member_level": None},
    ]
    for workspace in (after, before, together):
        assert rows(workspace, CUSTOMERS) == expected
        assert sorted(counts(workspace)) == [(4, 3, 1, 0, 0), (4, 4, 0, 0, 0)]
        assert rows(workspace, "SELECT rule, entity FROM quarantine") == [
            {"rule": "no_customer_id", "entity": "customers"}
        ]
        assert (kpis(workspace)["customers"], kpis(workspace)["guest_revenue"]) == (2, 10)


def test_a_newer_customer_file_wins_cell_by_cell(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [customers(tmp_path)])
    newer = write(tmp_path / "newer.csv", ("客户编号", "姓名", "性别", "城市", "会员等级", "手机号"),
                  ("C3", "张三", "女", "", "金卡", "13900000003"), ("C4", "赵四", "男", "西安", "", ""))  # fmt: skip
    workspace.load(newer)
    found = {row["customer_id"]: row for row in rows(workspace, CUSTOMERS)}
    assert (found["C3"]["city"], found["C3"]["member_level"]) == ("上海", "金卡")  # empty never overwrites
    assert found["C4"]["city"] == "西安"
    numbers = [row["account_no"] for row in rows(workspace, "SELECT account_no FROM customers ORDER BY 1")]
    assert numbers == [1, 2, 3, 4]
    phones = rows(
        workspace, "SELECT key_value FROM customer_keys WHERE customer_id = 'C3' AND key_type = 'phone'"
    )
    assert sorted(row["key_value"] for row in phones) == ["+8613800000003", "+8613900000003"]


def test_account_numbers_never_change(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [write(tmp_path / "1.csv", HEADER, *usual(2, customer="B"))])
    first = rows(workspace, "SELECT customer_id, account_no FROM customers")
    more = [(1, "A", "2024-01-01 09:00:00", *TEA), (2, "B", "2024-01-01 09:00:00", *TEA)]
    workspace.load(write(tmp_path / "2.csv", HEADER, *more))
    after = {row["customer_id"]: row["account_no"] for row in rows(workspace, "SELECT * FROM customers")}
    assert after == {first[0]["customer_id"]: first[0]["account_no"], "A": 2}
    lines = rows(workspace, "SELECT DISTINCT account_no FROM all_order_lines ORDER BY 1")
    assert [row["account_no"] for row in lines] == [1, 2]


def test_keys_beside_the_id_are_kept(tmp_path: Path) -> None:
    header = (*HEADER, "买家昵称", "手机号", "邮箱", "微信号", "税号")
    path = write(
        tmp_path / "orders.csv", header,
        (1, "C1", "2024-01-05 09:00:00", *TEA, "小王", "13800000001", "a@example.com", "wx_1", "91510000MA6001"),
        (2, "C1", "2024-02-05 09:00:00", *TEA, "小王", "13800000009", "a@example.com", "", ""),
        (3, "C2", "2024-02-06 09:00:00", *TEA, "", "", "", "", ""),
        (4, "", "2024-02-07 09:00:00", *TEA, "过客", "13800000005", "", "", ""),  # nobody: kept nowhere
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [path])
    sql = "SELECT customer_id, key_type, key_value, source_row FROM customer_keys ORDER BY ALL"
    found = [tuple(row.values()) for row in rows(workspace, sql)]
    assert [item[:3] for item in found] == [
        ("C1", "account", "C1"),
        ("C1", "email", "a@example.com"),
        ("C1", "nickname", "小王"),
        ("C1", "phone", "+8613800000001"),
        ("C1", "phone", "+8613800000009"),
        ("C1", "tax_no", "91510000MA6001"),
        ("C1", "wechat", "wx_1"),
        ("C2", "account", "C2"),
    ]
    assert {item[2]: item[3] for item in found if item[1] == "phone"} == {
        "+8613800000001": 2,
        "+8613800000009": 3,
    }
    workspace.load(write(tmp_path / "more.csv", header, (
        5, "C1", "2024-03-05 09:00:00", *TEA, "小王", "13800000001", "", "wx_2", "")))  # fmt: skip
    assert len(rows(workspace, sql)) == len(found) + 1  # only wx_2 is new


LONG = "62170000000000"  # and five digits more: beyond what a float holds


def test_ids_survive_as_received(tmp_path: Path) -> None:
    """Leading zeros and 19 digits; a second id that goes one to one with the first is a further key."""
    header = ("订单号", "客户编号", "客户ID", "下单时间", "商品编号", "商品名称", "数量", "单价")
    lines = [
        (f"{n:06d}", f"{n % 12:05d}", f"{LONG}{n % 12:05d}", "2024-01-05 09:00:00", "000100", "茶", 1, "10.00")
        for n in range(36)
    ]  # fmt: skip
    workspace = loaded(tmp_path / "w", [write(tmp_path / "orders.csv", header, *lines)])
    ids = [row["customer_id"] for row in rows(workspace, "SELECT customer_id FROM customers ORDER BY 1")]
    assert ids == [f"{n:05d}" for n in range(12)]
    keys = rows(workspace, "SELECT customer_id, key_value FROM customer_keys WHERE key_type = 'other'")
    assert {row["customer_id"]: row["key_value"] for row in keys}["00001"] == "6217000000000000001"
    assert len(keys) == 12
    assert rows(workspace, "SELECT min(order_id) AS a, max(order_id) AS b FROM all_orders") == [
        {"a": "000000", "b": "000035"}
    ]
    assert rows(workspace, "SELECT DISTINCT product_id FROM all_order_lines") == [{"product_id": "000100"}]


def test_masked_ids_are_guests(tmp_path: Path) -> None:
    lines = [
        *usual(20),
        (1, "t***8", "2024-03-02 09:00:00", *TEA),
        (2, "138****1234", "2024-03-02 09:00:00", *TEA),
    ]
    workspace = loaded(tmp_path / "w", [write(tmp_path / "orders.csv", HEADER, *lines)])
    assert [row["customer_id"] for row in rows(workspace, "SELECT customer_id FROM customers")] == ["C90"]
    assert kpis(workspace)["guest_revenue"] == 20
    assert findings(workspace)["missing_reason", "customer_key"][0] == 2


def test_product_file_describes_what_orders_sold(tmp_path: Path) -> None:
    products = write(
        tmp_path / "products.csv", ("商品编号", "商品名称", "类目", "品牌", "成本价", "吊牌价"),
        ("T100", "明前龙井", "茶叶", "御", "4.50", "12.00"), ("T200", "盖碗", "茶具", "瓷", "3.00", "9.00"),
        ("", "无编号", "茶具", "瓷", "3.00", "9.00"),
    )  # fmt: skip
    sales = orders(tmp_path)
    for number, batches in enumerate(([products], [sales]), 1):
        first, second = (batches, [sales] if batches == [products] else [products])
        workspace = loaded(tmp_path / f"w{number}", first, second)
        found = rows(
            workspace, "SELECT product_id, name, category, brand, unit_cost FROM products ORDER BY 1"
        )
        assert [tuple(row.values()) for row in found] == [
            ("T100", "明前龙井", "茶叶", "御", 4.5), ("T200", "盖碗", "茶具", "瓷", 3),
        ]  # fmt: skip
        assert findings(workspace)["quarantine_no_product_id", None][0] == 1


def test_sources_keep_their_customers_apart(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [customers(tmp_path)])
    other = write(tmp_path / "other.csv", ("客户编号", "姓名", "性别", "城市"),
                  ("C1", "别人", "男", "广州"), ("C9", "周九", "男", "深圳"))  # fmt: skip
    workspace.load(other, options=ImportOptions(source="tmall"))
    found = rows(workspace, "SELECT customer_id, name, city, source FROM customers ORDER BY account_no")
    assert [tuple(row.values()) for row in found] == [
        ("C1", "王壹", "北京", "files"), ("C2", "李二", None, "files"), ("C3", "张三", "上海", "files"),
        ("C1", "别人", "广州", "tmall"), ("C9", "周九", "深圳", "tmall"),
    ]  # fmt: skip


# zone -> what is stored for 01:30 local (UTC), for 2024-07-01 01:30 and 2024-01-01 01:30 of that zone
LOCAL = ("2024-01-01 01:30:00", "2024-07-01 01:30:00")
ZONES = {
    "Asia/Shanghai": (datetime(2023, 12, 31, 17, 30), datetime(2024, 6, 30, 17, 30)),
    "Europe/London": (datetime(2024, 1, 1, 1, 30), datetime(2024, 7, 1, 0, 30)),  # summer time in July
    "America/New_York": (datetime(2024, 1, 1, 6, 30), datetime(2024, 7, 1, 5, 30)),
}


def in_zone(folder: Path, zone: str, *times: str, header: str = "下单时间") -> Workspace:
    Store.init(folder / "w", f'timezone = "{zone}"\n')
    columns = [header if name == "下单时间" else name for name in HEADER]
    path = write(folder / "orders.csv", (*columns, "发货时间"),
                 *((n, "C1", time, *TEA, time) for n, time in enumerate(times)))  # fmt: skip
    return loaded(folder / "w", [path])


@pytest.mark.parametrize("zone", ZONES)
def test_local_times_are_stored_in_utc_with_their_local_calendar(tmp_path: Path, zone: str) -> None:
    workspace = in_zone(tmp_path, zone, *LOCAL)
    found = rows(
        workspace, "SELECT ordered_at, shipped_at, day, hour, weekday FROM all_orders ORDER BY order_id"
    )
    assert tuple(row["ordered_at"] for row in found) == ZONES[zone]
    assert tuple(row["shipped_at"] for row in found) == ZONES[zone]
    # a Monday both, whatever day it is in UTC
    calendar: list[Any] = [(row["day"], row["hour"], row["weekday"]) for row in found]
    assert calendar == [(date(2024, 1, 1), 1, 1), (date(2024, 7, 1), 1, 1)]


@pytest.mark.parametrize(
    ("zone", "calendar"),
    [
        ("Asia/Shanghai", [(date(2024, 1, 1), 4, 1), (date(2024, 7, 1), 4, 1)]),
        ("Europe/London", [(date(2023, 12, 31), 20, 7), (date(2024, 6, 30), 21, 7)]),
    ],
)
def test_times_with_an_offset_are_instants(tmp_path: Path, zone: str, calendar: list[Any]) -> None:
    workspace = in_zone(tmp_path, zone, "2023-12-31T20:00:00Z", "2024-06-30T22:00:00+02:00")
    found = rows(workspace, "SELECT ordered_at, day, hour, weekday FROM all_orders ORDER BY order_id")
    assert [row["ordered_at"] for row in found] == [datetime(2023, 12, 31, 20), datetime(2024, 6, 30, 20)]
    assert [(row["day"], row["hour"], row["weekday"]) for row in found] == calendar


def test_the_hour_that_comes_twice(tmp_path: Path) -> None:
    """00:30 and 01:30 UTC of 27 October 2024 are both 01:30 in London; the instants stay what they were."""
    workspace = in_zone(tmp_path, "Europe/London", "2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z")
    found = rows(workspace, "SELECT ordered_at, hour FROM all_orders ORDER BY order_id")
    assert [tuple(row.values()) for row in found] == [
        (datetime(2024, 10, 27, 0, 30), 1), (datetime(2024, 10, 27, 1, 30), 1),
    ]  # fmt: skip


def test_equal_numbers_of_two_sources_are_two_orders(tmp_path: Path) -> None:
    ours = write(tmp_path / "a.csv", HEADER, (1, "C1", "2024-01-05 09:00:00", *TEA))
    theirs = write(tmp_path / "b.csv", HEADER, (1, "C1", "2024-03-05 20:00:00", *TEA))
    ws = loaded(tmp_path / "w", [ours])
    ws.load(theirs, options=ImportOptions(source="shop2"))
    orders = rows(ws, "SELECT order_id FROM orders ORDER BY order_id")
    assert [row["order_id"] for row in orders] == ["1", "shop2:1"]
    joined = rows(ws, "SELECT count(*) AS n FROM orders o JOIN order_lines l ON l.order_id = o.order_id")
    assert joined == [{"n": 2}]
