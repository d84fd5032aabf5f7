"""Industries by GB/T 4754-2017: what is recognised, what is left as received, and that nothing is invented."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keguan.quality.industries import industry_sql
from keguan.schema.industries import INDUSTRY

SECTIONS = [code for code in INDUSTRY if len(code) == 1]
DIVISIONS = [code for code in INDUSTRY if len(code) == 3]
SAME_AS_SECTION = {"K70", "P83", "T97"}  # the only division of its section has the section's name

PIECES = [
    "制造业",
    "食品制造业",
    "软件",
    "IT",
    "C",
    "14",
    "c1411",
    "A14",
    "行业",
    "和",
    "、",
    "/",
    " ",
    "　",
    "Ｃ",
    "教育",
    "'",
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
)


def test_the_standard_is_complete() -> None:
    assert "".join(SECTIONS) == "ABCDEFGHIJKLMNOPQRST"
    assert [code[1:] for code in DIVISIONS] == [f"{number:02d}" for number in range(1, 98)]
    assert all(text.zh and text.en for text in INDUSTRY.values())


@pytest.mark.parametrize("variant", ["{}", " {} ", "{}行业"])
def test_official_names(read, variant: str) -> None:
    codes = [code for code in INDUSTRY if code not in SAME_AS_SECTION]
    assert read(industry_sql, [variant.format(INDUSTRY[code].zh) for code in codes]) == codes


def test_codes_with_their_names(read) -> None:
    for form in ("{code}", "{code} {name}", "{name}（{code}）", "{code}-{name}"):
        texts = [form.format(code=code, name=INDUSTRY[code].zh) for code in INDUSTRY]
        assert read(industry_sql, texts) == list(INDUSTRY)
    assert read(industry_sql, [code[1:] for code in DIVISIONS]) == DIVISIONS


def test_every_short_name_has_its_code(read) -> None:
    text = files("keguan.quality").joinpath("industries.toml").read_text(encoding="utf-8")
    expected = [(name, code) for code, names in tomllib.loads(text).items() for name in names]
    assert {code for _, code in expected} <= set(INDUSTRY)
    assert list(
        zip([name for name, _ in expected], read(industry_sql, [name for name, _ in expected]), strict=True)
    ) == (expected)


@pytest.mark.parametrize(
    ("received", "code"),
    [
        ("制造业", "C"),
        ("互联网/IT/软件", "I"),
        ("互联网", "I64"),
        ("软件", "I65"),
        ("教育", "P"),
        ("金融", "J"),
        ("零售", "F52"),
        ("批发与零售业", "F"),
        ("批发、零售业", "F"),
        ("房地产", "K"),
        ("医疗", "Q84"),
        ("餐饮", "H62"),
        ("物流", "G"),
        ("Ｃ１４", "C14"),
        ("c1411", "C14"),
        ("制造业/食品制造业", "C14"),
        ("Wholesale & Retail Trade", "F"),
        ("  ", None),
        ("", None),
        (None, None),
    ],
)
def test_by_hand(read, received: str | None, code: str | None) -> None:
    assert read(industry_sql, [received]) == [code]


@pytest.mark.parametrize(
    "received",
    [
        "A14",
        "C1",
        "U",
        "1411",
        "541",
        "00",
        "98",
        "-14",
        "1.4",
        "汽车",
        "医药",
        "服装",
        "食品",
        "农",
        "林",
        "金融/零售",
        "其他",
        "o'neil",
    ],
)
def test_left_as_received(read, received: str) -> None:
    assert read(industry_sql, [received]) == [received]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
def test_never_invents_and_twice_is_once(read, texts: list[str]) -> None:
    once = read(industry_sql, texts)
    for received, found in zip(texts, once, strict=True):
        assert found == received or found in INDUSTRY or (found is None and not received.strip())
    assert read(industry_sql, once) == once
