"""The canonical tables: keys, types, privacy, and labels in both languages."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from keguan.schema.tables import CUSTOMERS, ENTITIES, RECEIVED, SQL_TYPES, Entity, personal_columns

EVERY = pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
HAN = re.compile("[\u4e00-\u9fff]")


@EVERY
def test_columns_have_one_name_and_a_type_each(entity: Entity) -> None:
    assert len(set(entity.names)) == len(entity.names)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in entity.names)
    assert set(entity.key) <= set(entity.names)
    assert entity.key
    assert all(item.type in SQL_TYPES for item in entity.fields)
    for name in entity.names:
        assert f"{name} {SQL_TYPES[entity.field(name).type]}" in entity.ddl()


@EVERY
def test_labels_read_in_both_languages(entity: Entity) -> None:
    for text in (entity.label, *(item.label for item in entity.fields)):
        assert text.zh.strip() == text.zh != ""
        assert text.en.strip() == text.en != ""
        assert HAN.search(text.zh), text
        assert not HAN.search(text.en), text
    labels = [item.label for item in entity.fields]
    assert len({label.zh for label in labels}) == len(labels)
    assert len({label.en for label in labels}) == len(labels)


def test_one_chinese_label_has_one_english_label() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for entity in ENTITIES.values():
        for item in entity.fields:
            seen[item.label.zh].add(item.label.en)
    assert {zh: en for zh, en in seen.items() if len(en) > 1} == {}


def test_one_column_name_has_one_type() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for entity in ENTITIES.values():
        for item in entity.fields:
            seen[item.name].add(item.type)
    # A segment's score may be a code such as 5-4-3, an answer's is a number.
    assert {name for name, types in seen.items() if len(types) > 1} == {"score"}


def test_an_unknown_column_is_named_with_its_table() -> None:
    with pytest.raises(KeyError, match=r"customers\.shoe_size"):
        CUSTOMERS.field("shoe_size")


def test_personal_data_live_in_few_tables() -> None:
    personal = set(personal_columns())
    assert {table for table, _ in personal} == {
        "customers", "customer_keys", "contact_persons", "events", "event_sessions", "feedback", "quarantine",
    }  # fmt: skip
    for column in ("customer_id", "name", "birth_date", "income", "gender"):
        assert ("customers", column) in personal
    assert ("customer_keys", "key_value") in personal
    assert ("quarantine", "raw") in personal
    assert ("customers", "province") not in personal


def test_every_received_table_says_where_its_rows_came_from() -> None:
    for entity in RECEIVED:
        assert {"source", "load_id", "source_row"} <= set(entity.names)
        assert any(item.required or item.name == "account_no" for item in entity.fields)
        assert not any(item.required and item.derived for item in entity.fields)


def test_money_has_four_decimals_in_sixty_four_bits() -> None:
    assert SQL_TYPES["decimal"] == "DECIMAL(18, 4)"
