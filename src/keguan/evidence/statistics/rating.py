"""What answers on one scale say together: CSAT, NPS, CES or a share of yes, with interval and difference.

CSAT and yes/no: share of positive answers in per cent, Wilson, differences Newcombe. NPS: promoters minus detractors
in points, adjusted Wald (Rocks 2016). CES: mean of 1..7. Scales are never mixed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from keguan.evidence.statistics.against_rest import Share, share_difference
from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.net_promoters import NetPromoters, nps_difference, nps_interval
from keguan.evidence.statistics.sample_mean import SampleMean, mean_difference
from keguan.evidence.statistics.wilson import wilson
from keguan.schema.scales import SCALES


@dataclass
class Rating:
    """Counts of answers by score, all on `scale`."""

    scale: str
    counts: dict[float, int] = field(default_factory=dict)

    def add(self, score: float, count: int) -> None:
        """More answers of one score."""
        self.counts[score] = self.counts.get(score, 0) + count

    @property
    def n(self) -> int:
        """All answers."""
        return sum(self.counts.values())

    @property
    def positive(self) -> int:
        """Answers on the good side."""
        return sum(count for score, count in self.counts.items() if score >= SCALES[self.scale].positive)

    @property
    def negative(self) -> int:
        """Answers on the bad side."""
        return sum(count for score, count in self.counts.items() if score <= SCALES[self.scale].negative)

    def promoters(self) -> NetPromoters:
        """Sides and middle."""
        return NetPromoters(self.positive, self.n - self.positive - self.negative, self.negative)

    def sample(self) -> SampleMean:
        """The scores as numbers."""
        items = sorted(self.counts.items())
        return SampleMean(self.n, sum(s * c for s, c in items), sum(s * s * c for s, c in items))

    def value(self) -> float:
        """Per cent positive, NPS, or mean effort; 0 of nobody."""
        if not self.n:
            return 0.0
        if self.scale == "nps":
            return 100 * self.promoters().score
        return self.sample().mean if self.scale == "ces7" else 100 * self.positive / self.n

    def interval(self) -> Interval | None:
        """Of the value, 95 %; None of nobody."""
        if self.scale == "nps":
            return _times_hundred(nps_interval(self.promoters()))
        if self.scale == "ces7":
            return self.sample().interval() if self.n else None
        return _times_hundred(wilson(self.positive, self.n))

    def minus(self, part: Rating) -> Rating:
        """The answers left when those of a part are taken out."""
        return Rating(self.scale, {s: c - part.counts.get(s, 0) for s, c in self.counts.items()})


def rating_difference(one: Rating, other: Rating) -> tuple[float, Interval, float]:
    """One value minus another of different answers on the same scale, its 95 % interval, p of no difference.

    ValueError when the scales differ. Both sides have answers.
    """
    if one.scale != other.scale:
        raise ValueError(f"{one.scale} and {other.scale} are not compared")
    difference = one.value() - other.value()
    if one.scale == "nps":
        ends, p = nps_difference(one.promoters(), other.promoters())
    elif one.scale == "ces7":
        ends, p = mean_difference(one.sample(), other.sample())
        return difference, ends, p
    else:
        _, ends, p = share_difference(Share(one.positive, one.n), Share(other.positive, other.n))
    return difference, Interval(100 * ends.low, 100 * ends.high), p


def _times_hundred(ends: Interval | None) -> Interval | None:
    return Interval(100 * ends.low, 100 * ends.high) if ends else None


def sum_of(ratings: Iterable[Rating], scale: str) -> Rating:
    """All answers together."""
    total = Rating(scale)
    for rating in ratings:
        for score, count in rating.counts.items():
            total.add(score, count)
    return total
