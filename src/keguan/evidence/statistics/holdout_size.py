"""How many customers of an audience are left alone, so that its effect on a share can be told?

The smallest control, of 5 to 50 % of the audience, with which a test of two shares (Cohen 1988, 6.4) finds the wanted
difference with a power of 80 % at 5 %; where even half is too few, half, with the smallest difference it finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from keguan.evidence.statistics.sample_size import POWER, cohens_h, share_power, smallest_share

LEAST, MOST = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class Holdout:
    """Customers left alone, and the difference of shares found with them; None where none is."""

    size: int
    finds: float | None


def holdout_size(audience: int, base: float, wanted: float) -> Holdout | None:
    """`base`: the share without anything done; `wanted`: the difference to be found. None for fewer than four customers."""
    if audience < 4:
        return None
    h = cohens_h(min(base + wanted, 1.0), base)
    low, high = ceil(audience * LEAST), int(audience * MOST)
    if share_power(h, high, (audience - high) / high) < POWER:
        return Holdout(high, smallest_share(base, high, (audience - high) / high))
    while low < high:
        middle = (low + high) // 2
        if share_power(h, middle, (audience - middle) / middle) >= POWER:
            high = middle
        else:
            low = middle + 1
    return Holdout(low, wanted)
