"""From columns of customers to numbers that a model takes: which feature is what, learned from the training rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_LEVELS = 12  # of a category; rarer ones and those never seen read 'other': every level's column is 0
FEWEST_OF_LEVEL = 20
DIGITS = 6  # of a scaled figure, so that other money gives the same bins

Kind = Literal["number", "money", "category"]
Columns = Mapping[str, Any]  # name -> array of one value a row


@dataclass(frozen=True)
class Feature:
    """One thing known of a customer. `sign`: 1 where more of it cannot mean less churn, -1 the other way round."""

    name: str
    kind: Kind = "number"
    sign: int = 0


@dataclass(frozen=True)
class Coded:
    """A feature as learned: levels of a category, the unit of money, what stands for a missing number."""

    feature: Feature
    levels: tuple[str, ...] = ()
    scale: float = 1.0
    usual: float = 0.0

    @property
    def width(self) -> int:
        """Columns it makes."""
        return len(self.levels) if self.feature.kind == "category" else 1

    def numbers(self, columns: Columns) -> NDArray[np.float64]:
        """Rows x width; a missing number is NaN."""
        import numpy as np

        given = columns[self.feature.name]
        if self.feature.kind == "category":
            words = np.asarray(given, dtype=object)
            return np.column_stack([words == level for level in self.levels]).astype(np.float64)
        values = np.asarray(given, dtype=np.float64) / self.scale
        return np.round(values, DIGITS)[:, None]


@dataclass(frozen=True)
class Design:
    """All features as learned, in their order."""

    coded: tuple[Coded, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return tuple(item.feature.name for item in self.coded)

    @property
    def owners(self) -> tuple[int, ...]:
        """Of each column the place of its feature."""
        return tuple(place for place, item in enumerate(self.coded) for _ in range(item.width))

    @property
    def signs(self) -> tuple[int, ...]:
        """Of each column the sign that sense demands, 0 for none."""
        return tuple(item.feature.sign for item in self.coded for _ in range(item.width))

    def plain(self, columns: Columns) -> NDArray[np.float64]:
        """Rows x columns for trees, missing numbers as NaN."""
        import numpy as np

        return np.hstack([item.numbers(columns) for item in self.coded])

    def straight(self, columns: Columns) -> NDArray[np.float64]:
        """Rows x columns for a linear model: numbers on a log scale, the usual one for a missing one."""
        import numpy as np

        parts = []
        for item in self.coded:
            numbers = item.numbers(columns)
            if item.feature.kind != "category":
                numbers = np.where(np.isnan(numbers), item.usual, numbers)
                numbers = np.sign(numbers) * np.log1p(np.abs(numbers))
            parts.append(numbers)
        return np.hstack(parts)

    def gathered(self, parts: NDArray[np.float64]) -> NDArray[np.float64]:
        """What columns add to the log odds, summed up by feature."""
        import numpy as np

        summed = np.zeros((len(parts), len(self.coded)))
        for place, owner in enumerate(self.owners):
            summed[:, owner] += parts[:, place]
        return summed


def learned(features: Sequence[Feature], columns: Columns) -> Design:
    """The features that say anything in these rows: not the same for all, a category with levels."""
    coded = [item for feature in features if (item := _coded(feature, columns[feature.name])) is not None]
    return Design(tuple(coded))


def _coded(feature: Feature, given: Any) -> Coded | None:
    import numpy as np

    if feature.kind == "category":
        words, counts = np.unique([str(value) for value in given if value is not None], return_counts=True)
        often = sorted(zip(-counts, words, strict=True))
        least = min(FEWEST_OF_LEVEL, max(1, len(given) // 20))
        levels = tuple(
            sorted(str(word) for count, word in often[:MOST_LEVELS] if least <= -count < len(given))
        )
        return Coded(feature, levels) if levels else None
    values = np.asarray(given, dtype=np.float64)
    values = values[~np.isnan(values)]
    if len(values) == 0 or values.min() == values.max():
        return None
    scale = 1.0
    if feature.kind == "money":
        spent = np.abs(values[values != 0])
        scale = float(np.median(spent))
    usual = round(float(np.median(values)) / scale, DIGITS)
    return Coded(feature, scale=scale, usual=usual)
