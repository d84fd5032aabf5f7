"""Migration by hand: one customer or group for each cause; moves held against the periods before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from keguan.analyses.migration import Params, run
from keguan.analyses.migration.usual import Cells, move_rows, period_row
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

AS_OF, THEN = date(2025, 6, 30), date(2025, 3, 31)


def one_of_each() -> Shop:
    """At the start: 22 customers silent for a day, one for 6, 22 for 211, one for 350: the cut of R is 108 days.
    The cut of M is 100 at both dates, only customer 46 is below; who bought twice is high in F."""
    shop = Shop()
    for account in (*range(1, 21), 46):  # by the end 92 days: only the cut moves past them
        shop.buy(account, date(2025, 3, 30), 100 if account < 46 else 50)
    for account in (*range(21, 41), 42, 44):
        shop.buy(account, date(2024, 9, 1), 100)
    shop.buy(42, date(2025, 6, 10), 100)
    shop.buy(41, date(2024, 9, 1), 100)  # the second order is returned after the first date
    second = shop.buy(41, date(2025, 3, 25), 100, product="X")
    shop.give_back(41, date(2025, 5, 1), 100, product="X", of=second)
    only = shop.buy(43, date(2025, 3, 30), 100, product="Y")
    shop.give_back(43, date(2025, 5, 5), 100, product="Y", of=only)
    shop.buy(45, date(2024, 4, 15), 100)  # leaves the window of 12 months
    for account in range(101, 145):  # newcomers pull the cut of R from 108 to 40 days
        shop.buy(account, date(2025, 5, 21), 50)
    return shop


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return run(one_of_each().inputs(tmp_path, AS_OF, Settings()), Params())


def cells(result: Result) -> dict[tuple[str, str], int]:
    return {(row["before"], row["now"]): row["customers"] for row in result.table("matrix")}


def test_every_customer_is_in_one_cell(result: Result) -> None:
    """covers: D9; trap: 13"""
    assert cells(result) == {
        ("重要发展", "重要挽留"): 20, ("一般发展", "一般挽留"): 1, ("重要发展", "消失"): 1, ("重要挽留", "重要挽留"): 21,
        ("重要挽留", "重要价值"): 1,
        ("重要价值", "重要挽留"): 1, ("重要挽留", "窗口内无订单"): 1, ("新增", "一般发展"): 44,
    }  # fmt: skip
    moved = result.table("matrix").find({"before": "重要挽留", "now": "重要挽留"})
    assert moved is None or moved["share"] is None  # 23 customers at the start: too few for a share


def test_every_move_has_one_cause_and_causes_add_up(result: Result) -> None:
    """covers: D9"""
    found = {
        (row["before"], row["now"], row["cause"]): row["customers"] for row in result.table("cell_causes")
    }
    assert found == {
        ("重要发展", "重要挽留", "cut"): 20,
        ("一般发展", "一般挽留", "cut"): 1,
        ("重要价值", "重要挽留", "returns"): 1,
        ("重要挽留", "重要价值", "RF"): 1,
        ("重要挽留", "窗口内无订单", "F_gone"): 1,
        ("重要发展", "消失", "vanished"): 1,
        ("重要挽留", "重要挽留", "unchanged"): 21,
        ("新增", "一般发展", "new"): 44,
    }
    causes = result.table("causes").records()
    matrix = result.table("matrix").records()
    for name in ("customers", "net_then", "net_now", "moved"):
        assert sum(row[name] for row in causes) == sum(row[name] for row in matrix)
    assert sum(row["customers"] for row in causes) == 46 + 44
    assert result.table("period").records()[0]["changed"] == 24


def test_the_money_that_moved(result: Result) -> None:
    row = result.table("matrix").find({"before": "重要价值", "now": "重要挽留"})
    assert row is not None
    assert (row["net_then"], row["net_now"], row["moved"]) == (200, 100, -100)
    total = sum(row["net_now"] for row in result.table("matrix"))
    assert total == 20 * 100 + 50 + 21 * 100 + 200 + 100 + 44 * 50


def test_classes_add_up(result: Result) -> None:
    for row in result.table("flows"):
        assert row["then"] == row["stayed"] + row["left_class"] + row["vanished"]
        assert row["now"] == row["stayed"] + row["arrived"] + row["newly"]


def test_the_class_at_the_start_knows_no_later_return(result: Result) -> None:
    """trap: 12; customer 41 was of key value at the start though the second order came back later."""
    assert cells(result)["重要价值", "重要挽留"] == 1


def test_other_segmentations_have_the_matrix_alone(tmp_path: Path) -> None:
    result = run(one_of_each().inputs(tmp_path, AS_OF, Settings()), Params(segmentation="abc_class"))
    assert not result.has("causes")
    assert sum(cells(result).values()) == 90
    assert any("只有 RFM" in note.says.zh for note in result.notes)


def test_own_distance_in_days(tmp_path: Path) -> None:
    result = run(one_of_each().inputs(tmp_path, AS_OF, Settings()), Params(days=10))
    assert result.table("period").records()[0]["then"] == date(2025, 6, 20)


def test_without_history_it_says_so(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 6, 1), 10)
    result = run(shop.inputs(tmp_path, AS_OF, Settings()), Params())
    assert [note.kind for note in result.notes] == ["missing"]
    assert not result.claims


def counted(left: int, stayed: int) -> Cells:
    return {("A", "B"): {"customers": left, "moved": -1}, ("A", "A"): {"customers": stayed, "moved": 0}}


def test_a_move_is_held_against_the_periods_before() -> None:
    """30 % now; twice 10, 12, 14 % before: t = 18 / (1.7889 sqrt(7/6)) = 9.3160 with 5 degrees of freedom."""
    before = [counted(1000, 9000), counted(1200, 8800), counted(1400, 8600)] * 2
    row = move_rows(counted(3000, 7000), before, 30)[0]
    assert (row["share"], row["usual"], row["periods"]) == (0.3, pytest.approx(0.12), 6)
    assert row["p"] == pytest.approx(2 * stats.t.sf(9.315964, 5), rel=1e-4)
    whole = period_row(counted(1300, 8700), before, 30)
    assert whole["p"] > 0.5
    assert whole["low"] < 0.13 < whole["high"]


def test_five_periods_tell_nothing_of_the_usual() -> None:
    before = [counted(1000, 9000), counted(1200, 8800)] * 2 + [counted(1100, 8900)]
    assert move_rows(counted(3000, 7000), before, 30) == []
    assert "p" not in period_row(counted(3000, 7000), before, 30)


def test_movement_is_compared_only_with_a_test(result: Result) -> None:
    said = {claim.key: claim for claim in result.claims}
    assert said["migration/moved"].says == "moved"
    assert said["migration/moved"].strength == "fact"
    assert all(not claim.summary for claim in said.values())  # money is part of what defines the classes


def test_a_quarter_unlike_the_others_is_told(tmp_path: Path) -> None:
    """Calm periods of 45 days, then most of the regulars stop at once. Of quarters there are too few to compare."""
    shop = Shop()
    for account in range(1, 201):
        for month in range(26 if account % 2 else 22):
            year, number = divmod(4 + month, 12)
            if (account * 7 + month * 3) % 5 < 3:
                shop.buy(
                    account, date(2023 + year, number + 1, 1 + (account * 5 + month * 11) % 28), 20 + account
                )
    inputs = shop.inputs(tmp_path, date(2025, 6, 30), Settings())
    quarters = run(inputs, Params())
    assert quarters.table("period").records()[0]["p"] is None
    assert any(note.kind == "withheld" and "少于 6" in note.says.zh for note in quarters.notes)
    result: Result = run(inputs, Params(days=45))
    period: dict[str, Any] = result.table("period").records()[0]
    assert period["periods"] == 6
    assert period["p"] is not None
    claim = next(item for item in result.claims if item.key == "migration/moved")
    assert claim.test is not None
    assert claim.says == ("moved_usual" if period["p"] > 0.05 else "moved_more")
