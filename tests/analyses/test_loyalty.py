"""Loyalty by hand: components, percentiles in a frozen baseline, change measured with one ruler, attitude and deed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.loyalty import ANALYSIS, Params, quarter_ends, repeat_cut, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.marts.loyalty import percentiles
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> Result:
    result = run(shop.inputs(folder, as_of, Settings(min_n=30)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def answer(shop: Shop, account: int, day: date, scale: str, score: int, question: str | None = None) -> None:
    shop.add("feedback", feedback_id=f"F{len(shop.records.get('feedback', []))}", kind="survey", account_no=account,
             raised_at=datetime(day.year, day.month, day.day, 4), scale=scale, score=score, question=question)  # fmt: skip


def surveyed(now: int = 0) -> Shop:
    """40 customers answer CSAT and NPS in May 2023, 2024 and 2025; `now` is taken off every score of 2025.

    All three components: satisfaction 0, 25 .. 100, trust (NPS) likewise, contact always one day.
    """
    shop = Shop()
    for year in (2023, 2024, 2025):
        for account in range(1, 41):
            less = now if year == 2025 else 0
            answer(shop, account, date(year, 5, 3), "csat5", max(1, 1 + account % 5 - less))
            answer(shop, account, date(year, 5, 3), "nps", max(0, account % 5 * 2 + 1 - 2 * less))
    return shop


def test_the_percentile_of_a_value_counts_its_equals_by_half() -> None:
    rows = [
        {"component": "trust", "value": 0, "customers": 10},
        {"component": "trust", "value": 50, "customers": 30},
    ]
    ruler = percentiles(rows)
    assert (ruler["trust", 0], ruler["trust", 49], ruler["trust", 50], ruler["trust", 51]) == (
        12.5,
        25,
        62.5,
        100,
    )


def test_quarters_are_those_of_the_calendar() -> None:
    ends = quarter_ends(date(2024, 2, 15), date(2024, 12, 30))
    assert ends == [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30)]


def test_the_baseline_is_frozen_and_later_days_use_its_ruler(tmp_path: Path) -> None:
    """covers: F6. The baseline stays what it was when everybody answers a point less in 2025."""
    alike, less = found(surveyed(), tmp_path), found(surveyed(1), tmp_path)
    rows = {row["day"]: row for row in less.table("trend")}
    assert next(iter(rows)) == date(
        2024, 6, 30
    )  # May 2023 + 12 months of records: the first quarter end after
    assert rows[date(2024, 6, 30)]["baseline"] == "yes"
    before = alike.table("trend").find({"day": date(2024, 6, 30)})
    assert before is not None
    assert before["index"] == rows[date(2024, 6, 30)]["index"] == pytest.approx(50, abs=0.01)
    assert alike.table("trend").records()[-1]["index"] == pytest.approx(50, abs=0.01)
    # satisfaction by hand: values 0 25 50 75 100 of 8 each have percentiles 10 30 50 70 90; a point less: 10 10 30 50 70
    parts = {row["component"]: row for row in less.table("components")}
    assert (parts["satisfaction"]["before"], parts["satisfaction"]["now"]) == (50, 34)
    assert parts["satisfaction"]["difference"] == -16
    assert parts["contact"]["now"] == 50
    says = {claim.key: claim.says for claim in less.claims}
    assert says["loyalty/change/satisfaction"] == "fell"
    assert {c.key: c.says for c in alike.claims}["loyalty/change/index"] == "steady"


def test_what_is_learned_later_does_not_move_the_baseline(tmp_path: Path) -> None:
    """trap: 12. A complaint of before the baseline, solved after it, is measured there as it was known then."""
    shop = surveyed()
    for account in range(1, 41):
        solved = datetime(2024, 8, 1) if account > 20 else datetime(2024, 5, 9)
        shop.add("feedback", feedback_id=f"C{account}", kind="complaint", account_no=account, status="solved",
                 raised_at=datetime(2024, 5, 3), resolved_at=solved)  # fmt: skip
    result = found(shop, tmp_path, date(2024, 9, 30))
    parts = {row["component"]: row for row in result.table("components")}
    # then 20 of 40 were solved: percentiles 25 (unsolved) and 75 (solved); now all are solved
    assert (parts["service"]["before"], parts["service"]["now"]) == (50, 75)


def test_weights_are_parameters(tmp_path: Path) -> None:
    """covers: F6. With all weight on satisfaction and a little on the others the index follows it."""
    result = found(surveyed(1), tmp_path, satisfaction=98, trust=1, contact=1)
    last = result.table("trend").records()[-1]
    # trust: an NPS of 0 lies below every answer of the baseline, so 0 10 30 50 70
    assert last["index"] == pytest.approx((98 * 34 + 1 * 32 + 1 * 50) / 100, abs=0.005)
    assert found(surveyed(), tmp_path, trust=-1).notes[0].kind == "withheld"


def test_two_components_or_no_attitude_are_not_enough(tmp_path: Path) -> None:
    """Satisfaction and contact are two; service, contact and contact again are no attitude."""
    shop = Shop()
    for year in (2023, 2024, 2025):
        for account in range(1, 41):
            answer(shop, account, date(year, 5, 3), "csat5", 4)
    result = found(shop, tmp_path)
    assert [note.kind for note in result.notes] == ["withheld"]
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]


def test_a_window_that_is_not_recorded_whole_is_no_baseline(tmp_path: Path) -> None:
    """trap: 9. Records begin in May 2023: quarter ends before May 2024 look back on fewer than 12 months."""
    assert found(surveyed(), tmp_path, date(2024, 5, 31)).notes[0].kind == "withheld"
    assert found(surveyed(), tmp_path, date(2024, 6, 30)).has("trend")


def test_attitude_and_repeat_purchase(tmp_path: Path) -> None:
    """covers: F6. Attitude high for scores at and above the middle; repeat high from three purchases on."""
    shop = surveyed()
    for account in range(1, 41):
        for place in range(4 if account <= 20 else 1):
            shop.buy(account, date(2025, 1 + place, (account + place * 11) % 27 + 1), 100)
    result = found(shop, tmp_path)
    rows = {row["quadrant"]: row for row in result.table("matrix")}
    assert rows["loyal"]["cut"] == 2
    assert {name: row["customers"] for name, row in rows.items()} == {
        "loyal": 12,
        "latent": 12,
        "spurious": 8,
        "none": 8,
    }
    assert float(rows["spurious"]["net_revenue"]) == 8 * 400
    assert result.relations[0].id == "loyalty"
    assert repeat_cut([{"purchases": 0, "customers": 30}, {"purchases": 1, "customers": 10}]) == 2


def test_most_bought_once_does_not_make_everybody_loyal(tmp_path: Path) -> None:
    """trap: 10. With more than half one-time buyers the median is one purchase: the cut stays at two."""
    shop = surveyed()
    for account in range(1, 41):
        shop.buy(account, date(2025, 2, account % 27 + 1), 100)
    rows = {row["quadrant"]: row["customers"] for row in found(shop, tmp_path).table("matrix")}
    assert rows["loyal"] == rows["spurious"] == 0


def test_automatic_renewals_are_no_loyalty(tmp_path: Path) -> None:
    """trap: 21"""
    shop = surveyed()
    for account in range(1, 41):
        for place in range(6):
            shop.buy(account, date(2025, 1, account % 27 + 1) + timedelta(days=30 * place), 100)
    result = found(shop, tmp_path)
    assert not result.has("matrix")
    assert any("自动续费" in note.says.zh for note in result.notes)
