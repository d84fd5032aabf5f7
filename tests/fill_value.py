"""Rows for profit, churn, plans, benchmarks and records: costs, contacts, spend, targets, ranges, contracts."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product

from shop import Shop

START = date(2024, 7, 1)
CHANNELS = ("官网", "APP")


def fill(shop: Shop, factor: int) -> None:
    """About 700 small rows for the sixty customers of the busy shop."""
    rng = random.Random(23)
    _people(shop)
    _money(shop, rng, factor)
    _plans(shop, factor)
    _ranges(shop, factor)
    _contracts(shop, rng, factor)
    _reasons(shop, rng)


def _people(shop: Shop) -> None:
    """Every customer has an owner and a branch; one has two, and some have none."""
    known = {row["account_no"] for row in shop.customers}
    for account in range(1, 61):
        if account not in known:
            shop.customers.append(
                {"customer_id": f"K{account:03d}", "account_no": account, "source": "crm", "kind": "person"}
            )
    for row in shop.customers:
        account = row["account_no"]
        if account is not None and account % 9:
            row.setdefault("owner", ("王芳", "李强", "陈静")[account % 3])
            row.setdefault("branch", ("东区", "西区")[account % 2])
    shop.customers.append(
        {"customer_id": "K001", "account_no": 9201, "source": "shop", "kind": "person", "owner": "赵敏"}
    )


def _money(shop: Shop, rng: random.Random, factor: int) -> None:
    for account in range(1, 61):
        for _ in range(rng.choice([0, 1, 3])):
            day = START + timedelta(days=rng.randrange(350))
            kind = rng.choice(["service", "shipping", "return"])
            shop.add("costs", account_no=account, day=day, kind=kind, amount=rng.randrange(3, 90) * factor)
        day = START + timedelta(days=rng.randrange(350))
        shop.add("contacts", account_no=account, contacted_at=datetime(day.year, day.month, day.day, 9),
                 unit="电销", channel="电话", cost=Decimal("1.5") * factor)  # fmt: skip
    for month in range(12):
        day = date(2024 + (month + 6) // 12, (month + 6) % 12 + 1, 15)
        shop.add("costs", day=day, kind="service", amount=40 * factor)
        shop.add("costs", day=day, kind="acquisition", amount=25 * factor)
        for channel in CHANNELS:
            shop.add("spend", day=day, channel=channel, amount=60 * factor, clicks=30)


def _plans(shop: Shop, factor: int) -> None:
    rows = (
        ("净销售额", "2025-05", None, 9000 * factor),
        ("净销售额", "2025-06", None, 6000 * factor),
        ("net_revenue", "2025Q1", "region=四川", 9000 * factor),
        ("订单数", "2025-04", "channel=官网", 20),
        ("新客户数", "2024", None, 30),
        ("复购率", "2024", None, 0.4),
        ("市场份额", "2025", None, 0.2),
        ("净销售额", "2026-01", None, 9000 * factor),
    )
    for metric, period, dimension, value in rows:
        shop.add("targets", metric=metric, period=period, dimension=dimension, value=value)


def _ranges(shop: Shop, factor: int) -> None:
    shop.add("benchmarks", metric="复购率", value=60, tolerance=15, unit="%",
             published_by="协会年报", published_on=date(2025, 1, 1))  # fmt: skip
    shop.add("benchmarks", metric="复购率", low=5, high=10, unit="%", tolerance_kind="points",
             published_by="某报告", published_on=date(2025, 1, 1))  # fmt: skip
    shop.add("benchmarks", metric="笔单价", low=500 * factor, high=800 * factor, unit="元", published_by="行业白皮书",
             published_on=date(2025, 2, 1), valid_until=date(2026, 2, 1))  # fmt: skip
    shop.add("benchmarks", metric="退款率", low=1, high=3, unit="%")
    shop.add("benchmarks", metric="NPS", low=20, high=40, published_by="旧报告",
             published_on=date(2020, 1, 1), valid_until=date(2021, 1, 1))  # fmt: skip


def _contracts(shop: Shop, rng: random.Random, factor: int) -> None:
    for account in range(1, 61):
        plan = rng.choice(["按月", "按年"])
        gone = rng.random() < (0.45 if plan == "按月" else 0.1)
        shop.add("subscriptions", account_no=account, plan=plan, tenure_months=rng.randrange(1, 40),
                 churned=gone, monthly_amount=30 * factor)  # fmt: skip
        shop.add("customer_attributes", account_no=account, attribute="付款方式",
                 attribute_value=rng.choice(["自动扣款", "手动"]))  # fmt: skip


def _reasons(shop: Shop, rng: random.Random) -> None:
    stated = ["价格太贵", "换了竞品", "不再需要", "服务态度", "换了其他品牌"]
    for account, number in product(range(1, 61), range(1)):
        shop.add("feedback", feedback_id=f"V{account}-{number}", kind="survey", survey_id="流失回访",
                 account_no=account, raised_at=datetime(2025, 5, 1 + account % 28, 10),
                 reason=rng.choice(stated))  # fmt: skip
    for number in range(40):
        lost = number % 3 == 0
        shop.add("leads", lead_id=f"VL{number}", created_at=datetime(2025, 1, 1 + number % 28, 9),
                 lead_source="展会", stage="输单" if lost else "跟进", stage_at=datetime(2025, 3, 1, 9),
                 lost_reason=rng.choice(stated) if lost else None)  # fmt: skip
