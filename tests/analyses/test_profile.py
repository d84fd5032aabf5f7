"""Profile: who the customers are, by hand and against independent computations."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keguan import registry
from keguan.analyses import profile
from keguan.analyses.profile import traits
from keguan.analysis import Inputs
from keguan.app.analyse import parameters
from keguan.core.errors import UsageError
from keguan.result import Result
from shop import Shop
from shops import AS_OF

ANALYSIS = registry.get("profile")


def run(shop: Shop, folder: Path, as_of: date = AS_OF, **params: str | int | float) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    raw = ANALYSIS.run(shop.inputs(folder, as_of), parameters(ANALYSIS, params))
    assert isinstance(raw, Result)
    return raw


def person(shop: Shop, account: int, **known: object) -> None:
    shop.customers.append({"customer_id": f"K{account}", "account_no": account, "kind": "person", **known})


def forty() -> Shop:
    """30 women of Sichuan aged 30 who spend 100 each, 8 men of Guangdong aged 20 who spend 50, one of whom nothing is
    known, one who never ordered."""
    shop = Shop()
    for account in range(1, 31):
        person(shop, account, gender="女", birth_date=date(1995, 1, 1), province="四川")
        shop.buy(account, date(2025, 6, 1), 100)
    for account in range(31, 39):
        person(shop, account, gender="男", birth_date=date(2005, 1, 1), province="广东")
        shop.buy(account, date(2025, 6, 1), 50)
    person(shop, 39)
    shop.buy(39, date(2025, 6, 1), 10, region=None)
    person(shop, 40, gender="女", birth_date=date(1995, 1, 1), province="四川")
    return shop


def test_spend_by_age_gender_and_place_adds_up(tmp_path: Path) -> None:
    """covers: C2; trap: 8. The cell of one customer is joined into 'other', and nothing is lost."""
    rows = run(forty(), tmp_path).table("spend").records()
    cells = {(r["age"], r["gender"], r["place"]): r for r in rows}
    assert set(cells) == {("29-35", "女", "四川"), ("18-23", "男", "广东"), ("其他", "其他", "其他")}
    women = cells["29-35", "女", "四川"]
    assert (women["customers"], women["buyers"], women["net_revenue"]) == (31, 30, 3000)
    assert women["per_customer"] == Decimal("96.7742")  # one of 31 never ordered and counts as 0
    assert women["revenue_share"] == pytest.approx(3000 / 3410, abs=1e-6)
    assert cells["其他", "其他", "其他"]["customers"] == 1
    assert sum(r["share"] for r in rows) == pytest.approx(1, abs=1e-5)
    assert sum(r["revenue_share"] for r in rows) == pytest.approx(1, abs=1e-5)
    assert sum(r["customers"] for r in rows) == 40


def test_a_group_is_named_only_where_it_brings_more_than_its_share_of_customers(tmp_path: Path) -> None:
    """31 of 40 bring 88 % of revenue with 78 % of the customers; when all spend alike, they are only many."""
    named = run(forty(), tmp_path / "a")
    assert "profile/group" in {claim.key for claim in named.claims}
    shop = Shop()
    for account in range(1, 101):
        women = account <= 60
        person(
            shop, account, gender="女" if women else "男",
            birth_date=date(1995 if women else 2005, 1, 1), province="四川" if women else "广东",
        )  # fmt: skip
        shop.buy(account, date(2025, 6, 1), 100)
    alike = run(shop, tmp_path / "b")
    row = alike.table("spend").find({"age": "29-35", "gender": "女", "place": "四川"})
    assert row is not None
    assert (row["share"], row["revenue_share"]) == (0.6, 0.6)
    assert "profile/group" not in {claim.key for claim in alike.claims}


def test_what_is_unknown_is_a_row_of_its_own(tmp_path: Path) -> None:
    """covers: C1; trap: 8. 15 + 32 + 28 of 100 known: the other 25 are shown, not hidden in a base of 75."""
    shop = Shop()
    for account in range(1, 101):
        income = "低" if account <= 15 else "中" if account <= 47 else "高" if account <= 75 else None
        person(shop, account, income=income)
        shop.buy(account, date(2025, 6, 1), 10)
    rows = {r["value"]: r for r in run(shop, tmp_path).table("traits") if r["trait"] == "income"}
    assert {value: r["share"] for value, r in rows.items()} == {
        "低": 0.15,
        "中": 0.32,
        "高": 0.28,
        "待核实": 0.25,
    }
    assert list(rows)[-1] == "待核实"
    gap = next(r for r in run(shop, tmp_path).table("gaps") if r["trait"] == "income")
    assert (gap["customers"], gap["unknown"], gap["share"]) == (100, 25, 0.25)


def test_a_customer_who_never_ordered_counts_and_is_said(tmp_path: Path) -> None:
    """covers: C1"""
    result = run(forty(), tmp_path)
    base = result.table("everybody").records()[0]
    assert (base["customers"], base["buyers"], base["without_order"]) == (40, 39, 1)
    claim = next(c for c in result.claims if c.key == "profile/base")
    assert result.value(claim.values["without"]) == 1


def test_who_registered_after_the_as_of_date_is_not_there(tmp_path: Path) -> None:
    """The last moment of the day in the workspace's zone: 16:00 UTC is midnight in Shanghai."""
    shop = forty()
    person(shop, 41, registered_at=datetime(2025, 6, 20, 15, 59))
    person(shop, 42, registered_at=datetime(2025, 6, 20, 16, 0))
    assert run(shop, tmp_path).table("everybody").records()[0]["customers"] == 41


