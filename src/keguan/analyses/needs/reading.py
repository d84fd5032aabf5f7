"""One pass over the texts: words, features, scores; of a text nothing longer than numbers is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from keguan.analyses.needs.texts import Plan, fetched
from keguan.analysis import Inputs
from keguan.language.corpus import Corpus
from keguan.language.features import Rows, joined, rows_of
from keguan.language.lexicon_sentiment import lexicon_score
from keguan.language.normalise import LONGEST, RECENT, normalise
from keguan.language.stated_reasons import reasons

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSIONS = ("kind", "product", "region", "channel", "topic", "segment")

# Scores that praise (from) and that blame (up to), by scale.
SCALES: Mapping[str, tuple[float, float]] = {"csat5": (4, 2), "nps": (9, 6), "ces7": (5, 3)}
YES_NO = (1, 0)

SCALES_SQL = """
SELECT scale, min(CAST(score AS DOUBLE)) AS low, max(CAST(score AS DOUBLE)) AS high, count(*) AS texts
FROM feedback
WHERE score IS NOT NULL AND text IS NOT NULL AND trim(text) <> ''
GROUP BY scale
"""


@dataclass
class Read:
    """What is kept of the texts, one entry a text in their order.

    `score`: 1 praise, 0 neither, -1 blame by its own score, None without one. `lexicon`: its weight, None
    without a word of the lexicon. `counted`: not empty and no copy of an earlier one.
    """

    corpus: Corpus = field(default_factory=Corpus)
    ids: list[str] = field(default_factory=list)
    values: dict[str, list[str | None]] = field(default_factory=lambda: {name: [] for name in DIMENSIONS})
    days: list[date | None] = field(default_factory=list)
    score: list[int | None] = field(default_factory=list)
    lexicon: list[float | None] = field(default_factory=list)
    leaving: list[tuple[str, ...] | None] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    counted: list[bool] = field(default_factory=list)
    parts: list[Rows] = field(default_factory=list)
    cut: int = 0
    empty: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def features(self) -> Rows:
        """Features of all texts; none where nothing is learned."""
        return joined(self.parts)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Which texts count."""
        import numpy as np

        return np.array(self.counted, dtype=bool)

    def months(self) -> list[str | None]:
        """The month of each text."""
        return [None if day is None else f"{day:%Y-%m}" for day in self.days]


def known_scales(inputs: Inputs) -> dict[str | None, tuple[float, float]]:
    """Limits of praise and blame for the scales in use; a scale without a name that is all 0 and 1 is good/bad."""
    found: dict[str | None, tuple[float, float]] = {}
    for row in inputs.query(SCALES_SQL).to_pylist():
        if row["scale"] in SCALES:
            found[row["scale"]] = SCALES[row["scale"]]
        elif row["low"] == 0 and row["high"] == 1:
            found[row["scale"]] = YES_NO
    return found


def read_texts(inputs: Inputs, planned: Plan, *, with_features: bool, scored_only: bool = False) -> Read:
    """Reads the sample, or the scored texts beyond it."""
    scales = known_scales(inputs)
    read = Read()
    for batch in fetched(inputs, planned, scored_only=scored_only):
        for first in range(0, len(batch), RECENT):
            some = batch[first : first + RECENT]
            texts = [row["text"] for row in some]
            weights = [lexicon_score(text) for text in texts]
            read.lexicon += weights
            if with_features:
                read.parts.append(rows_of(texts, weights))
            for row in some:
                _take(read, row, scales)
    return read


def _take(read: Read, row: Mapping[str, Any], scales: Mapping[str | None, tuple[float, float]]) -> None:
    text = row["text"]
    says_something = bool(normalise(text))
    read.counted.append(read.corpus.add(text) and says_something)
    read.empty += not says_something
    read.cut += row["length"] > LONGEST
    read.ids.append(row["feedback_id"])
    for name in DIMENSIONS:
        read.values[name].append(row[name])
    read.days.append(row["day"])
    read.lengths.append(len(text))
    read.score.append(verdict(row["score"], scales.get(row["scale"])))
    read.leaving.append(reasons(text))


def verdict(score: float | None, limits: tuple[float, float] | None) -> int | None:
    """1 praise, -1 blame, 0 between them; None without a score or on a scale that is not known."""
    if score is None or limits is None:
        return None
    praise, blame = limits
    return 1 if score >= praise else -1 if score <= blame else 0


def groups(read: Read, name: str) -> dict[str, NDArray[np.bool_]]:
    """Counted texts by value of a dimension or month; unknown left out."""
    import numpy as np

    values: Sequence[str | None] = read.months() if name == "month" else read.values[name]
    numbers = {value: number for number, value in enumerate(sorted({value for value in values if value}))}
    found = np.array([numbers[value] if value else -1 for value in values], dtype=np.int64)
    mask = read.mask
    return {value: mask & (found == number) for value, number in numbers.items()}
