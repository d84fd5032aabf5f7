"""Concentration by hand and against an independent computation.

covers: G2
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keguan.analyses.concentration import Params, run
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)
DAY = date(2025, 6, 1)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))


def spending(amounts: list[float]) -> Shop:
    shop = Shop()
    for account, amount in enumerate(amounts, start=1):
        shop.buy(account, DAY, round(amount, 2))
    return shop


def test_gini_and_top_half_of_four_customers_by_hand(tmp_path: Path) -> None:
    # 1, 2, 3, 4: Gini = 2 (1 + 4 + 9 + 16) / (4 x 10) - 5 / 4 = 0.25; the top half brings 7 of 10.
    result = found(spending([3, 1, 4, 2]), tmp_path, min_n=1)
    row = result.table("summary").records()[0]
    assert (row["customers"], row["net_revenue"], row["gini"], row["half"]) == (4, 10, 0.25, 2)
    top = result.table("top_shares").find({"top": 0.5})
    assert top is not None
    assert (top["customers"], top["share"]) == (2, 0.7)
    assert result.table("lorenz").find({"customers_share": 0.5})["revenue_share"] == 0.3


def test_equal_spend_is_no_concentration(tmp_path: Path) -> None:
    result = found(spending([10] * 100), tmp_path)
    row = result.table("summary").records()[0]
    assert (row["gini"], row["half"]) == (0, 50)
    top = result.table("top_shares").find({"top": 0.1})
    assert top is not None
    assert (top["share"], top["customers"]) == (0.1, 10)


def test_intervals_agree_with_a_plain_customer_bootstrap(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    spend = np.round(rng.lognormal(4, 1.2, 1500), 2)
    result = found(spending([float(x) for x in spend]), tmp_path)
    draws = [np.sort(rng.choice(spend, len(spend)))[::-1] for _ in range(1500)]
    shares = [d[:150].sum() / d.sum() for d in draws]
    ranks = np.arange(1, 1501)
    ginis = [2 * (ranks * d[::-1]).sum() / (1500 * d.sum()) - 1501 / 1500 for d in draws]
    top = result.table("top_shares").find({"top": 0.1})
    assert top is not None
    low, high = np.quantile(shares, [0.025, 0.975])
    assert (top["low"], top["high"]) == pytest.approx((low, high), abs=0.012)
    row = result.table("summary").records()[0]
    low, high = np.quantile(ginis, [0.025, 0.975])
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=0.012)
    assert row["low"] < row["gini"] < row["high"]


def test_returns_count_and_customers_without_net_spend_do_not(tmp_path: Path) -> None:
    shop = spending([100, 50])
    order = shop.buy(3, DAY, 9999, product="BIG")
    shop.give_back(3, DAY, 9999, product="BIG", of=order)
    shop.give_back(1, DAY + timedelta(days=3), 70, product="Z")
    row = found(shop, tmp_path, min_n=1).table("summary").records()[0]
    assert (row["customers"], row["net_revenue"]) == (2, 80)


def test_large_accounts_are_named_with_their_rhythm(tmp_path: Path) -> None:
    shop = Shop()
    for step in range(5):  # every 10 days, silent since 2025-10-11: 81 days
        shop.buy(7, date(2025, 9, 1) + timedelta(days=10 * step), 100)
    shop.buy(8, date(2025, 12, 30), 300)
    shop.buy(8, date(2024, 6, 1), 900)
    result = found(shop, tmp_path)
    first, second = result.table("accounts").records()
    assert (first["account"], first["net_revenue"], first["own_gap"], first["silent_days"]) == (
        "7",
        500,
        10,
        81,
    )
    assert first["overdue"] is True
    assert (second["account"], second["before"], second["change"], second["overdue"]) == (
        "8",
        900,
        -600,
        False,
    )
    late = next(claim for claim in result.claims if claim.key == "concentration/overdue")
    assert late.money == 500
    assert result.table("summary").records()[0]["gini"] is None  # two customers: withheld
    assert result.notes[0].kind == "withheld"


def test_nobody_is_a_note(tmp_path: Path) -> None:
    result = found(Shop(), tmp_path)
    assert len(result.table("summary").rows) == 0
    assert result.claims == ()
    assert result.notes[0].kind == "missing"


def test_what_the_ranking_says_of_itself_is_no_finding(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 61):
        shop.buy(account, date(2025, 3, 1), account)
    result = found(shop, tmp_path)
    top = [claim for claim in result.claims if claim.says in ("top", "half")]
    assert top
    assert not any(claim.summary for claim in top)
