"""The likelihoods of CLV: published values, gradients, recovery of parameters known from simulation.

covers: G1
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln, hyp2f1

from cdnow import read
from keguan.models.clv import beta_geometric, gamma_gamma, pareto
from keguan.models.clv.beta_geometric import BetaGeometric, fit_beta_geometric
from keguan.models.clv.gamma_gamma import Spend, Spenders, fit_gamma_gamma
from keguan.models.clv.histories import Floats, Histories
from keguan.models.clv.hypergeometric import one, series
from keguan.models.clv.pareto import Pareto, fit_pareto

Data = tuple[Histories, Floats, Spenders]


@pytest.fixture(scope="module")
def cdnow(data_sets: Path) -> Data:
    return read(data_sets / "cdnow" / "CDNOW_sample.txt")


def at(x: float, last: float, age: float) -> tuple[Floats, Floats, Floats]:
    return np.array([x]), np.array([last]), np.array([age])


def expected(model: BetaGeometric | Pareto, x: Floats, last: Floats, age: Floats, time: float) -> Floats:
    return model.alive(x, last, age) * model.if_alive(x, age, time)


def test_bg_nbd_gives_the_reference_values(cdnow: Data) -> None:
    """covers: G1. Reference: shared/reference/README.md; published: Fader, Hardie and Lee (2005)."""
    histories, later, _ = cdnow
    fit = fit_beta_geometric(histories)
    assert fit.converged
    assert fit.estimates.round(4).tolist() == [0.2426, 4.4135, 0.7929, 2.4258]
    assert fit.errors.round(4).tolist() == [0.0126, 0.3782, 0.1857, 0.7053]
    assert fit.log_likelihood == pytest.approx(-9582.4256, abs=5e-5)
    model = BetaGeometric(*fit.estimates)
    point = at(2, 30.43, 38.86)
    assert expected(model, *point, 39.0)[0] == pytest.approx(1.2259104, abs=2e-7)
    assert model.alive(*point)[0] == pytest.approx(0.7266091, abs=1e-7)
    forecast = expected(model, histories.repeats, histories.last, histories.age, 39.0)
    assert forecast.sum() == pytest.approx(1653.42, abs=0.005)
    assert later.sum() == 1882
    assert np.abs(forecast - later).mean() == pytest.approx(0.7855, abs=5e-5)
    past = histories.repeats / histories.age * 39
    assert np.abs(past - later).mean() == pytest.approx(1.0237, abs=5e-5)


def test_mbg_nbd_gives_the_reference_values(cdnow: Data) -> None:
    fit = fit_beta_geometric(cdnow[0], modified=True)
    assert fit.converged
    assert fit.estimates == pytest.approx([0.524838, 6.182988, 0.891356, 1.614], abs=5e-6)


def test_pareto_nbd_gives_the_reference_values(cdnow: Data) -> None:
    histories, later, _ = cdnow
    fit = fit_pareto(histories)
    assert fit.converged
    assert fit.estimates.round(3).tolist()[:3] == [0.553, 10.578, 0.606]
    assert fit.estimates == pytest.approx([0.5533, 10.5778, 0.6063, 11.6690], rel=2e-4)
    assert fit.log_likelihood == pytest.approx(-9594.9739, abs=1e-4)
    # The reference stands a hair off the top of the same hill: no parameters have a larger likelihood than ours.
    there = pareto.likelihood(histories)(np.array([0.5533, 10.5778, 0.6063, 11.6690]))[0]
    assert there < fit.log_likelihood < there + 1e-4
    model = Pareto(*fit.estimates)
    point = at(2, 30.43, 38.86)
    assert expected(model, *point, 39.0)[0] == pytest.approx(1.4551004, abs=2e-5)
    assert model.alive(*point)[0] == pytest.approx(0.8691154, abs=5e-6)
    forecast = expected(model, histories.repeats, histories.last, histories.age, 39.0)
    assert np.abs(forecast - later).mean() == pytest.approx(0.7545, abs=5e-5)


def test_gamma_gamma_gives_the_reference_values(cdnow: Data) -> None:
    spenders = cdnow[2]
    fit = fit_gamma_gamma(spenders)
    assert fit.converged
    assert len(spenders.mean) == 946
    assert fit.estimates.round(4).tolist() == [6.2488, 3.7446, 15.4477]
    assert fit.log_likelihood == pytest.approx(-4055.923, abs=5e-4)
    spend = Spend(*fit.estimates).expected(spenders.purchases[:3], spenders.mean[:3])
    assert spend.round(4).tolist() == [24.6586, 18.9115, 71.4629]
    assert np.corrcoef(spenders.purchases, spenders.mean)[0, 1] == pytest.approx(0.1139, abs=5e-5)


def simulated(count: int, leave: Callable[[np.random.Generator, int], Floats] | None) -> Histories:
    """Customers who buy at gamma rates over 52 to 78 weeks and leave after a time (None: never)."""
    rng = np.random.default_rng(5)
    rate = rng.gamma(0.8, 1 / 9.0, count)
    age = np.round(rng.uniform(52, 78, count) * 7) / 7
    life = age if leave is None else np.minimum(leave(rng, count), age)
    x = rng.poisson(rate * life).astype(np.float64)
    last = np.where(x > 0, life * rng.beta(np.maximum(x, 1), 1), 0.0)
    return Histories(x, last, age, np.ones(count))


def test_parameters_of_simulated_customers_are_found_again() -> None:
    """Within three standard errors of what the customers were drawn with."""
    histories = simulated(8_000, lambda rng, n: rng.exponential(1.0, n) / rng.gamma(0.7, 1 / 12.0, n))
    fit = fit_pareto(histories)
    truth = np.array([0.8, 9.0, 0.7, 12.0])
    assert fit.converged
    assert (np.abs(fit.estimates - truth) < 3 * fit.errors).all()
    assert (fit.errors / truth < 0.4).all()


@pytest.mark.parametrize("modified", [False, True])
def test_beta_geometric_parameters_are_found_again(modified: bool) -> None:
    rng, count = np.random.default_rng(8), 6_000
    rate, chance = rng.gamma(0.8, 1 / 5.0, count), rng.beta(0.9, 3.0, count)
    age = np.round(rng.uniform(40, 70, count), 2)
    rows = []
    for place in range(count):
        x, last = 0, 0.0
        while not ((modified or x) and rng.random() < chance[place]):
            then = last + rng.exponential(1 / rate[place])
            if then > age[place]:
                break
            x, last = x + 1, then
        rows.append((x, last))
    x, last = np.array(rows, dtype=np.float64).T
    fit = fit_beta_geometric(Histories(x, last, age, np.ones(count)), modified)
    assert fit.converged
    assert (np.abs(fit.estimates - [0.8, 5.0, 0.9, 3.0]) < 3 * fit.errors).all()


def test_customers_who_never_leave_are_no_maximum_of_a_model_of_leaving() -> None:
    """Not converged is said, and no standard error is made up."""
    fit = fit_pareto(simulated(600, None))
    assert not fit.converged
    assert np.isnan(fit.errors).any()


@pytest.mark.parametrize("thetas", [(0.5, 9.0, 0.6, 12.0), (0.5, 19.0, 0.6, 12.0), (2.0, 3.0, 1.0, 0.05)])
def test_gradients_are_those_of_the_value(thetas: tuple[float, ...]) -> None:
    histories = simulated(300, lambda rng, n: rng.exponential(30.0, n))
    spenders = Spenders(np.array([1.0, 2.0, 9.0]), np.array([0.7, 1.9, 1.1]), np.array([5.0, 3.0, 1.0]))
    for like, start in (
        (pareto.likelihood(histories), np.array(thetas)),
        (beta_geometric.likelihood(histories), np.array(thetas)),
        (beta_geometric.likelihood(histories, modified=True), np.array(thetas)),
        (gamma_gamma.likelihood(spenders), np.array(thetas[:3])),
    ):
        slope = like(start)[1]
        for place in range(len(start)):
            step = np.zeros_like(start)
            step[place] = 1e-5 * start[place]
            quotient = (like(start + step)[0] - like(start - step)[0]) / (2 * step[place])
            assert slope[place] == pytest.approx(quotient, rel=2e-5, abs=2e-5)


@pytest.mark.parametrize("numbers", [(0.5, 9.0, 0.6, 12.0), (0.5, 19.0, 0.6, 1e-3), (3.0, 0.01, 1.7, 40.0)])
def test_the_integral_of_pareto_nbd_is_an_integral(numbers: tuple[float, float, float, float]) -> None:
    r, alpha, s, beta = numbers
    for x, t in ((0.0, 0.0), (2.0, 30.0), (40.0, 11.0), (400.0, 52.0)):
        power, top = r + x, (r + x) * np.log(alpha + t) + (s + 1) * np.log(beta + t)

        def part(log_u: float, p: float = power, t: float = t, top: float = top) -> float:
            u = t + np.exp(log_u)
            return float(np.exp(top - p * np.log(alpha + u) - (s + 1) * np.log(beta + u) + log_u))

        pieces = [quad(part, low, low + 2, epsabs=0, epsrel=1e-11)[0] for low in range(-30, 40, 2)]
        wanted = np.log(sum(pieces)) - top
        found = pareto.log_integral(*numbers, np.array([x]), np.array([t]))[0]
        assert found == pytest.approx(wanted, rel=1e-9)


def test_hypergeometric_functions_agree_with_another_computation() -> None:
    z = np.array([0.0, 0.3, 0.89, 0.95, 0.995, 0.99999])
    assert one(2.5, 4.2, z) == pytest.approx(hyp2f1(1, 2.5, 4.2, z), rel=1e-9)
    assert series(-0.3, 1.4, 3.1, z[:5]) == pytest.approx(hyp2f1(-0.3, 1.4, 3.1, z[:5]), rel=1e-11)


def test_expected_purchases_are_those_of_simulated_customers() -> None:
    """The closed forms against 200,000 draws of the customer's own process."""
    x, age = np.array([0.0, 3.0, 12.0]), np.array([10.0, 20.0, 40.0])
    rng = np.random.default_rng(2)
    for model in (
        Pareto(0.6, 10.0, 0.6, 11.0), BetaGeometric(0.3, 4.0, 0.8, 2.4), BetaGeometric(0.5, 6.0, 1.0, 1.6, True),
    ):  # fmt: skip
        draws = model.bought(rng, x, age, 52.0, 200_000)
        error = draws.std(axis=1) / np.sqrt(200_000)
        assert (np.abs(draws.mean(axis=1) - model.if_alive(x, age, 52.0)) < 4.5 * error).all()


