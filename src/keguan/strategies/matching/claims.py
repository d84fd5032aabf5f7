"""Sentences: what to do for a segment, why, and what it is expected to bring. Each is a recommendation with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.marts.strategy_matrix import Matrix
from keguan.result import Cell, Claim, Note, Result, Test, Value
from keguan.strategies.matching.params import Params
from keguan.strategies.matching.tables import Matched

BASE = Text("该分群的客户", "customers of the segment")
_HEAD = Text(
    "「{segment}」{customers} 位客户（近 {months} 个月净销售额 {money}）：{direction}。",
    "'{segment}', {customers} customers with net revenue of {money} in the last {months} months: {direction}.",
)
_RESOURCES = Text("资源：{resources}。", " Resources: {resources}.")
_PAINS: Mapping[str, Text] = {
    "complaint": Text(
        "投诉过的 {pain_n} 位客户中，{pain_share} 投诉「{pain_value}」，其余客户为 {pain_rest}：先解决该类投诉的原因。",
        " Of its {pain_n} customers who complained, {pain_share} did so about '{pain_value}', against {pain_rest} of the others: "
        "remove that cause first.",
    ),
    "unsolved": Text(
        "投诉过的 {pain_n} 位客户中，{pain_share} 还有未解决的投诉，其余客户为 {pain_rest}：先解决投诉。",
        " Of its {pain_n} customers who complained, {pain_share} still wait for a solution, against {pain_rest} of the others: "
        "solve these first.",
    ),
    "dissatisfied": Text(
        "{pain_n} 位受访者中 {pain_share} 不满意，其余受访者为 {pain_rest}：先回访不满意的客户。",
        " Of its {pain_n} respondents {pain_share} are dissatisfied, against {pain_rest} of the others: call these first.",
    ),
    "theme": Text(
        "{pain_n} 条反馈中 {pain_share} 谈到「{pain_value}」，其余客户的反馈为 {pain_rest}：先回应这一主题。",
        " Of its {pain_n} texts of feedback {pain_share} speak of '{pain_value}', against {pain_rest} of those of the others: "
        "answer that first.",
    ),
    "price": Text(
        "可判断的 {pain_n} 位客户中 {pain_share} 价格敏感，其余客户为 {pain_rest}：以价格优惠为主。",
        " Of its {pain_n} customers with evidence {pain_share} are price sensitive, against {pain_rest} of the others: lead with "
        "an offer on price.",
    ),
    "none": Text("", ""),
}
_CHANNEL = Text(
    "订单的 {channel_share} 来自「{channel}」（{orders} 单）。",
    " {channel_share} of its {orders} orders came from '{channel}'.",
)
_WORTH = Text(
    "预测这些客户未来 12 个月的价值为 {clv_12}（{clv_basis}，回测总量偏差 {clv_bias}）。",
    " Their value in the next 12 months is forecast at {clv_12} ({clv_basis}; the back-test was off by {clv_bias} in total).",
)
_EFFECTS: Mapping[str, Text] = {
    "experiment": Text(
        "以往活动「{basis}」与对照组相比，下单占比相差 {low} 至 {high}。",
        " The past campaign '{basis}' differed from its control by {low} to {high} in the share who ordered.",
    ),
    "assumed": Text(
        "假设（未经验证，依据：{basis}）：下单占比相差 {low} 至 {high}。",
        " Assumed, not tested ({basis}): a difference of {low} to {high} in the share who order.",
    ),
    "unknown": Text(
        "效果未知：{days} 天前属于该群的 {natural_n} 位中有 {natural} 此后下过单，"
        "做时请随机留出 {holdout} 位作对照，可检出 {finds} 的差。",
        " The effect is unknown: of {natural_n} customers in the segment {days} days ago {natural} have ordered since; hold out "
        "{holdout} customers at random, which finds a difference of {finds}.",
    ),
    "untold": Text(
        "效果未知，做时请随机留出对照组。", " The effect is unknown: hold out a control group at random."
    ),
}


def _joined(*parts: Text) -> Text:
    return Text("".join(part.zh for part in parts), "".join(part.en for part in parts))


TEXT: Mapping[str, Text] = {
    f"{pain}_{effect}{'_focus' if focus else ''}{'_channel' if channel else ''}{'_worth' if worth else ''}": _joined(
        _HEAD,
        *([_WORTH] if worth else []),
        *([_RESOURCES] if focus else []),
        said,
        *([_CHANNEL] if channel else []),
        told,
    )
    for pain, said in _PAINS.items()
    for effect, told in _EFFECTS.items()
    for focus in (False, True)
    for channel in (False, True)
    for worth in (False, True)
} | {
    "one_each": Text(
        "{customers} 位客户中 {matched} 位有策略，一位客户只有一个；{conflicting} 位按不同分群会得到不同的策略，已按次序取一个。",
        "{matched} of {customers} customers have a strategy, one each; for {conflicting} of them segments give different "
        "strategies, and the stated order decided.",
    ),
}


def matching_claims(
    result: Result, items: Sequence[Matched], matrix: Matrix, params: Params, min_n: int
) -> Iterator[Claim]:
    """A recommendation for each segment of the first segmentation of the order; how many customers have one strategy."""
    coverage = result.table("coverage").find({"scope": "全部"})
    if coverage and coverage["customers"] >= min_n:
        yield Claim(
            "one_each", "matching/coverage",
            {name: Cell("coverage", {"scope": "全部"}, name) for name in ("customers", "matched", "conflicting")},
            n=int(coverage["customers"]), base=Text("全部已知客户", "all known customers"), summary=False,
        )  # fmt: skip
    told = next((name for name in matrix.priority if name in params.shown), None)
    for item in items:
        segment = item.segment
        if segment.segmentation == told and item.rule is not None and segment.customers >= min_n:
            yield _recommendation(result, item, params)


def _recommendation(result: Result, item: Matched, params: Params) -> Claim:
    segment = item.segment
    key = {"segment_method": segment.segmentation, "segment": segment.label}
    facts = result.table("facts").find(key) or {}
    matched = result.table("matched").find(key) or {}
    pain = item.pain["pain"] if item.pain else "none"
    effect = item.effect.source
    if effect == "unknown" and (facts["holdout"] is None or facts["finds"] is None):
        effect = "untold"
    focus, channel = matched["resources"] is not None, facts["channel"] is not None
    values: dict[str, Value] = {
        name: Cell("matched", key, name) for name in ("segment", "customers", "money", "direction")
    }
    if focus:
        values["resources"] = Cell("matched", key, "resources")
    if item.pain:
        values |= {name: Cell("facts", key, name) for name in ("pain_n", "pain_share", "pain_rest")}
        values["pain_value"] = Cell("matched", key, "pain_value")
    if channel:
        values |= {name: Cell("facts", key, name) for name in ("channel", "channel_share", "orders")}
    worth = item.worth is not None
    if worth:
        values |= {name: Cell("facts", key, name) for name in ("clv_12", "clv_basis", "clv_bias")}
    values |= _effect_values(effect, key)
    stake = item.worth.money if item.worth else segment.money
    return Claim(
        f"{pain}_{effect}{'_focus' if focus else ''}{'_channel' if channel else ''}{'_worth' if worth else ''}",
        f"matching/{segment.segmentation}/{segment.label}", values, n=segment.customers, base=BASE,
        strength="recommendation", test=_test(item), money=max(float(stake), 0.0), certainty=0.5,
        labels={"months": (str(params.window_months), None), "days": (str(params.natural_days), None)},
        topic="matching",
    )  # fmt: skip


def _effect_values(effect: str, key: Mapping[str, str]) -> dict[str, Value]:
    if effect == "unknown":
        names = {"natural": "natural_rate", "natural_n": "natural_n", "holdout": "holdout", "finds": "finds"}
        return {name: Cell("facts", key, column) for name, column in names.items()}
    if effect == "untold":
        return {}
    return {
        "basis": Cell("facts", key, "basis"), "low": Cell("matched", key, "expected_low"),
        "high": Cell("matched", key, "expected_high"),
    }  # fmt: skip


def _test(item: Matched) -> Test | None:
    if item.pain is None:
        return None
    return Test("two proportions", True, corrected=corrected(item.pain["q"]))


def matching_notes(result: Result, items: Sequence[Matched], min_n: int) -> Iterator[Note]:
    """What the reader must know of the matches."""
    small = [item for item in items if item.segment.customers < min_n]
    if small:
        yield Note(
            Text(f"{len(small)} 个分群少于 {min_n} 位客户：给出策略，不给占比与比较",
                 f"segments with fewer than {min_n} customers get a strategy, but no rates or comparisons: {len(small)}"),
            "withheld",
        )  # fmt: skip
    coverage = result.table("coverage").find({"scope": "全部"}) or {}
    if coverage.get("two_owners"):
        n = coverage["two_owners"]
        yield Note(
            Text(f"{n:,} 位客户在资料中有两位责任人：一位客户只应有一位，请在客户表中确定",
                 f"{n:,} customers have two owners on record: one customer should have one; settle it in the customer file"),
            "warning",
        )  # fmt: skip
    if any(item.effect.source == "unknown" for item in items):
        yield Note(
            Text("没有对照组的活动说明不了效果：预期效果只来自有对照组的活动，或 strategies.toml 中声明的假设",
                 "Campaigns without a control tell no effect: expectations come from campaigns with a control, or from "
                 "assumptions declared in strategies.toml")
        )  # fmt: skip
