"""Terms stored in tables and shown to readers, complete in both languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

import pytest

from keguan.core.text import Text
from keguan.evidence.wording import vague_words
from keguan.schema import vocabulary
from keguan.schema.tables import ENTITIES
from keguan.schema.vocabulary import UNKNOWN, VOCABULARIES, shown

EVERY = pytest.mark.parametrize("terms", VOCABULARIES.values(), ids=VOCABULARIES)
HAN = re.compile("[\u4e00-\u9fff]")


@EVERY
def test_terms_read_in_both_languages(terms: Mapping[str, Text]) -> None:
    assert terms
    for stored, text in terms.items():
        assert stored.strip() == stored != ""
        assert text.zh.strip() == text.zh != ""
        assert text.en.strip() == text.en != ""
        assert not HAN.search(text.en), text
        assert text.zh == text.en or HAN.search(text.zh), text
        assert not vague_words(text.zh) + vague_words(text.en), text


@EVERY
def test_two_terms_never_read_the_same(terms: Mapping[str, Text]) -> None:
    # a reader could not tell them apart; names of one column under two keys are one term
    seen: dict[str, set[str]] = defaultdict(set)
    for text in terms.values():
        seen[text.zh].add(text.en)
        seen[text.en].add(text.zh)
    assert {text: others for text, others in seen.items() if len(others) > 1} == {}


def test_one_chinese_term_has_one_english_term() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for terms in VOCABULARIES.values():
        for text in terms.values():
            seen[text.zh].add(text.en.casefold().removesuffix("s"))  # a table and one of its rows
    assert {zh: en for zh, en in seen.items() if len(en) > 1} == {}


def test_tables_and_vocabularies_agree() -> None:
    labels = {item.label.zh: item.label.en for entity in ENTITIES.values() for item in entity.fields} | {
        entity.label.zh: entity.label.en for entity in ENTITIES.values()
    }
    for name, terms in VOCABULARIES.items():
        for text in terms.values():
            if text.zh in labels:
                found, expected = text.en.casefold(), labels[text.zh].casefold()
                assert found.removesuffix("s") == expected.removesuffix("s"), (name, text)


def test_every_vocabulary_of_the_module_is_listed() -> None:
    mappings = [
        value for name, value in vars(vocabulary).items()
        if name.isupper() and name != "VOCABULARIES" and isinstance(value, dict)
    ]  # fmt: skip
    assert all(any(value is listed for listed in VOCABULARIES.values()) for value in mappings)


def test_rfm_has_eight_classes_and_the_rest() -> None:
    assert len(VOCABULARIES["rfm_class"]) == 9
    assert {stored[:2] for stored in list(VOCABULARIES["rfm_class"])[:8]} == {"重要", "一般"}
    assert "未匹配" in VOCABULARIES["rfm_absolute"]
    assert set(VOCABULARIES["weekday"]) == {str(day) for day in range(1, 8)}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_term_is_shown(name: str) -> None:
    for stored, text in VOCABULARIES[name].items():
        assert shown(stored, name, "zh") == text.zh
        assert shown(stored, name, "en") == text.en


def test_the_unknown_is_shown_in_every_vocabulary() -> None:
    for name in (*VOCABULARIES, None):
        assert shown(UNKNOWN, name, "zh") == "待核实"
        assert shown(UNKNOWN, name, "en") == "To be verified"


def test_what_is_no_term_is_shown_as_it_is() -> None:
    assert shown("甲店", "rfm_class", "en") == "甲店"
    assert shown("甲店", None, "en") == "甲店"
    assert shown("甲店", "no such vocabulary", "en") == "甲店"
    assert shown("", "rfm_class", "zh") == ""
    # a term of one vocabulary is plain text in another
    assert shown("product", "weekday", "zh") == "product"


def test_a_province_has_its_english_name_wherever_it_stands() -> None:
    for name in (*VOCABULARIES, None):
        assert shown("四川", name, "en") == "Sichuan"
        assert shown("四川", name, "zh") == "四川"
