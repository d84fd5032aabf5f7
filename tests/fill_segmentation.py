"""Rows for segments over time and tags: customers with traits, leads, consents, persons, attributes, steady buyers."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from shop import Shop

INDUSTRIES, REGIONS = ("C", "F", "I"), ("四川", "广东", "浙江")
ROLES = ("user", "influencer", "decider")


def fill(shop: Shop, factor: int) -> None:
    """Adds what segments and tags read; money times `factor`."""
    known = {row.get("account_no") for row in shop.customers}
    for account in (n for n in range(1, 81) if n not in known):
        shop.customers.append(
            {
                "customer_id": f"S{account:03d}", "account_no": account, "kind": "company", "name": f"公司{account}",
                "industry_code": INDUSTRIES[account % 3], "size_revenue": ("小型", "中型", "大型")[account % 3],
                "province": REGIONS[account % 3], "owner": f"员工{account % 4}", "branch": f"分部{account % 2}",
            }
        )  # fmt: skip
    for account in range(1, 81):
        shop.add(
            "customer_attributes",
            account_no=account,
            attribute="来源展会",
            attribute_value=f"展{account % 5}",
        )
        shop.add(
            "contact_persons",
            person_id=f"SP{account}",
            account_no=account,
            name="某人",
            role=ROLES[account % 3],
        )
    for number in range(12):
        shop.add("leads", lead_id=f"SL{number}", created_at=datetime(2025, 2, 1 + number, 9), stage="new",
                 account_no=None if number % 2 else 61 + number, lead_source="展会", amount=1000 * factor)  # fmt: skip
    for account in range(1, 21):
        shop.add("consents", account_no=account, purpose="profiling", granted=account % 5 != 0,
                 given_at=datetime(2024, 6, 1, 9))  # fmt: skip
    rng = random.Random(11)
    for number in range(40):  # regular, not automatic buyers whose goods are at times discounted
        account, day = 201 + number, date(2024, 1, 3) + timedelta(days=number)
        for turn in range(16):
            if day <= date(2025, 6, 20) and (turn < 12 or number % 2):
                shop.buy(
                    account, day, (20 + number + turn) * factor, product=f"P100{1 + turn % 3}", quantity=2
                )
                if turn % 2 and number % 4 == 0:
                    shop.lines[-1]["discount"] = 5 * factor
            day += timedelta(days=rng.randrange(12, 60))
