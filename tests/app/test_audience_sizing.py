"""Holdouts by power: against a closed form, a published value and every size tried; shares of strata.

covers: J4
"""

from __future__ import annotations

from math import asin, ceil, sin, sqrt
from statistics import NormalDist

import pytest

from keguan.app.audience.order import Holdout, holdout_of, mde_of
from keguan.app.audience.sizing import Base, base_of, detectable, fewest, power_of, quotas, sized, usual_mde

AUTO = Holdout("auto")
Z = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)


def rate(value: float) -> Base:
    return Base("conversion", value, sqrt(value * (1 - value)), 10_000)


@pytest.mark.parametrize(
    ("n", "base", "mde"), [(20_000, 0.10, 0.02), (60_000, 0.05, 0.01), (9_000, 0.30, 0.05)]
)
def test_the_fewest_held_out_solve_the_formula(n: int, base: float, mde: float) -> None:
    """1/k + 1/(n-k) = (h / (z.975 + z.8))^2, a quadratic in k: no part of the product is used."""
    h = 2 * asin(sqrt(base + mde)) - 2 * asin(sqrt(base))
    k = (n - sqrt(n * n - 4 * n * (Z / h) ** 2)) / 2
    assert 0.05 * n < k < 0.5 * n  # else this tests a border
    found = sized(n, AUTO, rate(base), mde)
    assert abs(found.held_out - ceil(k)) <= 1
    assert found.enough
    assert power_of(n, found.held_out - 2, rate(base), mde) < 0.8


def test_cohens_table() -> None:
    """Cohen (1988), table 6.4.1: 392 in each group find h = 0.20 with power 80 % at two-sided 5 %."""
    h = 0.2
    above = sin(asin(sqrt(0.3)) + h / 2) ** 2
    assert power_of(784, 392, rate(0.3), above - 0.3) == pytest.approx(0.8, abs=0.002)
    assert detectable(784, 392, rate(0.3)) == pytest.approx(above - 0.3, abs=0.0005)


def test_every_size_tried() -> None:
    """The fewest that reach 80 %, by trying all from 5 % to half of the audience."""
    n, base, mde = 3000, rate(0.2), 0.06
    tried = [k for k in range(150, 1501) if power_of(n, k, base, mde) >= 0.8]
    assert fewest(n, base, mde) == tried[0] > 150


def test_the_borders() -> None:
    """A tenth would do, a twentieth is the least; where half is not enough, half, and what half can show."""
    assert sized(2_000_000, AUTO, rate(0.1), 0.02).held_out == 100_000
    small = sized(400, AUTO, rate(0.1), 0.02)
    assert (small.held_out, small.enough) == (200, False)
    assert small.detectable is not None
    assert small.detectable > 0.02
    assert power_of(400, 200, rate(0.1), small.detectable) == pytest.approx(0.8, abs=1e-6)
    assert sized(400, Holdout("none"), rate(0.1), 0.02).held_out == 0
    assert sized(400, Holdout("share", 0.15), rate(0.1), 0.02).held_out == 60


def test_money_is_planned_with_its_deviation() -> None:
    """Sums of four customers who spent 0, 0, 10, 30: mean 10, variance 150."""
    base = base_of("spend", {"n": 4, "buyers": 2, "spend": 40.0, "squares": 1000.0})
    assert (base.value, base.deviation, usual_mde(base)) == (10.0, pytest.approx(sqrt(150)), 2.0)
    # Cohen (1988), table 2.4.1: 393 in each group find d = 0.20 with power 80 %.
    assert power_of(786, 393, base, 0.2 * base.deviation) == pytest.approx(0.8, abs=0.002)
    assert usual_mde(base_of("conversion", {"n": 10, "buyers": 0, "spend": 0.0, "squares": 0.0})) is None
    assert usual_mde(rate(0.9)) is None  # a fifth more would be above one


def test_quotas_are_exact_and_fair() -> None:
    """7 of 33 in 25 and 8: 5.30 and 1.70; by largest remainder 5 and 2. Ties go by name."""
    assert quotas({"a": 25, "b": 8}, 7) == {"a": 5, "b": 2}
    assert quotas({"b": 2, "a": 2, "c": 2}, 2) == {"b": 1, "a": 1, "c": 0}
    assert quotas({}, 0) == {}
    for held in range(100):
        found = quotas({"x": 61, "y": 30, "z": 9}, held)
        assert sum(found.values()) == held
        for name, size in (("x", 61), ("y", 30), ("z", 9)):
            assert abs(found[name] - held * size / 100) < 1


def test_options_in_their_forms() -> None:
    assert str(holdout_of("12.5％")) == "12.5%"
    assert holdout_of("10").share == 0.1
    assert mde_of("2%", "conversion") == mde_of("0.02", "conversion") == 0.02
    assert mde_of("5", "spend") == 5.0
