"""Direct standardisation of a rate, worked on paper."""

from __future__ import annotations

from math import sqrt

import pytest

from keguan.evidence.statistics.standardised_rate import standardised_rate
from keguan.evidence.statistics.wilson import wilson


def test_a_case_worked_by_hand() -> None:
    """Stood for: 30 and 10, so weights 3/4 and 1/4. Seen: 20 of 100, and 5 of 10. Rate 3/4 x 0.2 + 1/4 x 0.5 = 0.275.

    Variance 9/16 x 0.16/100 + 1/16 x 0.25/10 = 0.0009 + 0.0015625 = 0.0024625; effective size 0.199375/0.0024625 = 80.96.
    Wilson at 80.96: centre (0.275 + 3.8415/161.93) / (1 + 3.8415/80.96), half 1.96 sqrt(0.0024625 + 3.8415/26220) / same.
    """
    found = standardised_rate([(30, 100, 20), (10, 10, 5)])
    assert found is not None
    assert (found.rate, found.n, found.covered) == (pytest.approx(0.275), 110, 1.0)
    z2, size = 3.841458820694124, 0.199375 / 0.0024625
    centre = (0.275 + z2 / (2 * size)) / (1 + z2 / size)
    half = sqrt(z2) * sqrt(0.0024625 + z2 / (4 * size * size)) / (1 + z2 / size)
    assert tuple(found.interval) == pytest.approx((centre - half, centre + half))


def test_one_stratum_is_wilsons_interval() -> None:
    found = standardised_rate([(7, 200, 24)])
    plain = wilson(24, 200)
    assert found is not None
    assert plain is not None
    assert found.rate == pytest.approx(0.12)
    assert tuple(found.interval) == pytest.approx(tuple(plain))


def test_strata_that_nobody_is_in_are_left_out_and_told() -> None:
    found = standardised_rate([(30, 50, 0), (10, 0, 0)])
    assert found is not None
    assert (found.rate, found.covered) == (0.0, 0.75)
    assert found.interval.low == 0.0
    assert 0 < found.interval.high < 0.1
    assert standardised_rate([(5, 0, 0)]) is None
    assert standardised_rate([]) is None
