"""What each order holds: products, quantities, prices, discounts, gifts and postage. Money in cents."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from keguan.demo.catalogue import Catalogue
from keguan.demo.journeys import GUEST, Orders
from keguan.demo.population import STORE, Population
from keguan.demo.sampling import Flags, Floats, Ints, draw, draw_in_group
from keguan.demo.season import MONTH_OF_DAY, person_weights
from keguan.demo.shelves import DEPARTMENTS

POSTAGE, GIFT = -1, -2  # in place of a product's position
LINES_OF_PERSON = (0.415, 0.28, 0.16, 0.085, 0.04, 0.015, 0.005)
PIECES_OF_PERSON = (0.80, 0.13, 0.04, 0.02, 0.01)
TAKES_FAVOURITE = 0.45
BUDGET_OF_COMPANY = (380.0, 0.68)  # yuan of a line: median, sigma of its logarithm
SHARE_BULK, BULK_TIMES = 0.025, 11.0
BULK_DISCOUNT = ((20, 0.05), (50, 0.08), (100, 0.12))  # from so many pieces on
FREE_POSTAGE_FROM = 6_800
POSTAGE_FEES = (800, 1_000, 1_200)
SHARE_PAYING_POSTAGE = 0.6
SHARE_WITH_GIFT = 0.012


@dataclass(frozen=True)
class Lines:
    """One entry per line. `order` is a position in `Orders`; paid = quantity * price - discount."""

    order: Ints
    product: Ints  # a position in the catalogue, or POSTAGE, GIFT
    quantity: Ints
    price: Ints
    discount: Ints
    cost: Ints  # of the whole line

    @property
    def paid(self) -> Ints:
        """What was paid for the line, in cents."""
        return self.quantity * self.price - self.discount

    def take(self, where: Ints | Flags) -> Lines:
        """Some of the lines, in the order asked for."""
        return Lines(*(getattr(self, field.name)[where] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.order)


def join_lines(parts: list[Lines]) -> Lines:
    """Several sets of lines one after the other."""
    return Lines(*(np.concatenate([getattr(p, field.name) for p in parts]) for field in fields(Lines)))


def make_lines(rng: np.random.Generator, shop: Catalogue, people: Population, orders: Orders) -> Lines:
    """Lines of all orders, by order: goods, then gifts and postage."""
    goods = _goods(rng, shop, people, orders)
    lines = join_lines([goods, _gifts(rng, orders), _postage(rng, orders, goods)])
    return lines.take(np.argsort(lines.order, kind="stable"))


def _goods(rng: np.random.Generator, shop: Catalogue, people: Population, orders: Orders) -> Lines:
    size = len(orders)
    of_person = draw(rng, LINES_OF_PERSON, size) + 1
    order = np.repeat(np.arange(size), np.where(orders.company, 1 + rng.poisson(1.6, size=size), of_person))
    product = _products(rng, shop, people, orders, order)
    _, once = np.unique(order * len(shop) + product, return_index=True)  # a product stands once in an order
    order, product = order[once], product[once]
    day, company = orders.day[order], orders.company[order]
    price = shop.price_on(product, day)
    quantity = np.where(company, _pieces_of_company(rng, price), draw(rng, PIECES_OF_PERSON, len(order)) + 1)
    rate = _discount_rates(rng, day, company, quantity)
    discount = np.rint(quantity * price * rate / 10).astype(np.int64) * 10
    return Lines(order, product, quantity, price, discount, quantity * shop.cost[product])


def _products(
    rng: np.random.Generator, shop: Catalogue, people: Population, orders: Orders, order: Ints
) -> Ints:
    """By season and kind, half from the favourite department, the dearer of two as the purse allows."""
    group_count = len(DEPARTMENTS) + 1
    favours = np.concatenate([np.ones((1, len(shop))), np.eye(len(DEPARTMENTS))[:, shop.department]])
    weights = shop.weights[:, :, None, :] * favours[None, None, :, :]
    cumulative = np.cumsum(weights.reshape(-1, len(shop)), axis=1)
    customer = orders.customer[order]
    known = customer != GUEST
    kind = orders.company[order].astype(np.int64)
    partial = known & (kind == 0) & (rng.random(len(order)) < TAKES_FAVOURITE)
    favourite = np.where(partial, people.favourite[customer] + 1, 0)
    group = (MONTH_OF_DAY[orders.day[order]] * 2 + kind) * group_count + favourite
    one, two = draw_in_group(rng, cumulative, group), draw_in_group(rng, cumulative, group)
    dearer = np.where(shop.price[one] >= shop.price[two], one, two)
    purse = np.where(known, people.purse[customer], 0.35)
    return np.where(rng.random(len(order)) < purse, dearer, one + two - dearer)


def _pieces_of_company(rng: np.random.Generator, price: Ints) -> Ints:
    """Companies spend a budget; few lines are bulk orders for staff or projects."""
    median, sigma = BUDGET_OF_COMPANY
    budget = median * rng.lognormal(0.0, sigma, size=len(price))
    bulk = rng.random(len(price)) < SHARE_BULK
    budget = np.where(bulk, budget * BULK_TIMES, budget)
    pieces = np.maximum(1, np.rint(budget * 100 / price)).astype(np.int64)
    return np.where(pieces > 24, np.rint(pieces / 10).astype(np.int64) * 10, pieces)


def _discount_rates(rng: np.random.Generator, day: Ints, company: Flags, quantity: Ints) -> Floats:
    """Festivals: most lines, 10-25 %; other days: some coupons; companies: by quantity."""
    size = len(day)
    festival = person_weights()[day] > 1.55
    given = rng.random(size) < np.where(festival, 0.75, 0.22)
    rate = np.where(given, np.where(festival, 0.08, 0.03) + 0.14 * rng.random(size) ** 1.5, 0.0)
    by_quantity = np.zeros(size)
    for pieces, discount in BULK_DISCOUNT:
        by_quantity = np.where(quantity >= pieces, discount, by_quantity)
    return np.where(company, by_quantity, rate)


def _gifts(rng: np.random.Generator, orders: Orders) -> Lines:
    """Free gifts: explicit unit price 0, with a cost."""
    order = np.flatnonzero(rng.random(len(orders)) < SHARE_WITH_GIFT)
    nothing, one = np.zeros(len(order), dtype=np.int64), np.ones(len(order), dtype=np.int64)
    return Lines(order, np.full(len(order), GIFT), one, nothing, nothing, one * 350)


def _postage(rng: np.random.Generator, orders: Orders, goods: Lines) -> Lines:
    """Postage on small online orders of persons."""
    total = np.bincount(goods.order, weights=goods.paid, minlength=len(orders))
    pays = (total < FREE_POSTAGE_FROM) & ~orders.company & (orders.channel != STORE)
    order = np.flatnonzero(pays & (rng.random(len(orders)) < SHARE_PAYING_POSTAGE))
    fee = np.array(POSTAGE_FEES, dtype=np.int64)[draw(rng, (0.5, 0.35, 0.15), len(order))]
    one = np.ones(len(order), dtype=np.int64)
    return Lines(order, np.full(len(order), POSTAGE), one, fee, one * 0, fee)
