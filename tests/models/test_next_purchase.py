"""The next purchase: ranking measures and neighbours by hand, chances judged, worth chosen, odd histories."""

from __future__ import annotations

from datetime import date, timedelta
from math import log, log2
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.evidence.statistics.grouped_calibration import (
    brier_lead,
    calibration_gap,
    grouped_bins,
    grouped_brier,
)
from keguan.evidence.statistics.grouped_logistic import grouped_logistic, shift
from keguan.evidence.statistics.ranking import ndcg_at, recall_at
from keguan.marts.item_neighbours import NEIGHBOURS, PRODUCT, bought_sql
from keguan.marts.scatter import SCATTERED
from keguan.models.next_purchase import ANALYSIS, run
from keguan.models.next_purchase.candidates import TESTED, Way, backtest_sql
from keguan.models.next_purchase.chances import SNAPSHOT_SQL, Scorer, base_chance, cell_chance, snapshot
from keguan.models.next_purchase.how_much import ERRORS_SQL, worth
from keguan.models.next_purchase.params import Params
from keguan.models.next_purchase.stages import bounds, kept_candidates, staged
from keguan.models.next_purchase.when import bounds as snapshot_bounds
from keguan.models.next_purchase.when import judged
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)
LIMITS = {"high": 0.5, "medium": 0.2, "low": 0.0}


def opened(shop: Shop, folder: Path, min_n: int = 30) -> PinnedInputs:
    return shop.inputs(folder, AS_OF, Settings(min_n=min_n))


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(opened(shop, folder, min_n), Params(**params))


def back(days: int) -> date:
    return AS_OF - timedelta(days=days)


# Measures and statistics


def test_recall_and_ndcg_by_hand() -> None:
    """covers: I1. Listed a b c, taken a c d: 2 of 3; (1 + 1/2) of (1 + 1/log2 3 + 1/2)."""
    listed, taken = ["a", "b", "c"], {"a", "c", "d"}
    assert recall_at(listed, taken, 3) == pytest.approx(2 / 3)
    assert recall_at(listed, taken, 1) == pytest.approx(1 / 3)
    assert ndcg_at(listed, taken, 3) == pytest.approx(1.5 / (1 + 1 / log2(3) + 0.5))
    assert ndcg_at(["a"], {"a", "b"}, 1) == 1.0
    assert recall_at([], {"a"}, 3) == ndcg_at([], {"a"}, 3) == 0.0
    assert recall_at(["a"], set(), 3) is ndcg_at(["a"], set(), 3) is None


def test_a_saturated_regression_is_the_log_odds_of_each_group() -> None:
    """30 of 100 and 80 of 100: intercept log(3/7), weight log(4) - log(3/7); a shift to 73 % of even odds."""
    rows, events = np.array([100.0, 100.0]), np.array([30.0, 80.0])
    model = grouped_logistic(np.array([[0.0], [1.0]]), rows, events, ridge=0.0)
    assert model is not None
    assert model.intercept == pytest.approx(log(3 / 7), abs=1e-6)
    assert model.weights[0] == pytest.approx(log(4) - log(3 / 7), abs=1e-6)
    assert shift(np.zeros(1), np.array([100.0]), np.array([73.0])) == pytest.approx(log(73 / 27), abs=1e-9)
    assert shift(np.zeros(1), np.array([9.0]), np.array([9.0])) is None
    assert grouped_logistic(np.array([[0.0], [1.0]]), rows, np.zeros(2)) is None
    constant = grouped_logistic(np.array([[5.0], [5.0]]), rows, events)  # a figure that tells nothing
    assert constant is not None
    assert constant.log_odds(np.array([[5.0]]))[0] == pytest.approx(log(110 / 90), abs=1e-6)


