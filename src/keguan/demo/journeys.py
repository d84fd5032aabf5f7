"""When each customer and guest orders, and where: the orders of the shop without their content."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.geography import HAS_STORES, draw_cities, province_weights
from keguan.demo.population import (
    APP,
    FIRST_CHANNEL,
    GROWING,
    PLATFORM,
    STORE,
    Population,
    province_growth,
)
from keguan.demo.sampling import Flags, Floats, Ints, draw
from keguan.demo.season import DAYS, company_weights, person_weights, seconds_of_day
from keguan.demo.story import APP_LOSS, APP_LOSS_DAY, GROWTH, GROWTH_DAY

GUEST = -1
SHARE_GUESTS = 0.08
GUEST_CHANNEL = (0.30, 0.0, 0.50, 0.20)
SAME_CHANNEL = 0.78  # of repeat orders
GIFT_ELSEWHERE = 0.05  # of orders of persons are sent to another city


@dataclass(frozen=True)
class Orders:
    """One entry per order, by time. `customer` is a position in the population or `GUEST`."""

    customer: Ints
    company: Flags
    day: Ints
    second: Ints  # of the day
    channel: Ints
    province: Ints
    city: Ints

    def __len__(self) -> int:
        return len(self.customer)


def make_orders(rng: np.random.Generator, people: Population) -> Orders:
    """All orders of customers and guests, sorted by time."""
    return placed(rng, people, *_order_days(rng, people))


def placed(rng: np.random.Generator, people: Population, customer: Ints, day: Ints, first: Flags) -> Orders:
    """Orders of customers on their days, and those of guests beside them: where they are placed and sent."""
    guests = round(len(customer) * SHARE_GUESTS / (1 - SHARE_GUESTS))
    guest_day = rng.choice(day, size=guests)
    guest_province = _guest_provinces(rng, guest_day)
    company = np.concatenate([people.company[customer], np.zeros(guests, dtype=np.bool_)])
    province = np.concatenate([people.province[customer], guest_province])
    city = np.concatenate([people.city[customer], draw_cities(rng, guest_province)])
    channel = np.concatenate([_channels(rng, people, customer, first), draw(rng, GUEST_CHANNEL, guests)])
    channel = np.where((channel == STORE) & ~HAS_STORES[province], PLATFORM, channel)
    day = np.concatenate([day, guest_day])
    second = seconds_of_day(rng, channel == STORE, company)
    province, city = _sent_elsewhere(rng, company | (channel == STORE), province, city)
    order = np.lexsort((second, day))
    customer = np.concatenate([customer, np.full(guests, GUEST, dtype=np.int64)])
    return Orders(
        customer[order],
        company[order],
        day[order],
        second[order],
        channel[order],
        province[order],
        city[order],
    )


def _order_days(rng: np.random.Generator, people: Population) -> tuple[Ints, Ints, Flags]:
    """Customer, day and 'is the first order' of every order; repeats come on later days than the first.

    A repeat is a Poisson event in a time that runs faster on busy days, so season and festivals shape
    the orders of each customer while the rhythm stays the customer's own.
    """
    buyers = np.flatnonzero(people.first_day >= 0)
    start = people.first_day[buyers] + 1
    end = np.minimum(start + people.life_days[buyers], DAYS)
    end = np.where(_lost_in_app(rng, people, buyers), start, end)
    curves = _clocks()
    clock = people.company[buyers] * 2 + (people.province[buyers] == GROWING)
    began, ended = _read_clock(curves, clock, start.astype(np.float64)), _read_clock(curves, clock, end)
    count = rng.poisson(people.rate[buyers] * (ended - began))
    who = np.repeat(np.arange(len(buyers)), count)
    ticks = began[who] + rng.random(len(who)) * (ended - began)[who]
    repeat_day = np.floor(_day_of_tick(curves, clock[who], ticks)).astype(np.int64)
    customer = np.concatenate([buyers, buyers[who]])
    day = np.concatenate([people.first_day[buyers], np.clip(repeat_day, start[who], DAYS - 1)])
    return customer, day, np.arange(len(customer)) < len(buyers)


def _lost_in_app(rng: np.random.Generator, people: Population, buyers: Ints) -> Flags:
    """First story: from one month on, part of those won by the APP never order again."""
    hit = (people.first_channel[buyers] == APP) & (people.first_day[buyers] >= APP_LOSS_DAY)
    lost: Flags = hit & (rng.random(len(buyers)) < APP_LOSS)
    return lost


def _clocks() -> Floats:
    """Running time in ordinary days at the start of each day: person and company, elsewhere and growing."""
    days = [person_weights(), person_weights() * province_growth()]
    days += [company_weights(), company_weights() * province_growth()]
    return np.array([np.concatenate([[0.0], np.cumsum(weights)]) for weights in days])


def _read_clock(curves: Floats, clock: Ints, day: Floats) -> Floats:
    out = np.zeros(len(day))
    for number, curve in enumerate(curves):
        out = np.where(clock == number, np.interp(day, np.arange(DAYS + 1), curve), out)
    return out


def _day_of_tick(curves: Floats, clock: Ints, tick: Floats) -> Floats:
    out = np.zeros(len(tick))
    for number, curve in enumerate(curves):
        out = np.where(clock == number, np.interp(tick, curve, np.arange(DAYS + 1)), out)
    return out


def _channels(rng: np.random.Generator, people: Population, customer: Ints, first: Flags) -> Ints:
    """The first order comes through the first channel; most repeats stay there."""
    size = len(customer)
    other = np.where(
        people.company[customer], draw(rng, FIRST_CHANNEL[1], size), draw(rng, FIRST_CHANNEL[0], size)
    )
    same = first | (rng.random(size) < SAME_CHANNEL)
    return np.where(same, people.first_channel[customer], other)


def _guest_provinces(rng: np.random.Generator, day: Ints) -> Ints:
    """Guests live where customers live, and the growing province grows among them too."""
    weights = province_weights()
    ordinary = draw(rng, weights, len(day))
    weights[GROWING] *= GROWTH
    return np.where(day >= GROWTH_DAY, draw(rng, weights, len(day)), ordinary)


def _sent_elsewhere(rng: np.random.Generator, stays: Flags, province: Ints, city: Ints) -> tuple[Ints, Ints]:
    size = len(province)
    away = (rng.random(size) < GIFT_ELSEWHERE) & ~stays
    elsewhere = draw(rng, province_weights(), size)
    where = np.where(away, elsewhere, province)
    return where, np.where(away, draw_cities(rng, elsewhere), city)