def test_bands_follow_the_parameter(tmp_path: Path) -> None:
    """covers: C1"""
    rows = run(forty(), tmp_path, age_bands="3-year").table("traits")
    assert [r["value"] for r in rows if r["trait"] == "age"] == ["18-20", "30-32", "待核实"]
    with pytest.raises(UsageError, match="18-30,25-40"):
        parameters(ANALYSIS, {"age_bands": "18-30,25-40"})
    with pytest.raises(UsageError, match="top_share"):
        parameters(ANALYSIS, {"top_share": "1.5"})


def spenders(few: bool = False) -> Shop:
    """200 persons: education 硕士 spends 80 to 120, others 40 to 60; or, `few`, one of them spends 50,000 more."""
    shop, rng = Shop(), random.Random(2)
    for account in range(1, 201):
        master = account % 4 == 0
        person(shop, account, education="硕士" if master else "本科", occupation=rng.choice(["教师", "医生"]))
        base = 50 if few or not master else 100
        shop.buy(
            account, date(2025, 5, 1), base + rng.randrange(-10, 11) + (50_000 if few and account == 4 else 0)
        )
    return shop


def test_spend_per_customer_has_an_interval_and_is_compared_with_the_rest(tmp_path: Path) -> None:
    """covers: C2"""
    shop = spenders()
    result = run(shop, tmp_path)
    row = result.table("traits").find({"family": "person", "trait": "education", "value": "硕士"})
    assert row is not None
    spent = [float(line["amount"]) for line in shop.lines if line["account_no"] % 4 == 0]
    others = [float(line["amount"]) for line in shop.lines if line["account_no"] % 4]
    assert float(row["per_customer"]) == pytest.approx(sum(spent) / 50)
    assert float(row["rest"]) == pytest.approx(sum(others) / 150)
    assert row["low"] < row["per_customer"] < row["high"]
    assert row["verdict"] == "higher"
    keys = {claim.key for claim in result.claims}
    assert "profile/spend/person/education/硕士" in keys
    assert not any("occupation" in key for key in keys)  # drawn at random: nothing to say


