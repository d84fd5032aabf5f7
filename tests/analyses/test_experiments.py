"""Campaigns judged against their control groups.

covers: J7
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from keguan import registry
from keguan.app.checking import faults
from keguan.core.errors import UsageError
from keguan.core.text import LANGUAGES
from keguan.evidence.statistics.miettinen_nurminen import miettinen_nurminen
from keguan.report.wording import spans
from keguan.result import Result
from shop import Shop

ANALYSIS = registry.get("experiments")
START, END = date(2024, 9, 1), date(2024, 9, 10)


def shop_of(
    ordered: dict[str, int], members: int = 200, *, spend: float = 100, before: bool = True, seed: int = 1
) -> Shop:
    """A campaign with `members` in each arm, of whom the first few order in the window; everybody bought before."""
    shop, rng, account = Shop(), random.Random(seed), 0
    shop.add("campaigns", campaign_id="K1", name="九月短信", starts_on=START, ends_on=END)
    for arm, buyers in ordered.items():
        for number in range(members):
            account += 1
            if before:
                shop.buy(
                    account, date(2024, 5, 1) + timedelta(days=number % 60), round(50 + 100 * rng.random(), 2)
                )
            shop.add(
                "campaign_members",
                campaign_id="K1",
                account_no=account,
                arm=arm,
                assigned_at=datetime(2024, 8, 30),
            )
            if number < buyers:
                shop.buy(account, START + timedelta(days=number % 20), round(spend * (0.5 + rng.random()), 2))
    return shop


def result_of(shop: Shop, folder: Path, as_of: date = date(2025, 3, 1), **params: Any) -> Result:
    inputs = shop.inputs(folder, as_of, rfm=Result("rfm"))
    result: Result = ANALYSIS.run(inputs, ANALYSIS.params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def rows(result: Result, table: str, **where: str) -> list[dict[str, Any]]:
    return [row for row in result.table(table) if all(row[name] == value for name, value in where.items())]


def said(result: Result, language: str = "zh") -> str:
    parts = [
        "".join(part.text for part in spans(result, claim, ANALYSIS.text[claim.says], language))
        for claim in result.claims
    ]  # type: ignore[arg-type]
    return "\n".join(parts)


def noted(result: Result) -> str:
    return "\n".join(note.says.en for note in result.notes)


def test_a_case_worked_by_hand(tmp_path: Path) -> None:
    """60 of 200 against 30 of 200: 15 points."""
    result = result_of(shop_of({"对照组": 30, "短信": 60}), tmp_path)
    (row,) = rows(result, "effects", metric="conversion")
    assert (row["arm"], row["n"], float(row["mean"]), float(row["control_mean"])) == ("短信", 200, 0.3, 0.15)
    assert float(row["diff"]) == pytest.approx(0.15)
    found = miettinen_nurminen(60, 200, 30, 200)
    assert found is not None
    assert (float(row["low"]), float(row["high"])) == pytest.approx(tuple(found[0]), abs=1e-9)
    assert row["verdict"] == "higher"
    assert [(r["arm"], r["ordered"], r["share"]) for r in rows(result, "arms")] == [
        ("control", 30, 0.15),
        ("短信", 60, 0.3),
    ]
    (campaign,) = rows(result, "campaigns")
    assert (campaign["name"], campaign["members"], campaign["control"], campaign["state"]) == (
        "九月短信",
        400,
        200,
        "tested",
    )
    assert campaign["last_day"] == date(2024, 10, 10)
    assert "活动「九月短信」，下单客户占比：短信高于对照组，30.0% 对 15.0%" in said(result)
    assert "is higher than the control" in said(result, "en")


def test_members_count_as_assigned_whether_reached_or_not(tmp_path: Path) -> None:
    """Half of the arm was never reached, and nobody leaves it for that."""
    shop = shop_of({"control": 30, "mail": 60})
    for number, row in enumerate(row for row in shop.records["campaign_members"] if row["arm"] == "mail"):
        if number % 2:
            row["exposed_on"] = date(2024, 9, 5)
    result = result_of(shop, tmp_path)
    assert rows(result, "effects", metric="conversion")[0]["n"] == 200
    reached = rows(result, "arms", arm="mail")[0]
    assert (reached["members"], reached["reached"]) == (200, 100)
    early = sum(
        row["arm"] == "mail" and row["account_no"] in {line["account_no"] for line in shop.lines
        if START <= line["day"] < date(2024, 9, 5)} and row.get("exposed_on") is not None
        for row in shop.records["campaign_members"]
    )  # fmt: skip
    assert early > 0
    assert rows(result, "campaigns")[0]["early"] == early
    assert f"{early} members ordered before they were reached" in noted(result)


def test_without_a_control_nothing_is_attributed(tmp_path: Path) -> None:
    result = result_of(shop_of({"短信": 60, "邮件": 30}), tmp_path)
    assert result.claims == ()
    assert rows(result, "effects") == []
    assert rows(result, "campaigns")[0]["state"] == "no_control"
    assert "nothing can be attributed" in noted(result)
    assert any("无对照，不能归因" in note.says.zh for note in result.notes)
    named = result_of(shop_of({"短信": 60, "邮件": 30}), tmp_path, control="邮件")
    assert rows(named, "effects", metric="conversion")[0]["verdict"] == "higher"


def test_a_split_that_was_not_planned_withholds(tmp_path: Path) -> None:
    shop = shop_of({"control": 30, "mail": 60})
    shop.records["campaign_members"] = [
        row for row in shop.records["campaign_members"] if row["arm"] == "mail" or row["account_no"] > 80
    ]
    result = result_of(shop, tmp_path, split="control=50,mail=50")
    assert rows(result, "campaigns")[0]["state"] == "not_alike"
    assert {row["verdict"] for row in rows(result, "effects")} == {"withheld"}
    assert {row["verdict"] for row in rows(result, "srm")} == {"mismatch"}
    assert result.claims == ()
    right = result_of(shop, tmp_path, split="control=120,mail=200")
    assert {row["verdict"] for row in rows(right, "srm")} == {"as_planned"}
    with pytest.raises(UsageError):
        result_of(shop, tmp_path, split="50/50")


def test_arms_that_spent_differently_before_are_not_compared(tmp_path: Path) -> None:
    """The good customers were mailed: what they buy says nothing of the mail."""
    shop = shop_of({"control": 30, "mail": 60})
    mailed = {row["account_no"] for row in shop.records["campaign_members"] if row["arm"] == "mail"}
    for account in mailed:
        shop.buy(account, date(2024, 7, 20), 80)
    result = result_of(shop, tmp_path)
    assert rows(result, "balance")[0]["verdict"] == "mismatch"
    assert rows(result, "campaigns")[0]["state"] == "not_alike"
    assert result.claims == ()


def test_spend_before_is_taken_out(tmp_path: Path) -> None:
    """Who spent before spends again: with it taken out the interval is narrower, the effect is that of the regression."""
    shop, rng = Shop(), random.Random(3)
    shop.add("campaigns", campaign_id="K1", name="K1", starts_on=START, ends_on=END)
    facts = []
    for account in range(1, 2001):
        old = round(rng.uniform(50, 400), 2)
        new = round(old * 0.5 + rng.uniform(0, 20) + (10 if account % 2 else 0), 2)
        shop.buy(account, date(2024, 6, 1), old)
        shop.buy(account, date(2024, 9, 5), new)
        shop.add(
            "campaign_members", campaign_id="K1", account_no=account, arm="mail" if account % 2 else "control"
        )
        facts.append((account % 2, old, new))
    result = result_of(shop, tmp_path)
    (row,) = rows(result, "effects", metric="spend")
    table = np.array(facts)
    design = np.column_stack([np.ones(len(table)), table[:, 0], table[:, 1]])
    slope = np.linalg.lstsq(design, table[:, 2], rcond=None)[0][1]
    assert float(row["diff"]) == pytest.approx(slope, abs=0.05)
    assert row["method"] == "Welch, CUPED"
    assert "按事前数据调整后相差" in said(result)
    assert "adjusted for what was known before" in said(result, "en")
    assert rows(result, "beliefs", metric="spend")[0]["variance_removed"] > 0.95
    assert float(row["high"] - row["low"]) < 2
    assert row["verdict"] == "higher"


def test_skewed_spend_is_bootstrapped(tmp_path: Path) -> None:
    shop = shop_of({"control": 6, "mail": 8}, members=300, spend=3000)
    result = result_of(shop, tmp_path)
    (row,) = rows(result, "effects", metric="spend")
    assert row["method"].startswith("bootstrap")
    assert row["low"] < row["diff"] < row["high"]
    spent = [line["amount"] for line in shop.lines if line["day"] >= START]
    (drawn_in,) = rows(result, "winsorised")
    assert float(drawn_in["cut_high"]) == pytest.approx(
        float(max(spent))
    )  # of fourteen orders the largest is the 99th
    assert (float(drawn_in["cut_low"]), drawn_in["n"]) == (0, 300)
    assert float(drawn_in["mean"]) == pytest.approx(float(row["mean"]))
    assert float(drawn_in["diff"]) == pytest.approx(float(row["diff"]), abs=1e-6)
    assert result.table("winsorised").appendix


def test_extreme_orders_are_drawn_in_as_a_sensitivity(tmp_path: Path) -> None:
    """One of 300 members of the arm orders for 100,000, all others who order for about 100: without that weight the arms
    differ by little, against numpy and scipy over the members."""
    shop = shop_of({"control": 150, "mail": 160}, members=300, before=False)
    shop.buy(301, START, 100_000)
    result = result_of(shop, tmp_path)
    (row,) = rows(result, "effects", metric="spend")
    (drawn_in,) = rows(result, "winsorised")
    spent = dict.fromkeys(range(1, 601), 0.0)
    for line in shop.lines:
        spent[line["account_no"]] += float(line["amount"])
    values = np.array([spent[account] for account in range(1, 601)])
    cut = np.quantile(values[values != 0], 0.99, method="inverted_cdf")
    assert float(drawn_in["cut_high"]) == pytest.approx(cut)
    clipped = np.minimum(values, cut)
    theirs = stats.ttest_ind(clipped[300:], clipped[:300], equal_var=False)
    assert float(drawn_in["diff"]) == pytest.approx(clipped[300:].mean() - clipped[:300].mean(), abs=1e-6)
    assert float(drawn_in["p"]) == pytest.approx(theirs.pvalue, abs=1e-9)
    assert float(row["diff"]) > 300 > 20 > float(drawn_in["diff"])
    (folder := tmp_path / "even").mkdir()
    even = result_of(shop_of({"control": 200, "mail": 200}, before=False), folder)
    assert rows(even, "effects", metric="spend")[0]["method"].startswith("Welch")
    assert not even.has("winsorised")


def test_intervals_of_several_arms_hold_together(tmp_path: Path) -> None:
    """Wider than those of each arm alone, narrower than Bonferroni's; one arm has none."""
    result = result_of(shop_of({"control": 60, "短信": 70, "邮件": 90}), tmp_path)
    both = rows(result, "dunnett", metric="conversion")
    assert [row["arm"] for row in both] == ["短信", "邮件"]
    error = np.sqrt(0.45 * 0.55 / 200 + 0.3 * 0.7 / 200)
    assert 1.96 < float(both[1]["high"] - both[1]["low"]) / (2 * error) < 2.2414
    alone = rows(result, "effects", metric="conversion", arm="邮件")[0]
    assert alone["p"] < both[1]["p"] < 2 * alone["p"]
    assert "dunnett" not in {
        table.id for table in result_of(shop_of({"control": 30, "mail": 60}), tmp_path).tables
    }


