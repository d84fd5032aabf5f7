"""Each group of a division against all others in it, corrected for the number of groups compared."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions

FEWEST_EXPECTED = 5.0
Key = TypeVar("Key", bound=Hashable)
Sample = TypeVar("Sample")


@dataclass(frozen=True, slots=True)
class Contrast:
    """A group minus the others: difference, its 95 % interval, p, and p corrected for all comparisons."""

    difference: float
    low: float
    high: float
    p: float
    q: float

    @property
    def sure(self) -> bool:
        """A discovery at 5 % whose interval leaves out zero."""
        return self.q <= FALSE_DISCOVERY and not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Share:
    """Hits of trials."""

    hits: int
    trials: int


def share_difference(one: Share, other: Share) -> tuple[float, Interval, float]:
    """Difference of two shares, Newcombe's interval, p of equal shares; both sides have trials."""
    ends = newcombe(one.hits, one.trials, other.hits, other.trials)
    assert ends is not None
    p = two_proportions(one.hits, one.trials, other.hits, other.trials)
    return one.hits / one.trials - other.hits / other.trials, ends, p


def contrasts(
    pairs: Mapping[Key, tuple[Sample, Sample]],
    compared: Callable[[Sample, Sample], tuple[float, Interval, float]],
) -> dict[Key, Contrast]:
    """Every pair (a group, all others) compared, and all of them corrected together."""
    found = {key: compared(*pair) for key, pair in pairs.items()}
    adjusted = benjamini_hochberg([p for _, _, p in found.values()])
    return {
        key: Contrast(difference, ends.low, ends.high, p, q)
        for (key, (difference, ends, p)), q in zip(found.items(), adjusted, strict=True)
    }


def shares_against_rest(
    groups: Mapping[tuple[str, str], Share], min_n: int
) -> dict[tuple[str, str], Contrast]:
    """`groups`: (division, group) -> share. Only groups with `min_n` trials and as many in the others, and with the
    five hits and five misses to be expected on each side that Pearson's test asks for."""
    pairs = {}
    for (division, name), own in groups.items():
        others = [share for (d, n), share in groups.items() if d == division and n != name]
        rest = Share(sum(s.hits for s in others), sum(s.trials for s in others))
        if min(own.trials, rest.trials) >= max(min_n, 1) and _enough(own, rest):
            pairs[division, name] = (own, rest)
    return contrasts(pairs, share_difference)


def _enough(own: Share, rest: Share) -> bool:
    pooled = (own.hits + rest.hits) / (own.trials + rest.trials)
    return min(own.trials, rest.trials) * min(pooled, 1 - pooled) >= FEWEST_EXPECTED
