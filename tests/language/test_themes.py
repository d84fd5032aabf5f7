"""Themes of texts and the texts as terms."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from keguan.language.corpus import Corpus
from keguan.language.stated_reasons import reasons
from keguan.language.themes import Themes, _association, _together, belonging, find_themes

FOOD = ("米饭", "牛肉", "辣椒", "蔬菜", "饺子")
PARCEL = ("快递员", "包裹", "物流", "仓库", "签收")
PHONE = ("宽带", "信号", "账单", "流量", "套餐")


def corpus(texts: list[str]) -> Corpus:
    found = Corpus()
    for text in texts:
        found.add(text)
    return found


def three_subjects(n: int = 300) -> list[str]:
    rng = random.Random(2)
    return [
        "，".join(rng.sample(rng.choice((FOOD, PARCEL, PHONE)), 3)) + f"。{number}" for number in range(n)
    ]


def words(found: Themes, terms_shown: tuple[str, ...]) -> list[set[str]]:
    return [{terms_shown[t] for t in theme.terms} for theme in found.themes]


def test_words_that_occur_together_are_one_theme() -> None:
    """covers: E7. Three subjects that never mix are three themes, whatever the number tried."""
    terms = corpus(three_subjects()).terms()
    found = find_themes(terms)
    groups = words(found, terms.shown)
    for subject in (FOOD, PARCEL, PHONE):
        assert sum(bool(group & set(subject)) for group in groups) >= 1
    for group in groups:
        assert sum(bool(group & set(subject)) for subject in (FOOD, PARCEL, PHONE)) == 1


def test_texts_belong_where_their_words_are() -> None:
    texts = [*three_subjects(), "天气晴朗", "米饭和宽带"]
    terms = corpus(texts).terms()
    found = find_themes(terms)
    member = np.array([belonging(terms, theme) for theme in found.themes])
    assert member[:, -2].sum() == 0
    assert member[:, -1].sum() >= 2
    for theme, mask in zip(found.themes, member, strict=True):
        shown = [terms.shown[t] for t in theme.terms]
        for text, inside in zip(texts, mask, strict=True):
            assert inside == any(word in text for word in shown)


def test_the_same_texts_give_the_same_themes() -> None:
    first, second = (find_themes(corpus(three_subjects()).terms()) for _ in range(2))
    assert first == second


def test_counts_of_pairs_are_those_of_the_texts() -> None:
    """An independent computation of the co-occurrences, and of one association by hand."""
    terms = corpus(three_subjects(40)).terms()
    chosen = np.arange(len(terms.shown))
    part = np.arange(len(terms)) % 2 == 0
    counts = _together(terms, chosen, part)
    table = np.zeros((len(terms), len(chosen)))
    for i in range(len(terms)):
        if part[i]:
            table[i, terms.of(i)] = 1
    assert np.array_equal(counts[:-1, :-1], table.T @ table)
    a, b = terms.shown.index("米饭"), terms.shown.index("牛肉")
    both, one, other, texts = counts[a, b], counts[a, a], counts[b, b], counts[-1, -1]
    information = np.log(both * texts / (one * other))
    discount = both / (both + 1) * min(one, other) / (min(one, other) + 1)
    wanted = max(information, 0) * discount if both > 1 else 0.0
    assert abs(_association(counts)[a, b] - wanted) < 1e-9


def test_phrases_are_words_that_mostly_stand_together() -> None:
    terms = corpus(["credit report wrong", "my credit report again", "the credit report", "credit report", "credit report error",
                    "report"]).terms()  # fmt: skip
    number = terms.shown.index("credit report")
    assert terms.texts[number] == 5
    assert terms.texts[terms.shown.index("report")] == 6


def test_copies_count_once_and_short_answers_always() -> None:
    """A long wording that comes again is a copy; 好吃 said twice is two customers."""
    spam = "点击链接领取优惠券，名额有限先到先得"
    found = corpus([spam, spam, "好吃米饭", "好吃米饭", spam + "！！！！！！"])
    assert found.copies == 1
    assert found.copied(2) == [(0, 2)]
    terms = found.terms()
    assert terms.texts[terms.shown.index("优惠券")] == 2
    assert terms.texts[terms.shown.index("米饭")] == 2


def test_too_few_words_make_no_theme() -> None:
    assert find_themes(corpus([]).terms()).themes == ()
    assert find_themes(corpus(["好", "", "😀", "a b c"]).terms()).themes == ()
    assert find_themes(corpus(["牛肉面"] * 50).terms()).themes == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=30))
def test_any_texts_can_be_read(texts: list[str]) -> None:
    terms = corpus(texts).terms()
    assert len(terms) == len(texts)
    assert len(terms.shown) == len(terms.phrase_of) == len(terms.texts)
    for theme in find_themes(terms).themes:
        assert belonging(terms, theme).sum() > 0


def test_a_text_of_a_megabyte_among_others() -> None:
    texts = [*three_subjects(60), "米饭 " * 300_000, "\u202eمرحبا", "😀" * 10_000]
    assert find_themes(corpus(texts).terms()).themes


def test_themes_of_complaints_in_english(data_sets: Path) -> None:
    """covers: E7. Fraud, payments and debt collection are subjects of their own in consumer complaints."""
    with gzip.open(
        data_sets / "cfpb_complaints" / "complaints_sample.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        texts = [row["Consumer complaint narrative"] for row in csv.DictReader(file)]
    read = corpus([text for text in texts if text])
    terms = read.terms()
    found = find_themes(terms)
    groups = words(found, terms.shown)
    assert 3 <= len(groups) <= 12
    assert any({"payment", "loan", "mortgage"} & group for group in groups)
    assert not any({"payment", "mortgage"} & group and {"fair credit", "fcra"} & group for group in groups)
    assert read.copies > 0
    covered = np.any([belonging(terms, theme) for theme in found.themes], axis=0)
    assert covered.mean() > 0.5


def test_themes_of_reviews_in_chinese(data_sets: Path) -> None:
    """covers: E7. Taste and delivery are different themes; spilled soup goes with bags."""
    with gzip.open(data_sets / "waimai_reviews_cn" / "waimai_10k.csv.gz", "rt", encoding="utf-8") as file:
        texts = [row["review"] for row in csv.DictReader(file)]
    terms = corpus(texts).terms()
    groups = words(find_themes(terms), terms.shown)
    assert any({"难吃", "味道"} & group for group in groups)
    assert any("洒" in group and {"汤", "袋子"} & group for group in groups)
    assert not any("难吃" in group and {"电话", "快递"} & group for group in groups)


def test_reasons_that_leavers_state() -> None:
    """covers: H3. Only texts that speak of leaving have reasons; several are possible, none is 'other'."""
    assert reasons("味道很好") is None
    assert reasons("太贵了，不续费了，换到别家") == ("price", "competitor")
    assert reasons("再也不来了") == ("other",)
    assert reasons("公司搬家了，不再合作") == ("no_need",)
    assert reasons("I cancelled my subscription because the app keeps crashing") == ("product",)
    assert reasons("Switched to another provider, too expensive") == ("price", "competitor")
    assert reasons("服務太差，以後不會再買") == ("service",)
    assert reasons("") is None
