"""A text as numbers: hashed runs of one to three characters, the words of languages that write blanks, and what the
lexicon finds in it.

The hash is fixed arithmetic, the same on every machine; its width bounds memory whatever is written.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.language.normalise import normalise
from keguan.language.stem import stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BITS = 18
WIDTH = 1 << BITS
LONGEST_READ = 1_000  # characters; a model of sentiment learns nothing more from the rest of a long text
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
MARKS = (("praise", 1e-9), ("much praise", 1.5), ("blame", -1e-9), ("much blame", -1.5))
_MIX = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class Rows:
    """Distinct features of each text: `features[starts[i]:starts[i+1]]`, sorted."""

    starts: NDArray[np.int64]
    features: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def select(self, chosen: NDArray[np.int64]) -> Rows:
        """The rows at these places, in this order."""
        import numpy as np

        lengths = self.starts[chosen + 1] - self.starts[chosen]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        places = (
            np.arange(starts[-1]) - np.repeat(starts[:-1], lengths) + np.repeat(self.starts[chosen], lengths)
        )
        return Rows(starts, self.features[places])


def rows_of(texts: Sequence[str], weights: Sequence[float | None] | None = None) -> Rows:
    """The features of texts. `weights`: their weights by the lexicon, which help where few texts are scored."""
    import numpy as np

    spoken = weights or [None] * len(texts)
    found = [
        np.unique(np.concatenate((features_of(text), _weighed(weight))))
        for text, weight in zip(texts, spoken, strict=True)
    ]
    lengths = np.array([len(row) for row in found], dtype=np.int64)
    empty = np.empty(0, dtype=np.int32)
    return Rows(np.concatenate(([0], np.cumsum(lengths))), np.concatenate([empty, *found]))


def _weighed(weight: float | None) -> NDArray[np.int32]:
    """Features of praise and blame by the lexicon, in two steps each."""
    import numpy as np

    steps = [name for name, limit in MARKS if weight and weight * limit > 0 and abs(weight) >= abs(limit)]
    return np.array([zlib.crc32(f"\0{name}".encode()) % WIDTH for name in steps], dtype=np.int32)


def joined(parts: Sequence[Rows]) -> Rows:
    """Several groups of texts as one."""
    import numpy as np

    lengths = [np.diff(part.starts) for part in parts]
    starts = np.concatenate(([0], np.cumsum(np.concatenate([np.empty(0, dtype=np.int64), *lengths]))))
    return Rows(starts, np.concatenate([np.empty(0, dtype=np.int32), *(part.features for part in parts)]))


def features_of(text: str) -> NDArray[np.int32]:
    """Distinct hashed features of one text, sorted; none for a text without letters, digits or signs."""
    import numpy as np

    known = normalise(text[:LONGEST_READ])
    if not known:
        return np.empty(0, dtype=np.int32)
    codes = np.frombuffer(f" {known} ".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    parts = [_mixed(codes[codes != ord(" ")], 1)]
    with np.errstate(over="ignore"):
        for length in (2, 3):
            if len(codes) >= length:
                run = codes[: len(codes) - length + 1].copy()
                for ahead in range(1, length):
                    run = run * np.uint64(0x1000193) + codes[ahead : len(codes) - length + 1 + ahead]
                parts.append(_mixed(run, length))
    words = WORD.findall(known)
    if words:
        stems = [stem(word) for word in words]
        pairs = [f"{a} {b}" for a, b in itertools.pairwise(stems)]
        parts.append(np.array([zlib.crc32(w.encode()) % WIDTH for w in (*stems, *pairs)], dtype=np.int32))
    return np.unique(np.concatenate(parts))


def _mixed(runs: NDArray[np.uint64], length: int) -> NDArray[np.int32]:
    import numpy as np

    with np.errstate(over="ignore"):
        mixed = (runs + np.uint64(length << 56)) * np.uint64(_MIX)
        mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(_MIX)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int32)
