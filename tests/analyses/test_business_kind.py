"""Each rule of the kind of business, at and beyond its limit."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.business_kind import Params, median_gap, run
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)
START = date(2025, 1, 15)


def bought(days_of: dict[int, list[int]]) -> Shop:
    """Customers who buy on the given days after 2025-01-15."""
    shop = Shop()
    for account, days in days_of.items():
        for day in days:
            shop.buy(account, START + timedelta(days=day), 10)
    return shop


def decided(result: Result) -> dict[str, Any]:
    rows = result.table("decision").records()
    assert len(rows) == 1
    return rows[0]


def test_few_accounts_come_first_and_renewal_is_still_told(tmp_path: Path) -> None:
    shop = bought({account: [0, 30, 60, 90] for account in range(1, 21)})  # 60 gaps of 30 days
    result = run(shop.inputs(tmp_path, AS_OF), Params())
    assert decided(result) == {"kind": "few_accounts", "automatic_renewal": True, "how": "found"}
    kinds = result.table("kind")
    assert kinds.find({"kind": "few_accounts"})["value"] == 20
    assert kinds.find({"kind": "one_time_buyers"})["reason"] == "too_few"
    assert [note.kind for note in result.notes] == ["withheld"]


def test_renewal_needs_sixty_per_cent_of_gaps_near_a_cycle(tmp_path: Path) -> None:
    # 40 customers: 3 gaps of 34 days (within 3 of 31) and 2 of 50: exactly 60 %.
    shop = bought({account: [0, 34, 68, 102, 152, 202] for account in range(1, 41)})
    result = run(shop.inputs(tmp_path, AS_OF), Params(few_accounts=10))
    assert decided(result)["kind"] == "automatic_renewal"
    missed = run(shop.inputs(tmp_path, AS_OF), Params(few_accounts=10, renewal_share=0.61))
    assert decided(missed)["kind"] == "repeat_purchase"


@pytest.mark.parametrize(("once", "kind"), [(20, "repeat_purchase"), (21, "one_time_buyers")])
def test_one_time_buyers_are_more_than_forty_per_cent(once: int, kind: str, tmp_path: Path) -> None:
    days = {account: [0] if account <= once else [0, 50, 100] for account in range(1, 51)}
    result = run(bought(days).inputs(tmp_path, AS_OF), Params(few_accounts=10))
    assert decided(result)["kind"] == kind


def test_fast_goods_have_a_median_gap_under_two_weeks(tmp_path: Path) -> None:
    shop = bought({account: [0, 2, 15, 28] for account in range(1, 41)})  # gaps 2, 13, 13
    result = run(shop.inputs(tmp_path, AS_OF), Params(few_accounts=10))
    assert decided(result)["kind"] == "fast_goods"
    assert result.table("kind").find({"kind": "fast_goods"})["value"] == 13


def test_a_fully_returned_order_is_no_purchase(tmp_path: Path) -> None:
    shop = bought({account: [0, 50, 100] for account in range(1, 41)})
    for account in range(41, 101):
        order = shop.buy(account, START, 10, product=f"X{account}")
        shop.give_back(account, START, 10, product=f"X{account}", of=order)
    result = run(shop.inputs(tmp_path, AS_OF), Params(few_accounts=10))
    row = result.table("kind").find({"kind": "one_time_buyers"})
    assert row is not None
    assert (row["n"], row["value"]) == (40, 0)


def test_a_kind_set_by_hand_stands_and_switches_renewal_off(tmp_path: Path) -> None:
    shop = bought({account: [0, 30, 60, 90] for account in range(1, 41)})
    result = run(shop.inputs(tmp_path, AS_OF), Params(kind="repeat_purchase", few_accounts=10))
    assert decided(result) == {"kind": "repeat_purchase", "automatic_renewal": False, "how": "set"}


def test_without_customers_there_is_a_decision_and_a_note(tmp_path: Path) -> None:
    result = run(Shop().inputs(tmp_path, AS_OF), Params())
    assert decided(result)["kind"] == "repeat_purchase"
    assert [note.kind for note in result.notes] == ["missing"]


def test_median_of_counted_gaps() -> None:
    assert median_gap([(1, 1), (5, 2)]) == 5
    assert median_gap([(1, 2), (4, 2)]) == 2.5
    assert median_gap([]) is None
