"""Claims are checked: figures that exist, words that the test under them allows."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keguan.analysis import Analysis
from keguan.app.checking import checked, faults
from keguan.core.text import Text
from keguan.result import Cell, Claim, Column, Result, Table, Test

TABLE = Table(
    id="t",
    title=Text("表", "Table"),
    columns=(Column("k", Text("键", "Key"), "text", role="key"), Column("v", Text("值", "Value"), "count")),
    rows=pa.table({"k": ["a", "b"], "v": pa.array([3, None], pa.int64())}),
    key=("k",),
    sql="SELECT 1",
)
TEXTS = {
    "plain": Text("值为 {v}（n={n}，{base}）。", "The value is {v} (n={n}, {base})."),
    "higher": Text("值 {v} 高于去年。", "The value {v} is higher."),
    "vague": Text("大部分为 {v}。", "Most customers have {v}."),
    "label": Text("「{name}」的值为 {v}。", "{name} has {v}."),
}


def analysis() -> Analysis:
    return Analysis("x", Text("甲", "X"), Text("?", "?"), "data", dict, lambda i, p: Result("x"), TEXTS)


def claim(says: str, key: str = "a", **more: object) -> Claim:
    values = {"v": Cell("t", {"k": key}, "v")}
    return Claim(says, f"x/{says}", values, 40, Text("客户", "customers"), **more)


RESULT = Result("x", tables=(TABLE,))
PASSED = Test("Welch", passed=True, p=0.01)
FAILED = Test("Welch", passed=False, p=0.4)


def test_a_plain_sentence_stands() -> None:
    assert faults(RESULT, analysis(), claim("plain")) == ()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (claim("plain", key="b"), "null"),
        (claim("plain", key="zzz"), "t"),
        (claim("unknown"), "TEXT"),
        (claim("higher"), "高于"),
        (claim("higher", strength="tested", test=FAILED), "高于"),
        (claim("higher", strength="fact", test=PASSED), "高于"),
        (claim("vague"), "大部分"),
    ],
)
def test_a_sentence_that_cannot_stand_says_why(given: Claim, word: str) -> None:
    assert any(word in fault for fault in faults(RESULT, analysis(), given))


def test_a_passed_test_allows_the_word() -> None:
    assert faults(RESULT, analysis(), claim("higher", strength="tested", test=PASSED)) == ()


def test_words_of_the_data_are_not_held_against_the_sentence() -> None:
    named = claim("label", labels={"name": ("Better Lamp 显著", None)})
    assert faults(RESULT, analysis(), named) == ()


def test_what_cannot_stand_is_left_out_and_said() -> None:
    result = checked(Result("x", tables=(TABLE,), claims=(claim("plain"), claim("higher"))), analysis())
    assert [item.says for item in result.claims] == ["plain"]
    assert "x/higher" in result.notes[0].says.en
