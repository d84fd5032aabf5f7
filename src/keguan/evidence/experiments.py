"""What an experiment says: the effect of each arm on each metric against the control, from moments alone.

The first metric is the primary one, declared before: its arms are corrected together by Holm (1979), so that the chance of
any false winner stays at 1 - level; all other comparisons are hints, corrected by Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.bootstrap_means import difference_of_means
from keguan.evidence.statistics.confidence_sequence import always_valid
from keguan.evidence.statistics.cuped import cuped
from keguan.evidence.statistics.family_wise import holm
from keguan.evidence.statistics.interval import LEVEL, Interval
from keguan.evidence.statistics.miettinen_nurminen import miettinen_nurminen
from keguan.evidence.statistics.moments import Moments, PairMoments
from keguan.evidence.statistics.posterior import chance_of_larger_share, normal_posterior
from keguan.evidence.statistics.ratio_metric import ratio_of
from keguan.evidence.statistics.welch import Difference, Estimate, lift, mean_of, share_of, welch

Kind = Literal["share", "mean", "ratio"]
Verdict = Literal["higher", "lower", "no_difference", "too_few", "undefined", "withheld"]
PER_SKEWNESS = (
    355  # units per arm and squared skewness from which Welch's interval holds (Kohavi et al. 2014)
)


@dataclass(frozen=True, slots=True)
class ArmSample:
    """One metric in one arm. `beside`: with its denominator (kind 'ratio') or with what was known before (CUPED).
    `groups`: random groups of the units, for the bootstrap of a mean too skewed for Welch: (group, units, sum of the metric,
    sum of what was known before)."""

    values: Moments
    beside: PairMoments | None = None
    groups: Sequence[tuple[int, int, float, float]] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric in every arm. A 'share' is 1 for a unit that did it and 0 for one that did not."""

    name: str
    kind: Kind
    arms: Mapping[str, ArmSample]


