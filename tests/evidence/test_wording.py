"""Words that need a test, words that are never allowed, and words that only look like them."""

from __future__ import annotations

import pytest

from keguan.evidence.cells import Strength, Test
from keguan.evidence.wording import (
    GATED_EN,
    GATED_ZH,
    VAGUE_EN,
    VAGUE_ZH,
    broken_rules,
    denials,
    gated_words,
    vague_words,
)

PASSED, FAILED = Test("Newcombe", passed=True), Test("Newcombe", passed=False)


@pytest.mark.parametrize("word", GATED_ZH)
def test_every_comparing_word_is_found_in_chinese(word: str) -> None:
    assert word in gated_words(f"四川的复购率{word}其他省份")
    assert gated_words(f"四川的复购率为 32%（n = 955）{word}") == (word,)


@pytest.mark.parametrize("word", GATED_EN)
@pytest.mark.parametrize("sentence", ["the rate is {} in Sichuan", "{} rates", "The rate ({}).", "rate {}"])
def test_every_comparing_word_is_found_in_english(word: str, sentence: str) -> None:
    assert word in gated_words(sentence.format(word))
    assert word in gated_words(sentence.format(word.upper()))


@pytest.mark.parametrize("word", VAGUE_ZH)
def test_every_vague_word_is_found_in_chinese(word: str) -> None:
    assert word in vague_words(f"{word}客户会再次购买")


@pytest.mark.parametrize("word", VAGUE_EN)
def test_every_vague_word_is_found_in_english(word: str) -> None:
    assert word in vague_words(f"{word.capitalize()} will buy again")


@pytest.mark.parametrize(
    "text",
    [
        "大部分客户可能在 30 天左右复购",
        "复购率 30% 左右",
        "大概率会流失",
        "比较多的客户",
        "不可能再买",  # strong, and still nothing to check
        "Perhaps many customers buy often",
        "Roughly a third",
        "Most of the revenue",
    ],
)
def test_vague_sentences(text: str) -> None:
    assert vague_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "90 天内复购的可能性为 32.1%（n = 955）",  # a probability with its figure
        "尽可能在 7 天内回访",
        "样本不少于 30 单",  # at least 30
        "相较多渠道客户，单渠道客户的笔单价少 12.3 元",
        "页面左右两侧的横幅带来 12 单",
        "分为三类，共 12,345 位客户",
        "How many customers bought twice: 1,234",
        "how often they bought: 3.2 times",
        "twice as many orders as in May",
        "a many-to-many relation",
        "Germany brings 12% of revenue",  # 'many' inside another word
        "In May 2024 there were 120 orders",
        "softened",
    ],
)
def test_words_that_only_look_vague(text: str) -> None:
    assert vague_words(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "单价不低于 100 元的订单",  # a bound
        "得分不高于 3 的客户",
        "a score of 4 or higher",
        "orders of no lower than 100",
        "显著性水平为 5%",
        "提升度 3.2（同购 120 单）",  # lift
        "领先指标",
        "数据说明显示范围",
        "净销售额最高于 2024-11 达到 120.3万",
        "页面下滑动作 120 次",
        "the lower bound is 12.1%",
        "upper and lower limits: 12.1% and 14.5%",
        "customers with higher education: 1,234",
        "betterment, lowercase, followers",
        "净销售额增加 12.3%，客户多 120 位",  # facts of complete records
        "Net revenue increased by 12.3%, 120 more customers, 3% less returns",
    ],
)
def test_words_that_only_look_like_a_comparison(text: str) -> None:
    assert gated_words(text) == ()


@pytest.mark.parametrize("text", ["复购率不低于去年", "no lower than last year", "不低于同行的 30%"])
def test_not_below_another_figure_is_a_comparison(text: str) -> None:
    assert gated_words(text)


def test_two_words_are_not_joined_across_a_removed_phrase() -> None:
    assert gated_words("更相较好") == ()


@pytest.mark.parametrize("strength", ["tested", "estimate", "forecast", "recommendation"])
def test_a_comparison_needs_a_passed_test(strength: Strength) -> None:
    text = "四川的复购率显著高于其他省份"
    assert broken_rules(text, strength, PASSED) == ()
    assert broken_rules(text, strength, FAILED) == ("显著", "高于")
    assert broken_rules(text, strength, None) == ("显著", "高于")


def test_a_fact_compares_nothing_whatever_was_tested() -> None:
    assert broken_rules("significantly higher", "fact", PASSED) == ("significantly", "higher")


def test_no_test_makes_a_vague_word_clear() -> None:
    assert broken_rules("很多客户可能流失", "tested", PASSED) == ("可能", "很多")


@pytest.mark.parametrize(
    "text",
    [
        "净销售额无显著变化",
        "两组复购率差异不显著",
        "未见显著提升",
        "两组没有明显更高的一方",
        "该变化不具显著性",
        "no significant change",
        "The difference is not statistically significant",
        "not significantly higher",
        "The change isn't significant",
        "an insignificant change",
    ],
)
@pytest.mark.parametrize("strength", ["fact", "tested"])
def test_that_a_test_found_nothing_needs_a_test_that_found_nothing(text: str, strength: Strength) -> None:
    assert denials(text)
    assert broken_rules(text, strength, FAILED) == ()
    assert broken_rules(text, strength, None) == denials(text)
    assert broken_rules(text, strength, PASSED) == denials(text)


def test_a_denial_does_not_cover_what_stands_elsewhere() -> None:
    text = "客户数无显著变化，笔单价高于去年"
    assert broken_rules(text, "tested", FAILED) == ("高于",)


def test_the_lists_hold_each_word_once_and_no_word_is_in_two() -> None:
    words = (*GATED_ZH, *GATED_EN, *VAGUE_ZH, *VAGUE_EN)
    assert len(words) == len(set(words))
