"""Actions are measured over their own days among those who were in the segment then, beside what happens anyway."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fill_actions import card
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.cli.output import sentence
from keguan.render.html.tables import WIDER
from keguan.result import Result
from keguan.strategies.action_plan import ANALYSIS
from keguan.strategies.action_plan.tables import end_of, start_of
from shop import Shop

BASE, DUE = date(2025, 4, 30), date(2025, 5, 30)  # thirty days
AS_OF = date(2025, 6, 30)


def hundred() -> Shop:
    """A hundred customers of class C: 20 ordered in the thirty days before the plan, 35 in its thirty days, 5 after it.

    One big customer is class A and pays for nearly everything.
    """
    shop = Shop()
    for month in range(1, 13):
        shop.buy(1000, date(2024, 5, 1) + timedelta(days=30 * month - 20), 10_000)
    for account in range(1, 101):
        shop.buy(account, date(2024, 7, 1), 10)
    for account in range(1, 21):
        shop.buy(account, BASE - timedelta(days=account), 10)
    for account in range(41, 76):
        shop.buy(account, BASE + timedelta(days=1 + account % 30), 20)
    for account in range(80, 85):
        shop.buy(account, DUE + timedelta(days=2), 10)
    return shop


def plan(shop: Shop, id: str = "A0001", based_on: date = BASE, due_on: date = DUE, **given: Any) -> Shop:
    card(
        shop, id, based_on, due_on, **{"segmentation": "abc_class", "segment": "C", "owner": "王敏", **given}
    )
    return shop


def settled(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> tuple[PinnedInputs, Result]:
    inputs = shop.inputs(folder, as_of, Settings(currency="CNY"))
    result = ANALYSIS.run(inputs, ANALYSIS.params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return inputs, result


def score(result: Result, id: str = "A0001") -> dict[str, Any]:
    row = result.table("scores").find({"action_id": id})
    assert row is not None
    return row


def said(result: Result, key: str) -> str:
    (claim,) = [item for item in result.claims if item.key == key]
    return sentence(result, ANALYSIS, claim, "zh")


def test_planned_and_actual_by_hand(tmp_path: Path) -> None:
    """100 in the segment on the day of the plan, 35 of them ordered in its thirty days: 35 % against 30 %. In the thirty
    days before, 20 of the 100 had. covers: J3. trap: 14, 13
    """
    _, result = settled(plan(hundred()), tmp_path)
    row = score(result)
    assert (row["members"], row["natural_n"]) == (100, 100)
    assert (float(row["planned"]), float(row["actual"]), float(row["natural"])) == (0.3, 0.35, 0.2)
    assert row["verdict"] == "reached"
    assert float(row["low"]) < 0.35 < float(row["high"])
    assert (row["from_day"], row["to_day"]) == (BASE, DUE)
    told = said(result, "action_plan/A0001/went")
    assert "计划 30.0%，实际 35.0%（n=100" in told
    assert "此前同样天数为 20.0%" in told
    assert "无对照，不能归因" in told


@pytest.mark.parametrize(
    ("metric", "target", "actual", "usual", "verdict"),
    [
        ("buyers", 36, 35, 20, "missed"),
        ("orders", 35, 35, 20, "reached"),
        ("net_revenue", 700, 700, 200, "reached"),
        ("complaint_rate", "0.02", 0.03, 0, "missed"),
    ],
)
def test_every_metric_by_hand(
    metric: str, target: Any, actual: float, usual: float, verdict: str, tmp_path: Path
) -> None:
    shop = hundred()
    for account in (3, 4, 5):
        shop.add("feedback", feedback_id=f"F{account}", kind="complaint", account_no=account,
                 raised_at=datetime(2025, 5, 10, 3))  # fmt: skip
    _, result = settled(plan(shop, metric=metric, target_value=Decimal(target)), tmp_path)
    row = score(result)
    assert (float(row["actual"]), float(row["natural"]), row["verdict"]) == (
        pytest.approx(actual), pytest.approx(usual), verdict)  # fmt: skip


def test_what_is_not_due_has_no_verdict(tmp_path: Path) -> None:
    """trap: 9"""
    _, result = settled(plan(hundred()), tmp_path, BASE + timedelta(days=10))
    row = score(result)
    assert row["verdict"] == "running"
    assert row["to_day"] == BASE + timedelta(days=10)
    assert [claim.key for claim in result.claims if claim.key.endswith("/went")] == []
    (coming,) = result.table("next_actions").records()
    assert (float(coming["target"]), float(coming["natural"])) == (0.3, 0.2)  # of whole thirty days
    assert result.table("cards").records()[0]["days_late"] is None
    assert coming["due_on"] == DUE
    assert result.figures == ()


def test_a_new_card_shows_the_natural_level_beside_its_target(tmp_path: Path) -> None:
    """On the day it was made nothing has passed. trap: 14. covers: H4"""
    _, result = settled(plan(hundred()), tmp_path, BASE)
    assert len(result.table("scores").rows) == 0
    assert "目标：激活率 30.0%，此前同样天数为 20.0%（100 位）" in said(result, "action_plan/A0001/next")


def test_the_table_of_next_actions_fits_a_page(tmp_path: Path) -> None:
    """What, who, until when and how much; the rest of a card stands in the appendix. With ten columns type is not small."""
    _, result = settled(
        plan(hundred(), pain="价格", resources="短信 50 条", campaign_id="K1"), tmp_path, BASE
    )
    table = result.table("next_actions")
    assert {"segment", "action", "owner", "due_on", "target", "natural"} <= {
        column.name for column in table.columns
    }
    assert len(table.columns) <= WIDER
    assert not table.appendix
    (rest,) = result.table("cards").records()
    assert result.table("cards").appendix
    assert (rest["pain"], rest["resources"], rest["campaign_id"], rest["natural_n"]) == (
        "价格",
        "短信 50 条",
        "K1",
        100,
    )


def test_a_target_under_the_natural_level_is_told(tmp_path: Path) -> None:
    """trap: 14"""
    _, result = settled(plan(hundred(), target_value=Decimal("0.2")), tmp_path, BASE)
    assert any("不高于此前的自然水平：A0001" in note.says.zh for note in result.notes)


def test_what_was_kept_after_the_day_is_not_seen_at_an_earlier_one(tmp_path: Path) -> None:
    """covers: J3"""
    shop = plan(hundred())
    done = date(2025, 5, 20)
    plan(shop, change_no=2, change="done", day=done, state="done", done_on=done)
    plan(shop, "A0002", based_on=date(2025, 6, 15), due_on=date(2025, 7, 15), segment="A")
    for as_of, expected in (
        (BASE - timedelta(days=1), {}),
        (date(2025, 5, 19), {"all": 1, "open": 1, "done": 0}),
        (date(2025, 5, 20), {"all": 1, "open": 0, "done": 1}),
        (AS_OF, {"all": 2, "open": 1, "done": 1}),
    ):
        folder = tmp_path / str(as_of)
        folder.mkdir()
        _, result = settled(shop, folder, as_of)
        found = {row["what"]: row["actions"] for row in result.table("counts")} if result.tables else {}
        assert {name: found[name] for name in expected} == expected
        assert bool(result.tables) == bool(expected)


def test_what_is_undone_and_carried_twice_is_told(tmp_path: Path) -> None:
    """covers: J3"""
    shop = plan(hundred(), "A0001", date(2025, 3, 31), date(2025, 4, 30), state="carried")
    plan(shop, "A0002", date(2025, 4, 30), DUE, state="carried", carried_from="A0001", times_carried=1)
    plan(shop, "A0003", DUE, date(2025, 6, 20), carried_from="A0002", times_carried=2)
    _, result = settled(shop, tmp_path)
    (row,) = result.table("cards").records()
    assert (row["carried_from"], row["times_carried"], row["days_late"]) == ("A0002", 2, 10)
    assert "逾期 10 天，结转过 2 次" in said(result, "action_plan/A0003/next")
    assert any("A0003" in note.says.zh and "到期未完成" in note.says.zh for note in result.notes)
    assert {row["what"]: row["actions"] for row in result.table("counts")}["carried"] == 2


def campaign(shop: Shop, arms: bool) -> Shop:
    """Of sixty members thirty are treated, those who order; without `arms` all are."""
    shop.add(
        "campaigns",
        campaign_id="K1",
        name="召回",
        starts_on=BASE + timedelta(days=1),
        ends_on=BASE + timedelta(days=2),
    )
    for account in range(21, 101):
        arm = "treatment" if 41 <= account <= 80 or not arms else "control"
        shop.add("campaign_members", campaign_id="K1", account_no=account, arm=arm,
                 assigned_at=datetime(2025, 4, 30))  # fmt: skip
    return shop


def test_a_campaign_with_a_control_is_told_against_it(tmp_path: Path) -> None:
    """The figures are those of the analysis of campaigns. covers: J3"""
    inputs, result = settled(plan(campaign(hundred(), arms=True), campaign_id="K1"), tmp_path)
    row = score(result)
    (told,) = [
        item for item in inputs.result("experiments").table("effects") if item["metric"] == "conversion"
    ]
    assert row["control"] == "tested"
    assert (float(row["diff"]), float(row["diff_low"])) == (
        pytest.approx(float(told["diff"])), pytest.approx(float(told["low"])))  # fmt: skip
    assert "与对照组相差" in said(result, "action_plan/A0001/went")


def test_a_campaign_without_a_control_is_attributed_to_nothing(tmp_path: Path) -> None:
    """covers: J6"""
    _, result = settled(plan(campaign(hundred(), arms=False), campaign_id="K1"), tmp_path)
    assert score(result)["control"] == "no_control"
    assert score(result)["diff"] is None
    assert "关联的活动无对照，不能归因" in said(result, "action_plan/A0001/went")


def test_customers_with_two_owners_are_counted(tmp_path: Path) -> None:
    """trap: J2. covers: J2"""
    shop = plan(hundred())
    plan(shop, "A0002", segmentation="lifecycle_stage", segment="挽留", owner="李强")
    _, result = settled(shop, tmp_path)
    (pair,) = result.table("overlaps").records()
    assert (pair["one"], pair["other"]) == ("A0001", "A0002")
    assert pair["customers"] > 0
    assert any("两位责任人" in note.says.zh for note in result.notes)
    other = plan(hundred())
    plan(other, "A0002", segmentation="lifecycle_stage", segment="挽留", owner="王敏")
    folder = tmp_path / "one"
    folder.mkdir()
    assert len(settled(other, folder)[1].table("overlaps").rows) == 0


def test_few_customers_have_no_rate_and_a_removed_segment_is_not_measured(tmp_path: Path) -> None:
    shop = plan(hundred(), segment="A")
    plan(shop, "A0002", segmentation="custom_segments_gone", segment="x", owner=None)
    plan(shop, "A0003", segmentation="gone_for_good", segment="x", metric=None, target_value=None)
    _, result = settled(shop, tmp_path)
    assert score(result)["verdict"] == "too_few"
    assert score(result)["actual"] is None
    assert score(result, "A0002")["verdict"] == "unmeasured"
    assert score(result, "A0003")["verdict"] == "no_target"
    notes = " ".join(note.says.zh for note in result.notes)
    assert "少于 30 位客户" in notes
    assert "无法计量：A0002、A0003" in notes or "无法计量：A0003、A0002" in notes
    assert "没有责任人：A0002" in notes


def test_without_a_plan_the_command_is_named(tmp_path: Path) -> None:
    _, result = settled(hundred(), tmp_path)
    assert result.tables == ()
    assert "keguan actions plan" in result.notes[0].says.zh


@pytest.mark.parametrize(
    ("view", "first", "last"),
    [
        ("week", date(2025, 5, 26), date(2025, 6, 1)),
        ("month", date(2025, 5, 1), date(2025, 5, 31)),
        ("quarter", date(2025, 4, 1), date(2025, 6, 30)),
    ],
)
def test_periods_are_those_of_the_calendar(view: str, first: date, last: date, tmp_path: Path) -> None:
    assert (start_of(DUE, view), end_of(first, view)) == (first, last)
    _, result = settled(plan(hundred()), tmp_path, view=view)
    (row,) = result.table("periods").records()
    assert (row["first_day"], row["last_day"], row["due"], row["open"], row["reached"]) == (
        first,
        last,
        1,
        1,
        1,
    )


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_and_quarter_ends_where_the_next_begins(month: int) -> None:
    for view in ("month", "quarter"):
        first = start_of(date(2025, month, 15), view)
        assert start_of(end_of(first, view) + timedelta(days=1), view) == end_of(first, view) + timedelta(
            days=1
        )
        assert start_of(end_of(first, view), view) == first


def test_no_wording_names_a_cause() -> None:
    for text in ANALYSIS.text.values():
        assert not any(word in text.zh for word in ("带来", "导致", "使得", "因为", "见效"))
        assert not any(word in text.en for word in (" caused", " because ", " led to ", " thanks to "))


def test_a_parameter_out_of_range_is_refused() -> None:
    for wrong in ({"view": "day"}, {"most": 0}):
        with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
            ANALYSIS.params(**wrong)
