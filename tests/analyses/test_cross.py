"""Cross analysis by hand: shares, residuals, bases, and what is no finding."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.cross import Params, run
from keguan.analysis import Settings
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)
DAY = date(2025, 6, 1)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))


def readers() -> Shop:
    """100 customers of 四川, 30 of whom viewed compare; 100 of 广东, 10 of whom did. 60 never visited (广东)."""
    shop = Shop()
    for account in range(1, 261):
        region, channel = "四川" if account <= 100 else "广东", "APP" if account % 2 else "官网"
        shop.buy(account, DAY, 10, region=region, channel=channel)
        if account > 200:
            continue
        compare = account <= 30 or 100 < account <= 110
        for page in ("home", "compare") if compare else ("home",):
            shop.add("events", visitor_id=f"v{account}", account_no=account, name="page_view", page=page,
                     occurred_at=datetime(2025, 7, 1))  # fmt: skip
    return shop


def cell(result: Result, a: str, b: str, table: str = "cells") -> dict[str, Any]:
    return next(row for row in result.table(table) if (row["a"], row["b"]) == (a, b))


def test_shares_of_those_for_whom_both_are_known(tmp_path: Path) -> None:
    """covers: E6. trap: 17. The 60 who never visited are not in the base: 30 of 100 against 10 of 100."""
    result = found(readers(), tmp_path, fact="region", by="page")
    row = cell(result, "四川", "compare")
    assert (row["customers"], row["together"], row["share"], row["rest"], row["others"]) == (
        100,
        30,
        0.3,
        0.1,
        100,
    )
    assert row["expected"] == 20
    # Haberman's adjusted residual of 30 where 20 is expected: 10 / sqrt(20 * .5 * .8)
    assert row["residual"] == pytest.approx(10 / 8**0.5, abs=1e-3)
    ends = newcombe(30, 100, 10, 100)
    assert ends is not None
    assert (row["difference_low"], row["difference_high"]) == pytest.approx(tuple(ends), abs=1e-6)
    assert row["verdict"] == "above"
    claim = next(claim for claim in result.claims if claim.says == "above")
    assert (claim.n, claim.summary) == (100, True)


def test_the_search_corrects_over_all_pairs(tmp_path: Path) -> None:
    """covers: E6."""
    alone = found(readers(), tmp_path, fact="region", by="page")
    (tmp_path / "all").mkdir()
    search = found(readers(), tmp_path / "all")
    p = two_proportions(30, 100, 10, 100)
    assert (
        round(p, 4)
        <= cell(alone, "四川", "compare")["q"]
        <= cell(search, "四川", "compare", "differences")["q"]
    )
    assert sum(row["tested"] for row in search.table("pairs")) > sum(
        row["tested"] for row in alone.table("pairs")
    )


def test_nothing_that_depends_gives_no_difference(tmp_path: Path) -> None:
    """trap: 7."""
    shop = Shop()
    for account in range(1, 201):
        shop.buy(
            account,
            DAY,
            10,
            region="四川" if account % 2 else "广东",
            channel="官网" if account % 4 < 2 else "APP",
        )
    result = found(shop, tmp_path, fact="region", by="channel")
    assert result.table("differences").records() == []
    assert {row["verdict"] for row in result.table("cells")} == {"plain"}
    assert result.claims == ()


def test_two_facts_of_purchases_stay_out_of_the_summary(tmp_path: Path) -> None:
    """Who buys much appears in more categories: a difference, no finding. RFM by lifecycle is not even asked."""
    shop = Shop()
    shop.products = [{"product_id": name, "category": name} for name in ("A", "B")]
    for account in range(1, 101):
        for number in range(6 if account <= 50 else 1):
            shop.buy(
                account,
                date(2025, 1 + 2 * number % 12, 2),
                50 if account <= 50 else 5,
                product="A" if number == 0 else "B",
            )
    result = found(shop, tmp_path)
    pairs = {(row["fact_a"], row["fact_b"]) for row in result.table("pairs")}
    assert ("rfm", "category") in pairs
    assert ("rfm", "lifecycle") not in pairs
    claims = [
        claim for claim in result.claims if claim.key.startswith("cross/rfm/") and "/category/" in claim.key
    ]
    assert claims
    assert not any(claim.summary for claim in claims)


def test_an_open_complaint_is_one_not_solved_by_the_day(tmp_path: Path) -> None:
    """covers: E6. Of 40 in 四川 who complained 30 are open; a customer without a complaint has none open."""
    shop = Shop()
    for account in range(1, 121):
        shop.buy(account, DAY, 10, region="四川" if account <= 60 else "广东")
        if account <= 40:
            solved = datetime(2025, 8, 1) if account <= 10 else None
            shop.add("feedback", feedback_id=f"F{account}", kind="complaint", account_no=account, raised_at=datetime(2025, 7, 1),
                     resolved_at=solved, status="solved" if solved else "open")  # fmt: skip
    row = cell(found(shop, tmp_path, fact="region", by="complaint_open"), "四川", "是")
    assert (row["customers"], row["together"], row["others"], row["rest"]) == (60, 30, 60, 0)


def test_few_customers_and_missing_data_are_said(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 11):
        shop.buy(account, DAY, 10)
    result = found(shop, tmp_path)
    assert result.claims == ()
    assert {"withheld", "missing"} <= {note.kind for note in result.notes}
    (tmp_path / "b").mkdir()
    assert found(shop, tmp_path / "b", fact="page").notes[0].kind == "missing"
