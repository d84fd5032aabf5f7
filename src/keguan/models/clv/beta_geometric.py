"""BG/NBD and MBG/NBD: a customer buys at a steady rate and may leave after a purchase.

BG/NBD leaves after a repeat purchase (Fader, Hardie and Lee 2005), MBG/NBD also after the first (Batislam,
Denizel and Filiztekin 2007). Parameters r, alpha (purchase rates), a, b (probability to leave).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, expit, gammaln

from keguan.models.clv.histories import Floats, Histories, distinct, summed
from keguan.models.clv.hypergeometric import lifted, series
from keguan.models.clv.maximum import ROUGH, Fit, maximise

NAMES = ("r", "alpha", "a", "b")
CANCELS = 5.0  # logs of the terms that Euler's form would subtract from each other


@dataclass(frozen=True)
class BetaGeometric:
    """One of the two models with its parameters. `modified`: MBG/NBD."""

    r: float
    alpha: float
    a: float
    b: float
    modified: bool = False

    def by_last(self, repeats: Floats, last: Floats) -> Floats:
        """(r + x) log(alpha + t_x), a table over (repeats, last)."""
        return np.asarray((self.r + repeats) * np.log(self.alpha + last), dtype=np.float64)

    def by_age(self, repeats: Floats, age: Floats) -> tuple[Floats, Floats]:
        """The rest of the log odds of having left, a table over (repeats, age), and itself."""
        odds = _log_gone(self.a, self.b, repeats, self.modified) + (self.r + repeats) * np.log(
            self.alpha + age
        )
        if not self.modified:
            odds = np.where(repeats > 0, odds, -np.inf)
        return odds, odds

    def chance(self, last: Floats, age: tuple[Floats, Floats]) -> Floats:
        """P(alive at the end of observation); in BG/NBD it is 1 without a repeat purchase, which says nothing."""
        return np.asarray(expit(last - age[0]), dtype=np.float64)

    def alive(self, repeats: Floats, last: Floats, age: Floats) -> Floats:
        """The same, from histories."""
        return self.chance(self.by_last(repeats, last), self.by_age(repeats, age))

    def if_alive(self, repeats: Floats, age: Floats, time: float) -> Floats:
        """Expected purchases in the next `time` of a customer who is alive.

        After Euler's transformation the parameters no longer grow with the purchases. Where rates hardly differ
        (r great) its terms change signs and cancel; there the series stands as it is.
        """
        a = self.a if abs(self.a - 1) > 1e-7 else 1 + 1e-7
        c = a + self.b + repeats - (0.0 if self.modified else 1.0)
        c = np.where(np.abs(c) < 1e-7, 1e-7, c)
        z = time / (self.alpha + age + time)
        z, c = np.broadcast_arrays(z, c)
        power, logs = self.r + repeats, np.log1p(-z)
        plain = (power - c) * z > CANCELS
        rest = np.empty(z.shape)
        rest[plain] = lifted(
            (c - a + 1.0)[plain],
            np.broadcast_to(power, z.shape)[plain],
            c[plain],
            z[plain],
            (power * logs)[plain],
        )
        small = ~plain
        rest[small] = np.exp((a - 1.0) * logs[small]) * series(
            a - 1.0, (c - power)[small], c[small], z[small]
        )
        return np.asarray(c / (a - 1.0) * (1.0 - rest), dtype=np.float64)

    def draws(
        self, random: np.random.Generator, repeats: Floats, age: Floats, count: int
    ) -> tuple[Floats, Floats]:
        """Rates and, as a number of further purchases, when they leave, of live customers: pairs x count."""
        shape = (len(repeats), count)
        rate = random.standard_gamma((self.r + repeats)[:, None], shape) / (self.alpha + age)[:, None]
        extra = 1.0 if self.modified else 0.0
        leave = random.beta(self.a, (self.b + repeats + extra)[:, None], shape)
        purchases = random.geometric(np.clip(leave, 1e-9, 1.0)).astype(np.float64)
        return np.asarray(rate), purchases

    def bought(
        self, random: np.random.Generator, repeats: Floats, age: Floats, time: float, count: int
    ) -> Floats:
        """Simulated purchases in the next `time` of live customers: pairs x count."""
        rate, most = self.draws(random, repeats, age, count)
        return np.minimum(random.poisson(np.minimum(rate * time, 1e6)), most)


def _log_gone(a: float, b: float, repeats: Floats, modified: bool) -> Floats:
    """log of a / (b + x - 1), or of a / (b + x)."""
    below = b + repeats - (0.0 if modified else 1.0)
    return np.asarray(np.log(a) - np.log(np.where(below > 0, below, 1.0)), dtype=np.float64)


def fit_beta_geometric(histories: Histories, modified: bool = False) -> Fit:
    """Maximum likelihood of BG/NBD, or of MBG/NBD."""
    mean = float((histories.age * histories.customers).sum()) / histories.total
    starts = [(0.3, mean / 4, 0.8, 2.5), (1.0, mean / 2, 1.0, 5.0), (0.8, mean / 3, 0.3, 1.0)]
    rough = [likelihood(histories.thinned(most), modified) for most in ROUGH if len(histories) > most]
    return maximise(
        likelihood(histories, modified), starts, NAMES, (1.0, mean, 1.0, 1.0), histories.total, rough
    )


class likelihood:  # noqa: N801 - a function that keeps its tables
    """Log-likelihood with all terms and its gradient, over histories."""

    def __init__(self, histories: Histories, modified: bool = False) -> None:
        self.modified = modified
        self.x = histories.by_repeats
        self.n = histories.customers
        self.ages, self.at_age = distinct(histories.age)
        self.lasts, self.at_last = distinct(histories.last)
        self.by_x = np.bincount(self.x.places, self.n)
        self.never = (self.x.repeats == 0)[self.x.places] & (not modified)
        self.power = histories.repeats

    def __call__(self, natural: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = (float(value) for value in natural)
        x, n, extra = self.x.repeats, self.by_x, 1.0 if self.modified else 0.0
        total = float(n.sum())
        log_age, log_last = np.log(alpha + self.ages), np.log(alpha + self.lasts)
        power = r + self.power
        seen, left = log_age[self.at_age], log_last[self.at_last]
        stays = -power * seen
        leaves = _log_gone(a, b, x, self.modified)[self.x.places] - power * left
        odds = np.where(self.never, -np.inf, leaves - stays)
        small = np.exp(-np.abs(odds))
        gone = np.where(odds > 0, 1.0, small) / (1.0 + small)
        value = summed(self.n, stays + np.log1p(small) + np.maximum(odds, 0.0))
        value += float(n @ (gammaln(r + x) + gammaln(b + x + extra) - gammaln(a + b + x + extra)))
        value += total * float(r * np.log(alpha) - gammaln(r) - gammaln(b) + gammaln(a + b))
        weight = self.n * gone
        by_x = np.bincount(self.x.places, weight, minlength=len(x))
        below = np.where(b + x - 1 + extra > 0, b + x - 1 + extra, 1.0)
        both = digamma(a + b + x + extra)
        d_r = float(n @ digamma(r + x)) + total * float(np.log(alpha) - digamma(r))
        d_r -= summed(self.n - weight, seen) + summed(weight, left)
        rates = np.bincount(self.at_age, (self.n - weight) * power, minlength=len(self.ages)) @ (
            1 / (alpha + self.ages)
        )
        rates += np.bincount(self.at_last, weight * power, minlength=len(self.lasts)) @ (
            1 / (alpha + self.lasts)
        )
        d_alpha = total * r / alpha - float(rates)
        d_a = total * float(digamma(a + b)) - float(n @ both) + float(by_x.sum()) / a
        d_b = total * float(digamma(a + b) - digamma(b)) + float(n @ (digamma(b + x + extra) - both))
        d_b -= float(by_x @ (1 / below))
        return value, np.array([d_r, d_alpha, d_a, d_b])
