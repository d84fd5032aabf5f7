"""Churn: horizon and rates against a plain recount, segments at the start, renewals, contracts, telco_churn."""

from __future__ import annotations

import copy
import csv
import gzip
import random
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.retention import ANALYSIS, Params, run
from keguan.analyses.retention.contracts import grouped
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)
FIRST = AS_OF - timedelta(days=719)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    result = run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


@cache
def history(seed: int = 3, customers: int = 300) -> tuple[Shop, dict[int, set[int]]]:
    """Customers who buy about every three weeks for some time and then stop; days counted back from the as-of date."""
    shop, rng, days = Shop(), random.Random(seed), defaultdict(set)
    for account in range(1, customers + 1):
        ago, stop = rng.randrange(60, 720), rng.randrange(0, 600)
        if account == 1:
            ago = 719
        while ago >= stop:
            days[account].add(ago)
            shop.buy(account, AS_OF - timedelta(days=ago), 10, region="四川" if account % 2 else "广东")
            ago -= rng.randrange(5, 40)
            if ago < 0:
                break
    return shop, days


def recount(days: dict[int, set[int]], horizon: int) -> tuple[int, int]:
    """(silent, returned) over snapshots one horizon apart, by the words of the definition."""
    silent = returned = 0
    for start in range(2 * horizon, 720 - horizon + 1, horizon):  # a snapshot stood so many days ago
        for own in days.values():
            before = any(start <= ago < start + horizon for ago in own)
            within = any(start - horizon <= ago < start for ago in own)
            after = any(start - 2 * horizon <= ago < start - horizon for ago in own)
            if before and not within:
                silent += 1
                returned += after
    return silent, returned


def test_the_curve_is_that_of_a_plain_recount(tmp_path: Path) -> None:
    """covers: H1."""
    shop, days = history()
    result = found(shop, tmp_path)
    rows = {int(row["silent_days"]): row for row in result.table("return_curve")}
    assert max(rows) == 240
    for horizon in (7, 30, 60, 105, 240):
        assert (rows[horizon]["silent"], rows[horizon]["returned"]) == recount(days, horizon), horizon
    horizon = int(result.table("horizon").records()[0]["horizon"])
    shares = {h: row["share"] for h, row in rows.items() if row["share"] is not None}
    peak = max(shares, key=lambda h: (shares[h], -h))
    assert horizon == min(h for h, share in shares.items() if h >= peak and share <= 0.1)
    assert horizon > peak  # before the peak few come back for want of time


def test_rates_by_period(tmp_path: Path) -> None:
    """covers: H1. Base: an order in the horizon before the start; lost: none in the horizon after."""
    shop, days = history()
    result = found(shop, tmp_path, horizon_days=60)
    for row in result.table("periods"):
        start = (AS_OF - row["snapshot"]).days
        base = [own for own in days.values() if any(start <= ago < start + 60 for ago in own)]
        lost = [own for own in base if not any(start - 60 <= ago < start for ago in own)]
        assert (row["base"], row["lost"]) == (len(base), len(lost))
        assert row["retention"] == pytest.approx(1 - row["rate"])
    assert len(result.table("periods").rows) == 8
    assert {row["against"] for row in result.table("changes")} == {"previous", "last_year"}
    claim = next(claim for claim in result.claims if claim.key == "retention/rate")
    assert claim.n == result.table("periods").records()[-1]["base"]


def test_a_later_return_changes_no_earlier_period(tmp_path: Path) -> None:
    """trap: 12."""
    shop = copy.deepcopy(history()[0])
    before = found(shop, tmp_path / "a", horizon_days=60).table("periods").records()
    order = next(row for row in shop.orders if row["day"] < AS_OF - timedelta(days=200))
    shop.give_back(order["account_no"], AS_OF, 10, of=order["order_id"])
    after = found(shop, tmp_path / "b", horizon_days=60).table("periods").records()
    assert [(r["base"], r["lost"]) for r in before] == [(r["base"], r["lost"]) for r in after]


def test_a_curve_that_never_gets_there_leaves_it_to_the_user(tmp_path: Path) -> None:
    """covers: H1. Everybody returns after a pause, however long it was: no horizon, no rate, no claim."""
    shop = Shop()
    for account in range(1, 61):
        for ago in range(account % 50, 720, 170):
            shop.buy(account, AS_OF - timedelta(days=ago), 10)
    result = found(shop, tmp_path)
    assert result.table("horizon").records() == []
    assert result.claims == ()
    assert any("无法由数据确定" in note.says.zh for note in result.notes)
    assert found(shop, tmp_path / "b", horizon_days=90).has("periods")


def test_segments_are_those_at_the_start_of_the_period(tmp_path: Path) -> None:
    """trap: 13. The big spenders stop at the start of the period: today they are nobody's class A, then they were."""
    shop = Shop()
    for account in range(1, 81):
        amount, stop = (1000, 100) if account <= 40 else (10, 0)
        for ago in range(stop, 720, 20):
            shop.buy(account, AS_OF - timedelta(days=ago), amount)
    rows = {row["segment"]: row for row in found(shop, tmp_path, horizon_days=90).table("segments")
            if row["dimension"] == "segment"}  # fmt: skip
    assert (rows["A"]["base"], rows["A"]["lost"], rows["A"]["rate"]) == (40, 40, 1.0)
    assert sum(row["lost"] for row in rows.values()) == 40


