"""Return matching and the mart `purchases`, on cases worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shop import Shop

AS_OF = date(2024, 12, 31)


def rows(shop: Shop, folder: Path, sql: str, as_of: date = AS_OF) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.inputs(folder, as_of).query(sql).to_pylist()
    return found


def test_a_return_prefers_the_purchase_of_the_same_quantity_and_price(tmp_path: Path) -> None:
    shop = Shop()
    exact = shop.buy(1, date(2024, 1, 1), 20, quantity=2)  # 2 at 10
    shop.buy(1, date(2024, 2, 1), 50, quantity=5)  # later, also 10 each, more pieces
    shop.give_back(1, date(2024, 3, 1), 20, quantity=2)
    links = rows(shop, tmp_path, "SELECT original_order_id FROM return_links")
    assert links == [{"original_order_id": exact}]


def test_a_return_takes_the_latest_purchase_with_enough_left(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2024, 1, 1), 50, quantity=5)
    later = shop.buy(1, date(2024, 2, 1), 50, quantity=5)
    shop.give_back(1, date(2024, 3, 1), 20, quantity=2)
    assert rows(shop, tmp_path, "SELECT original_order_id AS o FROM return_links") == [{"o": later}]


def test_a_purchase_is_never_returned_beyond_its_quantity(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2024, 1, 1), 30, quantity=3)
    for day in (1, 2, 3):
        shop.give_back(1, date(2024, 3, day), 20, quantity=2)  # 6 pieces of 3
    taken = rows(shop, tmp_path, "SELECT count(*) AS n, sum(quantity) AS q FROM return_links")
    assert taken == [{"n": 1, "q": Decimal(2)}]
    unmatched = "SELECT sum(returns) AS r FROM purchases WHERE order_day IS NULL"
    assert rows(shop, tmp_path, unmatched) == [{"r": Decimal(40)}]


def test_returns_refused_by_one_purchase_find_another(tmp_path: Path) -> None:
    shop = Shop()
    first = shop.buy(1, date(2024, 1, 1), 20, quantity=2)
    second = shop.buy(1, date(2024, 1, 2), 20, quantity=2)
    shop.give_back(1, date(2024, 2, 1), 20, quantity=2)
    shop.give_back(1, date(2024, 2, 2), 20, quantity=2)
    found = rows(shop, tmp_path, "SELECT original_order_id AS o FROM return_links ORDER BY o")
    assert [row["o"] for row in found] == sorted([first, second])


def test_no_return_before_its_purchase_and_none_of_another_customer(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2024, 5, 1), 10)
    shop.buy(2, date(2024, 1, 1), 10)
    shop.give_back(1, date(2024, 3, 1), 10)
    assert rows(shop, tmp_path, "SELECT * FROM return_links") == []


def test_a_named_order_is_looked_up_even_for_guests(tmp_path: Path) -> None:
    shop = Shop()
    order = shop.buy(None, date(2024, 1, 1), 10)
    shop.buy(None, date(2024, 1, 2), 10)
    shop.give_back(None, date(2024, 1, 5), 10, of=order)
    assert rows(shop, tmp_path, "SELECT original_order_id AS o FROM return_links") == [{"o": order}]


def test_an_order_is_cancelled_on_the_day_its_last_line_went_back(tmp_path: Path) -> None:
    shop = Shop()
    order = shop.buy(1, date(2024, 1, 1), 20, quantity=2)
    shop.buy(1, date(2024, 1, 1), 30, product="P2", order=order)
    shop.buy(1, date(2024, 1, 1), 5, product="YF", order=order, kind="shipping")
    shop.give_back(1, date(2024, 2, 1), 10, quantity=1)
    shop.give_back(1, date(2024, 2, 9), 30, product="P2")
    shop.give_back(1, date(2024, 3, 1), 10, quantity=1)
    found = rows(shop, tmp_path, "SELECT day, order_day, cancelled FROM purchases WHERE cancelled > 0")
    # postage is kept, all goods went back: the order is no purchase any more from 1 March on
    assert found == [{"day": date(2024, 3, 1), "order_day": date(2024, 1, 1), "cancelled": 1}]


@pytest.mark.parametrize(
    ("as_of", "purchases", "net"), [(date(2024, 2, 29), 1, 35), (date(2024, 3, 1), 0, 5)]
)
def test_a_later_return_changes_nothing_before_it(
    tmp_path: Path, as_of: date, purchases: int, net: int
) -> None:
    shop = Shop()
    order = shop.buy(1, date(2024, 1, 1), 30)
    shop.buy(1, date(2024, 1, 1), 5, product="YF", order=order, kind="shipping")
    shop.give_back(1, date(2024, 3, 1), 30)
    facts = rows(shop, tmp_path, "SELECT orders_placed, purchases, net_revenue FROM customer_facts", as_of)
    assert facts == [{"orders_placed": 1, "purchases": purchases, "net_revenue": Decimal(net)}]


def test_a_huge_order_cancelled_at_once_makes_nobody_recent(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2024, 5, 18), "2.90")
    shop.buy(1, date(2024, 12, 9), "168469.60", product="P2", quantity=80995)
    shop.give_back(1, date(2024, 12, 9), "168469.60", product="P2", quantity=80995)
    facts = rows(
        shop, tmp_path, "SELECT last_purchase_on, last_order_on, purchases, net_revenue FROM customer_facts"
    )
    assert facts == [
        {
            "last_purchase_on": date(2024, 5, 18),
            "last_order_on": date(2024, 12, 9),
            "purchases": 1,
            "net_revenue": Decimal("2.9000"),
        }
    ]


def test_the_mart_adds_up_to_the_lines(tmp_path: Path) -> None:
    shop = Shop()
    for day in range(1, 28):
        shop.buy(day % 5 or None, date(2024, 1, day), day, quantity=day % 3 + 1, cost=day / 2)
        if day % 4 == 0:
            shop.give_back(day % 5 or None, date(2024, 2, day), day, quantity=day % 3 + 1)
    mart = rows(shop, tmp_path, "SELECT sum(gross) AS g, sum(returns) AS r, sum(lines) AS n FROM purchases")
    lines = rows(
        shop,
        tmp_path,
        "SELECT sum(amount) FILTER (movement = 'purchase') AS g, -sum(amount) FILTER (movement = 'return') AS r, "
        "count(*) AS n FROM order_lines",
    )
    assert mart == lines
