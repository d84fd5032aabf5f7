"""TGI of every trait per segment: by hand, with the segment inside the base, unknown left out of both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keguan import registry
from keguan.app.analyse import parameters
from keguan.core.errors import UsageError
from keguan.evidence.statistics.risk_ratio import risk_ratio
from keguan.result import Result
from shop import Shop
from shops import AS_OF

ANALYSIS = registry.get("tgi")


def run(shop: Shop, folder: Path, **params: str | int | float) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    raw = ANALYSIS.run(shop.inputs(folder, AS_OF), parameters(ANALYSIS, params))
    assert isinstance(raw, Result)
    return raw


def shop_of(large: int, small: int, women_large: int, women_small: int, unknown: int = 0) -> Shop:
    """`large` customers of class A who spend 1,000 and `small` of class C who spend 1; the last `unknown` of each
    have no gender."""
    shop = Shop()
    for account in range(1, large + small + 1):
        big = account <= large
        place, women = (account, women_large) if big else (account - large, women_small)
        missing = place > (large if big else small) - unknown
        gender = None if missing else "女" if place <= women else "男"
        shop.customers.append(
            {"customer_id": f"K{account}", "account_no": account, "kind": "person", "gender": gender}
        )
        shop.buy(account, date(2025, 6, 1), 1000 if big else 1)
    return shop


def test_the_index_by_hand(tmp_path: Path) -> None:
    """covers: C7. Of 40 A customers 30 are women, of 60 C customers 15: .75 / .45 = 167."""
    result = run(shop_of(40, 60, 30, 15), tmp_path, segmentation="abc_class")
    row = result.table("tgi").find({"segment": "A", "family": "person", "trait": "gender", "value": "女"})
    assert row is not None
    assert (row["customers"], row["known"], row["base"], row["base_known"]) == (30, 40, 45, 100)
    assert (row["share"], row["base_share"]) == (0.75, 0.45)
    assert row["index"] == pytest.approx(166.6667, abs=1e-3)
    ends = risk_ratio(30, 40, 15, 60)
    assert ends is not None
    assert row["low"] == pytest.approx(100 / (0.4 + 0.6 / ends.low), abs=1e-3)
    assert row["high"] == pytest.approx(100 / (0.4 + 0.6 / ends.high), abs=1e-3)
    assert row["verdict"] == "higher"
    assert [c.key for c in result.claims] == ["tgi/A/person/gender/女", "tgi/C/person/gender/男"]


def test_the_unknown_is_left_out_of_both_and_shown(tmp_path: Path) -> None:
    """covers: C7; trap: 17. With 10 unknown in each, shares are of 30 and 50 known."""
    result = run(shop_of(40, 60, 30, 15, unknown=10), tmp_path, segmentation="abc_class")
    row = result.table("tgi").find({"segment": "A", "family": "person", "trait": "gender", "value": "女"})
    assert row is not None
    assert (row["known"], row["base_known"], row["share"]) == (30, 80, 1.0)
    missing = result.table("unknown").find({"segment": "A", "family": "person", "trait": "gender"})
    assert missing is not None
    assert (missing["customers"], missing["unknown"], missing["share"]) == (40, 10, 0.25)
    assert all(row["value"] != "待核实" for row in result.table("tgi"))
    assert all(claim.n == 30 for claim in result.claims if claim.key.startswith("tgi/A"))


def test_equal_shares_are_no_finding(tmp_path: Path) -> None:
    """covers: C7"""
    result = run(shop_of(40, 60, 20, 30), tmp_path, segmentation="abc_class")
    row = result.table("tgi").find({"segment": "A", "family": "person", "trait": "gender", "value": "女"})
    assert row is not None
    assert row["index"] == 100
    assert row["verdict"] == "none"
    assert result.claims == ()


def test_all_tests_are_corrected_together(tmp_path: Path) -> None:
    """covers: C7. 20 answers drawn by arithmetic, one of them with p about .03: alone it would pass."""
    shop = shop_of(40, 60, 20, 30)
    for number in range(20):
        for account in range(1, 101):
            yes = (account * (number + 3)) % 2 == 0 if number else account % 5 < (3 if account <= 40 else 2)
            shop.add("customer_attributes", account_no=account, attribute=f"题{number:02d}",
                     attribute_value="是" if yes else "否")  # fmt: skip
    rows = run(shop, tmp_path, segmentation="abc_class").table("tgi").records()
    row = next(r for r in rows if (r["segment"], r["trait"], r["value"]) == ("A", "题00", "是"))
    assert row["p"] < 0.06
    assert row["q"] > 0.05
    assert row["verdict"] == "none"


def test_small_segments_are_withheld(tmp_path: Path) -> None:
    result = run(shop_of(20, 80, 20, 10), tmp_path, segmentation="abc_class")
    assert all(row["index"] is None for row in result.table("tgi") if row["segment"] == "A")
    assert any(note.kind == "withheld" for note in result.notes)


def test_levels_given_for_spend_are_no_sentence(tmp_path: Path) -> None:
    """covers: C7. All of class A have a gold card, because they spend."""
    shop = shop_of(40, 60, 20, 30)
    for row in shop.customers:
        row["member_level"] = "金卡" if row["account_no"] <= 40 else "普通"
    result = run(shop, tmp_path, segmentation="abc_class")
    row = result.table("tgi").find(
        {"segment": "A", "family": "person", "trait": "member_level", "value": "金卡"}
    )
    assert row is not None
    assert row["verdict"] == "higher"
    assert result.claims == ()


def test_the_segmentation_and_the_bands_are_parameters(tmp_path: Path) -> None:
    """covers: C7"""
    shop = shop_of(40, 60, 20, 30)
    for row in shop.customers:
        row["birth_date"] = date(1990, 1, 1)
    rows = run(shop, tmp_path, segmentation="lifecycle_stage", age_bands="3-year").table("tgi").records()
    assert {row["segment"] for row in rows} <= {"获取", "转化", "忠诚", "挽留"}
    assert {row["value"] for row in rows if row["trait"] == "age"} == {"33-35"}
    with pytest.raises(UsageError, match="segmentation"):
        parameters(ANALYSIS, {"segmentation": "nothing"})


def test_without_traits_it_says_what_to_import(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 6, 1), 10, region=None)
    result = run(shop, tmp_path)
    assert not len(result.table("tgi").rows)
    assert [note.kind for note in result.notes] == ["missing"]
    assert "客户资料" in result.notes[0].says.zh
