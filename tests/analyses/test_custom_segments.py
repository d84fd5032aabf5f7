"""Own rules by hand: what each test means, complete and exclusive rows, errors that help, nothing pasted into SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.custom_segments import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.core.errors import InputError
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def corner() -> Shop:
    """1 Sichuan company, three purchases; 2 Guangdong, one; 3 nothing known, one old; 9 never bought."""
    shop = Shop()
    shop.customers = [
        {"customer_id": "C1", "account_no": 1, "kind": "company", "province": "四川", "industry_code": "C14", "owner": "O'Neil"},
        {"customer_id": "C2", "account_no": 2, "kind": "person", "province": "广东", "member_level": "金"},
        {"customer_id": "C3", "account_no": 3},
        {"customer_id": "C9", "account_no": 9, "province": "四川"},
    ]  # fmt: skip
    for day in (date(2024, 9, 1), date(2025, 3, 30), date(2025, 6, 1)):
        shop.buy(1, day, 100, channel="APP")
    shop.buy(2, date(2025, 3, 29), 50)
    shop.buy(3, date(2023, 1, 1), 10)
    shop.add("customer_attributes", account_no=2, attribute="来源 展会", attribute_value="广交会")
    return shop


def rules(when: str, *more: str, name: str = "own", rest: str = "其余") -> str:
    rows = [f"[[rows]]\nlabel = \"R{n}\"\nwhen = '''{text}'''" for n, text in enumerate((when, *more), 1)]
    return f'name = "{name}"\nrest = "{rest}"\n' + "\n".join(rows)


def placed(
    folder: Path, text: str, shop: Shop | None = None, min_n: int = 1
) -> tuple[dict[int, str], Result]:
    inputs = (shop or corner()).inputs(folder, AS_OF, Settings(min_n=min_n))
    result = run(inputs, Params(rules=text))
    relation = result.relations[0]
    found = inputs.query(relation.sql, **dict(relation.params)).to_pylist()
    return {row["account_no"]: row["label"] for row in found}, result


def who(folder: Path, when: str) -> set[int]:
    return {account for account, label in placed(folder, rules(when))[0].items() if label == "R1"}


@pytest.mark.parametrize(
    ("when", "accounts"),
    [
        ("purchases >= 3", {1}),
        ("purchases = 0", {9}),  # never bought: none, not unknown
        ("purchases != 1", {1, 9}),
        ("net_revenue between 10 and 50", {2, 3}),
        ("window_net > 0.005万", {1}),
        ("window_purchases in (1, 3)", {1, 2}),
        ("value_per_purchase >= 100", {1}),
        ('province = "四川"', {1, 9}),
        ('province in ("四川", "Guangdong")', {1, 2, 9}),  # labels of a vocabulary in either language
        ('not province = "四川"', {2, 3}),  # unknown is not Sichuan
        ('province != "四川"', {2}),  # nor is it known to be another
        ("province is known", {1, 2, 9}),
        ("province is not known", {3}),
        ('province not in ("四川")', {2, 3}),
        ('industry_code = "食品制造业"', {1}),
        ('member_level contains "金"', {2}),
        ("last_purchase_on within 3 months", {1}),  # from 30 March on
        ("last_purchase_on within 93 days", {1, 2}),
        ("last_purchase_on older than 1 year", {3}),
        ("last_purchase_on >= 2025-03-29", {1, 2}),
        ("first_order_on between 2024-01-01 and 2024-12-31", {1}),
        ('attribute."来源 展会" = "广交会"', {2}),
        ('first_channel = "APP"', {1}),
        ('tag.behaviour has "高频"', {1}),
        ('tag.behaviour has "High frequency"', {1}),
        ('segment.abc_class = "无净消费"', {3}),
        ('segment.abc_class in ("A", "No net spend")', {1, 3}),
        ('kind = "company" or kind = "person" and purchases = 0', {1}),  # and binds closer
        ('(kind = "company" or kind = "person") and purchases <= 1', {2}),
        ("not (purchases >= 1 or purchases = 0)", set()),
        ('owner = "O\'Neil"', {1}),
    ],
)
def test_what_a_test_means(when: str, accounts: set[int], tmp_path: Path) -> None:
    """covers: D6"""
    assert who(tmp_path, when) == accounts


def test_rows_are_complete_and_exclusive_and_the_first_wins(tmp_path: Path) -> None:
    """covers: D6; trap: 1; what no row asks for is a row of its own."""
    labels, result = placed(tmp_path, rules("purchases >= 1", "purchases >= 3"))
    assert labels == {1: "R1", 2: "R1", 3: "R1", 9: "其余"}
    rows = {row["label"]: row for row in result.table("groups_own")}
    assert {label: row["customers"] for label, row in rows.items()} == {"R1": 3, "R2": 0, "其余": 1}
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1, abs=1e-5)  # trap: 8
    assert rows["R1"]["net_revenue"] == 350
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == ()
        assert not claim.summary  # what defines a segment is no finding


def test_labels_and_values_are_never_part_of_the_query_text(tmp_path: Path) -> None:
    evil = "x'; DROP VIEW customers; --"
    when = f"""owner = "{evil}" or attribute."{evil}" = "1\""""
    text = f"""name = "own"\nrest = "{evil}"\n[[rows]]\nlabel = "$min_n '' R"\nwhen = '''{when}'''"""
    labels, _ = placed(tmp_path, text)
    assert set(labels.values()) == {evil}


def lined(extra: str) -> str:
    first = '# ==== vip.toml ====\nname = "vip"\n\n[[rows]]\nlabel = "a"\nwhen = "purchases > 1"\n'
    return f'{first}\n[[rows]]\nlabel = "b"\n{extra}\n'


