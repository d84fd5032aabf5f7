"""Contribution by hand: every dimension adds up to the total; classes are those at the start."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from keguan.analyses.key_contributors import ANALYSIS, DIMENSIONS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.result import Result
from shop import Shop
from shops import full

AS_OF = date(2025, 6, 30)
BEFORE, NOW = date(2024, 1, 10), date(2025, 1, 10)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> Result:
    result = run(shop.inputs(folder, as_of, Settings()), Params(**params))
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


def branches() -> Shop:
    """Branch 东区 falls from 900 to 100, 西区 rises from 100 to 300; a guest buys for 50."""
    shop = Shop()
    shop.buy(1, BEFORE, 900, product="P1")
    shop.buy(2, BEFORE, 100, product="P2")
    shop.buy(1, NOW, 100, product="P1")
    shop.buy(2, NOW, 300, product="P2")
    shop.buy(None, NOW, 50, product="P2")
    shop.customers = [
        {"customer_id": "a", "account_no": 1, "branch": "东区", "owner": "王芳"},
        {"customer_id": "b", "account_no": 2, "branch": "西区", "owner": "李强"},
    ]
    shop.products = [
        {"product_id": "P1", "category": "家电 / 厨房"},
        {"product_id": "P2", "category": "食品"},
    ]
    return shop


def test_who_makes_up_the_change(tmp_path: Path) -> None:
    """covers: G2."""
    result = found(branches(), tmp_path)
    rows = {(row["dimension"], row["part"]): row for row in result.table("parts")}
    east = rows[("branch", "东区")]
    assert (east["before"], east["net_revenue"], east["change"]) == (900, 100, -800)
    assert east["change_share"] == round(-800 / -550, 6)
    assert rows[("branch", "散客")]["change"] == 50
    assert (rows[("category", "家电")]["change"], rows[("category", "食品")]["change"]) == (-800, 250)
    claim = next(claim for claim in result.claims if claim.key == "key_contributors/branch")
    assert result.value(claim.values["total"]) == -550


def test_classes_are_those_at_the_start(tmp_path: Path) -> None:
    """trap: 13. Customer 1 was class A before the window and is not today."""
    result = found(branches(), tmp_path)
    rows = {row["part"]: row for row in result.table("parts") if row["dimension"] == "segment"}
    assert (rows["A"]["before"], rows["A"]["net_revenue"]) == (900, 100)
    assert not next(claim for claim in result.claims if claim.key == "key_contributors/segment").summary


def test_every_dimension_adds_up_to_the_same_total(tmp_path: Path) -> None:
    """trap: 8. covers: G2."""
    result = found(full(), tmp_path, date(2025, 6, 20), listed=2)
    total = result.table("total").records()[0]
    seen = {row["dimension"] for row in result.table("parts")}
    assert {"segment", "channel", "region", "branch", "owner"} <= seen <= set(DIMENSIONS)
    for dimension in seen:
        rows = [row for row in result.table("parts") if row["dimension"] == dimension]
        for name in ("net_revenue", "before", "change"):
            assert sum(row[name] for row in rows) == total[name], (dimension, name)


def test_nothing_sold_says_so(tmp_path: Path) -> None:
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]
