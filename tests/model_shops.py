"""Shops that models have something to say of: tastes, growth with a season, automatic renewals."""

from __future__ import annotations

import random
from datetime import date, timedelta

from shop import Shop

GROWS_UNTIL = date(2025, 6, 20)
RENEWS_UNTIL = date(2025, 6, 30)
TASTES = ("家电", "食品", "文具")


def tasteful(factor: int = 1, customers: int = 450) -> Shop:
    """Customers who buy nine lines of ten in one of three categories; every fifteenth buys by the dozen."""
    made, rng = Shop(), random.Random(5)
    made.products = [
        {"product_id": f"P{n}", "name": f"P{n}", "category": f"{TASTES[n]} / 小类"} for n in range(3)
    ]
    for account in range(1, customers + 1):
        taste, dozen = account % 3, account % 15 == 0
        for _ in range(rng.choice([1, 2, 3, 4])):
            product = taste if rng.random() < 0.9 else rng.randrange(3)
            pieces = rng.randrange(20, 40) if dozen else rng.choice([1, 1, 1, 2])
            made.buy(
                account, date(2024, 6, 1) + timedelta(days=rng.randrange(350)), rng.randrange(20, 60) * pieces * factor,
                product=f"P{product}", quantity=pieces,
            )  # fmt: skip
    return made


def growing(factor: int = 1, first: date = date(2023, 3, 2), per_month: int = 40) -> Shop:
    """Orders that grow by the month, twice as many in November; the unfinished June has few."""
    made, rng = Shop(), random.Random(9)
    made.products = [{"product_id": f"P{n}", "name": f"P{n}", "category": f"类{n} / 小类"} for n in range(9)]
    day, account = first, 0
    while day <= GROWS_UNTIL:
        month = (day.year - first.year) * 12 + day.month - first.month
        orders = (per_month + month) * (2 if day.month == 11 else 1) / 30
        for _ in range(int(orders) + (rng.random() < orders % 1)):
            account += 1
            made.buy(
                rng.randrange(1, account + 1), day, rng.randrange(50, 150) * factor, product=f"P{rng.randrange(9)}",
                region=rng.choice(["四川", "广东"]), order=f"O{account}",
            )  # fmt: skip
        day += timedelta(days=1)
    return made


def renewing(customers: int = 300, as_of: date = RENEWS_UNTIL) -> Shop:
    """Monthly renewals of thirty days; each leaves at a renewal with a chance of his own."""
    made, rng = Shop(), random.Random(12)
    for account in range(1, customers + 1):
        chance = rng.betavariate(0.7, 3.0)
        day = date(2023, 7, 1) + timedelta(days=rng.randrange(600))
        while day <= as_of:
            made.buy(account, day, 25)
            if rng.random() < chance:
                break
            day += timedelta(days=30)
    return made