@pytest.mark.parametrize(
    ("text", "line", "found", "allowed"),
    [
        (lined('when = "pruchases > 1"'), 9, "pruchases", "window_net"),
        (lined('when = "purchases > many"'), 9, "many", "a number"),
        (lined("""when = 'purchases > "3"' """), 9, "3", "a number"),
        (lined('when = "purchases contains 3"'), 9, "purchases contains", "between"),
        (lined('when = "purchases >"'), 9, "(nothing)", "a number"),
        (lined('when = "purchases > 1 kind"'), 9, "kind", "and or or"),
        (lined('when = "(purchases > 1"'), 9, "(nothing)", ")"),
        (lined('when = "last_order_on within 3 moons"'), 9, "moons", "months"),
        (lined('when = "last_order_on within 0 days"'), 9, "0", "whole number"),
        (lined('when = "last_order_on > 2025-02-30"'), 9, "2025-02-30", "a date"),
        (lined('when = "purchases between 5 and 1"'), 9, "5 1", "the smaller one first"),
        (lined("""when = 'segment.rfm = "VIP"' """), 9, "VIP", "Key value"),
        (lined("""when = 'segment.nothing = "VIP"' """), 9, "segment.nothing", "segment.rfm"),
        (lined("""when = 'name = "张三"' """), 9, "name", "province"),
        (lined('when = "purchases > 1; drop"'), 9, "; drop", "a field"),
        (lined('when = ""'), 9, "(nothing)", "purchases >= 3"),
        (lined('when = "purchases > 1"\ncolour = 3'), 10, "colour", "label when stated"),
        (lined('when = "purchases > 1"').replace('"b"', '"a"'), 8, "a", "another label"),
        (lined('when = "purchases > 1"').replace('"vip"', '"VIP 1"'), 1, "VIP 1", "lower-case"),
        (lined("when = purchases"), 9, "Invalid value", "when ="),
        (
            lined('when = "purchases > 1"\nstated = { avg_purchases = 2 }'),
            10,
            "avg_purchases",
            "avg_order_value",
        ),
    ],
)
def test_an_error_names_file_line_what_was_found_and_what_may_stand_there(
    text: str, line: int, found: str, allowed: str
) -> None:
    """covers: D6"""
    with pytest.raises(InputError) as error:
        Params(rules=text)
    said = error.value.paragraph("en")
    assert "vip.toml" in said
    assert f"row {line}" in said
    assert found in said.split("Found: ")[1].split("Allowed: ")[0]
    assert allowed in said.split("Allowed: ")[1]
    assert "\n" not in said
    assert error.value.paragraph("zh") != said


def test_too_deep_too_long_too_many() -> None:
    for when in (
        "(" * 60 + "purchases > 1" + ")" * 60,
        "not " * 60 + "purchases > 1",
        "purchases > 1 or " * 200 + "purchases > 1",
    ):
        with pytest.raises(InputError):
            Params(rules=rules(when))
    with pytest.raises(InputError):
        Params(rules=rules(*["purchases > 1"] * 51))
    with pytest.raises(InputError, match="one name"):
        Params(
            rules=f"# ==== a.toml ====\n{rules('purchases > 1')}\n# ==== b.toml ====\n{rules('purchases > 2')}"
        )


def stated(when: str, values: str) -> str:
    return f'name = "own"\n[[rows]]\nlabel = "中档"\nwhen = \'{when}\'\nstated = {values}\n'


@pytest.mark.parametrize(
    ("when", "order_value", "purchases", "agrees"),
    [
        ("window_net >= 5万 and window_net < 10万", 45000, 3.5, False),  # 157,500 in a class of 50-100k
        ("window_net >= 5万 and window_net < 10万", 25000, 3.5, True),
        ("window_net between 50 and 100 and purchases >= 1", 10, 2, False),
    ],
)
def test_a_summary_that_contradicts_its_own_standard_is_flagged(
    when: str, order_value: int, purchases: float, agrees: bool, tmp_path: Path
) -> None:
    """trap: 16"""
    text = stated(when, f"{{ avg_order_value = {order_value}, avg_purchases = {purchases} }}")
    _, result = placed(tmp_path, text)
    row = result.table("groups_own").records()[0]
    assert row["stated_product"] == order_value * purchases
    assert row["as_standard"] is agrees
    assert any("矛盾" in note.says.zh for note in result.notes) is not agrees


def test_a_found_average_outside_the_standard_is_flagged(tmp_path: Path) -> None:
    """trap: 16; the rule asks for 300 of all time, the summary shows the 100 of the window."""
    shop = Shop()
    for account in range(1, 4):
        shop.buy(account, date(2022, 1, 1), 300)
        shop.buy(account, date(2025, 1, 1), 100)
    _, result = placed(tmp_path, rules("net_revenue >= 300"), shop)
    assert result.table("groups_own").records()[0]["as_standard"] is False


def test_rules_hold_at_an_earlier_day(tmp_path: Path) -> None:
    """trap: 2"""
    inputs = corner().inputs(tmp_path, AS_OF, Settings())
    text = rules("last_purchase_on within 3 months")
    relation = run(inputs.at(date(2024, 9, 30)), Params(rules=text)).relations[0]
    rows: list[dict[str, Any]] = (
        inputs.at(date(2024, 9, 30)).query(relation.sql, **dict(relation.params)).to_pylist()
    )
    assert {row["account_no"] for row in rows if row["label"] == "R1"} == {1}


def test_without_rules_it_says_how_to_write_them(tmp_path: Path) -> None:
    result = run(corner().inputs(tmp_path, AS_OF, Settings()), Params())
    assert [note.kind for note in result.notes] == ["missing"]
