"""Statistics of channels, pairs, medians and contingency tables against published figures and independent ones."""

from __future__ import annotations

import pytest

from keguan.evidence.statistics.contingency import dependence, large_enough, residual
from keguan.evidence.statistics.incomplete_gamma import (
    chi_square_tail,
    lower_gamma,
    poisson_at_least,
    upper_gamma,
)
from keguan.evidence.statistics.median_of_counts import median_of_counts
from keguan.evidence.statistics.pair_lift import Baskets, byar, lift_interval, pair_lift
from keguan.evidence.statistics.seasonal_index import friedman, season
from keguan.evidence.statistics.share_change import ShareCell, share_changes
from keguan.evidence.statistics.sign_test import sign_test
from keguan.evidence.statistics.student_t import t_two_sided, t_value


@pytest.mark.parametrize(("one", "other"), [(5, 30), (30, 5), (0, 6), (7, 7), (400, 900), (2000, 2100)])
def test_sign_test_is_the_exact_binomial_test(one: int, other: int) -> None:
    from scipy.stats import binomtest

    assert sign_test(one, other) == pytest.approx(binomtest(one, one + other).pvalue, rel=1e-9)


def test_sign_test_gives_the_p_of_mcnemars_example() -> None:
    # Agresti, Categorical Data Analysis (2002), 10.1.1: 150 and 86 discordant pairs, z = 4.17 squared = 17.36
    assert sign_test(150, 86) == pytest.approx(3.7e-5, rel=0.05)
    assert sign_test(0, 0) == 1.0


def test_share_change_has_the_interval_of_the_delta_method() -> None:
    """200 equal groups that hold part a or part b: the share of a is a proportion of 200."""
    cells = [ShareCell("a" if i < 120 else "b", i, 1.0, 0.0) for i in range(200)]
    cells += [ShareCell("a" if i % 2 else "b", i, 0.0, 1.0) for i in range(200)]
    found = share_changes(cells)["a"]
    assert (found.now, found.before) == (0.6, 0.5)
    # variance of the difference of two paired proportions that are unrelated: (.24 + .25) / 200
    assert found.high - found.low == pytest.approx(2 * 1.96 * (0.49 / 200) ** 0.5, rel=0.08)
    assert share_changes([]) == {}
    assert share_changes([ShareCell("a", 0, -1.0, 1.0)]) == {}


@pytest.mark.parametrize(
    ("a", "x"), [(0.5, 0.1), (0.5, 3.84), (1, 1), (2.5, 40), (30, 12), (30, 31), (500, 520), (5000, 4700)]
)
def test_incomplete_gamma_against_an_independent_one(a: float, x: float) -> None:
    from scipy.special import gammainc, gammaincc

    assert lower_gamma(a, x) == pytest.approx(gammainc(a, x), rel=1e-9)
    assert upper_gamma(a, x) == pytest.approx(gammaincc(a, x), rel=1e-9)


def test_tails_of_chi_square_and_poisson() -> None:
    assert chi_square_tail(3.841459, 1) == pytest.approx(0.05, abs=1e-7)  # tables of chi-square
    assert chi_square_tail(18.307, 10) == pytest.approx(0.05, abs=1e-5)
    assert chi_square_tail(5, 0) == 1.0
    assert poisson_at_least(3, 1.0) == pytest.approx(1 - 2.5 / 2.718281828, abs=1e-8)  # by hand
    assert (poisson_at_least(0, 1.0), poisson_at_least(2, 0.0)) == (1.0, 0.0)
    with pytest.raises(ValueError, match="P"):
        lower_gamma(0, 1)


def test_byar_gives_the_limits_of_breslow_and_day_1987_table_2_11() -> None:
    # 95 % limits of a Poisson mean of 10 and of 20: exact 4.80 to 18.39 and 12.22 to 30.89
    assert byar(10) == pytest.approx((4.78, 18.39), abs=0.02)
    assert byar(20) == pytest.approx((12.20, 30.89), abs=0.02)
    assert byar(0).low == 0.0


def test_the_interval_of_a_lift_covers_as_often_as_it_says() -> None:
    """2,000 samples of 500 baskets with P(both) .1, P(one) .3, P(other) .2: lift 1.667."""
    import numpy as np

    draws = np.random.default_rng(4).multinomial(500, [0.1, 0.2, 0.1, 0.6], size=2000)
    held = [
        (ends := lift_interval(int(b), int(b + o), int(b + t), 500)).low <= 0.1 / 0.06 <= ends.high
        for b, o, t, _ in draws
    ]
    assert 0.935 <= sum(held) / len(held) <= 0.965


