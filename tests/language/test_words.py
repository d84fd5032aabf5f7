"""Content words in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.language.stem import stem
from keguan.language.words import LONGEST_TERM, terms


def keys(text: str) -> list[str]:
    return [term.key for term in terms(text)]


def test_chinese_words_without_function_words_and_judgements() -> None:
    found = keys("这家店的服务态度很差，送餐员把汤洒了")
    assert "服务态度" in found
    assert "送餐员" in found
    assert "汤" in found
    assert not {"的", "很", "差", "这家", "把", "了"} & set(found)


def test_a_denied_word_is_a_term_of_its_own() -> None:
    assert "没送到" in keys("东西没送到")
    assert "没送到" in keys("东西没有送到")
    assert "不新鲜" in keys("蔬菜不新鲜")
    assert keys("I did not receive the parcel") == ["not receiv", "parcel"]
    assert keys("It never arrived") == ["not arriv"]


def test_traditional_and_simplified_are_one_word() -> None:
    assert keys("服務態度惡劣") == keys("服务态度恶劣")


def test_names_of_persons_and_numbers_are_no_terms() -> None:
    assert not [
        key
        for key in keys("李小明打了13812345678，订单A8891234")
        if "李" in key or any(c.isdigit() for c in key)
    ]


def test_english_words_meet_at_their_stem() -> None:
    assert keys("The charges were removed") == keys("the charge was removed")
    assert [term.shown for term in terms("Delivery drivers")] == ["delivery", "drivers"]
    assert "credit" in keys("My credit-report's wrong")


@pytest.mark.parametrize(
    ("word", "same"),
    [("charges", "charging"), ("charged", "charge"), ("companies", "company"), ("cancelled", "canceling"),
     ("boxes", "box"), ("delays", "delayed")],
)  # fmt: skip
def test_forms_of_a_word(word: str, same: str) -> None:
    assert stem(word) == stem(same)


@pytest.mark.parametrize("word", ["this", "news", "business", "bus", "need", "thing", "red"])
def test_words_that_only_look_inflected_stay(word: str) -> None:
    assert stem(word) == word


def test_joins_says_what_stands_side_by_side() -> None:
    first, second, third = terms("credit report, mortgage")
    assert (first.joins, second.joins, third.joins) == (False, True, False)


@given(st.text(max_size=200))
def test_anything_at_all_can_be_read(text: str) -> None:
    assert all(0 < len(term.shown) <= LONGEST_TERM + 4 for term in terms(text))