def test_values_are_added_up_in_one_order_whatever_the_engine_answers_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The money of all other values is a sum of doubles: its last digits hang on the order of the values."""
    orders = []

    def seen(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> dict[traits.Key, dict[str, traits.Sums]]:
        found = traits.trait_sums(inputs, sql, bound)
        orders.append({key: list(values) for key, values in found.items()})
        return found

    monkeypatch.setattr(profile, "trait_sums", seen)
    run(spenders(), tmp_path / "one")
    monkeypatch.setattr(traits, "records", lambda table: reversed(table.to_pylist()))
    run(spenders(), tmp_path / "other")
    assert orders[0] == orders[1]
    assert max(len(values) for values in orders[0].values()) > 1


def test_a_difference_that_one_large_customer_makes_is_none(tmp_path: Path) -> None:
    """Mean spend is 20 times that of the rest, and capped it is equal."""
    row = run(spenders(few=True), tmp_path).table("traits").find(
        {"family": "person", "trait": "education", "value": "硕士"}
    )  # fmt: skip
    assert row is not None
    assert row["per_customer"] > 10 * row["rest"]
    assert float(row["capped"]) < 1.5 * float(row["rest"])
    assert row["verdict"] == "none"


def test_traits_of_high_power_are_tested_against_other_buyers(tmp_path: Path) -> None:
    """covers: C5. The top fifth of 200 are 40, all of them 硕士; 10 of the other 160 are."""
    result = run(spenders(), tmp_path)
    group = result.table("group").records()[0]
    row = result.table("power").find({"family": "person", "trait": "education", "value": "硕士"})
    assert row is not None
    assert group["customers"] == row["inside"] >= 40  # ties with the cut are in
    assert row["share"] == 1
    assert row["index"] == pytest.approx(400)  # all of them, against 50 of 200
    assert row["low"] > 100
    claims = [c for c in result.claims if c.key.startswith("profile/power/")]
    assert {c.key.split("/")[3] for c in claims} == {"education"}
    assert all(c.test is not None and c.test.corrected for c in claims)
    for claim in claims:  # TGI 358 is 3.6 times the share among all buyers
        index, times = (float(str(result.value(claim.values[name]))) for name in ("index", "times"))
        assert times == pytest.approx(index / 100, abs=1e-4)


def test_the_trait_that_spend_sets_is_no_finding_about_spenders(tmp_path: Path) -> None:
    """covers: C5. Member levels are given for spend: not tested, not said."""
    shop = spenders()
    for row in shop.customers:
        row["member_level"] = "金卡" if row["education"] == "硕士" else "普通"
    result = run(shop, tmp_path)
    assert not [r for r in result.table("power") if r["trait"] == "member_level"]
    assert not [c for c in result.claims if "member_level" in c.key]
    assert [r for r in result.table("traits") if r["trait"] == "member_level"]  # shown all the same


def test_high_power_can_be_class_a(tmp_path: Path) -> None:
    """covers: C5"""
    shop = spenders()
    group = run(shop, tmp_path, power="abc").table("group").records()[0]
    inputs = shop.inputs(tmp_path, AS_OF)
    classes = inputs.query(
        f"SELECT count(*) AS n FROM {inputs.segment('abc_class')} WHERE label = 'A'"
    ).to_pylist()  # fmt: skip
    assert group["customers"] == classes[0]["n"]


def test_companies_by_industry_and_size(tmp_path: Path) -> None:
    """covers: C1"""
    shop = Shop()
    for account in range(1, 41):
        shop.customers.append({"customer_id": f"C{account}", "account_no": account, "kind": None,
                               "industry_code": "C14" if account <= 30 else "F51", "size_staff": "小型"})  # fmt: skip
        shop.buy(account, date(2025, 6, 1), 100 if account <= 30 else 10)
    result = run(shop, tmp_path)
    rows = {r["industry"]: r for r in result.table("companies")}
    assert {name: r["customers"] for name, r in rows.items()} == {"GB/T C": 30, "GB/T F": 10}
    assert rows["GB/T C"]["revenue_share"] == pytest.approx(3000 / 3100, abs=1e-6)
    assert not [r for r in result.table("traits") if r["family"] == "person"]
    assert "profile/industry" in {c.key for c in result.claims}


def test_persons_and_companies_are_not_compared_with_each_other(tmp_path: Path) -> None:
    """A channel of companies is no trait of spenders among persons."""
    shop = spenders()
    for account in range(201, 241):
        shop.customers.append({"customer_id": f"C{account}", "account_no": account, "kind": "company",
                               "acquired_channel": "展会"})  # fmt: skip
        shop.buy(account, date(2025, 6, 1), 5000)
    result = run(shop, tmp_path)
    row = result.table("traits").find({"family": "company", "trait": "acquired_channel", "value": "展会"})
    assert row is not None
    assert row["share"] == 1
    assert row["verdict"] == "untested"  # there is nothing else among companies


def survey() -> Shop:
    shop = spenders()
    for account in range(1, 81):
        shop.add("customer_attributes", account_no=account, attribute="使用场景",
                 attribute_value="送礼" if account <= 60 else "自用")  # fmt: skip
    for account in range(1, 61):
        shop.add("customer_attributes", account_no=account, attribute="备注", attribute_value=f"话{account}")
    return shop


def test_the_base_of_an_answer_is_who_answered(tmp_path: Path) -> None:
    """covers: C4; trap: 17. 60 of the 80 who answered, not of 200 customers."""
    result = run(survey(), tmp_path)
    row = result.table("dimensions").records()[0]
    assert (row["dimension"], row["known"], row["customers"]) == ("scene", 80, 200)
    assert (row["largest"], row["largest_share"]) == ("送礼", 0.75)
    claim = next(c for c in result.claims if c.key == "profile/dimension/attribute/使用场景")
    assert claim.n == 80
    assert "已知" in claim.base.zh


def test_an_attribute_with_too_many_values_is_named_and_left_out(tmp_path: Path) -> None:
    """covers: C4"""
    result = run(survey(), tmp_path)
    assert not [r for r in result.table("traits") if r["trait"] == "备注"]
    assert any("备注" in note.says.zh for note in result.notes)


def test_buyer_and_user_come_from_roles_and_deliveries(tmp_path: Path) -> None:
    """covers: C4"""
    shop = Shop()
    for account in range(1, 41):
        shop.customers.append(
            {"customer_id": f"C{account}", "account_no": account, "kind": "company", "province": "四川"}
        )
        shop.buy(account, date(2025, 6, 1), 100, region="广东" if account <= 10 else "四川")
        if account <= 30:
            for role in ("user", "decider") if account <= 12 else ("user",):
                shop.add(
                    "contact_persons", person_id=f"L{account}{role}", account_no=account, name="某", role=role
                )
    found = run(shop, tmp_path)
    rows = {(r["trait"], r["value"]): r["customers"] for r in found.table("traits")}
    assert rows["decision_role", "decider+user"] == 12
    assert rows["decision_role", "user"] == 18
    assert rows["decision_role", "待核实"] == 10
    assert (rows["delivery", "elsewhere"], rows["delivery", "home"]) == (10, 30)


def test_what_is_missing_is_said_with_what_to_import(tmp_path: Path) -> None:
    """covers: C4"""
    notes = " ".join(note.says.zh for note in run(forty(), tmp_path).notes)
    for word in ("职业", "收入", "学历", "使用者", "场景", "风格", "生活方式"):
        assert word in notes


def test_money_on_filled_values_is_said(tmp_path: Path) -> None:
    """trap: 4"""
    shop = forty()
    shop.lines[0]["imputed"] = "unit_price"
    warnings = [note for note in run(shop, tmp_path).notes if note.kind == "warning"]
    assert len(warnings) == 1
    assert "2.9%" in warnings[0].says.zh  # 100 of 3,410
    assert not [note for note in run(forty(), tmp_path / "b").notes if note.kind == "warning"]


def test_few_customers_have_no_averages(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 11):
        person(shop, account, gender="女")
        shop.buy(account, date(2025, 6, 1), 10)
    result = run(shop, tmp_path)
    assert all(r["per_customer"] is None and r["share"] is None for r in result.table("traits"))
    assert result.claims == ()
    assert any(note.kind == "withheld" for note in result.notes)


def test_a_customer_who_stands_twice_counts_once(tmp_path: Path) -> None:
    """Two systems know the same account: gaps fill up."""
    shop = forty()
    shop.customers.append({"customer_id": "X", "account_no": 39, "source": "crm", "gender": "男"})
    result = run(shop, tmp_path)
    assert result.table("everybody").records()[0]["customers"] == 40
    row = result.table("traits").find({"family": "person", "trait": "gender", "value": "男"})
    assert row is not None
    assert row["customers"] == 9


def test_where_no_kind_is_known_nobody_is_called_a_person(tmp_path: Path) -> None:
    """An order export alone does not tell persons from companies."""
    shop = Shop()
    for account in range(1, 81):
        shop.buy(
            account,
            date(2025, 5, 1),
            500 if account <= 40 else 20,
            region="德国" if account <= 40 else "法国",
        )
    claims = [c for c in run(shop, tmp_path).claims if c.key.startswith("profile/spend/")]
    assert claims
    assert all(claim.labels["whom"] == ("all", "trait_whom") for claim in claims)
