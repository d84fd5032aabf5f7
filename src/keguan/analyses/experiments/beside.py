"""What stands beside the effects: intervals of several arms that hold together, and spend with extreme values drawn in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from keguan.analyses.experiments.columns import TOGETHER, WINSORISED
from keguan.analysis import Inputs
from keguan.evidence.experiments import Metric, effects
from keguan.evidence.many_arms import together
from keguan.marts.campaigns.judged import METRICS, Campaign
from keguan.marts.campaigns.units import drawn_in
from keguan.marts.experiments.arms import CONTROL
from keguan.marts.experiments.columns import (
    TOGETHER_TITLE,
    WINSORISED_NOTE,
    WINSORISED_TITLE,
    together_row,
    winsorised_row,
)
from keguan.marts.experiments.sums import sample
from keguan.result import Table

KEY = ("campaign", "metric", "arm")


def together_table(inputs: Inputs, found: Sequence[Campaign], sql: str) -> tuple[Table, ...]:
    """Campaigns in which two arms or more can be compared with the control."""
    rows = [
        {**together_row(row, money=row.metric == METRICS[1]), "campaign": item.span.campaign}
        for item in found
        if item.state == "tested"
        for row in together(item.metrics(), CONTROL, item.rules)
    ]
    if not rows:
        return ()
    table = inputs.computed(
        "dunnett", TOGETHER_TITLE, TOGETHER, KEY, rows, method="evidence.many_arms.together", sql=sql
    )
    return (replace(table, appendix=True),)


def winsorised_table(inputs: Inputs, found: Sequence[Campaign], also: Sequence[str]) -> tuple[Table, ...]:
    """Campaigns whose spend is too skewed for Welch's interval: the same comparison without the weight of a few."""
    skewed = {item.span.campaign: item for item in found if _bootstrapped(item)}
    if not skewed:
        return ()
    sql = drawn_in([item.span for item in skewed.values()], also)
    arms: dict[str, dict[str, dict[str, Any]]] = {}
    for row in inputs.query(sql).to_pylist():
        arms.setdefault(row["campaign_id"], {})[row["arm"]] = row
    rows = [row for campaign, held in arms.items() for row in _rows(skewed[campaign], held)]
    if not rows:
        return ()
    table = inputs.computed(
        "winsorised", WINSORISED_TITLE, WINSORISED, KEY, rows, method="evidence.experiments.effects", sql=sql,
        note=WINSORISED_NOTE,
    )  # fmt: skip
    return (replace(table, appendix=True),)


def _bootstrapped(item: Campaign) -> bool:
    return item.state == "tested" and any(
        effect.metric == METRICS[1] and (effect.method or "").startswith("bootstrap")
        for effect in item.effects
    )


def _rows(item: Campaign, held: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    if CONTROL not in held:
        return
    metric = Metric(METRICS[1], "mean", {arm: sample(row, 1, 0.0, beside=True) for arm, row in held.items()})
    any_row = held[CONTROL]
    cuts = (min(float(any_row["low"]), 0.0), max(float(any_row["high"]), 0.0))
    for effect in effects([metric], CONTROL, item.rules):
        if effect.told:
            yield {**winsorised_row(effect, cuts, money=True), "campaign": item.span.campaign}
