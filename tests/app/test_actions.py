"""Cards of actions in a workspace: kept with their history, planned from strategies, carried forward, pinned by reports."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keguan.app.actions import keeping, planning
from keguan.app.actions.planning import Draft, Wanted, period_end, target_above
from keguan.app.analyse import Session
from keguan.app.workspace import Workspace
from keguan.core.errors import KeguanError, UsageError
from keguan.store.workspace import Store

Cli = Callable[..., Any]
HEAD = "order_id,customer_id,order_date,product_id,quantity,unit_price,amount"


def orders(folder: Path) -> Path:
    """Forty good customers of every month and forty of the first one, until 30 April 2025."""
    lines, rng = [HEAD], random.Random(5)
    for month in range(1, 17):
        year, number = 2024 + (month - 1) // 12, (month - 1) % 12 + 1
        for customer in range(1, 41):
            if rng.random() < 0.4:
                continue
            day, money = rng.randrange(1, 29), rng.randrange(300, 900)
            lines.append(
                f"{year}{number:02d}{customer:03d},G{customer},{year}-{number:02d}-{day:02d},P1,1,{money},{money}"
            )
    lines += [f"X{n},L{n},2024-06-{n % 28 + 1:02d},P1,1,20,20" for n in range(1, 41)]
    lines.append("END,G1,2025-04-30,P1,1,500,500")
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("actions")
    Workspace.init(folder / "w").load(orders(folder))
    return folder / "w"


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    import shutil

    return Store(Path(shutil.copytree(made, tmp_path / "w")))


def planned(store: Store, as_of: date | None = None, **wanted: Any) -> planning.Planned:
    with Session(store, as_of) as session:
        return planning.plan(store, session, Wanted(**wanted))


def added(store: Store, segment: str = "rfm/重要价值", due: date = date(2025, 5, 31), **given: Any) -> Any:
    with Session(store) as session:
        return planning.add(store, session, Draft(segment, given.pop("action", "回访"), due, **given))


def test_a_plan_drafts_a_card_for_each_first_segment(store: Store) -> None:
    """covers: J2"""
    made = planned(store, top=2)
    assert [card.action_id for card in made.fresh] == ["A0001", "A0002"]
    card = made.fresh[0]
    assert (card.segmentation, card.segment, card.owner) == ("rfm", "重要价值", None)
    assert (card.based_on, card.due_on) == (date(2025, 4, 30), date(2025, 5, 31))
    assert card.metric == "activation_rate"
    assert card.target_value is not None
    assert card.target_value >= Decimal("0.30")
    again = planned(store, top=2)
    assert again.fresh == again.carried == ()
    assert [card.action_id for card in again.kept] == ["A0001", "A0002"]


def test_undone_cards_are_carried_forward_twice(store: Store) -> None:
    """covers: J3"""
    first = planned(store, date(2025, 2, 28), top=1, segmentation="lifecycle_stage").fresh[0]
    second = planned(store, date(2025, 3, 31), top=1, segmentation="lifecycle_stage").carried[0]
    third = planned(store, top=1, segmentation="lifecycle_stage").carried[0]
    assert (second.carried_from, second.times_carried) == (first.action_id, 1)
    assert (third.carried_from, third.times_carried, third.due_on) == (second.action_id, 2, date(2025, 5, 31))
    stand = {card.action_id: card.state for card in keeping.current(keeping.history(store))}
    assert stand == {first.action_id: "carried", second.action_id: "carried", third.action_id: "open"}
    with Session(store) as session:
        rows = session.run("action_plan").table("cards").records()
    assert [(row["action_id"], row["times_carried"]) for row in rows] == [(third.action_id, 2)]


def test_a_card_carried_forward_keeps_its_campaign(store: Store) -> None:
    """covers: J3"""
    first = planned(store, date(2025, 2, 28), top=1, segmentation="lifecycle_stage").fresh[0]
    keeping.linked(store, first.action_id, "AUD-1", None, None)
    (second,) = planned(store, date(2025, 3, 31), top=1, segmentation="lifecycle_stage").carried
    assert (second.carried_from, second.campaign_id) == (first.action_id, "AUD-1")


def test_the_history_tells_who_changed_what_and_when(store: Store) -> None:
    added(store, owner="李四", by="总监")
    keeping.owned(store, "a0001", "王敏", None, "总监")
    keeping.linked(store, "A0001", "AUD-1", None, None)
    keeping.done(store, "A0001", date(2025, 5, 20), "王敏", "已回访")
    told = [(card.change, card.owner, card.changed_by, card.state) for card in keeping.history(store)]
    assert told == [
        ("made", "李四", "总监", "open"), ("owner", "王敏", "总监", "open"), ("linked", "王敏", None, "open"),
        ("done", "王敏", "王敏", "done"),
    ]  # fmt: skip
    assert keeping.history(store)[-1].remark == "已回访"
    (before,) = keeping.current(keeping.history(store), date(2025, 5, 19))
    assert before.state == "open"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"segment": "rfm"}, "rfm"),
        ({"segment": "rfm/没有"}, "没有"),
        ({"segment": "nothing/x"}, "nothing"),
        ({"due": date(2025, 4, 30)}, "2025-04-30"),
        ({"owner": "王敏、李强"}, "王敏、李强"),
        ({"owner": "Ann and Bob"}, "Ann and Bob"),
        ({"action": "  "}, "None"),
        ({"action": "长" * 501}, "501"),
        ({"pain": "a\u202eb"}, "3"),
    ],
)
def test_a_card_that_is_none_is_refused(given: dict[str, Any], found: str, store: Store) -> None:
    with pytest.raises(UsageError) as caught:
        added(store, **given)
    assert found in str(caught.value.found)
    for language in ("zh", "en"):
        assert "\n" not in caught.value.paragraph(language)
    assert keeping.history(store) == []


def test_a_segment_has_one_owner(store: Store) -> None:
    """trap: J2. covers: J2"""
    added(store, owner="王敏")
    added(store, owner="王敏", action="寄样品")
    with pytest.raises(UsageError) as caught:
        added(store, owner="李强")
    assert "王敏" in str(caught.value.allowed)
    added(store, "rfm/一般挽留", owner="李强")
    unowned = added(store)
    with pytest.raises(UsageError):
        keeping.owned(store, unowned.action_id, "李强", None, None)
    assert keeping.owned(store, unowned.action_id, "王敏", None, None).owner == "王敏"


@pytest.mark.parametrize("call", ["done", "drop", "owner", "link"])
def test_an_unknown_card_is_named(call: str, store: Store) -> None:
    with pytest.raises(UsageError) as caught:
        {
            "done": lambda: keeping.done(store, "A0009", date(2025, 5, 1), None),
            "drop": lambda: keeping.drop(store, "A0009", date(2025, 5, 1), None),
            "owner": lambda: keeping.owned(store, "A0009", "王", None, None),
            "link": lambda: keeping.linked(store, "A0009", "K1", None, None),
        }[call]()
    assert caught.value.found == "A0009"


def test_a_closed_card_stays_closed_and_days_do_not_run_backwards(store: Store) -> None:
    added(store)
    with pytest.raises(UsageError):
        keeping.done(store, "A0001", date(2025, 4, 29), None)
    keeping.drop(store, "A0001", date(2025, 5, 2), None)
    for again in (keeping.done, keeping.drop):
        with pytest.raises(UsageError) as caught:
            again(store, "A0001", date(2025, 5, 3), None)
        assert "dropped" in str(caught.value.found)
    with pytest.raises(UsageError):
        keeping.owned(store, "A0001", " ", None, None)


def test_a_card_changes_no_pin_of_others_and_none_before_it_was_made(store: Store) -> None:
    with Session(store) as session:
        before = session.run("rfm").versions
    added(store)
    with Session(store) as session:
        assert session.run("rfm").versions == before
        assert "actions" in session.run("action_plan").versions
    with Session(store, date(2025, 4, 29)) as session:
        assert "actions" not in session.versions
        assert session.run("action_plan").tables == ()


def test_a_result_at_pinned_versions_does_not_see_later_changes(store: Store) -> None:
    """What a report says of the plan can be computed again after the plan has moved on. covers: L4"""
    added(store)
    with Session(store) as session:
        versions, first = session.versions, session.run("action_plan")
    added(store, "rfm/一般挽留", action="短信")
    with Session(store, versions=versions) as session:
        again = session.run("action_plan")
    assert [table.records() for table in again.tables] == [table.records() for table in first.tables]


def test_a_workspace_of_an_earlier_keguan_takes_cards(store: Store) -> None:
    """Its catalog knows of no table of actions."""
    assert "actions" not in store.catalog.versions
    assert keeping.history(store) == []
    added(store)
    assert "actions" in Store(store.folder).catalog.versions


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2025, 4, 30), "month", date(2025, 5, 31)),
        (date(2025, 4, 15), "month", date(2025, 4, 30)),
        (date(2025, 3, 31), "quarter", date(2025, 6, 30)),
        (date(2025, 5, 10), "quarter", date(2025, 6, 30)),
        (date(2024, 12, 31), "quarter", date(2025, 3, 31)),
        (date(2025, 4, 30), "week", date(2025, 5, 7)),
    ],
)
def test_a_plan_ends_with_the_period_that_follows(start: date, period: str, end: date) -> None:
    assert period_end(start, period) == end


@pytest.mark.parametrize(
    ("natural", "target"), [(None, "0.30"), ("0.05", "0.30"), ("0.281", "0.32"), ("0.99", "1.00")]
)
def test_a_drafted_target_lies_above_who_comes_by_themselves(natural: str | None, target: str) -> None:
    """trap: 14. covers: H4"""
    assert target_above(Decimal(natural) if natural else None) == Decimal(target)


def test_the_matrix_of_the_workspace_is_used_and_travels_with_the_result(store: Store) -> None:
    from keguan.marts.strategy_matrix import text_of_shipped

    own = text_of_shipped().replace("客户成功经理一对一跟进", "上门拜访")
    (store.folder / "strategies.toml").write_text(own, "utf-8")
    with Session(store) as session:
        result = session.run("matching")
    assert result.params["strategies"] == own
    assert any("上门拜访" in str(row["direction"]) for row in result.table("matched"))
    (store.folder / "strategies.toml").unlink()
    with Session(store) as session:
        again = session.run("matching", {"strategies": own})
        now = session.run("matching")
    assert again.table("matched").records() == result.table("matched").records()
    assert now.table("matched").records() != result.table("matched").records()


def test_a_broken_matrix_stops_a_report_before_anything_runs(store: Store, tmp_path: Path) -> None:
    from keguan.app.reporting import ReportOrder, write_report

    (store.folder / "strategies.toml").write_text("[[rows]", "utf-8")
    with pytest.raises(KeguanError) as caught:
        write_report(store, ReportOrder(tmp_path / "r.html", "zh"), lambda *_: None)
    assert caught.value.where.file == "strategies.toml"


def test_a_link_that_leads_out_of_the_workspace_is_not_read(store: Store, tmp_path: Path) -> None:
    outside = tmp_path / "secret.toml"
    outside.write_text("secret = 1", "utf-8")
    (store.folder / "strategies.toml").symlink_to(outside)
    with Session(store) as session:
        assert session.run("matching").params["strategies"] == ""