def test_churn_of_a_class_made_by_behaviour_stays_out_of_the_summary(tmp_path: Path) -> None:
    shop, _ = history()
    for segment in ("abc_class", "rfm"):
        claims = found(shop, tmp_path / segment, horizon_days=60, segment=segment).claims
        assert all(not claim.summary for claim in claims if claim.key == "retention/segment/segment")


def test_automatic_renewals_are_not_judged_by_silence(tmp_path: Path) -> None:
    """trap: 21."""
    shop = Shop()
    for account in range(1, 401):
        for month in range(12):
            shop.buy(account, AS_OF - timedelta(days=30 * month + account % 7), 10)
    result = found(shop, tmp_path)
    assert not result.has("periods")
    assert any("自动续费" in note.says.zh for note in result.notes)
    shop.add("subscriptions", account_no=1, plan="月", tenure_months=3, churned=False)
    assert found(shop, tmp_path / "b").has("contracts")


def test_contracts_by_hand(tmp_path: Path) -> None:
    """covers: H1. 40 monthly contracts of which 20 churned, 40 yearly of which 4."""
    shop = Shop()
    for account in range(1, 81):
        monthly = account <= 40
        shop.add("subscriptions", account_no=account, plan="按月" if monthly else "按年", tenure_months=6 if monthly else 20,
                 churned=account <= 20 or account > 76, monthly_amount=10)  # fmt: skip
        shop.add("customer_attributes", account_no=account, attribute="流失标记",
                 attribute_value="是" if account <= 20 or account > 76 else "否")  # fmt: skip
    result = found(shop, tmp_path)
    rows = {(row["dimension"], row["segment"]): row for row in result.table("contracts")}
    whole, monthly_row = rows[("*", "*")], rows[("plan", "按月")]
    assert (whole["base"], whole["lost"], whole["rate"], whole["monthly"]) == (80, 24, 0.3, 240)
    assert (monthly_row["rate"], monthly_row["rest"], monthly_row["difference"]) == (0.5, 0.1, 0.4)
    # the attribute that is the outcome itself explains nothing and is named as left out
    assert not any(dimension == "流失标记" for dimension, _ in rows)
    assert any("流失标记" in note.says.zh for note in result.notes)
    survival = {(row["plan"], row["tenure"]): row["staying"] for row in result.table("survival")}
    assert survival[("按月", 6)] == 0.5
    assert survival[("*", 20)] == pytest.approx((1 - 20 / 80) * (1 - 4 / 40))
    assert "trait_above" in {claim.says for claim in result.claims} or "trait_below" in {
        c.says for c in result.claims
    }


def test_a_contract_without_flag_and_dates_is_in_no_rate(tmp_path: Path) -> None:
    shop = Shop()
    shop.add("subscriptions", account_no=1, plan="甲")
    shop.add("subscriptions", account_no=2, plan="甲", started_on=date(2025, 1, 1), ended_on=date(2025, 3, 1))
    result = found(shop, tmp_path)
    row = result.table("contracts").find({"dimension": "*", "segment": "*"})
    assert row is not None
    assert (row["base"], row["lost"], row["rate"]) == (1, 1, None)
    assert [note.kind for note in result.notes] == ["warning"]


def test_traits_with_too_many_values_are_no_groups() -> None:
    rows = [
        {"dimension": "月费", "segment": str(n), "base": 50, "lost": n % 3, "monthly": 0} for n in range(20)
    ]
    assert grouped(rows, 30) == []


def test_nothing_to_judge_says_what_to_import(tmp_path: Path) -> None:
    result = found(Shop(), tmp_path)
    assert [note.kind for note in result.notes] == ["missing"]


def test_telco_churn(data_sets: Path, tmp_path: Path) -> None:
    """covers: H1. 1,869 of 7,043 contracts; month-to-month 42.7 %, one year 11.3 %, two years 2.8 % (counted by hand)."""
    shop, counted = Shop(), defaultdict(lambda: [0, 0])
    with gzip.open(data_sets / "telco_churn" / "Telco-Customer-Churn.csv.gz", "rt", newline="") as file:
        for account, row in enumerate(csv.DictReader(file), 1):
            gone = row["Churn"] == "Yes"
            shop.add("subscriptions", account_no=account, plan=row["Contract"], tenure_months=int(row["tenure"]),
                     churned=gone, monthly_amount=row["MonthlyCharges"])  # fmt: skip
            for name in ("InternetService", "PaymentMethod", "SeniorCitizen", "MonthlyCharges"):
                shop.add("customer_attributes", account_no=account, attribute=name, attribute_value=row[name])
                counted[(name, row[name])][0] += gone
                counted[(name, row[name])][1] += 1
    result = found(shop, tmp_path)
    rows = {(row["dimension"], row["segment"]): row for row in result.table("contracts")}
    whole = rows[("*", "*")]
    assert (whole["base"], whole["lost"], round(whole["rate"], 3)) == (7043, 1869, 0.265)
    plans = {
        name: round(rows[("plan", name)]["rate"], 3) for name in ("Month-to-month", "One year", "Two year")
    }
    assert plans == {"Month-to-month": 0.427, "One year": 0.113, "Two year": 0.028}
    fiber = counted[("InternetService", "Fiber optic")]
    assert (
        rows[("InternetService", "Fiber optic")]["lost"],
        rows[("InternetService", "Fiber optic")]["base"],
    ) == tuple(fiber)
    assert not any(dimension == "MonthlyCharges" for dimension, _ in rows)  # an amount is no group
    claims = {claim.key: claim for claim in result.claims}
    assert result.value(claims["retention/contract"].values["rate"]) == pytest.approx(0.265370)
    assert claims["retention/trait/plan"].says == "trait_above"
