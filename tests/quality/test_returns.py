"""What is a purchase, a return, a gift, an adjustment or nothing at all; each case is one customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from keguan.app.workspace import Workspace
from received import HEADER, counts, facts, findings, kpis, loaded, rows, write

DAY, NEXT, LATER = "2024-03-01 10:00:00", "2024-03-02 10:00:00", "2024-03-05 10:00:00"
PAID = "2024-03-01 10:05:00"


def row(
    order: object, customer: str, time: str, product: str, quantity: int, price: str,
    *, status: str = "已完成", paid: str = PAID, refund: str = "", original: str = "",
) -> tuple[object, ...]:  # fmt: skip
    names = {"P100": "龙井茶", "P200": "茶杯"}
    return (order, customer, time, product, names[product], quantity, price, status, paid, refund, original)


ROWS = [
    # bought 5, gave 2 back: still a purchase
    row(1001, "partly", DAY, "P100", 5, "10"),
    row(1002, "partly", LATER, "P100", -2, "10"),
    # a cancellation invoice takes the whole order back
    row(1003, "wholly", DAY, "P100", 2, "10"),
    row("C1003", "wholly", NEXT, "P100", -2, "10"),
    row("C1099", "", NEXT, "P100", -1, "10"),  # nobody known: a return all the same
    # refunded as a whole by status: every line
    row(1004, "by status", DAY, "P100", 1, "10", status="已退款"),
    row(1004, "by status", DAY, "P200", 1, "5", status="已退款"),
    # refund amounts: a part, and all of it
    row(1005, "by part", DAY, "P100", 3, "10", refund="4"),
    row(1006, "by amount", DAY, "P100", 3, "10", refund="30"),
    # never paid: neither order nor return
    row(1007, "unpaid", DAY, "P100", 1, "10", status="待付款", paid=""),
    row(1008, "gave up", DAY, "P100", 1, "10", status="已取消", paid=""),
    # paid, then cancelled: an order, fully returned
    row(1009, "cancelled", DAY, "P100", 1, "10", status="已取消"),
    # guests: sales, not customers; a masked id is nobody
    row(1010, "", DAY, "P100", 2, "10"),
    row(1011, "散客", DAY, "P100", 1, "10"),
    row(1012, "t***8", DAY, "P100", 1, "10"),
    # stock written off: neither sale nor return
    row(1013, "", DAY, "P200", -7, "0"),
    # a gift makes no order, and adds nothing to one
    row(1014, "only a gift", DAY, "P200", 1, "0"),
    row(1015, "with a gift", DAY, "P100", 1, "10"),
    row(1015, "with a gift", DAY, "P200", 1, "0"),
    # the original order is named: that one comes back, not the latest
    row(1016, "named", DAY, "P100", 1, "10"),
    row(1017, "named", NEXT, "P100", 1, "10"),
    row(1018, "named", LATER, "P100", -1, "10", original="1016"),
    # no purchase before it, or not enough of it: an unmatched return
    row(1019, "too early", DAY, "P200", -1, "5"),
    row(1020, "too early", NEXT, "P200", 1, "5"),
    row(1021, "too much", DAY, "P200", 1, "5"),
    row(1022, "too much", NEXT, "P200", -2, "5"),
    # a huge order cancelled the same day makes nobody recent or large
    row(1023, "huge", DAY, "P100", 1, "10"),
    row(1024, "huge", LATER, "P100", 80_995, "2"),
    row(1025, "huge", LATER, "P100", -80_995, "2"),
    # a price below zero is an error
    row(1026, "below zero", DAY, "P100", 1, "-5"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("returns")
    header = (*HEADER, "订单状态", "付款时间", "退款金额", "原订单号")
    return loaded(folder / "w", [write(folder / "orders.csv", header, *ROWS)])


# customer -> orders placed, purchases, gross, returns, last purchase
EXPECTED = {
    "partly": (1, 1, 50, 20, date(2024, 3, 1)),
    "wholly": (1, 0, 20, 20, None),
    "by status": (1, 0, 15, 15, None),
    "by part": (1, 1, 30, 4, date(2024, 3, 1)),
    "by amount": (1, 0, 30, 30, None),
    "cancelled": (1, 0, 10, 10, None),
    "with a gift": (1, 1, 10, 0, date(2024, 3, 1)),
    "named": (2, 1, 20, 10, date(2024, 3, 2)),
    "too early": (1, 1, 5, 5, date(2024, 3, 2)),
    "too much": (1, 1, 5, 10, date(2024, 3, 1)),
    "huge": (2, 1, 162_000, 161_990, date(2024, 3, 1)),
}


@pytest.mark.parametrize("customer", EXPECTED)
def test_facts_of_a_customer(shop: Workspace, customer: str) -> None:
    found = facts(shop)[customer]
    names = ("orders_placed", "purchases", "gross_revenue", "returns", "last_purchase_on")
    assert tuple(found[name] for name in names) == EXPECTED[customer]
    assert found["net_revenue"] == found["gross_revenue"] - found["returns"]


def test_who_is_no_buyer(shop: Workspace) -> None:
    known = {row["customer_id"] for row in rows(shop, "SELECT customer_id FROM customers")}
    assert known == {*EXPECTED, "unpaid", "gave up", "only a gift"}  # 'below zero' came with no usable row
    placed = {name for name, fact in facts(shop).items() if fact["orders_placed"]}
    assert placed == set(EXPECTED)


def test_what_each_line_is(shop: Workspace) -> None:
    found = {row["movement"]: row["n"] for row in rows(
        shop, "SELECT movement, count(*) AS n FROM all_order_lines GROUP BY 1")}  # fmt: skip
    # received lines and those made of a status or a refund amount: 2 + 1 + 1 + 1
    assert found == {"purchase": 17, "return": 7 + 5, "void": 2, "adjustment": 1, "free": 2}


def test_key_figures(shop: Workspace) -> None:
    figures = kpis(shop)
    assert counts(shop) == [(30, 29, 1, 0, 0)]
    gross = sum(item[2] for item in EXPECTED.values())
    returns = sum(item[3] for item in EXPECTED.values())
    assert (figures["gross_revenue"], figures["returns"]) == (gross, returns)
    assert (figures["orders"], figures["purchases"]) == (13, 7)
    assert (figures["customers"], figures["buyers"]) == (11, 7)
    assert figures["guest_revenue"] == 40  # gross: 20, 10 and 10
    assert float(figures["guest_share"]) == pytest.approx(40 / (40 + gross), abs=1e-6)


def test_findings(shop: Workspace) -> None:
    found = findings(shop)
    assert found["no_customer", "customer_id"] == (3, Decimal(40))
    assert found["movement_adjustment", None][0] == 1
    assert found["movement_void", None] == (2, Decimal(20))
    assert found["movement_free", None] == (2, Decimal(0))
    assert found["quarantine_negative_price", None] == (1, Decimal(-5))
    assert found["missing_reason", "customer_key"] == (2, None)  # 散客 and the masked id say why


def test_a_return_of_tomorrow_changes_nothing_today(shop: Workspace) -> None:
    found = facts(shop, date(2024, 3, 1))
    assert (found["partly"]["net_revenue"], found["wholly"]["net_revenue"]) == (50, 20)
    assert (found["wholly"]["purchases"], found["wholly"]["last_purchase_on"]) == (1, date(2024, 3, 1))
    assert facts(shop, date(2024, 3, 2))["wholly"]["purchases"] == 0


def test_returns_are_linked_to_their_day(shop: Workspace) -> None:
    found = rows(
        shop,
        "SELECT customer_id, day, order_day, returns FROM all_purchases JOIN customers USING (account_no) "
        "WHERE returns > 0 AND customer_id IN ('partly', 'named', 'too early', 'too much') ORDER BY 1",
    )
    assert [(row["customer_id"], row["order_day"]) for row in found] == [
        ("named", date(2024, 3, 1)), ("partly", date(2024, 3, 1)), ("too early", None), ("too much", None),
    ]  # fmt: skip
    unmatched = {row["rule"]: row["lines"] for table in shop.run("data_quality").tables for row in table.records()
                 if row.get("rule") == "unmatched_returns"}  # fmt: skip
    assert unmatched == {"unmatched_returns": 3}  # too early, too much, and the guest's


def test_orders_with_amounts_only_are_returned_in_money(tmp_path: Path) -> None:
    header = ("订单编号", "会员编号", "下单日期", "实付金额", "订单状态")
    done = "交易成功"
    path = write(
        tmp_path / "orders.csv", header,
        *((n, "M1", f"2024-03-{n + 1:02d}", "100.00", done) for n in range(20)),
        (50, "whole", "2024-03-01", "80.00", "退款成功"),
        (51, "same", "2024-03-01", "60.00", done),
        (52, "same", "2024-03-05", "-60.00", done),
        (53, "bits", "2024-03-01", "60.00", done),
        (54, "bits", "2024-03-05", "-20.00", done),
        (55, "bits", "2024-03-06", "-40.00", done),
        (56, "part", "2024-03-01", "60.00", done),
        (57, "part", "2024-03-05", "-20.00", done),
        (58, "more", "2024-03-01", "60.00", done),
        (59, "more", "2024-03-05", "-61.00", done),
    )  # fmt: skip
    found = facts(loaded(tmp_path / "w", [path]))
    assert {name: (row["orders_placed"], row["purchases"], row["net_revenue"]) for name, row in found.items()} == {
        "M1": (20, 20, 2000), "whole": (1, 0, 0), "same": (1, 0, 0), "bits": (1, 0, 0), "part": (1, 1, 40),
        "more": (1, 1, -1),
    }  # fmt: skip
