"""Splits a change of revenue exactly into customers, frequency, value per purchase, and the mix of segments.

Revenue = customers x sum over segments of (share of customers x purchases per customer x value per
purchase). Each factor's part is its change times the average of the other factors before and after
(midpoint, the Shapley value for two factors), so that the parts add up and neither period is the base. The
mix part is what moving customers between segments does while nobody's behaviour changes: with it a total
can fall while every segment rises (Simpson 1951).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SegmentPair:
    """One segment in two periods: customers, purchases, revenue."""

    segment: str
    base_customers: int
    customers: int
    base_purchases: int
    purchases: int
    base_revenue: float
    revenue: float


@dataclass(frozen=True, slots=True)
class SegmentEffect:
    """What one segment adds to each part of the change, in money."""

    segment: str
    frequency: float
    value: float
    mix: float


@dataclass(frozen=True, slots=True)
class Drivers:
    """The change in parts; customers + frequency + value + mix = change of revenue."""

    customers: float
    frequency: float
    value: float
    mix: float
    segments: tuple[SegmentEffect, ...]


def revenue_drivers(segments: Sequence[SegmentPair]) -> Drivers | None:
    """The parts of the change; None when one of the periods has no customers."""
    base_size = sum(pair.base_customers for pair in segments)
    size = sum(pair.customers for pair in segments)
    if base_size == 0 or size == 0:
        return None
    base_mean = math.fsum(pair.base_revenue for pair in segments) / base_size
    mean = math.fsum(pair.revenue for pair in segments) / size
    middle_size = (base_size + size) / 2
    effects = tuple(_effect(pair, base_size, size, (base_mean + mean) / 2, middle_size) for pair in segments)
    return Drivers(
        customers=(size - base_size) * (base_mean + mean) / 2,
        frequency=math.fsum(effect.frequency for effect in effects),
        value=math.fsum(effect.value for effect in effects),
        mix=math.fsum(effect.mix for effect in effects),
        segments=effects,
    )


def _effect(
    pair: SegmentPair, base_size: int, size: int, middle_mean: float, middle_size: float
) -> SegmentEffect:
    base_share, share = pair.base_customers / base_size, pair.customers / size
    # A segment without customers in one period behaves as in the other: all of its change is mix.
    base_spend = _ratio(pair.base_revenue, pair.base_customers, _ratio(pair.revenue, pair.customers, 0.0))
    spend = _ratio(pair.revenue, pair.customers, base_spend)
    base_rate = _ratio(pair.base_purchases, pair.base_customers, _ratio(pair.purchases, pair.customers, 0.0))
    rate = _ratio(pair.purchases, pair.customers, base_rate)
    base_value = _ratio(pair.base_revenue, pair.base_purchases, _ratio(pair.revenue, pair.purchases, 0.0))
    value = _ratio(pair.revenue, pair.purchases, base_value)
    weight = middle_size * (base_share + share) / 2
    frequency = (rate - base_rate) * (base_value + value) / 2
    return SegmentEffect(
        segment=pair.segment,
        frequency=weight * frequency,
        value=weight * (spend - base_spend - frequency),
        # Measured from the mean: shares add up to 1, so the sum is the same and a part reads as
        # 'more of the segment that spends less than average'.
        mix=middle_size * (share - base_share) * ((base_spend + spend) / 2 - middle_mean),
    )


def _ratio(a: float, b: float, otherwise: float) -> float:
    return a / b if b else otherwise
