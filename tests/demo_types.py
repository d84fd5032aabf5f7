"""The planted types of the demo shop, companies and persons by favourite department, and who knows them best.

`bayes` is the classifier that knows every probability the generator draws from: departments by month and favourite,
pieces and budgets, hours and weekdays.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf

import numpy as np
import pyarrow as pa

from keguan.demo.baskets import (
    BUDGET_OF_COMPANY,
    BULK_TIMES,
    PIECES_OF_PERSON,
    SHARE_BULK,
    TAKES_FAVOURITE,
    Lines,
    make_lines,
)
from keguan.demo.catalogue import Catalogue, make_catalogue
from keguan.demo.journeys import Orders, make_orders
from keguan.demo.population import SHARE_COMPANIES, STORE, Population, make_population
from keguan.demo.refunds import unpaid_orders
from keguan.demo.sampling import Floats, Ints
from keguan.demo.season import (
    COMPANY_WEEK,
    DAYS,
    MONTH_OF_DAY,
    OFFICE_HOURS,
    ONLINE_HOURS,
    PERSON_WEEK,
    STORE_HOURS,
    WEEKDAY,
)
from keguan.demo.shelves import DEPARTMENTS
from keguan.demo.shop import SEED

COMPANY = len(DEPARTMENTS)


@dataclass(frozen=True)
class Planted:
    """Customers with a purchase: the facts that groups are made of, the type, and the type as Bayes' rule tells it."""

    facts: pa.Table
    truth: Ints
    bayes: Ints


def planted(scale: float) -> Planted:
    """A demo shop of this size before its files are written."""
    streams = np.random.Generator(np.random.PCG64(SEED)).spawn(12)
    shop, people = make_catalogue(streams[0]), make_population(streams[1], scale)
    orders = make_orders(streams[2], people)
    lines = make_lines(streams[3], shop, people, orders)
    unpaid = unpaid_orders(streams[4], orders)
    kept = (lines.product >= 0) & (orders.customer[lines.order] >= 0) & ~unpaid[lines.order]
    lines = lines.take(kept)
    bought = np.bincount(orders.customer[lines.order], minlength=len(people)) > 0
    truth = np.where(people.company, COMPANY, people.favourite)
    odds = _log_odds(shop, people, orders, lines)
    return Planted(_facts(shop, people, orders, lines, bought), truth[bought], odds.argmax(axis=1)[bought])


def _facts(shop: Catalogue, people: Population, orders: Orders, lines: Lines, bought: np.ndarray) -> pa.Table:
    size = len(people)
    of = orders.customer[lines.order]
    placed = np.unique(lines.order)
    last = np.zeros(size)
    np.maximum.at(last, orders.customer[placed], orders.day[placed])
    department = shop.department[lines.product]
    largest = np.argsort(-np.bincount(department, minlength=COMPANY), kind="stable")
    columns = {
        "account_no": np.arange(size),
        "purchases": np.bincount(orders.customer[placed], minlength=size),
        "net": np.bincount(of, weights=lines.paid / 100, minlength=size),
        "silent_days": DAYS - last,
        "lines": np.bincount(of, minlength=size),
        "pieces": np.bincount(of, weights=lines.quantity, minlength=size).astype(float),
        **{
            f"in_{n}": np.bincount(of[department == d], minlength=size)
            for n, d in enumerate(largest.tolist(), start=1)
        },
    }
    return pa.table({name: column[bought] for name, column in columns.items()})


def _log_odds(shop: Catalogue, people: Population, orders: Orders, lines: Lines) -> Floats:
    """Log of prior times likelihood, one column a department and one for companies."""
    size, of = len(people), orders.customer[lines.order]
    month, department = MONTH_OF_DAY[orders.day[lines.order]], shop.department[lines.product]
    demand = np.stack([shop.weights[:, :, shop.department == d].sum(axis=2) for d in range(COMPANY)], axis=2)
    demand /= demand.sum(axis=2, keepdims=True)
    pieces = np.array(PIECES_OF_PERSON)
    few = np.where(lines.quantity <= len(pieces), pieces[np.minimum(lines.quantity, len(pieces)) - 1], 1e-13)
    placed = np.unique(lines.order)
    hours, weekday = orders.second[placed] // 3600, WEEKDAY[orders.day[placed]]
    online, store, office = (_shares(curve) for curve in (ONLINE_HOURS, STORE_HOURS, OFFICE_HOURS))
    person_time = np.where(orders.channel[placed] == STORE, store[hours], online[hours])
    by_person = _add(of, np.log(few), size) + _add(
        orders.customer[placed], np.log(person_time + 1e-9) + np.log(_shares(PERSON_WEEK)[weekday]), size
    )
    by_company = _add(of, np.log(_budget(lines)), size) + _add(
        orders.customer[placed], np.log(office[hours] + 1e-9) + np.log(_shares(COMPANY_WEEK)[weekday]), size
    )
    prior = _shares([d.persons for d in DEPARTMENTS]) * (1 - SHARE_COMPANIES)
    found = np.zeros((size, COMPANY + 1))
    for favourite in range(COMPANY):
        chance = (1 - TAKES_FAVOURITE) * demand[month, 0, department] + TAKES_FAVOURITE * (
            department == favourite
        )
        found[:, favourite] = np.log(prior[favourite]) + _add(of, np.log(chance), size) + by_person
    company = _add(of, np.log(demand[month, 1, department]), size)
    found[:, COMPANY] = np.log(SHARE_COMPANIES) + company + by_company
    return found


def _shares(weights: object) -> Floats:
    array = np.asarray(weights, dtype=float)
    return array / array.sum()


def _add(of: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(of, weights=values, minlength=size)


def _budget(lines: Lines) -> Floats:
    """Chance of a company's number of pieces: the budgets that are rounded to it."""
    median, sigma = BUDGET_OF_COMPANY
    half = np.where(lines.quantity > 24, 5.0, 0.5)
    low = np.where(lines.quantity == 1, 1e-9, (lines.quantity - half) * lines.price / 100)
    high = (lines.quantity + half) * lines.price / 100
    below = np.vectorize(lambda x: 0.5 * (1 + erf(x / 2**0.5)))

    def upto(money: Floats) -> Floats:
        plain = below(np.log(money / median) / sigma)
        bulk = below(np.log(money / median / BULK_TIMES) / sigma)
        mixed: Floats = (1 - SHARE_BULK) * plain + SHARE_BULK * bulk
        return mixed

    return np.maximum(upto(high) - upto(low), 1e-12)
