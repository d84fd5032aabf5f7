"""Probability of churn from orders: snapshots without what came later, back-test, baseline, lists.
covers: H2 H3 H4 I2 I5"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keguan.analyses.retention import ANALYSIS as RETENTION
from keguan.analyses.retention.params import Params as RetentionParams
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.core.text import LANGUAGES
from keguan.marts.snapshot_features import FEATURES, PLACES
from keguan.models.churn import ANALYSIS, orders
from keguan.models.churn.contract_rows import alone
from keguan.models.churn.design import Feature, learned
from keguan.models.churn.learners import fit
from keguan.models.churn.params import Params
from keguan.models.churn.scorer import arrays
from keguan.models.churn.snapshots import KNOWN, bound, leaking, past_rows, training_days
from keguan.report.wording import spans
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 20)
HORIZON = 60


def rhythm(customers: int = 600, seed: int = 11, until: date = AS_OF) -> Shop:
    """Customers with rhythms of their own who one day stop: silence against the rhythm tells who has."""
    shop, rng = Shop(), random.Random(seed)
    for account in range(1, customers + 1):
        gap, day = rng.choice([4, 45]), date(2024, 3, 1) + timedelta(days=rng.randrange(400))
        while day <= until:
            order = f"O{len(shop.orders):06d}"
            shop._order(order, account, day, 12, "官网", "四川")
            shop._line(
                order,
                account,
                day,
                "P1",
                1,
                rng.randrange(10, 90),
                "purchase",
                None,
                "product",
                "官网",
                "四川",
            )
            shop.lines[-1]["opens_order"] = 1
            if rng.random() < 0.05:
                break
            day += timedelta(days=max(1, round(rng.expovariate(1 / gap))))
        shop.customers.append({"customer_id": f"K{account}", "account_no": account, "source": "crm", "kind": "person",
                               "owner": ("王芳", "李强")[account % 2], "branch": "东区"})  # fmt: skip
    return shop


def found(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> Result:
    folder.mkdir(exist_ok=True)
    return ANALYSIS.run(shop.inputs(folder, as_of), Params(**{"horizon_days": HORIZON, **params}))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> PinnedInputs:
    return rhythm().inputs(tmp_path_factory.mktemp("rhythm"), AS_OF)


@pytest.fixture(scope="module")
def result(opened: PinnedInputs) -> Result:
    return ANALYSIS.run(opened, Params(horizon_days=HORIZON))


def test_features_by_hand(tmp_path: Path) -> None:
    """As of 1 June, horizon 60 days (from 3 April on): orders 1 Jan, 20 March, 11 April, 21 May; 30 back on 25 May."""
    shop = Shop()
    for day, amount in (
        (date(2025, 1, 1), 50),
        (date(2025, 3, 20), 40),
        (date(2025, 4, 11), 60),
        (date(2025, 5, 21), 100),
    ):
        last = shop.buy(7, day, amount, quantity=2)
    shop.give_back(7, date(2025, 5, 25), 30, quantity=1, of=last)
    shop.buy(7, date(2025, 6, 5), 500)
    shop.buy(8, date(2025, 4, 2), 10)  # 60 days before: not in the base
    shop.add("feedback", feedback_id="F1", account_no=7, kind="complaint", raised_at=datetime(2025, 5, 22, 9))
    shop.add("feedback", feedback_id="F2", account_no=7, kind="complaint", raised_at=datetime(2025, 6, 2, 9))
    rows = shop.inputs(tmp_path, AS_OF).query(FEATURES, **bound(date(2025, 6, 1), 60, 12)).to_pylist()
    assert len(rows) == 1
    assert rows[0] | {"money": 0} == {
        "account_no": 7, "item": 1, "recency_days": 11, "tenure_days": 151, "order_days": 4, "orders_horizon": 2,
        "orders_before": 1, "orders_lately": 1, "net_horizon": Decimal(130), "net_before": Decimal(40),
        "own_gap": 140 / 3, "silence_ratio": 33 / 140, "return_share": 30 / 160, "complaints": 1, "money": 0,
    }  # fmt: skip
    assert rows[0]["money"] == Decimal(220)


def test_base_and_rate_are_those_of_retention(opened: PinnedInputs, result: Result) -> None:
    """One definition of churn: the tested day is the start of retention's last period."""
    periods = RETENTION.run(opened, RetentionParams(horizon_days=HORIZON)).table("periods").records()
    row = result.table("backtest").records()[0]
    assert (row["rows"], row["events"]) == (periods[-1]["base"], periods[-1]["lost"])


