"""How customers of the demo shop answer a campaign: those who had gone quiet come back more often, others would have
bought anyway.

That is the truth which the shop plants; whether a campaign finds it depends on whom it is for and on its control group.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np

from keguan.demo.records.ledger import Ledger
from keguan.demo.sampling import Flags, Ints
from keguan.demo.season import day_index

QUIET_DAYS = 90
# Share of quiet customers who order because they were told.
COMES_BACK = {"sms": 0.10, "email": 0.06, "social": 0.08}
ANSWER_DAYS = 14
COUPON = 1_000  # cents: what an order of somebody who was contacted costs
CONTACT = {"sms": 5, "email": 1, "social": 20}  # cents each


@dataclass(frozen=True, slots=True)
class Contacted:
    """One campaign as it was carried out: who was contacted on its first day."""

    campaign_id: str
    name: str
    channel: str  # sms, email, social
    starts: date
    ends: date
    customers: tuple[str, ...]  # customer ids

    @property
    def first(self) -> int:
        """Day of the contact, as days since the shop opened."""
        return day_index(self.starts)

    @property
    def last(self) -> int:
        """Last day of the campaign."""
        return day_index(self.ends)

    def places(self, book: Ledger) -> Ints:
        """Positions of its customers in the population; strangers are left out."""
        known = {number: place for place, number in enumerate(book.profiles.customer_id.tolist())}
        return np.array(sorted(known[one] for one in set(self.customers) if one in known), dtype=np.int64)


def came_back(book: Ledger, campaign: Contacted, seed: int) -> tuple[Ints, Ints]:
    """Customers who order because they were contacted, and the days on which they do: the same at each call."""
    rng = np.random.Generator(np.random.PCG64([seed, zlib.crc32(campaign.campaign_id.encode())]))
    customer = campaign.places(book)
    chance, wait = rng.random(len(customer)), rng.integers(0, ANSWER_DAYS, size=len(customer))
    back = _quiet(book, customer, campaign.first) & (chance < COMES_BACK[campaign.channel])
    day = campaign.first + wait
    back &= day <= campaign.last
    return customer[back], day[back]


def _quiet(book: Ledger, customer: Ints, day: int) -> Flags:
    last = book.last_order(customer, day - 1)
    bought = last >= 0
    quiet: Flags = bought & (book.orders.day[np.maximum(last, 0)] < day - QUIET_DAYS)
    return quiet


def cost_cents(book: Ledger, campaign: Contacted, until: int) -> int:
    """What the campaign has cost up to a day: a message each, and a coupon for each order of those contacted."""
    customer = campaign.places(book)
    orders = book.orders_between(customer, campaign.first - 1, min(until, campaign.last))
    return len(customer) * CONTACT[campaign.channel] + int(orders.sum()) * COUPON
