"""In which spell was a rate different from the rest of the time? Scan over contiguous spells, with a permutation p.

Every spell of up to half the periods is tried; the one with the largest likelihood ratio of two rates, inside
and outside, against one rate is kept (Kulldorff 1997, Bernoulli model in time). Its p is how often the same hits,
dealt out at random over the trials, give a spell as strong (fixed seed): that allows for having tried every
spell. Beyond what the draws can resolve, a Gumbel distribution is fitted to them (Abrams, Kulldorff and
Kleinman 2010). Trials that come in clusters, such as visits of one visitor, are allowed for by dividing the ratio
by the `inflation` of the variance. Several scans together are corrected by the caller (Benjamini-Hochberg).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, expm1, pi, sqrt
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Whole: TypeAlias = NDArray[np.int64]

FEW, MANY = 99, 999  # draws for a first look, and where it promises something
CLEAR = 10  # exceedances after which more draws would not change the verdict
EULER = 0.5772156649015329


@dataclass(frozen=True, slots=True)
class Spell:
    """Periods `first` to `last` (inclusive); hits and trials in them and in all others; half the deviance divided
    by the inflation; p with the search included."""

    first: int
    last: int
    hits_in: int
    trials_in: int
    hits_out: int
    trials_out: int
    strength: float
    p: float

    @property
    def rate_in(self) -> float:
        """Share of hits in the spell."""
        return self.hits_in / self.trials_in

    @property
    def rate_out(self) -> float:
        """Share of hits in the rest of the time."""
        return self.hits_out / self.trials_out


def spell_scan(
    hits: Sequence[int] | Whole,
    trials: Sequence[int] | Whole,
    *,
    min_n: int = 30,
    inflation: float = 1.0,
    seed: int = 20260101,
) -> Spell | None:
    """The strongest spell, or None when no spell has `min_n` trials inside and outside or all trials end alike."""
    import numpy as np

    x, n = np.asarray(hits, dtype=np.int64), np.asarray(trials, dtype=np.int64)
    found = strongest(x, n, min_n)
    if found is None:
        return None
    first, last, ratio = found
    starts, ends = _spells(len(n))
    strength = ratio / max(1.0, inflation)
    inside, size = int(x[first : last + 1].sum()), int(n[first : last + 1].sum())
    return Spell(
        first, last, inside, size, int(x.sum()) - inside, int(n.sum()) - size,
        strength, _p_value(n, int(x.sum()), starts, ends, min_n, strength, seed),
    )  # fmt: skip


def strongest(x: Whole, n: Whole, min_n: int) -> tuple[int, int, float] | None:
    """First and last period of the strongest spell and its log likelihood ratio."""
    import numpy as np

    if len(n) < 2 or x.sum() <= 0 or x.sum() >= n.sum():
        return None
    starts, ends = _spells(len(n))
    ratios = _ratios(x[None, :], n, starts, ends, min_n)[0]
    best = int(np.argmax(ratios))
    if ratios[best] <= 0:
        return None
    return int(starts[best]), int(ends[best]) - 1, float(ratios[best])


@cache
def _spells(periods: int) -> tuple[Whole, Whole]:
    """Start and end (exclusive) of every spell of at most half the periods, shortest first."""
    import numpy as np

    pairs = [(i, i + length) for length in range(1, periods // 2 + 1) for i in range(periods - length + 1)]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _ratios(x: Whole, n: Whole, starts: Whole, ends: Whole, min_n: int) -> Floats:
    """Log likelihood ratio of each spell (columns) for each row of hits; 0 where too few trials."""
    import numpy as np

    size = np.concatenate(([0], n.cumsum()))
    inside = size[ends] - size[starts]
    outside = size[-1] - inside
    enough = (inside >= min_n) & (outside >= min_n)
    starts, ends, inside, outside = starts[enough], ends[enough], inside[enough], outside[enough]
    hits = np.concatenate((np.zeros((len(x), 1), dtype=np.int64), x.cumsum(axis=1)), axis=1)
    a = hits[:, ends] - hits[:, starts]
    b = hits[:, -1:] - a
    whole = _entropy(hits[:, -1:]) + _entropy(size[-1] - hits[:, -1:]) - _entropy(size[-1])
    found = _entropy(a) + _entropy(inside - a) + _entropy(b) + _entropy(outside - b)
    found -= _entropy(inside) + _entropy(outside) + whole
    out = np.zeros((len(x), len(enough)))
    out[:, enough] = np.maximum(found, 0.0)
    return out


def _entropy(count: Whole) -> Floats:
    """k ln k, and 0 for 0."""
    import numpy as np

    k = np.asarray(count, dtype=np.float64)
    made: Floats = k * np.log(np.maximum(k, 1.0))
    return made


def _p_value(
    n: Whole, hits: int, starts: Whole, ends: Whole, min_n: int, strength: float, seed: int
) -> float:
    import numpy as np

    rng = np.random.default_rng(seed)
    drawn = np.empty(0)
    for draws in (FEW, MANY - FEW):
        dealt = rng.multivariate_hypergeometric(n, hits, size=draws, method="marginals")
        drawn = np.concatenate((drawn, _ratios(dealt, n, starts, ends, min_n).max(axis=1)))
        as_strong = int((drawn >= strength - 1e-9).sum())
        if as_strong >= CLEAR:
            break
    ranked = (1 + as_strong) / (1 + len(drawn))
    return (
        ranked
        if as_strong >= CLEAR
        else min(ranked, _gumbel(strength, float(drawn.mean()), float(drawn.std())))
    )


def _gumbel(value: float, mean: float, deviation: float) -> float:
    """Chance of a maximum at least `value` under the Gumbel distribution of this mean and standard deviation."""
    if deviation <= 0:
        return 1.0
    scale = deviation * sqrt(6) / pi
    return -expm1(-exp(min(700.0, -(value - mean + EULER * scale) / scale)))


def clustered(squares: float, products: float, sizes: float, hits: int, trials: int) -> float:
    """How much larger the variance of a rate is for trials that come in clusters than for single ones, at least 1.

    Sums over clusters of hits squared, hits times trials, and trials squared (linearised ratio, Cochran 1977).
    """
    if not 0 < hits < trials:
        return 1.0
    rate = hits / trials
    return max(1.0, (squares - 2 * rate * products + rate * rate * sizes) / (rate * (1 - rate) * trials))


def scatter(hits: Sequence[int] | Whole, trials: Sequence[int] | Whole, min_n: int = 30) -> float:
    """How much more a rate scatters from period to period than single trials would make it, at least 1.

    Pearson's chi-square over its degrees of freedom, with the strongest spell given a rate of its own: what a
    spell explains is no scatter (McCullagh and Nelder 1989, quasi-likelihood). Ends, and rate of the spell and of
    the rest, take four degrees.
    """
    import numpy as np

    x, n = np.asarray(hits, dtype=np.int64), np.asarray(trials, dtype=np.int64)
    found = strongest(x, n, min_n)
    spell = np.zeros(len(n), dtype=bool)
    if found is not None:
        spell[found[0] : found[1] + 1] = True
    total, free = 0.0, int((n > 0).sum()) - 4
    for part in (spell, ~spell):
        size = int(n[part].sum())
        rate = int(x[part].sum()) / size if size else 0.0
        if 0 < rate < 1:
            known = part & (n > 0)
            total += float((((x - n * rate) ** 2)[known] / (n * rate * (1 - rate))[known]).sum())
    return max(1.0, total / free) if free > 0 else 1.0
