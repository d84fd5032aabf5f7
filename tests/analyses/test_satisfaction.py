"""Satisfaction by hand: one answer a respondent and wave, scales apart, groups, periods, drivers, response rate."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.satisfaction import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.cli.output import sentence
from keguan.evidence.statistics.net_promoters import NetPromoters, nps_interval
from keguan.evidence.statistics.newcombe import newcombe
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, min_n: int = 30, **params: Any) -> Result:
    result = run(shop.inputs(folder, as_of, Settings(min_n=min_n)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
        assert "客户" not in claim.base.zh
    return result


def answer(
    shop: Shop, account: int | None, day: date, score: float | None, scale: str | None = "csat5", **more: Any
) -> None:
    """One answer at noon."""
    number = len(shop.records.get("feedback", []))
    row: dict[str, Any] = {"feedback_id": f"F{number:05d}", "kind": "survey", "survey_id": "S", "account_no": account,
                           "raised_at": datetime(day.year, day.month, day.day, 4), "scale": scale, "score": score}  # fmt: skip
    shop.add("feedback", **(row | more))


def test_one_answer_a_respondent_and_wave_and_scales_are_never_mixed(tmp_path: Path) -> None:
    """covers: F1. The last answer of a month counts; CSAT, NPS and CES of the same people stay apart."""
    shop = Shop()
    for account in range(1, 41):
        answer(shop, account, date(2025, 5, 3), 1)
        answer(shop, account, date(2025, 5, 20), 5 if account <= 30 else 3)
        answer(shop, account, date(2025, 5, 20), 10 if account <= 20 else 8 if account <= 30 else 2, "nps")
        answer(shop, account, date(2025, 5, 20), 7 if account % 2 else 5, "ces7")
    answer(shop, 1, date(2025, 6, 2), 5)  # the next wave: another answer of the same respondent
    measures = {row["scale"]: row for row in found(shop, tmp_path).table("measures")}
    csat, nps, ces = measures["csat5"], measures["nps"], measures["ces7"]
    assert (csat["answers"], csat["respondents"], csat["positive"], csat["negative"]) == (41, 40, 31, 0)
    assert csat["rating"] == pytest.approx(100 * 31 / 41, abs=1e-3)
    assert (nps["answers"], nps["rating"]) == (40, 25.0)
    ends = nps_interval(NetPromoters(20, 10, 10))
    assert ends is not None
    assert (nps["low"], nps["high"]) == pytest.approx((100 * ends.low, 100 * ends.high), abs=1e-3)
    assert ces["rating"] == 6.0


def test_scores_out_of_scale_or_without_one_are_counted_apart(tmp_path: Path) -> None:
    """A 9 on a scale of five, a score without a scale: neither enters a figure, both are said."""
    shop = Shop()
    for account in range(1, 41):
        answer(shop, account, date(2025, 5, 3), 4)
    answer(shop, 50, date(2025, 5, 3), 9)
    answer(shop, 51, date(2025, 5, 3), 5, None)
    answer(shop, 52, date(2025, 5, 3), 80, "percent")
    result = found(shop, tmp_path)
    assert [(r["scale"], r["answers"]) for r in result.table("measures")] == [("csat5", 40)]
    assert {r["why"]: r["answers"] for r in result.table("excluded")} == {
        "no_scale": 1, "other_scale": 1, "out_of_scale": 1
    }  # fmt: skip
    assert sum(note.kind == "warning" for note in result.notes) == 3


def test_a_binary_scale_is_a_share_of_yes(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(40):
        answer(shop, None, date(2025, 5, 3), int(number % 4 > 0), "binary", response_id=f"R{number}")
    row = found(shop, tmp_path).table("measures").records()[0]
    assert (row["scale"], row["rating"], row["respondents"]) == ("binary", 75.0, 40)


def test_the_base_is_respondents_not_customers(tmp_path: Path) -> None:
    """trap: 17. 40 of 500 customers answered: the share is of the 40, and the sentence says respondents."""
    shop = Shop()
    for account in range(1, 501):
        shop.buy(account, date(2025, 1, 1), 10)
    for account in range(1, 41):
        answer(shop, account, date(2025, 5, 3), 5 if account <= 26 else 2)
    result = found(shop, tmp_path)
    claim = next(claim for claim in result.claims if claim.key == "satisfaction/level/survey/csat5")
    assert (claim.n, result.value(claim.values["rating"])) == (40, 65.0)
    assert "受访者" in ANALYSIS.text["level_share"].zh
    assert "respondents" in claim.base.en
    assert any("代表客户" in note.says.zh for note in result.notes)


def units(bad: int) -> Shop:
    shop = Shop()
    for number in range(120):
        unit = "物流部" if number % 2 else "客服部"
        low = unit == "物流部" and number % 10 < bad
        answer(shop, number + 1, date(2025, 1, 5) + timedelta(days=number), 2 if low else 5, unit=unit)
    return shop


def test_a_unit_below_the_others_is_named_after_a_corrected_test(tmp_path: Path) -> None:
    """covers: F1"""
    result = found(units(6), tmp_path)
    key = {"kind": "survey", "scale": "csat5", "dimension": "unit", "value": "物流部"}
    row = result.table("groups").find(key)
    assert row is not None
    ends = newcombe(24, 60, 60, 60)
    assert ends is not None
    assert (row["rating"], row["difference"]) == (40.0, -60.0)
    assert (row["difference_low"], row["difference_high"]) == pytest.approx(
        (100 * ends.low, 100 * ends.high), abs=1e-3
    )
    assert "satisfaction/below/unit/物流部" in {claim.key for claim in result.claims}
    assert not any("/below/" in c.key or "/above/" in c.key for c in found(units(0), tmp_path).claims)


def test_a_product_is_told_by_its_name(tmp_path: Path) -> None:
    shop = Shop()
    shop.add("products", product_id="P1", name="毛衣", category="服装")
    for number in range(80):
        product = "P1" if number % 2 else "P2"
        answer(shop, number + 1, date(2025, 5, 3), 1 if number % 2 else 5, product_id=product)
    result = found(shop, tmp_path)
    names = {row["value"] for row in result.table("groups") if row["dimension"] == "product"}
    assert names == {"毛衣", "P2"}


def test_the_segment_is_that_at_the_start_of_the_window(tmp_path: Path) -> None:
    """trap: 13. 40 bought often before the window and never in it, 40 the other way round; today's labels are not used."""
    shop = Shop()
    for account in range(1, 41):
        for month, day in ((2, 3), (2, 19), (4, 27), (5, 9 + account % 9)):
            shop.buy(account, date(2024, month, day), 100)
        answer(shop, account, date(2025, 6, 3), 5)
    for account in range(41, 81):
        shop.buy(account, date(2024, 1, 2), 5)
        for month, day in ((2, 3), (2, 19), (4, 27), (5, 9 + account % 9)):
            shop.buy(account, date(2025, month, day), 500)
        answer(shop, account, date(2025, 6, 3), 2)
    rows = [r for r in found(shop, tmp_path).table("groups") if r["dimension"] == "segment"]
    rated = {row["value"]: row["rating"] for row in rows}
    assert rated == {"重要价值": 100.0, "一般挽留": 0.0}


