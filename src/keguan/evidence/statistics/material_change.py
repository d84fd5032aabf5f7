"""When a change of a total may be called one: sure, unusual and material, all three.

Sure: the interval over customers leaves out zero. Customers are drawn with Poisson(1) weights; the sum of
weighted changes then has the variance of the sum of squared changes, so that the interval needs two sums
and no draws (the normal limit of the Poisson bootstrap). Unusual: outside the XmR limits. Material: large
enough against the figure itself and against all revenue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.evidence.statistics.xmr import UsualChange

Verdict = Literal["显著增加", "显著减少", "无显著变化", "未检验"]


@dataclass(frozen=True, slots=True)
class Materiality:
    """Smallest change worth saying: relative to the figure, and as a share of all revenue."""

    relative: float
    share: float


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """A change in money with its 95 % interval over customers and two-sided p."""

    change: float
    low: float
    high: float
    p: float


def customer_change(change: float, squares: float) -> CustomerChange:
    """`change`: sum of the customers' changes; `squares`: sum of their squares."""
    spread = math.sqrt(max(squares, 0.0))
    p = two_sided(change / spread) if spread > 0 else 1.0
    return CustomerChange(change, change - z_value() * spread, change + z_value() * spread, p)


def verdict(
    found: CustomerChange | None,
    base: float,
    total: float,
    usual: UsualChange | None,
    materiality: Materiality,
) -> Verdict:
    """The word that the change from `base` earns; `total` is all revenue of the base period.

    未检验 when too few customers (`found` None), no usual variation is known, or the base is not positive.
    """
    if found is None or usual is None or base <= 0 or total <= 0:
        return "未检验"
    relative = found.change / base
    sure = found.low > 0 or found.high < 0
    material = abs(relative) >= materiality.relative and abs(found.change) / total >= materiality.share
    if not (sure and material and usual.exceeded_by(relative)):
        return "无显著变化"
    return "显著增加" if found.change > 0 else "显著减少"
