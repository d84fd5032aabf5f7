"""Plan against actual by hand: periods, parts, pro rata, rates, names that nobody knows."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.plan_actual import ANALYSIS, Params, run
from keguan.analyses.plan_actual.periods import span_of
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.cli.output import sentence
from keguan.marts.measured import adjusted_wald
from keguan.result import Result
from keguan.schema.vocabulary import shown
from shop import Shop

AS_OF = date(2025, 6, 15)


def found(shop: Shop, folder: Path) -> Result:
    result = run(shop.inputs(folder, AS_OF, Settings()), Params())
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


def planned(folder: Path, *targets: tuple[str, str, str | None, float]) -> dict[str, dict[str, Any]]:
    """Rows of the targets by metric and period; a shop with 100 a day in May and June, half of it in 四川."""
    shop = Shop()
    for day in range(1, 32):
        shop.buy(day, date(2025, 5, day), 60, region="四川")
        shop.buy(day + 100, date(2025, 5, day), 40, region="广东")
    for day in range(1, 16):
        shop.buy(day, date(2025, 6, day), 100)
    for metric, period, dimension, value in targets:
        shop.add("targets", metric=metric, period=period, dimension=dimension, value=value)
    result = found(shop, folder)
    return {
        f"{shown(row['metric'], 'own_figure', 'zh')} {row['period']} {row['dimension']}".strip(): row
        for row in result.table("plans")
    }


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026-06", date(2026, 6, 1), date(2026, 6, 30)),
        ("2026年6月", date(2026, 6, 1), date(2026, 6, 30)),
        ("202606", date(2026, 6, 1), date(2026, 6, 30)),
        ("2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026年第二季度", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026下半年", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026年", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_read(period: str, first: date, last: date) -> None:
    span = span_of(period)
    assert span is not None
    assert (span.first, span.last) == (first, last)


@pytest.mark.parametrize("period", ["", "六月", "2026-13", "Q2", "2026Q5", "26-06"])
def test_other_periods_are_not_guessed(period: str) -> None:
    assert span_of(period) is None


def test_attainment_by_hand(tmp_path: Path) -> None:
    """covers: K3."""
    rows = planned(
        tmp_path,
        ("净销售额", "2025-05", None, 3000),
        ("revenue", "2025-05", "region=四川", 2000),
        ("订单数", "2025-05", None, 62),
    )
    assert (rows["净销售额 2025-05"]["actual"], rows["净销售额 2025-05"]["verdict"]) == (3100, "reached")
    assert rows["净销售额 2025-05"]["attainment"] == pytest.approx(3100 / 3000)
    part = rows["净销售额 2025-05 region=四川"]
    assert (part["actual"], part["gap"], part["verdict"]) == (1860, -140, "missed")
    assert rows["订单数 2025-05"]["verdict"] == "reached"


def test_a_quarter_that_was_missed_is_told_without_its_months_and_a_part_in_words(tmp_path: Path) -> None:
    """April to June missed, and each month of it; May in Sichuan is a part of its own."""
    shop = Shop()
    for month in (4, 5, 6):
        shop.buy(month, date(2025, month, 3), 10, region="四川")
    for period in ("2025Q2", "2025-04", "2025-05"):
        shop.add("targets", metric="净销售额", period=period, dimension=None, value=500)
    shop.add("targets", metric="净销售额", period="2025-05", dimension="region=四川", value=500)
    result = run(shop.inputs(tmp_path, date(2025, 6, 30), Settings()), Params())
    missed = {claim.key: claim for claim in result.claims if claim.says.startswith("missed")}
    whole, part = (
        "plan_actual/missed/net_revenue/2025Q2/",
        "plan_actual/missed/net_revenue/2025-05/region=四川",
    )
    assert set(missed) == {whole, part}
    assert "2025-05 净销售额（地区：四川）未达目标" in sentence(result, ANALYSIS, missed[part], "zh")
    assert sentence(result, ANALYSIS, missed[part], "en").startswith(
        "Net revenue (Region: Sichuan) missed its target"
    )
    assert sentence(result, ANALYSIS, missed[whole], "en").startswith(
        "Net revenue missed its target of 2025Q2"
    )


def test_an_unfinished_period_is_not_held_against_its_whole_target(tmp_path: Path) -> None:
    """covers: K3. trap: 9. 15 of 30 days have passed: 1,500 of 3,000 is all of what falls on them."""
    row = planned(tmp_path, ("净销售额", "2025-06", None, 3000))["净销售额 2025-06"]
    assert (row["state"], row["elapsed"], row["due"], row["actual"]) == ("running", 0.5, 1500, 1500)
    assert (row["attainment"], row["verdict"]) == (1.0, "on_track")


def test_a_rate_so_far_has_no_verdict(tmp_path: Path) -> None:
    """trap: 9."""
    row = planned(tmp_path, ("复购率", "2025", None, 40))["复购率 2025"]
    assert (float(row["target"]), row["verdict"], row["attainment"]) == (0.4, "so_far", None)
    assert float(row["actual"]) == pytest.approx(15 / 62, abs=1e-6)


def test_a_period_ahead_is_said_to_be_ahead(tmp_path: Path) -> None:
    row = planned(tmp_path, ("净销售额", "2025-07", None, 3000))["净销售额 2025-07"]
    assert (row["state"], row["actual"]) == ("ahead", None)


def test_of_some_figures_less_is_better(tmp_path: Path) -> None:
    row = planned(tmp_path, ("退款率", "2025-05", None, 5))["退款率 2025-05"]
    assert (float(row["target"]), row["actual"], row["verdict"]) == (0.05, 0, "reached")


def test_what_nobody_knows_is_named(tmp_path: Path) -> None:
    """covers: K3."""
    shop = Shop()
    shop.buy(1, date(2025, 5, 1), 10)
    for metric, period, dimension in (
        ("市场份额", "2025", None), ("净销售额", "上个月", None), ("复购率", "2025-05", "channel=官网"),
        ("净销售额", "2025-05", "天气=晴"),
    ):  # fmt: skip
        shop.add("targets", metric=metric, period=period, dimension=dimension, value=1)
    result = found(shop, tmp_path)
    assert [row["state"] for row in result.table("plans") if row["state"] in ("over", "running")] == []
    said = " ".join(note.says.zh for note in result.notes)
    for name in (
        "市场份额 2025",
        "净销售额 上个月",
        "复购率 2025-05 渠道：官网",
        "净销售额 2025-05 天气=晴",
    ):
        assert name in said
    assert result.claims == ()


def test_owners_and_answers(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 5, 1), 70)
    shop.buy(2, date(2025, 5, 1), 30)
    shop.customers = [
        {"customer_id": "a", "account_no": 1, "owner": "王芳"},
        {"customer_id": "b", "account_no": 2, "owner": "李强"},
    ]
    for number in range(40):
        shop.add("feedback", feedback_id=str(number), kind="survey", scale="nps", score=10 if number < 20 else 8,
                 raised_at=datetime(2025, 5, 2, 9))  # fmt: skip
    shop.add("targets", metric="净销售额", period="2025-05", dimension="owner=王芳", value=70)
    shop.add("targets", metric="NPS", period="2025-05", dimension=None, value=60)
    rows = {row["metric"]: row for row in found(shop, tmp_path).table("plans")}
    assert (rows["net_revenue"]["actual"], rows["net_revenue"]["verdict"]) == (70, "reached")
    assert (float(rows["nps"]["actual"]), rows["nps"]["verdict"], rows["nps"]["n"]) == (50, "missed", 40)


def test_the_interval_of_a_score_is_the_adjusted_wald_one() -> None:
    """Rocks (2016) by hand: 20 promoters, 0 detractors of 40: (20.75 - 0.75) / 43 = 0.4651, half width 0.1592."""
    low, high = adjusted_wald(20, 0, 40)
    assert ((low + high) / 2, (high - low) / 2) == pytest.approx((0.465116, 0.159191), abs=1e-5)


def test_without_targets_it_says_what_to_import(tmp_path: Path) -> None:
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]
