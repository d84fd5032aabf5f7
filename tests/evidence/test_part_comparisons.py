"""Ratio of proportions, target group index, means of parts: against published figures and independent computations."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keguan.evidence.statistics.part_means import part_means
from keguan.evidence.statistics.risk_ratio import risk_ratio
from keguan.evidence.statistics.target_index import target_index
from keguan.evidence.statistics.two_proportions import two_proportions


def test_the_ratio_has_the_interval_of_koopmans_example() -> None:
    """Koopman (1984): 36 of 40 against 16 of 80, 2.94 to 7.15."""
    found = risk_ratio(36, 40, 16, 80)
    assert found is not None
    assert (round(found.low, 2), round(found.high, 2)) == (2.94, 7.15)


def test_the_ends_of_the_ratio_are_where_the_score_test_rejects() -> None:
    """By maximising the likelihood under the ratio numerically, instead of the closed form."""
    from scipy.optimize import minimize_scalar

    x1, n1, x2, n2 = 7, 25, 12, 60
    found = risk_ratio(x1, n1, x2, n2)
    assert found is not None
    for ratio in found:

        def loss(p: float, ratio: float = ratio) -> float:
            first = ratio * p
            return -(x1 * math.log(first) + (n1 - x1) * math.log(1 - first)
                     + x2 * math.log(p) + (n2 - x2) * math.log(1 - p))  # fmt: skip

        bounds = (1e-9, min(1, 1 / ratio) - 1e-9)
        p = float(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x)
        spread = math.sqrt(ratio * p * (1 - ratio * p) / n1 + ratio * ratio * p * (1 - p) / n2)
        assert abs(x1 / n1 - ratio * x2 / n2) / spread == pytest.approx(1.959964, abs=1e-4)


def test_a_ratio_of_nothing_is_none_and_of_zero_ends_at_zero() -> None:
    assert risk_ratio(0, 0, 3, 10) is None
    assert risk_ratio(0, 10, 0, 10) is None
    zero, endless = risk_ratio(0, 40, 16, 80), risk_ratio(16, 40, 0, 80)
    assert zero is not None
    assert endless is not None
    assert zero.low == 0
    assert zero.high < 1
    assert math.isinf(endless.high)
    assert endless.low > 1


def test_the_index_is_the_share_in_the_segment_by_the_share_in_the_base() -> None:
    """30 of 60 in the segment, 20 of 140 elsewhere: .5 / (50/200) = 200."""
    found = target_index(30, 60, 20, 140)
    assert found is not None
    assert (found.share, found.rest, found.base) == (0.5, 20 / 140, 0.25)
    assert found.index == pytest.approx(200)
    assert found.low < 200 < found.high
    assert found.p == two_proportions(30, 60, 20, 140)


def test_the_interval_of_the_index_excludes_100_as_the_test_rejects() -> None:
    """Segment and base overlap: the interval must be that of the comparison with the rest."""
    for inside in range(8, 40):
        found = target_index(inside, 60, 40, 140)
        assert found is not None
        assert found.p is not None
        assert (found.p < 0.05) == (not found.low <= 100 <= found.high), inside


def test_the_interval_of_the_index_covers_the_truth() -> None:
    """Segment of 80, rest of 320, true shares .3 and .2: index .3 / .22 = 136.4, covered 95 of 100 times."""
    rng = np.random.default_rng(1)
    hits, tries = 0, 600
    for _ in range(tries):
        found = target_index(int(rng.binomial(80, 0.3)), 80, int(rng.binomial(320, 0.2)), 320)
        hits += found is not None and found.low <= 100 * 0.3 / 0.22 <= found.high
    assert 0.93 <= hits / tries <= 0.975


def test_an_index_is_not_tested_on_too_few_and_none_of_nobody() -> None:
    few = target_index(1, 30, 2, 40)
    assert few is not None
    assert few.p is None
    assert target_index(0, 30, 0, 40) is None
    assert target_index(0, 0, 5, 40) is None
    whole = target_index(10, 50, 0, 150)
    assert whole is not None
    assert whole.index == pytest.approx(400)
    assert whole.high == pytest.approx(400)  # nobody else has it: the index cannot be larger


def groups(values: np.ndarray, part: np.ndarray, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums and counts of 200 random groups by part."""
    bucket = np.arange(len(values)) % 200
    sums, counts = np.zeros((200, parts)), np.zeros((200, parts))
    np.add.at(sums, (bucket, part), values)
    np.add.at(counts, (bucket, part), 1)
    return sums, counts


def test_means_of_parts_agree_with_the_bootstrap_of_customers() -> None:
    rng = np.random.default_rng(5)
    values, part = rng.lognormal(3, 1, 4000), rng.integers(0, 3, 4000)
    found = part_means(*groups(values, part, 3))
    for number, mean in enumerate(found):
        own = values[part == number]
        drawn = rng.choice(own, (2000, len(own))).mean(axis=1)
        low, high = np.quantile(drawn, [0.025, 0.975])
        assert mean is not None
        assert mean.mean == pytest.approx(own.mean())
        assert mean.rest == pytest.approx(values[part != number].mean())
        assert mean.high - mean.low == pytest.approx(high - low, rel=0.15)
        assert mean.customers == len(own)


def test_equal_means_of_skew_spend_are_rarely_told_apart() -> None:
    """Half buy nothing, others spend log-normally: of 300 true equals about 5 % are rejected at 5 %."""
    rng = np.random.default_rng(3)
    rejected = 0
    for _ in range(300):
        values = rng.lognormal(4, 1.2, 900) * (rng.random(900) < 0.5)
        part = (rng.random(900) < 0.15).astype(int)
        found = part_means(*groups(values, part, 2))[1]
        assert found is not None
        assert found.p is not None
        rejected += found.p < 0.05
    assert 0.02 <= rejected / 300 <= 0.09


def test_a_part_of_nobody_has_no_mean() -> None:
    sums, counts = groups(np.array([1.0, 2.0, 3.0]), np.array([0, 0, 0]), 2)
    found = part_means(sums, counts)
    assert found[1] is None
    assert found[0] is not None
    assert found[0].p is None
