"""Several arms against one control at once: intervals of which all hold together, by Dunnett (1955).

Beside Holm's p values of `evidence.experiments`, which decide: Holm has no intervals that go with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from keguan.evidence.experiments import Metric, Rules, is_skewed, sides_of
from keguan.evidence.statistics.dunnett import dunnett_p, dunnett_value, share_of_control
from keguan.evidence.statistics.welch import welch


@dataclass(frozen=True, slots=True)
class Together:
    """One arm against the control, with an interval that holds together with those of the other arms; p corrected."""

    metric: str
    kind: str
    arm: str
    n: int
    control_n: int
    diff: float
    low: float
    high: float
    p: float


def together(metrics: Sequence[Metric], control: str, rules: Rules) -> list[Together]:
    """Metrics of which two or more arms can be compared: by errors from their moments, the fewest degrees of freedom of
    any. A sequential test, and a mean too skewed for such errors, has none."""
    if rules.tuning is not None:
        return []
    return [row for metric in metrics for row in _of(metric, control, rules)]


def _of(metric: Metric, control: str, rules: Rules) -> list[Together]:
    base = metric.arms[control]
    found = []
    for arm, own in metric.arms.items():
        if arm == control or min(own.values.n, base.values.n) < rules.min_n or is_skewed(metric, own, base):
            continue
        sides = sides_of(metric, own, base)
        difference = welch(*sides[1], rules.level) if sides else None
        if sides is not None and difference is not None and difference.error > 0:
            share = share_of_control(sides[1][0].error_squared, sides[1][1].error_squared)
            found.append((arm, own.values.n, difference, share))
    if len(found) < 2:
        return []
    shares = tuple(share for *_, share in found)
    freedom = min((difference.freedom for _, _, difference, _ in found), default=inf)
    reach = dunnett_value(shares, freedom, rules.level)
    p_values = dunnett_p([d.value / d.error for _, _, d, _ in found], shares, freedom)
    return [
        Together(metric.name, metric.kind, arm, n, base.values.n, d.value, d.value - reach * d.error,
                 d.value + reach * d.error, p)
        for (arm, n, d, _), p in zip(found, p_values, strict=True)
    ]  # fmt: skip
