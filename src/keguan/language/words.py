"""Terms of a text: its content words in Chinese and English, words next to each other, denied words marked.

Chinese is segmented by jieba-rs (`rjieba`, dictionary and hidden Markov model inside the package); kept are nouns,
verbs, adjectives and fixed phrases of two characters or more and a short list of single ones. Names of persons,
numbers, pronouns, adverbs and stop words are left out. English words are compared by stem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from keguan.language import stop_words
from keguan.language.normalise import normalise
from keguan.language.stem import stem

# Words of business that the dictionary cuts apart.
_ADDED = """
送餐员 配送员 外卖员 取件码 性价比 售后 售前 回访 对接人 客户经理 账单 宽带 网速 流量包 续费 退款 退换货 换货 开发票
自提 自提点 预约 上门 物流信息 尺码 色差 起球 电子发票 优惠券 满减 积分 会员卡 报价 交付 验收 响应速度 实施 私有化
数据迁移 接口文档
"""
RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:'[a-z]+)?|[^\s\u3400-\u9fffa-z]+")
DENIALS = frozenset(("不", "没", "没有", "不够", "不太", "不能", "不会", "未", "无", "不是", "不怎么"))
ENGLISH_DENIALS = frozenset(("not", "no", "never", "cannot", "without"))
_WHEN_DENIED = {"没": stop_words.CHINESE_WHEN_DENIED, "not": stop_words.ENGLISH_WHEN_DENIED}
# First letters of the word classes kept (nouns, verbs, adjectives, idioms, abbreviations, foreign, unknown);
# of nouns not the names of persons.
CLASSES = frozenset("nvailjzx")
PERSON = "nr"
SHORTEST_ENGLISH = 3
LONGEST_TERM = 24


@dataclass(frozen=True, slots=True)
class Term:
    """One content word: `key` compares, `shown` is read. `joins`: it follows the term before at once."""

    key: str
    shown: str
    joins: bool


def terms(text: str) -> list[Term]:
    """The content words in their order; none in a text without letters."""
    found: list[Term] = []
    joins, denial = False, ""
    for word, kept in _words(normalise(text)):
        if word in DENIALS or word in ENGLISH_DENIALS or word.endswith("n't"):
            denial, joins = ("not" if word.isascii() else _short(word)), False
            continue
        kept = kept or word in _WHEN_DENIED.get(denial, ())
        if not kept:
            joins, denial = False, ""
            continue
        key = stem(word) if word.isascii() else word
        if denial:
            key, word = (f"not {key}", f"not {word}") if denial == "not" else (denial + key, denial + word)
        if len(word) <= LONGEST_TERM:
            found.append(Term(key, word, joins))
        joins, denial = len(word) <= LONGEST_TERM, ""
    return found


def _short(denial: str) -> str:
    """没有送 and 没送 are one term."""
    return {"没有": "没", "不够": "不", "不太": "不", "不怎么": "不", "未": "没", "无": "没"}.get(
        denial, denial
    )


def _words(known: str) -> Iterator[tuple[str, bool]]:
    """Words and whether they are kept; anything between words, as a mark or number, is a word not kept."""
    for run in RUN.findall(known):
        if run[0] >= "\u3400":
            yield from _chinese(run)
        elif "a" <= run[0] <= "z":
            yield run.removesuffix("'s"), _keeps_english(run)
        else:
            yield run, False


@lru_cache(maxsize=8_192)
def _chinese(run: str) -> tuple[tuple[str, bool], ...]:
    """Words of a run without marks: feedback is full of the same short ones."""
    return tuple((word, _keeps(word, kind)) for word, kind in segmenter()(run))


@cache
def segmenter() -> Callable[[str], list[tuple[str, str]]]:
    """Cuts Chinese text into words with their class (n noun, nr name of a person, v verb ...)."""
    import rjieba

    for word in _ADDED.split():
        rjieba.add_word(word, None, "n")
    return rjieba.tag


@lru_cache(maxsize=65_536)
def _keeps(word: str, kind: str) -> bool:
    if word in stop_words.CHINESE_ALL:
        return False
    if len(word) == 1:
        return word in stop_words.CHINESE_SINGLE
    return kind[:1] in CLASSES and not kind.startswith(PERSON)


@lru_cache(maxsize=65_536)
def _keeps_english(word: str) -> bool:
    plain = word.removesuffix("'s")
    if "'" in plain or len(plain) < SHORTEST_ENGLISH:
        return False
    return plain not in stop_words.ENGLISH_ALL
