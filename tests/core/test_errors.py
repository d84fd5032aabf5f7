"""Every error is one paragraph in the user's language: what, where, found, allowed, what to do."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.core import errors
from keguan.core.errors import (
    DependencyError,
    InputError,
    KeguanError,
    ProofError,
    QuestionError,
    UsageError,
    Where,
    WorkspaceError,
)
from keguan.core.text import LANGUAGES, Language, Text

FULL = InputError(
    Text("日期无法识别", "A date cannot be read"),
    Where(file="订单.csv", row=0, column="下单时间"),
    found="13/25/2024",
    allowed=Text("年-月-日", "year-month-day"),
    do=Text("加上 --date-order", "give --date-order"),
)


def test_the_whole_paragraph_in_chinese() -> None:
    assert FULL.paragraph("zh") == (
        "日期无法识别。位置：文件 订单.csv，第 0 行，「下单时间」列。读到：13/25/2024。"
        "可接受：年-月-日。请这样做：加上 --date-order。"
    )


def test_the_whole_paragraph_in_english() -> None:
    assert FULL.paragraph("en") == (
        "A date cannot be read. Where: file 订单.csv, row 0, column '下单时间'. Found: 13/25/2024. "
        "Allowed: year-month-day. What to do: give --date-order."
    )
    assert str(FULL) == FULL.paragraph("en")


def test_what_is_not_known_is_left_out() -> None:
    bare = UsageError(Text("缺少文件", "A file is missing"))
    assert bare.paragraph("zh") == "缺少文件。"
    assert bare.paragraph("en") == "A file is missing."


def test_something_empty_is_said_to_be_empty() -> None:
    error = InputError(Text("编码为空", "No code"), found="")
    assert error.paragraph("zh") == "编码为空。读到：（空）。"
    assert error.paragraph("en") == "No code. Found: (nothing)."


def test_settings_and_variables_are_places_too() -> None:
    where = Where(variable="KEGUAN_THREADS", setting="threads")
    assert where.in_("zh") == "环境变量 KEGUAN_THREADS，设置 threads"
    assert where.in_("en") == "environment variable KEGUAN_THREADS, setting 'threads'"
    assert Where().in_("zh") == ""


@pytest.mark.parametrize("end", ["", "。", ".", "...", "？", "?", "!", "！", ". "])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_ends_twice(end: str, language: Language) -> None:
    text = Text(f"某事{end}", f"Something{end}")
    for parts in ({"found": f"x{end}"}, {"allowed": text}, {"do": text}, {}):
        paragraph = KeguanError(text, **parts).paragraph(language)
        assert not re.search(r"[。.？?！!]\s*[。.]", paragraph), paragraph
        assert re.search(r"[。.？?！!]$", paragraph)


@given(st.text(max_size=600), st.sampled_from(LANGUAGES))
def test_data_cannot_break_the_paragraph_or_drive_a_terminal(found: str, language: Language) -> None:
    error = InputError(Text("值有误", "A value is wrong"), Where(file=found, column=found), found=found)
    paragraph = error.paragraph(language)
    paragraph.encode("utf-8")  # undecodable bytes of a file name can be printed
    assert len(paragraph.splitlines()) == 1
    assert all(char.isprintable() or char.isspace() for char in paragraph if ord(char) < 0x80)
    assert "\x1b" not in paragraph


def test_a_long_value_is_cut() -> None:
    assert len(InputError(Text("长", "long"), found="x" * 10_000_000).paragraph("zh")) < 600


def test_exit_codes() -> None:
    what = Text("某事", "something")
    codes = {
        UsageError: 2, QuestionError: 3, InputError: 4, WorkspaceError: 4, DependencyError: 4, ProofError: 1,
        KeguanError: 4,
    }  # fmt: skip
    kinds = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, KeguanError)}
    assert kinds == set(codes)
    for kind, code in codes.items():
        assert kind(what).exit_code == code


def test_a_question_names_its_options() -> None:
    error = QuestionError(Text("日在前还是月在前", "Day first or month first"), options=("--date-order dmy",))
    assert error.options == ("--date-order dmy",)
    assert error.exit_code == 3


def test_errors_can_be_raised_and_carried_between_processes() -> None:
    with pytest.raises(KeguanError) as caught:
        raise FULL
    assert caught.value is FULL


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_comes_from_another_process_whole(language: Language) -> None:
    """However its parts were given."""
    parts = {
        "where": Where(row=3),
        "found": "x",
        "allowed": Text("整数", "integers"),
        "do": Text("改", "mend it"),
    }
    question = QuestionError(Text("哪种", "Which"), options=("--date-order dmy",))
    for error in (
        FULL,
        question,
        *(kind(what=Text("坏", "bad"), **parts) for kind in (InputError, ProofError)),
    ):
        there = pickle.loads(pickle.dumps(error))
        assert type(there) is type(error)
        assert there.paragraph(language) == error.paragraph(language)
        assert vars(there) == vars(error)
