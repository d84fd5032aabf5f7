"""A company's own matrix: names, priority, declared effects; what a stranger may have written into it."""

from __future__ import annotations

import pytest

from keguan.core.errors import UsageError
from keguan.marts.strategy_matrix import MOST_RULES, load, matrix_of, shipped, text_of_shipped
from keguan.schema.vocabulary import VOCABULARIES

ROW = """
[[rows]]
id = "best"
customers = "大客户"
need = "账期"
direction = "年度框架"
focus = "专人"
"""
RULE = '[[segments]]\nsegmentation = "rfm"\nlabel = "重要价值"\nrow = "best"\n'
LOST = '[[segments]]\nsegmentation = "lifecycle"\nlabel = "流失"\nmanner = "唤回"\n'


def test_the_shipped_text_reads_as_the_shipped_matrix() -> None:
    assert matrix_of(text_of_shipped()) == shipped() == matrix_of("  \n")


def test_names_of_the_shipped_strategies_have_both_languages() -> None:
    given = {rule.id for rule in shipped().rules if rule.segmentation in shipped().priority}
    assert given <= set(VOCABULARIES["strategy"])
    for rule in shipped().rules:
        if rule.segmentation == "rfm" and rule.row is not None and rule.manner is None:
            assert VOCABULARIES["strategy"][rule.id].zh == rule.row.customers.zh


def test_priority_is_as_stated_else_the_order_of_the_file() -> None:
    """covers: J1"""
    assert load(ROW + RULE + LOST).priority == ("rfm", "lifecycle")
    assert load('priority = ["lifecycle", "rfm"]\n' + ROW + RULE + LOST).priority == ("lifecycle", "rfm")
    assert load(ROW + '[[segments]]\nsegmentation = "note"\nlabel = "x"\nrow = "best"\n').priority == ()


def test_a_strategy_is_named_by_its_id_its_manner_or_its_row() -> None:
    matrix = load(ROW + RULE + 'id = "年框"\n' + LOST)
    assert [rule.id for rule in matrix.rules] == ["年框", "唤回"]
    assert load(ROW + RULE).rules[0].id == "大客户"


def test_a_declared_effect_is_the_segment_s_else_the_row_s() -> None:
    declared = 'expected = { low = 0.01, high = 0.03, basis = "同行" }\n'
    own = 'expected = { low = 0.05, high = 0.05, basis = "去年" }\n'
    by_row = load(ROW + declared + RULE).rules[0].expected
    assert by_row is not None
    assert (by_row.low, by_row.high, by_row.basis.zh) == (0.01, 0.03, "同行")
    by_segment = load(ROW + declared + RULE + own).rules[0].expected
    assert by_segment is not None
    assert by_segment.basis.zh == "去年"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('priority = ["rfn"]\n' + ROW + RULE, "rfn"),
        ('priority = ["rfm", "rfm"]\n' + ROW + RULE, "rfm"),
        ('priority = "rfm"\n' + ROW + RULE, "priority"),
        (ROW + RULE + 'id = "a/b"\n', "a/b"),
        (ROW + RULE + 'id = "未匹配"\n', "未匹配"),
        (ROW + RULE + f'id = "{"长" * 81}"\n', "长"),
        (ROW + RULE + "id = 3\n", "3"),
        (ROW + RULE.replace('row = "best"', "row = 3"), "row"),
        (ROW.replace('"账期"', '"账\\u202e期"') + RULE, "need"),
        (ROW.replace('"账期"', '"账 ¦ 期"') + RULE, "need"),
        (ROW + RULE + 'expected = { low = 2, high = 3, basis = "x" }\n', "expected"),
        (ROW + RULE + 'expected = { low = 0.3, high = 0.1, basis = "x" }\n', "expected"),
        (ROW + RULE + "expected = { low = 0.1, high = 0.2 }\n", "expected"),
        (ROW + RULE + 'expected = { low = nan, high = 0.1, basis = "x" }\n', "expected"),
        (ROW + RULE + LOST.replace('manner = "唤回"', 'id = "大客户"\nmanner = "唤回"'), "大客户"),
        (ROW + RULE * (MOST_RULES + 1), f"{MOST_RULES + 1}"),
        ("a = 1 #" + "x" * 100_001, "100,008"),
        ("a = " + "[" * 5000 + "]" * 5000, ""),
    ],
)
def test_what_a_stranger_wrote_is_refused_in_one_paragraph(text: str, found: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(text, "strategies.toml")
    assert found in str(caught.value.found)
    for language in ("zh", "en"):
        assert "\n" not in caught.value.paragraph(language)
