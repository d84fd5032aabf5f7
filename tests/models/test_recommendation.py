"""Recommendations for each customer: kinds and filters by hand, the look back, rules that give way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.models.recommendation import ANALYSIS, Params, run
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def back(days: int) -> date:
    return AS_OF - timedelta(days=days)


def opened(shop: Shop, folder: Path, min_n: int = 30) -> PinnedInputs:
    return shop.inputs(folder, AS_OF, Settings(min_n=min_n))


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(opened(shop, folder, min_n), Params(**params))


def of(result: Result, account: int) -> list[tuple[str, str]]:
    """Kind and product of an account's recommendations, in their order."""
    return [(row["kind"], row["product"]) for row in result.table("list") if row["account"] == str(account)]


def pairs(shop: Shop, first: int = 101, both: int = 12, day: int = 20) -> None:
    """`both` customers with A and B, ten with A alone, forty with neither, who keep lift above one."""
    for number in range(both + 10):
        shop.buy(first + number, back(day), 10, product="A")
        if number < both:
            shop.buy(first + number, back(day), 10, product="B")
    for number in range(40):
        shop.buy(first + 100 + number, back(day), 10, product="Z")


def test_what_goes_with_the_last_purchase_and_why(tmp_path: Path) -> None:
    """covers: J10. A by 23, of whom 12 also bought B; 63 customers: lift 12 x 63 / (23 x 12)."""
    shop = Shop()
    pairs(shop)
    shop.buy(1, back(3), 500, product="A")
    result = found(shop, tmp_path)
    assert of(result, 1) == [("complement", "B")]
    row = result.table("list").find({"account": "1", "place": 1})
    assert row is not None
    assert (row["because"], row["because_customers"], row["together"]) == ("A", 23, 12)
    assert row["lift"] == pytest.approx(12 * 63 / (23 * 12), abs=1e-4)
    (relation,) = result.relations
    rows = opened(shop, tmp_path).query(f"SELECT count(*) AS n FROM ({BUYERS}) r").to_pylist()
    assert rows[0]["n"] == 63
    assert relation.id == "recommendation"
    example = next(claim for claim in result.claims if claim.key == "recommendation/example/complement")
    assert (example.says, example.n) == ("pair", 23)
    assert not [fault for claim in result.claims for fault in faults(result, ANALYSIS, claim)]


BUYERS = "SELECT DISTINCT account_no FROM order_lines"


def test_a_purchase_long_ago_is_no_last_purchase(tmp_path: Path) -> None:
    """covers: J10. The same pair is then cross-selling."""
    shop = Shop()
    pairs(shop)
    shop.buy(1, back(45), 500, product="A")
    assert of(found(shop, tmp_path), 1) == [("cross_sell", "B")]


def test_what_is_bought_once_is_not_recommended_again(tmp_path: Path) -> None:
    """covers: J10. Account 1 has B already; of a thing that customers buy again, it is recommended after a rest."""
    shop = Shop()
    pairs(shop)
    shop.buy(1, back(100), 500, product="B")
    shop.buy(1, back(3), 500, product="A")
    (tmp_path / "again").mkdir()
    assert of(found(shop, tmp_path), 1) == []
    for account in range(101, 109):  # eight of thirteen buy B again
        shop.buy(account, back(5), 10, product="B")
    assert of(found(shop, tmp_path / "again"), 1) == [("complement", "B")]


def test_what_nobody_buys_any_more_is_out_of_range(tmp_path: Path) -> None:
    """covers: J10."""
    shop = Shop()
    pairs(shop, day=61)
    shop.buy(1, back(3), 500, product="A")
    result = found(shop, tmp_path)
    assert of(result, 1) == []
    scope = result.table("scope").records()[0]
    assert (scope["products"], scope["in_range"]) == (3, 1)
    assert scope["customers"] == 63


