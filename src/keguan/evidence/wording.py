"""Which words a sentence may use: comparing words need a passed test, vague words are never allowed."""

from __future__ import annotations

import re

from keguan.evidence.cells import Strength, Test

GATED_ZH = ("显著", "提升", "改善", "优于", "高于", "低于", "好于", "差于", "恶化", "下滑", "领先", "明显")
GATED_EN = (
    "significant", "significantly", "improved", "improves", "improvement", "higher", "lower", "better",
    "worse", "worsened", "outperform", "outperforms", "declined",
)  # fmt: skip
VAGUE_ZH = ("大部分", "可能", "也许", "大概", "左右", "较多", "较少", "一些", "很多", "不少", "普遍", "往往")
VAGUE_EN = ("most customers", "maybe", "perhaps", "probably", "roughly", "many", "a lot", "several", "often")


def gated_words(text: str) -> tuple[str, ...]:
    """Words in `text` that only a passed test allows."""
    found = [word for word in GATED_ZH if word in text]
    found += [word for word in GATED_EN if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    return tuple(found)


def vague_words(text: str) -> tuple[str, ...]:
    """Words in `text` that say nothing that can be checked."""
    found = [word for word in VAGUE_ZH if word in text]
    found += [word for word in VAGUE_EN if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    return tuple(found)


def broken_rules(text: str, strength: Strength, test: Test | None) -> tuple[str, ...]:
    """The words that this sentence must not use, given what stands under it."""
    tested = test is not None and test.passed and strength != "fact"
    return vague_words(text) + (() if tested else gated_words(text))
