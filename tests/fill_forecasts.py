"""Rows of what models said earlier: eight months of forecasts, one of churn with its customers and inputs."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from keguan.core.period import month_end
from shop import Shop

FIRST = date(2024, 9, 30)
MONTHS = 8
FEATURES = {"recency_days": (5, 10, 20), "order_days": (1, 2, 4), "spend": (40, 80, 160)}


def fill(shop: Shop, factor: int) -> None:
    """Revenue is forecast too high in every month, orders well, churn at half of what came."""
    rng = random.Random(31)
    day = FIRST
    for number in range(1, MONTHS + 1):
        _trend(shop, rng, number, day)
        day = month_end(day + timedelta(days=1))
    _churn(shop, factor)
    say(
        shop,
        21,
        "trend",
        date(2025, 6, 19),
        "orders",
        date(2025, 6, 1),
        date(2025, 6, 19),
        9,
        afterwards=True,
    )
    say(shop, 22, "trend", date(2025, 5, 31), "orders", date(2025, 7, 1), date(2025, 7, 31), 9)
    say(
        shop,
        23,
        "clv",
        date(2025, 5, 1),
        "known_purchases_30",
        date(2025, 5, 2),
        date(2025, 5, 31),
        12,
        baseline=30,
    )
    say(
        shop,
        24,
        "next_purchase",
        date(2025, 5, 1),
        "known_buyers_30",
        date(2025, 5, 2),
        date(2025, 5, 31),
        10,
    )


def run_id(number: int) -> str:
    return f"run{number:09d}"


def say(
    shop: Shop, number: int, model: str, base_day: date, quantity: str, first: date, last: date,
    predicted: float | Decimal, low: float | Decimal | None = None, high: float | Decimal | None = None,
    *, part: str = "", baseline: float | Decimal | None = None, about: int | None = None,
    variance: float | None = None, afterwards: bool = False,
) -> None:  # fmt: skip
    """One kept prediction."""
    shop.add(
        "predictions", run_id=run_id(number), run_no=number, model=model, base_day=base_day, quantity_name=quantity,
        part=part, from_day=first, due_day=last, predicted=predicted, interval_low=low, interval_high=high,
        coverage=None if low is None else Decimal("0.8"), variance=variance, baseline_said=baseline, about=about,
        afterwards=afterwards,
    )  # fmt: skip


def keep_run(shop: Shop, number: int, model: str, base_day: date) -> None:
    """The run that a prediction belongs to."""
    shop.add(
        "model_runs", run_id=run_id(number), run_no=number, model=model, base_day=base_day,
        made_at=datetime(base_day.year, base_day.month, base_day.day, 8), known_until=base_day, parameters="{}",
        data_versions="{}", code_version="test", learner="test", beats_naive=True,
    )  # fmt: skip


def _trend(shop: Shop, rng: random.Random, number: int, base_day: date) -> None:
    keep_run(shop, number, "trend", base_day)
    first = base_day + timedelta(days=1)
    last = month_end(first)
    lines = [row for row in shop.lines if first <= row["day"] <= last]
    came = sum((row["amount"] for row in lines), Decimal(0)) or Decimal(100)
    revenue = (came * Decimal(rng.randrange(150, 180)) / 100).quantize(Decimal("0.01"))
    say(shop, number, "trend", base_day, "revenue", first, last, revenue, revenue * Decimal("0.9"),
        revenue * Decimal("1.1"), baseline=came * Decimal("1.2"))  # fmt: skip
    orders = len({row["order_id"] for row in lines if row["movement"] == "purchase"})
    said = max(orders + rng.choice([-2, -1, 0, 1, 2]), 1)
    for quantity in ("orders", "customers", "new_customers"):
        say(
            shop,
            number,
            "trend",
            base_day,
            quantity,
            first,
            last,
            said,
            max(said - 4, 0),
            said + 4,
            baseline=said + 3,
        )


def _churn(shop: Shop, factor: int) -> None:
    base_day, due = date(2025, 1, 31), date(2025, 5, 31)
    keep_run(shop, 11, "churn", base_day)
    levels = {"高": (range(1, 31), "0.300000"), "低": (range(31, 61), "0.100000")}
    for label, (accounts, score) in levels.items():
        p, n = float(score), len(accounts)
        expected, variance = p * n, p * (1 - p) * n
        say(shop, 11, "churn", base_day, "lapsed", base_day + timedelta(days=1), due, expected, expected - 4,
            expected + 4, part=label, baseline=n / 2, about=n, variance=variance)  # fmt: skip
        for account in accounts:
            shop.add("predicted_customers", run_id=run_id(11), model="churn", base_day=base_day, due_day=due,
                     account_no=account, label=label, score=score)  # fmt: skip
    for feature, edges in FEATURES.items():
        cuts = [edge * factor if feature == "spend" else edge for edge in edges]
        for number, (above, up_to) in enumerate(zip([None, *cuts], [*cuts, None], strict=True), start=1):
            shop.add("model_inputs", run_id=run_id(11), run_no=11, model="churn", base_day=base_day, inputs_within=0,
                     places=65_521, feature=feature, bin=number, above=above, up_to=up_to, members=15)  # fmt: skip
