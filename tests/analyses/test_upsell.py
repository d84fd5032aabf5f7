"""Customers near the end of their own cycle: by hand, with credit, with a product, and looked back at."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses import basket_pairs
from keguan.analyses.upsell import Params, run
from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.evidence.statistics.newcombe import newcombe
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def opened(shop: Shop, folder: Path, min_n: int = 30) -> PinnedInputs:
    settings = Settings(min_n=min_n)
    plain = shop.inputs(folder, AS_OF, settings)
    return shop.inputs(folder, AS_OF, settings, basket_pairs=basket_pairs.run(plain, basket_pairs.Params()))


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(opened(shop, folder, min_n), Params(**params))


def steady(shop: Shop, account: int, gap: int, last: date, times: int = 4, product: str = "P1") -> None:
    for number in range(times):
        shop.buy(account, last - timedelta(days=gap * number), 10, product=product)


def test_due_by_the_own_gap(tmp_path: Path) -> None:
    """covers: E10. Gap 30, last on 1 June: due on 1 July. Gap 30, last on 20 June: not within 14 days."""
    shop = Shop()
    steady(shop, 1, 30, date(2025, 6, 1))
    steady(shop, 2, 30, date(2025, 6, 20))
    steady(shop, 3, 30, date(2025, 5, 1))  # overdue
    steady(shop, 4, 10, date(2025, 6, 30))
    steady(shop, 5, 10, date(2025, 6, 30), times=2)  # one gap is no rhythm
    result = found(shop, tmp_path)
    rows = {row["account"]: row for row in result.table("accounts")}
    assert {account: row["due_in"] for account, row in rows.items()} == {"1": 1, "4": 10}
    summary = result.table("summary").records()[0]
    assert (summary["rhythm"], summary["customers"]) == (4, 2)
    assert summary["net_revenue"] == 80
    (relation,) = result.relations
    assert relation.id == "upsell"


def test_only_good_credit_where_grades_are_known(tmp_path: Path) -> None:
    """covers: E10."""
    shop = Shop()
    for account, grade in ((1, "A"), (2, "c"), (3, None), (4, " 良好"), (5, "good")):
        steady(shop, account, 30, date(2025, 6, 1))
        shop.customers.append({"customer_id": str(account), "account_no": account, "credit_grade": grade})
    result = found(shop, tmp_path)
    assert {row["account"] for row in result.table("accounts")} == {"1", "5"}
    assert {row["credit"]: row["customers"] for row in result.table("groups")} == {
        "good": 2,
        "other": 2,
        "unknown": 1,
    }
    assert any(note.kind == "missing" for note in found(Shop(), tmp_path).notes)


def test_the_product_that_goes_with_what_was_bought(tmp_path: Path) -> None:
    """covers: E10."""
    shop = Shop()
    for account in range(100, 180):
        names = ("A", "B") if account < 150 else ("C",)
        for name in names:
            shop.buy(account, date(2025, 6, 1), 10, product=name, order=f"X{account}")
    steady(shop, 1, 30, date(2025, 6, 1), product="A")
    row = found(shop, tmp_path).table("accounts").find({"account": "1"})
    assert row is not None
    assert row["offer"] == "B"


def test_looking_back_shows_whether_the_rule_finds_buyers(tmp_path: Path) -> None:
    """Of 40 due a fortnight ago 30 bought; of 40 others, due later, 5."""
    shop = Shop()
    for account in range(1, 81):
        last = date(2025, 5, 20) if account <= 40 else date(2025, 6, 10)
        steady(shop, account, 30, last)
        if account <= 30 or 40 < account <= 45:
            shop.buy(account, date(2025, 6, 25), 10)
    result = found(shop, tmp_path)
    rows = {row["group"]: row for row in result.table("hindsight")}
    assert (rows["due"]["customers"], rows["due"]["bought"]) == (40, 30)
    assert (rows["others"]["customers"], rows["others"]["bought"]) == (40, 5)
    ends = newcombe(30, 40, 5, 40)
    assert ends is not None
    assert rows["due"]["difference_low"] == pytest.approx(ends.low, abs=1e-6)
    assert "works" in {claim.says for claim in result.claims}


def test_a_rule_that_finds_nobody_is_not_praised(tmp_path: Path) -> None:
    """trap: 15."""
    shop = Shop()
    for account in range(1, 81):
        steady(shop, account, 30, date(2025, 5, 20) if account <= 40 else date(2025, 6, 10))
        if account % 4 == 0:
            shop.buy(account, date(2025, 6, 25), 10)
    claim = next(claim for claim in found(shop, tmp_path).claims if claim.key == "upsell/hindsight")
    assert (claim.says, claim.summary) == ("unproven", False)
    assert claim.test is not None
    assert not claim.test.passed


def test_nobody_with_a_rhythm(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 6, 1), 10)
    result = found(shop, tmp_path)
    assert result.claims == result.relations == ()
    assert "missing" in {note.kind for note in result.notes}
