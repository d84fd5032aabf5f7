"""Categories, regions, refunds: worked by hand, and planted changes found.

covers: E2
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from keguan.analyses.product_mix import Params, run
from keguan.core.period import add_months
from keguan.evidence.statistics.growth_against_rest import PartSums, growth_against_rest
from shop import Shop

AS_OF = date(2025, 12, 31)
PRODUCTS = [
    {"product_id": "P1", "name": "电饭煲", "category": "小家电 / 厨房 / 电饭煲"},
    {"product_id": "P2", "name": "吹风机", "category": "小家电 / 个护 / 吹风机"},
    {"product_id": "P3", "name": "毛巾", "category": "家纺 / 浴室 / 毛巾"},
]


def test_levels_of_a_category_path_by_hand(tmp_path: Path) -> None:
    shop = Shop(products=list(PRODUCTS))
    shop.buy(1, date(2025, 3, 1), 100, product="P1")
    shop.buy(1, date(2025, 3, 1), 50, product="P2")
    order = shop.buy(2, date(2025, 4, 1), 30, product="P3")
    shop.give_back(2, date(2025, 4, 2), 30, product="P3", of=order)
    shop.buy(2, date(2025, 4, 1), 12, product="运费", kind="shipping")  # no product: left out here
    shop.buy(2, date(2025, 4, 1), 8, product="P9")  # a product without master data
    rows = run(shop.inputs(tmp_path, AS_OF), Params()).table("categories").records()
    money = {(row["level"], row["category"]): row["net_revenue"] for row in rows}
    assert money[0, "全部"] == 158
    assert money[1, "小家电"] == 150
    assert money[2, "小家电 / 个护"] == 50
    assert money[3, "家纺 / 浴室 / 毛巾"] == 0
    assert money[1, "未分类"] == 8
    assert sum(value for (level, _), value in money.items() if level == 1) == money[0, "全部"]


def test_top_products_with_their_repeat_share(tmp_path: Path) -> None:
    shop = Shop(products=list(PRODUCTS))
    for account in range(1, 41):
        shop.buy(account, date(2025, 3, 1), 10, product="P1")
        if account <= 10:
            shop.buy(account, date(2025, 5, 1), 10, product="P1")
    shop.buy(1, date(2025, 3, 1), 5, product="P3")
    rows = run(shop.inputs(tmp_path, AS_OF), Params()).table("products").records()
    assert [(row["product_id"], row["net_revenue"], row["customers"], row["repeat_share"]) for row in rows] == [
        ("P1", 500, 40, 0.25), ("P3", 5, 1, None),
    ]  # fmt: skip


def two_years(growing: bool = False, failing: bool = False, seed: int = 3) -> Shop:
    """Each month 120 orders in three regions; 四川 doubles from 2025-07, refunds of 小家电 triple from 2025-09."""
    shop, rng = Shop(products=list(PRODUCTS)), random.Random(seed)
    for month in range(24):
        first = add_months(date(2024, 1, 1), month)
        for number in range(120):
            region = ("四川", "广东", "江苏")[number % 3]
            copies = 2 if growing and region == "四川" and first >= date(2025, 7, 1) else 1
            for _ in range(copies):
                account, product = rng.randrange(1, 400), rng.choice(["P1", "P2", "P3"])
                day = first + timedelta(days=rng.randrange(28))
                order = shop.buy(account, day, rng.randrange(80, 120), product=product, region=region)
                worse = failing and product != "P3" and first >= date(2025, 9, 1)
                if rng.random() < (0.15 if worse else 0.05):
                    shop.give_back(account, day, 80, product=product, of=order, region=region)
    return shop


def test_the_region_that_grows_is_found(tmp_path: Path) -> None:
    result = run(two_years(growing=True).inputs(tmp_path, AS_OF), Params())
    told = {(claim.says, claim.labels["part"][0]) for claim in result.claims if "part" in claim.labels}
    assert told == {("region_up", "四川")}


def test_the_category_whose_refunds_rise_is_found_once(tmp_path: Path) -> None:
    result = run(two_years(failing=True).inputs(tmp_path, AS_OF), Params())
    claims = [claim for claim in result.claims if claim.says == "refund_up"]
    assert [claim.labels["category"][0] for claim in claims] == ["小家电"]
    assert result.value(claims[0].values["since"]) == "2025-09"


def test_nothing_is_found_where_nothing_changed(tmp_path: Path) -> None:
    result = run(two_years().inputs(tmp_path, AS_OF), Params())
    assert not [claim for claim in result.claims if claim.strength == "tested"]


def test_growth_against_the_rest_by_hand() -> None:
    """Part: 200 -> 300 by two equal customers; rest: 400 -> 400 unchanged: only its own spread counts, 0."""
    part = PartSums(before=200, now=300, bb=2 * 100**2, cc=2 * 150**2, bc=2 * 100 * 150)
    rest = PartSums(before=400, now=400, bb=4 * 100**2, cc=4 * 100**2, bc=4 * 100**2)
    first, second = growth_against_rest([part, rest])
    assert first is not None
    assert second is not None
    assert (first.rate, first.rest) == (pytest.approx(0.5), pytest.approx(0))
    assert first.low == pytest.approx(0.5)  # every customer grew alike
    assert growth_against_rest([part]) == [None]  # nothing to compare with


def test_without_product_lines_there_is_a_note(tmp_path: Path) -> None:
    result = run(Shop().inputs(tmp_path, AS_OF), Params())
    assert [note.kind for note in result.notes] == ["missing"]
