"""Tables of campaigns as experiments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from keguan.analyses.experiments.columns import (
    ARM_COLUMNS,
    BALANCE_COLUMNS,
    BELIEFS,
    CAMPAIGN_COLUMNS,
    EFFECTS,
    SEGMENTS,
    SPLIT,
    WEEKS,
)
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.experiments import ArmSample, Metric, parts
from keguan.evidence.statistics.moments import moments
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.campaigns.judged import Campaign
from keguan.marts.campaigns.units import by_segment, by_week
from keguan.marts.experiments.arms import CONTROL
from keguan.marts.experiments.columns import effect_row, split_rows
from keguan.marts.experiments.sums import sample
from keguan.result import Table


def tables_of(inputs: Inputs, found: Sequence[Campaign], sql: str) -> tuple[Table, ...]:
    """Tables campaigns, arms, effects, beliefs, srm, balance."""

    def computed(
        name: str, title: Text, columns: Sequence[Any], key: Sequence[str], rows: list[Any], body: bool
    ) -> Table:
        table = inputs.computed(name, title, columns, key, rows, method="evidence.experiments", sql=sql)
        return replace(table, appendix=not body)

    told = [
        {**effect_row(effect, money=effect.metric == "spend"), "campaign": item.span.campaign}
        for item in found
        for effect in item.effects
    ]
    split = [
        {**row, "campaign": item.span.campaign}
        for item in found
        if item.split is not None
        for row in split_rows(item.members, item.split)
    ]
    key = ("campaign", "metric", "arm")
    return (
        computed("campaigns", Text("活动与对照组", "Campaigns and their controls"), CAMPAIGN_COLUMNS, ("campaign",),
                 [_campaign_row(item) for item in found], True),
        computed("arms", Text("各组做了什么", "What each arm did"), ARM_COLUMNS, ("campaign", "arm"),
                 [row for item in found for row in _arm_rows(item, inputs.settings.min_n)], True),
        computed("effects", Text("与对照组相比", "Against the control"), EFFECTS, key, told, True),
        computed("beliefs", Text("相对差与把握", "Relative difference and chances"), BELIEFS, key, told, False),
        computed("srm", Text("分组人数与计划", "Sizes of the arms against the plan"), SPLIT, ("campaign", "arm"), split, False),
        computed("balance", Text("活动前两组是否相同", "Were the arms alike before?"), BALANCE_COLUMNS, ("campaign", "arm"),
                 [row for item in found for row in item.balance], False),
    )  # fmt: skip


def _campaign_row(item: Campaign) -> dict[str, Any]:
    control = item.arms.get(CONTROL)
    return {
        "campaign": item.span.campaign, "name": item.name, "first_day": item.span.first_day,
        "last_day": item.span.last_day, "members": sum(item.members.values()),
        "control": int(control["members"]) if control else 0, "left_out": item.left_out,
        "control_reached": int(control["reached"]) if control else None,
        "early": sum(int(row["early"]) for arm, row in item.arms.items() if arm != CONTROL), "state": item.state,
    }  # fmt: skip


def _arm_rows(item: Campaign, min_n: int) -> Iterator[dict[str, Any]]:
    for arm, n in item.members.items():
        sums = item.arms[arm]
        ordered, ends = int(sums["a0"]), wilson(int(sums["a0"]), n)
        enough = n >= min_n and ends is not None
        yield {
            "campaign": item.span.campaign, "name": item.name, "arm": arm, "members": n,
            "reached": int(sums["reached"]), "ordered": ordered,
            "share": ordered / n if enough else None, "low": ends.low if enough and ends else None,
            "high": ends.high if enough and ends else None, "spend": sums["a1"],
        }  # fmt: skip


def segment_table(inputs: Inputs, item: Campaign, also: Sequence[str]) -> tuple[Table, ...]:
    """The share who ordered by the segment that a member had on the day before; all segments corrected together."""
    view = inputs.segment("rfm", item.span.first_day - timedelta(days=1))
    sql = by_segment([item.span], also, view)
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for row in inputs.query(sql).to_pylist():
        rows.setdefault(row["part"], {})[row["arm"]] = row
    samples = {
        part: Metric("conversion", "share", {arm: sample(row, 0, 0.0) for arm, row in sorted(arms.items())})
        for part, arms in rows.items()
    }
    told = [
        {**effect_row(effect), "campaign": item.span.campaign, "segment": part}
        for part, effect in parts(samples, CONTROL, item.rules)
    ]
    if not told:
        return ()
    table = inputs.computed(
        "segments", Text("最近一次活动的分群效果", "Effects of the latest campaign by segment"), SEGMENTS,
        ("campaign", "segment", "metric", "arm"), told, method="evidence.experiments.parts", sql=sql,
        note=Text("线索：全部分群一起用 Benjamini-Hochberg 校正", "hints: all segments corrected together by Benjamini-Hochberg"),
    )  # fmt: skip
    return (replace(table, appendix=True),)


def week_table(inputs: Inputs, item: Campaign, also: Sequence[str]) -> tuple[Table, ...]:
    """The share who ordered in each whole week: an effect of novelty is there in the first weeks alone."""
    sql = by_week([item.span], also)
    whole = ((item.span.last_day - item.span.first_day).days + 1) // 7
    ordered = {(row["week"], row["arm"]): row["ordered"] for row in inputs.query(sql).to_pylist()}
    samples = {
        str(week): Metric("conversion", "share", {
            arm: ArmSample(moments(n, ordered.get((week, arm), 0), ordered.get((week, arm), 0)))
            for arm, n in item.members.items()
        })
        for week in range(1, whole + 1)
    }  # fmt: skip
    told = [
        {**effect_row(effect), "campaign": item.span.campaign, "week": int(week)}
        for week, effect in parts(samples, CONTROL, item.rules)
    ]
    if not told:
        return ()
    table = inputs.computed(
        "weeks", Text("最近一次活动逐周的效果", "Effects of the latest campaign by week"), WEEKS,
        ("campaign", "week", "metric", "arm"), told, method="evidence.experiments.parts", sql=sql,
        note=Text("线索：各周一起校正；只在头几周有的效果是新鲜感",
            "hints: all weeks corrected together; an effect in the first weeks alone is novelty"),
    )  # fmt: skip
    return (replace(table, appendix=True),)