def test_expected_pairs_are_those_of_baskets_filled_at_random() -> None:
    """Baskets of 2 to 6 of 40 things of unequal popularity: the mean of drawn pairs is what is expected."""
    import numpy as np

    rng = np.random.default_rng(1)
    weights = np.linspace(1, 3, 40) / np.linspace(1, 3, 40).sum()
    together = one = other = members = pairs = 0
    for _ in range(20_000):
        size = int(rng.integers(2, 7))
        basket = set(rng.choice(40, size=size, replace=False, p=weights).tolist())
        together += {38, 39} <= basket
        one += 38 in basket
        other += 39 in basket
        members, pairs = members + size, pairs + size * (size - 1)
    of = Baskets(20_000, members, pairs)
    assert together == pytest.approx(of.expected(one, other), rel=0.1)
    found = pair_lift(together, one, other, of)
    assert found is not None
    assert found.ratio_low < 1 < found.ratio_high
    assert pair_lift(0, 1, 1, Baskets(0, 0, 0)) is None


def test_median_of_counts_by_hand() -> None:
    # 1..25 once each: ranks 12.5 -+ 4.9 -> 7 and 19 (Conover's normal approximation, rounded outwards)
    found = median_of_counts([(float(v), 1) for v in range(1, 26)])
    assert found is not None
    assert (found.n, found.value, found.low, found.high) == (25, 13, 7, 19)
    even = median_of_counts([(1, 2), (4, 2)])
    assert even is not None
    assert even.value == 2.5
    assert median_of_counts([]) is None


def test_the_interval_of_a_median_covers_the_median() -> None:
    import numpy as np

    rng = np.random.default_rng(3)
    held = 0
    for _ in range(1000):
        values, counts = np.unique(rng.exponential(10, 60).round(3), return_counts=True)
        found = median_of_counts(zip(values.tolist(), counts.tolist(), strict=True))
        assert found is not None
        held += found.low <= 10 * np.log(2) <= found.high
    assert held >= 940


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 10, 11, 22, 51, 153])
@pytest.mark.parametrize("t", [0.0, 0.5, 2.0, 4.5])
def test_students_t_against_an_independent_one(freedom: int, t: float) -> None:
    from scipy.stats import t as student

    assert t_two_sided(t, freedom) == pytest.approx(2 * student.sf(t, freedom), abs=1e-10)
    assert t_value(freedom) == pytest.approx(student.ppf(0.975, freedom), rel=1e-6)


def test_friedman_against_an_independent_one() -> None:
    from scipy.stats import friedmanchisquare

    years = [[9.0, 1, 4, 7, 3], [8, 2, 2, 9, 1], [7, 3, 5, 6, 4]]
    assert friedman(years) == pytest.approx(friedmanchisquare(*zip(*years, strict=True)).pvalue, rel=1e-9)
    assert friedman([[1.0, 1, 1], [2, 2, 2]]) == 1.0


def test_season_by_hand() -> None:
    """Two years, two periods: logs 0, 2 and 1, 1: effects -1/2 and 1/2, what is left 1 with one degree of freedom."""
    e = 2.718281828459045
    found = season([[1.0, e**2], [e, e]])
    assert found is not None
    assert [item.index for item in found.periods] == pytest.approx([e**-0.5, e**0.5])
    # spread of an effect: sqrt(1 / 1 * 1 / 2 / 2) = .5; t = 1 with one degree: p = .5
    assert found.periods[1].p == pytest.approx(0.5)
    assert found.periods[1].high == pytest.approx(e ** (0.5 + 12.7062 * 0.5), rel=1e-4)
    assert season([[1.0, 2.0]]) is None
    assert season([[1.0, 0.0], [1.0, 1.0]]) is None


def test_dependence_is_pearsons_chi_square_and_residuals_are_habermans() -> None:
    from scipy.stats import chi2_contingency

    table = [
        [762, 327, 468],
        [484, 239, 477],
    ]  # Agresti (2007), table 2.5: gender by party; residuals of table 2.8
    found = dependence(table)
    assert found is not None
    wanted = chi2_contingency(table, correction=False)
    assert (found.statistic, found.freedom, found.drawn) == (pytest.approx(30.1, abs=0.05), 2, False)
    assert found.p == pytest.approx(wanted.pvalue, rel=1e-9)
    assert residual(762, 1557, 1246, 2757) == pytest.approx(4.50, abs=0.01)
    assert residual(468, 1557, 945, 2757) == pytest.approx(-5.32, abs=0.01)


def test_sparse_tables_are_judged_by_drawn_ones() -> None:
    from scipy.stats import fisher_exact

    found = dependence([[3, 1], [1, 3]])  # Fisher's tea: two-sided p .486
    assert found is not None
    assert found.drawn
    assert found.p == pytest.approx(fisher_exact([[3, 1], [1, 3]])[1], abs=0.03)
    assert dependence([[3, 1], [1, 3]], draw=False) is None
    assert dependence([[3, 0], [1, 0]]) is None
    assert (residual(0, 0, 3, 5), residual(1, 0, 0, 0)) == (0.0, 0.0)
    assert not large_enough(3, 4, 100)
    assert large_enough(20, 30, 100)
