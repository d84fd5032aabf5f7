"""Planned, actual, what the segment did in as many days before, and the difference from the campaign's control group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from keguan.analysis import Inputs
from keguan.result import Result
from keguan.strategies.action_plan.cards import LESS_IS_BETTER, NOBODY, RATES, UNITS, Card, Measured

TOLD = ("higher", "lower", "no_difference")


def control_of(inputs: Inputs, cards: Sequence[Card]) -> Mapping[str, Mapping[str, Any]]:
    """Campaign -> how it stands against its control, by the analysis of campaigns. Asked only where a card names one."""
    named = {card.row["campaign_id"] for card in cards if card.row["campaign_id"]}
    if not named or not inputs.has("campaign_members"):
        return {}
    result = inputs.result("experiments")
    if not result.has("campaigns"):
        return {}
    return {
        row["campaign"]: {"state": row["state"], "effects": _effects(result, row["campaign"])}
        for row in result.table("campaigns")
        if row["campaign"] in named
    }


def _effects(result: Result, campaign: str) -> dict[str, Mapping[str, Any]]:
    """The first arm of each metric that is told."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in result.table("effects"):
        if row["campaign"] == campaign and row["verdict"] in TOLD:
            found.setdefault(row["metric"], row)
    return found


def score_row(
    card: Card, controls: Mapping[str, Mapping[str, Any]], as_of: date, min_n: int
) -> dict[str, Any]:
    """The row of `scores`."""
    metric = card.metric
    unit = UNITS.get(metric or "", "number")
    row: dict[str, Any] = {
        "action_id": card.id, "segment": card.row["segment"], "owner": card.row["owner"] or NOBODY,
        "state": card.row["state"], "from_day": card.row["based_on"], "to_day": card.last, "metric": metric,
        "unit": unit, "members": card.now.members if card.now else None, "verdict": "unmeasured",
        **_against(card, controls),
    }  # fmt: skip
    if metric is None:
        return row | {"verdict": "no_target"}
    target = card.row["target_value"]
    row["planned"] = _text(None if target is None else float(target))
    if card.now is None:
        return row
    actual = card.now.value(metric, min_n)
    row |= {"actual": _text(actual), "natural": _text(natural(card, card.before, card.now.members, min_n)),
            "natural_n": card.before.members if card.before else None}  # fmt: skip
    if metric in RATES and actual is not None:
        low, high = card.now.ends(metric)
        row |= {"low": _text(low), "high": _text(high)}
    return row | {"verdict": _verdict(card, actual, target, as_of)}


def natural(card: Card, before: Measured | None, customers: int, min_n: int) -> float | None:
    """What so many days before brought of the segment's customers then; counts and money for as many customers as now."""
    if before is None or card.metric is None:
        return None
    value = before.value(card.metric, min_n)
    if value is None or card.metric in RATES:
        return value
    return value / before.members * customers


def _verdict(card: Card, actual: float | None, target: Any, as_of: date) -> str:
    if not card.over(as_of):
        return "running"
    if actual is None:
        return "too_few"
    if target is None:
        return "no_target"
    reached = actual <= float(target) if card.metric in LESS_IS_BETTER else actual >= float(target)
    return "reached" if reached else "missed"


def _against(card: Card, controls: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    campaign = card.row["campaign_id"]
    if not campaign or campaign not in controls:
        return {"control": "no_campaign"}
    found = controls[campaign]
    if found["state"] == "no_control":
        return {"control": "no_control"}
    effect = found["effects"].get("spend" if card.metric == "net_revenue" else "conversion")
    if effect is None:
        return {"control": "not_judged"}
    state = "running" if found["state"] == "running" else "tested"
    return {
        "control": state, "diff": _text(effect["diff"]), "diff_low": _text(effect["low"]),
        "diff_high": _text(effect["high"]), "p": effect["p_adjusted"], "effect": effect["verdict"],
        "diff_unit": effect["diff_unit"], "control_n": int(effect["n"]),
    }  # fmt: skip


def _text(value: Any) -> str | None:
    """A figure of a column of mixed units is kept as text."""
    return None if value is None else f"{float(value):.10f}"
