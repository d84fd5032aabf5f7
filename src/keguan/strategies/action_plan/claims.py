"""Sentences: how each action that is due went, what comes next, what is late. Causal words only beside a control group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Claim, Note, Result, Test, Value
from keguan.strategies.action_plan.cards import Card

MEMBERS = Text("依据日属于该分群的客户", "customers of the segment on the day the action rests on")
TODAY = Text("目前属于该分群的客户", "customers of the segment now")
CARDS = Text("行动计划里的行动", "actions of the plan")
_WENT = Text(
    "行动 {id}（{segment}，责任人 {owner}）：{metric}计划 {planned}，实际 {actual}（n={n}，{from_day} 至 {to_day}），{verdict}；",
    "Action {id} ({segment}, owner {owner}): {metric} planned at {planned}, actual {actual} (n={n}, {from_day} to {to_day}), "
    "{verdict};",
)
_NATURAL = Text("此前同样天数为 {natural}；", " {natural} in as many days before;")
_CONTROLS: Mapping[str, Text] = {
    "tested": Text(
        "实验组与对照组相差 {diff}（区间 {diff_low} 至 {diff_high}）：{effect}。",
        " treated and control members differ by {diff} ({diff_low} to {diff_high}): {effect}.",
    ),
    "running": Text(
        "实验组与对照组到目前相差 {diff}（区间 {diff_low} 至 {diff_high}），窗口未满。",
        " so far treated and control members differ by {diff} ({diff_low} to {diff_high}), and the window is not over.",
    ),
    "no_campaign": Text(
        "没有关联活动名单，无对照，不能归因。",
        " no campaign is linked: no control, nothing can be attributed.",
    ),
    "no_control": Text(
        "关联的活动无对照，不能归因。", " its campaign has no control, nothing can be attributed."
    ),
    "not_judged": Text(
        "与对照组的比较未给出结论，不能归因。",
        " the comparison with the control is withheld: nothing can be attributed.",
    ),
}
_NEXT = Text(
    "{due_on} 前由 {owner} 负责（{id}，{segment} {customers} 位）：{action}。",
    "By {due_on}, owner {owner} ({id}, {segment}, {customers} customers): {action}.",
)
_TARGET = Text("目标：{metric} {target}", " Target: {metric} {target}")
_BESIDE = Text(
    "，此前同样天数为 {natural}（{natural_n} 位）。",
    ", against {natural} in as many days before (n={natural_n}).",
)
_ALONE = Text("，此前的水平无法得出。", "; the level before cannot be told.")
_LATE = Text(
    "已到期未完成，逾期 {days_late} 天，结转过 {times_carried} 次。",
    " It is due and not done, {days_late} days late, carried forward {times_carried} times before.",
)


def _joined(*parts: Text) -> Text:
    return Text("".join(part.zh for part in parts), "".join(part.en for part in parts))


TEXT: Mapping[str, Text] = {
    **{
        f"went_{control}{'_beside' if beside else ''}": _joined(_WENT, *([_NATURAL] if beside else []), said)
        for control, said in _CONTROLS.items()
        for beside in (False, True)
    },
    **{
        f"next_{target}{'_late' if late else ''}": _joined(
            _NEXT, *({"beside": (_TARGET, _BESIDE), "alone": (_TARGET, _ALONE), "none": ()}[target]), *([_LATE] if late else [])
        )
        for target in ("beside", "alone", "none")
        for late in (False, True)
    },
    "counts": Text(
        "行动计划共 {all} 项：进行中 {open} 项（其中到期未完成 {overdue} 项），已完成 {done} 项，"
        "已结转 {carried} 项，已取消 {cancelled} 项。",
        "The plan holds {all} actions: {open} running ({overdue} of them due), {done} done, {carried} carried forward, "
        "{cancelled} cancelled.",
    ),
}  # fmt: skip


def plan_claims(result: Result, cards: Sequence[Card], as_of: date, min_n: int) -> Iterator[Claim]:
    """How many; how those that are due went; what is next."""
    yield Claim(
        "counts", "action_plan/counts",
        {row["what"]: Cell("counts", {"what": row["what"]}, "actions") for row in result.table("counts")},
        n=len(cards), base=CARDS, summary=False,
    )  # fmt: skip
    for row in result.table("scores"):
        if row["verdict"] in ("reached", "missed") and (row["members"] or 0) >= min_n:
            yield _went(row)
    for row in result.table("next_actions"):
        yield _next(row, result.table("cards").find({"action_id": row["action_id"]}) or {})


def _went(row: Mapping[str, Any]) -> Claim:
    key = {"action_id": row["action_id"]}
    names = ["segment", "owner", "metric", "planned", "actual", "from_day", "to_day", "verdict"]
    beside = row["natural"] is not None
    told = row["control"] in ("tested", "running")
    if beside:
        names.append("natural")
    if told:
        names += ["diff", "diff_low", "diff_high", *(["effect"] if row["control"] == "tested" else [])]
    values: dict[str, Value] = {name: Cell("scores", key, name) for name in names}
    values["id"] = Cell("scores", key, "action_id")
    proven = row["effect"] in ("higher", "lower")
    return Claim(
        f"went_{row['control']}{'_beside' if beside else ''}", f"action_plan/{row['action_id']}/went", values,
        n=int(row["members"]), base=MEMBERS, strength="tested" if told else "fact", worse=row["verdict"] == "missed",
        test=Test("experiments", proven, row["p"], _number(row["diff_low"]), _number(row["diff_high"]),
                  corrected(float(row["p"] or 0))) if told else None,
        topic=f"action/{row['action_id']}", summary=row["verdict"] == "missed" or told,
    )  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _next(row: Mapping[str, Any], rest: Mapping[str, Any]) -> Claim:
    key = {"action_id": row["action_id"]}
    names = ["due_on", "owner", "segment", "customers", "action"]
    target = "none" if row["target"] is None else "alone" if row["natural"] is None else "beside"
    if target != "none":
        names += ["metric", "target"]
    more = []
    if target == "beside":
        names.append("natural")
        more.append("natural_n")
    late = rest["days_late"] is not None
    if late:
        more += ["days_late", "times_carried"]
    values: dict[str, Value] = {name: Cell("next_actions", key, name) for name in names}
    values |= {name: Cell("cards", key, name) for name in more}
    values["id"] = Cell("next_actions", key, "action_id")
    return Claim(
        f"next_{target}{'_late' if late else ''}", f"action_plan/{row['action_id']}/next", values,
        n=row["customers"], base=TODAY, strength="recommendation", topic=f"action/{row['action_id']}", summary=late,
        worse=late,
    )  # fmt: skip


def plan_notes(result: Result, cards: Sequence[Card], as_of: date, min_n: int) -> Iterator[Note]:
    """What a reader must know of the plan."""
    late = sorted(card.id for card in cards if card.late(as_of))
    if late:
        yield Note(
            Text(f"到期未完成：{'、'.join(late[:10])}；keguan actions plan 会把它们结转到下一期",
                 f"Due and not done: {', '.join(late[:10])}; keguan actions plan carries them into the next period"),
            "warning",
        )  # fmt: skip
    unowned = sorted(card.id for card in cards if card.row["state"] == "open" and not card.row["owner"])
    if unowned:
        yield Note(
            Text(f"没有责任人：{'、'.join(unowned[:10])}；用 keguan actions owner 指定",
                 f"Without an owner: {', '.join(unowned[:10])}; name one with keguan actions owner"),
            "warning",
        )  # fmt: skip
    shared = sum(row["customers"] for row in result.table("overlaps"))
    if shared:
        yield Note(
            Text("有客户同时属于两位责任人的行动，见「有两位责任人的客户」：一位客户只应有一位责任人",
                 "Customers are in actions of two owners, see 'Customers with two owners': one customer should answer to one"),
            "warning",
        )  # fmt: skip
    beaten = [
        row["action_id"]
        for row in result.table("next_actions")
        if row["metric"] == "activation_rate" and row["natural"] is not None and row["target"] is not None
        and row["target"] <= row["natural"]
    ]  # fmt: skip
    if beaten:
        yield Note(
            Text(f"目标不高于此前的自然水平：{'、'.join(beaten)}；不做也会达到",
                 f"Targets at or under what happened without any action: {', '.join(beaten)}; they say nothing"),
            "warning",
        )  # fmt: skip
    small = [row["action_id"] for row in result.table("scores") if row["verdict"] == "too_few"]
    if small:
        yield Note(
            Text(f"少于 {min_n} 位客户，不给占比：{'、'.join(small)}",
                 f"Fewer than {min_n} customers, no rate: {', '.join(small)}"), "withheld",
        )  # fmt: skip
    lost = [card.id for card in cards if card.reason == "no_segment"]
    if lost:
        yield Note(
            Text(f"依据日没有客户属于该分群，无法计量：{'、'.join(lost)}",
                 f"Nobody was in the segment on the day the action rests on, nothing is measured: {', '.join(lost)}"), "withheld",
        )  # fmt: skip
