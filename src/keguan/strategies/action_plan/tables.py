"""Tables: what comes next, how it went, how many, by period, by owner, and customers who answer to two people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Inputs
from keguan.core.period import month_start
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.result import Column, Table
from keguan.strategies.action_plan.cards import CARDS_SQL, NOBODY, UNITS, Card, view_of
from keguan.strategies.action_plan.scores import natural, score_row

ID = Column("action_id", Text("行动编号", "Action id"), "text", role="key")
SEGMENT = Column("segment", Text("目标客群", "Target segment"), "label", vocabulary="segment_label")
OWNER = Column("owner", Text("责任人", "Owner"), "label", vocabulary="owner_name")
METRIC = Column("metric", Text("指标", "Metric"), "label", vocabulary="action_metric")
STATE = Column("state", Text("行动状态", "State of the action"), "label", vocabulary="action_state")
UNIT = Column("unit", Text("单位", "Unit"), "text", role="note")
NEXT = (
    ID,
    SEGMENT,
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("action", Text("行动", "Action"), "text"),
    OWNER,
    Column("due_on", Text("截止日", "Due by"), "date"),
    METRIC,
    Column("target", Text("目标值", "Target"), unit_column="unit"),
    Column("natural", Text("自然水平", "Natural level"), unit_column="unit",
           note=Text("同样天数里，此前该分群的客户做到的；目标应与它相比",
                     "what the segment's customers did in as many days before: the target is held against it")),
    UNIT,
)  # fmt: skip
CARDS = (
    ID,
    Column("segment_method", Text("分群方法", "Segmentation"), "label", vocabulary="segmentation"),
    Column("pain", Text("痛点", "Pain"), "text"),
    Column("resources", Text("资源", "Resources"), "text"),
    Column("natural_n", Text("自然水平的客户数", "Customers of the natural level"), "count"),
    Column("days_late", Text("逾期天数", "Days late"), "days"),
    Column("times_carried", Text("结转次数", "Times carried"), "count"),
    Column("carried_from", Text("结转自", "Carried from"), "text"),
    Column("campaign_id", Text("活动编号", "Campaign id"), "text"),
)
SCORES = (
    ID, SEGMENT, OWNER, STATE,
    Column("from_day", Text("依据日", "Based on"), "date"),
    Column("to_day", Text("计到", "Counted to"), "date"),
    METRIC,
    Column("planned", Text("计划", "Planned"), unit_column="unit"),
    Column("actual", Text("实际", "Actual"), unit_column="unit"),
    Column("low", Text("区间下限", "Low"), role="low", unit_column="unit"),
    Column("high", Text("区间上限", "High"), role="high", unit_column="unit"),
    Column("natural", Text("自然水平", "Natural level"), unit_column="unit"),
    Column("members", Text("期初客户", "Customers at the start"), "count"),
    Column("natural_n", Text("此前期初客户", "Customers at the start before"), "count"),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="action_verdict"),
    Column("control", Text("与对照组", "Against the control"), "label", vocabulary="action_control"),
    Column("diff", Text("与对照组之差", "Difference from the control"), unit_column="diff_unit"),
    Column("diff_low", Text("差的区间下限", "Difference from"), role="low", unit_column="diff_unit"),
    Column("diff_high", Text("差的区间上限", "Difference to"), role="high", unit_column="diff_unit"),
    Column("control_n", Text("实验组人数", "Members treated"), "count"),
    Column("p", Text("校正后 p", "Corrected p"), "number", 4),
    Column("effect", Text("对照结论", "Verdict against the control"), "label", vocabulary="experiment_verdict"),
    UNIT,
    Column("diff_unit", Text("差的单位", "Unit of the difference"), "text", role="note"),
)  # fmt: skip
COUNTS = (
    Column("what", Text("行动", "Actions"), "label", role="key", vocabulary="action_count"),
    Column("actions", Text("行动数", "Number of actions"), "count"),
)
PERIODS = (
    Column("first_day", Text("起", "From"), "date", role="key"),
    Column("last_day", Text("止", "To"), "date"),
    Column("due", Text("到期", "Due"), "count"),
    Column("done", Text("已完成", "Done"), "count"),
    Column("open", Text("进行中", "Running"), "count"),
    Column("reached", Text("达成", "Reached"), "count"),
)
BY_OWNER = (
    replace(OWNER, role="key"),
    Column("open", Text("进行中", "Running"), "count"),
    Column("late", Text("到期未完成", "Due and not done"), "count"),
    Column("done", Text("已完成", "Done"), "count"),
)
OVERLAPS = (
    Column("one", Text("行动一", "One action"), "text", role="key"),
    Column("other", Text("行动二", "Another"), "text", role="key"),
    Column("one_owner", Text("责任人一", "Its owner"), "text"),
    Column("other_owner", Text("责任人二", "The other's owner"), "text"),
    Column("customers", Text("同时在两项的客户", "Customers in both"), "count"),
)


def next_table(inputs: Inputs, cards: Sequence[Card], today: Mapping[str, int]) -> Table:
    """Open cards, the next due first: what, who, until when, how much. `today`: customers of their segments now."""
    rows = [_next_row(card, today, inputs) for card in _open(cards)]
    return inputs.computed(
        "next_actions", Text("下一步行动", "Next actions"), NEXT, ("action_id",), rows, method="action_plan.cards",
        sql=CARDS_SQL, most=len(cards),
    )  # fmt: skip


def card_table(inputs: Inputs, cards: Sequence[Card]) -> Table:
    """What else the open cards hold."""
    rows = [
        {
            "action_id": card.id, "segment_method": card.row["segmentation"], "pain": card.row["pain"],
            "resources": card.row["resources"], "natural_n": card.usual.members if card.usual else None,
            "days_late": float((inputs.as_of - card.row["due_on"]).days) if card.late(inputs.as_of) else None,
            "times_carried": int(card.row["times_carried"] or 0), "carried_from": card.row["carried_from"],
            "campaign_id": card.row["campaign_id"],
        }
        for card in _open(cards)
    ]  # fmt: skip
    return inputs.computed(
        "cards", Text("行动卡的其余内容", "What else the cards of actions hold"), CARDS, ("action_id",), rows,
        method="action_plan.cards", sql=CARDS_SQL, most=len(cards),
    )  # fmt: skip


def _open(cards: Sequence[Card]) -> list[Card]:
    return [card for card in _by_due(cards) if card.row["state"] == "open"]


def _by_due(cards: Sequence[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: (card.row["due_on"], card.id))


def _next_row(card: Card, today: Mapping[str, int], inputs: Inputs) -> dict[str, Any]:
    row = card.row
    level = natural(card, card.usual, today.get(card.id, 0), inputs.settings.min_n)
    target = row["target_value"] if card.metric else None
    return {
        "action_id": card.id, "segment": row["segment"], "customers": today.get(card.id, 0), "action": row["action"],
        "owner": row["owner"] or NOBODY, "due_on": row["due_on"], "metric": card.metric,
        "target": None if target is None else f"{target:f}", "natural": None if level is None else f"{level:.10f}",
        "unit": UNITS.get(card.metric or "", "number"),
    }  # fmt: skip


def score_table(inputs: Inputs, cards: Sequence[Card], controls: Mapping[str, Mapping[str, Any]]) -> Table:
    """All cards with at least one day behind them, the last due first."""
    rows = [
        {"unit": "number", "diff_unit": "number"}
        | score_row(card, controls, inputs.as_of, inputs.settings.min_n)
        for card in cards
        if card.reason != "no_days" and card.row["state"] != "dropped"
    ]
    return inputs.computed(
        "scores", Text("行动的计划与实际", "Actions: planned and actual"), SCORES, ("action_id",), rows,
        method="action_plan.scores", sql=CARDS_SQL, most=len(cards),
        note=Text("客户为依据日属于该分群的客户；未到期的只列到目前，不下结论；实际与自然水平之差无对照，不能归因",
                  "customers are those of the segment on the day the card rests on; what is not due yet has no verdict; between "
                  "actual and natural level there is no control, nothing can be attributed"),
    )  # fmt: skip


def count_table(inputs: Inputs, cards: Sequence[Card]) -> Table:
    """How many there are, and how many are late."""
    states = [card.row["state"] for card in cards]
    found = {
        "all": len(cards),
        "open": states.count("open"),
        "overdue": sum(card.late(inputs.as_of) for card in cards),
        "done": states.count("done"),
        "carried": states.count("carried"),
        "cancelled": states.count("dropped"),
    }
    rows = [{"what": name, "actions": n} for name, n in found.items()]
    return inputs.computed(
        "counts", Text("行动概况", "Actions in all"), COUNTS, ("what",), rows, method="action_plan.cards",
        sql=CARDS_SQL, most=len(cards),
    )  # fmt: skip


def period_table(inputs: Inputs, cards: Sequence[Card], scores: Table, view: str) -> Table:
    """Actions by the week, month or quarter in which they are due."""
    verdicts = {row["action_id"]: row["verdict"] for row in scores}
    found: dict[date, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("due", "done", "open", "reached"), 0)
    )
    for card in cards:
        row = found[start_of(card.row["due_on"], view)]
        row["due"] += 1
        row["done"] += card.row["state"] == "done"
        row["open"] += card.row["state"] == "open"
        row["reached"] += verdicts.get(card.id) == "reached"
    rows = [
        {"first_day": first, "last_day": end_of(first, view), **found[first]}
        for first in sorted(found, reverse=True)
    ]
    titles = {"week": Text("按周的行动", "Actions by week"), "month": Text("按月的行动", "Actions by month"),
              "quarter": Text("按季的行动", "Actions by quarter")}  # fmt: skip
    return inputs.computed(
        "periods", titles[view], PERIODS, ("first_day",), rows, method="action_plan.tables", inputs=("scores",),
        note=Text("按截止日归期", "by due date"),
    )  # fmt: skip


def start_of(day: date, view: str) -> date:
    """The first day of the week (Monday), month or quarter of a day."""
    if view == "week":
        return day - timedelta(days=day.weekday())
    first = month_start(day)
    return first if view == "month" else first.replace(month=first.month - (first.month - 1) % 3)


def end_of(first: date, view: str) -> date:
    """Its last day."""
    if view == "week":
        return first + timedelta(days=6)
    following = (first + timedelta(days=31 if view == "month" else 93)).replace(day=1)
    return following - timedelta(days=1)


def owner_table(inputs: Inputs, cards: Sequence[Card]) -> Table:
    """Actions by owner."""

    def of(owner: str, wanted: Callable[[Card], bool]) -> int:
        return sum((card.row["owner"] or NOBODY) == owner and wanted(card) for card in cards)

    owners = sorted({card.row["owner"] or NOBODY for card in cards})
    rows = [
        {
            "owner": owner,
            "open": of(owner, lambda card: card.row["state"] == "open"),
            "late": of(owner, lambda card: card.late(inputs.as_of)),
            "done": of(owner, lambda card: card.row["state"] == "done"),
        }
        for owner in owners
    ]
    return inputs.computed(
        "owners", Text("按责任人的行动", "Actions by owner"), BY_OWNER, ("owner",), rows, method="action_plan.tables",
        sql=CARDS_SQL, most=len(cards),
    )  # fmt: skip


def overlap_sql(one: str, one_label: str, other: str, other_label: str) -> str:
    """Customers of two segments."""
    return f"""
