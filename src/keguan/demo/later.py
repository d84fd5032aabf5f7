"""The order book of the demo shop in the months after its first files: old customers by their rhythm, new ones, those
whom a campaign brings back, and refunds of earlier orders.

The same seed, size and campaigns give the same months.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import TypeVar

import numpy as np

from keguan.demo.answered import Contacted, came_back
from keguan.demo.baskets import Lines, join_lines, make_lines
from keguan.demo.journeys import Orders, placed
from keguan.demo.population import APP, CUSTOMERS, GROWING, Population, make_population
from keguan.demo.profiles import Profiles, make_profiles
from keguan.demo.records.ledger import Ledger
from keguan.demo.refunds import Refunds, make_refunds, unpaid_orders
from keguan.demo.sampling import Flags, Floats, Ints, draw
from keguan.demo.season import CLOSES, DAYS, company_weights, date_of, person_weights
from keguan.demo.shop import make_book, streams_of
from keguan.demo.story import APP_LOSS_DAY, GROWTH

YEAR = 365  # what is bought follows the same day a year before
MOST_MONTHS = 12
LONG_AFTER = DAYS + 600  # refunds of all months are drawn with their orders and shown when they come
ARRIVALS_OF_LAST = 91  # days whose newcomers tell how many a month brings
Columns = TypeVar("Columns", Population, Profiles, Orders)


@dataclass(frozen=True, slots=True)
class Month:
    """A month after the first files: its number from 1, first and last day since the opening."""

    number: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """2026-11."""
        return f"{date_of(self.first):%Y-%m}"

    @property
    def days(self) -> int:
        """Its length."""
        return self.last - self.first + 1


def month(number: int) -> Month:
    """The month so many months after the first files."""
    first = CLOSES + timedelta(days=1)
    for _ in range(number - 1):
        first += timedelta(days=monthrange(first.year, first.month)[1])
    start = DAYS + (first - CLOSES).days - 1
    return Month(number, start, start + monthrange(first.year, first.month)[1] - 1)


def book_after(months: int, campaigns: Sequence[Contacted], seed: int, scale: float) -> Ledger:
    """The order book at the end of so many later months."""
    book = make_book(streams_of(seed), scale, exported=LONG_AFTER)
    # The shop's own records say who had left for good: of those won by the APP, whoever never ordered again.
    gone = (book.people.first_channel == APP) & (book.people.first_day >= APP_LOSS_DAY)
    everyone = np.arange(len(book.people))
    gone &= book.orders_between(everyone, book.people.first_day, DAYS) == 0
    book = replace(book, people=replace(book.people, life_days=np.where(gone, 0.0, book.people.life_days)))
    for number in range(1, months + 1):
        book = _lived(book, month(number), campaigns, seed)
    return book


def _lived(book: Ledger, now: Month, campaigns: Sequence[Contacted], seed: int) -> Ledger:
    """The book one month later."""
    streams = np.random.Generator(np.random.PCG64([seed, now.number])).spawn(6)
    told = [came_back(book, campaign, seed) for campaign in campaigns]
    known, people = len(book.people), _newcomers(streams[0], book, now)
    everyone = _joined(book.people, people)
    customer, day = _repeats(streams[1], everyone, now)
    parts = [(np.arange(known, len(everyone)), people.first_day), (customer, day)]
    parts += [(who[here], on[here]) for who, on in told for here in [(on >= now.first) & (on <= now.last)]]
    customer, day = (np.concatenate(column) for column in zip(*parts, strict=True))
    orders = placed(streams[2], everyone, customer, day, np.arange(len(customer)) < len(people))
    a_year_ago = replace(orders, day=orders.day - YEAR * (1 + (now.last - DAYS) // YEAR))
    today = replace(book.shop, price=book.shop.later_price)
    lines = make_lines(streams[3], today, everyone, a_year_ago)
    unpaid = unpaid_orders(streams[4], orders)
    refunds = make_refunds(streams[4], book.shop, orders, lines, unpaid, LONG_AFTER)
    first = np.full(len(people), -1, dtype=np.int64)
    new = np.flatnonzero(orders.customer >= known)[::-1]  # the earliest is written last
    first[orders.customer[new] - known] = orders.day[new] * 86_400 + orders.second[new]
    profiles = make_profiles(streams[5], people, first, np.zeros(len(people)), known + 1)
    return _continued(book, everyone, profiles, orders, lines, refunds, unpaid)


def _newcomers(rng: np.random.Generator, book: Ledger, now: Month) -> Population:
    """As many as a month of the last quarter brought."""
    first = book.people.first_day
    a_day = ((first >= DAYS - ARRIVALS_OF_LAST) & (first < DAYS)).sum() / ARRIVALS_OF_LAST
    people = make_population(rng, a_day * now.days / CUSTOMERS)
    arrivals = person_weights([date_of(day) for day in range(now.first, now.last + 1)])
    return replace(people, first_day=now.first + draw(rng, arrivals, len(people)))


def _repeats(rng: np.random.Generator, people: Population, now: Month) -> tuple[Ints, Ints]:
    """Orders of the month after a customer's first: a Poisson event in a time that runs faster on busy days."""
    begins = np.clip(people.first_day + 1, now.first, now.last + 1)
    ends = np.clip(people.first_day + 1 + people.life_days, begins, now.last + 1)
    ends = np.where(people.first_day < 0, begins, ends)
    clock = people.company * 2 + (people.province == GROWING)
    customers, days = [], []
    for kind, curve in enumerate(_clocks(now)):
        who = np.flatnonzero(clock == kind)
        here = np.arange(now.first, now.last + 2)
        began, ended = np.interp(begins[who], here, curve), np.interp(ends[who], here, curve)
        count = rng.poisson(people.rate[who] * (ended - began))
        each = np.repeat(np.arange(len(who)), count)
        tick = began[each] + rng.random(len(each)) * (ended - began)[each]
        day = np.floor(np.interp(tick, curve, here)).astype(np.int64)
        customers.append(who[each])
        days.append(np.clip(day, begins[who][each], now.last))
    return np.concatenate(customers), np.concatenate(days)


def _clocks(now: Month) -> list[Floats]:
    """Running time of the month: person and company, elsewhere and in the growing province."""
    calendar = [date_of(day) for day in range(now.first, now.last + 1)]
    weights = [
        kind * growth
        for kind in (person_weights(calendar), company_weights(calendar))
        for growth in (1.0, GROWTH)
    ]
    return [np.concatenate([[0.0], np.cumsum(one)]) for one in weights]


def _continued(
    book: Ledger,
    people: Population,
    profiles: Profiles,
    orders: Orders,
    lines: Lines,
    refunds: Refunds,
    unpaid: Flags,
) -> Ledger:
    """The book with what a month adds; orders of later months stand behind the earlier ones."""
    before = len(book.orders)
    moved = replace(refunds.lines, order=refunds.lines.order + before)
    return Ledger(
        book.shop,
        people,
        _joined(book.profiles, profiles),
        _joined(book.orders, orders),
        join_lines([book.lines, replace(lines, order=lines.order + before)]),
        Refunds(
            join_lines([book.refunds.lines, moved]),
            np.concatenate([book.refunds.day, refunds.day]),
            np.concatenate([book.refunds.second, refunds.second]),
        ),
        np.concatenate([book.unpaid, unpaid]),
        book.scale,
    )


def _joined(one: Columns, other: Columns) -> Columns:
    """The entries of two sets of columns, one after the other."""
    return replace(
        one,
        **{
            item.name: np.concatenate([getattr(one, item.name), getattr(other, item.name)])
            for item in fields(one)
        },
    )
