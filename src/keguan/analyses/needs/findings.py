"""Everything found in the texts, in memory: what the tables are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from keguan.analyses.needs.judging import UNDECIDED, Judged
from keguan.analyses.needs.params import Params
from keguan.analyses.needs.reading import Read
from keguan.analyses.needs.texts import Plan
from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.wilson import wilson
from keguan.language.corpus import Terms
from keguan.language.themes import Themes, belonging

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Found:
    """The texts read, how they were judged, their terms and themes. `min_n` withholds shares."""

    plan: Plan
    params: Params
    read: Read
    judged: Judged
    terms: Terms
    themes: Themes
    min_n: int

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Texts that count: not empty, no copy."""
        return self.read.mask

    @cached_property
    def base(self) -> int:
        """How many texts count."""
        return int(self.counted.sum())

    @cached_property
    def of_theme(self) -> Mapping[str, NDArray[np.bool_]]:
        """Counted texts by name of the theme they belong to."""
        return {theme.name: belonging(self.terms, theme) & self.counted for theme in self.themes.themes}

    @cached_property
    def without_theme(self) -> NDArray[np.bool_]:
        """Counted texts that belong to no theme."""
        left = self.counted.copy()
        for mask in self.of_theme.values():
            left &= ~mask
        return left

    def counts(self, mask: NDArray[np.bool_]) -> Counts:
        """Sentiment of some texts."""
        polarity = self.judged.polarity[mask]
        return Counts(
            int(mask.sum()), int((polarity == 1).sum()), int((polarity == 0).sum()), int((polarity == -1).sum()),
            int((polarity == UNDECIDED).sum()), int(self.judged.by_score[mask].sum()),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """Texts by sentiment. `by_score`: those whose customers scored themselves."""

    texts: int
    positive: int
    neutral: int
    negative: int
    undecided: int
    by_score: int

    @property
    def decided(self) -> int:
        """Texts with a sentiment."""
        return self.positive + self.neutral + self.negative

    def negative_share(self, min_n: int) -> tuple[float | None, Interval | None]:
        """Share of blaming texts among those decided, with Wilson's interval; withheld under `min_n`."""
        if self.decided < max(min_n, 1):
            return None, None
        return self.negative / self.decided, wilson(self.negative, self.decided)


def share_of(count: int, n: int, min_n: int) -> dict[str, float | None]:
    """share, low, high (Wilson 95 %); None under `min_n`."""
    interval = wilson(count, n) if n >= max(min_n, 1) else None
    if interval is None:
        return {"share": None, "low": None, "high": None}
    return {"share": count / n, "low": interval.low, "high": interval.high}
