"""A quotation: the sentence that speaks of the subject, verbatim but for personal data, shortened at its ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keguan.language.masking import HIDDEN, SURNAMES, masked
from keguan.language.normalise import BLANKS, normalise, visible
from keguan.language.words import PERSON, segmenter

LONGEST = 80  # columns: a Chinese character takes two
SENTENCE = re.compile(r"[^。！？!?\n；;.]+[。！？!?；;.…]*")
HAN = re.compile(r"[\u3400-\u9fff]+")
PERSON_LONGEST = 3


def quotation(text: str, about: Sequence[str] = (), longest: int = LONGEST * 2) -> str:
    """The first sentences that name a term of `about`, else the first ones; cut ends show as an ellipsis."""
    plain = BLANKS.sub(" ", without_names(masked(visible(text)))).strip()
    if width(plain) <= longest:
        return plain
    sentences = [part.strip() for part in SENTENCE.findall(plain) if part.strip()] or [plain]
    known = [normalise(sentence) for sentence in sentences]
    first = next((i for i, line in enumerate(known) if any(term in line for term in about)), 0)
    said, last = sentences[first], first
    while last + 1 < len(sentences) and width(said) + width(sentences[last + 1]) + 1 <= longest:
        last += 1
        said = f"{said}{'' if HAN.search(said[-2:]) else ' '}{sentences[last]}"
    ahead = "…" if first else ""
    if width(said) > longest:
        return ahead + _around(said, about, longest)
    return f"{ahead}{said}{'…' if last + 1 < len(sentences) else ''}"


def width(text: str) -> int:
    """Columns that a text takes: two for a Chinese character."""
    return sum(2 if character >= "\u2e80" else 1 for character in text)


def without_names(text: str) -> str:
    """Names of persons that the dictionary knows as such and that begin with a common surname, masked."""
    return HAN.sub(lambda run: _unnamed(run.group()), text) if HAN.search(text) else text


def _unnamed(run: str) -> str:
    return "".join(
        HIDDEN
        if kind.startswith(PERSON) and 2 <= len(word) <= PERSON_LONGEST and word[0] in SURNAMES
        else word
        for word, kind in segmenter()(run)
    )


def _around(said: str, about: Sequence[str], longest: int) -> str:
    """A piece of one long sentence, beginning a little before the first term."""
    line = said.lower()
    places = [line.find(term) for term in about if term in line]
    start = max(0, min(places, default=0) - longest // 6)
    if start:
        blank = said.find(" ", start, start + 12)
        start = blank + 1 if blank >= 0 else start
    piece, columns = "", 0
    for character in said[start:]:
        columns += 2 if character >= "\u2e80" else 1
        if columns > longest:
            piece += "…"
            break
        piece += character
    return ("…" if start else "") + piece
