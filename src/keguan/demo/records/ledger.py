"""What the shop's order book says about each customer: the base on which every other file is made.

Orders are fixed before any record is; records agree with them and never change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from keguan.demo.baskets import Lines
from keguan.demo.catalogue import Catalogue
from keguan.demo.journeys import GUEST, Orders
from keguan.demo.order_rows import order_numbers
from keguan.demo.population import Population
from keguan.demo.profiles import Profiles
from keguan.demo.refunds import Refunds
from keguan.demo.sampling import Flags, Floats, Ints, Words, either, words
from keguan.demo.season import DAYS
from keguan.demo.shelves import DEPARTMENTS

SPAN = DAYS + 1_000  # room for days before the opening and after the close in one sorted key


@dataclass(frozen=True)
class Ledger:
    """The shop as it is known inside: positions of customers, orders and products are those of their arrays."""

    shop: Catalogue
    people: Population
    profiles: Profiles
    orders: Orders
    lines: Lines
    refunds: Refunds
    unpaid: Flags
    scale: float

    def size(self, at_scale_one: int, least: int = 2) -> int:
        """How many rows a shop of this size has."""
        return max(least, round(at_scale_one * self.scale))

    @cached_property
    def bought(self) -> Ints:
        """Paid orders of known customers, by customer and time."""
        known = np.flatnonzero((self.orders.customer != GUEST) & ~self.unpaid)
        return known[
            np.lexsort((self.orders.second[known], self.orders.day[known], self.orders.customer[known]))
        ]

    @cached_property
    def _keys(self) -> Ints:
        keys: Ints = self.orders.customer[self.bought] * SPAN + self.orders.day[self.bought]
        return keys

    def orders_between(self, customer: Ints, after: Ints | int, until: Ints | int) -> Ints:
        """How many paid orders each customer has on days after `after`, up to and with `until`."""
        low, high = np.clip(after, -1, SPAN - 1), np.clip(until, -1, SPAN - 1)
        found = np.searchsorted(self._keys, customer * SPAN + high, side="right")
        return np.asarray(
            found - np.searchsorted(self._keys, customer * SPAN + low, side="right"), dtype=np.int64
        )

    def last_order(self, customer: Ints, until: Ints | int) -> Ints:
        """Position in `orders` of each customer's latest paid order up to a day; -1 without one."""
        if not len(self.bought):
            return np.full(len(customer), -1, dtype=np.int64)
        place = np.searchsorted(self._keys, customer * SPAN + np.clip(until, -1, SPAN - 1), side="right") - 1
        found = self.bought[np.maximum(place, 0)]
        own = (place >= 0) & (self.orders.customer[found] == customer)
        return np.where(own, found, -1).astype(np.int64)

    @cached_property
    def first_day(self) -> Ints:
        """Day of each customer's first order; beyond the period without one."""
        return np.where(self.people.first_day >= 0, self.people.first_day, DAYS)

    @cached_property
    def order_numbers(self) -> Words:
        """订单编号 of each order."""
        return order_numbers(self.orders)

    @cached_property
    def order_cents(self) -> Ints:
        """What was paid for each order, in cents, before refunds."""
        return _sums(self.lines.order, self.lines.paid, len(self.orders))

    @cached_property
    def net_cents(self) -> Ints:
        """What was paid for each order less what came back; 0 for one never paid."""
        back = _sums(self.refunds.lines.order, self.refunds.lines.paid, len(self.orders))
        return np.where(self.unpaid, 0, self.order_cents + back)

    @cached_property
    def margin_cents(self) -> Ints:
        """What is left of each order after cost of goods."""
        cost = _sums(self.lines.order, self.lines.cost, len(self.orders))
        back = _sums(self.refunds.lines.order, self.refunds.lines.cost, len(self.orders))
        return np.where(self.unpaid, 0, self.net_cents - cost - back)

    @cached_property
    def main_product(self) -> Ints:
        """The product that cost most in each order; -1 for an order of postage alone."""
        goods = np.flatnonzero(self.lines.product >= 0)
        by_value = goods[np.lexsort((self.lines.paid[goods], self.lines.order[goods]))]
        out = np.full(len(self.orders), -1, dtype=np.int64)
        out[self.lines.order[by_value]] = self.lines.product[by_value]  # the last written is the dearest
        return out

    def departments(self, product: Ints) -> Words:
        """Names of the departments of products; empty for none (-1)."""
        names = words([department.name for department in DEPARTMENTS])
        return either(product >= 0, names[self.shop.department[product]], "")

    def spent_cents(self, since: int) -> Ints:
        """Net money of each customer from a day on."""
        return self._by_customer(self.net_cents, since)

    def margin_of_customer(self, since: int) -> Ints:
        """Margin of each customer from a day on, in cents."""
        return self._by_customer(self.margin_cents, since)

    def _by_customer(self, cents: Ints, since: int) -> Ints:
        recent = self.bought[self.orders.day[self.bought] >= since]
        return _sums(self.orders.customer[recent], cents[recent], len(self.people))

    @cached_property
    def buyers(self) -> Ints:
        """Customers with at least one paid order."""
        return np.unique(self.orders.customer[self.bought])


def _sums(group: Ints, cents: Ints, groups: int) -> Ints:
    """Exact sums of whole cents by group."""
    out = np.zeros(groups, dtype=np.int64)
    np.add.at(out, group, cents)
    return out


def pick(rng: np.random.Generator, pool: Ints, size: int, weights: Floats | None = None) -> Ints:
    """Up to `size` different members of `pool`, heavier ones more often, in random order."""
    if weights is None:
        return rng.permutation(pool)[:size]
    lottery = rng.exponential(size=len(pool)) / np.maximum(weights, 1e-12)
    return pool[np.argsort(lottery, kind="stable")[:size]]
