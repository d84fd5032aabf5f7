"""Gamma-Gamma: what a purchase of a customer is worth on average (Colombo and Jiang 1999; Fader, Hardie, Lee 2005).

Values of a customer's purchases vary as Gamma(p, nu), nu varies between customers as Gamma(q, gamma). Expected
spend is the customer's own mean shrunk to that of all: (k mu + n mean) / (k + n), k = (q - 1) / p.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import digamma, gammaln

from keguan.models.clv.histories import Floats
from keguan.models.clv.maximum import Fit, maximise

NAMES = ("p", "q", "gamma")


@dataclass(frozen=True)
class Spend:
    """Parameters of the spend model, whichever way they were found."""

    p: float
    q: float
    gamma: float

    def expected(self, purchases: Floats, mean: Floats) -> Floats:
        """Expected value of a purchase of customers with so many (0: the mean of all)."""
        below = self.p * purchases + self.q - 1.0
        return np.asarray(self.p * (self.gamma + purchases * mean) / below, dtype=np.float64)

    @property
    def mean(self) -> float:
        """The value of a purchase over all customers."""
        return self.p * self.gamma / (self.q - 1.0)


@dataclass(frozen=True)
class Spenders:
    """Customers by number of purchases and their mean value."""

    purchases: Floats
    mean: Floats
    customers: Floats


def fit_gamma_gamma(spenders: Spenders) -> Fit:
    """Maximum likelihood, the same in any currency: values are divided by their mean first."""
    size = float(spenders.customers.sum())
    scale = float((spenders.mean * spenders.customers).sum()) / size
    like = likelihood(Spenders(spenders.purchases, spenders.mean / scale, spenders.customers))
    fit = maximise(like, [(6.0, 4.0, 0.5), (1.5, 3.0, 1.0), (20.0, 10.0, 0.5)], NAMES, (1.0, 1.0, 1.0), size)
    units = np.array([1.0, 1.0, scale])
    logs = float(spenders.customers.sum()) * np.log(scale)  # the density of a mean in the currency's unit
    covariance = None if fit.covariance is None else fit.covariance * np.outer(units, units)
    return replace(
        fit,
        estimates=fit.estimates * units,
        log_likelihood=fit.log_likelihood - float(logs),
        covariance=covariance,
    )


class likelihood:  # noqa: N801 - a function that keeps its tables
    """Log-likelihood with all terms and its gradient."""

    def __init__(self, spenders: Spenders) -> None:
        self.x, self.places = np.unique(spenders.purchases, return_inverse=True)
        self.n, self.z, self.each = spenders.customers, spenders.mean, spenders.purchases
        self.by_x = np.bincount(self.places, self.n)
        self.log_sum = np.bincount(self.places, self.n * np.log(self.z * self.each))
        self.log_z = float(self.n @ np.log(self.z))

    def __call__(self, natural: Floats) -> tuple[float, Floats]:
        p, q, gamma = (float(value) for value in natural)
        px, total = p * self.x, float(self.n.sum())
        money = gamma + self.each * self.z
        logs = np.bincount(self.places, self.n * np.log(money), minlength=len(self.x))
        value = float(self.by_x @ (gammaln(px + q) - gammaln(px))) + float(px @ self.log_sum) - self.log_z
        value += total * float(q * np.log(gamma) - gammaln(q)) - float((px + q) @ logs)
        both = digamma(px + q)
        d_p = float(self.x @ (self.by_x * (both - digamma(px)) + self.log_sum - logs))
        d_q = float(self.by_x @ both) - float(logs.sum()) + total * float(np.log(gamma) - digamma(q))
        d_gamma = total * q / gamma - float((self.n * (p * self.each + q)) @ (1 / money))
        return value, np.array([d_p, d_q, d_gamma])
