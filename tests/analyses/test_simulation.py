"""Scenarios of segment, window and offer: what past controls say of them, how sure that is, what would settle it.

covers: I3
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

from keguan.app.checking import faults
from keguan.core.text import LANGUAGES
from keguan.evidence.statistics.sample_size import units_for_mean
from keguan.report.wording import spans
from keguan.result import Result
from keguan.strategies.simulation import ANALYSIS
from shop import Shop

START = date(2024, 9, 2)
AS_OF = date(2024, 12, 1)
ONE_GROUP = {"segmentation": "abc_class", "window": "none"}
OWN = """
[[rows]]
id = "all"
customers = "客户"
need = "服务"
direction = "关怀"
focus = "客服"
[[segments]]
segmentation = "abc_class"
label = "A"
manner = "回访"
expected = { low = 0.01, high = 0.05, basis = "同行经验" }
"""


def run_campaign(
    shop: Shop, arms: dict[str, tuple[int, int]], *, campaign: str = "K1", first: int = 1, start: date = START,
    before: int = 93, price: float = 100, unit_cost: float | None = 60, **attributes: Any,
) -> Shop:  # fmt: skip
    """Members who each bought once for 100 so many days before; of each arm (members, buyers), who buy once in the window."""
    shop.add("campaigns", campaign_id=campaign, starts_on=start, ends_on=start + timedelta(days=9), name=f"活动{campaign}",
             **{"strategy": "满减", "channel": "短信", "cost": 600, **attributes})  # fmt: skip
    account = first - 1
    for arm, (members, buyers) in arms.items():
        for number in range(members):
            account += 1
            shop.buy(account, start - timedelta(days=before), 100, cost=60)
            shop.add("campaign_members", campaign_id=campaign, account_no=account, arm=arm,
                     assigned_at=datetime(start.year, start.month, start.day) - timedelta(days=2))  # fmt: skip
            if number < buyers:
                shop.buy(account, start + timedelta(days=number % 20), price, cost=unit_cost)
    return shop


def result_of(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> Result:
    result: Result = ANALYSIS.run(shop.inputs(folder, as_of), ANALYSIS.params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
        assert isinstance(claim.money, float)
    for language in LANGUAGES:
        assert "None" not in said(result, language)
    return result


def said(result: Result, language: str = "zh") -> str:
    return "\n".join(
        "".join(part.text for part in spans(result, claim, ANALYSIS.text[claim.says], language))  # type: ignore[arg-type]
        for claim in result.claims
    )


def rows(result: Result, table: str, **where: Any) -> list[dict[str, Any]]:
    return [row for row in result.table(table) if all(row[name] == value for name, value in where.items())]


def one(result: Result, table: str, **where: Any) -> dict[str, Any]:
    (row,) = rows(result, table, **where)
    return row


def notes(result: Result) -> str:
    return "\n".join(note.says.en for note in result.notes)


def test_one_campaign_worked_by_hand(tmp_path: Path) -> None:
    """covers: I3. 200 members and 200 held out, all alike; 80 and 40 order at a margin of 40: 8 more a head.

    Sums of squares 200 x .24 x 1600 and 200 x .16 x 1600, a usual buyer (1600) more on each side: variances of the means
    78,400 / 201 / 200 and 52,800 / 201 / 200. One group of one offer has nothing to be drawn to: 8 ± 1.96 x 1.8066. The
    campaign cost 600 for 200 treated, 3 a head; 400 customers may be contacted.
    """
    result = result_of(run_campaign(Shop(), {"control": (200, 40), "mail": (200, 80)}), tmp_path, **ONE_GROUP)
    row = one(result, "scenarios", offer="满减")
    assert (row["segment"], row["window"], row["channel"], row["source"]) == ("A", "all", "短信", "measured")
    assert (row["customers"], row["reachable"], row["treated"], row["control"]) == (400, 400, 200, 200)
    assert row["buyers"] == pytest.approx(400 * 0.2, abs=1e-3)
    error = sqrt((78_400 + 52_800) / 201 / 200)
    reach = NormalDist().inv_cdf(0.975) * error
    assert float(row["money"]) == pytest.approx(3200, abs=0.01)
    assert float(row["cost"]) == pytest.approx(1200)
    assert [float(row[name]) for name in ("net_low", "net", "net_high")] == pytest.approx(
        [400 * (8 - reach - 3), 2000, 400 * (8 + reach - 3)], abs=0.05
    )
    assert row["chance"] == pytest.approx(NormalDist().cdf(5 / error), abs=1e-5)
    assert row["verdict"] == "pays"
    best = one(result, "best", rank=1)
    assert (float(best["own_effect"]), float(best["effect"]), float(best["head_cost"])) == pytest.approx(
        (8, 8, 3), abs=1e-3
    )
    assert "收回费用的概率 99.7%" in said(result)
    assert (
        "(200 treated and 200 held out in this group, its own increment 8.00, pooled with its like)"
        in said(result, "en")
    )


def test_a_planted_effect_is_found_where_it_was_planted(tmp_path: Path) -> None:
    """covers: I3, trap: 13. The same offer to members silent for 92 and for 9 days: 20 points in the one, none in the other.

    Groups are those of the day before the campaign; the customers it is done to are those of today.
    """
    shop = run_campaign(Shop(), {"control": (300, 30), "mail": (300, 90)}, before=93)
    run_campaign(shop, {"control": (300, 60), "mail": (300, 60)}, campaign="K2", first=1001, before=10)
    for account in range(3001, 3101):
        shop.buy(account, AS_OF - timedelta(days=100), 100, cost=60)
    for account in range(4001, 4081):
        shop.buy(account, AS_OF - timedelta(days=5), 100, cost=60)
    result = result_of(shop, tmp_path, segmentation="abc_class", window="silence")
    silent = one(result, "scenarios", offer="满减", window="silence_180")
    recent = one(result, "scenarios", offer="满减", window="silence_30")
    assert (silent["source"], silent["treated"], silent["control"]) == ("measured", 300, 300)
    assert (recent["reachable"], recent["treated"]) == (80, 300)
    share = silent["buyers"] / silent["reachable"]
    assert 0.15 < share < 0.2  # drawn a little towards the other group
    assert silent["buyers_low"] / silent["reachable"] < 0.2 < silent["buyers_high"] / silent["reachable"]
    assert 0 < recent["buyers"] / recent["reachable"] < 0.05
    assert (silent["verdict"], recent["verdict"]) == ("pays", "open")
    assert one(result, "best", rank=1)["window"] == "silence_180"
    assert one(result, "offers", offer="满减")["runs"] == 2


def test_the_best_of_equal_groups_is_drawn_to_their_mean(tmp_path: Path) -> None:
    """Six campaigns of one offer in six months; buyers differ as chance would have it, and the best keeps less of its lead."""
    shop = Shop()
    for month, extra in enumerate((0, 3, 6, 9, 12, 15), 1):
        run_campaign(shop, {"control": (100, 20), "mail": (100, 20 + extra)}, campaign=f"K{month}",
                     first=month * 1000, start=date(2024, month, 4))  # fmt: skip
    result = result_of(shop, tmp_path, segmentation="abc_class", window="month")
    found = {row["window"]: row for row in rows(result, "scenarios", offer="满减", segment="A")}
    assert set(found) == {f"month_{month}" for month in range(1, 7)}
    heads = {name: row["buyers"] / row["reachable"] for name, row in found.items()}
    assert heads["month_1"] < heads["month_3"] < heads["month_6"]
    assert 0.075 < heads["month_6"] < 0.12
    assert 0.03 < heads["month_1"] < 0.075
    best = one(result, "best", rank=1)
    assert best["window"] == "month_6"
    assert float(best["own_effect"]) > float(best["effect"])


def test_without_a_control_nothing_is_told(tmp_path: Path) -> None:
    """covers: J6. What members bought is no effect: the offer is unknown, and what to hold out is told."""
    shop = run_campaign(Shop(), {"mail": (400, 300)})
    for account in range(1, 101):
        shop.buy(account, AS_OF - timedelta(days=6), 100, cost=60)
    result = result_of(shop, tmp_path, **ONE_GROUP)
    row = one(result, "scenarios", offer="满减", segment="A")
    assert (row["source"], row["verdict"], row["money"], row["chance"]) == ("unknown", "unknown", None, None)
    assert rows(result, "best") == []
    test = one(result, "settle", offer="满减")  # once, though there are more groups
    assert (test["goal"], test["worth"]) == ("break_even", None)
    assert float(test["finds_money"]) == 1.5
    assert test["per_arm"] >= 30
    assert "No offer has a usable control" in notes(result)
    assert "没有有对照的结果" in said(result)


def test_a_declared_assumption_is_called_one(tmp_path: Path) -> None:
    """covers: I3. 1 to 5 points of 400 customers, each buyer worth what buyers by themselves were (margin 40), at 1 a head:
    breaks even at 2.5 points, so that five eighths of the range lie above."""
    shop = Shop()
    for account in range(1, 401):
        shop.buy(account, AS_OF - timedelta(days=20 + account % 20), 100, cost=60)
        shop.buy(account, AS_OF - timedelta(days=60), 100, cost=60)
    result = result_of(shop, tmp_path, **ONE_GROUP, strategies=OWN, cost_per_customer=1.0)
    row = one(result, "scenarios", offer="回访")
    assert (row["source"], row["verdict"]) == ("declared", "assumed")
    assert [row[name] for name in ("buyers_low", "buyers", "buyers_high")] == pytest.approx([4, 12, 20])
    assert [float(row[name]) for name in ("net_low", "net", "net_high")] == pytest.approx(
        [160 - 400, 80, 400]
    )
    assert row["chance"] == pytest.approx(0.625)
    assert one(result, "best", rank=1)["source"] == "declared"
    assert "按声明的假设" in said(result)
    assert "not measured" in notes(result)
    (claim,) = [claim for claim in result.claims if claim.says == "declared_assumed"]
    assert not claim.summary


def test_nobody_ordered(tmp_path: Path) -> None:
    """Zero conversions on both sides: no effect seen, and no certainty of it."""
    shop = run_campaign(Shop(), {"control": (150, 0), "mail": (150, 0)})
    for account in range(2001, 2051):
        shop.buy(account, AS_OF - timedelta(days=60), 100, cost=60)
        shop.buy(account, AS_OF - timedelta(days=6), 100, cost=60)
    row = one(result_of(shop, tmp_path, **ONE_GROUP), "scenarios", offer="满减")
    assert row["buyers"] == 0
    assert float(row["money"]) == 0
    assert row["buyers_low"] < 0 < row["buyers_high"]
    assert float(row["money_low"]) < 0 < float(row["money_high"])
    assert row["verdict"] in ("open", "loses")


def test_a_negative_mean_of_the_control(tmp_path: Path) -> None:
    """Half of the control return for 90 what cost 60, a margin of -15 a head beside the 8 of its buyers: below zero. The
    effect is still the difference, 8 less -7."""
    shop = run_campaign(Shop(), {"control": (200, 40), "mail": (200, 40)}, unit_cost=None)
    for account in range(1, 101):
        shop.give_back(account, START + timedelta(days=5), 90)
    row = one(result_of(shop, tmp_path, **ONE_GROUP), "scenarios", offer="满减", segment="A")
    assert float(row["money"]) / row["reachable"] == pytest.approx(15, abs=0.01)


def test_small_groups_borrow_from_the_offers_other_customers(tmp_path: Path) -> None:
    """Twenty members an arm are too few for an effect of their own; the interval of what is borrowed is wider."""
    shop = run_campaign(Shop(), {"control": (300, 30), "mail": (300, 60)}, before=93)
    run_campaign(shop, {"control": (40, 4), "mail": (20, 12)}, campaign="K2", first=1001, before=10)
    for account in range(3001, 3061):
        shop.buy(account, AS_OF - timedelta(days=100), 100, cost=60)
    for account in range(4001, 4121):
        shop.buy(account, AS_OF - timedelta(days=50), 100, cost=60)
        if account % 2:
            shop.buy(account, AS_OF - timedelta(days=5), 100, cost=60)
    result = result_of(shop, tmp_path, segmentation="abc_class", window="silence")
    own = one(result, "scenarios", offer="满减", window="silence_180")
    lent = one(result, "scenarios", offer="满减", window="silence_30")
    assert (own["source"], lent["source"]) == ("measured", "borrowed")

    def width(row: dict[str, Any]) -> float:
        return float((row["buyers_high"] - row["buyers_low"]) / row["reachable"])

    assert width(lent) > width(own)
    assert one(result, "best", rank=1)["window"] == "silence_180"


def test_who_refuses_is_not_counted(tmp_path: Path) -> None:
    """covers: J4. Refusals of the channel, of all contacts, and wishes not to be contacted; one refusal of another channel."""
    shop = run_campaign(Shop(), {"control": (200, 40), "mail": (200, 80)})
    words = {
        1: ("sms", False),
        2: ("marketing", False),
        3: ("do_not_contact", True),
        4: ("email", False),
        5: ("sms", True),
    }
    for account, (purpose, granted) in words.items():
        shop.add(
            "consents", account_no=account, purpose=purpose, granted=granted, given_at=datetime(2024, 1, 1)
        )
    row = one(result_of(shop, tmp_path, **ONE_GROUP), "scenarios", offer="满减")
    assert (row["customers"], row["reachable"]) == (400, 397)


def test_the_test_that_would_settle_it(tmp_path: Path) -> None:
    """covers: J7. The increment to find is the cost per head; its size follows from the spread of money among customers."""
    shop = run_campaign(Shop(), {"control": (200, 40), "mail": (200, 50)}, cost=800)
    for account in range(2001, 2101):
        shop.buy(account, AS_OF - timedelta(days=80), 100, cost=60)
        if account % 4 == 0:
            shop.buy(account, AS_OF - timedelta(days=6), 100, cost=60)
    result = result_of(shop, tmp_path, **ONE_GROUP)
    assert one(result, "scenarios", offer="满减")["verdict"] == "open"
    test = one(result, "settle", offer="满减")
    group = one(result, "groups", segment="A")
    needed = units_for_mean(4 / float(group["deviation"]))
    assert needed is not None
    assert needed - 1 <= test["per_arm"] <= needed + 1
    assert test["rounds"] == -(-2 * test["per_arm"] // test["reachable"])
    assert test["weeks"] == pytest.approx(test["rounds"] * 45 / 7, abs=1e-3)
    assert float(test["worth"]) > 0


def test_a_campaign_that_is_not_over_or_not_alike_is_not_used(tmp_path: Path) -> None:
    shop = run_campaign(Shop(), {"control": (100, 10), "mail": (100, 30)}, start=AS_OF - timedelta(days=5))
    assert one(result_of(shop, tmp_path, **ONE_GROUP), "scenarios", offer="满减")["source"] == "unknown"
    again = run_campaign(Shop(), {"control": (200, 40), "mail": (200, 80)})
    folder = tmp_path / "uneven"
    folder.mkdir()
    result = result_of(again, folder, **ONE_GROUP, split="control=10,mail=90")
    assert one(result, "scenarios", offer="满减")["source"] == "unknown"
    assert "Arms not alike" in notes(result)


def test_nobody_to_simulate_with(tmp_path: Path) -> None:
    result = result_of(Shop(), tmp_path)
    assert result.tables == ()
    assert "No customer is in a segment" in notes(result)


@pytest.mark.parametrize(
    "wrong", [{"segmentation": "x"}, {"window": "x"}, {"natural_days": 1}, {"cost_per_customer": -1.0}]
)
def test_parameters_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        ANALYSIS.params(**wrong)
