"""Customer records by hand: columns that apply, freshness, owners missing and in dispute."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from keguan.analyses.records import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, **params: Any) -> Result:
    result = run(shop.inputs(folder, AS_OF, Settings()), Params(**params))
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


def people() -> Shop:
    """Two persons and a company; one person has no owner, the company two accounts under two owners."""
    shop = Shop()
    shop.buy(1, date(2025, 6, 1), 100)
    shop.buy(2, date(2023, 6, 1), 40)
    shop.buy(3, date(2025, 1, 1), 500)
    shop.customers = [
        {
            "customer_id": "a",
            "account_no": 1,
            "kind": "person",
            "gender": "女",
            "owner": "王芳",
            "branch": "东区",
        },
        {"customer_id": "b", "account_no": 2, "kind": "person"},
        {
            "customer_id": "c",
            "account_no": 3,
            "kind": "company",
            "industry_code": "C",
            "owner": "王芳",
            "branch": "东区",
        },
        {"customer_id": "c", "account_no": 4, "kind": "company", "owner": "李强", "branch": "西区"},
    ]
    return shop


def test_a_column_counts_over_the_records_that_it_applies_to(tmp_path: Path) -> None:
    """covers: M5."""
    rows = {row["column_name"]: row for row in found(people(), tmp_path).table("columns")}
    assert (rows["gender"]["applicable"], rows["gender"]["filled"], rows["gender"]["share"]) == (2, 1, 0.5)
    assert (rows["industry_code"]["applicable"], rows["industry_code"]["filled"]) == (2, 1)
    assert (rows["owner"]["applicable"], rows["owner"]["filled"]) == (4, 3)


def test_completeness_and_freshness_by_branch_and_owner(tmp_path: Path) -> None:
    """covers: M5."""
    result = found(people(), tmp_path)
    groups = {(row["dimension"], row["part"]): row for row in result.table("groups")}
    # person 1: kind, gender, owner, branch of 15 columns; company 3: kind, industry, owner, branch of 14
    assert groups[("branch", "东区")]["filled"] == round(8 / 29, 6)
    assert (groups[("owner", "待核实")]["unowned"], groups[("owner", "待核实")]["stale"]) == (1, 1)
    bands = {row["band"]: row["records"] for row in result.table("freshness")}
    assert bands == {"90": 1, "180": 1, "older": 1, "never": 1}


def test_owners_missing_and_in_dispute(tmp_path: Path) -> None:
    """covers: M5. The same customer id on two accounts; its number is not shown."""
    shop = people()
    shop.customers.append({"customer_id": "a2", "account_no": 1, "kind": "person", "owner": "陈静"})
    result = found(shop, tmp_path)
    issues = {row["issue"]: (row["cases"], row["net_revenue"]) for row in result.table("ownership")}
    assert issues == {"none": (1, 40), "dispute": (2, 600), "account": (1, 100), "customer_id": (1, 500)}
    first = result.table("disputes").records()[0]
    assert (first["account"], first["other_account"], {first["owner"], first["other_owner"]}) == (
        "3",
        "4",
        {"王芳", "李强"},
    )
    assert {"records/owners", "records/disputes"} <= {claim.key for claim in result.claims}


def test_a_masked_key_is_no_dispute(tmp_path: Path) -> None:
    """trap: 18."""
    shop = people()
    shop.customers[3]["customer_id"] = "d"
    for number, key in ((3, "138****1234"), (4, "138****1234"), (1, "13800001111"), (4, "13800001111")):
        shop.add("customer_keys", account_no=number, key_type="phone", key_value=key, source=f"s{number}")
    issues = {row["issue"]: row["cases"] for row in found(shop, tmp_path).table("ownership")}
    assert issues == {"none": 1, "dispute": 1, "key": 1}


def test_a_contact_is_news(tmp_path: Path) -> None:
    shop = people()
    shop.add("contacts", account_no=2, contacted_at=datetime(2025, 6, 20, 9))
    bands = {row["band"]: row["records"] for row in found(shop, tmp_path).table("freshness")}
    assert bands == {"90": 2, "180": 1, "never": 1}


def test_without_records_it_says_what_to_import(tmp_path: Path) -> None:
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]
