"""Figures made of two cells: exact, rounded once, undefined where they say nothing."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keguan.core.text import Scalar
from keguan.evidence.cells import Cell, Computed, compute

How = Literal["difference", "ratio", "share", "change"]
A, B = Cell("t", {"k": "a"}, "v"), Cell("t", {"k": "b"}, "v")
money = st.decimals(min_value=-(10**12), max_value=10**12, places=4)


def figure(how: How, a: Scalar, b: Scalar, *, absolute: bool = False) -> Scalar:
    return compute(Computed(how, A, B, "number", absolute=absolute), a, b)


@pytest.mark.parametrize(
    ("how", "a", "b", "expected"),
    [
        ("difference", Decimal("157500"), Decimal("100000"), "57500"),
        ("difference", 0.3, 0.1, "0.2"),  # not 0.19999999999999998
        ("difference", 100, 250, "-150"),
        ("ratio", 520000, 100000, "5.2"),
        ("ratio", 1, 3, "0.33333333"),
        ("ratio", 2, 3, "0.66666667"),
        ("share", 337, 955, "0.35287958"),
        ("change", 120, 100, "0.2"),
        ("change", 55, 100, "-0.45"),
        ("change", 100, 100, "0"),
        ("ratio", -50, 100, "-0.5"),
    ],
)
def test_by_hand(how: How, a: Scalar, b: Scalar, expected: str) -> None:
    assert figure(how, a, b) == Decimal(expected)


def test_absolute_drops_the_sign_only() -> None:
    assert figure("change", 55, 100, absolute=True) == Decimal("0.45")
    assert figure("change", 145, 100, absolute=True) == Decimal("0.45")
    assert figure("difference", None, 100, absolute=True) is None


@pytest.mark.parametrize("how", ["difference", "ratio", "share", "change"])
@pytest.mark.parametrize(
    "odd", [None, "12", date(2024, 1, 1), True, math.nan, math.inf, Decimal("NaN"), Decimal("Infinity")]
)
def test_what_is_no_finite_number_makes_no_figure(how: How, odd: Scalar) -> None:
    assert figure(how, odd, 1) is None
    assert figure(how, 1, odd) is None


@pytest.mark.parametrize("zero", [0, 0.0, Decimal("0.00"), -0.0])
def test_nothing_is_divided_by_zero(zero: Scalar) -> None:
    for how in ("ratio", "share", "change"):
        assert figure(how, 5, zero) is None
    assert figure("difference", 5, zero) == 5


def test_a_rate_of_change_from_a_loss_is_undefined() -> None:
    # from -100 to -50 the plain formula says -50 % although it rose
    assert figure("change", -50, -100) is None
    assert figure("difference", -50, -100) == 50


@given(money, money)
def test_a_difference_is_exact_and_turns_its_sign(a: Decimal, b: Decimal) -> None:
    assert figure("difference", a, b) == a - b
    assert figure("difference", b, a) == b - a


@given(money, money.filter(lambda value: value > 0))
@example(Decimal("0.0195"), Decimal(100000))  # 1.95E-7 and -0.999999805 round apart
def test_change_is_ratio_less_one(a: Decimal, b: Decimal) -> None:
    """Each is rounded once, to 8 places, from what was exact."""
    ratio, change = figure("ratio", a, b), figure("change", a, b)
    assert isinstance(ratio, Decimal)
    assert isinstance(change, Decimal)
    assert abs(change - (ratio - 1)) <= Decimal("1E-8")
    assert figure("share", a, b) == ratio


@given(money, money.filter(lambda value: value != 0), st.integers(1, 1000))
def test_a_ratio_has_no_currency(a: Decimal, b: Decimal, factor: int) -> None:
    assert figure("ratio", a * factor, b * factor) == figure("ratio", a, b)


def test_a_float_gives_the_figure_of_the_decimal_it_stands_for() -> None:
    assert figure("ratio", 0.1, 0.3) == figure("ratio", Decimal("0.1"), Decimal("0.3"))
