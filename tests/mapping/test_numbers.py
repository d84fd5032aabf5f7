from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keguan.mapping.model import Mark
from keguan.mapping.numbers import decimal_mark, number_shape, numbers_from

_CONNECTION = duckdb.connect()


def read(cells: list[str], mark: Mark = ".") -> list[Decimal | None]:
    _CONNECTION.execute("CREATE OR REPLACE TABLE cells (i INTEGER, v VARCHAR)")
    _CONNECTION.executemany("INSERT INTO cells VALUES (?, ?)", list(enumerate(cells)))
    texts = numbers_from("(SELECT * FROM cells ORDER BY i)", ["v"], mark)
    return [row[0] for row in _CONNECTION.execute(f"SELECT v FROM {texts}").fetchall()]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.50", "1234.5"),
        ("１２３", "123"),
        ("￥1,200.00", "1200"),
        ("¥ -5", "-5"),
        ("RMB 300", "300"),
        ("300元", "300"),
        ("$1,234", "1234"),
        ("(12.5)", "-12.5"),
        ("（１２．５）", "-12.5"),
        ("12.5-", "-12.5"),
        ("−5", "-5"),
        ("12.5%", "0.125"),
        ("(5%)", "-0.05"),
        ("1.2万", "12000"),
        ("0.5亿", "50000000"),
        ("8折", "0.8"),
        ("5 000", "5000"),
        ("1'234.5", "1234.5"),
        ("1e3", "1000"),
        ("13085.0", "13085"),
        ("99999999999.5", "99999999999.5"),
    ],
)
def test_numbers_are_read_as_people_write_them(cell: str, value: str) -> None:
    assert read([cell]) == [Decimal(value)]


@pytest.mark.parametrize(
    "cell",
    ["1,5", "1.2.3", "abc", "12abc", "--5", "1,23,456", "1 2", "2024-03-05", "123456789012345678", "nan"],
)
def test_what_is_no_number_is_never_guessed(cell: str) -> None:
    assert read([cell]) == [None]


def test_a_decimal_comma_turns_the_marks_around() -> None:
    assert read(["1.234,50", "1,5", "1.234", "12,5-", "€ 12,50"], ",") == [
        Decimal("1234.5"),
        Decimal("1.5"),
        Decimal(1234),
        Decimal("-12.5"),
        Decimal("12.5"),
    ]
    assert read(["1,234.50"], ",") == [None]


def test_the_decimal_mark_is_told_by_the_cells_that_need_one() -> None:
    assert decimal_mark({"9,99": 5, "9.999": 10}) == ","
    assert decimal_mark({"9.99": 5, "9,999": 10}) == "."
    assert decimal_mark({"999": 5, "9,999": 10}) is None


@st.composite
def written(draw: st.DrawFn) -> tuple[str, Decimal]:
    """A number and one way to write it."""
    value = draw(st.decimals(min_value=-(10**9), max_value=10**9, places=draw(st.integers(0, 4))))
    body = f"{abs(value):,f}" if draw(st.booleans()) else f"{abs(value):f}"
    if draw(st.booleans()):
        body = body.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
    sign = draw(st.sampled_from(["", "¥", "$", "£", "￥ "]))
    if value < 0:
        form = draw(st.sampled_from(["-{}{}", "({}{})", "{}{}-", "{}-{}"]))
        return form.format(sign, body), value
    return draw(st.sampled_from(["{}{}", "+{}{}"])).format(sign, body), value


@settings(max_examples=60, deadline=None)
@given(st.lists(written(), min_size=1, max_size=20))
def test_every_way_of_writing_reads_back(pairs: list[tuple[str, Decimal]]) -> None:
    cells = [cell for cell, _ in pairs]
    exact = [value.quantize(Decimal("0.0001"), ROUND_HALF_UP) for _, value in pairs]
    assert read(cells) == exact
    for cell in cells:
        shape = "".join("9" if char.isdigit() else char for char in cell)
        assert number_shape(shape) is not None
