"""Orders by weekday and hour.

covers: E8
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from keguan.analyses.purchase_time import Params, run
from shop import Shop

AS_OF = date(2025, 12, 31)


def test_cells_by_hand(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 6, 2), 10, hour=9)  # a Monday
    shop.buy(None, date(2025, 6, 2), 20, hour=9)  # guests buy too
    shop.buy(2, date(2025, 6, 3), 30, hour=21)
    order = shop.buy(3, date(2025, 6, 4), 5, hour=8)
    shop.buy(3, date(2025, 6, 4), 5, order=order)  # a second line is no second order
    shop.give_back(1, date(2025, 6, 8), 10)  # a return is no order
    result = run(shop.inputs(tmp_path, AS_OF), Params())
    rows = [
        (r["weekday"], r["hour"], r["orders"], r["gross_revenue"], r["share"]) for r in result.table("heat")
    ]
    assert rows == [("1", 9, 2, 30, 0.5), ("2", 21, 1, 30, 0.25), ("3", 8, 1, 10, 0.25)]
    assert [row["orders"] for row in result.table("weekdays")] == [2, 1, 1, 0, 0, 0, 0]


def test_without_time_of_day_only_weekdays(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 6, 2), 10)
    for order in shop.orders:
        order["has_time"] = False
    result = run(shop.inputs(tmp_path, AS_OF), Params())
    assert {table.id for table in result.tables} == {"weekdays"}
    assert "missing" in {note.kind for note in result.notes}


def test_a_quiet_and_a_busy_weekday_are_found(tmp_path: Path) -> None:
    """Every day 2 orders, Fridays 6, Sundays none; 双11 alone brings 300 on a Tuesday and decides nothing."""
    shop = Shop()
    for number in range(365):
        day = date(2025, 1, 1) + timedelta(days=number)
        for copy in range({5: 6, 7: 0}.get(day.isoweekday(), 2 + number % 2)):
            shop.buy(1 + copy, day, 10)
    for number in range(300):
        shop.buy(100 + number, date(2025, 11, 11), 10)
    result = run(shop.inputs(tmp_path, AS_OF), Params())
    said = {(claim.says, claim.labels["weekday"][0]) for claim in result.claims}
    assert ("weekday_up", "5") in said
    assert ("silent", "7") in said
    row = result.table("weekdays").find({"weekday": "2"})
    assert row is not None
    assert row["mean"] < 4


def test_few_weeks_compare_nothing(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 12, 1), 10)
    result = run(shop.inputs(tmp_path, AS_OF), Params())
    assert all(row["mean"] is None for row in result.table("weekdays"))
    assert "withheld" in {note.kind for note in result.notes}
