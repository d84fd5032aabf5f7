"""RFM by hand: classes, cuts that move, thresholds with holes, and what must not fool it.

covers: D1 D2
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from keguan.analyses import business_kind
from keguan.analyses.rfm import Params, run
from keguan.analyses.rfm.classes import EIGHT
from keguan.analyses.rfm.cuts import placed
from keguan.analysis import Settings
from keguan.result import Result
from keguan.schema.terms.rfm_classes import CLASS_SIDES
from shop import Shop

AS_OF = date(2025, 12, 31)
SMALL = Settings(min_n=1)


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def rfm(
    shop: Shop,
    folder: Path,
    settings: Settings = SMALL,
    *,
    as_of: date = AS_OF,
    kind: str = "repeat_purchase",
    **params: Any,
) -> Result:
    set_by_hand = business_kind.Params(kind=kind)
    found = business_kind.run(shop.inputs(folder, as_of, settings), set_by_hand)
    return run(shop.inputs(folder, as_of, settings, business_kind=found), Params(**params))


def labels(shop: Shop, folder: Path, result: Result, relation: str = "rfm") -> dict[int, str]:
    found = next(item for item in result.relations if item.id == relation)
    rows = shop.inputs(folder, AS_OF).query(found.sql, **dict(found.params)).to_pylist()
    return {row["account_no"]: row["label"] for row in rows}


def eight() -> Shop:
    """One customer of each class for the cuts R 50 days, F 3, M 300; and one with an old order only."""
    shop = Shop()
    plan = {1: (10, 4, 100), 2: (10, 1, 400), 3: (90, 4, 100), 4: (90, 1, 400),
            5: (10, 4, 10), 6: (10, 1, 40), 7: (90, 4, 10), 8: (90, 1, 40)}  # fmt: skip
    for account, (recency, times, amount) in plan.items():
        for step in range(times):
            shop.buy(account, ago(recency + step * 20), amount)
    shop.buy(9, ago(700), 1000)
    return shop


OWN = {"method": "own", "own_r": 50, "own_f": 3, "own_m": 300.0}


def test_the_eight_classes_and_the_row_without_order(tmp_path: Path) -> None:
    shop = eight()
    result = rfm(shop, tmp_path, **OWN)
    assert labels(shop, tmp_path, result) == {
        1: "重要价值", 2: "重要发展", 3: "重要保持", 4: "重要挽留", 5: "一般价值", 6: "一般发展",
        7: "一般保持", 8: "一般挽留", 9: "窗口内无订单",
    }  # fmt: skip
    rows = result.table("classes").records()
    assert [column.name for column in result.table("classes").columns] == [
        "label", "customers", "share", "net_revenue", "revenue_share", "avg_order_value", "avg_orders",
    ]  # fmt: skip
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-5)
    first = rows[
        0
    ]  # 重要价值: one customer, 4 purchases of 100; all: 4 x 100 + 400 + 400 + 400 + 40 + 40 + 40 + 40
    assert (first["net_revenue"], first["avg_order_value"], first["avg_orders"]) == (400, 100, 4)
    assert first["revenue_share"] == pytest.approx(400 / 1760, abs=1e-6)
    last = result.table("classes").find({"label": "窗口内无订单"})
    assert last is not None
    assert (last["customers"], last["net_revenue"], last["avg_order_value"], last["avg_orders"]) == (
        1,
        0,
        None,
        0,
    )


def test_scores_name_the_sides(tmp_path: Path) -> None:
    shop = eight()
    result = rfm(shop, tmp_path, **OWN)
    relation = result.relations[0]
    rows = shop.inputs(tmp_path, AS_OF).query(relation.sql, **dict(relation.params)).to_pylist()
    assert {row["account_no"]: row["score"] for row in rows}[2] == "R+F-M+"
    assert {row["account_no"]: row["score"] for row in rows}[9] is None


def test_a_value_equal_to_the_median_is_high_and_ties_stay_together(tmp_path: Path) -> None:
    shop = Shop()
    for account, amount in enumerate([10, 20, 20, 20, 30], start=1):
        for step in (10, 40):
            shop.buy(account, ago(step), amount)
    cuts = rfm(shop, tmp_path).table("cuts")
    row = cuts.find({"dimension": "M", "method": "median"})
    assert row is not None
    assert (row["cut"], row["high_share"], row["moved"]) == (40, 0.8, False)


def test_with_mostly_one_time_buyers_the_cut_of_f_moves_to_two(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 11):
        for step in range(3 if account > 6 else 1):
            shop.buy(account, ago(10 * account + step), 10 * account)
    result = rfm(shop, tmp_path)
    row = result.table("cuts").find({"dimension": "F", "method": "median"})
    assert row is not None
    assert (row["cut"], row["moved"], row["high_share"]) == (3, True, 0.4)  # nobody bought twice
    assert any("已移至下一个取值" in note.says.zh for note in result.notes)
    regulars = {key for key, label in labels(shop, tmp_path, result).items() if label[2:] in ("价值", "保持")}
    assert regulars == {7, 8, 9, 10}


def test_where_a_cut_moves() -> None:
    once = {"lowest": 1.0, "highest": 1.0, "after_lowest": None, "before_highest": None}
    assert placed("F", once, 1.0).value == 2
    skewed = {"lowest": 1.0, "highest": 9.0, "after_lowest": 4.0, "before_highest": 6.0}
    assert (placed("F", skewed, 1.0).value, placed("F", skewed, 1.0).moved) == (4, True)
    assert (placed("R", skewed, 9.0).value, placed("R", skewed, 9.0).moved) == (6, True)
    assert (placed("F", skewed, 2.5).value, placed("R", skewed, 5.5).value) == (3, 5)
    assert placed("M", {**skewed, "lowest": 7.0}, 7.12345678).value == Decimal("7.1235")


def test_quintile_scores_of_four_and_five_are_high(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 11):  # spends 10..100, twice 5..50; recency 1..10 days
        shop.buy(account, ago(account), 5 * account)
        shop.buy(account, ago(account + 60), 5 * account)
    cuts = rfm(shop, tmp_path, method="quintile").table("cuts")
    found = {name: cuts.find({"dimension": name, "method": "quintile"}) for name in "RM"}
    assert found["R"] is not None
    assert found["M"] is not None
    assert (found["R"]["cut"], found["M"]["cut"]) == (4, 60)
    mean = cuts.find({"dimension": "M", "method": "mean"})
    assert mean is not None
    assert mean["cut"] == 55


ABSOLUTE = {
    1: ("高价值", [90, 100, 110, 120, 130], 20_000),  # M exactly 100,000
    2: ("潜力", [100, 110, 120], 20_000),
    3: ("新客户", [5], 49_999),
    4: ("流失风险", [200, 210], 100),
    5: ("未匹配", [20, 30, 40], 10_000),  # R within 3 months, F 3
    6: ("未匹配", [5], 100_000),  # R within a month, M 100,000
    7: ("未匹配", [200, 210, 220, 230, 240], 100),  # R over 6 months, F 5
    8: ("未匹配", [400], 100),  # no order in the window
    9: ("潜力", [100, 110, 120], Decimal("16666.67")),  # M 50,000.01
}


def test_the_absolute_table_shows_its_holes(tmp_path: Path) -> None:
    shop = Shop()
    for account, (_, days, amount) in ABSOLUTE.items():
        for day in days:
            shop.buy(account, ago(day), str(amount))
    result = rfm(shop, tmp_path)
    assert labels(shop, tmp_path, result, "rfm_absolute") == {k: v[0] for k, v in ABSOLUTE.items()}
    row = result.table("absolute").find({"label": "未匹配"})
    assert row is not None
    assert row["customers"] == 4
    assert result.has("proposed")  # 4 of 9 unmatched
    assert any("阈值不适合本企业" in note.says.zh for note in result.notes)


def test_three_months_ago_is_still_within_three_months(tmp_path: Path) -> None:
    shop = Shop()
    for account, last in ((1, date(2025, 9, 30)), (2, date(2025, 9, 29))):  # as-of 2025-12-31 less 3 months
        for step in range(5):
            shop.buy(account, last - timedelta(days=step), 30_000)
    assert labels(shop, tmp_path, rfm(shop, tmp_path), "rfm_absolute") == {1: "高价值", 2: "未匹配"}


def test_a_huge_order_cancelled_at_once_makes_nobody_recent_or_valuable(tmp_path: Path) -> None:
    shop = eight()
    order = shop.buy(8, ago(1), 168_469, product="BIG", quantity=80_995)
    shop.give_back(8, ago(1), 168_469, product="BIG", quantity=80_995, of=order)
    result = rfm(shop, tmp_path, **OWN)
    assert labels(shop, tmp_path, result)[8] == "一般挽留"


def test_a_return_after_the_as_of_changes_nothing(tmp_path: Path) -> None:
    shop = eight()
    before = rfm(shop, tmp_path, **OWN).table("classes").records()
    shop.give_back(1, AS_OF + timedelta(days=1), 100)
    assert rfm(shop, tmp_path, **OWN).table("classes").records() == before


def many(factor: int = 1) -> Shop:
    shop = Shop()
    for account in range(1, 121):
        for step in range(1 + account % 5):
            shop.buy(account, ago(3 + account * 2 + step * 17), (account * 37 % 91 + 5) * factor)
    return shop


def test_money_times_a_hundred_leaves_every_class(tmp_path: Path) -> None:
    plain, scaled = many(), many(100)
    first = labels(plain, tmp_path, rfm(plain, tmp_path))
    assert labels(scaled, tmp_path, rfm(scaled, tmp_path)) == first


def test_stability_agreement_and_border_are_shown_and_can_be_switched_off(tmp_path: Path) -> None:
    result = rfm(many(), tmp_path, Settings())
    stability = {row["dimension"]: row for row in result.table("stability")}
    assert set(stability) == {"R", "F", "M", "RFM"}
    assert 0.5 < stability["RFM"]["lowest"] <= stability["RFM"]["kept"] <= stability["R"]["kept"] <= 1
    assert {row["other"] for row in result.table("agreement")} == {"mean", "quintile", "absolute"}
    border = {row["dimension"]: row for row in result.table("border")}
    assert (
        max(border[n]["near"] for n in "RFM")
        <= border["RFM"]["near"]
        <= sum(border[n]["near"] for n in "RFM")
    )
    assert not rfm(many(), tmp_path, Settings(), stability=False).has("stability")


def test_few_customers_withhold_shares_and_averages_but_not_counts(tmp_path: Path) -> None:
    result = rfm(eight(), tmp_path, Settings())
    row = result.table("classes").records()[0]
    assert row["share"] is None
    assert row["avg_orders"] is None
    assert sum(r["customers"] for r in result.table("classes")) == 9
    assert result.claims == ()
    assert "withheld" in {note.kind for note in result.notes}


def test_money_at_risk_is_said_of_a_group_that_money_does_not_define(tmp_path: Path) -> None:
    result = rfm(many(), tmp_path, Settings())
    said = {claim.key: claim for claim in result.claims}
    risk = said["rfm/silent_regulars"]
    row = result.table("activity").find({"recency": "R-", "frequency": "F+"})
    assert row is not None
    assert risk.summary
    assert risk.money == float(row["net_revenue"])
    assert not any(claim.summary for key, claim in said.items() if key != "rfm/silent_regulars")


def test_automatic_renewals_are_not_segmented_unless_asked(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        for month in range(1, 13):
            shop.buy(account, date(2025, month, 15), 30)
    off = rfm(shop, tmp_path, kind="auto")
    assert len(off.table("classes").rows) == 0
    assert off.relations == ()
    assert len(rfm(shop, tmp_path, kind="auto", despite_renewal=True).table("classes").rows) == 9


@pytest.mark.parametrize("label", CLASS_SIDES)
def test_a_class_is_described_by_the_sides_that_define_it(label: str) -> None:
    """What a report says of a class is what the query asks: 10 is the cut of each; recent is few days."""
    high = CLASS_SIDES[label]
    facts = (
        f"SELECT {10 if high['R'] else 11} AS r, {10 if high['F'] else 9} AS f, {10 if high['M'] else 9} AS m"
    )
    query = EIGHT.replace("$cut_r", "10").replace("$cut_f", "10").replace("$cut_m", "10")
    assert duckdb.sql(f"SELECT {query} FROM ({facts})").fetchall() == [(label,)]
