"""Sentiment by the lexicon: cases worked by hand, and a set that it was not written for."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.language.lexicon import chinese, english
from keguan.language.lexicon_sentiment import lexicon_score


# Weights: 2 strong, 1 plain, 0.5 mild; 1.5 and 0.6 for degree; denied praise -0.8, denied blame 0.5; before a
# contrast 0.6, after it 1.3; conceded 0.5.
@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("味道不错", 1.0),
        ("不是很满意", -0.8),  # 不是很 denies, 满意 is plain praise
        ("没那么好吃", -0.8),
        ("好慢", -1.5),
        ("味道好，但是送餐太慢了", 0.5 * 0.6 - 2.0 * 1.3),
        ("非常满意👍", 2.0 + 1.0),
        ("有点辣", -0.6),
        ("這家餐廳太難吃了", -2.0),
        ("Not good", -1.0),
        ("I don't like it", -0.8),
        ("Great service but the delivery was late", 1.0 * 0.6 - 1.0 * 1.3),
        ("very helpful", 1.5),
        ("thanks for nothing", -1.0),
        ("ＧＯＯＤ", 1.0),
        ("[怒]", -1.0),
    ],
)
def test_hand_worked_weights(text: str, score: float) -> None:
    assert lexicon_score(text) == pytest.approx(score)


@pytest.mark.parametrize(
    "text",
    ["很好，下次还来", "不贵，质量好", "没有异味，做工精细", "难得的好店", "物美价廉", "No problems, works well",
     "not bad at all", "exceeded my expectations", "虽然有点贵，但是很好吃", "客服很耐心，问题解决了"],
)  # fmt: skip
def test_praise(text: str) -> None:
    score = lexicon_score(text)
    assert score is not None
    assert score > 0


@pytest.mark.parametrize(
    "text",
    ["等了两个小时", "客服一直没有回复", "不新鲜", "再也不来了", "味道一般", "Never again", "still waiting for my refund",
     "the app keeps crashing", "不推荐", "服务好差", "物流不快", "扣费不透明，骗人"],
)  # fmt: skip
def test_blame(text: str) -> None:
    score = lexicon_score(text)
    assert score is not None
    assert score < 0


@pytest.mark.parametrize("text", ["", "无", "12345", "贵公司的产品", "快递", "香港", "。。。", "مرحبا"])
def test_texts_that_say_neither(text: str) -> None:
    assert not lexicon_score(text)


def test_both_languages_are_broad_and_balanced() -> None:
    for entries in (chinese(), english()):
        praise = sum(entry.weight > 0 for entry in entries.values())
        blame = sum(entry.weight < 0 for entry in entries.values())
        assert min(praise, blame) > 200


@given(st.text(max_size=300))
def test_any_text_has_a_finite_score_or_none(text: str) -> None:
    score = lexicon_score(text)
    assert score is None or abs(score) < 10_000


def test_a_megabyte_is_read_in_no_time() -> None:
    assert lexicon_score("好吃" * 500_000) is not None


def test_balanced_accuracy_on_reviews_it_was_not_written_for(data_sets: Path) -> None:
    """covers: E7. At least .75, texts without a word of the lexicon counted half; at least .9 have one."""
    right: dict[bool, list[float]] = {True: [], False: []}
    known = 0
    with gzip.open(data_sets / "waimai_reviews_cn" / "waimai_10k.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            praises, score = row["label"] == "1", lexicon_score(row["review"])
            known += score is not None
            right[praises].append(0.5 if not score else float((score > 0) == praises))
    shares = [sum(values) / len(values) for values in right.values()]
    assert sum(shares) / 2 >= 0.75
    assert known / sum(map(len, right.values())) >= 0.9


def test_complaints_in_english_are_mostly_blame(data_sets: Path) -> None:
    """covers: E7. Every narrative is a complaint: at least nine in ten of those with a word of the lexicon blame."""
    with gzip.open(
        data_sets / "cfpb_complaints" / "complaints_sample.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        texts = [row["Consumer complaint narrative"] for row in csv.DictReader(file)]
    scores = [score for text in texts if text and (score := lexicon_score(text))]
    assert len(scores) > 1_300
    assert sum(score < 0 for score in scores) / len(scores) >= 0.9
