"""Shrinkage of shares by moments: found again from simulated customers."""

from __future__ import annotations

import numpy as np
import pytest

from keguan.evidence.statistics.beta_binomial import STRONGEST, Shrinkage, shrinkage


def simulated(share: float, strength: float | None, customers: int = 20_000) -> Shrinkage | None:
    rng = np.random.default_rng(4)
    n = rng.integers(1, 12, customers)
    p = share if strength is None else rng.beta(share * strength, (1 - share) * strength, customers)
    x = rng.binomial(n, p)
    return shrinkage(customers, int(x.sum()), int(n.sum()), int((n * n).sum()), float((x * x / n).sum()))


@pytest.mark.parametrize(("share", "strength"), [(0.3, 4.0), (0.1, 12.0), (0.5, 1.0)])
def test_share_and_strength_of_the_model_are_found(share: float, strength: float) -> None:
    found = simulated(share, strength)
    assert found is not None
    assert found.share == pytest.approx(share, abs=0.01)
    assert found.strength == pytest.approx(strength, rel=0.1)
    assert found.differs


def test_customers_who_are_all_alike_differ_no_more_than_by_chance() -> None:
    found = simulated(0.3, None)
    assert found is not None
    assert found.strength > 100


def test_by_hand() -> None:
    """Two customers with 4 of 4 and 0 of 4: spread (4 + 0 - 4 + 2) / .25 = 8, room 8 - 4 - 1 = 3, 7/3 > 1."""
    found = shrinkage(2, 4, 8, 32, 4.0)
    assert found == Shrinkage(0.5, 0.5, True)
    alike = shrinkage(2, 4, 8, 32, 2.0)
    assert alike == Shrinkage(0.5, STRONGEST, False)


def test_where_all_or_none_succeed_there_is_nothing_to_tell() -> None:
    assert shrinkage(3, 0, 9, 27, 0.0) is None
    assert shrinkage(3, 9, 9, 27, 9.0) is None
    assert shrinkage(0, 0, 0, 0, 0.0) is None
