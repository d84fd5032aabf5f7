"""Orders counted to touches by five rules, worked on paper.

covers: J5
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from keguan import registry
from keguan.core.text import LANGUAGES
from keguan.evidence.wording import gated_words
from keguan.result import Result
from shop import Shop

ANALYSIS = registry.get("campaign")
AS_OF = date(2025, 3, 1)


def contact(shop: Shop, account: int, day: date, channel: str, campaign: str | None = None) -> None:
    """One contact at ten in the morning; orders of the shop are placed at noon."""
    shop.add("contacts", contact_id=f"T{len(shop.records.get('contacts', []))}", account_no=account, channel=channel,
             campaign_id=campaign, contacted_at=datetime(day.year, day.month, day.day, 2))  # fmt: skip


def four_customers() -> Shop:
    shop = Shop()
    contact(shop, 1, date(2025, 1, 1), "短信")
    contact(shop, 1, date(2025, 1, 10), "邮件")
    shop.buy(1, date(2025, 1, 15), 100)
    shop.buy(1, date(2025, 1, 16), 900)  # no touch since the order before: counted to nobody
    contact(shop, 2, date(2025, 1, 5), "邮件")
    contact(shop, 2, date(2025, 1, 6), "电话")
    contact(shop, 2, date(2025, 1, 7), "短信")
    shop.buy(2, date(2025, 1, 8), 200)
    contact(shop, 3, date(2025, 1, 5), "短信")
    contact(shop, 4, date(2024, 11, 1), "短信")
    shop.buy(4, date(2025, 1, 20), 900)  # 80 days later
    contact(shop, 5, date(2025, 2, 25), "电话")  # its 30 days are not over: left out
    return shop


def result_of(shop: Shop, folder: Path, **params: Any) -> Result:
    result: Result = ANALYSIS.run(shop.inputs(folder, AS_OF), ANALYSIS.params(**params))
    return result


def counted(result: Result, what: str = "orders") -> dict[str, dict[str, float]]:
    rules = ("first", "last", "linear", "position", "markov")
    return {
        row["touch"]: {rule: row[f"{rule}_{what}"] for rule in rules} for row in result.table("attribution")
    }


def test_five_rules_by_hand(tmp_path: Path) -> None:
    """Paths S M -> 100, M P S -> 200, S -> lost, S -> lost (S: 短信, M: 邮件, P: 电话).

    First: S 1, M 1. Last: M 1, S 1. Linear: S and M 1/2 + 1/3, P 1/3. Position: S and M 0.5 + 0.4, P 0.2.
    Removal: start -> S 3/4, M 1/4; S -> M 1/4, converts 1/4, lost 1/2; M -> converts 1/2, P 1/2; P -> S.
      xS = 1/4 + xM / 4 and xM = 1/2 + xS / 2, so xS = 3/7, xM = 5/7; start 9/28 + 5/28 = 1/2.
      Without S: xM = 1/2, start 1/8, effect 3/4. Without M: xS = 1/4, start 3/16, effect 5/8. Without P: xM = 1/2,
      xS = 3/8, start 9/32 + 4/32 = 13/32, effect 3/16. Parts 12/25, 10/25, 3/25 of the two orders.
    """
    found = counted(result_of(four_customers(), tmp_path))
    assert found["短信"] == pytest.approx(
        {"first": 1, "last": 1, "linear": 5 / 6, "position": 0.9, "markov": 24 / 25}, abs=1e-4
    )
    assert found["邮件"] == pytest.approx(
        {"first": 1, "last": 1, "linear": 5 / 6, "position": 0.9, "markov": 20 / 25}, abs=1e-4
    )
    assert found["电话"] == pytest.approx(
        {"first": 0, "last": 0, "linear": 1 / 3, "position": 0.2, "markov": 6 / 25}, abs=1e-4
    )


def test_every_rule_counts_every_order_once(tmp_path: Path) -> None:
    found = counted(result_of(four_customers(), tmp_path))
    for rule in ("first", "last", "linear", "position", "markov"):
        assert sum(row[rule] for row in found.values()) == pytest.approx(2, abs=1e-3), rule


def test_touches_after_the_order_do_not_count(tmp_path: Path) -> None:
    """A contact on the evening of the order's day comes after it."""
    shop = four_customers()
    before = counted(result_of(shop, tmp_path))
    shop.add(
        "contacts", contact_id="late", account_no=2, channel="电话", contacted_at=datetime(2025, 1, 8, 12)
    )
    found = counted(result_of(shop, tmp_path))
    assert {rule: found["电话"][rule] for rule in ("first", "last", "linear")} == {
        rule: before["电话"][rule] for rule in ("first", "last", "linear")
    }


def test_visits_are_touches_and_campaigns_share_with_them(tmp_path: Path) -> None:
    """A visit by search, then the campaign's message, then the order of 50: half each where counted evenly."""
    shop = four_customers()
    shop.add("campaigns", campaign_id="K1", name="一月短信", starts_on=date(2025, 1, 1), cost=10)
    shop.add(
        "events",
        visitor_id="v6",
        account_no=6,
        occurred_at=datetime(2025, 1, 1, 2),
        name="浏览",
        traffic_source="搜索",
    )
    contact(shop, 6, date(2025, 1, 2), "短信", "K1")
    shop.buy(6, date(2025, 1, 3), 50)
    result = result_of(shop, tmp_path)
    kinds = {(row["kind"], row["touch"]) for row in result.table("attribution")}
    assert kinds == {("contact", "短信"), ("contact", "邮件"), ("contact", "电话"), ("visit", "搜索")}
    (row,) = list(result.table("campaign_attribution"))
    assert (row["campaign"], row["name"], row["touches"]) == ("K1", "一月短信", 1)
    assert (row["first_money"], row["last_money"], row["linear_money"], row["position_money"]) == (
        0,
        50,
        25,
        25,
    )
    money = result.table("money").find({"campaign": "K1"})
    assert money is not None
    assert (money["attributed"], money["roas"]) == (50, 5)
    first = result_of(shop, tmp_path, attribution="first").table("money").find({"campaign": "K1"})
    assert first is not None
    assert (first["attributed"], first["rule"]) == (0, "first")


def test_shares_wait_for_30_orders_and_nothing_sounds_like_a_cause(tmp_path: Path) -> None:
    shop = four_customers()
    assert {row["last_share"] for row in result_of(shop, tmp_path).table("attribution")} == {None}
    for account in range(10, 60):
        contact(shop, account, date(2025, 1, 5), "邮件")
        shop.buy(account, date(2025, 1, 6), 10)
    result = result_of(shop, tmp_path)
    assert sum(row["last_share"] for row in result.table("attribution")) == pytest.approx(1, abs=1e-5)
    (claim,) = result.claims
    assert (claim.says, claim.summary, claim.n) == ("attribution", False, 52)
    for language in LANGUAGES:
        text = ANALYSIS.text["attribution"].in_(language)  # type: ignore[arg-type]
        assert not gated_words(text)
        assert ("因果" if language == "zh" else "nothing of causes") in text


def test_an_unknown_rule_is_refused() -> None:
    field = {item.name: item for item in ANALYSIS.fields()}["attribution"]
    assert set(field.metadata["choices"]) == {"first", "last", "linear", "position", "markov"}
