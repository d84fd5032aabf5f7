"""Visits of the busy shop's customers and of unknown visitors: pages, carts, payments, a broken payment step."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from shop import Shop

FIRST = date(2025, 3, 31)
WEEKS = 11
BROKEN = range(5, 8)  # weeks in which paying fails on phones


def fill(shop: Shop, factor: int) -> None:
    """Eleven weeks, some forty sessions a week. Money does not occur."""
    rng = random.Random(11)
    for number in range(40 * WEEKS):
        week = number // 40
        day = FIRST + timedelta(days=7 * week + rng.randrange(7))
        visitor = rng.randrange(1, 130)
        account = visitor if visitor <= 60 else None
        device = rng.choice(["手机", "手机", "电脑"])
        moment = datetime(day.year, day.month, day.day, 1) + timedelta(seconds=rng.randrange(70_000))
        session = None if number % 7 == 0 else f"S{number:04d}"
        pays = 0.15 if week in BROKEN and device == "手机" else 0.85
        for name in _names(rng, pays):
            shop.add(
                "events", visitor_id=f"v{visitor:03d}", account_no=account, session_id=session, occurred_at=moment,
                name=name, device=device, traffic_source=("搜索", "邮件", None, "直接访问")[number % 4],
                page=f"/{name}" if name != "商品详情" else f"/item/{number % 3}",
                product_id=f"P100{1 + number % 3}" if name in ("商品详情", "加入购物车") else None,
                dwell_seconds=rng.randrange(3, 240),
                properties=f'{{"user_lifecycle": "{("new", "loyal")[visitor % 2]}"}}',
                hour=(moment + timedelta(hours=8)).hour,
            )  # fmt: skip
            moment += timedelta(seconds=rng.randrange(5, 300))


def _names(rng: random.Random, pays: float) -> list[str]:
    """The events of one session."""
    names = [rng.choice(["首页", "搜索", "类目页"])]
    names += [rng.choice(["商品详情", "商品详情", "搜索", "类目页"]) for _ in range(rng.randrange(5))]
    for name, share in (("加入购物车", 0.7), ("去结算", 0.8), ("支付页", 0.9), ("支付成功", pays)):
        if rng.random() > share:
            break
        names.append(name)
    return names
