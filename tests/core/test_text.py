"""Texts in two languages and the one place that turns numbers into characters."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.core.text import (
    LANGUAGES,
    Language,
    Scalar,
    Text,
    Unit,
    format_value,
    grouped,
    money_short,
    rounded,
    same,
)

NUMERIC_UNITS: tuple[Unit, ...] = ("count", "number", "money", "share", "points", "ratio", "days")
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)
floats = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.one_of(decimals, floats, st.integers(-(10**18), 10**18))


def test_text_holds_both_languages() -> None:
    text = Text("共 {n} 位客户", "{n} customers")
    assert text.in_("zh") == "共 {n} 位客户"
    assert text.fill("zh", {"n": "1,234"}) == "共 1,234 位客户"
    assert text.fill("en", {"n": "1,234"}) == "1,234 customers"
    assert str(text) == "共 {n} 位客户"
    assert same("RFM") == Text("RFM", "RFM")


def test_a_name_that_is_not_given_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError, match="share"):
        Text("占 {share}", "{share}").fill("zh", {})


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert Text("商品「{p}」", "'{p}'").fill("zh", {"p": "{n}"}) == "商品「{n}」"


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        (0.5, 0, "1"),  # a banker's rounding would say 0
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (1.005, 2, "1.01"),  # the float is 1.00499…; its shortest form is what people wrote
        (Decimal("1.005"), 2, "1.01"),
        (Decimal("-1.005"), 2, "-1.01"),
        (0.1 + 0.2, 4, "0.3000"),
        (12345678.5, 0, "12345679"),
        (7, 2, "7.00"),
        (1234, -2, "1.2E+3"),
    ],
)
def test_half_is_rounded_up(value: float | Decimal, precision: int, expected: str) -> None:
    assert str(rounded(value, precision)) == expected


@pytest.mark.parametrize("value", [-0.0004, -0.0, Decimal("-0.00"), Decimal("-0.0004")])
def test_zero_has_no_sign(value: float | Decimal) -> None:
    assert str(rounded(value, 2)) == "0.00"
    assert format_value(value, "share", "zh") == "0.0%"
    assert format_value(value, "money", "zh") == "0.00"
    assert format_value(value, "points", "en") == "0.0 points"


@given(numbers, st.integers(0, 8))
def test_rounding_is_nearest_and_ties_go_away_from_zero(value: float | Decimal, precision: int) -> None:
    exact = Fraction(str(value))
    step = Fraction(1, 10**precision)
    expected = math.floor(abs(exact) / step + Fraction(1, 2)) * step
    assert abs(Fraction(rounded(value, precision))) == expected
    assert Fraction(rounded(value, precision)) * exact >= 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1e22, "10,000,000,000,000,000,000,000.00"), (-1e28, "-10" + ",000" * 9 + ".00"), (5e-324, "0.00")],
)
def test_floats_of_any_size_print(value: float, expected: str) -> None:
    assert format_value(value, "number", "en") == expected


def test_numbers_of_numpy_print_like_python_s_own() -> None:
    assert format_value(np.float64(0.125), "share", "zh") == "12.5%"
    assert str(rounded(np.float64(2.5), 0)) == "3"
    assert format_value(int(np.int64(1234)), "count", "en") == "1,234"


@given(st.one_of(decimals, st.integers(-(10**18), 10**18)))
def test_thousands_separators_read_back(value: Decimal | int) -> None:
    text = grouped(value)
    assert Decimal(text.replace(",", "")) == value
    whole = text.lstrip("-").split(".")[0].split(",")
    assert all(len(part) == 3 for part in whole[1:])
    assert 1 <= len(whole[0]) <= 3


@pytest.mark.parametrize("value", [Decimal("1E+3"), Decimal("1E-8")])
def test_no_exponent_is_ever_printed(value: Decimal) -> None:
    assert grouped(value) == {Decimal("1E+3"): "1,000", Decimal("1E-8"): "0.00000001"}[value]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("0", "0.00", "0.00"),
        ("12.345", "12.35", "12.35"),
        ("999.99", "999.99", "999.99"),
        ("999.996", "1,000", "1,000"),
        ("1000", "1,000", "1,000"),
        ("99999.49", "99,999", "99,999"),
        ("99999.99", "100,000", "100,000"),  # under 100,000: no 万
        ("100000", "10.0万", "100,000"),
        ("-100000", "-10.0万", "-100,000"),
        ("123456.789", "12.3万", "123,457"),
        ("125000", "12.5万", "125,000"),
        ("17431533.178", "1,743.2万", "17,431,533"),
        ("99999499.99", "9,999.9万", "99,999,500"),
        ("99999999", "1.00亿", "99,999,999"),  # never 10,000.0万
        ("100000000", "1.00亿", "100,000,000"),
        ("-2345678901.2", "-23.46亿", "-2,345,678,901"),
        ("1234567890123", "12,345.68亿", "1,234,567,890,123"),
    ],
)
def test_short_money_by_hand(value: str, zh: str, en: str) -> None:
    assert money_short(Decimal(value), "zh") == zh
    assert money_short(Decimal(value), "en") == en
    assert format_value(Decimal(value), "money", "zh", short=True) == zh
    assert format_value(float(value), "money", "en", short=True) == en


@given(numbers, st.sampled_from(NUMERIC_UNITS), st.sampled_from(LANGUAGES), st.booleans())
def test_wan_and_yi_are_for_short_chinese_money_from_100000_up(
    value: float | Decimal, unit: Unit, language: Language, short: bool
) -> None:
    text = format_value(value, unit, language, short=short)
    wanted = short and unit == "money" and language == "zh" and abs(Decimal(str(value))) >= 100_000
    assert (("万" in text) or ("亿" in text)) is wanted


@given(numbers, st.sampled_from(NUMERIC_UNITS), st.sampled_from(LANGUAGES), st.booleans())
def test_what_is_printed_is_a_plain_number(
    value: float | Decimal, unit: Unit, language: Language, short: bool
) -> None:
    text = format_value(value, unit, language, short=short)
    digits = text.removesuffix(" 个百分点").removesuffix(" points").rstrip("%万亿")
    number = Decimal(digits.replace(",", ""))
    assert "E" not in digits
    assert not digits.startswith("-0") or number != 0


@given(decimals)
def test_money_in_full_keeps_the_cent(value: Decimal) -> None:
    text = format_value(value, "money", "zh")
    assert Decimal(text.replace(",", "")) == rounded(value, 2)
    assert text == format_value(value, "money", "en")


@pytest.mark.parametrize(
    ("value", "unit", "precision", "zh", "en"),
    [
        (1067370, "count", None, "1,067,370", "1,067,370"),
        (-3, "count", None, "-3", "-3"),
        (17431533.178, "money", None, "17,431,533.18", "17,431,533.18"),
        (Decimal("0.005"), "money", None, "0.01", "0.01"),
        (0.33335, "share", None, "33.3%", "33.3%"),
        (0.3335, "share", None, "33.4%", "33.4%"),
        (1, "share", 0, "100%", "100%"),
        (-0.0266, "share", None, "-2.7%", "-2.7%"),
        (12.5, "share", None, "1,250.0%", "1,250.0%"),
        (0.1, "points", None, "10.0 个百分点", "10.0 points"),
        (-0.0123, "points", 2, "-1.23 个百分点", "-1.23 points"),
        (5.2, "ratio", 1, "5.2", "5.2"),
        (5.2, "ratio", None, "5.20", "5.20"),
        (30.5, "days", None, "31", "31"),
        (30.55, "days", 1, "30.6", "30.6"),
        (1234.5678, "number", None, "1,234.57", "1,234.57"),
        (True, "text", None, "是", "yes"),
        (False, "text", None, "否", "no"),
        (date(2011, 12, 9), "date", None, "2011-12-09", "2011-12-09"),
        (datetime(2011, 12, 9, 8, 5, 59), "datetime", None, "2011-12-09 08:05", "2011-12-09 08:05"),
        ("2011-12", "month", None, "2011-12", "2011-12"),
        ("1234567", "text", None, "1234567", "1234567"),  # an id is no number
    ],
)
def test_values_by_hand(value: Scalar, unit: Unit, precision: int | None, zh: str, en: str) -> None:
    assert format_value(value, unit, "zh", precision) == zh
    assert format_value(value, unit, "en", precision) == en


@pytest.mark.parametrize("unit", get_args(Unit))
@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("-Infinity")])
def test_what_is_missing_prints_as_a_dash(value: Scalar, unit: Unit) -> None:
    for language in LANGUAGES:
        assert format_value(value, unit, language) == "–"
        assert format_value(value, unit, language, short=True) == "–"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.sampled_from(NUMERIC_UNITS))
def test_a_float_prints_like_the_decimal_it_stands_for(value: Decimal, unit: Unit) -> None:
    assert format_value(float(value), unit, "zh", short=True) == format_value(value, unit, "zh", short=True)
