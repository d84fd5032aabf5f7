"""Shops that every analysis must bear: a busy one, and those that lack something."""

from __future__ import annotations

import importlib
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from keguan import registry
from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.engine.protocol import Engine
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 20)


def busy(factor: int = 1) -> Shop:
    """Sixty customers over two years with returns, guests, two channels and three products."""
    shop, rng = Shop(), random.Random(7)
    for account in range(1, 61):
        day = date(2023, 7, 1) + timedelta(days=rng.randrange(500))
        for _ in range(rng.choice([1, 1, 2, 3, 6, 12])):
            amount = Decimal(rng.randrange(500, 30000)) / 100 * factor
            product = rng.choice(["P1001", "P1002", "P1003"])
            channel, region = rng.choice(["官网", "APP"]), rng.choice(["四川", "广东"])
            shop.buy(account, day, amount, product=product, quantity=2, hour=rng.randrange(24),
                     channel=channel, region=region, cost=amount / 2)  # fmt: skip
            if rng.random() < 0.1:
                back = day + timedelta(days=rng.randrange(1, 20))
                shop.give_back(account, back, amount, product=product, quantity=2)
            day += timedelta(days=rng.randrange(5, 90))
    for number in range(30):
        shop.buy(None, date(2024, 1, 1) + timedelta(days=number * 15), 20 * factor)
    shop.products = [
        {"product_id": f"P100{n}", "name": f"商品{n}", "category": f"大类 / 中类 / 小类{n}"}
        for n in (1, 2, 3)
    ]
    return shop


def full(factor: int = 1) -> Shop:
    """The busy shop with rows in the other canonical tables: what each `fill_*.py` beside this file adds.

    `factor` multiplies money.
    """
    shop = busy(factor)
    for path in sorted(Path(__file__).parent.glob("fill_*.py")):
        importlib.import_module(path.stem).fill(shop, factor)
    return shop


def one_customer() -> Shop:
    shop = Shop()
    shop.buy(1, date(2025, 6, 1), 10)
    return shop


def guests_only() -> Shop:
    shop = Shop()
    for number in range(5):
        shop.buy(None, date(2025, 6, 1 + number), 10)
    return shop


def all_equal() -> Shop:
    shop = Shop()
    for account in range(1, 50):
        shop.buy(account, date(2025, 6, 1), 10)
    return shop


def all_returned() -> Shop:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 5, 1), 10)
        shop.give_back(account, date(2025, 5, 3), 10)
    return shop


def unknown_everything() -> Shop:
    """No product, no channel, no region, no cost, no time of day."""
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 5, 1 + account % 20), 10, channel=None, region=None)
    for line in shop.lines:
        line["product_id"] = None
        line["quantity"] = None
        line["unit_price"] = None
    for order in shop.orders:
        order["has_time"] = False
    return shop


ODD = {
    "empty": Shop,
    "one customer": one_customer,
    "guests only": guests_only,
    "all equal": all_equal,
    "all returned": all_returned,
    "unknown everything": unknown_everything,
    "busy": busy,
    "full": full,
}


def all_results(engine: Engine, shop: Shop, folder: Path) -> tuple[PinnedInputs, dict[str, Result]]:
    """Every analysis with default parameters over one opened shop; what one uses is run once."""
    done: dict[str, Result] = {}

    def result(name: str) -> Result:
        if name not in done:
            analysis = registry.get(name)
            raw = analysis.run(inputs, analysis.params())
            done[name] = raw.pinned(as_of=AS_OF, params={}, versions={"orders": 1}, code="test")
        return done[name]

    folder.mkdir(parents=True, exist_ok=True)
    inputs = shop.inputs_on(engine, folder, AS_OF, Settings(currency="CNY"), results=result)
    for name in registry.names():
        result(name)
    return inputs, done
