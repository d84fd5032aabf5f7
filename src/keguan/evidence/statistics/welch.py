"""Difference of two independent estimates, each with its own variance: Welch (1947), Satterthwaite (1946).

`pooled_t` is Student's test, for the case that both variances are known to be the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

from keguan.evidence.statistics.interval import LEVEL, Interval
from keguan.evidence.statistics.moments import Moments


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of one arm, the variance of its error, and the units that it comes from."""

    n: int
    value: float
    error_squared: float


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second, its standard error and degrees of freedom, interval, two-sided p of no difference."""

    value: float
    error: float
    freedom: float
    interval: Interval
    p: float


def mean_of(sample: Moments) -> Estimate:
    """The mean of a sample as an estimate."""
    return Estimate(sample.n, sample.mean, sample.variance / sample.n if sample.n else 0.0)


def share_of(sample: Moments) -> Estimate:
    """The mean of zeros and ones, with the variance of a share: p (1 - p) / n."""
    return Estimate(sample.n, sample.mean, sample.mean * (1 - sample.mean) / sample.n if sample.n else 0.0)


def welch(one: Estimate, other: Estimate, level: float = LEVEL) -> Difference:
    """One minus the other. Of figures without any spread the interval is the difference and p is 1: nothing is
    known of their error."""
    variance = one.error_squared + other.error_squared
    parts = sum(
        side.error_squared**2 / (side.n - 1) for side in (one, other) if side.n > 1 and side.error_squared > 0
    )
    return _tested(one.value - other.value, variance, variance**2 / parts if parts > 0 else inf, level)


def pooled_t(one: Moments, other: Moments, level: float = LEVEL) -> Difference:
    """Mean of one minus mean of the other, with one variance for both."""
    freedom = one.n + other.n - 2
    variance = (one.squares + other.squares) / freedom * (1 / one.n + 1 / other.n) if freedom > 0 else 0.0
    return _tested(one.mean - other.mean, variance, freedom, level)


def lift(one: Estimate, control: Estimate, level: float = LEVEL) -> Difference | None:
    """(one - control) / |control| by the delta method, which has the sign of the difference also where the control is
    negative. Its p is not that of the difference. None where the control is zero."""
    if control.value == 0:
        return None
    base = abs(control.value)
    slope = one.value / control.value
    scaled_one = Estimate(one.n, one.value / base, one.error_squared / base**2)
    scaled_control = Estimate(control.n, control.value / base, slope**2 * control.error_squared / base**2)
    return welch(scaled_one, scaled_control, level)


def _tested(value: float, variance: float, freedom: float, level: float) -> Difference:
    if variance <= 0 or freedom <= 0:
        return Difference(value, 0.0, freedom, Interval(value, value), 1.0)
    error = sqrt(variance)
    reach = t_quantile(0.5 + level / 2, freedom) * error
    return Difference(
        value, error, freedom, Interval(value - reach, value + reach), t_tails(value / error, freedom)
    )


def t_tails(t: float, freedom: float) -> float:
    """P(|T| >= |t|) for any positive degrees of freedom, exact in the far tail."""
    from scipy import special

    return min(1.0, 2 * float(special.stdtr(min(freedom, 1e12), -abs(t))))


def t_quantile(share: float, freedom: float) -> float:
    """The value below which T lies with probability `share`."""
    from scipy import special

    return float(special.stdtrit(min(freedom, 1e12), share))