def test_brier_and_calibration_by_hand() -> None:
    """Chance .2 for 10 with 3 events, .6 for 10 with 6: (3 x .64 + 7 x .04 + 6 x .16 + 4 x .36) / 20 = .23."""
    chance, rows, events = np.array([0.6, 0.2]), np.array([10.0, 10.0]), np.array([6.0, 3.0])
    assert grouped_brier(chance, rows, events) == pytest.approx(0.23)
    bins = grouped_bins(chance, rows, events, bins=2)
    assert [(one.rows, one.observed) for one in bins] == [(10, pytest.approx(0.3)), (10, pytest.approx(0.6))]
    assert calibration_gap(bins) == pytest.approx(0.05)
    assert grouped_bins(chance, rows * 0, events * 0) == ()
    assert len(grouped_bins(np.array([0.2, 0.2]), rows, events)) == 1
    lead = brier_lead(chance, np.array([0.5, 0.5]), rows, events)  # .25 less .23, spread over 20
    assert (lead.low + lead.high) / 2 == pytest.approx(0.02)
    assert lead.low < 0 < lead.high


# When


def habits() -> Shop:
    """Eighty who buy each Monday-like tenth day, eighty who bought twice a year ago."""
    shop = Shop()
    for account in range(1, 81):
        for number in range(1, 40):
            if (account + number) % 5:
                shop.buy(account, back(10 * number - account % 10), 20)
    for account in range(101, 181):
        shop.buy(account, back(380 + account % 7), 20)
        shop.buy(account, back(330 - account % 5), 20)
    for account in range(201, 241):  # some come back after long
        shop.buy(account, back(400), 20)
        shop.buy(account, back(account - 200), 20)
        shop.buy(account, back(account - 150), 20)
    return shop


def test_figures_of_a_customer_and_whether_he_bought_after(tmp_path: Path) -> None:
    """covers: I1. Bought 100, 50 and 20 days before; the last fully returned; one purchase after the day."""
    shop, then = Shop(), back(30)
    for days in (100, 50):
        shop.buy(1, then - timedelta(days=days), 10)
    gone = shop.buy(1, then - timedelta(days=20), 10)
    shop.give_back(1, then - timedelta(days=10), 10, of=gone)
    shop.buy(1, then + timedelta(days=30), 10)
    shop.buy(2, then, 10)
    shop.buy(3, then + timedelta(days=1), 10)  # not yet a customer
    rows = opened(shop, tmp_path).query(SNAPSHOT_SQL, **snapshot_bounds(then, 30)).to_pylist()
    assert rows == [
        {"x": 1, "r": 0, "t": 0, "q": 1, "customers": 1, "bought": 0},
        {"x": 2, "r": 50, "t": 100, "q": 1, "customers": 1, "bought": 1},
    ]


def test_what_comes_after_the_day_changes_no_figure(tmp_path: Path) -> None:
    """The figures that a chance is made of know nothing of the days that they are judged on. trap: 10."""
    shop, then = habits(), back(30)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before = opened(shop, tmp_path / "a").query(SNAPSHOT_SQL, **snapshot_bounds(then, 30))
    for account in (1, 101, 105, 205):
        shop.buy(account, back(3), 9999)
    shop.give_back(1, back(2), 20)
    after = opened(shop, tmp_path / "b").query(SNAPSHOT_SQL, **snapshot_bounds(then, 30))
    assert snapshot(before).figures.tolist() == snapshot(after).figures.tolist()
    assert snapshot(before).bought.sum() < snapshot(after).bought.sum()


def test_a_cell_is_drawn_to_the_share_of_all(tmp_path: Path) -> None:
    """Forty of 240 in the cell, all bought: (40 + 10 x base) / 50."""
    shop = habits()
    learned = snapshot(opened(shop, tmp_path).query(SNAPSHOT_SQL, **snapshot_bounds(back(30), 30)))
    base, chance = base_chance(learned).base, cell_chance(learned)
    assert base == pytest.approx(learned.buyers / learned.total)
    old = np.array([[2.0, 320.0, 360.0, 0.0]])  # two purchases, nearly a year ago: nobody bought
    here = (learned.figures[:, 0] == 2) & (learned.figures[:, 1] >= 180) & (learned.figures[:, 1] < 365)
    size, bought = learned.customers[here].sum(), learned.bought[here].sum()
    assert size > 30
    assert chance.of(old)[0] == pytest.approx((bought + 10 * base) / (size + 10))


