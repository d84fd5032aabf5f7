"""Statistics of answers, tickets and contacts against published figures and independent computations."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from keguan.evidence.statistics.cochran_armitage import cochran_armitage
from keguan.evidence.statistics.log_rank import log_rank
from keguan.evidence.statistics.mann_kendall import mann_kendall
from keguan.evidence.statistics.net_promoters import NetPromoters, nps_difference, nps_interval
from keguan.evidence.statistics.rank_correlation import rank_correlation
from keguan.evidence.statistics.risk_difference import Stratum, risk_difference
from keguan.evidence.statistics.sample_mean import SampleMean, mean_difference


def test_nps_by_hand() -> None:
    answers = NetPromoters(50, 30, 20)
    assert answers.score == 0.3
    found = nps_interval(answers)
    assert found is not None
    # 50.75, 31.5 and 20.75 of 103: centre 30 / 103, variance (71.5 / 103 - centre²) / 103
    assert tuple(found) == pytest.approx((0.14051, 0.44201), abs=1e-5)
    assert nps_interval(NetPromoters(0, 0, 0)) is None


@pytest.mark.parametrize("shares", [(0.6, 0.3, 0.1), (0.2, 0.5, 0.3), (0.9, 0.05, 0.05)])
def test_the_nps_interval_covers_what_it_says(shares: tuple[float, float, float]) -> None:
    size, covered = 40, 0.0
    for up in range(size + 1):
        for down in range(size + 1 - up):
            middle = size - up - down
            chance = comb(size, up) * comb(size - up, down) * shares[0] ** up
            chance *= shares[1] ** middle * shares[2] ** down
            found = nps_interval(NetPromoters(up, middle, down))
            assert found is not None
            covered += chance * (found.low <= shares[0] - shares[2] <= found.high)
    assert 0.93 <= covered <= 0.98


def test_two_scores_are_compared_with_both_variances() -> None:
    one, other = NetPromoters(60, 30, 10), NetPromoters(30, 30, 40)
    interval, p = nps_difference(one, other)
    assert interval.low > 0
    assert p < 1e-6
    interval, p = nps_difference(one, one)
    assert interval.low == pytest.approx(-interval.high)
    assert p == 1.0


def test_the_mean_and_its_difference_are_welchs() -> None:
    from scipy.stats import norm

    x, y = np.array([3.0, 4, 5, 5, 4, 2]), np.array([1.0, 2, 2, 4])
    one, other = (SampleMean(len(v), v.sum(), (v * v).sum()) for v in (x, y))
    spread = np.sqrt(x.var(ddof=1) / len(x) + y.var(ddof=1) / len(y))
    interval, p = mean_difference(one, other)
    assert p == pytest.approx(2 * norm.sf(abs(x.mean() - y.mean()) / spread))
    assert interval.high - interval.low == pytest.approx(2 * norm.ppf(0.975) * spread)
    assert one.minus(SampleMean(1, 3.0, 9.0)).mean == 4.0


def test_rank_correlation_is_spearmans_with_ties() -> None:
    from scipy.stats import spearmanr

    first = [1, 2, 2, 3, 3, 3, 4, 5, 5, 4, 1, 2]
    second = [1, 1, 2, 3, 2, 4, 4, 5, 3, 5, 2, 2]
    counts: dict[tuple[float, float], int] = {}
    for pair in zip(first, second, strict=True):
        counts[pair] = counts.get(pair, 0) + 1
    found = rank_correlation(counts)
    assert found is not None
    assert found.r == pytest.approx(spearmanr(first, second).statistic, abs=1e-12)
    assert found.low < found.r < found.high
    # Bonett and Wright: half width sqrt((1 + r²/2) / (n - 3)) on the z scale
    width = np.arctanh(found.high) - np.arctanh(found.low)
    assert width == pytest.approx(2 * 1.959964 * np.sqrt((1 + found.r**2 / 2) / 9), abs=1e-5)
    assert rank_correlation({(1, 1): 9, (1, 2): 3}) is None
    assert rank_correlation({(1, 1): 1, (2, 2): 2}) is None


# Remission of leukaemia in weeks (Freireich and others 1963), + still in remission.
TREATED = [(6, 3, 1), (7, 1, 0), (9, 0, 1), (10, 1, 1), (11, 0, 1), (13, 1, 0), (16, 1, 0), (17, 0, 1), (19, 0, 1),
           (20, 0, 1), (22, 1, 0), (23, 1, 0), (25, 0, 1), (32, 0, 2), (34, 0, 1), (35, 0, 1)]  # fmt: skip
PLACEBO = [(1, 2, 0), (2, 2, 0), (3, 1, 0), (4, 2, 0), (5, 2, 0), (8, 4, 0), (11, 2, 0), (12, 2, 0), (15, 1, 0),
           (17, 1, 0), (22, 1, 0), (23, 1, 0)]  # fmt: skip


def test_log_rank_gives_the_published_value_of_the_leukaemia_trial() -> None:
    found = log_rank(TREATED, PLACEBO)
    assert found is not None
    assert (found.observed, round(found.expected, 2), round(found.z**2, 2)) == (9, 19.25, 16.79)
    assert found.z < 0  # the treated have fewer events than expected
    assert log_rank([], PLACEBO) is None


def test_the_trend_of_malformations_by_alcohol_is_that_of_agresti() -> None:
    rows = [(0.0, 48, 17114), (0.5, 38, 14502), (1.5, 5, 793), (4.0, 1, 127), (7.0, 1, 38)]
    found = cochran_armitage(rows)
    assert found is not None
    assert found.z**2 == pytest.approx(6.570, abs=0.001)  # Categorical Data Analysis, section 3.4
    assert found.p == pytest.approx(0.0104, abs=1e-4)
    assert cochran_armitage([(0, 0, 10), (1, 0, 10)]) is None
    assert cochran_armitage([(1, 4, 10)]) is None


def test_one_stratum_is_the_plain_difference_of_risks() -> None:
    found = risk_difference([Stratum(30, 100, 45, 100)])
    assert found is not None
    assert (found.difference, found.risk, found.other_risk) == pytest.approx((-0.15, 0.3, 0.45))
    half = 1.959964 * np.sqrt(0.3 * 0.7 / 100 + 0.45 * 0.55 / 100)
    assert (found.low, found.high) == pytest.approx((-0.15 - half, -0.15 + half), abs=1e-6)


def test_strata_take_away_a_difference_that_is_only_a_mix() -> None:
    # within a stratum both groups are alike; pooled, the first looks far behind
    strata = [Stratum(18, 90, 2, 10), Stratum(8, 10, 72, 90), Stratum(5, 5, 0, 0)]
    found = risk_difference(strata)
    assert found is not None
    assert found.difference == pytest.approx(0)
    assert (found.n, found.other_n) == (100, 100)
    assert risk_difference([Stratum(1, 5, 0, 0)]) is None


def test_the_pooled_difference_has_the_spread_that_simulation_shows() -> None:
    rng = np.random.default_rng(5)
    sizes, risks = [(40, 60), (25, 80), (60, 20)], [(0.2, 0.3), (0.5, 0.6), (0.7, 0.8)]
    found, widths = [], []
    for _ in range(3000):
        strata = [
            Stratum(int(rng.binomial(n, p)), n, int(rng.binomial(m, q)), m)
            for (n, m), (p, q) in zip(sizes, risks, strict=True)
        ]
        one = risk_difference(strata)
        assert one is not None
        found.append(one.difference)
        widths.append((one.high - one.low) / 2 / 1.959964)
    assert np.mean(found) == pytest.approx(-0.1, abs=0.005)
    assert np.mean(widths) == pytest.approx(np.std(found), rel=0.04)


def test_mann_kendall_counts_pairs_as_kendall_does() -> None:
    from scipy.stats import kendalltau, norm, theilslopes

    values = [3.0, 5, 4, 6, 9, 8, 8, 11, 10]
    found = mann_kendall(values)
    assert found is not None
    assert found.s == 27  # of 36 pairs 31 rise, 4 fall, 1 is tied
    assert found.slope == pytest.approx(theilslopes(values)[0])
    tau = kendalltau(range(len(values)), values, variant="b", method="asymptotic")
    corrected = norm.isf(tau.pvalue / 2) * 26 / 27  # one pair less: the continuity correction
    assert found.p == pytest.approx(2 * norm.sf(corrected), rel=0.01)
    assert mann_kendall([1.0] * 8) is not None
    assert mann_kendall([1.0] * 8).p == 1.0
    assert mann_kendall([1.0, 2.0]) is None