SELECT count(*) AS customers FROM {one} a JOIN {other} b ON b.account_no = a.account_no
WHERE a.label = {quoted(one_label)} AND b.label = {quoted(other_label)}
"""


def overlap_table(inputs: Inputs, cards: Sequence[Card], most: int) -> Table:
    """Pairs of open actions of different owners that share customers: nobody should answer to two."""
    open_cards = [card for card in _open(cards) if card.row["owner"]][:most]
    rows = []
    for place, one in enumerate(open_cards):
        for other in open_cards[place + 1 :]:
            if one.row["owner"] == other.row["owner"] or one.row["segmentation"] == other.row["segmentation"]:
                continue
            views = [view_of(inputs, card.row["segmentation"]) for card in (one, other)]
            if views[0] is None or views[1] is None:
                continue
            sql = overlap_sql(views[0], one.row["segment"], views[1], other.row["segment"])
            n = int(inputs.query(sql).to_pylist()[0]["customers"])
            if n:
                rows.append({
                    "one": one.id, "other": other.id, "one_owner": one.row["owner"], "other_owner": other.row["owner"],
                    "customers": n,
                })  # fmt: skip
    return inputs.computed(
        "overlaps", Text("有两位责任人的客户", "Customers with two owners"), OVERLAPS, ("one", "other"), rows,
        method="action_plan.tables", sql=CARDS_SQL, most=len(cards),
    )  # fmt: skip


def customers_today(inputs: Inputs, cards: Sequence[Card]) -> dict[str, int]:
    """Card -> customers of its segment now."""
    found: dict[str, dict[str, int]] = {}
    for card in cards:
        name = card.row["segmentation"]
        view = view_of(inputs, name) if card.row["state"] == "open" and name not in found else None
        if view is not None:
            sql = f"SELECT label, count(*) AS n FROM {view} GROUP BY label"
            found[name] = {row["label"]: int(row["n"]) for row in inputs.query(sql).to_pylist()}
    return {
        card.id: found[card.row["segmentation"]].get(card.row["segment"], 0)
        for card in cards
        if card.row["segmentation"] in found
    }
