"""How many groups, and whether there are any: gap statistic against references without clusters, and stability.

The gap at k is how much closer (log of the weighted within-group squares) the groups of the sample are than groups
made in the same way of reference samples: a Gaussian with the sample's covariance; beside it, where categories count,
customers whose tastes differ by degree alone, without types (Dirichlet-multinomial with the agreement of lines seen),
else a Gaussian copula with the sample's own values in each fact. The smaller gap counts. Stability is the adjusted Rand
index of groups made of different halves of the sample.

Source: Tibshirani, Walther and Hastie (2001); Hubert and Arabie (1985); Ben-Hur, Elisseeff and Guyon (2002).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from keguan.models.clusters.facts import Scale, shrunk_shares

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 20_261_122
KS = range(3, 11)
CONSTRUCTED = range(5, 9)
TRIED = 4_000  # customers on whom the number of groups is tried
REFERENCES, HALVES, STARTS = 6, 6, 5
CORRECTIONS = 6
REPRODUCIBLE = 0.8  # stability below which groups are not called natural
AS_GOOD = 0.02  # stabilities so close are alike
CERTAIN = 2.0  # standard errors of the gap


@dataclass(frozen=True, slots=True)
class Tried:
    """What speaks for k groups."""

    k: int
    gap: float
    error: float
    stability: float
    smallest: int  # customers of the smallest group in the sample tried

    @property
    def natural(self) -> bool:
        """Closer than without clusters, beyond doubt, and found again in other halves."""
        return self.gap > CERTAIN * self.error and self.stability >= REPRODUCIBLE


def grouped(points: Floats, weights: Floats, k: int, seed: int, starts: int = STARTS) -> tuple[Floats, float]:
    """Centres of k groups and the weighted squares left within them."""
    from sklearn.cluster import KMeans

    fitted = KMeans(k, n_init=starts, random_state=seed, algorithm="lloyd").fit(points, sample_weight=weights)
    return fitted.cluster_centers_, float(fitted.inertia_)


def nearest(points: Floats, centres: Floats) -> NDArray[np.int64]:
    """The place of the nearest centre."""
    import numpy as np

    # |x - c|^2 without |x|^2, which is the same for all centres
    away = (centres**2).sum(axis=1) - 2.0 * points @ centres.T
    found: NDArray[np.int64] = np.argmin(away, axis=1)
    return found


def try_numbers(points: Floats, weights: Floats, references: Sequence[Floats]) -> tuple[Tried, ...]:
    """Every number of groups that the sample has different points for."""
    import numpy as np

    different = len(np.unique(np.round(points, 9), axis=0))
    return tuple(_tried(points, weights, references, k) for k in KS if 2 * k <= different)


def _tried(points: Floats, weights: Floats, references: Sequence[Floats], k: int) -> Tried:
    import numpy as np

    centres, within = grouped(points, weights, k, SEED)
    own = np.log(max(within, 1e-300))
    kinds: dict[int, list[float]] = {}
    for number, reference in enumerate(references):
        kinds.setdefault(number % (len(references) // REFERENCES), []).append(
            float(np.log(max(grouped(reference, weights, k, SEED)[1], 1e-300)))
        )
    gaps = [
        (float(np.mean(logs) - own), float(np.std(logs, ddof=1) * (1 + 1 / len(logs)) ** 0.5))
        for logs in kinds.values()
    ]
    gap, error = min(gaps)
    sizes = np.bincount(nearest(points, centres), minlength=k)
    return Tried(k, gap, error, stability(points, weights, k), int(sizes.min()))


def stability(points: Floats, weights: Floats, k: int) -> float:
    """Mean adjusted Rand index over pairs of groupings, each made of another half of the customers."""
    import numpy as np
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(SEED)
    groupings = []
    for number in range(HALVES):
        half = rng.permutation(len(points))[: len(points) // 2]
        centres, _ = grouped(points[half], weights[half], k, SEED + number)
        groupings.append(nearest(points, centres))
    return float(np.mean([adjusted_rand_score(a, b) for a, b in combinations(groupings, 2)]))


def references(points: Floats, rows: Mapping[str, NDArray[Any]], scale: Scale) -> list[Floats]:
    """Samples of the same size without clusters, the kinds of reference in turn."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    kinds: list[Callable[[], Floats]] = [lambda: gaussian(points, rng)]
    kinds.append(
        (lambda: _without_types(points, rows, scale, rng))
        if scale.categories
        else (lambda: copula(points, rng))
    )
    return [kind() for _ in range(REFERENCES) for kind in kinds]


