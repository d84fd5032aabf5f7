"""Lifetime value as a plug-in: contract, back-test, scores, odd and bad inputs.

covers: G1
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from keguan import registry
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.app.workspace import Workspace
from keguan.core.errors import UsageError
from keguan.models.clv.candidates import PAST_RATE, RECENCY, ZERO, Rule, forecast, rules
from keguan.models.clv.cells import cells_of, clock, spenders_of
from keguan.models.clv.gamma_gamma import Spend
from keguan.models.clv.holdout import deciles, measure
from keguan.models.clv.params import Params
from keguan.models.clv.pareto import Pareto
from keguan.models.clv.scorer import COLUMNS, HORIZONS, YEAR, discounted, scorer
from keguan.result import Result
from shop import Shop

ANALYSIS = registry.get("clv")
AS_OF = date(2025, 6, 30)
FIT = (
    "model", "customers", "cells", "log_likelihood", "holdout_deviance", "holdout_mae", "naive_mae", "zero_mae", "bias",
)  # fmt: skip


def town(customers: int = 400, seed: int = 4, cost: float | None = None, spend: float | None = None) -> Shop:
    """Customers who came over a year, buy at their own rates and leave; two years in all."""
    shop, rng = Shop(), random.Random(seed)
    number = 0
    for account in range(1, customers + 1):
        day = date(2023, 7, 1) + timedelta(days=rng.randrange(360))
        rate = rng.gammavariate(1.0, 1 / 60)
        gone = day + timedelta(days=int(rng.expovariate(1) / rng.gammavariate(0.8, 1 / 200)) + 1)
        level = rng.gammavariate(5, 20)
        while day <= min(gone, AS_OF):
            money = spend or round(level * rng.gammavariate(4, 0.25) + 1, 2)
            extra = rng.random() / 10
            paid = None if cost is None else round(money * (cost + extra), 2)
            number += 1
            shop.buy(account, day, money, cost=paid, order=f"T{number}")
            day += timedelta(days=max(1, int(rng.expovariate(rate))))
    return shop


def ran(inputs: PinnedInputs, **params: Any) -> Result:
    return ANALYSIS.run(inputs, Params(**params)).pinned(as_of=inputs.as_of, params={}, versions={}, code="")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> PinnedInputs:
    return town().inputs(tmp_path_factory.mktemp("town"), AS_OF, Settings(currency="CNY"))


@pytest.fixture(scope="module")
def result(inputs: PinnedInputs) -> Result:
    return ran(inputs)


@pytest.mark.slow
def test_the_contract_on_published_data(tmp_path: Path, data_sets: Path) -> None:
    """covers: G1. CDNOW through import and engine: the reference of shared/reference, to the digits printed."""
    workspace = Workspace.init(tmp_path)
    workspace.load(data_sets / "cdnow" / "CDNOW_sample.txt")
    result = workspace.run("clv", params={"calibration_end": "1997-09-30", "unit": "week"})
    found = {(row["model"], row["parameter"]): row for row in result.table("parameters")}
    wanted = {
        "BG/NBD": {"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258},
        "MBG/NBD": {"r": 0.524838, "alpha": 6.182988, "a": 0.891356, "b": 1.614},
        "Gamma-Gamma": {"p": 6.2488, "q": 3.7446, "gamma": 15.4477},
    }
    for model, values in wanted.items():
        for name, value in values.items():
            assert found[model, name]["estimate"] == pytest.approx(value, abs=5.5e-5), (model, name)
            assert found[model, name]["low"] < value < found[model, name]["high"]
    for name, value in {"r": 0.5533, "alpha": 10.5778, "s": 0.6063, "beta": 11.6690}.items():
        assert found["Pareto/NBD", name]["estimate"] == pytest.approx(value, rel=2e-4)
    errors = [found["BG/NBD", name]["se"] for name in ("r", "alpha", "a", "b")]
    assert [round(error, 4) for error in errors] == [0.0126, 0.3782, 0.1857, 0.7053]
    fit = {row["model"]: row for row in result.table("fit")}
    assert tuple(column.name for column in result.table("fit").columns) == FIT
    assert fit["BG/NBD"]["customers"] == 2357
    assert fit["Gamma-Gamma"]["customers"] == 946
    assert fit["BG/NBD"]["log_likelihood"] == pytest.approx(-9582.4256, abs=1e-4)
    assert fit["Pareto/NBD"]["log_likelihood"] == pytest.approx(-9594.9739, abs=1e-4)
    assert fit["Gamma-Gamma"]["log_likelihood"] == pytest.approx(-4055.923, abs=5e-4)
    assert [round(fit[name]["holdout_mae"], 4) for name in ("Pareto/NBD", "BG/NBD")] == [0.7545, 0.7855]
    assert (round(fit["BG/NBD"]["naive_mae"], 4), round(fit["BG/NBD"]["zero_mae"], 4)) == (1.0237, 0.7985)
    tested = {row["method"]: row for row in result.table("backtest")}
    assert tested["BG/NBD"]["expected"] == pytest.approx(1653.42, abs=0.005)
    assert tested["BG/NBD"]["actual"] == 1882
    assert next(row["method"] for row in result.table("backtest")) == "Pareto/NBD"
    alike = workspace.run("clv", as_of="1998-03-31", params={"calibration_end": "1997-09-30"})
    assert (
        alike.table("parameters").records() == result.table("parameters").records()
    )  # no leak from the hold-out
    assert {row["method"]: row["actual"] for row in alike.table("backtest")}["BG/NBD"] < 1882


def test_the_back_test_by_hand() -> None:
    """Three customers: two with the same history, who bought 0 and 2 times later, one who bought once."""
    rows = {
        "repeats": [1, 1, 3],
        "last": [7, 7, 70],
        "age": [70, 70, 140],
        "later": [2, 0, 1],
        "customers": [1, 1, 1],
    }
    cells = cells_of(pa.table(rows), clock("week"))
    assert len(cells.histories) == 2
    assert cells.histories.customers.tolist() == [2, 1]
    assert cells.later_by_history.tolist() == [2, 1]
    past = forecast(rules(cells.histories)[PAST_RATE], cells.histories, 10.0)
    assert past.tolist() == [1.0, 1.5]
    found = measure(past, cells)
    # deviances: 2(0 - 0 + 1) = 2; 2(2 ln 2 - 1) = .772589; 2(ln(1/1.5) + .5) = .189070
    assert found.deviance == pytest.approx((2 + 0.7725887 + 0.1890698) / 3, abs=1e-6)
    assert found.mae == pytest.approx((1 + 1 + 0.5) / 3)
    assert found.rmse == pytest.approx((2.25 / 3) ** 0.5)
    assert found.bias == pytest.approx(3.5 / 3 - 1)
    assert found.capture == pytest.approx(0.3 / 3)  # a tenth of three is .3 of the customer with 1.5 expected
    zero = measure(forecast(rules(cells.histories)[ZERO], cells.histories, 10.0), cells)
    assert zero.mae == 1.0
    assert [(item.decile, item.customers, item.actual) for item in deciles(past, cells)] == [
        (2, 1, 1.0),
        (7, 2, 1.0),
    ]


def test_a_recency_cut_takes_the_rate_of_who_bought_lately() -> None:
    rule = Rule(0.2, cut=5.0)
    rows = {"repeats": [1, 1], "last": [7, 63], "age": [70, 70], "later": [0, 0], "customers": [1, 1]}
    cells = cells_of(pa.table(rows), clock("week"))
    assert forecast(rule, cells.histories, 10.0).tolist() == [0.0, 2.0]
    assert rules(cells.histories)[RECENCY].cut == 5.0


def test_order_of_rows_does_not_matter() -> None:
    rows = pa.table(
        {
            "repeats": [0, 2, 2],
            "last": [0, 9, 8],
            "age": [9, 20, 20],
            "later": [0, 1, 0],
            "customers": [5, 1, 2],
        }
    )
    turned = rows.take([2, 0, 1])
    one, other = cells_of(rows, clock("day")), cells_of(turned, clock("day"))
    assert one.histories.last.tolist() == other.histories.last.tolist() == [0.0, 8.0, 9.0]
    assert (one.later == other.later).all()


def test_mean_spend_is_rounded_half_up_to_the_cent() -> None:
    spenders = spenders_of(pa.table({"repeats": [2], "spent": [44.69], "customers": [1]}))
    assert spenders.mean.tolist() == [22.35]


def test_tables_figures_and_sentences(result: Result) -> None:
    ids = {table.id for table in result.tables}
    assert {"parameters", "fit", "backtest", "deciles", "cohorts", "tracking", "settings", "groups"} <= ids
    assert {claim.says for claim in result.claims} >= {"backtest", "total", "alive", "capture"}
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    groups = {row["label"]: row for row in result.table("groups")}
    whole = total(result)
    for column in ("customers", "clv_12", "clv_36", "history"):
        assert sum(float(row[column]) for row in groups.values()) == pytest.approx(
            float(whole[column]), rel=1e-6
        )
    assert whole["low"] < whole["clv_12"] < whole["high"]
    assert whole["clv_12"] < whole["clv_36"] < 3 * whole["clv_12"]
    for row in result.table("top"):
        assert row["mean_low"] < row["clv_12"] < row["mean_high"]
        assert row["low"] <= row["clv_12"] <= row["high"]
        assert 0 < row["p_alive"] <= 1
    assert len(result.table("top").rows) == 20
    tested = result.table("backtest").records()
    assert tested[0]["deviance"] == min(row["deviance"] for row in tested)
    tracking = result.table("tracking").records()
    assert {row["phase"] for row in tracking} == {"calibration", "holdout"}
    assert tracking[-1]["expected_total"] == pytest.approx(tracking[-1]["actual_total"], rel=0.25)
    settings = result.table("settings").records()[0]
    assert sum(row["customers"] for row in result.table("cohorts")) == settings["customers"]


def test_each_customer_has_a_class(inputs: PinnedInputs, result: Result) -> None:
    """trap: ties. Equal values have equal classes; the top fifth is high."""
    (relation,) = result.relations
    rows = inputs.query(f"SELECT * FROM ({relation.sql}) r", **dict(relation.params)).to_pylist()
    assert len(rows) == 400
    labels: dict[str, set[str]] = {}
    for row in rows:
        labels.setdefault(row["score"], set()).add(row["label"])
    assert all(len(found) == 1 for found in labels.values())
    assert sum(row["label"] == "高CLV" for row in rows) == pytest.approx(80, abs=2)


def test_purchases_after_the_calibration_do_not_change_its_fit(inputs: PinnedInputs) -> None:
    """Planted leak: with more purchases in the hold-out, the calibration's parameters stay."""
    end = "2024-12-31"
    whole = ran(inputs, calibration_end=end)
    earlier = ran(inputs.at(date(2025, 3, 31)), calibration_end=end)
    assert whole.table("parameters").records() == earlier.table("parameters").records()
    assert whole.table("backtest").records() != earlier.table("backtest").records()


def test_a_later_return_takes_no_purchase_out_of_the_calibration(tmp_path: Path) -> None:
    shop = town(80)
    line = next(row for row in shop.lines if row["day"] < date(2024, 6, 1))
    before = ran(shop.inputs(_folder(tmp_path, "a"), AS_OF), calibration_end="2024-12-31")
    shop.give_back(line["account_no"], date(2025, 3, 1), line["amount"], of=line["order_id"])
    after = ran(shop.inputs(_folder(tmp_path, "b"), AS_OF), calibration_end="2024-12-31")
    assert before.table("parameters").records() == after.table("parameters").records()
    assert before.table("score_parameters").records() != after.table("score_parameters").records()


def _folder(path: Path, name: str) -> Path:
    (path / name).mkdir()
    return path / name


def made_scorer(model: Pareto, moved: tuple[Pareto, ...] = ()) -> Any:
    x = np.repeat(np.arange(6.0), 3)
    age = np.tile([70.0, 200.0, 364.0], 6)
    last = np.where(x > 0, age - 35, 0.0)
    spend = Spend(6.25, 3.74, 15.44)
    made = scorer((x, last, age), model, moved, model, spend, (), clock("week"), 0.1)
    whole = x.astype(np.int64)
    batch = pa.record_batch(
        {
            "account_no": np.arange(18, dtype=np.int32), "repeats": whole, "last": last.astype(np.int64),
            "age": age.astype(np.int64), "spent": 30 * x, "margin": np.ones(18),
        }
    )  # fmt: skip
    return made, batch, (x, last, age, spend)