def two_years(rate_before: int, rate_after: int) -> Shop:
    shop = Shop()
    for place in range(24):
        for number in range(20):
            happy = number < (rate_after if place >= 14 else rate_before)
            answer(shop, number + 1, date(2023 + (place + 6) // 12, (place + 6) % 12 + 1, 1 + number), 5 if happy else 1,
                   product_id="P1")  # fmt: skip
    answer(shop, 1, AS_OF, 5)
    return shop


def test_whole_months_are_compared_with_the_same_a_year_before(tmp_path: Path) -> None:
    """trap: 9"""
    result = found(two_years(16, 8), tmp_path)
    row = result.table("changes").records()[0]
    assert (row["period"], row["before_period"]) == ("2025-04 – 2025-06", "2024-04 – 2024-06")
    assert (row["before"], row["rating"]) == (80.0, 40.0)
    claim = next(claim for claim in result.claims if claim.key == "satisfaction/change/survey/csat5")
    assert claim.says == "fell_share"
    assert sentence(result, ANALYSIS, claim, "zh").startswith(
        "调查受访者的满意率（CSAT）由 2024-04 – 2024-06 的 80.0% 下滑至 2025-04 – 2025-06 的 40.0%，相差 40.0 个百分点"
    )
    shift = result.table("shifts").find({"dimension": "product", "value": "P1"})
    assert shift is not None
    assert shift["since"] == "2024-09"
    early = found(two_years(16, 8), tmp_path, date(2025, 6, 20))
    assert early.table("changes").records()[0]["period"] == "2025-03 – 2025-05"
    steady = found(two_years(16, 16), tmp_path)
    assert (
        next(c for c in steady.claims if c.key == "satisfaction/change/survey/csat5").says == "steady_share"
    )


def test_the_question_closest_to_the_overall_answer_is_an_association(tmp_path: Path) -> None:
    """covers: F1. Delivery moves with the whole, the shop window does not."""
    shop = Shop()
    for number in range(60):
        whole, response = 1 + number % 5, {"response_id": f"R{number}"}
        answer(shop, number + 1, date(2025, 5, 3), whole, question="总体满意度", **response)
        answer(
            shop, number + 1, date(2025, 5, 3), min(5, whole + number % 2), question="物流速度", **response
        )
        answer(shop, number + 1, date(2025, 5, 3), 1 + (number * 7) // 5 % 5, question="橱窗", **response)
        answer(shop, number + 1, date(2025, 5, 3), whole, question="会继续购买吗", **response)
    result = found(shop, tmp_path)
    drivers = {row["question"]: row for row in result.table("drivers")}
    assert drivers["物流速度"]["r"] > 0.9
    assert drivers["橱窗"]["q"] > 0.05
    # The intention to go on follows the whole more closely still, and is an outcome: it is listed, not named.
    assert drivers["会继续购买吗"]["r"] > drivers["物流速度"]["r"]
    assert [name for name, row in drivers.items() if row["outcome"]] == ["会继续购买吗"]
    claim = next(claim for claim in result.claims if claim.key == "satisfaction/driver")
    assert claim.labels["question"] == ("物流速度", None)
    assert "不说明原因" in ANALYSIS.text["driver"].zh
    assert [r["answers"] for r in result.table("measures")] == [60]  # parts are not the whole


def test_the_response_rate_waits_and_needs_those_who_did_not_answer(tmp_path: Path) -> None:
    """covers: F1"""
    shop = Shop()
    for number in range(60):
        invited = datetime(2025, 5, 1, 4)
        if number < 15:
            answer(shop, number + 1, date(2025, 5, 3), 4, invited_at=invited)
        else:
            shop.add("feedback", feedback_id=f"I{number}", kind="survey", survey_id="S", account_no=number + 1,
                     invited_at=invited)  # fmt: skip
    shop.add("feedback", feedback_id="late", kind="survey", survey_id="S", account_no=99,
             invited_at=datetime(2025, 6, 25))  # fmt: skip
    row = found(shop, tmp_path).table("responses").records()[0]
    assert (row["invited"], row["answered"], row["rate"]) == (60, 15, 0.25)


def test_few_answers_withhold_the_result(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 6):
        answer(shop, account, date(2025, 5, 3), 5)
    result = found(shop, tmp_path)
    assert result.table("measures").records()[0]["rating"] is None
    assert result.claims == ()
    assert {note.kind for note in result.notes} >= {"withheld", "missing"}
