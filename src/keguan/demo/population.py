"""Who the customers are for the purposes of buying: kind, place, first channel, taste, first day, rhythm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.geography import HAS_STORES, draw_cities, province_index, province_weights
from keguan.demo.sampling import Flags, Floats, Ints, Words, draw, words
from keguan.demo.season import DAYS, company_weights, opening_weights, person_weights
from keguan.demo.shelves import DEPARTMENTS
from keguan.demo.story import GROWING_PROVINCE, GROWTH, GROWTH_DAY

CUSTOMERS = 20_000
SHARE_COMPANIES = 0.06
SHARE_NEVER_BOUGHT = 0.03

CHANNELS: Words = words(["官网", "APP", "门店", "第三方平台"])
SITE, APP, STORE, PLATFORM = range(4)
FIRST_CHANNEL = ((0.22, 0.36, 0.18, 0.24), (0.46, 0.10, 0.20, 0.24))  # persons, companies
GROWING = province_index(GROWING_PROVINCE)


@dataclass(frozen=True)
class Rhythm:
    """A gamma-Poisson rhythm with dropout for one kind of customer.

    Orders per year are gamma distributed (`shape`, mean `per_year`); a life ends after a Lomax time with
    `tail` and `life_days`, so that most leave early and few stay for good.
    """

    shape: float
    per_year: float
    tail: float
    life_days: float


RHYTHMS = (Rhythm(0.60, 3.85, 1.15, 200.0), Rhythm(0.85, 6.0, 1.2, 320.0))


@dataclass(frozen=True)
class Population:
    """One entry per customer. `first_day` is -1 for those who registered and never bought."""

    company: Flags
    province: Ints
    city: Ints
    first_day: Ints
    first_channel: Ints
    rate: Floats  # orders per ordinary day of sale
    life_days: Floats
    purse: Floats  # 0..1: how often the dearer of two products is taken
    favourite: Ints  # department

    def __len__(self) -> int:
        return len(self.company)


def make_population(rng: np.random.Generator, scale: float) -> Population:
    """About `CUSTOMERS * scale` customers (at least 40)."""
    size = max(40, round(CUSTOMERS * scale))
    company = rng.random(size) < SHARE_COMPANIES
    province, first_day = _arrivals(rng, company)
    rate, life = _rhythms(rng, company)
    channel = np.where(company, draw(rng, FIRST_CHANNEL[1], size), draw(rng, FIRST_CHANNEL[0], size))
    channel = np.where((channel == STORE) & ~HAS_STORES[province], PLATFORM, channel)
    return Population(
        company=company,
        province=province,
        city=draw_cities(rng, province),
        first_day=np.where(rng.random(size) < SHARE_NEVER_BOUGHT, -1, first_day),
        first_channel=channel,
        rate=rate,
        life_days=life,
        purse=rng.beta(2.0, 2.0, size=size),
        favourite=draw(rng, [d.persons for d in DEPARTMENTS], size),
    )


def province_growth() -> Floats:
    """Daily factor of the growing province: 1 until its growth starts."""
    return np.where(np.arange(DAYS) >= GROWTH_DAY, GROWTH, 1.0)


def _arrivals(rng: np.random.Generator, company: Flags) -> tuple[Ints, Ints]:
    """Province and first day of each customer: one grows in weight by the customers its growth adds."""
    province = np.zeros(len(company), dtype=np.int64)
    day = np.zeros(len(company), dtype=np.int64)
    for kind, season in ((False, person_weights()), (True, company_weights())):
        who = np.flatnonzero(company == kind)
        arrivals = opening_weights() * season
        growing = arrivals * province_growth()
        weights = province_weights()
        weights[GROWING] *= growing.sum() / arrivals.sum()
        province[who] = draw(rng, weights, len(who))
        day[who] = np.where(
            province[who] == GROWING, draw(rng, growing, len(who)), draw(rng, arrivals, len(who))
        )
    return province, day


def _rhythms(rng: np.random.Generator, company: Flags) -> tuple[Floats, Floats]:
    """Orders per ordinary day, and days from the first order to the end of the relation."""
    size = len(company)
    rate, life = np.zeros(size), np.zeros(size)
    for kind, rhythm in enumerate(RHYTHMS):
        per_day = rng.gamma(rhythm.shape, rhythm.per_year / rhythm.shape / 365.0, size=size)
        days = rng.pareto(rhythm.tail, size=size) * rhythm.life_days
        rate, life = np.where(company == kind, per_day, rate), np.where(company == kind, days, life)
    return rate, life