def test_contaminated_controls_stay_in_their_arm(tmp_path: Path) -> None:
    shop = shop_of({"control": 30, "mail": 60})
    for row in shop.records["campaign_members"][:25]:
        row["exposed_on"] = date(2024, 9, 2)
    result = result_of(shop, tmp_path)
    assert rows(result, "effects", metric="conversion")[0]["n"] == 200
    assert rows(result, "campaigns")[0]["control_reached"] == 25
    assert "25 members of control arms were reached" in noted(result)


def test_members_of_two_arms_are_left_out(tmp_path: Path) -> None:
    shop = shop_of({"control": 30, "mail": 60})
    for account in range(1, 11):
        shop.add("campaign_members", campaign_id="K1", account_no=account, arm="mail")
    shop.add("campaign_members", campaign_id="K1", account_no=999, arm=None)
    result = result_of(shop, tmp_path)
    (campaign,) = rows(result, "campaigns")
    assert (campaign["members"], campaign["control"], campaign["left_out"]) == (390, 190, 11)
    assert "11 members have no arm or stand in two" in noted(result)


def test_nobody_ordered(tmp_path: Path) -> None:
    result = result_of(shop_of({"control": 0, "mail": 0}), tmp_path)
    row = rows(result, "effects", metric="conversion")[0]
    assert (row["diff"], row["p"], row["relative"], row["verdict"]) == (0, 1, None, "no_difference")
    assert "无显著差异" in said(result)
    assert "it happened in neither arm" in noted(result)