def test_habits_are_found_and_beat_the_share_of_all(tmp_path: Path) -> None:
    """covers: I1."""
    result = found(habits(), tmp_path)
    row = result.table("when").find({"horizon": 30})
    assert row is not None
    assert row["used"] in ("model", "cells")
    error = result.table("accuracy").find({"horizon": 30})
    assert error is not None
    assert min(error["brier_model"], error["brier_cells"]) < error["brier_base"] - 0.05
    assert row["low"] <= row["expected"] <= row["high"]
    levels = {level["level"]: level for level in result.table("levels")}
    assert levels["high"]["share"] > 0.8 > 0.2 > levels["low"]["share"]
    assert sum(level["customers"] for level in levels.values()) == 200
    (relation,) = result.relations
    assert relation.vocabulary == "chance_level"
    assert {claim.key for claim in result.claims} >= {
        "next_purchase/expected/30",
        "next_purchase/accuracy/30",
        "next_purchase/level/high",
    }
    assert not [fault for claim in result.claims for fault in faults(result, ANALYSIS, claim)]


def test_more_days_never_mean_a_smaller_chance(tmp_path: Path) -> None:
    inputs = opened(habits(), tmp_path)
    ways = tuple((f"p{days}", judged(inputs, days, LIMITS).chance) for days in (30, 7))  # the wrong way round
    batch = inputs.query("SELECT 1 AS account_no, 2 AS x, 9 AS r, 300 AS t, 1 AS q").to_batches()[0]
    made = Scorer(ways)(batch).to_pylist()[0]
    assert made["p7"] >= made["p30"]
    assert Scorer((("p7", None),))(batch).to_pylist() == [{"account_no": 1, "p7": None}]


# What


def test_the_order_of_a_sample_is_even_and_holds_for_great_account_numbers() -> None:
    """Every part of the numbers is in the first thousandth alike; a product of INTEGERs would overflow."""
    sql = f"""
SELECT CAST(floor(account_no / 200000) AS INTEGER) AS part, count(*) AS customers FROM (
  SELECT account_no, row_number() OVER (ORDER BY {SCATTERED}) AS place
  FROM (SELECT CAST(range AS INTEGER) AS account_no FROM range(1000000))) r
WHERE place <= 1000 GROUP BY part ORDER BY part"""
    assert all(abs(customers - 200) <= 10 for _, customers in duckdb.sql(sql).fetchall())
    (great,) = duckdb.sql(
        f"SELECT row_number() OVER (ORDER BY {SCATTERED}) FROM (SELECT CAST(2147483647 AS INTEGER) AS account_no)"
    ).fetchall()
    assert great == (1,)


def test_neighbours_by_hand(tmp_path: Path) -> None:
    """covers: I1. A with B for 4 customers of 5 and 4: 4 / (sqrt(20) + 10); C with A for one only: no neighbour."""
    shop = Shop()
    for account in range(1, 6):
        shop.buy(account, back(20), product="A")
        if account < 5:
            shop.buy(account, back(19), product="B")
    for account in (5, 6, 7):
        shop.buy(account, back(18), product="C")
    shop.buy(None, back(1), product="B")
    bound = bounds(AS_OF, AS_OF)
    sql = f"""WITH {bought_sql(PRODUCT)}, {NEIGHBOURS}
SELECT t.thing AS one, u.thing AS other, n.together, n.baskets, n.other_baskets, n.similarity
FROM neighbours n JOIN things t ON t.item = n.item JOIN things u ON u.item = n.other ORDER BY one"""
    wanted = round(1e6 * 4 / (20**0.5 + 10))
    (tmp_path / "capped").mkdir()
    assert opened(shop, tmp_path).query(sql, **bound).to_pylist() == [
        {"one": "A", "other": "B", "together": 4, "baskets": 5, "other_baskets": 4, "similarity": wanted},
        {"one": "B", "other": "A", "together": 4, "baskets": 4, "other_baskets": 5, "similarity": wanted},
    ]
    capped = opened(shop, tmp_path / "capped").query(sql, **{**bound, "basket": 1})
    assert capped.to_pylist() == []  # one thing a basket has no pairs


