"""Kaplan-Meier estimate from counts: how long until an event, with open times censored.

Interval: Greenwood's variance on the log(-log) scale (Kalbfleisch and Prentice 1980), which stays in 0..1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval, z_value


@dataclass(frozen=True, slots=True)
class Step:
    """The estimate from `time` on: how many were at risk just before, how many had the event then."""

    time: float
    at_risk: int
    events: int
    survival: float
    low: float
    high: float


def kaplan_meier(counts: Iterable[tuple[float, int, int]], level: float = LEVEL) -> tuple[Step, ...]:
    """Steps at each distinct time of `counts` (time, events, censored), ascending.

    Those censored at a time are still at risk at it. Several rows of one time are added up.
    """
    at_time: dict[float, tuple[int, int]] = {}
    for time, events, censored in counts:
        had, left = at_time.get(time, (0, 0))
        at_time[time] = (had + events, left + censored)
    at_risk = sum(events + censored for events, censored in at_time.values())
    z, survival, greenwood = z_value(level), 1.0, 0.0
    steps = []
    for time in sorted(at_time):
        events, censored = at_time[time]
        survival *= 1 - events / at_risk if at_risk else 1.0
        if at_risk > events:
            greenwood += events / (at_risk * (at_risk - events))
        ends = _ends(survival, greenwood, z)
        steps.append(Step(time, at_risk, events, survival, ends.low, ends.high))
        at_risk -= events + censored
    return tuple(steps)


def survival_at(steps: Sequence[Step], time: float) -> Step | None:
    """The step that holds at `time`; None before the first or without any."""
    held = None
    for step in steps:
        if step.time > time:
            break
        held = step
    return held


def time_when(steps: Sequence[Step], event_share: float) -> float | None:
    """The first time by which at least `event_share` had the event; None when the curve never gets there."""
    for step in steps:
        if 1 - step.survival >= event_share - 1e-12:
            return step.time
    return None


def _ends(survival: float, greenwood: float, z: float) -> Interval:
    if survival <= 0 or survival >= 1:
        return Interval(survival, survival)
    spread = z * sqrt(greenwood) / log(survival)
    return Interval(survival ** exp(-spread), survival ** exp(spread))
