"""Who the customers of the full shop are: a customer file with gaps, attributes from a survey, persons at companies,
discounts and coupons, and a product that is new."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from shop import Shop

COMPANIES, PERSONS = range(41, 61), range(61, 131)
INCOME, EDUCATION = ("5千以下", "5千至1万", "1万以上"), ("高中", "本科", "硕士")


def fill(shop: Shop, factor: int) -> None:
    """About 130 customers, 30 of whom never ordered."""
    rng = random.Random(11)
    _customers(shop, rng)
    _answers(shop, rng)
    _persons_buy(shop, rng, factor)
    for line in shop.lines:
        if line["movement"] == "purchase" and rng.random() < 0.2:
            line["discount"] = factor
    for order in shop.orders:
        if rng.random() < 0.1:
            order["coupon"] = "满减券"


def _customers(shop: Shop, rng: random.Random) -> None:
    known = {row.get("account_no") for row in shop.customers}
    for account in (n for n in range(1, 131) if n not in known):
        row = {"customer_id": f"KH{account:05d}", "account_no": account, "name": f"客户{account:03d}",
               "province": rng.choice(["四川", "广东", None]),
               "registered_at": datetime(2023, 1, 1) + timedelta(days=account)}  # fmt: skip
        if account in COMPANIES:
            row |= {"kind": "company", "industry_code": rng.choice(["C14", "C", "F52", None]),
                    "size_staff": rng.choice(["小型企业", "中型企业"]), "founded_on": date(2015, 3, 1)}  # fmt: skip
        else:
            row |= {"kind": "person", "gender": rng.choice(["女", "女", "男", None]),
                    "birth_date": rng.choice([date(1980 + account % 25, 6, 21), None]),
                    "income": rng.choice(INCOME), "education": rng.choice(EDUCATION),
                    "acquired_channel": rng.choice(["自然搜索", "老客推荐"])}  # fmt: skip
        shop.customers.append(row)


def _answers(shop: Shop, rng: random.Random) -> None:
    for account in range(1, 101):
        if rng.random() < 0.7:
            shop.add("customer_attributes", account_no=account, attribute="使用场景",
                     attribute_value=rng.choice(["办公", "家用", "送礼"]))  # fmt: skip
        if rng.random() < 0.5:
            shop.add("customer_attributes", account_no=account, attribute="风格偏好",
                     attribute_value=rng.choice(["简约", "复古"]))  # fmt: skip
    for account in COMPANIES:
        for role in rng.sample(["user", "influencer", "decider"], 2):
            shop.add(
                "contact_persons", person_id=f"L{account}{role}", account_no=account, name="联系人", role=role
            )


def _persons_buy(shop: Shop, rng: random.Random, factor: int) -> None:
    """Persons of a second category, a new product in it, the elder ones spending more."""
    born = {row["account_no"]: row.get("birth_date") for row in shop.customers}
    for account in range(61, 101):
        old = born.get(account) is not None and born[account].year < 1990
        for _ in range(rng.randrange(2, 7)):
            day = date(2024, 9, 1) + timedelta(days=rng.randrange(290))
            product = "P7101" if day < date(2025, 3, 1) or rng.random() < 0.5 else "P7102"
            amount = (rng.randrange(100, 200) if old else rng.randrange(20, 60)) * factor
            shop.buy(
                account, day, amount, product=product, channel="APP", region=rng.choice(["四川", "广东"])
            )
    shop.products += [
        {"product_id": "P7101", "name": "旧款", "category": "服饰 / 女装", "list_price": 210 * factor},
        {"product_id": "P7102", "name": "新款", "category": "服饰 / 女装", "launched_on": date(2025, 3, 1)},
    ]
