"""Social media by hand: sums and levels, usual variation, shares of regions, never a person."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.social import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

START, AS_OF = date(2025, 1, 1), date(2025, 12, 31)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, **params: Any) -> Result:
    return run(shop.inputs(folder, as_of, Settings()), Params(**params))


def year(last_quarter: float = 1.0, west: float = 0.5) -> Shop:
    """100 likes a day on 微博 (a little up and down by month), those of the last quarter times `last_quarter`; 四川 half of
    them, `west` of the last quarter. Followers grow by one a day."""
    shop, day = Shop(), START
    while day <= AS_OF:
        late = day >= date(2025, 10, 1)
        likes = (100 + 3 * (day.month % 3) + day.day % 7) * (last_quarter if late else 1)
        share = (west if late else 0.5) + (day.day % 5 - 2) / 100
        for region, part in (("四川", share), ("广东", 1 - share)):
            shop.add(
                "social_metrics",
                day=day,
                channel="微博",
                region=region,
                metric="点赞数",
                value=round(likes * part, 4),
            )
        shop.add("social_metrics", day=day, channel="微博", metric="粉丝数", value=1000 + (day - START).days)
        day += timedelta(days=1)
    return shop


def test_sums_add_up_and_levels_are_read_at_the_end(tmp_path: Path) -> None:
    """covers: A4."""
    rows = {row["metric"]: row for row in found(year(), tmp_path).table("metrics")}
    assert (rows["粉丝数"]["kind"], rows["粉丝数"]["now"], rows["粉丝数"]["before"]) == ("level", 1364, 1272)
    assert rows["粉丝数"]["verdict"] == "未检验"  # a level that grows as ever is no news
    assert rows["点赞数"]["now"] == pytest.approx(92 * 103, rel=0.03)
    assert rows["点赞数"]["days"] == 92


def test_a_change_beyond_the_usual_is_said_and_a_usual_one_is_not(tmp_path: Path) -> None:
    """covers: A4. trap: 7."""
    result = found(year(3), tmp_path)
    row = result.table("metrics").find({"metric": "点赞数", "channel": "微博"})
    assert row is not None
    assert row["verdict"] == "显著增加"
    assert "up" in {claim.says for claim in result.claims}
    (tmp_path / "usual").mkdir()
    usual = found(year(1.02), tmp_path / "usual")
    row = usual.table("metrics").find({"metric": "点赞数", "channel": "微博"})
    assert row is not None
    assert row["verdict"] == "无显著变化"
    assert not {"up", "down"} & {claim.says for claim in usual.claims}


def test_shares_of_regions_with_days_as_units(tmp_path: Path) -> None:
    """covers: A4. trap: 8."""
    result = found(year(west=0.6), tmp_path)
    rows = {row["part"]: row for row in result.table("parts")}
    assert rows["四川"]["share"] == pytest.approx(0.6, abs=0.005)
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1, abs=1e-6)
    assert (rows["四川"]["verdict"], rows["广东"]["verdict"]) == ("显著增加", "显著减少")
    assert {"share_up", "share_down"} <= {claim.says for claim in result.claims}
    (tmp_path / "same").mkdir()
    same = found(year(), tmp_path / "same").table("parts").records()
    assert {row["verdict"] for row in same} == {"无显著变化"}


def test_windows_of_one_length_in_mid_month(tmp_path: Path) -> None:
    """trap: 9."""
    rows = {row["period"]: row for row in found(year(), tmp_path, date(2025, 9, 15)).table("periods")}
    assert (rows["recent"]["first"], rows["recent"]["last"]) == (date(2025, 6, 16), date(2025, 9, 15))
    assert (rows["before"]["first"], rows["before"]["last"]) == (date(2025, 3, 16), date(2025, 6, 15))


def test_nothing_is_read_of_persons() -> None:
    """covers: A4."""
    assert ANALYSIS.reads == ("social_metrics",)


def test_little_or_nothing_is_said_to_be_so(tmp_path: Path) -> None:
    assert found(Shop(), tmp_path).notes[0].kind == "missing"
    shop = Shop()
    shop.add("social_metrics", day=date(2025, 12, 1), channel="微博", metric="点赞数", value=5)
    (tmp_path / "one").mkdir()
    assert {note.kind for note in found(shop, tmp_path / "one").notes} == {"withheld"}
