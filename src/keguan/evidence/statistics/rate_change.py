"""Which of several rates changed, since when and by how much: break, interval and correction together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from keguan.core.period import month_name
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.change_point import Break, change_point
from keguan.evidence.statistics.newcombe import newcombe

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class RateChange:
    """A rate before and from period `index` on, their difference with Newcombe's 95 % interval, and p values.

    `p` is the permutation p with the search over periods included, `q` the same corrected for all series.
    """

    index: int
    before_n: int
    before: float
    after_n: int
    after: float
    low: float
    high: float
    z: float
    p: float
    q: float

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def sure(self) -> bool:
        """Found at false discovery rate 5 %, and the interval leaves out zero."""
        return self.q <= FALSE_DISCOVERY and not self.low <= 0 <= self.high


def rate_changes(
    series: Mapping[Key, tuple[Sequence[int], Sequence[int]]], min_n: int = 30
) -> dict[Key, RateChange]:
    """The strongest change of each series of (hits, trials) per period; series too short or small are left out."""
    found = {key: change_point(hits, trials, min_n=min_n) for key, (hits, trials) in series.items()}
    # Returns of a period can exceed its purchases; such a ratio is no proportion and is not tested.
    kept = {
        key: change
        for key, change in found.items()
        if change is not None
        and change.hits_before <= change.trials_before
        and change.hits_after <= change.trials_after
    }
    adjusted = benjamini_hochberg([change.p for change in kept.values()])
    return {key: _described(change, q) for (key, change), q in zip(kept.items(), adjusted, strict=True)}


def change_rows(found: Mapping[tuple[str, str], RateChange], months: Sequence[int]) -> list[dict[str, Any]]:
    """Rows of the changes of (dimension, value), surest first. `months`: the month of each index."""
    return [
        {
            "dimension": key[0], "value": key[1], "since": month_name(months[change.index]),
            "before_n": change.before_n, "before": change.before, "after_n": change.after_n, "after": change.after,
            "difference": change.difference, "low": change.low, "high": change.high, "p": change.p, "q": change.q,
        }
        for key, change in sorted(found.items(), key=lambda item: (item[1].q, -abs(item[1].z), item[0]))
    ]  # fmt: skip


def _described(change: Break, q: float) -> RateChange:
    interval = newcombe(change.hits_after, change.trials_after, change.hits_before, change.trials_before)
    if interval is None:
        raise ValueError("a break has trials on both sides")
    return RateChange(
        index=change.index,
        before_n=change.trials_before,
        before=change.hits_before / change.trials_before,
        after_n=change.trials_after,
        after=change.hits_after / change.trials_after,
        low=interval.low,
        high=interval.high,
        z=change.z,
        p=change.p,
        q=q,
    )
