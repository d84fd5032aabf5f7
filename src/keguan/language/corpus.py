"""Texts as sets of terms: words, and phrases of two words that belong together; numbers only, so many fit.

Texts are added group by group; of each only the numbers of its terms are kept, and the hash of its wording so
that equal texts are known.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.language.masking import masked
from keguan.language.normalise import normalise
from keguan.language.words import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 400  # content words of one text that are kept
PHRASE_TEXTS = 5  # texts that must hold a phrase
PHRASE_SHARE = 0.25  # of the texts with its rarer word
COPY_FROM = 15  # characters from which an equal text is a copy and not a common short answer


@dataclass(frozen=True)
class Terms:
    """Distinct terms of each text: `numbers[starts[i]:starts[i+1]]`, sorted; `shown[t]` is the term as read.

    `phrase_of[t]`: the two words of a phrase, else None. `texts[t]`: in how many texts it is.
    """

    starts: NDArray[np.int64]
    numbers: NDArray[np.int64]
    shown: tuple[str, ...]
    phrase_of: tuple[tuple[int, int] | None, ...]
    texts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, place: int) -> NDArray[np.int64]:
        """The terms of one text."""
        return self.numbers[self.starts[place] : self.starts[place + 1]]

    def having(self, chosen: Sequence[int]) -> NDArray[np.int64]:
        """How many of these terms each text has."""
        import numpy as np

        wanted = np.zeros(len(self.shown), dtype=np.int64)
        wanted[list(chosen)] = 1
        upto = np.concatenate(([0], np.cumsum(wanted[self.numbers])))
        found: NDArray[np.int64] = upto[self.starts[1:]] - upto[self.starts[:-1]]
        return found


class Corpus:
    """Collects texts. `add` in a fixed order; `terms` when all are there."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._forms: list[Counter[str]] = []
        self._rows: list[NDArray[np.int32]] = []  # term numbers; negative: follows the one before at once
        self._hashes: list[int] = []
        self._seen: dict[int, int] = {}
        self.copies = 0

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def wording(self) -> Sequence[int]:
        """A number for each text; equal texts have equal numbers."""
        return self._hashes

    def add(self, text: str) -> bool:
        """Takes a text in. False when it is a copy of an earlier one: its words are then not counted again."""
        import numpy as np

        known = normalise(text)
        wording = zlib.crc32(known.encode()) | len(known) << 32
        again = len(known) >= COPY_FROM and self._seen.get(wording, 0) > 0
        self._seen[wording] = self._seen.get(wording, 0) + 1
        self._hashes.append(wording)
        self.copies += again
        row = (
            []
            if again
            else [self._numbered(term.key, term.shown, term.joins) for term in terms(masked(text))[:LONGEST]]
        )
        self._rows.append(np.array(row, dtype=np.int32))
        return not again

    def copied(self, least: int) -> list[tuple[int, int]]:
        """(place of the first, how often) of wordings that came at least so often, longest runs first."""
        first: dict[int, int] = {}
        for place, wording in enumerate(self._hashes):
            first.setdefault(wording, place)
        found = [
            (first[wording], count)
            for wording, count in self._seen.items()
            if count >= least and wording >> 32 >= COPY_FROM
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _numbered(self, key: str, shown: str, joins: bool) -> int:
        number = self._number.setdefault(key, len(self._number))
        if number == len(self._forms):
            self._forms.append(Counter())
        self._forms[number][shown] += 1
        return -number - 1 if joins else number + 1

    def terms(self) -> Terms:
        """Words and phrases of all texts."""
        import numpy as np

        lengths = np.array([len(row) for row in self._rows], dtype=np.int64)
        owner = np.repeat(np.arange(len(self._rows)), lengths)
        signed = np.concatenate([np.empty(0, dtype=np.int32), *self._rows]).astype(np.int64)
        words = np.abs(signed) - 1
        count = len(self._forms)
        texts = np.bincount(_distinct(owner, words, count) % max(count, 1), minlength=count)
        joined = np.flatnonzero(signed[1:] < 0)
        joined = joined[owner[joined] == owner[joined + 1]]
        pairs = words[joined] * count + words[joined + 1]
        names, at = np.unique(pairs, return_inverse=True)
        in_texts = np.bincount(
            _distinct(owner[joined], at, len(names)) % max(len(names), 1), minlength=len(names)
        )
        first, second = names // max(count, 1), names % max(count, 1)
        rarer = np.minimum(texts[first], texts[second])
        kept = (in_texts >= PHRASE_TEXTS) & (in_texts >= PHRASE_SHARE * rarer) & (first != second)
        number = np.where(kept, count + np.cumsum(kept) - 1, -1)[at]
        is_phrase = number >= 0
        every = _distinct(
            np.concatenate((owner, owner[joined[is_phrase]])), np.concatenate((words, number[is_phrase])),
            count + int(kept.sum()),
        )  # fmt: skip
        return self._made(every, count, first[kept], second[kept])

    def _made(
        self, every: NDArray[np.int64], count: int, first: NDArray[np.int64], second: NDArray[np.int64]
    ) -> Terms:
        import numpy as np

        width = max(count + len(first), 1)
        pairs = [(int(a), int(b)) for a, b in zip(first, second, strict=True)]
        single = [_commonest(forms) for forms in self._forms]
        shown = [*single, *(_phrase(single[a], single[b]) for a, b in pairs)]
        starts = np.searchsorted(every, np.arange(len(self._rows) + 1) * width)
        return Terms(
            starts, every % width, tuple(shown), (*[None] * count, *pairs),
            np.bincount(every % width, minlength=width)[: len(shown)],
        )  # fmt: skip


def _distinct(owner: NDArray[np.int64], items: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Distinct (owner, item), each as one number, sorted."""
    import numpy as np

    return np.unique(owner * max(width, 1) + items)


def _commonest(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], len(form), form))


def _phrase(a: str, b: str) -> str:
    return f"{a} {b}" if a[-1].isascii() or b[0].isascii() else a + b
