"""Which words a sentence may use: comparing words need a passed test, vague words are never allowed.

A sentence that says a test found nothing ('无显著变化', 'no significant change') needs a test that did not pass.
"""

from __future__ import annotations

import re
from functools import cache

from keguan.evidence.cells import Strength, Test

GATED_ZH = (
    "显著", "提升", "改善", "优于", "高于", "低于", "好于", "差于", "强于", "弱于", "更高", "更低", "更好", "更差",
    "恶化", "下滑", "领先", "明显", "快于", "慢于", "更快", "更慢",
)  # fmt: skip
GATED_EN = (
    "significant", "significantly", "improved", "improves", "improving", "improvement", "improvements",
    "higher", "lower", "better", "worse", "worsened", "worsens", "worsening", "outperform", "outperforms",
    "outperformed", "declined", "faster", "slower",
)  # fmt: skip
VAGUE_ZH = (
    "大部分", "大多数", "可能", "也许", "或许", "大概", "大约", "差不多", "左右", "较多", "较少", "一些", "若干",
    "很多", "不少", "普遍", "往往", "似乎", "众多", "许多", "大量", "少量", "部分客户", "基本上", "大体", "大致", "大幅",
    "小幅", "急剧", "激增", "猛增", "骤降", "暴跌", "通常", "一般来说", "总的来说", "经常", "常常", "偶尔", "几乎",
    "好像", "看来", "看起来", "较高", "较低", "较大", "较小", "非常", "极其",
)  # fmt: skip
VAGUE_EN = (
    "most customers",
    "most of",
    "maybe",
    "perhaps",
    "probably",
    "possibly",
    "might",
    "roughly",
    "approximately",
    "many",
    "a lot",
    "lots of",
    "several",
    "a few",
    "often",
    "numerous",
    "various",
    "the majority",
    "a majority",
    "some customers",
    "some of",
    "usually",
    "typically",
    "generally",
    "mostly",
    "largely",
    "rarely",
    "sometimes",
    "frequently",
    "likely",
    "seem",
    "seems",
    "seemed",
    "appears to",
    "apparently",
    "substantial",
    "substantially",
    "considerable",
    "considerably",
    "dramatic",
    "dramatically",
    "sharply",
    "huge",
    "massive",
    "notable",
    "notably",
    "relatively",
    "fairly",
    "quite",
)
# Words of movement: a passed test allows them, or the figures that they are the arithmetic of.
MOVING_ZH = ("上升", "下降", "增长", "回升", "回落", "走高", "走低", "增加", "减少", "上涨", "下跌")
MOVING_EN = (
    "rose",
    "rises",
    "risen",
    "fell",
    "fallen",
    "grew",
    "grown",
    "climbed",
    "dropped",
    "increased",
    "decreased",
    "increase",
    "decrease",
    "more than",
    "less than",
)
ABOUT = re.compile(r"大?约(?=\s*[\d{])|\b(?:about|around|nearly|almost|some)(?= [\d{])", re.IGNORECASE)  # fmt: skip

# Phrases that hold the letters of a listed word and say something else, checkable by itself.
HARMLESS = re.compile(
    "|".join((
        "可能性", "尽可能",  # a probability; as far as possible
        "不少于", r"不[高低]于(?=\s*[\d{])", r"\bno (?:higher|lower) than(?=\s*[\d{])",  # bounds: <= and >=
        r"\bor (?:higher|lower|better|worse)\b",  # 'a score of 4 or higher'
        r"\bmostly one-time buyers\b",  # a kind of business, with its threshold beside it
        r"\bfell silent\b",
        "提升度", "领先指标", "显著性(?:水平|检验)",  # terms of statistics
        r"\blower (?:bounds?|limits?|ends?|quartiles?)\b", r"\bhigher education\b",
        "[最提]高于", "[最降]低于", "明显示", "下滑动", "相较", "左右(?=[两侧手边])",  # other words that meet here
        r"\b(?:how|as) (?:many|often)\b", r"\bmany-to-(?:many|one)\b", r"\bone-to-many\b",
    )),
    re.IGNORECASE,
)  # fmt: skip

# A test was made and found nothing; a comparing word that follows belongs to the same denial.
DENIAL = re.compile(
    rf"(?:没有|未见|未达到?|不具有?|无|不|未)(?:显著|明显)(?:地)?(?:{'|'.join(GATED_ZH)})?"
    rf"|(?:\b(?:no|not|nor|never)|n't)(?: statistically)? significant(?:ly)?(?: (?:{'|'.join(GATED_EN)})\b|\b)"
    r"|\binsignificant(?:ly)?\b",
    re.IGNORECASE,
)
GAP = "\0"  # keeps what stood before and after a removed phrase from joining into a word


def gated_words(text: str) -> tuple[str, ...]:
    """Words in `text` that only a passed test allows."""
    return _found(DENIAL.sub(GAP, HARMLESS.sub(GAP, text)), GATED_ZH, GATED_EN)


def vague_words(text: str) -> tuple[str, ...]:
    """Words in `text` that say nothing that can be checked."""
    judged = HARMLESS.sub(GAP, text)
    return (*_found(judged, VAGUE_ZH, VAGUE_EN), *ABOUT.findall(judged))


def moving_words(text: str) -> tuple[str, ...]:
    """Words in `text` that say something has moved, or is more or less."""
    return _found(DENIAL.sub(GAP, HARMLESS.sub(GAP, text)), MOVING_ZH, MOVING_EN)


def denials(text: str) -> tuple[str, ...]:
    """Phrases in `text` that say a test found nothing."""
    return tuple(match.group() for match in DENIAL.finditer(HARMLESS.sub(GAP, text)))


def broken_rules(text: str, strength: Strength, test: Test | None, figures: int = 2) -> tuple[str, ...]:
    """The words that this sentence must not use, given what stands under it.

    `figures`: how many cells its figures rest on; one alone moves nowhere.
    """
    found = vague_words(text)
    if figures < 2 and (test is None or not test.passed):
        found += moving_words(text)
    if test is None or not test.passed or strength == "fact":
        found += gated_words(text)
    if test is None or test.passed:
        found += denials(text)
    return found


def _found(text: str, zh: tuple[str, ...], en: tuple[str, ...]) -> tuple[str, ...]:
    words = [word for word in zh if word in text]
    words += [word for word, whole in zip(en, _whole(en), strict=True) if whole.search(text)]
    return tuple(words)


@cache
def _whole(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Each word by itself: more of them than the library of patterns keeps at hand."""
    return tuple(re.compile(rf"\b{word}\b", re.IGNORECASE) for word in words)
