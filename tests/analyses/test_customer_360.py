"""One customer: found by id, key or account number; segments as of then; personal data masked; steps by rule."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from keguan import registry
from keguan.analyses.customer_360.segments import quarter_ends
from keguan.app.analyse import parameters
from keguan.app.checking import faults
from keguan.cli.output import as_json
from keguan.core.errors import UsageError
from keguan.report.recipe import load_recipe, recipes
from keguan.result import Result
from shop import Shop
from shops import AS_OF, ODD

ANALYSIS = registry.get("customer_360")


def run(shop: Shop, folder: Path, customer: str, as_of: date = AS_OF, **params: Any) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    raw = ANALYSIS.run(shop.inputs(folder, as_of), parameters(ANALYSIS, {"customer": customer, **params}))
    assert isinstance(raw, Result)
    for claim in raw.claims:
        assert faults(raw, ANALYSIS, claim) == (), claim.key
    return raw


def known() -> Shop:
    """60 customers; the first bought monthly until 2024, complained twice, and is known by id and phone."""
    shop = Shop()
    for account in range(1, 61):
        shop.customers.append({"customer_id": f"KH{account:04d}", "account_no": account, "kind": "person",
                               "name": f"王小{account}", "gender": "女", "birth_date": date(1990, 5, 17),
                               "province": "四川", "source": "crm",
                               "registered_at": datetime(2023, 12, 31, 18, 0)})  # fmt: skip
        late = account > 20
        for month in range(1, 11):
            odd = (
                0 if account == 1 and month in (1, 10) else (7 * account + 5 * month) % 19
            )  # no automatic renewal
            day = (
                date(2024, month, 5) if not late else date(2024, 8, 1) + timedelta(days=29 * month)
            ) + timedelta(days=odd)
            shop.buy(account, day, 100 if account <= 30 else 20)
    shop.add(
        "customer_keys",
        account_no=1,
        customer_id="KH0001",
        key_type="phone",
        key_value="13812345678",
        source="crm",
    )
    shop.add("feedback", feedback_id="F1", kind="complaint", account_no=1, topic="物流", unit="客服",
             raised_at=datetime(2025, 3, 1, 9), status="open", text="王小1 的电话 13812345678", source="crm")  # fmt: skip
    shop.add("feedback", feedback_id="F2", kind="complaint", account_no=1, topic="质量", raised_at=datetime(2025, 1, 1, 9),
             resolved_at=datetime(2025, 1, 5, 9), status="solved", source="crm")  # fmt: skip
    shop.add("consents", account_no=1, purpose="sms", granted=True, given_at=datetime(2024, 1, 1, 9))
    shop.add("consents", account_no=1, purpose="sms", granted=False, given_at=datetime(2024, 6, 1, 9))
    for hour in range(3):
        shop.add("events", visitor_id="V", account_no=1, name="view", occurred_at=datetime(2025, 2, 1, hour))
    return shop


def test_without_a_customer_it_shows_nobody_and_says_so(tmp_path: Path) -> None:
    """covers: C6"""
    result = run(known(), tmp_path, "")
    assert result.tables == ()
    assert [note.kind for note in result.notes] == ["missing"]
    assert "No customer was given" in result.notes[0].says.en


def test_facts_timeline_sources_and_consents(tmp_path: Path) -> None:
    """covers: C6"""
    shop = known()
    result = run(shop, tmp_path, "KH0001")
    facts = {row["fact"]: row["value"] for row in result.table("facts")}
    assert facts["first_order_on"] == date(2024, 1, 5)
    assert facts["last_purchase_on"] == date(2024, 10, 5)
    assert (facts["purchases"], facts["net_revenue"], facts["customers"]) == (10, 1000, 60)
    assert facts["place"] == 1  # thirty have as much
    days = sorted(line["day"] for line in shop.lines if line["account_no"] == 1)
    assert facts["own_gap"] == median((b - a).days for a, b in pairwise(days))
    times = {(row["day"], row["kind"]): row["rows"] for row in result.table("timeline")}
    assert times[date(2025, 2, 1), "visit"] == 3  # summarised per day
    assert times[date(2025, 1, 5), "resolved"] == 1
    assert times[date(2024, 6, 1), "objection"] == 1
    listed = [row["day"] for row in result.table("timeline")]
    assert listed == sorted(listed, reverse=True)
    assert result.table("consents").records() == [
        {"purpose": "sms", "granted": False, "day": date(2024, 6, 1)}
    ]
    sources = {row["entity"]: (row["source"], row["rows"]) for row in result.table("sources")}
    assert sources["feedback"] == ("crm", 2)
    assert sources["events"] == ("待核实", 3)


def test_open_issues_are_those_not_solved_by_the_as_of_date(tmp_path: Path) -> None:
    """covers: C6. On 3 January 2025 the complaint that was solved on the 5th is open, that of March unknown."""
    shop = known()
    now = run(shop, tmp_path / "a", "KH0001").table("open_issues").records()
    assert [(row["topic"], row["days"]) for row in now] == [("物流", 111)]
    then = run(shop, tmp_path / "b", "KH0001", as_of=date(2025, 1, 3)).table("open_issues").records()
    assert [row["topic"] for row in then] == ["质量"]


def test_segments_of_the_past_are_those_of_then(tmp_path: Path) -> None:
    """covers: C6; trap: 13; trap: 2. Recent and valuable in October 2024, no longer so in June 2025; each row as if
    it had been computed on its day."""
    shop = known()
    rows = run(shop, tmp_path / "now", "KH0001").table("segments").records()
    assert [row["as_of"] for row in rows] == [
        AS_OF, date(2025, 3, 31), date(2024, 12, 31), date(2024, 9, 30), date(2024, 6, 30),
    ]  # fmt: skip
    for row in rows[1:]:
        inputs = shop.inputs(tmp_path, row["as_of"])
        sql = f"SELECT label FROM {inputs.segment('rfm')} WHERE account_no = 1"
        assert inputs.query(sql).to_pylist() == [{"label": row["rfm"]}]
    assert rows[0]["rfm"] != rows[3]["rfm"]


def test_quarters_follow_the_fiscal_year() -> None:
    assert quarter_ends(date(2025, 3, 31), 2, 1) == [date(2024, 12, 31), date(2024, 9, 30)]
    assert quarter_ends(date(2025, 4, 1), 2, 1) == [date(2025, 3, 31), date(2024, 12, 31)]
    assert quarter_ends(date(2025, 6, 20), 2, 2) == [date(2025, 4, 30), date(2025, 1, 31)]
    assert quarter_ends(date(2025, 6, 20), 0, 1) == []


def test_personal_data_are_masked_unless_asked_for(tmp_path: Path) -> None:
    """covers: C6"""
    shop = known()
    shown = as_json(
        run(shop, tmp_path / "a", "#1").pinned(as_of=AS_OF, params={}, versions={}, code="t"), ANALYSIS, "zh"
    )
    for secret in ("王小1", "13812345678", "1990", "KH0001"):
        assert secret not in shown
    rows = {row["attribute"]: row["value"] for row in run(shop, tmp_path / "a", "#1").table("identity")}
    assert (rows["name"], rows["gender"], rows["birth_date"], rows["phone"]) == (
        "王***",
        "***",
        "***",
        "13***78",
    )
    assert rows["registered_at"] == "2024-01-01 02:00"  # in the workspace's zone
    assert rows["province"] == "四川"
    rows = {
        r["attribute"]: r["value"]
        for r in run(shop, tmp_path / "b", "#1", show_personal=True).table("identity")
    }
    assert (rows["name"], rows["gender"], rows["birth_date"], rows["phone"]) == (
        "王小1",
        "女",
        "1990-05-17",
        "13812345678",
    )


@pytest.mark.parametrize("given", ["KH0001", " KH0001 ", "#1", "1", "13812345678"])
def test_a_customer_is_found_by_id_key_or_account_number(given: str, tmp_path: Path) -> None:
    """covers: C6"""
    rows = run(known(), tmp_path, given).table("identity")
    assert next(r["value"] for r in rows if r["attribute"] == "account_no") == "#1"


def test_an_id_goes_before_an_account_number(tmp_path: Path) -> None:
    """A customer whose id is '7' is not account 7."""
    shop = known()
    shop.customers.append({"customer_id": "7", "account_no": 90, "kind": "person"})
    rows = run(shop, tmp_path, "7").table("identity")
    assert next(r["value"] for r in rows if r["attribute"] == "account_no") == "#90"


def test_an_unknown_id_tells_the_form_of_ids_and_nobody_else(tmp_path: Path) -> None:
    """covers: C6"""
    shop = known()
    shop.customers.append({"customer_id": "李四", "account_no": 90})
    with pytest.raises(UsageError) as error:
        run(shop, tmp_path, "KH9999")
    said = error.value.paragraph("zh") + error.value.paragraph("en")
    assert "AA9999" in said
    assert "文文" in said
    assert "KH00" not in said
    assert "李" not in said
    assert error.value.exit_code == 2


@pytest.mark.parametrize("given", ["138****5678", "K***1", "王*"])
def test_a_masked_id_is_no_customer_id(given: str, tmp_path: Path) -> None:
    """covers: C6; trap: 18. Even where a file holds it as an id."""
    shop = known()
    shop.customers.append({"customer_id": given, "account_no": 90})
    with pytest.raises(UsageError, match=r"(?i)masked"):
        run(shop, tmp_path, given)


def test_one_id_of_two_sources_asks_which(tmp_path: Path) -> None:
    shop = known()
    shop.customers.append({"customer_id": "KH0001", "account_no": 91, "source": "shop"})
    with pytest.raises(UsageError) as error:
        run(shop, tmp_path, "KH0001")
    assert "#1, #91" in error.value.paragraph("en")


def test_the_next_step_follows_from_rules(tmp_path: Path) -> None:
    """covers: C6. Open issue first; class; no marketing against an objection."""
    steps = [(r["step"], r["reason"]) for r in run(known(), tmp_path, "KH0001").table("steps")]
    assert steps[0] == ("solve_first", "open_issue")
    assert steps[-1] == ("no_marketing", "objection")
    assert ("主动回访", "rfm_class") in steps or ("由专人联系", "rfm_class") in steps


def test_a_customer_without_an_order_is_shown_too(tmp_path: Path) -> None:
    """covers: C6"""
    shop = known()
    shop.customers.append({"customer_id": "NEW1", "account_no": 99, "kind": "person"})
    result = run(shop, tmp_path, "NEW1")
    assert not len(result.table("facts").rows)
    assert [row["step"] for row in result.table("steps")] == ["first_order"]
    assert any("没有订单" in note.says.zh for note in result.notes)


def test_it_is_about_a_person_and_part_of_no_report(tmp_path: Path) -> None:
    """covers: C6"""
    for name in recipes():
        assert "customer_360" not in json.dumps(load_recipe(name), default=str)
    assert all(not claim.summary for claim in run(known(), tmp_path, "#1").claims)


@pytest.mark.parametrize("odd", [name for name in ODD if name not in ("empty", "guests only")])
def test_it_bears_odd_shops(odd: str, tmp_path: Path) -> None:
    result = run(ODD[odd](), tmp_path, "#1")
    assert len(result.table("identity").rows)
    for table in result.tables:
        keys = [tuple(row[name] for name in table.key) for row in table.records()]
        assert len(keys) == len(set(keys)), table.id


@pytest.mark.parametrize("odd", ["empty", "guests only"])
def test_where_there_are_no_customers_there_is_none(odd: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run(ODD[odd](), tmp_path, "#1")


@pytest.mark.parametrize(
    "given", ["' OR 1=1 --", "x'; DROP TABLE customers; --", "\x1b[31m", "KH0001\x00", "9" * 400]
)
def test_an_id_is_text_and_nothing_else(given: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        run(known(), tmp_path, given)
    assert "\x1b" not in error.value.paragraph("en")
    assert len(error.value.paragraph("en")) < 1200
