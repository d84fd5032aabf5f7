"""Whom to contact: simulated customers whose truth is known, what cannot have been known before, campaigns of a shop.

covers: J8
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.app.result_rows import arrow
from keguan.models import uplift
from keguan.models.uplift.asked import Asked
from keguan.models.uplift.design import Feature, learned
from keguan.models.uplift.held_out import MODEL, RULE, Stakes, Trial, final_model, settled
from keguan.models.uplift.leaks import judged
from keguan.models.uplift.learners import LEARNERS, Coded, learn
from keguan.models.uplift.params import Params
from keguan.models.uplift.rule import best_rule
from keguan.models.uplift.story import Told, told
from keguan.result import Table
from shop import Shop

AGE, CITY, NOISE = Feature("age"), Feature("city", "text"), Feature("noise")


def make(id: str, title: Any, columns: Any, key: Any, rows: Any) -> Table:
    return Table(id, title, tuple(columns), arrow(rows, columns), key, method="test")


def asked(kind: Any = "share", planned: float | None = None) -> Asked:
    return Asked("mail", "none", kind, make, 30, planned)


def simulated(n: int, seed: int = 3, *, truth: str = "two", e: float = 0.5) -> tuple[Trial, Any]:
    """Customers, and the true effect on each: by two variables, by one, on nobody differently, or with sleeping dogs."""
    rng = np.random.default_rng(seed)
    age, noise = rng.normal(size=n), rng.normal(size=n)
    city = rng.choice(np.array(["A", "B", "C"], dtype=object), n)
    effects = {
        "two": 0.15 * ((age > 0) & (city != "C")) + 0.1 * np.clip(age, 0, 2),
        "one": 0.3 * (city == "A"),
        "none": np.full(n, 0.05),
        "dogs": np.where(city == "A", -0.2, 0.2),
    }
    effect = effects[truth]
    treated = rng.random(n) < e
    outcome = (rng.random(n) < 0.3 + 0.05 * (city == "B") + effect * treated).astype(float)
    columns = {"age": age, "city": city, "noise": noise}
    rows = settled((AGE, CITY, NOISE), {**columns, "effect": effect}, treated, outcome)
    order = np.lexsort((age, city.astype(str), noise, outcome, treated))
    assert np.array_equal(rows.treated, treated[order])
    return rows, effect[order]


def story(trial: Trial, stakes: Stakes | None = None, seed: int = 1, **options: Any) -> Told:
    found = judged(trial.features, trial.columns, trial.treated, trial.outcome)
    return told(trial, found, stakes or Stakes(), seed, asked(**options))


def rows_of(told: Told, table: str) -> dict[Any, dict[str, Any]]:
    found = told.result.table(table)
    return {tuple(row[name] for name in found.key): row for row in found.records()}


@pytest.mark.parametrize("name", LEARNERS)
@pytest.mark.parametrize("e", [0.5, 0.2])
def test_each_learner_finds_the_true_effects(name: str, e: float) -> None:
    trial, effect = simulated(12_000, e=e)
    design = learned(trial.features, trial.columns)
    known = Coded(
        design,
        design.plain(trial.columns),
        design.straight(trial.columns),
        trial.treated,
        trial.outcome,
    )
    scores = learn(known, e)[name].score(trial.columns)
    assert np.corrcoef(scores, effect)[0, 1] > 0.6
    assert scores.mean() == pytest.approx(effect.mean(), abs=0.05)


def test_a_model_of_two_variables_beats_the_rule_on_one() -> None:
    """The true gain of the first 30 % is that of the 30 % with the largest true effect, less what cannot be learned."""
    trial, effect = simulated(12_000)
    made = story(trial)
    row = rows_of(made, "held_out")[(MODEL,)]
    best = np.sort(effect)[-len(effect) * 3 // 10 :].mean()
    assert best - 0.06 < row["uplift"] < best + 0.05
    assert row["gain_low"] > 0
    assert row["over_rule_low"] > 0
    assert made.used == MODEL
    assert "model_over" in {claim.says for claim in made.result.claims}
    for claim in made.result.claims:
        assert faults(made.result, uplift.ANALYSIS, claim) == ()


def test_the_figures_are_those_of_an_independent_computation() -> None:
    """Uplift of the first 30 % and Qini of the rule's ranking on each half, from the rows themselves."""
    trial, _ = simulated(3000, truth="one")
    made = story(trial)
    assert made.held is not None
    tops, areas = [], []
    for half in made.held.halves:
        assert half.rule is not None
        columns = {name: values[half.rows] for name, values in trial.columns.items()}
        arm, outcome = trial.treated[half.rows], trial.outcome[half.rows]
        inside = columns["city"] == "A"
        assert str(half.rule) == "city == A"
        parts = [outcome[part & arm].mean() - outcome[part & ~arm].mean() for part in (inside, ~inside)]
        share, whole = inside.mean(), outcome[arm].mean() - outcome[~arm].mean()
        assert share > 0.3
        tops.append(parts[0])
        areas.append(np.trapezoid([0, share * parts[0], whole], [0, share, 1]) - whole / 2)
    row = rows_of(made, "held_out")[(RULE,)]
    assert row["uplift"] == pytest.approx(np.mean(tops), abs=1e-6)
    assert row["qini"] == pytest.approx(np.mean(areas), abs=1e-6)
    assert rows_of(made, "rules")[("city == A",)]["chosen"] == 20
    assert made.used == RULE
    assert "rule_enough" in {claim.says for claim in made.result.claims}


