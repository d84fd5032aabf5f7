"""Whether each text praises or blames: by its own score, else learned from the scored texts, else by the lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from keguan.analyses.needs.reading import Read
from keguan.language.features import Rows, joined
from keguan.language.learned_sentiment import Quality, cross_validated, fit, quality

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

How = Literal["learned", "lexicon"]
LEAST_OF_EACH = 50  # praising and blaming texts, to learn from
UNDECIDED = 9
MOST_FEATURES = 3_000_000  # learned from, text by text until they are reached: it bounds memory and time


@dataclass(frozen=True)
class Judged:
    """`polarity` of each text: 1, 0, -1, or `UNDECIDED`; `by_score`: it is the customer's own score.

    `learned` and `lexicon`: how good each way is on scored texts, None when there are too few. `coverage`: share of
    texts with a word of the lexicon. `learnable`: texts that could be learned from.
    """

    polarity: NDArray[np.int8]
    by_score: NDArray[np.bool_]
    used: How
    learned: Quality | None
    lexicon: Quality | None
    coverage: float
    learnable: int


def judge(read: Read, beyond: Read | None, learn_from: int) -> Judged:
    """Judges every text. `beyond`: scored texts outside the sample, to learn from."""
    import numpy as np

    sources = [read, *([beyond] if beyond else [])]
    score = np.array([UNDECIDED if s is None else s for part in sources for s in part.score], dtype=np.int8)
    weight = np.array([0.0 if w is None else w for part in sources for w in part.lexicon])
    sure = np.flatnonzero(np.abs(score) == 1)
    praises = score[sure] == 1
    enough = min(int(praises.sum()), int((~praises).sum())) >= 1
    by_lexicon = _lexicon_quality(weight[sure], praises) if enough else None
    own, spoken = score[: len(read)], weight[: len(read)]
    learned = None
    found = np.where(spoken > 0, 1, np.where(spoken < 0, -1, UNDECIDED)).astype(np.int8)
    used: How = "lexicon"
    if len(sure) >= learn_from and min(praises.sum(), (~praises).sum()) >= LEAST_OF_EACH:
        rows = joined([part.features for part in sources])
        fits = np.cumsum(np.diff(rows.starts)[sure]) <= MOST_FEATURES
        sure, praises = sure[fits], praises[fits]
        wording = [key for part in sources for key in part.corpus.wording]
        learned = cross_validated(rows.select(sure), praises, [wording[i] for i in sure])
        if by_lexicon is None or learned.balanced >= by_lexicon.balanced:
            used, found = "learned", _by_model(rows.select(sure), praises, read.features, own == UNDECIDED)
    by_score = own != UNDECIDED
    words = [w for part in sources for w in part.lexicon]
    coverage = sum(w is not None for w in words) / len(words) if words else 0.0
    return Judged(
        np.where(by_score, own, found).astype(np.int8),
        by_score,
        used,
        learned,
        by_lexicon,
        coverage,
        len(sure),
    )


def _by_model(
    known: Rows, praises: NDArray[np.bool_], every: Rows, wanted: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Judgements of the texts wanted; nothing is fitted where all texts have their own score."""
    import numpy as np

    found = np.full(len(every), UNDECIDED, dtype=np.int8)
    if wanted.any():
        margins = fit(known, praises).margins(every.select(np.flatnonzero(wanted)))
        found[wanted] = np.where(np.isnan(margins), UNDECIDED, np.where(margins > 0, 1, -1))
    return found


def _lexicon_quality(weight: NDArray[np.float64], praises: NDArray[np.bool_]) -> Quality:
    """A text without a word of the lexicon counts as half right."""
    import numpy as np

    right = np.where(weight == 0, 0.5, np.where(praises, weight > 0, weight < 0))
    return quality(right, praises)