def test_a_control_that_gave_back_more_than_it_bought(tmp_path: Path) -> None:
    """Its mean is negative, and the relative difference keeps the sign of the difference."""
    shop = shop_of({"control": 0, "mail": 100}, spend=20)
    for row in shop.records["campaign_members"]:
        if row["arm"] == "control":
            shop.give_back(row["account_no"], date(2024, 9, 6), 10)
    result = result_of(shop, tmp_path)
    (row,) = rows(result, "effects", metric="spend")
    assert row["control_mean"] == -10
    assert row["diff"] > 0
    assert row["relative"] > 0
    assert "control's mean is negative" in noted(result)


def test_a_campaign_that_still_runs_is_tested_for_any_look(tmp_path: Path) -> None:
    shop = shop_of({"control": 30, "mail": 60})
    early = result_of(shop, tmp_path, date(2024, 9, 25))
    (campaign,) = rows(early, "campaigns")
    assert (campaign["state"], campaign["last_day"]) == ("running", date(2024, 9, 25))
    (row,) = rows(early, "effects", metric="conversion")
    assert row["method"] == "confidence sequence"
    late = rows(result_of(shop, tmp_path), "effects", metric="conversion")[0]
    assert row["high"] - row["low"] > late["high"] - late["low"]
    assert "Not over yet" in noted(early)


