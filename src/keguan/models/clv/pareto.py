"""Pareto/NBD: a customer buys at a steady rate and may leave at any moment (Schmittlein, Morrison, Colombo 1987).

Parameters r, alpha (purchase rates), s, beta (rates of leaving). The likelihood of a history is
    Gamma(r + x) / Gamma(r) alpha^r beta^s [ (alpha + T)^-(r+x) (beta + T)^-s + s (I(x, t_x) - I(x, T)) ],
    I(x, t) = integral from t of (alpha + u)^-(r+x) (beta + u)^-(s+1) du,
and log I is a table over the distinct (x, t): one hypergeometric function of positive terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import digamma, expit, gammaln

from keguan.models.clv.histories import Floats, Histories, part, summed
from keguan.models.clv.hypergeometric import one
from keguan.models.clv.maximum import ROUGH, Fit, maximise

NAMES = ("r", "alpha", "s", "beta")


def log_integral(r: Any, alpha: Any, s: Any, beta: Any, repeats: Floats, time: Floats) -> Any:
    """log I(x, t). Complex parameters give derivatives by a complex step."""
    swap = np.ravel(np.real(alpha))[0] < np.ravel(np.real(beta))[0]
    wide, narrow = (beta, alpha) if swap else (alpha, beta)
    c = r + s + repeats
    z = (wide - narrow) / (wide + time)
    if swap:
        hyper = one(s + 1.0 + 0.0 * repeats, c + 1.0, z)
        return (
            np.log(hyper / c) - (s + 1.0) * np.log(beta + time) + (1.0 - r - repeats) * np.log(alpha + time)
        )
    hyper = one(r + repeats, c + 1.0, z)
    return np.log(hyper / c) - s * np.log(beta + time) - (r + repeats) * np.log(alpha + time)


@dataclass(frozen=True)
class Pareto:
    """The model with its parameters."""

    r: float
    alpha: float
    s: float
    beta: float

    def by_last(self, repeats: Floats, last: Floats) -> Floats:
        """log I(x, t_x), a table over (repeats, last)."""
        return np.asarray(log_integral(self.r, self.alpha, self.s, self.beta, repeats, last))

    def by_age(self, repeats: Floats, age: Floats) -> tuple[Floats, Floats]:
        """log I(x, T) and the log-likelihood of being alive at T over s, tables over (repeats, age)."""
        stays = -(self.r + repeats) * np.log(self.alpha + age) - self.s * np.log(self.beta + age)
        return self.by_last(repeats, age), stays - np.log(self.s)

    def chance(self, last: Floats, age: tuple[Floats, Floats]) -> Floats:
        """P(alive at the end of observation)."""
        after, stays = age
        return np.asarray(expit(stays - _log_difference(last, after)), dtype=np.float64)

    def alive(self, repeats: Floats, last: Floats, age: Floats) -> Floats:
        """The same, from histories."""
        lasts, ages = part(repeats, last), part(repeats, age)
        after, stays = self.by_age(ages.repeats, ages.time)
        before = self.by_last(lasts.repeats, lasts.time)[lasts.places]
        return self.chance(before, (after[ages.places], stays[ages.places]))

    def if_alive(self, repeats: Floats, age: Floats, time: float) -> Floats:
        """Expected purchases in the next `time` of a customer who is alive."""
        longer = np.log1p(time / (self.beta + age))
        power = self.s - 1.0
        worth = longer if abs(power) < 1e-9 else -np.expm1(-power * longer) / power
        return np.asarray(
            (self.r + repeats) * (self.beta + age) / (self.alpha + age) * worth, dtype=np.float64
        )

    def bought(
        self, random: np.random.Generator, repeats: Floats, age: Floats, time: float, count: int
    ) -> Floats:
        """Simulated purchases in the next `time` of live customers: pairs x count."""
        shape = (len(repeats), count)
        rate = random.standard_gamma((self.r + repeats)[:, None], shape) / (self.alpha + age)[:, None]
        leaving = random.standard_gamma(self.s, shape) / (self.beta + age)[:, None]
        stay = random.standard_exponential(shape) / np.maximum(leaving, 1e-300)
        return random.poisson(np.minimum(rate * np.minimum(stay, time), 1e6)).astype(np.float64)


def _log_difference(more: Floats, less: Floats) -> Floats:
    """log(exp(more) - exp(less)); -inf where they are equal."""
    with np.errstate(divide="ignore"):
        return np.asarray(more + np.log(-np.expm1(np.minimum(less - more, 0.0))), dtype=np.float64)


def fit_pareto(histories: Histories) -> Fit:
    """Maximum likelihood of Pareto/NBD."""
    mean = float((histories.age * histories.customers).sum()) / histories.total
    starts = [(0.5, mean / 3, 0.6, mean / 3), (1.0, mean, 1.0, mean * 2), (0.5, mean / 4, 0.3, mean / 10)]
    rough = [likelihood(histories.thinned(most)) for most in ROUGH if len(histories) > most]
    return maximise(likelihood(histories), starts, NAMES, (1.0, mean, 1.0, mean), histories.total, rough)


class likelihood:  # noqa: N801 - a function that keeps its tables
    """Log-likelihood with all terms and its gradient, over histories."""

    def __init__(self, histories: Histories) -> None:
        self.n = histories.customers
        self.x, self.lasts, self.ages = histories.by_repeats, histories.by_last, histories.by_age
        self.by_x = np.bincount(self.x.places, self.n)
        self.repeats = np.concatenate([self.lasts.repeats, self.ages.repeats])
        self.times = np.concatenate([self.lasts.time, self.ages.time])

    def __call__(self, natural: Floats) -> tuple[float, Floats]:
        r, alpha, s, beta = (float(value) for value in natural)
        lasts, ages = self.lasts, self.ages
        seen_a, seen_b = np.log(alpha + ages.time), np.log(beta + ages.time)
        stays = (-(r + ages.repeats) * seen_a - s * seen_b)[ages.places]
        found, slopes = _table(natural, self.repeats, self.times)
        many = len(lasts.time)
        before, after, d_before, d_after = found[:many], found[many:], slopes[:, :many], slopes[:, many:]
        with np.errstate(invalid="ignore"):
            odds = np.log(s) + _log_difference(before[lasts.places], after[ages.places]) - stays
        rest = np.logaddexp(0.0, odds)
        total = float(self.by_x.sum())
        value = summed(self.n, stays + rest) + float(self.by_x @ gammaln(r + self.x.repeats))
        value += total * float(r * np.log(alpha) + s * np.log(beta) - gammaln(r))
        gone = self.n * expit(odds)
        stay = np.bincount(ages.places, self.n - gone, minlength=len(ages.time))
        scale = np.log(s) - stays - rest
        left = np.bincount(
            lasts.places, self.n * np.exp(scale + before[lasts.places]), minlength=len(lasts.time)
        )
        right = np.bincount(
            ages.places, self.n * np.exp(scale + after[ages.places]), minlength=len(ages.time)
        )
        slope = d_before @ left - d_after @ right
        slope[0] += float(self.by_x @ digamma(r + self.x.repeats)) - total * float(digamma(r) - np.log(alpha))
        slope[0] -= float(stay @ seen_a)
        slope[1] += total * r / alpha - float(stay @ ((r + ages.repeats) / (alpha + ages.time)))
        slope[2] += float(gone.sum()) / s + total * float(np.log(beta)) - float(stay @ seen_b)
        slope[3] += total * s / beta - float(stay @ (s / (beta + ages.time)))
        return value, slope


def _table(natural: Floats, repeats: Floats, time: Floats) -> tuple[Floats, Floats]:
    """log I over the pairs, and its derivatives by the four parameters (complex step, all in one go)."""
    tiny = 1e-30
    r, alpha, s, beta = natural[:, None, None] + 1j * tiny * np.eye(4)[:, :, None]
    found = log_integral(r, alpha, s, beta, repeats, time)
    return np.ascontiguousarray(found[0].real), found.imag / tiny
