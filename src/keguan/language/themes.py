"""What texts speak of: groups of terms that occur together, named by their terms.

Method: how much oftener two terms share a text than chance (positive pointwise mutual information, discounted for
few texts as by Pantel and Lin 2002); that square of terms is factored by symmetric non-negative matrix
factorisation (Kuang, Ding and Park 2012) from a fixed start, so the same texts give the same themes; each term
belongs to its strongest factor. How many themes: those of one half of the texts are tried on the other half, by the
mean normalised mutual information of their first terms there (Bouma 2009); taken is the largest number that is not
below the best one by more than its standard error. A text belongs to a theme when it has one of its terms, a longer
one two, a long one three (`LONG`): to none, one or several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.language.corpus import Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDEST = 300  # terms that themes are made of
FEWEST, MOST = 3, 12  # themes tried
LEAST_TEXTS = 5  # texts that must have a term
LEAST_SHARE = 0.002
TOP = 6  # terms whose coherence is measured
NAMED_BY = 3
LISTED = 12  # terms of a theme at most
BELONGS = 0.4  # share of a term's weight that its theme must have
ROUNDS = 60
BLOCK = 30  # rows
SHADOWED = 0.6  # a word is left to its phrase when so much of it is in the phrase
PAIRS = 1_000_000
LONG = (25, 50)  # distinct terms from which a text must have one more term of a theme


@dataclass(frozen=True)
class Theme:
    """A theme: numbers of its terms, weightiest first, and what it is called by."""

    terms: tuple[int, ...]
    name: str


@dataclass(frozen=True)
class Themes:
    """The themes found, largest first, with the coherence on the other half for each number tried."""

    themes: tuple[Theme, ...]
    coherence: dict[int, tuple[float, float]]  # mean over themes, its standard error


def find_themes(terms: Terms, most: int = MOST) -> Themes:
    """The themes of texts; none where fewer than two words are in enough texts."""
    import numpy as np

    chosen = _candidates(terms)
    if len(chosen) < 2 * FEWEST:
        return Themes((), {})
    half = np.arange(len(terms)) % 2 == 0
    first, second = (_together(terms, chosen, part) for part in (half, ~half))
    made_from = _association(first)
    start = _start(made_from, most)
    coherence = {}
    for number in range(FEWEST, min(most, len(chosen) // 2) + 1):
        groups = _groups(_factored(made_from, start[:, :number]), np.diagonal(first))
        coherence[number] = _coherence(groups, second)
    best = _largest_as_good(coherence)
    whole = first + second
    matrix = _association(whole)
    factors = _factored(matrix, _start(matrix, best))
    found = [
        Theme(tuple(int(chosen[i]) for i in group), _name([terms.shown[chosen[i]] for i in group]))
        for group in _groups(factors, np.diagonal(whole))
    ]
    sizes = {theme: int(belonging(terms, theme).sum()) for theme in found}
    return Themes(tuple(sorted(found, key=lambda theme: (-sizes[theme], theme.name))), coherence)


def belonging(terms: Terms, theme: Theme) -> NDArray[np.bool_]:
    """Which texts belong to a theme."""
    import numpy as np

    lengths = np.diff(terms.starts)
    asked = 1 + sum((lengths >= length).astype(np.int64) for length in LONG)
    found: NDArray[np.bool_] = terms.having(theme.terms) >= np.minimum(asked, len(theme.terms))
    return found


def _candidates(terms: Terms) -> NDArray[np.int64]:
    """Terms in enough texts, the commonest ones; words that live in their phrase leave it to the phrase."""
    import numpy as np

    texts = terms.texts.copy()
    for number, pair in enumerate(terms.phrase_of):
        for word in pair or ():
            if texts[number] >= SHADOWED * terms.texts[word]:
                texts[word] = 0
    enough = np.flatnonzero(texts >= max(LEAST_TEXTS, LEAST_SHARE * len(terms)))
    order = sorted(enough.tolist(), key=lambda number: (-texts[number], terms.shown[number]))
    return np.array(order[:WIDEST], dtype=np.int64)


def _together(terms: Terms, chosen: NDArray[np.int64], part: NDArray[np.bool_]) -> NDArray[np.float64]:
    """In how many texts of this part two terms are together; on the diagonal each alone. Last cell: texts."""
    import numpy as np

    place = np.full(len(terms.shown), -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    owner = np.repeat(np.arange(len(terms)), np.diff(terms.starts))
    columns = place[terms.numbers]
    kept = (columns >= 0) & part[owner]
    owner, columns = owner[kept], columns[kept]
    wide = len(chosen) + 1
    lengths = np.bincount(owner, minlength=len(terms))
    starts = np.concatenate(([0], np.cumsum(lengths)))
    pairs_upto = np.concatenate(([0], np.cumsum(lengths * lengths)))
    counts = np.zeros(wide * wide)
    low = 0
    while low < len(terms):  # some texts at a time, so that their pairs fit
        high = max(low + 1, int(np.searchsorted(pairs_upto, pairs_upto[low] + PAIRS, side="right")) - 1)
        own = columns[starts[low] : starts[high]]
        times = np.repeat(lengths[low:high], lengths[low:high])
        ends = np.repeat(starts[low + 1 : high + 1] - starts[low], lengths[low:high])
        second = np.arange(times.sum()) - np.repeat(np.cumsum(times) - ends, times)
        counts += np.bincount(np.repeat(own, times) * wide + own[second], minlength=wide * wide)
        low = high
    square = counts.reshape(wide, wide)
    square[-1, -1] = part.sum()
    return square


def _association(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positive mutual information of two terms, shrunk where they are in few texts."""
    import numpy as np

    alone, together, texts = np.diagonal(counts)[:-1], counts[:-1, :-1], counts[-1, -1]
    chance = np.outer(alone, alone) / max(texts, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.where(together > 1, np.log(together / chance), 0.0)
    rarer = np.minimum.outer(alone, alone)
    found: NDArray[np.float64] = np.maximum(information, 0) * together / (together + 1) * rarer / (rarer + 1)
    np.fill_diagonal(found, 0)
    return found


def _start(matrix: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """Positive parts of the strongest eigenvectors, each turned so that its larger part is positive."""
    import numpy as np

    values, vectors = np.linalg.eigh(matrix)
    strongest = np.argsort(-np.round(values, 9), kind="stable")[:most]
    vectors = vectors[:, strongest] * np.sqrt(np.maximum(values[strongest], 0))
    positive = np.square(np.maximum(vectors, 0)).sum(axis=0)
    negative = np.square(np.minimum(vectors, 0)).sum(axis=0)
    found: NDArray[np.float64] = np.maximum(vectors * np.where(positive >= negative, 1.0, -1.0), 0) + 1e-3
    return found


def _factored(matrix: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Non-negative W with matrix = W W', improved from a start.

    The square is multiplied some rows at a time: products that small stay on one thread, cheap on a busy machine.
    """
    import numpy as np

    size = len(matrix)
    padded = np.zeros((-(-size // BLOCK) * BLOCK, size))
    padded[:size] = matrix
    blocks = padded.reshape(-1, BLOCK, size)
    for _ in range(ROUNDS):
        pull = np.matmul(blocks, w).reshape(-1, w.shape[1])[:size]
        push = np.einsum("ij,jk->ik", w, np.einsum("ij,ik->jk", w, w))
        w = w * (0.5 + 0.5 * pull / np.maximum(push, 1e-12))
    return np.asarray(w, dtype=np.float64)


def _groups(w: NDArray[np.float64], alone: NDArray[np.float64]) -> list[list[int]]:
    """Terms of each factor, weightiest first: how strongly they belong, times the root of their texts."""
    import numpy as np

    share = w / np.maximum(w.sum(axis=1, keepdims=True), 1e-12)
    strongest = share.argmax(axis=1)
    weight = np.round(w.max(axis=1) * np.sqrt(alone[: len(w)]), 6)
    groups: list[list[int]] = []
    for factor in range(w.shape[1]):
        own = np.flatnonzero((strongest == factor) & (share[:, factor] >= BELONGS))
        ordered = sorted(own.tolist(), key=lambda term: (-weight[term], term))
        if len(ordered) >= 2:
            groups.append(ordered[:LISTED])
    return groups


def _largest_as_good(coherence: Mapping[int, tuple[float, float]]) -> int:
    best, error = max(coherence.values(), key=lambda found: (round(found[0], 6), -found[1]))
    return max(number for number, (mean, _) in coherence.items() if mean >= best - error - 1e-9)


def _coherence(groups: Sequence[Sequence[int]], counts: NDArray[np.float64]) -> tuple[float, float]:
    """Mean normalised mutual information of the pairs of first terms, over themes, and its standard error.

    A pair never seen together is -1.
    """
    import numpy as np

    texts = counts[-1, -1]
    means = []
    for group in groups:
        pairs = [(a, b) for i, a in enumerate(group[:TOP]) for b in group[i + 1 : TOP]]
        values = []
        for a, b in pairs:
            both, one, other = counts[a, b], counts[a, a], counts[b, b]
            if not both:
                values.append(-1.0)
            elif both == texts:
                values.append(1.0)
            else:
                values.append(float(np.log(both * texts / (one * other)) / -np.log(both / texts)))
        means.append(sum(values) / len(values))
    if len(means) < 2:
        return (means[0] if means else -1.0), 0.0
    return float(np.mean(means)), float(np.std(means, ddof=1) / np.sqrt(len(means)))


def _name(shown: Sequence[str]) -> str:
    """The first terms, one that says no more than another left out."""
    named: list[str] = []
    for term in shown:
        if len(named) < NAMED_BY and not any(term in other or other in term for other in named):
            named.append(term)
    return " · ".join(named)
