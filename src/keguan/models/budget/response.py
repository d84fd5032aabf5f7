"""Responses of revenue to spend: concave, with carry-over, fitted without negative effects.

Effect of a channel in a week: b a / (a + k), where a is the spend with geometric carry-over, a_t = (1 - c) x_t + c a_(t-1).
Shapes (c, k) come from a grid, k in multiples of the mean of the weeks with spend; heights b >= 0 by ridge regression over
a baseline that is not penalised (Lawson and Hanson 1974; shapes as in Jin, Wang, Sun, Chan and Koehler 2017, with exponent
1, so that every curve is concave). Shapes and ridge are those with the smallest error in blocks of time left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.models.budget.panel import Panel, baseline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CARRY = (0.0, 0.3, 0.6)
HALVES = (0.25, 0.5, 1.0, 2.0, 4.0)  # k in means of the weeks with spend
SHAPES = tuple((carry, half) for carry in CARRY for half in HALVES)
USUAL = SHAPES.index((0.3, 1.0))
RIDGES = (0.001, 0.01, 0.1)
BLOCKS = 5
SWEEPS = 2


def carried(spend: NDArray[np.float64], carry: float, start: float = 0.0) -> NDArray[np.float64]:
    """Spend with what is left of earlier weeks; a constant spend stays what it is."""
    import numpy as np

    made = np.empty(len(spend))
    last = start
    for place, value in enumerate(spend.tolist()):
        last = (1 - carry) * value + carry * last
        made[place] = last
    return made


def mean_spent(spend: NDArray[np.float64]) -> float:
    """Mean of the weeks with spend; 1 without any."""
    spent = spend[spend > 0]
    return float(spent.mean()) if len(spent) else 1.0


@dataclass(frozen=True)
class Media:
    """Every channel in every shape: channels x shapes x weeks; and the baseline, weeks x columns."""

    columns: NDArray[np.float64]
    baseline: NDArray[np.float64]


def media_of(panel: Panel) -> Media:
    """All that fits choose from."""
    import numpy as np

    made = np.empty((len(panel.channels), len(SHAPES), len(panel)))
    for channel, spend in enumerate(panel.spend.T):
        for place, (carry, half) in enumerate(SHAPES):
            level = carried(spend, carry)
            made[channel, place] = level / (level + half * mean_spent(spend))
    return Media(made, baseline(panel))


@dataclass(frozen=True)
class Chosen:
    """A shape for each channel and the ridge."""

    shapes: tuple[int, ...]
    ridge: float


@dataclass(frozen=True)
class Fitted:
    """Shapes, heights of the channels, and the baseline's coefficients."""

    chosen: Chosen
    heights: NDArray[np.float64]
    base: NDArray[np.float64]

    def predict(self, media: Media) -> NDArray[np.float64]:
        """Revenue of every week."""
        made: NDArray[np.float64] = media.baseline @ self.base + picked(media, self.chosen) @ self.heights
        return made


def picked(media: Media, chosen: Chosen) -> NDArray[np.float64]:
    """Weeks x channels in the chosen shapes."""
    import numpy as np

    return media.columns[np.arange(len(chosen.shapes)), list(chosen.shapes)].T


class Fold:
    """Weeks to learn from, with the baseline taken out of every column once."""

    def __init__(self, media: Media, weeks: NDArray[np.bool_]) -> None:
        import numpy as np

        self.media, self.weeks = media, weeks
        base = media.baseline[weeks]
        self._q, self._r = np.linalg.qr(base)
        columns = media.columns[:, :, weeks]
        self._columns = columns - (columns @ self._q) @ self._q.T
        self._spreads = np.sqrt((self._columns**2).mean(axis=2))

    def left(self, revenue: NDArray[np.float64]) -> NDArray[np.float64]:
        """Revenue of these weeks without what the baseline explains."""
        own = revenue[self.weeks]
        made: NDArray[np.float64] = own - self._q @ (self._q.T @ own)
        return made

    def heights(self, left: NDArray[np.float64], chosen: Chosen) -> tuple[NDArray[np.float64], float]:
        """Heights, and the penalised sum of squares."""
        import numpy as np
        from scipy.optimize import nnls

        if not chosen.shapes:
            return np.zeros(0), float((left**2).sum())
        place = (np.arange(len(chosen.shapes)), np.array(chosen.shapes))
        spread = self._spreads[place]
        usable = spread > 1e-6
        scale = np.where(usable, spread, 1.0)
        columns = np.where(usable[:, None], self._columns[place] / scale[:, None], 0.0).T
        count = columns.shape[1]
        wide = np.vstack([columns, np.sqrt(chosen.ridge * len(left)) * np.eye(count)])
        found, error = nnls(wide, np.concatenate([left, np.zeros(count)]))
        return found / scale, float(error) ** 2

    def fit(self, revenue: NDArray[np.float64], chosen: Chosen) -> Fitted:
        """Heights and baseline."""
        import numpy as np

        heights, _ = self.heights(self.left(revenue), chosen)
        rest = revenue[self.weeks] - picked(self.media, chosen)[self.weeks] @ heights
        return Fitted(chosen, heights, np.linalg.lstsq(self._r, self._q.T @ rest, rcond=None)[0])


def blocks_of(known: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Five stretches of time, each with as many weeks of known revenue."""
    import numpy as np

    order = np.cumsum(known.astype(np.int64)) - known.astype(np.int64)
    place = order * BLOCKS // max(int(known.sum()), 1)
    return [known & (place == block) for block in range(BLOCKS)]


def search(media: Media, revenue: NDArray[np.float64], weeks: NDArray[np.bool_]) -> Chosen:
    """Shapes and ridge with the smallest error in blocks left out of these weeks, one thing changed at a time."""
    folds = [(Fold(media, weeks & ~block), block) for block in blocks_of(weeks) if block.any()]
    lefts = [fold.left(revenue) for fold, _ in folds]

    def error(chosen: Chosen) -> float:
        total = 0.0
        for (fold, block), _left in zip(folds, lefts, strict=True):
            apart = revenue[block] - fold.fit(revenue, chosen).predict(media)[block]
            total += float((apart**2).sum())
        return total

    best = Chosen((USUAL,) * len(media.columns), RIDGES[1])
    least = error(best)
    for _ in range(SWEEPS):
        for other in (option for step in range(len(media.columns) + 1) for option in _steps(best, step)):
            found = error(other)
            if found < least * (1 - 1e-9):
                best, least = other, found
    return best


def _steps(best: Chosen, step: int) -> Sequence[Chosen]:
    """What is tried beside the best so far: another ridge, or another shape of one channel."""
    if step == len(best.shapes):
        return [Chosen(best.shapes, ridge) for ridge in RIDGES]
    return [
        Chosen((*best.shapes[:step], shape, *best.shapes[step + 1 :]), best.ridge)
        for shape in range(len(SHAPES))
    ]


def refitted(fold: Fold, revenue: NDArray[np.float64], chosen: Chosen) -> Fitted:
    """On another draw: heights, and shapes changed one channel at a time where the penalised error gets smaller."""
    left = fold.left(revenue)
    best, least = chosen, fold.heights(left, chosen)[1]
    for step in range(len(chosen.shapes)):
        for other in _steps(best, step):
            found = fold.heights(left, other)[1]
            if found < least * (1 - 1e-9):
                best, least = other, found
    return fold.fit(revenue, best)
