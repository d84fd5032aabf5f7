"""Phones as E.164: Chinese mobiles and landlines, numbers of other countries, and what is no number."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keguan.quality.phones import phone_sql

PIECES = [
    "+",
    "00",
    "86",
    "0",
    "138",
    "0013",
    "8000",
    "010",
    "0571",
    "8765",
    "4321",
    "44",
    "1",
    "-",
    " ",
    "(",
    ")",
    "(0)",
    "*",
    "x",
    "５",
    "．",
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=16),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.text("+0123456789- ()", max_size=18),
)


@pytest.mark.parametrize(
    "received",
    [
        "13800138000", "+8613800138000", "+86 138 0013 8000", "+86-138-0013-8000", "86-13800138000", "8613800138000",
        "008613800138000", "0086 138 0013 8000", "(86)13800138000", "(+86)13800138000", "138-0013-8000", "138 0013 8000",
        "1380013 8000", "013800138000", "１３８００１３８０００", "（８６）１３８００１３８０００", " 13800138000 ",
        "138－0013－8000",
    ],
)  # fmt: skip
def test_one_mobile_in_all_forms(read, received: str) -> None:
    assert read(phone_sql, [received]) == ["+8613800138000"]


@pytest.mark.parametrize(
    ("received", "number"),
    [
        ("010-12345678", "+861012345678"),
        ("(010)12345678", "+861012345678"),
        ("（010）1234-5678", "+861012345678"),
        ("01012345678", "+861012345678"),
        ("+86 10 12345678", "+861012345678"),
        ("+86 (0)10 1234 5678", "+861012345678"),
        ("+86-010-12345678", "+861012345678"),
        ("86-10-12345678", "+861012345678"),
        ("0571-87654321", "+8657187654321"),
        ("0379-6543210", "+863796543210"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("+85223456789", "+85223456789"),
    ],
)
def test_landlines_and_other_countries(read, received: str, number: str) -> None:
    assert read(phone_sql, [received]) == [number]


@pytest.mark.parametrize(
    "received",
    ["138****1234", "138****", "****1234", "138xxxx1234", "XXX-XXXX-1234", "138•••1234", "＊＊＊1234"],
)
def test_masked_is_nobody(read, received: str) -> None:
    assert read(phone_sql, [received]) == [None]


@pytest.mark.parametrize(
    "received",
    [
        "1-415-555-2671", "07911 123456", "13800138000.0", "1.38E+10", "400-123-4567", "95588", "010-12345678-801",
        "13800138000/13900139000", "1380013800", "12345678901", "026-12345678", "+123", "+86", "+", "0000000000",
        "+0013800138000", "电话13800138000", "未填",
    ],
)  # fmt: skip
def test_left_as_received(read, received: str) -> None:
    assert read(phone_sql, [received]) == [received]


def test_blank_is_null(read) -> None:
    assert read(phone_sql, ["", "  ", "　", None]) == [None] * 4


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
def test_never_invents_and_twice_is_once(read, texts: list[str]) -> None:
    once = read(phone_sql, texts)
    for received, found in zip(texts, once, strict=True):
        if found is None or found == received:
            continue
        assert re.fullmatch(r"\+[1-9][0-9]{7,14}", found)
        narrow = unicodedata.normalize("NFKC", received)
        own = found[3:] if found.startswith("+86") else found[1:]
        assert any(
            re.sub("[^0-9]", "", text).endswith(own) for text in (narrow, narrow.replace("(0)", "", 1))
        )
    assert read(phone_sql, once) == once