def gaussian(points: Floats, rng: np.random.Generator) -> Floats:
    """A cloud with the sample's means and covariances."""
    import numpy as np

    covariance = np.atleast_2d(np.cov(points.T))
    drawn: Floats = rng.multivariate_normal(points.mean(axis=0), covariance, len(points), method="eigh")
    return drawn


def copula(points: Floats, rng: np.random.Generator) -> Floats:
    """A cloud with the correlations of the sample and in each fact its values, those that pile up among them.

    The Gaussian behind it is corrected until its image has these correlations (Cario and Nelson 1997).
    """
    import numpy as np

    wanted, ordered = np.atleast_2d(np.corrcoef(points.T)), np.sort(points, axis=0)
    noise, behind, made = rng.standard_normal(points.shape), wanted.copy(), points
    for _ in range(CORRECTIONS):
        values, vectors = np.linalg.eigh(behind)
        drawn = noise @ (vectors * np.sqrt(np.maximum(values, 1e-6))).T
        places = drawn.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
        made = np.take_along_axis(ordered, places, axis=0)
        behind = np.clip(behind + wanted - np.atleast_2d(np.corrcoef(made.T)), -0.999, 0.999)
        np.fill_diagonal(behind, 1.0)
    return made


def _without_types(
    points: Floats, rows: Mapping[str, NDArray[Any]], scale: Scale, rng: np.random.Generator
) -> Floats:
    """Baskets of the same numbers of lines from tastes that vary without types; the other facts as a cloud."""
    import numpy as np

    lines = rows["lines"].astype(int)
    counts = np.column_stack([rows[f"in_{n}"] for n in range(1, scale.categories + 1)]).astype(float)
    rest = np.maximum(1.0 - sum(scale.typical), 0.0)
    typical = np.append(np.asarray(scale.typical), rest)
    spread = _concentration(np.column_stack([counts, lines - counts.sum(axis=1)]), lines, typical)
    tastes = np.maximum(rng.dirichlet(np.maximum(typical * spread, 1e-3), len(lines)), 1e-12)
    baskets = rng.multinomial(lines, tastes / tastes.sum(axis=1, keepdims=True))
    made = {"lines": lines, **{f"in_{n}": baskets[:, n - 1] for n in range(1, scale.categories + 1)}}
    shares = shrunk_shares(made, scale.typical) * scale.share_weight
    own = points[:, scale.categories :]
    return np.column_stack([shares, gaussian(own, rng)]) if own.shape[1] else shares


def _concentration(counts: Floats, lines: NDArray[np.int64], typical: Floats) -> float:
    """Dirichlet's concentration at which two lines of a customer agree as often as they do (method of moments)."""
    several = lines >= 2
    if not several.any():
        return 1e3
    pairs = (lines[several] * (lines[several] - 1)).astype(float)
    agree = float(((counts[several] * (counts[several] - 1)).sum(axis=1) / pairs).mean())
    chance = float((typical**2).sum())
    excess = (agree - chance) / max(1.0 - chance, 1e-9)
    return min(1.0 / excess - 1.0, 1e3) if 1e-3 < excess < 1 else (1e3 if excess <= 1e-3 else 1e-3)


def chosen(tried: Sequence[Tried], wanted: int, min_n: int) -> tuple[Tried, bool]:
    """The number of groups used, and whether they are natural.

    Natural: of the numbers that pass, the most reproducible; among those as good, the one with the largest gap.
    Constructed: the most reproducible of 5 to 8. A group under `min_n` customers speaks against a number.
    """
    if wanted:
        found = min(tried, key=lambda item: abs(item.k - wanted))
        return found, found.natural
    large = [item for item in tried if item.smallest >= min_n] or list(tried)
    passed = [item for item in large if item.natural]
    if passed:
        best = max(item.stability for item in passed)
        return max((item for item in passed if item.stability >= best - AS_GOOD), key=lambda i: i.gap), True
    allowed = [item for item in large if item.k in CONSTRUCTED] or large
    return max(allowed, key=lambda item: (item.stability, -item.k)), False