def test_a_score_is_the_product_of_its_parts() -> None:
    """Against the closed forms, customer by customer, and 12 months against monthly discounting."""
    model = Pareto(0.55, 10.6, 0.61, 11.7)
    score, batch, (x, last, age, spend) = made_scorer(model)
    found = score(batch)
    assert found.schema.names == list(COLUMNS)
    weeks = [np.round(days / 7, 2) for days in (last, age)]
    alive = model.alive(x, *weeks)
    assert np.asarray(found.column("p_alive")) == pytest.approx(alive, abs=1e-12)
    money = spend.expected(x, np.full(18, 30.0))
    assert np.asarray(found.column("spend")) == pytest.approx(money, rel=1e-12)
    edges = np.linspace(0, YEAR / 7, 1_001)
    totals = np.array([model.if_alive(x, weeks[1], edge) for edge in edges])
    paid = np.diff(totals, axis=0) * 1.1 ** -((edges[1:] + edges[:-1]) / 2 * 7 / YEAR)[:, None]
    assert np.asarray(found.column("clv_12")) == pytest.approx(alive * paid.sum(axis=0) * money, rel=2e-5)
    whole = discounted(model, x, weeks[1], HORIZONS[1], clock("week"), 0.0)
    assert whole == pytest.approx(model.if_alive(x, weeks[1], HORIZONS[1] / 7))