def test_due_again_by_the_own_gap(tmp_path: Path) -> None:
    """covers: J10. Days 90, 60, 30 and 5 ago: gaps 30, 30, 25. Account 2's gap of 100 is not over within 30 days;
    account 3 has been away for more than three gaps; account 4 has one gap."""
    shop = Shop()
    for account, days in ((1, (90, 60, 30, 5)), (2, (210, 110, 10)), (3, (240, 230, 220)), (4, (40, 20))):
        for ago in days:
            shop.buy(account, back(ago), 100, product="A")
    result = found(shop, tmp_path)
    assert of(result, 1) == [("replenish", "A")]
    assert of(result, 2) == of(result, 3) == of(result, 4) == []
    row = result.table("list").find({"account": "1", "place": 1})
    assert row is not None
    assert (row["times"], row["own_gap"], row["since"]) == (4, 30.0, 5.0)


def test_who_refused_gets_none(tmp_path: Path) -> None:
    """covers: J10. The last word counts; a purpose that is not asked for does not."""
    shop = Shop()
    pairs(shop)
    for account in (1, 2, 3):
        shop.buy(account, back(3), 500, product="A")
    words = ((1, "profiling", True, 9), (1, "profiling", False, 5), (2, "profiling", False, 9),
             (2, "profiling", True, 5), (3, "sms", False, 5))  # fmt: skip
    for account, purpose, granted, ago in words:
        when = datetime.combine(back(ago), datetime.min.time())
        shop.add("consents", account_no=account, purpose=purpose, granted=granted, given_at=when)
    result = found(shop, tmp_path)
    assert [len(of(result, account)) for account in (1, 2, 3)] == [0, 1, 1]
    assert result.table("scope").records()[0]["refused"] == 1
    assert "missing" not in {note.kind for note in result.notes}
    (tmp_path / "sms").mkdir()
    stricter = found(shop, tmp_path / "sms", purposes="profiling, SMS")
    assert [len(of(stricter, account)) for account in (1, 2, 3)] == [0, 1, 0]


def followers(next_product: str | None) -> Shop:
    """Forty buy A and B; forty bought A 35 days ago and `next_product` since; others make C the month's top."""
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, back(60), 10, product="A")
        shop.buy(account, back(58), 10, product="B")
    for account in range(41, 81):
        shop.buy(account, back(35), 10, product="A")
        shop.buy(account, back(10), 10, product=next_product or "Z")
    for account in range(81, 181):
        shop.buy(account, back(34), 10, product="C")
    return shop


def test_looking_back_counts_what_was_bought_since(tmp_path: Path) -> None:
    """covers: J10. All forty bought B, which A called for; the month's top C was bought by none."""
    result = found(followers("B"), tmp_path)
    row = result.table("rules").find({"kind": "complement"})
    assert row is not None
    assert (row["tested"], row["used"]) == (40, "used")
    assert row["share"] == pytest.approx(40 / 40)
    assert row["plain"] == 0.0
    assert row["lead_low"] == 1.0
    says = {claim.key: claim.says for claim in result.claims}
    assert says["recommendation/complement"] == "works"


def test_a_rule_that_loses_gives_way(tmp_path: Path) -> None:
    """trap: 15. B goes with A, but who bought A long ago buys what all buy: the month's top stands in."""
    shop = followers("A")
    for account in range(41, 81):  # the last purchase is C2, so that A and B are cross-selling
        shop.buy(account, back(33), 10, product="Y")
        shop.buy(account, back(9), 10, product="C")
    result = found(shop, tmp_path)
    row = result.table("rules").find({"kind": "cross_sell"})
    assert row is not None
    assert row["used"] == "baseline"
    assert row["lead_high"] < 0
    kinds = {row["kind"] for row in result.table("kinds")}
    assert "popular" in kinds
    assert "cross_sell" not in kinds
    assert {claim.key: claim.says for claim in result.claims}["recommendation/rule/cross_sell"] == "replaced"
    assert not [fault for claim in result.claims for fault in faults(result, ANALYSIS, claim)]


def test_few_customers_and_no_products(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 6):
        shop.buy(account, back(account), 10, product="A")
    result = found(shop, tmp_path)
    assert result.relations == ()
    assert all(row["share"] is None for row in result.table("kinds"))
    (tmp_path / "none").mkdir()
    shop.lines = [{**line, "product_id": None} for line in shop.lines]
    nothing = found(shop, tmp_path / "none")
    assert (nothing.tables, [note.kind for note in nothing.notes]) == ((), ["missing"])