def test_sleeping_dogs_are_told_only_where_the_interval_says_so() -> None:
    made = story(simulated(6000, truth="dogs")[0])
    rows = rows_of(made, "whom")
    assert rows[("do_not_contact",)]["share"] == pytest.approx(1 / 3, abs=0.07)
    assert rows[("contact",)]["share"] == pytest.approx(2 / 3, abs=0.07)
    for row in made.bands:
        if row["verdict"] == "do_not_contact":
            assert row["uplift_high"] < 0  # type: ignore[operator]
        if row["verdict"] == "contact":
            assert row["uplift_low"] > 0  # type: ignore[operator]


def test_where_all_are_alike_nothing_beats_chance_and_it_is_said() -> None:
    made = story(simulated(4000, truth="none")[0])
    row = rows_of(made, "held_out")[(MODEL,)]
    assert row["gain_low"] < 0 < row["gain_high"]
    assert row["qini_low"] < 0 < row["qini_high"]
    assert made.used is None
    assert any("没有胜过随机" in note.says.zh for note in made.result.notes)
    assert "whom" not in {table.id for table in made.result.tables}


def test_the_depth_is_the_one_that_pays() -> None:
    """An effect of .3 on a third pays a contact of 10 at a margin of 100, the effect of 0 on the others does not."""
    trial, _ = simulated(6000, truth="one")
    made = story(trial, Stakes(margin=100.0, cost=10.0))
    rows = rows_of(made, "policies")
    assert rows[(RULE,)]["depth"] == pytest.approx(1 / 3, abs=0.08)
    assert rows[(RULE,)]["profit"] == pytest.approx((0.3 * 100 - 10) / 3, abs=2.5)
    assert rows[("everybody",)]["profit"] == pytest.approx(0.3 * 100 / 3 - 10, abs=3)
    assert rows[("everybody",)]["over_low"] > 0
    dear = story(trial, Stakes(margin=1.0, cost=50.0))
    assert rows_of(dear, "policies")[(MODEL,)]["depth"] == 0
    assert rows_of(dear, "policies")[(MODEL,)]["profit"] == 0


def test_rows_in_another_order_give_the_same() -> None:
    trial, _ = simulated(1200)
    mixed = np.random.default_rng(1).permutation(len(trial))
    columns = {name: values[mixed] for name, values in trial.columns.items()}
    other = settled(trial.features, columns, trial.treated[mixed], trial.outcome[mixed])
    assert [t.records() for t in story(trial).result.tables] == [
        t.records() for t in story(other).result.tables
    ]


