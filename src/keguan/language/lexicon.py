"""The sentiment lexicon as it is looked up: one entry a word or phrase, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from keguan.language import lexicon_en as en
from keguan.language import lexicon_zh as zh
from keguan.language.stem import stem

STRONG, PLAIN, MILD = 2.0, 1.0, 0.5
STRONGER, WEAKER = 1.5, 0.6


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word does: its own weight, and what it does to the word after it."""

    weight: float = 0.0
    negates: bool = False
    degree: float = 1.0
    contrast: bool = False
    concession: bool = False
    excess: bool = False  # a plain quality after it is a fault
    quality: bool = False  # a fault when there is too much of it

    @property
    def modifies(self) -> bool:
        """Whether it does something to the word after it."""
        return self.negates or self.degree != 1.0 or self.excess


@cache
def chinese() -> Mapping[str, Entry]:
    """Entries by the simplified word."""
    entries: dict[str, Entry] = {}
    for words, weight in (
        (zh.MILD_BLAME, -MILD), (zh.MILD_PRAISE, MILD), (zh.BLAME, -PLAIN), (zh.PRAISE, PLAIN),
        (zh.STRONG_BLAME, -STRONG), (zh.STRONG_PRAISE, STRONG), (zh.NEITHER, 0.0), (zh.TURNED_PRAISE, PLAIN),
    ):  # fmt: skip
        _put(entries, words.split(), weight=weight)
    _mark(entries, zh.NEGATIONS.split(), Entry(negates=True))
    _mark(entries, zh.STRONGER.split(), Entry(degree=STRONGER))
    _mark(entries, zh.WEAKER.split(), Entry(degree=WEAKER))
    _mark(entries, zh.EXCESS.split(), Entry(excess=True))
    _mark(entries, zh.FAULT_IN_EXCESS.split(), Entry(quality=True))
    _mark(entries, zh.CONTRAST.split(), Entry(contrast=True))
    _mark(entries, zh.CONCESSION.split(), Entry(concession=True))
    return entries


@cache
def english() -> Mapping[str, Entry]:
    """Entries by the words as written, and by the stems of single words that are not listed themselves."""
    entries: dict[str, Entry] = {}
    for words, weight in (
        (en.MILD_BLAME, -MILD), (en.MILD_PRAISE, MILD), (en.BLAME, -PLAIN), (en.PRAISE, PLAIN),
        (en.STRONG_BLAME, -STRONG), (en.STRONG_PRAISE, STRONG), (en.NEITHER, 0.0),
        (en.THANKS_FOR_NOTHING, -PLAIN), (en.TURNED_PRAISE, PLAIN),
    ):  # fmt: skip
        _put(entries, _phrases(words), weight=weight)
    _put(entries, (w for w in chinese() if w.isascii()), weight=None)
    _mark(entries, _phrases(en.NEGATIONS), Entry(negates=True))
    _mark(entries, _phrases(en.STRONGER), Entry(degree=STRONGER))
    _mark(entries, _phrases(en.WEAKER), Entry(degree=WEAKER))
    _mark(entries, _phrases(en.CONTRAST), Entry(contrast=True))
    _mark(entries, _phrases(en.CONCESSION), Entry(concession=True))
    for phrase, entry in list(entries.items()):
        if " " not in phrase:
            entries.setdefault(stem(phrase), entry)
    return entries


def longest_from(entries: Mapping[str, Entry]) -> Mapping[str, int]:
    """Characters of the longest entry that begins with a character; most characters begin none."""
    found: dict[str, int] = {}
    for word in entries:
        found[word[0]] = max(found.get(word[0], 0), len(word))
    return found


def _phrases(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " ").split(";") if part.strip()]


def _put(entries: dict[str, Entry], words: Iterable[str], weight: float | None) -> None:
    for word in words:
        entries[word] = chinese()[word] if weight is None else Entry(weight=weight)


def _mark(entries: dict[str, Entry], words: Iterable[str], mark: Entry) -> None:
    """Adds what a word does to the word after it to what it says itself."""
    for word in words:
        entry = entries.get(word, Entry())
        entries[word] = replace(
            entry,
            negates=entry.negates or mark.negates,
            degree=mark.degree if mark.degree != 1.0 else entry.degree,
            contrast=entry.contrast or mark.contrast,
            concession=entry.concession or mark.concession,
            excess=entry.excess or mark.excess,
            quality=entry.quality or mark.quality,
        )
