"""AUC with DeLong's interval, average precision, lift, calibration and logistic regression, against hand-worked
cases and independent computations. covers: H2 I5"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from keguan.evidence.statistics.beta_calibration import beta_calibration
from keguan.evidence.statistics.calibration_error import (
    brier_score,
    calibration_bins,
    expected_calibration_error,
)
from keguan.evidence.statistics.delong import area_under_curve, difference_of_areas
from keguan.evidence.statistics.logistic_regression import logistic_regression
from keguan.evidence.statistics.precision_recall import average_precision, lift

EVENTS = np.array([True, True, False, True, False, False, False, True])
SCORE = np.array([0.9, 0.8, 0.8, 0.6, 0.5, 0.3, 0.2, 0.2])


def simulated(rows: int = 3000) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(rows, 3)) * (1, 5, 0.1) + (0, 3, 7)
    odds = -1 + 0.8 * x[:, 0] - 0.2 * x[:, 1]
    return x, rng.random(rows) < 1 / (1 + np.exp(-odds))


def test_area_is_the_share_of_ordered_pairs_and_its_variance_that_of_the_placements() -> None:
    pairs = [(a > b) + (a == b) / 2 for a, b in product(SCORE[EVENTS], SCORE[~EVENTS])]
    found = area_under_curve(EVENTS, SCORE)
    assert found is not None
    assert found.value == pytest.approx(np.mean(pairs))
    grid = np.array(pairs).reshape(4, 4)
    error = np.sqrt(grid.mean(axis=1).var(ddof=1) / 4 + grid.mean(axis=0).var(ddof=1) / 4)
    slope = found.value * (1 - found.value)
    low = 1 / (1 + np.exp(-(np.log(found.value / (1 - found.value)) - 1.959964 * error / slope)))
    assert found.low == pytest.approx(low, abs=1e-6)
    assert found.value < found.high < 1


def test_the_difference_of_a_score_with_itself_is_nothing_and_covers_what_a_bootstrap_finds() -> None:
    same = difference_of_areas(EVENTS, SCORE, SCORE)
    assert same is not None
    assert (same.value, same.low, same.high) == (0, 0, 0)
    x, y = simulated()
    first, second = x[:, 0], -x[:, 1]
    found = difference_of_areas(y, first, second)
    assert found is not None
    rng, drawn = np.random.default_rng(1), []
    for _ in range(300):
        i = rng.integers(0, len(y), len(y))
        a, b = area_under_curve(y[i], first[i]), area_under_curve(y[i], second[i])
        assert a is not None
        assert b is not None
        drawn.append(a.value - b.value)
    assert (found.high - found.low) / 3.919928 == pytest.approx(np.std(drawn), rel=0.12)


def test_without_both_outcomes_there_is_no_area() -> None:
    assert area_under_curve(np.array([True, True]), np.array([0.1, 0.2])) is None
    assert average_precision(np.array([True, True]), np.array([0.1, 0.2])) is None
    assert lift(np.array([False, False]), np.array([0.1, 0.2]), 0.1) is None
    assert logistic_regression(np.ones((3, 1)), np.array([True] * 3)) is None


def test_average_precision_by_hand() -> None:
    # thresholds .9 .8 .6 .5 .3 .2: 1/1 x 1, 2/3 x 1, 3/4 x 1, ..., 4/8 x 1; over 4 events
    found = average_precision(EVENTS, SCORE)
    assert found is not None
    assert found.value == pytest.approx((1 + 2 / 3 + 3 / 4 + 4 / 8) / 4)
    assert found.low < found.value < found.high


def test_average_precision_and_area_are_those_of_another_package() -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    x, y = simulated()
    score = np.round(x[:, 0], 1)  # with ties
    area, precision = area_under_curve(y, score), average_precision(y, score)
    assert area is not None
    assert precision is not None
    assert area.value == pytest.approx(roc_auc_score(y, score), abs=1e-12)
    assert precision.value == pytest.approx(average_precision_score(y, score), abs=1e-12)


def test_lift_by_hand_counts_ties_in_part() -> None:
    assert lift(EVENTS, SCORE, 1 / 8) == pytest.approx(2.0)
    assert lift(EVENTS, SCORE, 2 / 8) == pytest.approx((1.5 / 2) / 0.5)  # one of two tied at the border
    assert lift(EVENTS, SCORE, 1.0) == pytest.approx(1.0)


def test_calibration_by_hand_and_whatever_the_order_of_rows() -> None:
    events = np.array([False, True, False, True])
    p = np.array([0.2, 0.2, 0.6, 0.6])
    bins = calibration_bins(events, p, 2)
    assert [(item.rows, item.predicted, item.observed) for item in bins] == [(2, 0.2, 0.5), (2, 0.6, 0.5)]
    assert expected_calibration_error(bins) == pytest.approx(0.2)
    assert brier_score(events, p) == pytest.approx((0.04 + 0.64 + 0.36 + 0.16) / 4)
    three = calibration_bins(events, p, 3)
    assert three == calibration_bins(events[::-1], p[::-1], 3)
    assert expected_calibration_error(()) is None


def test_logistic_regression_finds_the_maximum_of_the_likelihood() -> None:
    from sklearn.linear_model import LogisticRegression

    x, y = simulated()
    found = logistic_regression(x, y, ridge=2.0)
    assert found is not None
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    other = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(scaled, y)
    assert found.coefficients == pytest.approx(other.coef_[0], abs=1e-4)
    assert found.intercept == pytest.approx(other.intercept_[0], abs=1e-4)
    assert found.log_odds(x).mean() == pytest.approx(found.intercept)


def test_a_sign_that_is_given_is_kept_and_a_constant_column_counts_nothing() -> None:
    x, y = simulated()
    found = logistic_regression(np.column_stack((x, np.full(len(y), 5.0))), y, signs=(-1, -1, 0, 0))
    assert found is not None
    assert found.coefficients[0] == 0
    assert found.coefficients[1] < 0
    assert found.coefficients[3] == 0


def test_beta_calibration_mends_probabilities_that_are_too_sure() -> None:
    x, y = simulated(20_000)
    true = 1 / (1 + np.exp(1 - 0.8 * x[:, 0] + 0.2 * x[:, 1]))
    sure = true**3 / (true**3 + (1 - true) ** 3)
    found = beta_calibration(y[::2], sure[::2])
    assert found is not None
    before = expected_calibration_error(calibration_bins(y[1::2], sure[1::2]))
    after = expected_calibration_error(calibration_bins(y[1::2], found.calibrated(sure[1::2])))
    assert before is not None
    assert after is not None
    assert before > 0.05
    assert after < 0.015
    assert (np.diff(found.calibrated(np.linspace(0, 1, 50))) >= 0).all()