def test_what_knows_the_outcome_or_the_arm_is_no_feature() -> None:
    rng = np.random.default_rng(2)
    n = 4000
    treated = rng.random(n) < 0.5
    visit = (rng.random(n) < 0.15 + 0.1 * treated).astype(float)
    spend = np.where((visit == 1) & (rng.random(n) < 0.1), rng.random(n) * 50, 0)
    columns = {
        "visit": visit, "bought": (spend > 0).astype(float), "spend": spend, "age": rng.normal(size=n),
        "same": np.ones(n), "clicks": rng.poisson(0.2 + treated).astype(float),
        "id": np.array([f"K{place}" for place in range(n)], dtype=object),
        "gaps": np.where(rng.random(n) < 0.2, np.nan, rng.random(n)),
    }  # fmt: skip
    features = [Feature(name, "text" if name == "id" else "number") for name in columns]

    def verdicts(outcome: Any) -> dict[str, str]:
        return {i.feature.name: i.verdict for i in judged(features, columns, treated, outcome)}

    of_visit, of_spend = verdicts(visit), verdicts(spend)
    assert of_visit == {
        "visit": "knows_outcome", "bought": "knows_outcome", "spend": "knows_outcome", "age": "used", "same": "constant",
        "clicks": "unbalanced", "id": "too_many_values", "gaps": "used",
    }  # fmt: skip
    assert of_spend["bought"] == of_spend["visit"] == "knows_outcome"


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("few", "少于 200"),
        ("same", "结果都相同"),
        ("rare", "少于 40"),
        ("nothing known", "没有可用的事前特征"),
    ],
)
def test_too_little_to_learn_from_gives_the_average_and_says_why(case: str, words: str) -> None:
    n = 30 if case == "few" else 1000
    trial, _ = simulated(n)
    outcome = trial.outcome
    if case == "same":
        outcome = np.zeros(n)
    if case == "rare":
        outcome = (np.arange(n) % 40 == 0).astype(float)
    features = () if case == "nothing known" else trial.features
    made = story(Trial(features, trial.columns, trial.treated, outcome))
    assert made.used is None
    assert "effect" in {table.id for table in made.result.tables}
    assert "held_out" not in {table.id for table in made.result.tables}
    assert any(words in note.says.zh for note in made.result.notes)


def test_a_split_that_was_not_planned_gives_no_effect() -> None:
    trial, _ = simulated(2000, e=0.4)
    made = story(trial, planned=0.5)
    assert {table.id for table in made.result.tables} == {"arms", "features"}
    assert made.result.claims == ()


def test_a_mean_that_is_negative_and_missing_values_do_no_harm() -> None:
    rng = np.random.default_rng(9)
    n = 1500
    treated = rng.random(n) < 0.5
    known = np.where(rng.random(n) < 0.3, np.nan, rng.normal(size=n))
    outcome = rng.normal(-20, 5, n) + 4 * treated * (np.nan_to_num(known) > 0)
    trial = settled((AGE, NOISE), {"age": known, "noise": np.full(n, 7.0)}, treated, outcome)
    made = story(trial, kind="number")
    row = rows_of(made, "held_out")[(MODEL,)]
    assert row["gain_low"] > 0
    assert rows_of(made, "effect")[("mail",)]["control_mean"] < 0


def test_the_best_rule_is_the_one_with_the_largest_triangle() -> None:
    trial, _ = simulated(5000, truth="one")
    rule = best_rule(trial.features, trial.columns, trial.treated, trial.outcome)
    assert str(rule) == "city == A"
    dogs, _ = simulated(5000, truth="dogs")
    assert str(best_rule(dogs.features, dogs.columns, dogs.treated, dogs.outcome)) == "city != A"
    few, _ = simulated(40)
    assert best_rule(few.features, few.columns, few.treated, few.outcome) is None


def opened(shop: Shop, folder: Path, day: date = date(2025, 6, 30)) -> PinnedInputs:
    folder.mkdir(parents=True, exist_ok=True)
    return shop.inputs(folder, day)


