"""One form for the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.language.normalise import LONGEST, normalise, visible
from keguan.language.traditional import SIMPLIFIED_OF


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("這家餐廳的服務態度很差", "这家餐厅的服务态度很差"),
        ("好好好好好好好", "好好好"),
        ("don’t", "don't"),
        ("左\u202e右\u200b中\ufeff", "左右中"),
        ("a\x00b", "ab"),
        ("  一 \n\t 二 ", "一 二"),
        ("\ud800坏", "坏"),
        ("", ""),
        ("\u200b\u202e", ""),
    ],
)
def test_what_looks_alike_reads_alike(written: str, read: str) -> None:
    assert normalise(written) == read


def test_a_text_of_a_megabyte_is_read_to_its_limit() -> None:
    assert len(visible("字" * 1_000_000)) == LONGEST
    assert len(normalise("ab" * 500_000)) == LONGEST


@given(st.text())
def test_normalising_twice_changes_nothing_and_always_encodes(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    once.encode("utf-8")


def test_simplified_forms_are_not_traditional_themselves() -> None:
    assert not set(SIMPLIFIED_OF) & {ord(simple) for simple in SIMPLIFIED_OF.values()}
    assert len(SIMPLIFIED_OF) > 500
