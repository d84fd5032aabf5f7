"""Does spend explain weeks that the fit has not seen, how sure are the curves, and can channels be told apart?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.evidence.statistics.interval import Interval
from keguan.models.budget.response import (
    Chosen,
    Fitted,
    Fold,
    Media,
    blocks_of,
    picked,
    refitted,
    search,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESAMPLES = 200
BLOCK_WEEKS = 8
CROWDED = 30.0  # condition index from which columns cannot be told apart (Belsley, Kuh and Welsch 1980)


@dataclass(frozen=True)
class Held:
    """Root mean squared error in blocks of time left out, with spend and without; `better`: interval of the error without
    less the error with."""

    weeks: int
    with_media: float
    without: float
    better: Interval


def held_out(media: Media, revenue: NDArray[np.float64], known: NDArray[np.bool_]) -> Held:
    """Shapes are chosen anew from the weeks outside of each block."""
    import numpy as np

    bare = Media(media.columns[:0], media.baseline)
    own, other = np.full(len(revenue), np.nan), np.full(len(revenue), np.nan)
    for block in blocks_of(known):
        learning = known & ~block
        chosen = search(media, revenue, learning)
        own[block] = (revenue - Fold(media, learning).fit(revenue, chosen).predict(media))[block]
        other[block] = (revenue - Fold(bare, learning).fit(revenue, Chosen((), chosen.ridge)).predict(bare))[
            block
        ]
    pairs = np.column_stack([own[known] ** 2, other[known] ** 2])
    draws = np.array([pairs[place].mean(axis=0) for place in drawn_weeks(len(pairs), 7)])
    ends = np.quantile(np.sqrt(draws[:, 1]) - np.sqrt(draws[:, 0]), [0.025, 0.975])
    with_media, without = np.sqrt(pairs.mean(axis=0))
    return Held(len(pairs), float(with_media), float(without), Interval(float(ends[0]), float(ends[1])))


def drawn_weeks(weeks: int, seed: int) -> list[NDArray[np.int64]]:
    """Draws of weeks in blocks of eight in a row, the end followed by the start (Politis and Romano 1992)."""
    import numpy as np

    rng = np.random.default_rng(seed)
    size = min(BLOCK_WEEKS, weeks)
    count = -(-weeks // size)
    return [
        ((rng.integers(0, weeks, count)[:, None] + np.arange(size)[None, :]) % weeks).ravel()[:weeks]
        for _ in range(RESAMPLES)
    ]


def redrawn(
    media: Media, revenue: NDArray[np.float64], known: NDArray[np.bool_], fitted: Fitted, seed: int
) -> list[Fitted]:
    """Fits to histories whose residuals were drawn in blocks, shapes chosen anew."""
    import numpy as np

    fold = Fold(media, known)
    expected = fitted.predict(media)
    residuals = (revenue - expected)[known]
    lost = media.baseline.shape[1] + int((fitted.heights > 0).sum())
    residuals = residuals * np.sqrt(
        len(residuals) / max(len(residuals) - lost, 1)
    )  # a fit takes some of the noise
    made = []
    for place in drawn_weeks(len(residuals), seed):
        again = np.array(revenue)
        again[known] = expected[known] + residuals[place]
        made.append(refitted(fold, again, fitted.chosen))
    return made


@dataclass(frozen=True)
class Apart:
    """Condition index of all columns together, and of each channel its variance inflation factor."""

    condition: float
    inflation: tuple[float, ...]


def told_apart(media: Media, known: NDArray[np.bool_], chosen: Chosen) -> Apart:
    """Columns scaled to unit length, the constant included; a channel's factor against all other columns."""
    import numpy as np

    own, base = picked(media, chosen)[known], media.baseline[known]
    everything = np.column_stack([base, own])
    lengths = np.sqrt((everything**2).sum(axis=0))
    sizes = np.linalg.svd(everything / np.where(lengths > 0, lengths, 1.0), compute_uv=False)
    factors = []
    for channel in range(own.shape[1]):
        column = own[:, channel]
        others = np.column_stack([base, np.delete(own, channel, axis=1)])
        rest = column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
        spread, left = float(((column - column.mean()) ** 2).sum()), float((rest**2).sum())
        factors.append(spread / left if left > 1e-12 * max(spread, 1e-300) else float("inf"))
    return Apart(float(sizes[0] / max(sizes[-1], 1e-300)), tuple(factors))
