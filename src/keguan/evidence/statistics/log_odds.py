"""Which terms set one group of texts apart from another: log-odds ratio with an informative Dirichlet prior.

Every term's odds in the two groups are compared after adding to both the counts expected from all texts together,
so that rare terms need more evidence. z = difference / standard error.

Source: Monroe, Colaresi and Quinn (2008), Fightin' Words, equations 16 to 22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PRIOR = 500.0  # counts that the prior weighs in all


class LogOdds(NamedTuple):
    """Per term: log-odds of the first group minus that of the second, and how many standard errors that is."""

    difference: NDArray[np.float64]
    z: NDArray[np.float64]


def log_odds(first: NDArray[np.int64], second: NDArray[np.int64], prior: float = PRIOR) -> LogOdds:
    """`first` and `second` count each term in the two groups. Zeros where a term is in neither."""
    import numpy as np

    both = (first + second).astype(np.float64)
    expected = prior * both / max(both.sum(), 1.0)
    one, other = first + expected, second + expected
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log(one / (one.sum() - one)) - np.log(other / (other.sum() - other))
        z = odds / np.sqrt(1 / one + 1 / other)
    known = (both > 0) & np.isfinite(odds)
    return LogOdds(np.where(known, odds, 0.0), np.where(known, z, 0.0))