def test_the_query_measures_as_the_definition(tmp_path: Path) -> None:
    """By the own top, two listed: 1 bought B, C after A A B: hit at place 2; 2 bought A after A: hit at place 1."""
    shop, then = Shop(), back(10)
    for days, product in ((9, "A"), (8, "A"), (7, "B")):
        shop.buy(1, then - timedelta(days=days), product=product)
    for product in ("B", "C"):
        shop.buy(1, then + timedelta(days=1), product=product)
    shop.buy(2, then, product="A")
    shop.buy(2, then + timedelta(days=2), product="A")
    shop.buy(3, then + timedelta(days=2), product="A")  # new: not tested
    inputs = opened(shop, tmp_path)
    stages = staged(inputs, PRODUCT, then, AS_OF, categories=False)
    kept = kept_candidates(inputs, stages, TESTED, categories=False, sampled=100)
    sql = backtest_sql(stages.with_candidates(kept), [Way("personal", times=1)], "personal", 2)
    (row,) = inputs.query(sql, then=then, last=AS_OF, places=2).to_pylist()
    recall = recall_at(["A", "B"], {"B", "C"}, 2), recall_at(["A"], {"A"}, 2)
    ndcg = ndcg_at(["A", "B"], {"B", "C"}, 2), ndcg_at(["A"], {"A"}, 2)
    assert (row["customers"], row["hits"]) == (2, 2)
    assert row["recall"] / 1e6 == pytest.approx(sum(value or 0 for value in recall), abs=2e-6)
    assert row["ndcg"] / 1e6 == pytest.approx(sum(value or 0 for value in ndcg), abs=2e-6)
    assert row["recall_more"] == row["ndcg_squares"] == 0


def followers() -> Shop:
    """Who buys Ln buys Rn next, never again Ln: own top and global top know nothing of it."""
    shop = Shop()
    for account in range(1, 241):
        kind = account % 12
        day = back(account % 230 + 12)
        shop.buy(account, day, 20, product=f"L{kind}")
        shop.buy(account, day + timedelta(days=10), 20, product=f"R{kind}")
    return shop


def test_neighbours_beat_the_blend_where_they_tell_more(tmp_path: Path) -> None:
    """covers: I1."""
    result = found(followers(), tmp_path, test_days=30, k=3, min_n=10)
    rows = {row["way"]: row for row in result.table("what")}
    assert rows["model"]["used"] == "used"
    assert rows["model"]["recall"] > 0.9 > rows["blend"]["recall"]
    lead = result.table("leads").find({"kind": "product", "way": "model"})
    assert lead is not None
    assert lead["low"] > 0
    assert "ranking" in {claim.says for claim in result.claims}


def test_the_blend_is_used_where_it_is_not_beaten(tmp_path: Path) -> None:
    """Each buys one and the same product: nothing is left to beat. trap: 15."""
    shop = Shop()
    for account in range(1, 61):
        for number in range(1, 12):
            shop.buy(account, back(20 * number - account % 15), 20, product=f"P{account % 4}")
    result = found(shop, tmp_path)
    rows = {row["way"]: row for row in result.table("what")}
    assert (rows["blend"]["used"], rows["model"]["used"]) == ("used", "baseline")
    assert rows["blend"]["recall"] == 1.0
    claim = next(claim for claim in result.claims if claim.key == "next_purchase/what/product")
    assert claim.says == "baseline"


