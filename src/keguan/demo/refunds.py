"""Which lines come back, when, and how much of them; and which orders were never paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.baskets import Lines
from keguan.demo.catalogue import Catalogue
from keguan.demo.journeys import Orders
from keguan.demo.sampling import Flags, Floats, Ints
from keguan.demo.season import DAYS
from keguan.demo.shelves import DEPARTMENTS
from keguan.demo.story import FAILING_CATEGORY, FAILURE_DAY, REFUND_AFTER

LAG_DAYS = (3, 20)
COMPANY_FACTOR = 0.6
SHARE_PARTIAL = 0.4  # of refunds of several pieces
SHARE_UNPAID = 0.008
FAILING = [department.name for department in DEPARTMENTS].index(FAILING_CATEGORY)


@dataclass(frozen=True)
class Refunds:
    """Return lines (negative quantity, discount, cost; `lines.order` is the order they undo), and when."""

    lines: Lines
    day: Ints
    second: Ints


def unpaid_orders(rng: np.random.Generator, orders: Orders) -> Flags:
    """Orders cancelled before they were paid."""
    return (rng.random(len(orders)) < SHARE_UNPAID) & ~orders.company


def make_refunds(
    rng: np.random.Generator,
    shop: Catalogue,
    orders: Orders,
    lines: Lines,
    unpaid: Flags,
    exported: int = DAYS,
) -> Refunds:
    """Refunds of paid goods before the day of the export; later ones are not yet in it."""
    chosen = np.flatnonzero(rng.random(len(lines)) < _rates(shop, orders, lines, unpaid))
    lag = LAG_DAYS[0] + np.floor(rng.gamma(2.2, 2.4, size=len(chosen))).astype(np.int64)
    day = orders.day[lines.order[chosen]] + np.minimum(lag, LAG_DAYS[1])
    second = rng.integers(9 * 3600, 22 * 3600, size=len(chosen))
    seen = day < exported
    bought = lines.take(chosen[seen])
    return Refunds(_returned(rng, bought), day[seen], second[seen])


def _rates(shop: Catalogue, orders: Orders, lines: Lines, unpaid: Flags) -> Floats:
    """Probability that a line comes back; third story: one department fails from one month on."""
    goods = lines.product >= 0
    department = shop.department[np.maximum(lines.product, 0)]
    rate = np.array([d.refund_rate for d in DEPARTMENTS])[department]
    failing = (department == FAILING) & (orders.day[lines.order] >= FAILURE_DAY)
    rate = np.where(failing, REFUND_AFTER, rate)
    rate = rate * np.where(orders.company[lines.order], COMPANY_FACTOR, 1.0)
    return np.where(goods & ~unpaid[lines.order], rate, 0.0)


def _returned(rng: np.random.Generator, bought: Lines) -> Lines:
    """The lines with the sign turned; part of the pieces takes its part of the discount, to the cent."""
    size = len(bought)
    part = (bought.quantity > 1) & (rng.random(size) < SHARE_PARTIAL)
    pieces = np.where(part, 1 + np.floor(rng.random(size) * (bought.quantity - 1)), bought.quantity)
    back = pieces.astype(np.int64)
    discount = bought.discount * back // bought.quantity
    cost = bought.cost // bought.quantity * back
    return Lines(bought.order, bought.product, -back, bought.price, -discount, -cost)