def test_campaigns_without_days_take_those_of_assignment(tmp_path: Path) -> None:
    shop = shop_of({"control": 30, "mail": 60})
    shop.records["campaigns"] = []
    for row in shop.records["campaign_members"]:
        row["day"] = START
    (campaign,) = rows(result_of(shop, tmp_path), "campaigns")
    assert (campaign["first_day"], campaign["last_day"], campaign["name"]) == (START, date(2024, 10, 1), "K1")
    for row in shop.records["campaign_members"]:
        row["day"] = None
    nothing = result_of(shop, tmp_path)
    assert nothing.tables == ()
    assert "import campaign_members" in noted(nothing)


def test_a_campaign_that_has_not_begun_is_not_judged_yet(tmp_path: Path) -> None:
    """trap: 12. Its list is known before its first day; what its members buy before that day is no effect."""
    shop = shop_of({"control": 30, "mail": 60})
    result = result_of(shop, tmp_path, date(2024, 8, 31))
    assert result.tables == ()
    assert [note.says.zh for note in result.notes] == ["1 个活动已有名单，开始日在截至日之后，尚未评价"]
    begun = result_of(shop, tmp_path, START)
    assert [row["name"] for row in rows(begun, "campaigns")] == ["九月短信"]
    assert "not judged yet" not in noted(begun)


def test_too_few_members_are_not_compared(tmp_path: Path) -> None:
    result = result_of(shop_of({"control": 5, "mail": 10}, members=25), tmp_path)
    assert rows(result, "campaigns")[0]["state"] == "too_few"
    assert {row["share"] for row in rows(result, "arms")} == {None}
    assert result.claims == ()
    assert "fewer than 30" in noted(result)