def test_a_new_product_of_a_category_bought_before_is_a_candidate(tmp_path: Path) -> None:
    """The category that a customer knows brings a product that nobody had with it."""
    shop = Shop()
    for account in range(1, 21):
        shop.buy(account, back(60), 20, product="tea" if account % 2 else "pan")
    for account in range(50, 54):
        shop.buy(account, back(31), 20, product="new tea")
    for account in range(1, 5):
        shop.buy(account, back(3), 20, product="unseen" if account == 1 else "new tea")
    shop.products = [
        {"product_id": product, "name": product, "category": category}
        for product, category in (("tea", "food / tea"), ("new tea", "food / tea"), ("pan", "kitchen / pans"),
                                  ("unseen", "other"))
    ]  # fmt: skip
    ways = [Way("blend", times=1), Way("kin", kin=1)]
    inputs = opened(shop, tmp_path)
    stages = staged(inputs, PRODUCT, back(30), AS_OF, categories=True)
    kept = kept_candidates(inputs, stages, TESTED, categories=True, sampled=100)
    sql = backtest_sql(stages.with_candidates(kept), ways, "blend", 1)
    rows = inputs.query(sql, then=back(30), last=AS_OF, places=1).to_pylist()
    hits = {row["way"]: row["hits"] for row in rows}
    assert hits == {"blend": 0, "kin": 1}  # 3 knew tea; 1 bought what nobody had seen, 2 and 4 knew pans


# How much


def test_the_worth_of_an_order_by_hand(tmp_path: Path) -> None:
    """Own means 10 and 40, mean of all 20; after: 12 and 30. k = 0: 2 and 10; k = 1: |40/3 - 12| and |100/3... - 30|."""
    shop, then = Shop(), back(30)
    for days in (5, 6):
        shop.buy(1, then - timedelta(days=days), 10)
    shop.buy(2, then - timedelta(days=5), 40)
    shop.buy(1, AS_OF, 12)
    shop.buy(2, AS_OF, 30)
    rows = opened(shop, tmp_path).query(ERRORS_SQL, then=then, last=AS_OF).to_pylist()
    gaps = {row["k"]: float(row["gap"]) for row in rows}
    assert {row["mean"] for row in rows} == {20.0}
    assert gaps[-1.0] == pytest.approx(8 + 10)
    assert gaps[0.0] == pytest.approx(2 + 10)
    assert gaps[1.0] == pytest.approx(abs(40 / 3 - 12) + abs(60 / 2 - 30), abs=1e-3)


def test_constant_amounts_leave_nothing_to_choose(tmp_path: Path) -> None:
    value = worth(opened(habits(), tmp_path), 60)
    assert value.used == "base"
    assert set(value.errors.values()) == {0}


# Odd histories


@pytest.mark.parametrize("case", ["one purchase each", "all new", "short", "losses"])
def test_odd_histories_say_what_is_missing(case: str, tmp_path: Path) -> None:
    """Nothing is predicted from nothing, and nothing fails."""
    shop = Shop()
    for account in range(1, 101):
        if case == "one purchase each":
            shop.buy(account, back(account * 4), 20)
        elif case == "all new":
            shop.buy(account, back(account % 3), 20)
        elif case == "short":
            shop.buy(account, back(9), 20)
            shop.buy(account, back(account % 5), 20)
        else:
            for number in range(6):
                shop.buy(account, back(30 * number + account % 30), 20, cost=50)
    result = found(shop, tmp_path)
    assert not [fault for claim in result.claims for fault in faults(result, ANALYSIS, claim)]
    used = {row["horizon"]: row["used"] for row in result.table("when")}
    assert set(used) == {7, 30, 90}
    if case != "losses":
        assert set(used.values()) == {"none"}
        assert "withheld" in {note.kind for note in result.notes}
        assert result.relations == ()


def test_few_customers_are_not_predicted(tmp_path: Path) -> None:
    """Five a group."""
    shop = Shop()
    for account in range(1, 6):
        for number in range(12):
            shop.buy(account, back(15 * number + account), 20)
    result = found(shop, tmp_path)
    assert {row["used"] for row in result.table("when")} == {"none"}
    assert not len(result.table("what").rows)
    assert result.claims == ()
