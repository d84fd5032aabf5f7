"""Audiences by hand: who is left out and why, exact shares, lots that depend on nothing but seed and customer.

covers: J4
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from audience_shop import AT, LEFT_OUT, SHARED, arms, made, name, shop
from keguan.app.analyse import Session
from keguan.app.audience.drawing import assigned_at
from keguan.app.audience.listing import audience, audiences
from keguan.app.workspace import Workspace
from keguan.core.errors import InputError, KeguanError, UsageError
from keguan.store.workspace import Store
from received import books, rows, write

ELIGIBLE = {name(n) for n in range(1, 41)} - set(LEFT_OUT)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def lot(seed: str, customer: str) -> str:
    return hashlib.md5(f"{seed}|files|{customer}".encode()).hexdigest()[:12]


def test_each_customer_is_contacted_held_out_or_left_out_for_one_reason(workspace: Workspace) -> None:
    """33 of 40 may be contacted: 7 are left out by hand, one of them for sharing a telephone."""
    done = made(workspace)
    row = done.row
    assert json.loads(row["excluded"]) == {
        "do_not_contact": 1, "refused": 2, "no_address": 1, "unusable_address": 1, "contacted_enough": 1, "same_address": 1,
    }  # fmt: skip
    assert row["segment_size"] == 40 == row["treated"] + row["held_out"] + 7
    assert (row["held_out"], row["treated"]) == (8, 25)
    found = arms(workspace)
    first, second = sorted(SHARED, key=lambda customer: lot("1", customer))
    assert set(found) == ELIGIBLE - {second}
    assert first in found
    by_lot = sorted(found, key=lambda customer: lot("1", customer))
    assert {customer for customer, arm in found.items() if arm == "control"} == set(by_lot[:8])


def test_it_is_a_campaign_of_its_own_source_in_the_books(workspace: Workspace) -> None:
    """What an import would have stored: one campaign, its members, loads that add up."""
    done = made(workspace, campaign="夏季", owner="张三", budget="500", target="转化 10%")
    loads = [row for row in books(workspace) if row["source"] == "keguan audience"]
    assert [(row["entity"], row["received"], row["clean"]) for row in loads] == [
        ("campaigns", 1, 1), ("campaign_members", 33, 33),
    ]  # fmt: skip
    (campaign,) = rows(workspace, "SELECT * FROM all_campaigns")
    assert (campaign["campaign_id"], campaign["name"], campaign["segment"], campaign["owner"], campaign["budget"]) == (
        done.row["audience_id"], "夏季", "everybody/买过", "张三", 500,
    )  # fmt: skip
    assert (str(campaign["starts_on"]), str(campaign["ends_on"])) == ("2025-07-01", "2025-07-30")
    (member,) = rows(workspace, "SELECT DISTINCT assigned_at, day, source FROM all_campaign_members")
    assert member["assigned_at"] == assigned_at(done.row["as_of"], "Asia/Shanghai")
    assert str(member["assigned_at"]) == "2025-06-30 15:59:59"
    assert str(member["day"]) == "2025-06-30"
    with Session(Store(workspace.store.folder)) as session:
        assert session.run("experiments").analysis == "experiments"


def test_shares_are_exact_within_strata(workspace: Workspace) -> None:
    """Of 33: 广东 9 (numbers divisible by 4, without C04 and C08 but... counted below), the rest 四川; 20 % is 7."""
    row = made(workspace, holdout="20%", stratify=("province",)).row
    found = arms(workspace)
    sizes = Counter("广东" if int(customer[1:]) % 4 == 0 else "四川" for customer in found)
    held = Counter("广东" if int(c[1:]) % 4 == 0 else "四川" for c, arm in found.items() if arm == "control")
    assert sizes == {"广东": 8, "四川": 25}
    # 7 of 33: 广东 1.697 and 四川 5.303, rounded down 1 and 5, the one that is missing to the larger remainder.
    assert held == {"广东": 2, "四川": 5}
    assert json.loads(row["strata"]) == {"四川": [20, 5], "广东": [6, 2]}


def test_the_order_of_rows_changes_no_arm(workspace: Workspace, tmp_path: Path) -> None:
    """trap: order of rows"""
    made(workspace, stratify=("province",))
    other = shop(tmp_path / "other", shuffled=3)
    made(other, stratify=("province",))
    numbers = "SELECT key_value, account_no FROM customer_keys WHERE key_type = 'account' ORDER BY key_value"
    assert rows(workspace, numbers) != rows(other, numbers)  # the accounts have other numbers
    assert arms(workspace) == arms(other)


def test_a_seed_gives_the_same_arms_and_another_seed_others(workspace: Workspace, tmp_path: Path) -> None:
    again, other = shop(tmp_path / "again"), shop(tmp_path / "other")
    one, two, three = made(workspace, seed="7"), made(again, seed="7"), made(other, seed="8")
    assert one.row["audience_id"] == two.row["audience_id"] != three.row["audience_id"]
    assert arms(workspace) == arms(again) != arms(other)


def test_the_same_order_again_shows_what_is_frozen(workspace: Workspace) -> None:
    first = made(workspace)
    before = Store(workspace.store.folder).catalog
    again = made(workspace)
    assert (first.fresh, again.fresh) == (True, False)
    assert again.row["audience_id"] == first.row["audience_id"]
    assert Store(workspace.store.folder).catalog == before
    named = made(workspace, campaign="另一个", overlap=True)
    assert named.fresh
    assert not made(workspace, campaign="另一个", overlap=True).fresh
    with pytest.raises(UsageError, match="other settings"):
        made(workspace, campaign="另一个", overlap=True, seed="2")


def test_one_customer_is_in_one_running_audience(workspace: Workspace) -> None:
    first = made(workspace)  # the one who shares a telephone with a member would hear of it, too
    with pytest.raises(InputError, match=r"In another running audience 34") as caught:
        made(workspace, seed="2")
    assert "正在另一人群中 34" in caught.value.paragraph("zh")
    assert made(workspace, seed="2", overlap=True).row["treated"] == 25
    later = made(workspace, seed="3", starts_on=_day("2025-07-31"), ends_on=_day("2025-08-20"))
    assert later.row["treated"] == first.row["treated"]  # the first is over by then
    assert len(audiences(Store(workspace.store.folder)).table("audiences").records()) == 3


def test_the_universal_control_group_is_drawn_once_and_left_out(workspace: Workspace) -> None:
    row = made(workspace, universal="10%").row
    group = {
        r["key_value"]
        for r in rows(
            workspace,
            "SELECT k.key_value FROM all_universal_control u JOIN customer_keys k ON k.account_no = u.account_no "
            "AND k.key_type = 'account'",
        )
    }
    everybody = sorted((name(n) for n in range(1, 41)), key=lambda customer: lot("universal|1", customer))
    assert group == set(everybody[:4])
    assert json.loads(row["excluded"])["universal_control"] == 4
    assert not group & set(arms(workspace))
    second = made(workspace, universal="50%", seed="5", overlap=True)  # it is there: nobody else is drawn
    assert len(rows(workspace, "SELECT account_no FROM all_universal_control")) == 4
    assert "stays: 4 customers" in second.notes[0].en


def test_consent_that_was_given_in_so_many_words(workspace: Workspace) -> None:
    """Only C03 agreed to SMS and did not take it back."""
    row = made(workspace, consent="granted", holdout="none").row
    assert row["treated"] == 1
    assert json.loads(row["excluded"])["no_consent"] == 36
    assert arms(workspace) == {"C03": "treatment"}


def test_caps_and_channels(workspace: Workspace) -> None:
    """One contact in June is enough for a cap of one; by e-mail nobody refused and everybody has an address."""
    assert json.loads(made(workspace, cap=1).row["excluded"])["contacted_enough"] == 3  # C08, C09 and C12
    mail = made(workspace, channel="email", overlap=True).row
    assert json.loads(mail["excluded"]) == {"do_not_contact": 1, "contacted_enough": 1}


def test_the_cap_stands_in_the_settings(workspace: Workspace) -> None:
    with (workspace.store.folder / "keguan.toml").open("a", encoding="utf-8") as file:
        file.write("\ncontact_cap = 1\ncontact_cap_days = 7\n")
    # 24 to 30 June: C08 was contacted on the 26th, C12 on the 20th.
    assert json.loads(made(workspace).row["excluded"])["contacted_enough"] == 1


def test_a_campaign_that_was_imported_is_filled(workspace: Workspace, tmp_path: Path) -> None:
    head = ("活动编号", "活动名称", "开始日期", "结束日期", "预算")
    workspace.load(write(tmp_path / "营销活动.csv", head, ("HD1", "夏日", "2025-07-05", "2025-07-20", "900")))
    row = made(workspace, campaign="夏日").row
    assert (row["campaign_id"], str(row["starts_on"]), str(row["ends_on"])) == (
        "HD1",
        "2025-07-05",
        "2025-07-20",
    )
    assert len(rows(workspace, "SELECT * FROM all_campaigns")) == 1
    workspace.load(
        write(tmp_path / "营销活动2.csv", head, ("HD0", "春日", "2025-03-05", "2025-03-20", "900")),
        write(tmp_path / "活动名单.csv", ("活动编号", "客户编号", "组别"), ("HD2", "C20", "实验组")),
    )
    with pytest.raises(UsageError, match="over"):
        made(workspace, campaign="HD0", overlap=True)


def _day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"segment": "everybody/没有"}, "everybody/买过 (40)"),
        ({"segment": "everybody"}, "everybody/买过 (40)"),
        ({"segment": "nothing/at all"}, "There is no such segmentation"),
        ({"channel": "fax"}, "sms | email | social"),
        ({"channel": "social"}, "The segment has no usable WeChat ids"),
        ({"holdout": "120%"}, "larger than the audience"),
        ({"holdout": "some"}, "auto, none or a percentage"),
        ({"holdout": "1%"}, "too small for the holdout"),
        ({"metric": "clicks"}, "conversion | spend"),
        ({"mde": "two"}, "percentage points"),
        ({"mde": "150%"}, "percentage points"),
        ({"budget": "a lot"}, "an amount"),
        ({"consent": "maybe"}, "refusal | granted"),
        ({"universal": "80%"}, "up to 50"),
        ({"cap": 0}, "1 to 1,000"),
        ({"stratify": ("shoe_size",)}, "cannot be stratified"),
        ({"starts_on": _day("2025-07-10"), "ends_on": _day("2025-07-01")}, "not before 2025-07-10"),
        ({"starts_on": _day("2025-06-01"), "ends_on": _day("2025-06-20")}, "The campaign is over"),
        ({"campaign": " "}, "a text of 1 to 200"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_changes(tmp_path: Path, asked: dict[str, Any], says: str) -> None:
    workspace = shop(tmp_path)
    before = Store(workspace.store.folder).catalog
    with pytest.raises(KeguanError) as caught:
        made(workspace, **asked)
    assert says in caught.value.paragraph("en")
    assert "\n" not in caught.value.paragraph("zh")
    assert Store(workspace.store.folder).catalog == before


def test_an_unknown_audience(workspace: Workspace) -> None:
    store = Store(workspace.store.folder)
    with pytest.raises(UsageError, match="none yet"):
        audience(store, "A1")
    assert audiences(store).notes
    number = made(workspace).row["audience_id"]
    with pytest.raises(UsageError, match=str(number)):
        audience(Store(workspace.store.folder), "A1")


def test_the_record_shows_where_everybody_went(workspace: Workspace) -> None:
    number = str(made(workspace, stratify=("province", "abc_class")).row["audience_id"])
    shown = audience(Store(workspace.store.folder), number)
    parts = {row["part"]: row["customers"] for row in shown.table("groups").records()}
    assert parts.pop("received") == 40 == sum(parts.values())
    assert sum(row["held_out"] for row in shown.table("strata").records()) == 8
    record = {row["item"]: row["value"] for row in shown.table("record").records()}
    assert record["made_at"] == AT.strftime("%Y-%m-%d %H:%M:%S")
    assert json.loads(record["data_versions"])["orders"] == 1
