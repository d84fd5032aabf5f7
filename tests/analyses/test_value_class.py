"""Value classes by hand: mean, bounds, key contributors, what became of those before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.value_class import Params, run
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, min_n: int = 5, **params: Any) -> Result:
    return run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))


def ten() -> Shop:
    """Net revenue 1000, 400, 8 x 100 = 2200 of ten customers (mean 220); the first two bought 900 and 800 before."""
    shop = Shop()
    shop.buy(1, date(2025, 3, 1), 500)
    shop.buy(1, date(2025, 4, 1), 500)
    shop.buy(2, date(2025, 3, 1), 400)
    for account in range(3, 11):
        shop.buy(account, date(2025, 2, account), 100)
    shop.buy(2, date(2023, 9, 1), 900)
    shop.buy(11, date(2023, 9, 2), 800)
    shop.buy(12, date(2023, 6, 30), 10)
    return shop


def test_classes_by_hand(tmp_path: Path) -> None:
    """covers: D4"""
    result = found(ten(), tmp_path)
    standard = result.table("standard").records()[0]
    assert (standard["mean"], standard["high_from"], standard["low_below"]) == (220, 440, 110)
    rows = {row["label"]: row for row in result.table("classes")}
    assert {label: row["customers"] for label, row in rows.items()} == {
        "高价值": 1, "普通价值": 1, "低价值": 8, "窗口内无订单": 2,
    }  # fmt: skip
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1, abs=1e-5)  # trap: 8
    assert sum(row["revenue_share"] for row in rows.values()) == pytest.approx(1, abs=1e-5)
    # 1000 is 45 % of 2200, 1400 is 64 %: two customers bring half
    assert (standard["key_customers"], standard["key_from"], standard["key_share"]) == (
        2,
        400,
        pytest.approx(0.636364),
    )
    assert [row["account_no"] for row in result.table("key_accounts")] == ["1", "2"]


def test_key_contributors_are_followed_from_the_start_of_the_period(tmp_path: Path) -> None:
    """covers: D4 G2; trap: 13"""
    result = found(ten(), tmp_path)
    rows = {row["label"]: row for row in result.table("kept")}
    # before: 900, 800, 10 of 1710; 900 alone is over half, by the standing then and not by today's
    assert rows["仍为关键贡献"]["customers"] == 1
    assert (rows["仍为关键贡献"]["net_before"], rows["仍为关键贡献"]["net_now"]) == (900, 400)
    assert sum(row["customers"] for row in rows.values()) == rows["高价值"]["of_customers"] == 1
    assert "value_class/stayed" in {claim.key for claim in result.claims}
    wider = found(ten(), tmp_path, key_share=0.9)
    assert {r["label"]: r["customers"] for r in wider.table("kept")}["窗口内无订单"] == 1


def test_averages_agree_with_the_standard_of_their_class(tmp_path: Path) -> None:
    """trap: 16; the class of 1000 in two purchases: 500 x 2 lies above 440."""
    rows = {row["label"]: row for row in found(ten(), tmp_path, min_n=1).table("classes")}
    assert float(rows["高价值"]["avg_order_value"]) * rows["高价值"]["avg_purchases"] == 1000
    assert [rows[label]["as_standard"] for label in ("高价值", "普通价值", "低价值")] == [True] * 3


def test_a_cancelled_order_makes_no_key_contributor(tmp_path: Path) -> None:
    """trap: 11"""
    shop = ten()
    order = shop.buy(3, date(2025, 5, 1), 100_000, product="X")
    shop.give_back(3, date(2025, 5, 1), 100_000, product="X", of=order)
    assert [row["account_no"] for row in found(shop, tmp_path).table("key_accounts")] == ["1", "2"]


def test_what_defines_the_class_is_no_finding(tmp_path: Path) -> None:
    result = found(ten(), tmp_path)
    assert [claim.summary for claim in result.claims if claim.key == "value_class/key"] == [False]


def test_few_customers_have_no_shares(tmp_path: Path) -> None:
    result = found(ten(), tmp_path, min_n=30)
    assert all(row["share"] is None for row in result.table("classes"))
    assert not result.claims
    assert {note.kind for note in result.notes} == {"withheld"}
