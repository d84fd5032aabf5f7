"""Ranges one by one: readings, verdicts with their base, what is shown and never used; own history."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.benchmarks import ANALYSIS, Params, run
from keguan.analyses.benchmarks.population import fits
from keguan.analyses.benchmarks.ranges import Bounds, judged, readings, split_change
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.marts.measured import Measured
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)
SOURCED = {"published_by": "协会年报", "published_on": date(2025, 1, 1)}


def found(shop: Shop, folder: Path, **params: Any) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    result = run(shop.inputs(folder, AS_OF, Settings()), Params(**params))
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


def repeating(share: float, customers: int = 400) -> Shop:
    """Customers of whom a share bought twice within the year, for 100 each time."""
    shop = Shop()
    for account in range(1, customers + 1):
        shop.buy(account, date(2025, 1, 1 + account % 28), 100)
        if account <= share * customers:
            shop.buy(account, date(2025, 4, 1 + account % 28), 100)
    return shop


def rows(shop: Shop, folder: Path, *ranges: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    for item in ranges:
        shop.add("benchmarks", **item)
    return found(shop, folder, **params).table("ranges").records()


def exact(value: float) -> Measured:
    return Measured(value, 100)


def test_a_tolerance_of_unknown_kind_has_two_readings_and_no_verdict(tmp_path: Path) -> None:
    """trap: 6. 60 % +- 15 % is 45-75 in points (70 inside) and 51-69 relative (70 above). covers: K1."""
    item = {"value": 60, "tolerance": 15, "unit": "%"}
    both = readings(item, share=True)
    assert [(b.reading, round(b.low, 4), round(b.high, 4)) for b in both] == [
        ("points", 0.45, 0.75),
        ("relative", 0.51, 0.69),
    ]
    words = [verdict.word for b in both if (verdict := judged(exact(0.70), b))]
    assert words == ["inside", "above"]
    shown = rows(repeating(0.7), tmp_path, {"metric": "复购率", **item, **SOURCED})
    assert [row["verdict"] for row in shown] == ["unknown_kind", "unknown_kind"]


def test_a_known_kind_has_one_reading(tmp_path: Path) -> None:
    """trap: 6. 72 % of 4,000 lies over 51-69, and inside 45-75."""
    item = {"metric": "复购率", "value": 60, "tolerance": 15, "unit": "%", **SOURCED}
    shop = repeating(0.75, 2000)
    shown = rows(
        shop,
        tmp_path,
        {**item, "tolerance_kind": "相对"},
        {**item, "tolerance_kind": "百分点", "published_by": "乙"},
    )
    assert {row["reading"]: row["verdict"] for row in shown} == {"relative": "above", "points": "inside"}


def test_a_change_in_points_and_relative(tmp_path: Path) -> None:
    """trap: 6. 60 % -> 70 % is +10 points and +16.7 %: inside 15-25 % relative, below it in points. trap: 20."""
    assert split_change("复购率提升") == ("复购率", True)
    assert split_change("repurchase rate growth") == ("repurchase rate", True)
    assert split_change("复购率") == ("复购率", False)
    relative, points = 0.7 / 0.6 - 1, 0.7 - 0.6
    assert (round(relative, 3), round(points, 3)) == (0.167, 0.1)
    both = {b.reading: b for b in readings({"low": 15, "high": 25, "unit": "%"}, share=True, change=True)}
    found_relative, found_points = (
        judged(exact(relative), both["relative"]),
        judged(exact(points), both["points"]),
    )
    words = [verdict.word for verdict in (found_relative, found_points) if verdict is not None]
    assert words == ["inside", "below"]


def test_a_change_of_unknown_kind_has_no_verdict(tmp_path: Path) -> None:
    """trap: 20. +30 % against '15-25 %' with level or lift unknown."""
    shop = repeating(0.5)
    for account in range(1, 401):
        shop.buy(account, date(2023, 8, 1), 100)
    item = {"metric": "复购率提升", "low": 15, "high": 25, "unit": "%", **SOURCED}
    shown = rows(shop, tmp_path, item)
    assert {row["reading"] for row in shown} == {"points", "relative"}
    assert all(row["verdict"] not in ("below", "inside", "above") for row in shown)


def test_above_names_the_top_and_the_middle() -> None:
    """trap: 6. 1.5M against 0.8-1.2M is +25 % over the top, +50 % over the middle."""
    verdict = judged(exact(1_500_000), Bounds("given", 800_000, 1_200_000))
    assert verdict is not None
    assert verdict.word == "above"
    assert (verdict.gap, verdict.to_middle) == pytest.approx((0.25, 0.5))


def test_below_names_the_low_end() -> None:
    """trap: 6. 400k against 500-800k is 20 % below the low end."""
    verdict = judged(exact(400_000), Bounds("given", 500_000, 800_000))
    assert verdict is not None
    assert (verdict.word, verdict.gap) == ("below", pytest.approx(-0.2))


def test_a_total_is_told_with_its_base(tmp_path: Path) -> None:
    """covers: K1. 400 + 200 purchases of 100 are 60,000, 25 % over the top of 40,000 to 48,000."""
    shop = repeating(0.5)
    shop.add("benchmarks", metric="净销售额", low=40_000, high=48_000, **SOURCED)
    result = found(shop, tmp_path)
    row = result.table("ranges").records()[0]
    assert (row["verdict"], row["gap"]) == ("above", 0.25)
    claim = next(claim for claim in result.claims if claim.key == "benchmarks/1")
    assert claim.says == "total_above"
    assert "以高值为基数" in ANALYSIS.text["total_above"].zh


def test_only_an_own_interval_outside_the_range_is_told(tmp_path: Path) -> None:
    """covers: K1. 200 of 400 is 45.1-54.9 %: outside 60-70, crossing 51-60, inside 45-55."""
    shop = repeating(0.5)
    for low, high, source in ((60, 70, "甲"), (51, 60, "乙"), (45, 55, "丙")):
        shop.add(
            "benchmarks",
            metric="复购率",
            low=low,
            high=high,
            unit="%",
            published_by=source,
            published_on=date(2025, 1, 1),
        )
    result = found(shop, tmp_path)
    words = {row["published_by"]: row["verdict"] for row in result.table("ranges")}
    assert words == {"甲": "below", "乙": "overlaps", "丙": "inside"}
    claims = [
        claim for claim in result.claims if claim.key.startswith("benchmarks/") and "history" not in claim.key
    ]
    assert [claim.says for claim in claims] == ["below"]
    assert claims[0].test is not None
    assert claims[0].test.high == pytest.approx(0.5487, abs=1e-4)


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        ({"published_by": None, "published_on": date(2025, 1, 1)}, "unsourced"),
        ({"published_by": "甲", "published_on": None}, "unsourced"),
        ({"published_by": "示例：请换成真实出处", "published_on": date(2025, 1, 1)}, "example"),
        ({**SOURCED, "valid_until": date(2025, 6, 29)}, "expired"),
        ({**SOURCED, "population": "B2B 制造业"}, "other_population"),
        ({**SOURCED, "definition": "30 天内再次购买的首购客户"}, "other_definition"),
        (
            {**SOURCED, "valid_until": date(2025, 6, 30), "population": "B2C 零售", "definition": "同口径"},
            "below",
        ),
    ],
)
def test_what_is_shown_and_never_used(tmp_path: Path, extra: dict[str, Any], word: str) -> None:
    """covers: K1."""
    shop = repeating(0.5)
    shop.customers = [{"customer_id": str(n), "account_no": n, "kind": "person"} for n in range(1, 50)]
    row = rows(shop, tmp_path, {"metric": "复购率", "low": 60, "high": 70, "unit": "%", **extra})[0]
    assert row["verdict"] == word
    assert float(row["own"]) == 0.5  # shown all the same


def test_the_kind_of_company_can_be_chosen(tmp_path: Path) -> None:
    item = {"metric": "复购率", "low": 60, "high": 70, "unit": "%", "population": "制造业", **SOURCED}
    assert rows(repeating(0.5), tmp_path / "a", item)[0]["verdict"] == "other_population"
    assert rows(repeating(0.5), tmp_path / "b", item, population="制造业")[0]["verdict"] == "below"
    assert (fits(None, ()), fits("全部", ()), fits("银行", ("零售",))) == (True, True, False)


def test_the_margin_is_of_lines_with_a_known_cost(tmp_path: Path) -> None:
    """40 lines of 100 at a cost of 60, one of them given back, one more of a product that costs 30 a piece, one unknown."""
    shop = Shop()
    for account in range(1, 41):
        order = shop.buy(account, date(2025, 5, 1), 100, product="A", cost=60)
    shop.give_back(40, date(2025, 5, 9), 100, product="A", of=order)
    shop.add("products", product_id="B", name="乙", category="类", unit_cost=30)
    shop.buy(1, date(2025, 5, 2), 50, product="B")
    shop.buy(2, date(2025, 5, 2), 1000, product="C")
    (row,) = rows(shop, tmp_path, {"metric": "毛利率", "low": 10, "high": 20, "unit": "%", **SOURCED})
    sold = 39 * 100 + 50
    assert float(row["own"]) == pytest.approx((sold - 39 * 60 - 30) / sold, abs=1e-4)
    assert (row["unit"], row["verdict"], row["metric"]) == ("share", "above", "gross_margin")


def test_a_net_promoter_score_is_a_number_from_minus_100_to_100(tmp_path: Path) -> None:
    """30 promoters and 10 detractors of 100: 20, never 20 points; a range of 30 to 40 is read as it is written."""
    shop = Shop()
    shop.buy(1, date(2025, 5, 1), 10)
    for number in range(100):
        score = 10 if number < 30 else 3 if number < 40 else 8
        shop.add("feedback", feedback_id=str(number), kind="survey", scale="nps", score=score,
                 raised_at=datetime(2025, 5, 2, 9))  # fmt: skip
    (row,) = rows(shop, tmp_path, {"metric": "NPS", "low": 60, "high": 70, **SOURCED})
    assert (float(row["own"]), float(row["low"]), row["unit"], row["verdict"]) == (20, 60, "number", "below")
    assert -1 < float(row["own_low"]) < 20 < float(row["own_high"]) < 40
    # The change of a score is told in its own unit, that of a share in points.
    assert readings({"low": 5, "high": 10, "tolerance_kind": "points"}, share=False, change=True) == (
        Bounds("points", 5, 10),
    )


def test_unknown_metrics_and_empty_ranges_are_named(tmp_path: Path) -> None:
    shop = repeating(0.5)
    shop.add("benchmarks", metric="市场份额", low=1, high=2, **SOURCED)
    shop.add("benchmarks", metric="复购率", value=50, **SOURCED)
    result = found(shop, tmp_path)
    assert {row["verdict"] for row in result.table("ranges")} == {"unknown_metric", "no_range"}
    assert any("市场份额" in note.says.zh for note in result.notes)


def test_own_history(tmp_path: Path) -> None:
    """covers: K2. Steady months, then one that doubles: outside the usual change; last year's month stands beside."""
    shop = Shop()
    for month in range(24):
        day = date(2023 + (month + 6) // 12, (month + 6) % 12 + 1, 5)
        for account in range(1, 41):
            factor = 2 if month == 23 else 1 + 0.02 * (month % 2)
            shop.buy(account, day, 100 * factor)
    result = found(shop, tmp_path)
    row = result.table("history").find({"figure": "net_revenue"})
    assert row is not None
    assert (row["month"], row["position"]) == ("2025-06", "outside")
    assert (float(row["value"]), float(row["previous"]), float(row["last_year"])) == (8000, 4000, 4080)
    assert row["change"] == 1.0
    assert result.table("history").find({"figure": "orders"})["position"] == "within"
    assert all(not claim.summary for claim in result.claims if "history" in claim.key)


def test_no_range_ships_with_the_product(tmp_path: Path) -> None:
    """covers: K1."""
    result = found(repeating(0.5), tmp_path)
    assert result.table("ranges").records() == []
    assert any(note.kind == "missing" for note in result.notes)


def test_a_return_on_investment_without_a_definition_has_no_verdict(tmp_path: Path) -> None:
    """trap: 5. 'ROI 300-450 %' may be output:input, on revenue or on margin: shown, never judged."""
    shop = repeating(0.5)
    shop.add("benchmarks", metric="ROI", low=300, high=450, unit="%", **SOURCED)
    result = found(shop, tmp_path)
    assert [row["verdict"] for row in result.table("ranges")] == ["unknown_metric"]
    assert not any("ROI" in str(claim.labels) for claim in result.claims)
