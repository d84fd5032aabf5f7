"""Pairs by hand: support, confidence, lift; what the size of baskets alone gives; lists of customers to offer to."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.basket_pairs import Params, run
from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)
DAY = date(2025, 6, 1)


def opened(shop: Shop, folder: Path, min_n: int = 30) -> PinnedInputs:
    return shop.inputs(folder, AS_OF, Settings(min_n=min_n))


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(opened(shop, folder, min_n), Params(**params))


def hundred() -> Shop:
    """100 customers: 40 bought A and B, 10 A and C, 50 D and E (25 each alone)."""
    shop = Shop()
    for account in range(100):
        names = (
            ("A", "B") if account < 40 else ("A", "C") if account < 50 else ("D",) if account < 75 else ("E",)
        )
        for name in names:
            shop.buy(account, DAY, 10, product=name, order=f"O{account}")
    return shop


def test_support_confidence_and_lift_by_hand(tmp_path: Path) -> None:
    """covers: E10. A in 50 of 100, B in 40, both in 40: support .4, confidence of B 1, lift 40 * 100 / (50 * 40) = 2."""
    result = found(hundred(), tmp_path, min_n=20)
    row = result.table("pairs").records()[0]
    assert (row["a"], row["b"], row["together"], row["a_baskets"], row["b_baskets"]) == ("B", "A", 40, 40, 50)
    assert (row["support"], row["confidence"], row["lift"]) == (0.4, 1, 2)
    # members 150, sizes 50 of two: S = 50 * 2; expected = 50 * 40 * 100 / 150^2
    assert row["expected"] == pytest.approx(50 * 40 * 100 / 150**2, abs=1e-4)
    assert row["verdict"] == "holds"
    claim = next(claim for claim in result.claims if claim.says == "pair")
    assert claim.n == 40


def test_the_list_holds_those_who_lack_the_other_product_once(tmp_path: Path) -> None:
    """covers: E10."""
    inputs = opened(hundred(), tmp_path, 20)
    result = run(inputs, Params())
    (relation,) = result.relations
    rows = inputs.query(
        f"SELECT * FROM ({relation.sql}) r ORDER BY account_no", **dict(relation.params)
    ).to_pylist()
    assert [row["account_no"] for row in rows] == list(range(40, 50))  # bought A, not B
    assert {row["label"] for row in rows} == {"B"}
    assert {row["score"] for row in rows} == {"0.800"}
    assert result.table("offers").records()[0]["customers"] == 10


def test_customers_who_buy_much_do_not_make_pairs(tmp_path: Path) -> None:
    """Products chosen at random by customers of very different size: every lift is far above one, no pair holds."""
    shop, rng = Shop(), random.Random(5)
    names = [f"P{n:02d}" for n in range(12)]
    for account in range(400):
        for name in rng.sample(names, 8 if account < 60 else 1):
            shop.buy(account, DAY, 10, product=name, order=f"O{account}")
    result = found(shop, tmp_path)
    rows = result.table("pairs").records()
    assert min(row["lift"] for row in rows) > 1.2
    assert sum(row["low"] > 1 for row in rows) > len(rows) / 2
    assert {row["verdict"] for row in rows} == {"chance"}
    assert [claim.says for claim in result.claims] == ["none"]
    assert result.relations == ()


def test_orders_as_baskets_count_guests(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(60):
        for name in ("A", "B") if number < 30 else ("C",):
            shop.buy(None, DAY, 10, product=name, order=f"O{number}")
    assert found(shop, tmp_path).table("pairs").records() == []
    (tmp_path / "order").mkdir()
    row = found(shop, tmp_path / "order", unit="order").table("pairs").records()[0]
    assert (row["together"], row["support"], row["lift"]) == (30, 0.5, 2)


def test_only_so_many_products_are_compared(tmp_path: Path) -> None:
    shop = hundred()
    result = found(shop, tmp_path, min_n=20, top=2)
    assert result.table("baskets").records()[0]["pairs"] == 1
    assert any("只比较" in note.says.zh for note in result.notes)


def test_categories_are_cut_at_a_level(tmp_path: Path) -> None:
    shop = hundred()
    shop.products = [{"product_id": name, "category": f"大类 / {name} / 细"} for name in "ABCDE"]
    rows = found(shop, tmp_path, min_n=20).table("category_pairs").records()
    assert (rows[0]["a"], rows[0]["b"], rows[0]["together"]) == ("大类 / B", "大类 / A", 40)


def test_few_customers_withhold(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(20):
        for name in ("A", "B"):
            shop.buy(account, DAY, 10, product=name, order=f"O{account}")
    result = found(shop, tmp_path)
    assert result.claims == ()
    assert result.table("pairs").records() == []
    assert "withheld" in {note.kind for note in result.notes}
