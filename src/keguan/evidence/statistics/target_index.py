"""TGI (target group index): share of a trait in a segment / share in the whole base x 100.

The segment is part of the base, so the two shares are not independent. With w the segment's part of the base
and r the ratio of the segment's share to that of the rest, index = 100 / (w + (1 - w) / r), which only rises
with r: the score interval of r (Koopman 1984; segment and rest are independent) turns into that of the index,
and the test of equal shares of segment and rest is the test that the index is 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf

from keguan.evidence.statistics.risk_ratio import risk_ratio
from keguan.evidence.statistics.two_proportions import two_proportions

LEAST_EXPECTED = 5.0  # below it the chi-square test of a share is not good (Cochran 1954)


@dataclass(frozen=True, slots=True)
class TargetIndex:
    """The index with its 95 % interval, the shares it is made of, and p of equal shares.

    `p` is None where too few are expected with the trait in either part for the test to hold.
    """

    share: float
    rest: float
    base: float
    index: float
    low: float
    high: float
    p: float | None


def target_index(inside: int, segment: int, outside: int, rest: int) -> TargetIndex | None:
    """The index of a trait that `inside` of `segment` customers have and `outside` of the `rest`.

    None when segment or rest is empty, or when nobody has the trait.
    """
    ends = risk_ratio(inside, segment, outside, rest)
    if ends is None:
        return None
    part = segment / (segment + rest)
    base = (inside + outside) / (segment + rest)
    return TargetIndex(
        share=inside / segment,
        rest=outside / rest,
        base=base,
        index=100 * (inside / segment) / base,
        low=_index(ends.low, part),
        high=_index(ends.high, part),
        p=two_proportions(inside, segment, outside, rest)
        if _expected(inside, segment, outside, rest)
        else None,
    )


def _index(ratio: float, part: float) -> float:
    if ratio == 0:
        return 0.0
    return 100 / part if isinf(ratio) else 100 / (part + (1 - part) / ratio)


def _expected(inside: int, segment: int, outside: int, rest: int) -> bool:
    share = (inside + outside) / (segment + rest)
    return min(segment, rest) * min(share, 1 - share) >= LEAST_EXPECTED
