"""Student's t against published values and scipy; a new share against the usual ones by hand."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from keguan.evidence.statistics.student_t import t_two_sided, t_value
from keguan.evidence.statistics.unlike_before import unlike_before


@pytest.mark.parametrize(
    ("df", "t"), [(1, 12.706), (2, 4.303), (3, 3.182), (6, 2.447), (7, 2.365), (10, 2.228), (30, 2.042)]
)
def test_published_quantiles(df: int, t: float) -> None:
    """Table of Fisher and Yates, two-sided 5 %."""
    assert t_two_sided(t, df) == pytest.approx(0.05, abs=1e-4)
    assert t_value(df) == pytest.approx(t, abs=5e-4)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 6, 9, 24, 101])
@pytest.mark.parametrize("t", [0.0, 0.3, -1.7, 4.0, 15.0])
def test_against_an_independent_computation(df: int, t: float) -> None:
    assert t_two_sided(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), abs=1e-12)


def test_ends() -> None:
    assert t_two_sided(math.inf, 4) == 0
    with pytest.raises(ValueError, match="df"):
        t_two_sided(1, 0)


def test_a_share_by_hand() -> None:
    """Before: 10, 12, 14 % of 100,000: mean 12, spread 2 points; now 20 %: t = 8 / (2 sqrt(4/3)) = 3.4641."""
    before = [(10_000, 100_000), (12_000, 100_000), (14_000, 100_000)]
    found = unlike_before(20_000, 100_000, before)
    assert found is not None
    assert found.mean == pytest.approx(0.12)
    assert found.p == pytest.approx(2 * stats.t.sf(3.4641016, 2), abs=1e-6)
    assert (found.low, found.high) == (
        pytest.approx(0.12 - 4.30265 * 0.0230940, abs=1e-6),
        pytest.approx(0.2193654, abs=1e-6),
    )


def test_chance_is_the_least_spread() -> None:
    """Equal shares before: the spread is that of a proportion of 50 (23 of 200 in all), not none."""
    found = unlike_before(8, 50, [(5, 50)] * 3)
    assert found is not None
    assert found.p == pytest.approx(2 * stats.t.sf(0.06 / math.sqrt(0.115 * 0.885 / 50 * 4 / 3), 2))


def test_too_few_periods_or_nobody() -> None:
    assert unlike_before(1, 10, [(1, 10)] * 2) is None
    assert unlike_before(1, 0, [(1, 10)] * 3) is None
    assert unlike_before(1, 10, [(1, 10), (0, 0), (1, 10)]) is None


def test_nothing_ever_moved() -> None:
    found = unlike_before(0, 50, [(0, 50)] * 3)
    assert found is not None
    assert found.p == 1


def test_one_customer_is_no_discovery() -> None:
    found = unlike_before(1, 2000, [(0, 2000)] * 3)
    assert found is not None
    assert found.p > 0.2
