"""Automatic renewals: who left when, the published fit, and the back-test against a constant rate.

covers: G1; trap: 21
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import log
from pathlib import Path

import pytest

from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.evidence.statistics.shifted_beta_geometric import Retention, fit_retention
from keguan.models import renewal
from keguan.models.renewal import Params
from keguan.models.renewal.counting import COUNTS_SQL, Counts, counts_of, cycle_of, grace_of
from keguan.result import Result
from model_shops import renewing as shop
from shop import Shop

AS_OF = date(2025, 6, 30)
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)


def left_at(still: tuple[int, ...]) -> list[tuple[int, int, int]]:
    last = len(still) - 1
    return [(n, still[n - 1] - still[n], still[n] if n == last else 0) for n in range(1, last + 1)]


@pytest.mark.parametrize(
    ("still", "alpha", "beta"),
    [(HIGH_END, 0.668, 3.806), (REGULAR, 0.704, 1.182)],
    ids=["high end", "regular"],
)
def test_published_parameters_are_found_again(still: tuple[int, ...], alpha: float, beta: float) -> None:
    """covers: G1. Fader and Hardie (2007): both cases with the seven renewals of their table."""
    found = fit_retention(left_at(still))
    assert found is not None
    assert (found.alpha, found.beta) == (pytest.approx(alpha, abs=6e-4), pytest.approx(beta, abs=6e-4))


def test_survival_and_likelihood_by_hand() -> None:
    """With alpha = beta = 1 the n-th renewal is made by n / (n + 1), so that 1 / (n + 1) are left."""
    even = Retention(1.0, 1.0, 0.0)
    assert [even.rate(n) for n in (1, 2, 3)] == [pytest.approx(n / (n + 1)) for n in (1, 2, 3)]
    assert [even.survival(n) for n in (0, 1, 2, 3)] == [pytest.approx(1 / (n + 1)) for n in (0, 1, 2, 3)]
    found = fit_retention(left_at(HIGH_END))
    assert found is not None
    hand = sum(
        left * log(found.survival(n - 1) - found.survival(n)) + open_ * log(found.survival(n))
        for n, left, open_ in left_at(HIGH_END)
    )
    assert found.log_likelihood == pytest.approx(hand)


def test_what_cannot_be_fitted_is_none() -> None:
    assert fit_retention([]) is None
    assert fit_retention([(3, 0, 50)]) is None  # nobody left
    assert fit_retention([(1, 50, 0)]) is None  # nobody ever renewed


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> PinnedInputs:
    return shop().inputs(tmp_path_factory.mktemp("shop"), AS_OF)


@pytest.fixture(scope="module")
def result(inputs: PinnedInputs) -> Result:
    return renewal.run(inputs, Params())


def test_the_cycle_and_everybody_are_found(inputs: PinnedInputs, result: Result) -> None:
    assert cycle_of(inputs, 0) == 30
    fit = result.table("fit").records()[0]
    assert fit["customers"] == fit["left"] + fit["running"] == 300
    fitted = [row["fitted_rate"] for row in result.table("curve")]
    assert fitted == sorted(fitted)  # those likely to leave have left
    assert [faults(result, renewal.ANALYSIS, claim) for claim in result.claims] == [()] * len(result.claims)


def test_the_back_test_says_what_came(inputs: PinnedInputs, result: Result) -> None:
    rows = {row["model"]: row for row in result.table("backtest")}
    assert set(rows) == {"sbg", "constant"}
    assert rows["sbg"]["actual"] == rows["constant"]["actual"] <= rows["sbg"]["running"]
    assert abs(rows["sbg"]["miss"]) < abs(rows["constant"]["miss"])
    assert {row["model"] for row in result.table("outlook")} == {"sbg"}


def test_states_by_hand(tmp_path: Path) -> None:
    """Three payments then silence: left at the third renewal. Two payments, the last ten days ago: runs after the
    first. One payment just now: asked for nothing yet."""
    made = Shop()
    for days in (400, 370, 340):
        made.buy(1, AS_OF - timedelta(days=days))
    for days in (41, 10):
        made.buy(2, AS_OF - timedelta(days=days))
    made.buy(3, AS_OF)
    counts = counts_of(made.inputs(tmp_path, AS_OF), 30)
    assert counts == Counts(((0, 0, 1), (1, 0, 1), (3, 1, 0)))
    assert (counts.left, counts.running, counts.leaving_rate) == (1, 2, pytest.approx(1 / 4))
    assert grace_of(30) == 15
    assert grace_of(7) == 3
    assert "$cycle" in COUNTS_SQL


def test_other_shops_have_no_renewals_and_few_have_no_rates(tmp_path: Path) -> None:
    plain, rng = Shop(), random.Random(1)
    for account in range(1, 60):
        for _ in range(3):
            plain.buy(account, date(2025, 1, 1) + timedelta(days=rng.randrange(150)), 10)
    found = renewal.run(plain.inputs(tmp_path, AS_OF), Params())
    assert not found.tables
    assert [note.kind for note in found.notes] == ["info"]
    (tmp_path / "few").mkdir()
    few = renewal.run(shop(customers=20).inputs(tmp_path / "few", AS_OF), Params())
    assert not few.tables
    assert [note.kind for note in few.notes] == ["withheld"]
