"""ABC by hand: limits, ties, no net spend, and where last year's classes went.

covers: D3
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from keguan.analyses.abc_class import Params, run, windows
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)


def abc(shop: Shop, folder: Path, min_n: int = 1, **params: Any) -> Result:
    return run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))


def labels(shop: Shop, folder: Path, result: Result) -> dict[int, str]:
    relation = result.relations[0]
    rows = shop.inputs(folder, AS_OF).query(relation.sql, **dict(relation.params)).to_pylist()
    return {row["account_no"]: row["label"] for row in rows}


def spending(amounts: dict[int, int | str], day: date = date(2025, 6, 1)) -> Shop:
    shop = Shop()
    for account, amount in amounts.items():
        shop.buy(account, day, str(amount), product=f"P{account}")
    return shop


def test_seventy_and_ninety_per_cent_by_hand(tmp_path: Path) -> None:
    # Accumulated before the customer: 0, 70 %, 90 %. Exactly 70 % before is B, exactly 90 % is C.
    shop = spending({1: 700, 2: 200, 3: 100})
    result = abc(shop, tmp_path)
    assert labels(shop, tmp_path, result) == {1: "A", 2: "B", 3: "C"}
    row = result.table("classes").find({"label": "A"})
    assert row is not None
    assert (row["net_revenue"], row["revenue_share"], row["from_spend"]) == (700, 0.7, 700)


def test_equal_spend_is_an_equal_class(tmp_path: Path) -> None:
    shop = spending({1: 50, 2: 50, 3: 50, 4: 10})
    assert labels(shop, tmp_path, abc(shop, tmp_path)) == {1: "A", 2: "A", 3: "A", 4: "C"}


def test_customers_without_net_spend_are_a_row_of_their_own(tmp_path: Path) -> None:
    shop = spending({1: 100, 2: 60})
    shop.buy(3, date(2024, 3, 1), 500)  # long ago
    order = shop.buy(4, date(2025, 5, 1), 168_469, product="BIG")
    shop.give_back(4, date(2025, 5, 1), 168_469, product="BIG", of=order)
    result = abc(shop, tmp_path)
    assert labels(shop, tmp_path, result) == {1: "A", 2: "A", 3: "无净消费", 4: "无净消费"}
    shares = [row["share"] for row in result.table("classes")]
    assert sum(shares) == 1
    row = result.table("classes").find({"label": "无净消费"})
    assert row is not None
    assert (row["customers"], row["net_revenue"], row["avg_order_value"]) == (2, 0, None)


def test_classes_are_followed_from_the_start_of_the_window(tmp_path: Path) -> None:
    shop = spending({account: 10 + account for account in range(1, 41)})  # this window
    for account in range(1, 41):
        if account != 40:
            shop.buy(account, date(2024, 6, 1), 10)
    shop.buy(41, date(2024, 6, 1), 5000)  # class A before, nothing since
    shop.buy(42, date(2023, 12, 1), 1)  # the data reach back two windows
    result = abc(shop, tmp_path, min_n=30)
    row = result.table("migration").find({"before": "A", "now": "无净消费"})
    assert row is not None
    assert (row["customers"], row["spend_before"], row["spend_now"]) == (1, Decimal(5000), 0)
    claim = next(claim for claim in result.claims if claim.key == "abc_class/lost")
    assert claim.money == 5000
    assert result.value(claim.values["before"]) == 5000


def test_windows_meet_without_overlap() -> None:
    now, before = windows(AS_OF, 12)
    assert now["from_day"] == date(2024, 12, 31)
    assert before["to_before"] == now["from_day"] - timedelta(days=1)
    assert before["from_before"] == date(2023, 12, 31)


def test_without_history_there_is_no_migration_and_without_orders_no_class(tmp_path: Path) -> None:
    assert not abc(spending({1: 10}), tmp_path).has("migration")
    empty = abc(Shop(), tmp_path)
    assert len(empty.table("classes").rows) == 0
    assert empty.notes[0].kind == "missing"


def test_few_customers_withhold_shares(tmp_path: Path) -> None:
    result = abc(spending({1: 70, 2: 30}), tmp_path, min_n=30)
    assert [row["share"] for row in result.table("classes")] == [None] * 4
    assert result.claims == ()
