"""Sentiment learned from texts whose customers also gave a score.

Logistic regression on hashed features (`features`), each text scaled to length one, both classes weighing the
same, ridge penalty, fitted by L-BFGS (Liu and Nocedal 1989) in a fixed number of steps. How good it is, is
measured on texts it has not seen: five stratified parts, each judged by a model of the other four; equal texts
fall into one part. Balanced accuracy = mean of the shares found among praising and among blaming texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from keguan.language.features import WIDTH, Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PENALTY = 0.3
SPLITS = 5
STEPS = 30
REMEMBERED = 5
CLOSE = 1e-4  # relative fall of the loss below which it stops
SEEN = 2  # texts in which a feature must be, to be learned
Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Quality:
    """How good judgements are on texts not learned from: shares found, their mean with a 95 % interval.

    `splits` are the balanced accuracies of the parts; one value where nothing was learned (the lexicon).
    """

    praising: int
    blaming: int
    praise_found: float
    blame_found: float
    balanced: float
    low: float
    high: float
    splits: tuple[float, ...]

    @property
    def n(self) -> int:
        """Texts compared."""
        return self.praising + self.blaming


@dataclass(frozen=True)
class Model:
    """A fitted model: a weight a feature, and which features it knows."""

    weights: NDArray[np.float64]
    known: NDArray[np.bool_]
    bias: float

    def margins(self, rows: Rows) -> NDArray[np.float64]:
        """Above 0 praise, below blame; NaN for a text without any feature that was learned."""
        import numpy as np

        known = np.concatenate(([0], np.cumsum(self.known[rows.features], dtype=np.int64)))
        counts = known[rows.starts[1:]] - known[rows.starts[:-1]]
        sums = _row_sums(self.weights[rows.features], rows.starts)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = sums / np.sqrt(counts) + self.bias
        return np.where(counts > 0, found, np.nan)


def fit(rows: Rows, praises: NDArray[np.bool_]) -> Model:
    """The model of texts and whether each praises; both kinds must be there."""
    import numpy as np

    known = np.bincount(rows.features, minlength=WIDTH) >= SEEN
    narrow, features, starts = _pruned(rows, known)
    lengths = np.diff(starts)
    scale = 1 / np.sqrt(np.maximum(lengths, 1))
    owner = np.repeat(np.arange(len(rows)), lengths)
    sign = np.where(praises, 1.0, -1.0)
    share = np.where(praises, praises.mean(), 1 - praises.mean())
    importance = 0.5 / share

    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (_row_sums(x[:-1][features], starts) * scale + x[-1])
        value = (importance * np.logaddexp(0, -margin)).sum() + PENALTY / 2 * np.square(x[:-1]).sum()
        pull = -importance * sign / (1 + np.exp(np.minimum(margin, 500)))
        down = np.bincount(features, weights=(pull * scale)[owner], minlength=narrow) + PENALTY * x[:-1]
        return float(value), np.append(down, pull.sum())

    found = _minimum(loss, narrow + 1)
    weights = np.zeros(WIDTH)
    weights[known] = found[:-1]
    return Model(weights, known, float(found[-1]))


def cross_validated(rows: Rows, praises: NDArray[np.bool_], same: Sequence[int]) -> Quality:
    """The quality on texts not learned from. `same`: equal numbers for equal texts."""
    import numpy as np

    part = _parts(praises, same)
    right = np.zeros(len(rows), dtype=bool)
    splits = []
    for number in range(SPLITS):
        learned, judged = np.flatnonzero(part != number), np.flatnonzero(part == number)
        margins = fit(rows.select(learned), praises[learned]).margins(rows.select(judged))
        right[judged] = np.where(praises[judged], margins > 0, margins <= 0)
        good, truth = right[judged], praises[judged]
        splits.append(float((good[truth].mean() + good[~truth].mean()) / 2))
    return quality(right, praises, tuple(splits))


def quality(right: NDArray[Any], praises: NDArray[np.bool_], splits: tuple[float, ...] = ()) -> Quality:
    """Shares found of praising and blaming texts and their mean, with a normal interval of two proportions.

    `right`: 1 for a text judged rightly, 0 wrongly, 0.5 left undecided.
    """
    praising, blaming = int(praises.sum()), int((~praises).sum())
    a, b = float(right[praises].mean()), float(right[~praises].mean())
    balanced = sum(splits) / len(splits) if splits else (a + b) / 2
    half = Z * sqrt(a * (1 - a) / praising + b * (1 - b) / blaming) / 2
    return Quality(
        praising, blaming, a, b, balanced, max(0.0, balanced - half), min(1.0, balanced + half),
        splits or (balanced,),
    )  # fmt: skip


def _parts(praises: NDArray[np.bool_], same: Sequence[int]) -> NDArray[np.int64]:
    """The part of each text: in turn within its class, in the order given; equal texts go together."""
    import numpy as np

    part_of: dict[int, int] = {}
    dealt = [0, 0]
    for praise, key in zip(praises.tolist(), same, strict=True):
        if key not in part_of:
            part_of[key] = dealt[praise] % SPLITS
            dealt[praise] += 1
    return np.array([part_of[key] for key in same], dtype=np.int64)


def _row_sums(values: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    import numpy as np

    filled = starts[1:] > starts[:-1]
    found = np.zeros(len(filled))
    if (
        filled.any()
    ):  # rows without values take none, so those of a filled row end where the next filled one starts
        found[filled] = np.add.reduceat(values, starts[:-1][filled])
    return found


def _pruned(rows: Rows, known: NDArray[np.bool_]) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
    """How many features are left, their new numbers text by text, and where each text starts."""
    import numpy as np

    number = np.cumsum(known, dtype=np.int64) - 1
    kept = known[rows.features]
    upto = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))
    return int(known.sum()), number[rows.features[kept]], upto[rows.starts]


def _minimum(
    loss: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]], size: int
) -> NDArray[np.float64]:
    """L-BFGS with step halving, from zero. Sums by einsum: one thread, so the same digits every time."""
    import numpy as np

    def dot(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        return float(np.einsum("i,i", a, b))

    x = np.zeros(size)
    value, slope = loss(x)
    history: list[tuple[NDArray[np.float64], NDArray[np.float64], float]] = []
    for _ in range(STEPS):
        direction = slope.copy()
        factors = []
        for moved, bent, curve in reversed(history):
            factors.append(dot(moved, direction) / curve)
            direction -= factors[-1] * bent
        if history:
            direction *= history[-1][2] / dot(history[-1][1], history[-1][1])
        else:
            direction /= max(sqrt(dot(slope, slope)), 1e-12)
        for (moved, bent, curve), factor in zip(history, reversed(factors), strict=True):
            direction += moved * (factor - dot(bent, direction) / curve)
        fall, step = dot(slope, direction), 1.0
        while True:
            ahead = x - step * direction
            new_value, new_slope = loss(ahead)
            if new_value <= value - 1e-4 * step * fall or step < 1e-6:
                break
            step /= 2
        moved, bent = ahead - x, new_slope - slope
        if (curve := dot(moved, bent)) > 1e-12:
            history = [*history[-REMEMBERED + 1 :], (moved, bent, curve)]
        close = abs(value - new_value) <= CLOSE * abs(value)
        x, value, slope = ahead, new_value, new_slope
        if close:
            break
    return x
