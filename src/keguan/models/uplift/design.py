"""What is known of customers before they are treated, and the numbers that learners make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_LEVELS = 12  # of a text; rarer ones are 'other': every column of the text is 0
FEWEST_OF_LEVEL = 20
DIGITS = 6  # of a scaled figure, so that money in another unit gives the same numbers
MISSING = "–"

Kind = Literal["number", "text"]
Columns = Mapping[str, Any]  # name -> one value a row: floats with NaN, or objects with None


@dataclass(frozen=True)
class Feature:
    """One thing known of a customer before the treatment."""

    name: str
    kind: Kind = "number"


@dataclass(frozen=True)
class Coded:
    """A feature as learned: levels of a text; unit of a number and what stands for a missing one."""

    feature: Feature
    levels: tuple[str, ...] = ()
    scale: float = 1.0
    usual: float = 0.0
    gaps: bool = False  # some are missing: that is known too

    def plain(self, columns: Columns) -> NDArray[np.float64]:
        """Rows x columns for trees; a missing number is NaN."""
        import numpy as np

        given = columns[self.feature.name]
        if self.feature.kind == "text":
            read = words(given)
            return np.column_stack([read == level for level in self.levels]).astype(np.float64)
        return np.round(np.asarray(given, dtype=np.float64) / self.scale, DIGITS)[:, None]

    def straight(self, columns: Columns) -> NDArray[np.float64]:
        """Rows x columns for a linear model: numbers on a log scale, the usual one for a missing one, and a flag."""
        import numpy as np

        values = self.plain(columns)
        if self.feature.kind == "text":
            return values
        lacking = np.isnan(values)
        filled = np.where(lacking, self.usual, values)
        logs = np.sign(filled) * np.log1p(np.abs(filled))
        return np.hstack([logs, lacking.astype(np.float64)]) if self.gaps else logs


@dataclass(frozen=True)
class Design:
    """All features as learned."""

    coded: tuple[Coded, ...]

    def plain(self, columns: Columns) -> NDArray[np.float64]:
        """Rows x columns for trees."""
        import numpy as np

        return np.hstack([item.plain(columns) for item in self.coded])

    def straight(self, columns: Columns) -> NDArray[np.float64]:
        """Rows x columns for a linear model."""
        import numpy as np

        return np.hstack([item.straight(columns) for item in self.coded])


def words(given: Any) -> NDArray[Any]:
    """A text column with a word for what is missing; one that was made so stays as it is."""
    import numpy as np

    if given.dtype.kind == "U":
        return np.asarray(given)
    return np.array([MISSING if value is None else str(value) for value in given], dtype=np.str_)


def learned(features: Sequence[Feature], columns: Columns) -> Design:
    """The features that are not the same for all rows."""
    return Design(tuple(item for each in features if (item := _coded(each, columns[each.name])) is not None))


def _coded(feature: Feature, given: Any) -> Coded | None:
    import numpy as np

    if feature.kind == "text":
        found, counts = np.unique(words(given), return_counts=True)
        often = sorted(zip((-counts).tolist(), found.tolist(), strict=True))
        least = min(FEWEST_OF_LEVEL, max(1, len(given) // 20))
        levels = tuple(sorted(word for count, word in often[:MOST_LEVELS] if least <= -count < len(given)))
        return Coded(feature, levels) if levels else None
    values = np.asarray(given, dtype=np.float64)
    known = values[~np.isnan(values)]
    gaps = len(known) < len(values)
    if len(known) == 0 or (known.min() == known.max() and not gaps):
        return None
    scale = float(np.median(np.abs(known[known != 0]))) if (known != 0).any() else 1.0
    return Coded(feature, scale=scale, usual=round(float(np.median(known)) / scale, DIGITS), gaps=gaps)


def taken(columns: Columns, rows: NDArray[Any]) -> dict[str, Any]:
    """The same columns with some of the rows."""
    return {name: values[rows] for name, values in columns.items()}
