"""Delivery by hand: medians, promised days, orders on their way, association with satisfaction and repurchase."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from keguan.analyses.delivery import Params, run
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)
DAY = date(2025, 6, 1)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))


def send(shop: Shop, account: int, day: date, arrives: int, ships: int = 1, region: str = "四川") -> None:
    shop.buy(account, day, 10, region=region)
    at = shop.orders[-1]["ordered_at"]
    shop.orders[-1] |= {
        "shipped_at": at + timedelta(days=ships),
        "delivered_at": at + timedelta(days=arrives),
    }


def two_regions() -> Shop:
    """四川: 60 orders after 3 days. 新疆: 60 orders, half after 6 days, half after 12; all ship after 1 or 2."""
    shop = Shop()
    for number in range(60):
        send(shop, number + 1, DAY, 3)
        send(shop, number + 101, DAY, 6 if number < 30 else 12, 2, "新疆")
    return shop


def test_medians_and_the_promise_by_region(tmp_path: Path) -> None:
    """covers: E15."""
    result = found(two_regions(), tmp_path)
    rows = {row["value"]: row for row in result.table("times") if row["dimension"] == "region"}
    assert (rows["四川"]["ship"], rows["四川"]["arrive"], rows["四川"]["in_time"]) == (1, 3, 1)
    assert (rows["新疆"]["ship"], rows["新疆"]["arrive"], rows["新疆"]["in_time"], rows["新疆"]["rest"]) == (
        2,
        9,
        0.5,
        1,
    )
    assert (rows["新疆"]["arrive_low"], rows["新疆"]["arrive_high"]) == (6, 12)
    assert rows["新疆"]["verdict"] == "below"
    assert "delivery/below/region/新疆" in {claim.key for claim in result.claims}


def test_orders_on_their_way_do_not_make_delivery_look_fast(tmp_path: Path) -> None:
    """trap: 9. Of the orders of the last month only the fast have arrived."""
    shop = two_regions()
    for number in range(40):
        send(shop, 300 + number, date(2025, 12, 28), 1)
    whole = found(shop, tmp_path).table("times").find({"dimension": "all", "value": "全部"})
    assert whole is not None
    assert whole["arrived"] == 120


def test_times_before_the_order_are_counted_and_left_out(tmp_path: Path) -> None:
    shop = two_regions()
    send(shop, 900, DAY, -5, -6)
    result = found(shop, tmp_path)
    assert any("早于下单" in note.says.zh for note in result.notes)
    whole = result.table("times").find({"dimension": "all", "value": "全部"})
    assert whole is not None
    assert whole["arrived"] == 120


def test_satisfaction_and_repurchase_are_named_an_association(tmp_path: Path) -> None:
    """covers: E15. Fast: 50 of 60 satisfied and 40 order again; slow: 20 of 60, and 10."""
    shop = Shop()
    for number in range(120):
        fast = number < 60
        send(shop, number + 1, DAY, 2 if fast else 10)
        happy = number % 60 < (50 if fast else 20)
        shop.add("feedback", feedback_id=f"F{number}", kind="survey", account_no=number + 1, scale="csat5",
        score=5 if happy else 2,
                 raised_at=datetime(2025, 6, 20))  # fmt: skip
        if number % 60 < (40 if fast else 10):
            shop.buy(number + 1, date(2025, 7, 20), 10)
    result = found(shop, tmp_path)
    shares = {(row["outcome"], row["band"]): row["share"] for row in result.table("outcomes")}
    assert shares["satisfied", "0-3"] == 0.833333
    assert shares["satisfied", "8-14"] == 0.333333
    assert (shares["again", "0-3"], shares["again", "8-14"]) == (0.666667, 0.166667)
    said = {claim.says for claim in result.claims}
    assert {"satisfied", "again"} <= said
    from keguan.analyses.delivery import TEXT

    assert "不是原因" in TEXT["again"].zh


def test_no_difference_is_not_said(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(120):
        send(shop, number + 1, DAY, 2 if number < 60 else 10)
        if number % 2:
            shop.buy(number + 1, date(2025, 7, 20), 10)
    assert not {"satisfied", "again"} & {claim.says for claim in found(shop, tmp_path).claims}


def test_without_times_it_says_what_to_import(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, DAY, 10)
    result = found(shop, tmp_path)
    assert (result.tables, result.notes[0].kind) == ((), "missing")
