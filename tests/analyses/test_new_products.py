"""New products by hand: who is in the base, who tried, speed among earlier launches, segments at the beginning."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.new_products import Params, run
from keguan.analysis import Settings
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)
START = date(2024, 1, 1)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, as_of, Settings(min_n=min_n)), Params(**params))


def launched(hits: int = 20, launch: date | None = date(2025, 10, 1)) -> Shop:
    """100 customers who buy OLD in January 2024; 80 of them order again in November 2025, some of them NEW, twice by five."""
    shop = Shop()
    shop.products = [{"product_id": "NEW", "name": "新品", "launched_on": launch}]
    for account in range(1, 101):
        shop.buy(account, START, 10, product="OLD")
        if account <= 80:
            product = "NEW" if account <= hits else "OLD"
            shop.buy(account, date(2025, 11, 5), 10, product=product)
        if account <= 5:
            shop.buy(account, date(2025, 12, 5), 10, product="NEW")
    return shop


def test_the_base_is_customers_with_an_order_since_the_launch(tmp_path: Path) -> None:
    """covers: E11. trap: 17. 80 ordered since; 20 tried, 5 again."""
    row = found(launched(), tmp_path).table("products").records()[0]
    assert (row["product_id"], row["active"], row["tried"], row["again"], row["share"]) == (
        "NEW",
        80,
        20,
        5,
        0.25,
    )
    ends = wilson(20, 80)
    assert ends is not None
    assert (row["low"], row["high"]) == pytest.approx(tuple(ends), abs=1e-6)
    assert row["again_share"] is None  # 20 triers are fewer than 30
    assert row["net_revenue"] == 250


def test_a_first_sale_tells_a_launch_only_after_the_first_weeks(tmp_path: Path) -> None:
    """OLD is first sold on the first day of the data: that is no launch."""
    result = found(launched(launch=None), tmp_path)
    rows = result.table("products").records()
    assert [(row["product_id"], row["launch"], row["launch_source"]) for row in rows] == [
        ("NEW", date(2025, 11, 5), "first_sale")
    ]
    (tmp_path / "young").mkdir()
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 11, 1), 10, product="P")
    young = found(shop, tmp_path / "young")
    assert young.tables == ()
    assert {note.kind for note in young.notes} == {"missing"}


def test_a_launch_dated_later_does_not_count(tmp_path: Path) -> None:
    assert found(launched(launch=date(2026, 2, 1)), tmp_path).tables == ()


def test_the_place_among_earlier_launches_decides(tmp_path: Path) -> None:
    """covers: E11. 45 earlier launches that one of 40 tried; the new one that 20 of 40 tried is first: p = 2 / 46."""
    shop = Shop()
    account = 0
    for number in range(46):
        day = date(2024, 4, 1) + timedelta(days=10 * number) if number < 45 else date(2025, 10, 1)
        shop.products.append({"product_id": f"L{number}", "launched_on": day})
        for place in range(40):
            account += 1
            tries = place < (1 + number % 3 if number < 45 else 20)
            shop.buy(account, day, 10, product=f"L{number}" if tries else "OLD")
    shop.buy(9999, date(2024, 1, 1), 10, product="OLD")
    result = found(shop, tmp_path, early=10)
    row = result.table("products").records()[0]
    assert (row["product_id"], row["rank"], row["rate"]) == ("L45", 1, 0.5)
    assert row["q"] == pytest.approx(2 / 46, abs=1e-4)
    assert "faster" in {claim.says for claim in result.claims}


def test_few_earlier_launches_judge_nothing(tmp_path: Path) -> None:
    """trap: 7."""
    shop = launched()
    shop.products.append({"product_id": "OLD", "launched_on": START})
    result = found(shop, tmp_path)
    assert result.table("products").records()[0]["verdict"] in ("usual", "untested")
    assert "withheld" in {note.kind for note in result.notes}
    assert not {"faster", "slower"} & {claim.says for claim in result.claims}


def test_segments_are_those_of_the_beginning(tmp_path: Path) -> None:
    """covers: E11. trap: 13. Whoever first bought in the window has no segment in it; they add up to all active."""
    shop = launched()
    for account in range(201, 241):
        shop.buy(account, date(2025, 11, 9), 10, product="NEW")
    rows = {row["segment"]: row for row in found(shop, tmp_path).table("segments")}
    assert (rows["当时尚未购买"]["customers"], rows["当时尚未购买"]["tried"]) == (40, 40)
    assert sum(row["customers"] for row in rows.values()) == 120
    assert rows["当时尚未购买"]["verdict"] == "above"


def test_few_customers_withhold(tmp_path: Path) -> None:
    shop = Shop()
    shop.products = [{"product_id": "NEW", "launched_on": date(2025, 12, 1)}]
    shop.buy(1, START, 10, product="OLD")
    for account in range(1, 6):
        shop.buy(account, date(2025, 12, 5), 10, product="NEW")
    result = found(shop, tmp_path)
    assert result.table("products").records()[0]["share"] is None
    assert result.claims == ()
