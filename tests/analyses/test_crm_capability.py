"""The scored sheet by hand: cuts, evidence, sums."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from keguan.analyses.crm_capability import ANALYSIS, ITEMS, Params, run, score
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.result import Result
from keguan.schema.terms.value import CRM_ITEM
from shop import Shop
from shops import full


def found(shop: Shop, folder: Path) -> Result:
    result = run(shop.inputs(folder, date(2025, 6, 30), Settings()), Params())
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


@pytest.mark.parametrize(
    ("hit", "base", "points"),
    [
        (0, 0, 0),
        (0, 10, 0),
        (19, 100, 0),
        (20, 100, 1),
        (40, 100, 2),
        (60, 100, 3),
        (80, 100, 4),
        (94, 100, 4),
        (95, 100, 5),
        (9, 9, 5),
    ],
)
def test_the_rule_of_all_items(hit: int, base: int, points: int) -> None:
    assert score(hit, base) == points


def test_items_by_hand(tmp_path: Path) -> None:
    """covers: M4."""
    shop = Shop()
    for account in (1, 2, 3, 4, None):
        shop.buy(account, date(2025, 3, 1), 10, cost=5)
    shop.buy(5, date(2020, 1, 1), 10)  # outside the months looked at
    shop.customers = [
        {"customer_id": str(n), "account_no": n, "owner": "王芳" if n == 1 else None} for n in (1, 2)
    ]
    shop.add("contacts", account_no=1, contacted_at=datetime(2025, 3, 5), outcome="replied")
    shop.add("contacts", account_no=1, contacted_at=datetime(2025, 3, 6))
    shop.add(
        "feedback",
        feedback_id="f",
        kind="complaint",
        account_no=2,
        raised_at=datetime(2025, 4, 1),
        status="open",
    )
    shop.add(
        "campaign_members", campaign_id="c", account_no=1, arm="control", assigned_at=datetime(2025, 4, 1)
    )
    rows = {
        row["item"]: (row["hit"], row["base"], row["score"]) for row in found(shop, tmp_path).table("items")
    }
    assert rows["orders_identified"] == (4, 5, 4)
    assert rows["buyers_on_file"] == (2, 4, 2)
    assert rows["records_owned"] == (1, 2, 2)
    assert rows["buyers_contacted"] == (1, 4, 1)
    assert rows["contacts_answered"] == (1, 2, 2)
    assert rows["issues_solved"] == (0, 1, 0)
    assert rows["costs_known"] == (5, 5, 5)
    assert rows["campaigns_controlled"] == (1, 1, 5)
    assert rows["events_identified"] == (0, 0, 0)


def test_totals_are_sums_of_the_items_shown(tmp_path: Path) -> None:
    """covers: M4."""
    result = run(full().inputs(tmp_path, date(2025, 6, 20), Settings()), Params())
    items, areas = result.table("items").records(), {row["area"]: row for row in result.table("areas")}
    assert len(items) == len(ITEMS) == len(CRM_ITEM)
    assert (
        areas["*"]["score"]
        == sum(row["score"] for row in items)
        == sum(areas[a]["score"] for a in areas if a != "*")
    )
    assert areas["*"]["best"] == 5 * len(items)
    assert areas["*"]["unmeasured"] == sum(row["evidence"] == "no_data" for row in items)


def test_without_data_there_is_no_sheet(tmp_path: Path) -> None:
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]