def test_equal_histories_may_be_counted_once() -> None:
    many = simulated(500, lambda rng, n: rng.exponential(30.0, n))
    twice = Histories(*(np.tile(v, 2) for v in (many.repeats, many.last, many.age, many.customers)))
    once = Histories(many.repeats, many.last, many.age, 2 * many.customers)
    theta = np.array([0.5, 9.0, 0.6, 12.0])
    assert pareto.likelihood(twice)(theta)[0] == pytest.approx(pareto.likelihood(once)(theta)[0], rel=1e-12)


@pytest.mark.parametrize("modified", [False, True])
@pytest.mark.parametrize(
    "parameters", [(1096.6, 2857.3, 1.4, 0.6), (1096.0, 2000.0, 0.9, 30.0), (50.0, 100.0, 0.5, 2.0)]
)
@pytest.mark.parametrize(
    ("repeats", "age", "ahead"), [(0, 10, 365), (3, 200, 30), (35, 500, 365), (0, 100, 2000)]
)
def test_expected_purchases_where_rates_hardly_differ(
    modified: bool, parameters: tuple[float, ...], repeats: int, age: int, ahead: int
) -> None:
    """Against the integral over the probability to leave, by quadrature: the terms of Euler's form would cancel here."""
    r, alpha, a, b = parameters
    staying = b + repeats + (1 if modified else 0)

    def inner(u: float) -> float:
        p = np.exp(u)
        bought = -np.expm1(-(r + repeats) * np.log1p(p * ahead / (alpha + age)))
        return float(bought * np.exp(u * (a - 1) + (staying - 1) * np.log1p(-p)))

    parts = ((-80, -20), (-20, -8), (-8, -2), (-2, -1e-12))
    whole = sum(quad(inner, low, high, epsabs=0, epsrel=1e-10, limit=500)[0] for low, high in parts)
    found = BetaGeometric(r, alpha, a, b, modified).if_alive(
        np.array([float(repeats)]), np.array([float(age)]), ahead
    )
    assert found[0] == pytest.approx(whole / np.exp(betaln(a, staying)), rel=1e-6)
