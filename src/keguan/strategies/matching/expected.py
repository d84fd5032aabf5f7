"""What a strategy is expected to bring: from a past campaign with a control, else a declared assumption, else unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from keguan.analysis import Inputs
from keguan.evidence.statistics.holdout_size import Holdout, holdout_size
from keguan.marts.natural_return import ordered_sql
from keguan.marts.strategy_matrix import Rule

CAMPAIGNS = """
SELECT campaign_id, max(name) AS name, max(segment) AS segment, max(starts_on) AS starts_on
FROM campaigns WHERE segment IS NOT NULL AND campaign_id IS NOT NULL
GROUP BY campaign_id ORDER BY starts_on DESC, campaign_id
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference of the share who order, with its ends and where they come from."""

    source: str
    low: float | None = None
    high: float | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Past effects by target segment as campaigns write it, 'rfm/重要挽留' or 'strategies/低成本唤回': the latest one."""

    effects: Mapping[str, Effect]

    def of(self, segmentation: str, label: str, rule: Rule | None) -> Effect:
        """That of the segment, else of its strategy, else what is declared."""
        for target in (f"{segmentation}/{label}", f"strategies/{rule.id}" if rule else ""):
            if target in self.effects:
                return self.effects[target]
        if rule is not None and rule.expected is not None:
            told = rule.expected
            return Effect("assumed", told.low, told.high, told.basis.zh)
        return Effect("unknown")


def past_of(inputs: Inputs) -> Past:
    """Effects of campaigns on the share who ordered, told against a control; of a campaign with several arms the first."""
    if not inputs.has("campaign_members") or not inputs.has_values("campaigns", "segment"):
        return Past({})
    result = inputs.result("experiments")
    told: dict[str, Mapping[str, Any]] = {}
    for row in result.table("effects") if result.has("effects") else ():
        if row["metric"] == "conversion" and row["verdict"] in ("higher", "lower", "no_difference"):
            told.setdefault(row["campaign"], row)
    found: dict[str, Effect] = {}
    for campaign in inputs.query(CAMPAIGNS).to_pylist():
        effect = told.get(campaign["campaign_id"])
        if effect is not None:
            name = campaign["name"] or campaign["campaign_id"]
            found.setdefault(
                campaign["segment"], Effect("experiment", float(effect["low"]), float(effect["high"]), name)
            )
    return Past(found)


def natural_rates(inputs: Inputs, segmentation: str, days: int) -> dict[str, tuple[int, int]]:
    """Segment at the start of the last so many days -> its customers, and those of them who ordered since."""
    start = inputs.as_of - timedelta(days=days)
    view = inputs.segment(segmentation, start)
    rows = inputs.query(ordered_sql(view), first=start + timedelta(days=1), last=inputs.as_of).to_pylist()
    return {row["label"]: (int(row["customers"]), int(row["ordered"])) for row in rows}


def holdout(customers: int, natural: float | None, detect: float) -> Holdout | None:
    """Whom to leave alone, where the share who order by themselves is known."""
    return holdout_size(customers, natural, detect) if natural is not None else None
