"""What the analyses of channels, products, offers, delivery and settlement need in the full shop.

Accounts 9001 and up are of this file alone.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from shop import Shop

FIRST_ACCOUNT = 9001


def fill(shop: Shop, factor: int) -> None:
    """Devices, coupons and delivery of the orders; goods bought together; a new product."""
    rng = random.Random(11)
    _together(shop, factor, rng)
    _due(shop, factor)
    _leads(shop, factor, rng)
    _payments(shop, factor, rng)
    _social(shop, rng)
    for number in range(35):
        shop.buy(
            FIRST_ACCOUNT + number,
            date(2025, 4, 10) + timedelta(days=number),
            Decimal(40) * factor,
            product="P3001",
        )
    shop.products.append(
        {"product_id": "P3001", "name": "新品", "category": "配套 / 新", "launched_on": date(2025, 4, 1)}
    )
    for number in range(40):
        shop.add("feedback", feedback_id=f"C{number}", kind="review", product_id="P2001", account_no=FIRST_ACCOUNT + number,
                 scale="csat5", score=rng.choice([3, 4, 5]), raised_at=datetime(2025, 3, 1) + timedelta(days=number))  # fmt: skip
    for order in shop.orders:
        order["device"] = rng.choice(["iPhone", "Android", "PC", None])
        order["coupon"] = rng.choice(["满100减10", None, None])
        shipped = rng.randrange(1, 5)
        order["shipped_at"] = order["ordered_at"] + timedelta(days=shipped)
        order["delivered_at"] = order["ordered_at"] + timedelta(days=shipped + rng.randrange(1, 5))


def _together(shop: Shop, factor: int, rng: random.Random) -> None:
    """Customers of P2001 who take P2002 with it, and customers of P2003 and P2004 alone."""
    for number in range(90):
        account, day = FIRST_ACCOUNT + number, date(2024, 9, 1) + timedelta(days=rng.randrange(200))
        order = shop.buy(account, day, Decimal(30) * factor, product="P2001", channel="APP")
        if number < 40:
            shop.buy(account, day, Decimal(12) * factor, product="P2002", order=order, channel="APP")
        if number >= 50:
            shop.buy(account, day, Decimal(9) * factor, product=rng.choice(["P2003", "P2004"]), order=order,
                     channel="APP")  # fmt: skip
        if number % 3 == 0:
            shop.buy(account, day + timedelta(days=30), Decimal(25) * factor, product="P2001", channel="官网")
    shop.products += [
        {"product_id": f"P200{n}", "name": f"配套{n}", "category": f"配套 / 小件{n}"} for n in (1, 2, 3, 4)
    ]


def _leads(shop: Shop, factor: int, rng: random.Random) -> None:
    """80 leads of two sources; those of 展会 convert more frequently."""
    for number in range(80):
        won = rng.random() < (0.6 if number < 40 else 0.1)
        at = datetime(2024, 10, 1, 2) + timedelta(days=number)
        stage = {"stage": "赢单", "stage_at": at + timedelta(days=20)} if won else {"stage": "跟进"}
        shop.add("leads", lead_id=f"C{number}", created_at=at, lead_source="展会" if number < 40 else "官网", size="中型",
                 industry_code="C39" if number % 2 else "A01", amount=Decimal(1000) * factor, **stage)  # fmt: skip


def _payments(shop: Shop, factor: int, rng: random.Random) -> None:
    """60 payments of the due customers: in time, late, open; one refund."""
    for number in range(60):
        due = date(2024, 9, 1) + timedelta(days=4 * number)
        late = rng.choice([0, 0, 5, 20, None])
        shop.add("payments", payment_id=f"C{number}", account_no=FIRST_ACCOUNT + 100 + number % 12,
        amount=Decimal(100 + number) * factor,
                 due_on=due, paid_on=None if late is None else due + timedelta(days=late))  # fmt: skip
    shop.add(
        "payments",
        payment_id="C60",
        account_no=FIRST_ACCOUNT + 100,
        amount=Decimal(-30) * factor,
        paid_on=date(2025, 5, 1),
    )


def _social(shop: Shop, rng: random.Random) -> None:
    """Likes in two regions every third day of a year, and followers."""
    for number in range(120):
        day = date(2024, 6, 25) + timedelta(days=3 * number)
        for region in ("四川", "广东"):
            shop.add("social_metrics", day=day, channel="微博", region=region, segment="年轻客群", metric="点赞数",
                     value=rng.randrange(50, 90) + (60 if number > 90 else 0))  # fmt: skip
        shop.add("social_metrics", day=day, channel="微博", metric="粉丝数", value=1000 + number)


def _due(shop: Shop, factor: int) -> None:
    """Customers of good credit who buy every 30 days and are due three days after the shop's as-of day."""
    for number in range(12):
        account = FIRST_ACCOUNT + 100 + number
        for day in (date(2025, 3, 25), date(2025, 4, 24), date(2025, 5, 24)):
            shop.buy(account, day, Decimal(30) * factor, product="P2001", channel="APP")
        shop.customers.append(
            {"customer_id": f"K{account}", "account_no": account, "kind": "company", "credit_grade": "A" if number < 9 else "C"}
        )  # fmt: skip
