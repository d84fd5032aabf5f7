"""Sentiment of a text by words that praise or blame: for workspaces with too few scored texts to learn from.

A word counts with its weight, times the degree before it (非常 1.5, 有点 0.6), turned by a negation (praise into
blame of 0.8, blame into praise of 0.5), clause by clause. After 但是/but the clauses before count 0.6 and those
after 1.3; a clause with 虽然/although counts half. Above 0 the text praises, below it blames; a text without
such a word is left undecided. Follows the scheme of Taboada et al. (2011); the words are Keguan's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from keguan.language.emoji import NAMED, WEIGHTS
from keguan.language.lexicon import Entry, chinese, english, longest_from
from keguan.language.normalise import normalise
from keguan.language.stem import stem

PRAISE_DENIED, BLAME_DENIED = -0.8, -0.5  # 'not good' is nearly bad; 'not bad' is half good
BEFORE_CONTRAST, AFTER_CONTRAST, CONCEDED = 0.6, 1.3, 0.5
REACH = 3  # characters or words that may stand between a negation or degree and its word
LONGEST_PHRASE = 5  # words
QUESTIONS = re.compile(r"\?{2,}")

SENTENCE = re.compile(r"[.。!！\n]+|…+")
CLAUSE = re.compile(r"[,，;；、:：?？~～()（）\"“”\s]+(?![a-z0-9'])|[,，;；、:：?？~～()（）\"“”]+")
RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9][a-z0-9'\- ]*")
WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
NAMED_PICTURE = re.compile(r"\[([^\[\]\s]{1,4})\]")


class _Reading:
    """Adds up one text; knows what the words read so far do to the next one."""

    def __init__(self) -> None:
        self.total = 0.0
        self.hits = 0
        self._sentence = 0.0
        self._factor = 1.0
        self._clause_factor = 1.0
        self._forget()

    def _forget(self) -> None:
        self._degree, self._negated, self._excess, self._gap = 1.0, False, False, 0

    def nothing(self) -> None:
        """A character or word that is no entry."""
        self._gap += 1
        if self._gap > REACH:
            self._forget()

    def entry(self, entry: Entry, modifies: bool) -> None:
        """One entry; `modifies`: it stands before a word that it strengthens, weakens or turns."""
        if entry.contrast:
            self._sentence *= BEFORE_CONTRAST
            self._factor = AFTER_CONTRAST
        if entry.concession:
            self._clause_factor = CONCEDED
        if modifies:
            self._degree *= entry.degree
            self._negated ^= entry.negates
            self._excess |= entry.excess
            self._gap = 0
        elif entry.quality and self._excess and not self._negated and entry.weight <= 0:
            self._count(-1.0)
        elif entry.weight:
            self._count(entry.weight)
        else:
            self._forget()

    def _count(self, weight: float) -> None:
        value = weight * self._degree
        if self._negated:
            value *= PRAISE_DENIED if weight > 0 else BLAME_DENIED
        self.plain(value)
        self._forget()

    def plain(self, value: float) -> None:
        """A weight as it is."""
        self.hits += 1
        self._sentence += value * self._factor * self._clause_factor

    def end_clause(self) -> None:
        """A comma: negations reach no further."""
        self._clause_factor = 1.0
        self._forget()

    def end_sentence(self) -> None:
        """A full stop: contrasts reach no further."""
        self.end_clause()
        self.total += self._sentence
        self._sentence, self._factor = 0.0, 1.0


def lexicon_score(text: str) -> float | None:
    """Sum of the weights found, above 0 for praise; None when no word of the lexicon is in the text."""
    reading = _Reading()
    known = normalise(text)
    for sentence in SENTENCE.split(known):
        for clause in CLAUSE.split(sentence):
            _read_clause(reading, clause)
            reading.end_clause()
        _read_pictures(reading, sentence)
        reading.end_sentence()
    if not reading.hits:
        return None
    if QUESTIONS.search(known):
        reading.total -= 0.5
    return reading.total


def _read_clause(reading: _Reading, clause: str) -> None:
    for run in RUN.finditer(clause):
        found = run.group()
        if found[0] >= "\u3400":
            _read(reading, found, chinese(), LONGEST_FROM)
        else:
            _read_english(reading, WORD.findall(found))


def _read(reading: _Reading, run: str, entries: Mapping[str, Entry], longest: Mapping[str, int]) -> None:
    place = 0
    while place < len(run):
        word = _longest_at(run, place, entries, longest)
        if word is None:
            reading.nothing()
            place += 1
            continue
        entry = entries[word]
        place += len(word)
        following = entries.get(_longest_at(run, place, entries, longest) or "")
        if len(word) > 1 and word.endswith("好") and following and following.weight < 0:
            entry = entries["好"]  # 服务好差: 好 belongs to what follows
        reading.entry(entry, _modifies(entry, following))


def _longest_at(run: str, place: int, entries: Mapping[str, Entry], longest: Mapping[str, int]) -> str | None:
    most = longest.get(run[place], 0) if place < len(run) else 0
    for length in range(min(most, len(run) - place), 0, -1):
        word = run[place : place + length]
        if word in entries:
            return word
    return None


def _modifies(entry: Entry, following: Entry | None) -> bool:
    """A word with a meaning of its own (好, 有点) modifies only what follows at once; others wait for it."""
    if not entry.modifies:
        return False
    if not entry.weight:
        return True
    return following is not None and bool(following.weight or following.quality)


def _read_english(reading: _Reading, words: Sequence[str]) -> None:
    entries = english()
    place = 0
    while place < len(words):
        entry, length = _phrase_at(words, place, entries)
        if entry is None:
            reading.nothing()
            place += 1
            continue
        place += length
        following, _ = _phrase_at(words, place, entries) if entry.modifies else (None, 0)
        reading.entry(entry, _modifies(entry, following))


def _phrase_at(words: Sequence[str], place: int, entries: Mapping[str, Entry]) -> tuple[Entry | None, int]:
    for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
        entry = entries.get(" ".join(words[place : place + length]))
        if entry is not None:
            return entry, length
    return entries.get(stem(words[place])) if place < len(words) else None, 1


def _read_pictures(reading: _Reading, sentence: str) -> None:
    for character in sentence:
        if character in WEIGHTS:
            reading.plain(WEIGHTS[character])
    for name in NAMED_PICTURE.findall(sentence):
        if name in NAMED:
            reading.plain(NAMED[name])


LONGEST_FROM = longest_from(chinese())