def test_training_days_end_before_the_tested_day_begins() -> None:
    days = training_days(AS_OF, 60, 400)
    assert days[0] == AS_OF - timedelta(days=120)  # its outcome is complete on the tested day
    assert days == tuple(days[0] - timedelta(days=30 * place) for place in range(4))
    assert training_days(AS_OF, 60, 180) == (AS_OF - timedelta(days=120),)
    assert training_days(AS_OF, 60, 179) == ()


def test_the_model_beats_the_recency_rule_on_the_later_day(result: Result) -> None:
    by = {row["learner"]: row for row in result.table("backtest")}
    used = next(row for row in by.values() if row["used"])
    assert used["learner"] != "rule"
    assert used["auc"] > by["rule"]["auc"]
    assert used["gain_low"] > 0
    assert used["auc_low"] < used["auc"] < used["auc_high"]
    assert used["ece"] < 0.1
    drivers = [row["driver"] for row in result.table("drivers")]
    assert "silence_ratio" in drivers[:2]


def test_a_feature_that_knows_what_came_later_is_found_and_left_out(
    opened: PinnedInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """covers: I5. Planted: orders counted without the day of the snapshot, and complaints likewise."""
    day = AS_OF - timedelta(days=2 * HORIZON)
    asked, names = bound(day, HORIZON, 12), [item.name for item in KNOWN]
    compared, differing = leaking(opened, day, asked, names)
    assert compared > 100
    assert set(differing.values()) == {0}
    planted = FEATURES.replace(
        "coalesce(c.complaints, 0) AS complaints",
        "(SELECT sum(orders) FROM purchases p WHERE p.account_no = f.account_no AND p.day > $since) AS complaints",
    )
    assert planted != FEATURES
    _, differing = leaking(opened, day, asked, names, planted)
    assert {name for name, count in differing.items() if count} == {"complaints"}

    real = orders.leaking
    monkeypatch.setattr(orders, "leaking", lambda *given: real(*given, planted))
    result = ANALYSIS.run(opened, Params(horizon_days=HORIZON))
    row = result.table("leaks").find({"feature": "complaints"})
    assert row is not None
    assert row["differing"] > 0
    assert "complaints" not in {row["driver"] for row in result.table("drivers")}
    assert [note.kind for note in result.notes if "complaints" in note.says.en] == ["warning"]


def test_a_leaking_feature_would_have_padded_the_back_test(opened: PinnedInputs) -> None:
    """What the check is for: the planted column alone tells the past nearly without error, and nothing on a day cut
    there, where it is the same for everybody who has not ordered since."""
    day = AS_OF - timedelta(days=HORIZON)
    planted = FEATURES.replace(
        "coalesce(c.complaints, 0) AS complaints",
        "coalesce((SELECT sum(orders) FROM purchases p WHERE p.account_no = f.account_no AND p.day > $snapshot), 0)"
        " AS complaints",
    )
    asked, wanted = bound(day, HORIZON, 12), f"SELECT * FROM ({planted}) f ORDER BY account_no"
    later = past_rows(opened, (day,), HORIZON, 12, PLACES)
    feature = Feature("complaints", sign=-1)
    padded = alone(feature, arrays(opened.query(wanted, **asked)), later.events)
    honest = alone(feature, arrays(opened.at(day).query(wanted, **asked)), later.events)
    assert (padded, honest) == (1.0, 0.5)
    assert 0.6 < alone(Feature("recency_days"), later.columns, later.events) < 0.95


def test_a_workspace_cut_at_the_day_gives_the_same_result(tmp_path: Path) -> None:
    """trap: as-of. Nothing that is dated later counts, returns and complaints included."""
    day = AS_OF - timedelta(days=40)
    whole, cut = rhythm(200), rhythm(200)
    for account in (3, 5):
        whole.give_back(account, AS_OF, 10)
        whole.add("feedback", feedback_id=f"F{account}", account_no=account, kind="complaint",
                  raised_at=datetime(2025, 6, 19, 9))  # fmt: skip
    cut.lines = [row for row in cut.lines if row["day"] <= day]
    kept = {row["order_id"] for row in cut.lines}
    cut.orders = [row for row in cut.orders if row["order_id"] in kept]
    first, second = found(whole, tmp_path / "a", day), found(cut, tmp_path / "b", day)
    assert first.tables
    for table in first.tables:
        assert table.records() == second.table(table.id).records(), table.id


def test_days_beyond_the_as_of_are_refused(opened: PinnedInputs) -> None:
    with pytest.raises(ValueError, match="after"):
        opened.at(AS_OF + timedelta(days=1))


def test_more_silence_never_means_less_churn() -> None:
    """Monotone constraints hold in trees and regression, whatever the noise."""
    rng = np.random.default_rng(3)
    recency, frequency = rng.integers(0, 60, 3000), rng.integers(1, 20, 3000)
    events = rng.random(3000) < 0.3 + 0.3 * (recency > 20) - 0.2 * (
        recency > 45
    )  # noise against sense beyond 45
    columns = {"recency_days": recency.astype(float), "orders_horizon": frequency.astype(float)}
    model = fit(
        "lightgbm", (Feature("recency_days", sign=1), Feature("orders_horizon", sign=-1)), columns, events
    )
    assert model is not None
    line = {"recency_days": np.arange(60.0), "orders_horizon": np.full(60, 5.0)}
    assert (np.diff(model.probability(line)) >= -1e-12).all()
    parts = model.contributions(line)
    assert parts.shape == (60, 2)
    odds = np.log(model.raw(line) / (1 - model.raw(line)))
    assert np.diff(odds) == pytest.approx(
        np.diff(parts.sum(axis=1)), abs=1e-9
    )  # parts add up to the log odds


def test_unseen_categories_and_missing_numbers_are_scored() -> None:
    rng = np.random.default_rng(2)
    words = np.array(["甲", "乙", "丙"], dtype=object)[rng.integers(0, 3, 900)]
    amounts = rng.random(900) * 50
    design = learned(
        (Feature("plan", "category"), Feature("amount", "money")), {"plan": words, "amount": amounts}
    )
    new = {"plan": np.array(["丁", None, "甲"], dtype=object), "amount": np.array([np.nan, 1.0, 2.0])}
    assert design.plain(new)[:2, :3].sum() == 0
    assert not np.isnan(design.straight(new)).any()
    model = fit("lightgbm", (Feature("plan", "category"), Feature("amount", "money")),
                {"plan": words, "amount": amounts}, (words == "甲") & (rng.random(900) < 0.8))  # fmt: skip
    assert model is not None
    assert np.isfinite(model.probability(new)).all()


def test_lists_levels_and_relation_agree(opened: PinnedInputs, result: Result) -> None:
    """covers: H2 H4"""
    levels = {row["label"]: row for row in result.table("levels")}
    relation = result.relations[0]
    rows = opened.query(relation.sql, **dict(relation.params)).to_pylist()
    assert relation.id == "churn"
    for label, row in levels.items():
        own = [item for item in rows if item["label"] == label]
        assert len(own) == row["customers"]
        assert sum(float(item["score"]) for item in own) == pytest.approx(row["leavers"], abs=0.051)
    listed = result.table("list").records()
    assert [row["expected"] for row in listed] == sorted((row["expected"] for row in listed), reverse=True)
    assert {row["label"] for row in listed} <= {"高", "中"}
    for row in listed:
        assert row["owner"] == ("王芳", "李强")[int(row["account"]) % 2]
        assert float(row["expected"]) == pytest.approx(float(row["money"]) * row["probability"], rel=1e-4)
    owners = result.table("owners").records()
    assert sum(row["high"] for row in owners) == levels["高"]["customers"]


def test_win_back_is_ranked_by_money_beside_the_natural_return_rate(tmp_path: Path) -> None:
    """covers: H4. The rate is retention's curve at the horizon; the words say that nothing shows it can be saved."""
    shop = rhythm()
    shop.buy(901, date(2025, 1, 10), 9000)
    shop.buy(901, date(2023, 12, 1), 5000)  # more than twelve months before the last order
    shop.buy(902, date(2025, 4, 30), 9500)  # silent for less than the horizon
    result = found(shop, tmp_path)
    first = result.table("win_back").records()[0]
    assert (first["account"], first["money"], first["silent_days"]) == ("901", 9000, 161)
    assert "未证实可挽回" in result.table("win_back").column("money").label.zh
    natural = result.table("natural").records()[0]
    assert natural["silent_days"] == HORIZON
    assert natural["share"] == pytest.approx(natural["returned"] / natural["silent"], abs=1e-6)
    assert any(claim.says == "natural" for claim in result.claims)


def test_other_costs_in_one_session_give_other_levels(opened: PinnedInputs, result: Result) -> None:
    """The views of two ways to score stand side by side."""
    careful = ANALYSIS.run(opened, Params(horizon_days=HORIZON, high_miss_cost=4.0, medium_miss_cost=9.0))
    before = {row["label"]: row["customers"] for row in result.table("levels")}
    after = {row["label"]: row["customers"] for row in careful.table("levels")}
    assert after["高"] > before["高"]
    assert sum(after.values()) == sum(before.values())


def test_stated_reasons_stand_beside(tmp_path: Path) -> None:
    """covers: H3"""
    shop = rhythm()
    for account in range(1, 600, 4):
        shop.add("feedback", feedback_id=f"F{account}", account_no=account, kind="survey", survey_id="离店",
                 reason="价格高" if account % 3 else "搬家", raised_at=datetime(2025, 6, 1, 9))  # fmt: skip
    stated = found(shop, tmp_path).table("stated").records()
    assert {row["reason"] for row in stated} == {"价格高", "搬家"}


def test_sentences_stand_in_both_languages(result: Result) -> None:
    said = {claim.says for claim in result.claims}
    assert said >= {"quality", "gain", "risk_orders", "customer_3", "driver", "natural"}
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
        for language in LANGUAGES:
            text = "".join(part.text for part in spans(result, claim, ANALYSIS.text[claim.says], language))
            assert "{" not in text


def kinds(result: Result) -> list[str]:
    return [note.kind for note in result.notes]


def test_without_a_horizon_the_user_is_asked_for_one(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 60):
        for month in range(1, 7):
            shop.buy(account, date(2025, month, 1 + account % 20), 10)
    result = found(shop, tmp_path, horizon_days=0)
    assert result.tables == ()
    assert kinds(result) in (["withheld"], ["missing"])
    assert "horizon_days" in result.notes[0].says.en


def test_one_purchase_each_has_nobody_who_stays(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 300):
        shop.buy(account, date(2024, 6, 1) + timedelta(days=account), 10)
    result = found(shop, tmp_path)
    assert {table.id for table in result.tables} <= {"win_back", "natural"}
    assert kinds(result) == ["withheld"]


def test_a_history_shorter_than_three_horizons_and_all_new_customers(tmp_path: Path) -> None:
    short = found(rhythm(80), tmp_path / "a", horizon_days=300)
    assert kinds(short) == ["withheld"]
    assert "300" in short.notes[0].says.zh
    new = Shop()
    for account in range(1, 80):
        new.buy(account, AS_OF - timedelta(days=account % 9), 10)
        new.buy(account, AS_OF, 10)
    assert kinds(found(new, tmp_path / "b")) == ["withheld"]


def test_five_customers_and_nobody(tmp_path: Path) -> None:
    assert kinds(found(rhythm(5), tmp_path / "a")) == ["withheld"]
    assert kinds(found(Shop(), tmp_path / "b")) == ["missing"]


def test_constant_amounts_and_losses_change_nothing_but_the_money(tmp_path: Path) -> None:
    """Constant amounts leave counts and days; a customer who returns more than was bought has no money at risk."""
    shop = rhythm(300)
    for line in shop.lines:
        line["amount"] = line["unit_price"] = Decimal(10)
        line["cost"] = Decimal(14)
    account = shop.lines[-1]["account_no"]
    for _ in range(30):
        shop.give_back(account, AS_OF, 10)
    result = found(shop, tmp_path)
    assert result.has("levels")
    assert all(row["money"] >= 0 for row in result.table("list"))
    assert all(row["money"] >= 0 for row in result.table("levels"))


def test_money_in_another_unit_gives_the_same_probabilities(tmp_path: Path) -> None:
    shop = rhythm(300)
    for line in shop.lines:
        line["amount"] = line["amount"] * 100
    plain, scaled = found(rhythm(300), tmp_path / "a"), found(shop, tmp_path / "b")
    for here, there in zip(plain.table("backtest"), scaled.table("backtest"), strict=True):
        assert here == there
    assert [row["customers"] for row in plain.table("levels")] == [
        row["customers"] for row in scaled.table("levels")
    ]
