"""Log-odds of terms with an informative prior (Monroe, Colaresi and Quinn 2008)."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.evidence.statistics.log_odds import log_odds


def test_two_terms_by_hand() -> None:
    """covers: E7. Counts 30 and 10 against 20 and 40, prior of 10 shared out by 50 : 50 of 100."""
    found = log_odds(np.array([30, 10]), np.array([20, 40]), prior=10)
    one, other = 30 + 5, 20 + 5
    wanted = log(one / (50 - one)) - log(other / (70 - other))
    assert found.difference[0] == pytest.approx(wanted)
    assert found.z[0] == pytest.approx(wanted / sqrt(1 / one + 1 / other))
    assert found.difference[1] == pytest.approx(-wanted)


def test_a_rare_term_needs_more_evidence() -> None:
    """The same ratio of 4 to 1: in 4 texts it is weak, in 400 it is strong."""
    found = log_odds(np.array([4, 400, 5_000]), np.array([1, 100, 5_000]))
    assert found.z[1] > 5 * found.z[0]


def test_terms_in_neither_group_and_empty_groups_say_nothing() -> None:
    found = log_odds(np.array([0, 0]), np.array([0, 0]))
    assert found.z.tolist() == [0, 0]
    assert log_odds(np.array([0, 3]), np.array([0, 5])).z[0] == 0
    assert log_odds(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).z.tolist() == []


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=20))
def test_groups_exchanged_turn_the_sign(counts: list[tuple[int, int]]) -> None:
    first, second = (np.array(part, dtype=np.int64) for part in zip(*counts, strict=True))
    here, there = log_odds(first, second), log_odds(second, first)
    assert here.z == pytest.approx(-there.z)
    assert np.isfinite(here.z).all()