def test_the_mean_interval_is_the_delta_method() -> None:
    """The slope along a direction is the change of the score when the parameters move by one error."""
    model, step = Pareto(0.55, 10.6, 0.61, 11.7), 0.01
    other = Pareto(0.55 * np.exp(0.08 * step), 10.6 * np.exp(0.05 * step), 0.61, 11.7)
    found = made_scorer(model, (other,))[0](made_scorer(model)[1])
    there = made_scorer(other)[0](made_scorer(other)[1])
    change = (np.asarray(there.column("clv_36")) - np.asarray(found.column("clv_36"))) / step
    assert np.asarray(found.column("b1")) == pytest.approx(change, rel=0.02)
    half = np.asarray(found.column("mean_high")) - np.asarray(found.column("clv_12"))
    assert half == pytest.approx(1.96 * np.abs(np.asarray(found.column("a1"))), rel=1e-9)


def test_four_in_five_simulated_customers_fall_into_the_prediction_interval() -> None:
    """At least 80 % (purchases are whole numbers), and the interval is not empty of meaning: a tenth lies above."""
    model = Pareto(0.55, 10.6, 0.61, 11.7)
    score, batch, (x, last, age, spend) = made_scorer(model)
    found = score(batch)
    low, high = np.asarray(found.column("low")), np.asarray(found.column("high"))
    rng, draws = np.random.default_rng(3), 20_000
    weeks = np.round(age / 7, 2)
    here = rng.random((18, draws)) < model.alive(x, np.round(last / 7, 2), weeks)[:, None]
    bought = model.bought(rng, x, weeks, YEAR / 7, draws) * here
    rate = rng.gamma((spend.q + spend.p * x)[:, None], size=(18, draws)) / (spend.gamma + 30 * x)[:, None]
    money = np.where(bought > 0, rng.gamma(np.maximum(spend.p * bought, 1e-9)) / rate, 0.0)
    worth = discounted(model, x, weeks, YEAR, clock("week"), 0.1) / model.if_alive(x, weeks, YEAR / 7)
    inside = (
        (money * worth[:, None] >= low[:, None] - 1e-9) & (money * worth[:, None] <= high[:, None] + 1e-9)
    ).mean(axis=1)
    assert (inside > 0.78).all()
    above = (money * worth[:, None] > high[:, None] + 1e-9).mean(axis=1)
    assert above[high > 0] == pytest.approx(np.full(int((high > 0).sum()), 0.1), abs=0.02)
    assert (above[high == 0] < 0.1).all()  # who buys at all with a chance under a tenth


def total(result: Result) -> dict[str, Any]:
    return result.table("total").records()[0]


def notes(result: Result) -> str:
    return " ".join(note.says.en for note in result.notes)


def test_value_is_counted_in_margin_where_cost_is_known(tmp_path: Path, result: Result) -> None:
    found = ran(town(cost=0.55).inputs(tmp_path, AS_OF))
    setting = found.table("settings").records()[0]
    assert setting["basis"] == "margin"
    assert setting["margin_rate"] == pytest.approx(0.4, abs=0.01)
    here, there = total(found), total(result)
    assert float(here["clv_12"]) == pytest.approx(0.4 * float(there["clv_12"]), rel=0.02)


