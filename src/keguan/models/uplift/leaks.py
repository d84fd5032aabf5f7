"""Which columns can have been known before the treatment, told from the data.

Assignment at random leaves every feature alike in the arms: one that is not is an outcome, or knows what came after, or
the arms were not drawn at random. And a column that settles the outcome (whoever spent has visited) knows it. Chi-square
for texts and numbers of few values, Wilcoxon's rank sum for others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, Literal

from keguan.evidence.statistics.contingency import dependence
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.models.uplift.design import Columns, Feature, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALARM = 0.001  # over all features together
SURE = log(1e-9)  # chance at which a part settles the outcome by accident
CLOSE = 0.95  # area under the curve, or rank correlation, that no feature of before reaches
FEW_VALUES = 12
MOST_LEVELS = 50
FEWEST_OF_LEVEL = 20
Verdict = Literal["used", "unbalanced", "knows_outcome", "constant", "too_many_values"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A feature, the p of the balance test (None where it was not made), and what becomes of it."""

    feature: Feature
    p: float | None
    verdict: Verdict


def judged(
    features: Sequence[Feature],
    columns: Columns,
    treated: NDArray[np.bool_],
    outcome: NDArray[np.float64],
) -> tuple[Judged, ...]:
    """Every feature in its order."""
    return tuple(_one(item, columns, treated, outcome, ALARM / max(len(features), 1)) for item in features)


def _one(
    feature: Feature, columns: Columns, treated: NDArray[np.bool_], outcome: NDArray[np.float64], alarm: float
) -> Judged:

    place = codes(feature, columns)
    levels = int(place.max()) + 1 if len(place) else 0
    if levels < 2:
        return Judged(feature, None, "constant")
    if feature.kind == "text" and levels > MOST_LEVELS:
        return Judged(feature, None, "too_many_values")
    grouped = feature.kind == "text" or levels <= FEW_VALUES
    p = _alike(place, treated, levels) if grouped else rank_sum_p(place, treated)
    if knows(feature, place, outcome, grouped):
        return Judged(feature, p, "knows_outcome")
    return Judged(feature, p, "unbalanced" if p < alarm else "used")


def _alike(place: NDArray[np.int64], treated: NDArray[np.bool_], levels: int) -> float:
    """p of equal shares of the levels in both arms; levels of few rows are one."""
    import numpy as np

    counts = np.bincount(place, minlength=levels)
    arms = np.array([np.bincount(place[arm], minlength=levels) for arm in (treated, ~treated)])
    rare = counts < FEWEST_OF_LEVEL
    pooled = np.column_stack([arms[:, ~rare], arms[:, rare].sum(axis=1)])
    found = dependence(pooled.tolist(), draw=False)
    return found.p if found is not None else 1.0


def codes(feature: Feature, columns: Columns) -> NDArray[np.int64]:
    """Values by their place in order from 0; missing ones share a place."""
    import numpy as np

    given = columns[feature.name]
    values = words(given) if feature.kind == "text" else np.round(np.asarray(given, dtype=float), 9)
    _, place = np.unique(values, return_inverse=True)
    return np.asarray(place, dtype=np.int64)


def rank_sum_p(place: NDArray[np.int64], treated: NDArray[np.bool_]) -> float:
    """Two-sided p of Wilcoxon's rank sum with ties, by the normal."""
    area, spread = _area(place, treated)
    return two_sided((area - 0.5) / spread) if spread > 0 else 1.0


def _area(place: NDArray[np.int64], inside: NDArray[np.bool_]) -> tuple[float, float]:
    """Chance that one of the inside has the larger value (ties half), and its spread where sides are alike."""
    import numpy as np

    counts = np.bincount(place).astype(float)
    n, one = float(len(place)), float(inside.sum())
    two = n - one
    if one == 0 or two == 0:
        return 0.5, 0.0
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    area = (float(ranks[inside].sum()) - one * (one + 1) / 2) / (one * two)
    ties = float((counts**3 - counts).sum())
    return area, sqrt(max(((n + 1) - ties / (n * (n - 1))) / (12 * one * two), 0.0))


def knows(feature: Feature, place: NDArray[np.int64], outcome: NDArray[np.float64], grouped: bool) -> bool:
    """Whether a column settles the outcome as nothing known before does."""
    import numpy as np

    values, at, counts = np.unique(outcome, return_inverse=True, return_counts=True)
    if len(values) < 2:
        return False
    hit = at != int(np.argmax(counts))  # the outcome is another than most have
    hits, rows = int(hit.sum()), len(hit)
    for part in _parts(place, grouped):
        inside = int(part.sum())
        caught = int((part & hit).sum())
        settled = inside > 0 and caught == inside and inside * log(hits / rows) < SURE
        holds_all = caught == hits and inside * 2 <= rows and hits * log(max(inside, 1) / rows) < SURE
        if settled or holds_all:
            return True
    if feature.kind == "text":
        return False
    if len(values) == 2:
        area, _ = _area(place, hit)
        return max(area, 1 - area) >= CLOSE and hits >= FEW_VALUES
    ranks = [_ranks(place), _ranks(np.asarray(at, dtype=np.int64))]
    return bool(abs(np.corrcoef(ranks[0], ranks[1])[0, 1]) >= CLOSE)


def _parts(place: NDArray[np.int64], grouped: bool) -> Iterator[NDArray[np.bool_]]:
    """Each level of few, or all rows but those of the commonest value."""
    import numpy as np

    counts = np.bincount(place)
    if grouped:
        yield from (place == level for level in range(len(counts)))
    yield place != int(np.argmax(counts))


def _ranks(place: NDArray[np.int64]) -> NDArray[np.float64]:
    import numpy as np

    counts = np.bincount(place).astype(float)
    ranks: NDArray[np.float64] = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks
