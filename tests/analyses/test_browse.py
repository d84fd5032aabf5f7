"""Browsing by hand and against plain Python: pages, products, search and categories, engagement."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from event_logs import rees46, retentioneering
from keguan.analyses.browse import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)
START = datetime(2025, 6, 2, 9)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, min_n: int = 1, **params: Any) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    result = run(shop.inputs(folder, as_of, Settings(min_n=min_n)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def event(shop: Shop, session: str, minute: float, name: str, **more: Any) -> None:
    shop.add("events", visitor_id=f"v{session}", session_id=session, occurred_at=START + timedelta(minutes=minute),
             name=name, **more)  # fmt: skip


def test_a_case_by_hand(tmp_path: Path) -> None:
    """covers: E4. The page is the same with and without what follows the question mark; what is sent twice counts once."""
    shop = Shop()
    shop.products = [{"product_id": "P1", "name": "台灯"}]
    event(shop, "1", 0, "view", page="/a?user=138", product_id="P1", dwell_seconds=10)
    event(shop, "1", 0, "view", page="/a?user=138", product_id="P1", dwell_seconds=10)
    event(shop, "1", 1, "view", page="/a#top", product_id="P1", dwell_seconds=20)
    event(shop, "1", 2, "purchase", page="/pay", product_id="P1")
    event(shop, "2", 0, "view", page="/a", product_id="P2", dwell_seconds=60)
    event(shop, "3", 0, "view", page="/b")
    result = found(shop, tmp_path)
    pages = {row["page"]: row for row in result.table("pages")}
    assert set(pages) == {"/a", "/b", "/pay"}
    assert (pages["/a"]["views"], pages["/a"]["sessions"], pages["/a"]["converted"]) == (3, 2, 1)
    assert (pages["/a"]["dwell"], pages["/a"]["rate"]) == (30, 0.5)
    assert pages["/a"]["share"] == pytest.approx(2 / 3, abs=1e-6)
    products = {row["product_id"]: row for row in result.table("products")}
    assert (products["P1"]["name"], products["P1"]["views"], products["P1"]["converted"]) == ("台灯", 2, 1)
    assert (products["P2"]["name"], products["P2"]["sessions"], products["P2"]["converted"]) == (None, 1, 0)
    everybody = result.table("engagement").find({"dimension": "全部", "value": "全部"})
    assert everybody is not None
    assert (everybody["sessions"], everybody["single"], everybody["minutes"]) == (3, 2, 0)
    assert everybody["events"] == pytest.approx(5 / 3, abs=0.01)
    assert everybody["dwell"] == 45  # 30 and 60; the third tells none


def random_visits(seed: int = 3) -> Shop:
    shop, rng = Shop(), random.Random(seed)
    for number in range(300):
        for minute in range(rng.randrange(1, 8)):
            name = rng.choice(["search", "category", "view", "view", "purchase"])
            event(shop, f"s{number}", number * 60 + minute, name, page=f"/{rng.randrange(4)}",
                  device=("web", "app")[number % 2], dwell_seconds=rng.choice([None, 5, 50]),
                  product_id=rng.choice([None, "A", "B"]))  # fmt: skip
    rng.shuffle(shop.records["events"])
    return shop


def sessions(shop: Shop) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in shop.records["events"]:
        groups[row["session_id"]].append(row)
    return groups


def test_the_same_figures_in_plain_python(tmp_path: Path) -> None:
    """covers: E4"""
    shop = random_visits()
    result = found(shop, tmp_path)
    groups = list(sessions(shop).values())
    bought = [any(row["name"] == "purchase" for row in rows) for rows in groups]
    for row in result.table("pages"):
        mine = [
            end
            for rows, end in zip(groups, bought, strict=True)
            if any(r["page"] == row["page"] for r in rows)
        ]
        assert (row["sessions"], row["converted"]) == (len(mine), sum(mine))
        assert row["views"] == sum(r["page"] == row["page"] for rows in groups for r in rows)
    ways: dict[str, list[bool]] = defaultdict(list)
    for rows, end in zip(groups, bought, strict=True):
        names = {row["name"] for row in rows}
        way = {
            (True, True): "both",
            (True, False): "search",
            (False, True): "category",
            (False, False): "neither",
        }
        ways[way["search" in names, "category" in names]].append(end)
    assert {row["way"]: (row["sessions"], row["converted"]) for row in result.table("ways")} == {
        way: (len(ends), sum(ends)) for way, ends in ways.items()
    }
    for row in result.table("products"):
        mine = [rows for rows in groups if any(r["product_id"] == row["product_id"] for r in rows)]
        assert row["sessions"] == len(mine)
        assert row["converted"] == sum(
            any(r["product_id"] == row["product_id"] and r["name"] == "purchase" for r in rows)
            for rows in mine
        )
    for row in result.table("engagement"):
        mine = [rows for rows in groups if row["value"] in ("全部", rows[0]["device"])]
        spans = [(max(r["occurred_at"] for r in rows) - min(r["occurred_at"] for r in rows)) for rows in mine]
        assert row["minutes"] == pytest.approx(median(span.total_seconds() / 60 for span in spans))
        assert row["single"] == sum(len(rows) == 1 for rows in mine)
    seen = result.table("page_groups").find({"page": "/1", "dimension": "device", "value": "app"})
    assert seen is not None
    assert seen["sessions"] == sum(
        any(row["page"] == "/1" for row in rows) for rows in groups if rows[0]["device"] == "app"
    )


@pytest.mark.parametrize(
    ("share", "says"), [(0.6, "search_higher"), (0.05, "search_lower"), (0.3, "search_same")]
)
def test_search_is_called_higher_only_after_a_test(share: float, says: str, tmp_path: Path) -> None:
    """covers: E4"""
    shop, rng = Shop(), random.Random(1)
    for number in range(500):
        searches = number % 2 == 0
        event(shop, f"s{number}", 0, "search" if searches else "category")
        if rng.random() < (share if searches else 0.3):
            event(shop, f"s{number}", 1, "purchase")
    result = found(shop, tmp_path, min_n=30)
    (claim,) = [claim for claim in result.claims if claim.key == "browse/search"]
    assert claim.says == says
    assert claim.test is not None
    assert claim.test.passed == (says != "search_same")


def test_a_group_that_leaves_at_once_is_named(tmp_path: Path) -> None:
    shop, rng = Shop(), random.Random(2)
    for number in range(400):
        device = ("phone", "desk")[number % 2]
        for minute in range(1 if rng.random() < (0.6 if device == "phone" else 0.2) else 3):
            event(
                shop,
                f"s{number}",
                minute,
                "view",
                device=device,
                page="/only-phone" if device == "phone" else "/x",
            )
    result = found(shop, tmp_path, min_n=30)
    said = {claim.key for claim in result.claims}
    assert "browse/single_higher/device/phone" in said
    assert "browse/page_higher//only-phone/device/phone" in said


def test_published_logs(tmp_path: Path, data_sets: Path) -> None:
    """A log without pages says so; one of three hours is too short for retention; ids stay exact."""
    if not (data_sets / "rees46_events").is_dir():
        pytest.skip("no data sets")
    short = found(rees46(data_sets), tmp_path / "1", date(2019, 10, 2), min_n=30)
    assert any("retention" in note.says.en for note in short.notes)
    assert any("no pages" in note.says.en for note in short.notes)
    assert max(row["sessions"] for row in short.table("products")) == 126
    long = found(retentioneering(data_sets), tmp_path / "2", date(2024, 6, 30), min_n=30)
    assert sum(row["sessions"] for row in long.table("ways")) == 3605
    assert sum(row["converted"] for row in long.table("ways")) == 470


def test_purchases_that_name_no_product_give_no_rate(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(40):
        event(shop, f"s{number}", 0, "view", product_id="P1")
        event(shop, f"s{number}", 1, "purchase")
    result = found(shop, tmp_path, min_n=30)
    (row,) = result.table("products").records()
    assert (row["sessions"], row["converted"], row["rate"]) == (40, None, None)
    assert [claim.says for claim in result.claims if claim.key == "browse/product"] == ["product_seen"]
    assert any("do not name a product" in note.says.en for note in result.notes)


def test_one_event_and_no_goal(tmp_path: Path) -> None:
    shop = Shop()
    event(shop, "1", 0, "help", page="/h")
    result = found(shop, tmp_path, min_n=30)
    assert result.claims == ()
    assert result.table("pages").records()[0]["rate"] is None
    assert {note.kind for note in result.notes} >= {"withheld", "missing"}
