"""Contractual retention: at each renewal a customer leaves with a chance of his own, which is beta distributed.

The retention rate of a group then rises with tenure, as those likely to leave have left, although nobody changes:
r(t) = (beta + t - 1) / (alpha + beta + t - 1). Maximum likelihood on counts of who left at which renewal and who
was still there after which.

Source: Fader and Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf, log

from keguan.evidence.statistics.simplex import minimise

WIDEST = 12.0  # of the logarithms of the parameters


@dataclass(frozen=True, slots=True)
class Retention:
    """The fitted parameters, log-likelihood and the survival they say."""

    alpha: float
    beta: float
    log_likelihood: float

    def rate(self, renewal: int) -> float:
        """Share of those asked for the n-th renewal (from 1) who renew."""
        return (self.beta + renewal - 1) / (self.alpha + self.beta + renewal - 1)

    def survival(self, renewals: int) -> float:
        """Share of all who are still there after so many renewals; 1 after none."""
        share = 1.0
        for renewal in range(1, renewals + 1):
            share *= self.rate(renewal)
        return share


def fit_retention(counts: Iterable[tuple[int, int, int]]) -> Retention | None:
    """From (renewal, left at it, last known to have passed it), the latter censored; 0 renewals tell nothing.

    None where nobody left or nobody ever renewed, or where no start of several converges within sense.
    """
    known = [(renewal, left, open_) for renewal, left, open_ in counts if renewal > 0]
    left_all = sum(left for _, left, _ in known)
    passed = sum(open_ for _, _, open_ in known) + sum(left for renewal, left, _ in known if renewal > 1)
    if left_all == 0 or passed == 0:
        return None

    def loss(logs: Sequence[float]) -> float:
        if max(abs(value) for value in logs) > WIDEST:
            return inf
        return -_log_likelihood(exp(logs[0]), exp(logs[1]), known)

    ends = [
        minimise(loss, start, tolerance=1e-11, evaluations=800)
        for start in ((0.0, 1.0), (-1.0, 0.0), (2.0, 4.0))
    ]
    best = min(ends, key=loss)
    if loss(best) == inf:
        return None
    return Retention(exp(best[0]), exp(best[1]), -loss(best))


def _log_likelihood(alpha: float, beta: float, counts: Sequence[tuple[int, int, int]]) -> float:
    total, survived, upto = 0.0, 0.0, 0  # `survived`: log of the share left after `upto` renewals
    for renewal, left, open_ in sorted(counts):
        while upto < renewal - 1:
            upto += 1
            survived += log((beta + upto - 1) / (alpha + beta + upto - 1))
        leaving = survived + log(alpha / (alpha + beta + renewal - 1))
        staying = survived + log((beta + renewal - 1) / (alpha + beta + renewal - 1))
        total += left * leaving + open_ * staying
    return total