def test_customers_bought_from_at_a_loss_have_a_negative_value(tmp_path: Path) -> None:
    inputs = town(cost=1.2).inputs(tmp_path, AS_OF)
    found = ran(inputs)
    whole = total(found)
    assert whole["clv_12"] < 0
    assert whole["low"] < whole["high"]
    (relation,) = found.relations
    rows = inputs.query(f"SELECT DISTINCT label FROM ({relation.sql}) r", **dict(relation.params)).to_pylist()
    assert {row["label"] for row in rows} <= {"负CLV", "低CLV"}
    for claim in found.claims:
        assert faults(found, ANALYSIS, claim) == (), claim.key


def test_constant_amounts_use_the_empirical_bayes_mean(tmp_path: Path) -> None:
    found = ran(town(spend=50).inputs(tmp_path, AS_OF))
    assert found.table("settings").records()[0]["spend"] == "empirical_bayes"
    assert "no maximum" in notes(found)
    whole = total(found)
    assert float(whole["clv_12"]) == pytest.approx(50 * whole["purchases"], rel=0.1)


def test_spend_that_follows_frequency_is_warned_of(tmp_path: Path) -> None:
    shop = town()
    counts: dict[int, int] = {}
    for line in shop.lines:
        counts[line["account_no"]] = counts.get(line["account_no"], 0) + 1
    for line in shop.lines:
        line["amount"] = line["unit_price"] = 20 * counts[line["account_no"]]
    found = ran(shop.inputs(tmp_path, AS_OF))
    setting = found.table("settings").records()[0]
    assert setting["correlation"] > 0.3
    assert setting["spend"] == "empirical_bayes"
    assert "correlate" in notes(found) or "no maximum" in notes(found)


def test_few_repeat_buyers_get_totals_alone(tmp_path: Path) -> None:
    found = ran(town(120).inputs(tmp_path, AS_OF))
    assert found.table("settings").records()[0]["repeat_buyers"] < 200
    assert found.relations == ()
    assert "totals of groups alone" in notes(found)


@pytest.mark.parametrize("case", ["once each", "all new", "short"])
def test_too_little_is_said(case: str, tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 61):
        if case == "once each":
            shop.buy(account, date(2024, 1, 1) + timedelta(days=account * 5), 10)
        elif case == "all new":
            shop.buy(account, AS_OF - timedelta(days=account % 10), 10)
        else:
            shop.buy(account, AS_OF - timedelta(days=40 - account % 9), 10)
            shop.buy(account, AS_OF - timedelta(days=account % 9), 10)
    found = ran(shop.inputs(tmp_path, AS_OF))
    assert [table.id for table in found.tables] == ["parameters", "fit"]
    assert not found.claims
    assert [note.kind for note in found.notes] == ["withheld"]


def test_a_history_shorter_than_the_horizon_is_noted(tmp_path: Path) -> None:
    shop = town()
    shop.lines = [row for row in shop.lines if row["day"] >= date(2024, 12, 1)]
    shop.orders = [row for row in shop.orders if row["day"] >= date(2024, 12, 1)]
    assert "shorter than the 12 months" in notes(ran(shop.inputs(tmp_path, AS_OF)))


def test_automatic_renewal_switches_it_off(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 61):
        for month in range(12):
            shop.buy(
                account,
                date(2024, 7, 1) + timedelta(days=30 * month + account % 20),
                10,
                order=f"R{account}-{month}",
            )
    inputs = shop.inputs(tmp_path, AS_OF)
    assert "automatic renewals" in notes(ran(inputs))
    assert ran(inputs, despite_renewal=True).table("fit").records()


@pytest.mark.parametrize(
    "params", [{"calibration_end": "2025-06-30"}, {"calibration_end": "2026-01-01"}, {"calibration_end": "gestern"},
               {"unit": "year"}, {"discount": -0.1}]
)  # fmt: skip
def test_impossible_parameters_are_refused(params: dict[str, Any], inputs: PinnedInputs) -> None:
    with pytest.raises(UsageError) as error:
        ran(inputs, **params)
    assert f"clv.{next(iter(params))}" in str(error.value)


@pytest.mark.parametrize("unit", ["day", "month"])
def test_the_unit_of_time_changes_no_forecast(unit: str, inputs: PinnedInputs, result: Result) -> None:
    one = {row["method"]: row for row in result.table("backtest")}
    other = {row["method"]: row for row in ran(inputs, unit=unit).table("backtest")}
    assert other["BG/NBD"]["expected"] == pytest.approx(one["BG/NBD"]["expected"], rel=0.01)
