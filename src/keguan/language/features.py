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
    """The features of texts. `weights`: their weights by the lexicon, which help where few texts are scored.

    All texts are hashed at once; memory goes with their number times `LONGEST_READ` at most.
    """
    import numpy as np

    known = [normalise(text[:LONGEST_READ]) for text in texts]
    owners, features = zip(_runs(known), _listed(known, weights or [None] * len(known)), strict=True)
    pairs = np.unique(np.concatenate(owners) << BITS | np.concatenate(features))
    starts = np.searchsorted(pairs, np.arange(len(texts) + 1, dtype=np.int64) << BITS)
    return Rows(starts, (pairs & (WIDTH - 1)).astype(np.int32))


def joined(parts: Sequence[Rows]) -> Rows:
    """Several groups of texts as one."""
    import numpy as np

    lengths = [np.diff(part.starts) for part in parts]
    starts = np.concatenate(([0], np.cumsum(np.concatenate([np.empty(0, dtype=np.int64), *lengths]))))
    return Rows(starts, np.concatenate([np.empty(0, dtype=np.int32), *(part.features for part in parts)]))


def features_of(text: str) -> NDArray[np.int32]:
    """Distinct hashed features of one text, sorted; none for a text without letters, digits or signs."""
    return rows_of([text]).features


Owned = tuple["NDArray[np.int64]", "NDArray[np.int64]"]  # places of texts, and a feature of each


def _runs(known: Sequence[str]) -> Owned:
    """Runs of one to three characters, a blank at both ends of each text; a blank alone is none."""
    import numpy as np

    padded = [f" {text} " if text else "" for text in known]
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(known)), [len(text) for text in padded])
    single = codes != ord(" ")
    owners, features = [owner[single]], [_mixed(codes[single], 1)]
    run = codes
    for length in (2, 3):
        with np.errstate(over="ignore"):
            run = run[:-1] * np.uint64(0x1000193) + codes[length - 1 :]
        inside = owner[: len(run)] == owner[length - 1 :]
        owners.append(owner[: len(run)][inside])
        features.append(_mixed(run[inside], length))
    return np.concatenate(owners), np.concatenate(features)


def _listed(known: Sequence[str], weights: Sequence[float | None]) -> Owned:
    """Words of languages that write blanks, words side by side, and praise and blame by the lexicon in two steps."""
    import numpy as np

    owners, features = [], []
    for place, (text, weight) in enumerate(zip(known, weights, strict=True)):
        stems = [stem(word) for word in WORD.findall(text)]
        found = [*stems, *(f"{a} {b}" for a, b in itertools.pairwise(stems))]
        if weight:
            found += [
                f"\0{name}" for name, limit in MARKS if weight * limit > 0 and abs(weight) >= abs(limit)
            ]
        owners += [place] * len(found)
        features += [zlib.crc32(word.encode()) % WIDTH for word in found]
    return np.array(owners, dtype=np.int64), np.array(features, dtype=np.int64)


def _mixed(runs: NDArray[np.uint64], length: int) -> NDArray[np.int64]:
    import numpy as np

    with np.errstate(over="ignore"):
        mixed = (runs + np.uint64(length << 56)) * np.uint64(_MIX)
        mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(_MIX)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)