def test_several_campaigns_are_corrected_together(tmp_path: Path) -> None:
    shop = shop_of({"control": 30, "mail": 50})
    alone = rows(result_of(shop, tmp_path), "effects", metric="conversion")[0]
    for number in range(2, 6):  # four campaigns in which nothing happened
        shop.add("campaigns", campaign_id=f"K{number}", name=f"K{number}", starts_on=date(2024, 11, number))
        for account in range(1, 401):
            shop.add(
                "campaign_members",
                campaign_id=f"K{number}",
                account_no=account,
                arm="control" if account % 2 else "mail",
            )
    among = rows(result_of(shop, tmp_path), "effects", metric="conversion", campaign="K1")[0]
    assert among["p"] == alone["p"]
    assert among["p_adjusted"] == pytest.approx(min(1, 5 * alone["p"]), rel=1e-6)
    assert (alone["verdict"], among["verdict"]) == ("higher", "no_difference")


def test_what_comes_later_does_not_count(tmp_path: Path) -> None:
    """trap: 1. An order after the window, or after the as-of date, changes nothing."""
    shop = shop_of({"control": 30, "mail": 60})
    before = rows(result_of(shop, tmp_path, date(2024, 12, 1)), "effects")
    for account in range(1, 201):
        shop.buy(account, date(2024, 10, 11), 500)
        shop.buy(account, date(2024, 12, 20), 500)
    assert rows(result_of(shop, tmp_path, date(2024, 12, 1)), "effects") == before


def test_by_segment_of_the_day_before(tmp_path: Path) -> None:
    """The segment is the one before the campaign, never today's; all are corrected together."""
    inputs = shop_of({"control": 60, "mail": 100}, members=400).inputs(tmp_path, date(2025, 3, 1))
    result = ANALYSIS.run(inputs, ANALYSIS.params())
    found = rows(result, "segments")
    assert sum(row["n"] for row in found) == 400
    assert all(row["p_adjusted"] >= row["p"] for row in found if row["p"] is not None)
    assert "20240831" in (result.table("segments").sql or "")


def test_an_effect_of_novelty_shows_by_week(tmp_path: Path) -> None:
    """60 of the arm order in the first week, 30 of the control; nobody later in either but 5 of each in week 3."""
    shop = shop_of({"control": 0, "mail": 0})
    for account in (*range(1, 31), *range(201, 261)):
        shop.buy(account, START + timedelta(days=account % 7), 20)
        shop.buy(account, START + timedelta(days=account % 7), 20)
    for account in (*range(1, 6), *range(201, 206)):
        shop.buy(account, START + timedelta(days=15), 20)
    found = rows(result_of(shop, tmp_path), "weeks")
    assert [(row["week"], float(row["mean"]), float(row["control_mean"])) for row in found] == [
        (1, 0.3, 0.15), (2, 0, 0), (3, 0.025, 0.025), (4, 0, 0), (5, 0, 0),
    ]  # fmt: skip
    assert [row["verdict"] for row in found] == ["higher", *["no_difference"] * 4]


def test_texts_pass_the_rules_of_wording(tmp_path: Path) -> None:
    result = result_of(shop_of({"control": 60, "mail": 30}), tmp_path)
    assert rows(result, "effects", metric="conversion")[0]["verdict"] == "lower"
    assert result.claims[0].worse
    for language in LANGUAGES:
        assert said(result, language)


def test_sentences_carry_the_money_at_stake_and_charts_the_names(tmp_path: Path) -> None:
    """The summary ranks by money: what the arm spent more than the control, over its members. Names, never ids, are drawn."""
    shop = shop_of({"control": 60, "mail": 120}, members=400)
    result = result_of(shop, tmp_path)
    (row,) = rows(result, "effects", metric="spend")
    assert [claim.money for claim in result.claims] == [pytest.approx(abs(float(row["diff"])) * 400)] * len(
        result.claims
    )
    assert result.claims[0].money > 1000
    (figure,) = result.figures
    assert (figure.x, rows(result, "arms")[0]["name"]) == ("name", "九月短信")
    assert "ask who ran the campaign" in noted(result)


def test_campaigns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    shop = shop_of({"control": 30, "mail": 60})
    shop.add("campaigns", campaign_id="K2", name="九月短信", starts_on=START)
    shop.add("campaign_members", campaign_id="K2", account_no=1, arm="mail")
    assert {row["name"] for row in rows(result_of(shop, tmp_path), "arms")} == {
        "九月短信 (K1)",
        "九月短信 (K2)",
    }