def members(control: str = "对照", scale: int = 1) -> Shop:
    """A campaign of 900 members: those who bought twice before buy because of it, the others do not care."""
    shop, rng = Shop(), random.Random(5)
    shop.add(
        "campaigns", campaign_id="M1", name="三月短信", starts_on=date(2025, 3, 1), ends_on=date(2025, 3, 10)
    )
    for account in range(1, 901):
        often = account % 2
        for back in range(1 + 2 * often):
            shop.buy(
                account,
                date(2025, 2, 1) - timedelta(days=rng.randrange(200) + back),
                scale * rng.randrange(20, 90),
            )
        arm = rng.choice(("短信", control))
        shop.add(
            "campaign_members",
            campaign_id="M1",
            account_no=account,
            arm=arm,
            assigned_at=datetime(2025, 2, 25),
        )
        if rng.random() < 0.15 + (0.4 if often and arm == "短信" else 0):
            shop.buy(account, date(2025, 3, 5), 50 * scale)
    return shop


def test_a_campaign_is_learned_from_and_today_s_customers_get_advice(tmp_path: Path) -> None:
    inputs = opened(members(), tmp_path)
    result = uplift.run(inputs, Params())
    rows = {row["ranking"]: row for row in result.table("held_out").records()}
    assert rows[MODEL]["gain_low"] > 0
    assert [row["n"] for row in result.table("arms").records()] == pytest.approx([450, 450], abs=50)
    (relation,) = result.relations
    found = inputs.query(relation.sql).to_pylist()
    assert len(found) == 900
    often = [row["label"] for row in found if row["account_no"] % 2]
    seldom = [row["label"] for row in found if not row["account_no"] % 2]
    assert often.count("contact") > 0.5 * len(often)
    assert seldom.count("contact") < 0.1 * len(seldom)
    today = {row["label"]: row["customers"] for row in result.table("today").records()}
    assert sum(today.values()) == 900
    for claim in result.claims:
        assert faults(result, uplift.ANALYSIS, claim) == (), claim.key


def test_orders_of_the_window_are_not_known_before_it(tmp_path: Path) -> None:
    """trap: features end on the day before the campaign."""
    inputs = opened(members(), tmp_path)
    result = uplift.run(inputs, Params())
    assert all(row["verdict"] in ("used", "constant") for row in result.table("features").records())
    early = opened(members(), tmp_path / "early", date(2025, 3, 20))
    assert "没有窗口已满" in uplift.run(early, Params()).notes[0].says.zh


def test_other_money_gives_the_same_advice(tmp_path: Path) -> None:
    one, other = (
        uplift.run(opened(members(scale=scale), tmp_path / str(scale)), Params()) for scale in (1, 100)
    )
    for table in ("held_out", "bands", "whom", "today"):
        assert one.table(table).records() == other.table(table).records()


def test_spend_is_an_outcome_too_and_a_control_may_have_another_name(tmp_path: Path) -> None:
    inputs = opened(members("甲"), tmp_path)
    assert uplift.run(inputs, Params()).tables == ()
    result = uplift.run(inputs, Params(metric="spend", control="甲", margin=0.4, contact_cost=1.0))
    assert result.table("held_out").column("uplift").unit == "money"
    assert {row["ranking"] for row in result.table("policies").records()} == {MODEL, RULE, "everybody"}


def test_the_scorer_travels_and_says_the_same_by_batches(tmp_path: Path) -> None:
    import pickle

    from keguan.models.uplift.scorer import Scorer, columns_of

    trial, _ = simulated(6000)
    made = story(trial)
    assert made.held is not None
    model = final_model(trial, made.held)
    assert model is not None
    scorer = Scorer(model, (0.2, 0.1), ("contact", "cannot_tell", "do_not_contact"), trial.features)
    rows = pa.table(
        {"account_no": pa.array(range(50), pa.int32()), "age": np.linspace(-2, 2, 50), "city": ["A", None] * 25,
         "noise": [None] * 50}
    )  # fmt: skip
    rows = rows.set_column(3, "noise", pa.nulls(50, pa.float64()))
    batch = rows.to_batches()[0]
    travelled = pickle.loads(pickle.dumps(scorer))
    assert travelled(batch).equals(scorer(batch))
    assert travelled(batch.slice(10, 5)).equals(scorer(batch).slice(10, 5))
    assert travelled.method == scorer.method
    assert columns_of(batch, (CITY,))["city"][1] is None
