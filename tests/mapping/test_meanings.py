from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest

from keguan.core.errors import QuestionError
from mapping.staged import fitted, flat

COLUMNS = ["订单号", "客户编号", "日期", "数量", "单价", "金额", "折扣"]


PAID: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "p * (1 - d)": lambda p, d: p * (1 - d),
    "p * d": lambda p, d: p * d,
    "p - d": lambda p, d: p - d,
    "p + d": lambda p, d: p + d,
    "p": lambda p, d: p,
}


def rows(amount: str, discounts: tuple[str, ...], count: int = 120) -> list[list[str | None]]:
    found: list[list[str | None]] = []
    for i in range(count):
        quantity, price, discount = i % 5 + 1, Decimal(i % 7 + 10), discounts[i % len(discounts)]
        rate = Decimal(discount.rstrip("折")) / (10 if "折" in discount else 1)
        paid = PAID[amount](quantity * price, rate)
        found.append(
            [f"A{i}", f"c{i % 30}", "2024-03-05", str(quantity), str(price), f"{paid:.2f}", discount]
        )
    return found


@pytest.mark.parametrize(
    ("amount", "discounts", "meaning"),
    [
        ("p * (1 - d)", ("0", "0.2", "0.4"), "rate_off"),
        ("p * d", ("1", "0.8", "0.9"), "rate_paid"),
        ("p * d", ("0.85", "0.8", "0.9"), "rate_paid"),
        ("p * d", ("8折", "9.5折"), "rate_paid"),
        ("p - d", ("0", "2", "5.5"), "money"),
        ("p - d", ("0.5", "0.2", "0.9"), "money"),
    ],
)
def test_the_rows_tell_what_a_discount_is(
    connection: duckdb.DuckDBPyConnection, amount: str, discounts: tuple[str, ...], meaning: str
) -> None:
    mapping = fitted(connection, COLUMNS, rows(amount, discounts)).proposal.accepted()
    rule = mapping.rule("discount")
    assert rule is not None
    assert rule.meaning == meaning
    for line in flat(connection, mapping):
        assert abs(line["quantity"] * line["unit_price"] - line["discount"] - line["amount"]) < Decimal(
            "0.05"
        )


def test_without_a_price_the_rate_gives_the_money_from_what_was_paid(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    columns = ["订单号", "客户编号", "日期", "金额", "折扣", "利润"]
    given = [[f"A{i}", f"c{i % 30}", "2024-03-05", "60", ("0", "0.40")[i % 2], "10"] for i in range(60)]
    given[0][4] = "1"
    lines = flat(connection, fitted(connection, columns, given).proposal.accepted())
    assert lines[1]["discount"] == Decimal(40)
    assert lines[0]["discount"] is None
    assert lines[1]["cost"] == Decimal(50)


def test_an_untouched_amount_is_doubtful(connection: duckdb.DuckDBPyConnection) -> None:
    fit = fitted(connection, COLUMNS, rows("p", ("2", "5.5")))
    assert any("before_discount" in doubt.text.en for doubt in fit.proposal.doubts)


def test_a_discount_written_as_a_negative_is_still_money_off(connection: duckdb.DuckDBPyConnection) -> None:
    given = rows("p + d", ("-2", "-5.5"))
    line = flat(connection, fitted(connection, COLUMNS, given).proposal.accepted())[0]
    assert line["discount"] == Decimal(2)


def test_cost_of_a_piece_or_of_the_line(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["订单号", "客户编号", "日期", "数量", "金额", "成本"]
    for unit in (True, False):
        given = [
            [
                f"A{i}",
                "c",
                "2024-03-05",
                str(i % 5 + 1),
                str(10 * (i % 5 + 1)),
                str(6 if unit else 6 * (i % 5 + 1)),
            ]
            for i in range(200)
        ]
        lines = flat(connection, fitted(connection, columns, given).proposal.accepted())
        assert lines[4]["cost"] == Decimal(30)


def test_an_order_total_repeated_on_each_line_is_not_counted_twice(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    columns = ["订单号", "客户编号", "日期", "商品", "数量", "单价", "实付金额"]
    given = [
        [
            f"A{i // 3}",
            f"c{i // 3 % 30}",
            "2024-03-05",
            f"p{i % 3}",
            str(i % 3 + 1),
            "10",
            str(50 + i // 3 % 40),
        ]
        for i in range(300)
    ]
    lines = flat(connection, fitted(connection, columns, given).proposal.accepted())
    assert abs(sum(line["amount"] for line in lines[:3]) - 50) < Decimal("0.001")
    assert lines[0]["order_amount"] == 50
    assert lines[2]["amount"] == Decimal(25)  # half of the order's value


def test_few_totals_without_prices_are_asked_about(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["订单号", "客户编号", "日期", "商品", "金额"]
    given = [
        [f"A{i // 2}", f"c{i // 2 % 30}", "2024-03-05", f"p{i % 2}", str(10 + i // 2 % 5)] for i in range(200)
    ]
    with pytest.raises(QuestionError, match="money of the line"):
        fitted(connection, columns, given).proposal.accepted()
    lines = flat(
        connection, fitted(connection, columns, given, map=(("amount", "金额"),)).proposal.accepted()
    )
    assert lines[0]["amount"] == 10
    split = flat(
        connection, fitted(connection, columns, given, map=(("order_amount", "金额"),)).proposal.accepted()
    )
    assert split[0]["amount"] == 5


def test_the_amount_follows_from_quantity_price_and_discount(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["订单号", "客户编号", "日期", "数量", "单价", "优惠金额"]
    given = [[f"A{i}", "c", "2024-03-05", "3", "10", "2.5"] for i in range(30)]
    assert flat(connection, fitted(connection, columns, given).proposal.accepted())[0]["amount"] == Decimal(
        "27.5"
    )


def test_a_total_written_once_per_order_is_the_order_s(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["order id", "email", "created at", "lineitem quantity", "lineitem price", "subtotal"]
    given = [
        [
            f"A{i // 2}",
            f"a{i // 2 % 9}@x.org",
            "2024-03-05",
            "2",
            str(i % 5 + 3),
            "19" if i % 2 == 0 else None,
        ]
        for i in range(100)
    ]
    lines = flat(connection, fitted(connection, columns, given).proposal.accepted())
    assert [line["amount"] for line in lines[:2]] == [Decimal(6), Decimal(8)]
    assert lines[0]["order_amount"] == 19