@dataclass(frozen=True, slots=True)
class Rules:
    """Confidence level, the fewest units of an arm that are compared, units at which a sequential test is narrowest
    (None: one look, at the end)."""

    level: float = LEVEL
    min_n: int = 30
    tuning: float | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One arm against the control. `diff` is arm minus control (adjusted where something of before is known), `relative`
    over the control's size without its sign. `p` is that of `diff`. `chance`: that the arm is above the control.
    `skewed`: too few units for the interval of a mean this skewed, and no groups for a bootstrap. `method`: of the
    interval. Figures are None where they cannot be told."""

    metric: str
    kind: Kind
    arm: str
    n: int
    control_n: int
    mean: float | None = None
    control_mean: float | None = None
    diff: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None
    chance: float | None = None
    loss: float | None = None
    variance_removed: float | None = None
    skewed: bool = False
    method: str | None = None
    verdict: Verdict = "too_few"

    @property
    def told(self) -> bool:
        """Whether there is an effect to speak of."""
        return self.verdict in ("higher", "lower", "no_difference")


def effects(metrics: Sequence[Metric], control: str, rules: Rules) -> list[Effect]:
    """Every arm but the control in every metric: arms in their order within metrics in theirs."""
    found = [
        _effect(metric, arm, control, rules)
        for metric in metrics
        for arm in metric.arms
        if arm != control
    ]  # fmt: skip
    primary = [effect.metric == metrics[0].name for effect in found]
    return _judged(found, primary, rules)


def parts(samples: Mapping[str, Metric], control: str, rules: Rules) -> list[tuple[str, Effect]]:
    """One metric within parts of the units (segments): hints, all corrected together."""
    rows = [
        (part, _effect(metric, arm, control, rules))
        for part, metric in samples.items()
        for arm in metric.arms
        if arm != control and control in metric.arms
    ]
    judged = _judged([effect for _, effect in rows], [False] * len(rows), rules)
    return [(part, effect) for (part, _), effect in zip(rows, judged, strict=True)]


def withheld(effect: Effect) -> Effect:
    """The sizes and means of an effect alone: where the split is not the planned one, nothing may be compared."""
    kept = Effect(effect.metric, effect.kind, effect.arm, effect.n, effect.control_n)
    return replace(kept, mean=effect.mean, control_mean=effect.control_mean, verdict="withheld")


def _effect(metric: Metric, arm: str, control: str, rules: Rules) -> Effect:
    one, base = metric.arms[arm], metric.arms[control]
    found = Effect(metric.name, metric.kind, arm, one.values.n, base.values.n)
    if min(found.n, found.control_n) < rules.min_n:
        return found
    sides = sides_of(metric, one, base)
    if sides is None:
        return replace(found, verdict="undefined")
    plain, adjusted, removed = sides
    relative = lift(Estimate(adjusted[0].n, plain[1].value + adjusted[0].value - adjusted[1].value,
                             adjusted[0].error_squared),
                    Estimate(adjusted[1].n, plain[1].value, adjusted[1].error_squared), rules.level)  # fmt: skip
    skewed = is_skewed(metric, one, base)
    bootstrapped = skewed and rules.tuning is None and bool(one.groups and base.groups)
    difference, method = (
        _bootstrap(one, base, rules.level)
        if bootstrapped
        else _difference(metric.kind, one, base, adjusted, rules)
    )
    belief = normal_posterior(difference.value, welch(*adjusted).error)
    chance = belief.chance if belief else None
    if metric.kind == "share" and removed is None:
        chance = chance_of_larger_share(_hits(one), found.n, _hits(base), found.control_n)
    return replace(
        found, mean=plain[0].value, control_mean=plain[1].value, diff=difference.value,
        low=difference.interval.low, high=difference.interval.high, p=difference.p,
        relative=relative.value if relative else None,
        relative_low=relative.interval.low if relative and rules.tuning is None else None,
        relative_high=relative.interval.high if relative and rules.tuning is None else None,
        chance=chance, loss=belief.loss_of_arm if belief else None, variance_removed=removed,
        skewed=skewed and not bootstrapped, method=method,
    )  # fmt: skip


Sides = tuple[Estimate, Estimate]


def sides_of(metric: Metric, one: ArmSample, base: ArmSample) -> tuple[Sides, Sides, float | None] | None:
    """Arm and control as seen; as compared; the share of the variance that what was known before takes out."""
    plain = (
        (share_of(one.values), share_of(base.values))
        if metric.kind == "share"
        else (mean_of(one.values), mean_of(base.values))
    )
    if one.beside is None or base.beside is None:
        return plain, plain, None
    if metric.kind == "ratio":
        first, second = ratio_of(one.beside), ratio_of(base.beside)
        return None if first is None or second is None else ((first, second), (first, second), None)
    adjusted = cuped(one.beside, base.beside)
    return plain, (adjusted.arm, adjusted.control), adjusted.reduction


def _difference(
    kind: Kind, one: ArmSample, base: ArmSample, compared: Sides, rules: Rules
) -> tuple[Difference, str]:
    """The difference with its interval, and how it was found."""
    found = welch(*compared, rules.level)
    if rules.tuning is not None:
        return always_valid(
            found, one.values.n + base.values.n, rules.level, rules.tuning
        ), "confidence sequence"
    if kind == "ratio":
        return found, "delta method"
    if kind != "share" or one.beside is not None:
        return found, "Welch" if one.beside is None else "Welch, CUPED"
    score = miettinen_nurminen(_hits(one), one.values.n, _hits(base), base.values.n, rules.level)
    assert score is not None  # both arms have units
    return Difference(found.value, found.error, inf, Interval(*score[0]), score[1]), "Miettinen-Nurminen"


def _bootstrap(one: ArmSample, base: ArmSample, level: float) -> tuple[Difference, str]:
    """Of groups of units, what was known before taken out: its mean over both arms is the same for both, and drops out."""
    theta = cuped(one.beside, base.beside).theta if one.beside and base.beside else 0.0
    sides = [
        [(group, units, total - theta * before) for group, units, total, before in sample.groups]
        for sample in (one, base)
    ]
    found = difference_of_means(sides[0], sides[1], level)
    assert found is not None  # both arms have units
    return Difference(found[0], 0.0, inf, found[1], found[2]), "bootstrap, CUPED" if theta else "bootstrap"


def _hits(sample: ArmSample) -> int:
    return round(sample.values.mean * sample.values.n)


def is_skewed(metric: Metric, one: ArmSample, base: ArmSample) -> bool:
    """Whether Welch's interval of this comparison does not hold."""
    return metric.kind == "mean" and (too_skewed(one.values) or too_skewed(base.values))


def too_skewed(values: Moments) -> bool:
    """Whether there are too few values for Welch's interval of a mean this skewed."""
    skewness = values.skewness
    return skewness is not None and values.n < PER_SKEWNESS * skewness * skewness


def _judged(found: Sequence[Effect], primary: Sequence[bool], rules: Rules) -> list[Effect]:
    """Corrects the p values of the primary metric among themselves, and all others among themselves."""
    judged = list(found)
    for family, correct in ((True, holm), (False, benjamini_hochberg)):
        tested = [i for i, effect in enumerate(found) if primary[i] is family and effect.p is not None]
        adjusted = correct([found[i].p or 0.0 for i in tested])
        for place, q in zip(tested, adjusted, strict=True):
            sure = q <= 1 - rules.level + 1e-12
            diff = found[place].diff or 0.0
            verdict: Verdict = "no_difference" if not sure else "higher" if diff > 0 else "lower"
            judged[place] = replace(found[place], p_adjusted=q, verdict=verdict)
    return judged
