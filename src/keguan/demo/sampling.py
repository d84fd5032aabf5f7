"""Seeded draws over whole columns, and the array types of the demo shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]


def draw(
    rng: np.random.Generator, weights: Sequence[float] | npt.NDArray[np.floating[Any]], size: int
) -> Ints:
    """`size` positions of `weights`, each with the probability its weight gives."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    found = np.searchsorted(cumulative / cumulative[-1], rng.random(size), side="right")
    return np.minimum(found, len(cumulative) - 1).astype(np.int64)


def draw_in_group(rng: np.random.Generator, cumulative: Floats, group: Ints) -> Ints:
    """One column per entry of `group`, drawn with the weights of that row.

    `cumulative` has shape (groups, columns): running sums of weights along each row, each ending above 0.
    """
    groups, columns = cumulative.shape
    scaled = cumulative / cumulative[:, -1:] + np.arange(groups)[:, None]
    found = np.searchsorted(scaled.ravel(), group + rng.random(len(group)), side="right")
    column: Ints = np.clip(found - group * columns, 0, columns - 1).astype(np.int64)
    return column


def words(values: Sequence[object]) -> Words:
    """Texts (or dates) as an object array, so that columns of them can be indexed and masked."""
    array = np.empty(len(values), dtype=object)
    array[:] = list(values)
    return array


def either(condition: Flags, yes: Words | str | None, no: Words | str | None) -> Words:
    """`yes` where the condition holds, else `no`; each a column or one value for all cells. None is empty."""
    out = np.empty(len(condition), dtype=object)
    out[:] = no
    out[condition] = yes[condition] if isinstance(yes, np.ndarray) else yes
    return out
