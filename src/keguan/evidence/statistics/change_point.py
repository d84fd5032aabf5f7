"""Since when a rate has been different: the strongest break of a monthly series, with a permutation p.

Every month from which the rate could have changed is tried; the strongest difference of two proportions
is kept. Its p is how often months in random order give one as strong (fixed seed), which allows for
having tried every month and for months that scatter more than coin tosses. Several series together are
corrected by the caller (Benjamini-Hochberg).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Break:
    """`index`: the first period of the new rate; hits and trials before it and from it on."""

    index: int
    hits_before: int
    trials_before: int
    hits_after: int
    trials_after: int
    z: float
    p: float


def change_point(
    hits: Sequence[int],
    trials: Sequence[int],
    *,
    min_n: int = 30,
    min_before: int = 3,
    min_after: int = 2,
    permutations: int = 1999,
    seed: int = 20260101,
) -> Break | None:
    """The strongest break of the series, or None when no split has `min_n` trials on both sides."""
    import numpy as np

    x, n = np.asarray(hits, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    first, last = min_before, len(x) - min_after
    if last < first or x.sum() <= 0 or x.sum() >= n.sum():
        return None
    scores = _scores(x[None, :], n[None, :], first, last, min_n)[0]
    if not np.isfinite(scores).any():
        return None
    best = int(np.nanargmax(np.abs(scores)))
    index, strength = first + best, abs(float(scores[best]))
    order = _orders(len(x), permutations, seed)
    shuffled = np.abs(_scores(x[order], n[order], first, last, min_n))
    as_strong = int((np.nanmax(np.nan_to_num(shuffled, nan=-1.0), axis=1) >= strength - 1e-9).sum())
    return Break(
        index=index,
        hits_before=int(x[:index].sum()),
        trials_before=int(n[:index].sum()),
        hits_after=int(x[index:].sum()),
        trials_after=int(n[index:].sum()),
        z=float(scores[best]),
        p=(1 + as_strong) / (1 + permutations),
    )


@lru_cache(maxsize=4)  # series of one question are equally long
def _orders(periods: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """The periods in random order, a row each time. Read only."""
    import numpy as np

    rng = np.random.default_rng(seed)
    order = rng.permuted(np.tile(np.arange(periods), (permutations, 1)), axis=1)
    order.flags.writeable = False
    return order


def _scores(x: Array, n: Array, first: int, last: int, min_n: int) -> Array:
    """z of after minus before for each split (columns first..last) of each row; NaN where too few."""
    import numpy as np

    hits, size = x.cumsum(axis=1), n.cumsum(axis=1)
    all_hits, all_size = hits[:, -1:], size[:, -1:]
    a, m = hits[:, first - 1 : last], size[:, first - 1 : last]
    b, k = all_hits - a, all_size - m
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = all_hits / all_size
        spread = np.sqrt(pooled * (1 - pooled) * (1 / m + 1 / k))
        scores = (b / k - a / m) / spread
    return np.where((m >= min_n) & (k >= min_n), scores, np.nan)
