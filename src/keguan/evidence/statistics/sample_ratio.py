"""Did assignment give the arms the sizes that were planned? Chi-square (Fabijan et al. 2019)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keguan.evidence.statistics.incomplete_gamma import chi_square_tail

ALARM = 0.001  # below it the arms are not those of the plan, and no effect is told


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Units expected in each arm, chi-square, p."""

    expected: Mapping[str, float]
    statistic: float
    p: float

    @property
    def mismatch(self) -> bool:
        """Whether the split is not the planned one."""
        return self.p < ALARM


def sample_ratio(units: Mapping[str, int], weights: Mapping[str, float]) -> SampleRatio:
    """Units by arm against weights by the same arms, in any scale. An arm of weight zero is none of the plan: it adds
    no degree of freedom, and a unit in it is a mismatch by itself. ValueError for a negative weight or all zero."""
    total, weight = sum(units.values()), sum(weights.values())
    if weight <= 0 or min(weights.values()) < 0:
        raise ValueError(f"weights {dict(weights)}")
    planned = [arm for arm in weights if weights[arm] > 0]
    expected = {arm: total * weights.get(arm, 0.0) / weight for arm in units}
    if total == 0:
        return SampleRatio(expected, 0.0, 1.0)
    statistic = sum(
        (units.get(arm, 0) - total * weights[arm] / weight) ** 2 / (total * weights[arm] / weight)
        for arm in planned
    )
    if any(units[arm] > 0 and weights.get(arm, 0.0) <= 0 for arm in units):
        return SampleRatio(expected, statistic, 0.0)
    return SampleRatio(expected, statistic, chi_square_tail(statistic, len(planned) - 1))
