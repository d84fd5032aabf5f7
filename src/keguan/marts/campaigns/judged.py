"""A campaign as an experiment: the sums of its arms, and what the tests say of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import fsum
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.experiments import Effect, Metric, Rules, effects, withheld
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.sample_ratio import ALARM, SampleRatio, sample_ratio
from keguan.evidence.statistics.welch import mean_of, welch
from keguan.marts.campaigns.units import Span
from keguan.marts.experiments.arms import CONTROL
from keguan.marts.experiments.sums import sample, settled
from keguan.result import Note

METRICS = ("conversion", "spend")
ADDED = ("members", "reached", "early", "n0", "a0", "b0", "c0", "n1", "a1", "b1", "c1", "d1", "e1", "f1")


@dataclass
class Campaign:
    """A campaign, the sums of its arms, what the tests say."""

    span: Span
    shown: str = ""
    arms: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    left_out: int = 0
    state: str = "tested"
    rules: Rules = field(default_factory=Rules)
    effects: list[Effect] = field(default_factory=list)
    split: SampleRatio | None = None
    balance: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What readers call it."""
        return self.shown or self.span.name

    def incremental_money(self) -> dict[str, float]:
        """Net spend that an arm brought more (or less) than the control, over all its members: what is at stake in it."""
        return {
            effect.arm: (effect.diff or 0.0) * effect.n
            for effect in self.effects
            if effect.metric == METRICS[1] and effect.told
        }

    @property
    def members(self) -> dict[str, int]:
        """Members by arm, the control first."""
        return {
            arm: int(self.arms[arm]["members"]) for arm in sorted(self.arms, key=lambda a: (a != CONTROL, a))
        }

    def metrics(self) -> list[Metric]:
        """Whether they ordered, and what they spent beside what they had spent before."""
        return [
            Metric("conversion", "share", {arm: sample(self.arms[arm], 0, 0.0) for arm in self.members}),
            Metric("spend", "mean", {
                arm: replace(
                    sample(self.arms[arm], 1, 0.0, beside=True),
                    groups=tuple((g["bucket"], int(g["members"]), g["a1"], g["d1"]) for g in self.groups[arm]),
                )
                for arm in self.members
            }),
        ]  # fmt: skip


def spans_of(
    rows: Sequence[Mapping[str, Any]], as_of: date, *, after_days: int, before_days: int, top: int
) -> list[Span]:
    """The latest campaigns that have begun, from rows of SPANS; the last day that counts is never after the as-of date."""
    spans = []
    for row in rows:
        first, end = row["first_day"], row["end_day"]
        if first is None or first > as_of:
            continue
        last = max(first, end) + timedelta(days=after_days)
        since = max(first - timedelta(days=before_days), date.min)
        spans.append(
            Span(
                row["campaign_id"],
                row["name"] or row["campaign_id"],
                since,
                first,
                min(last, as_of),
                last <= as_of,
            )
        )
    spans.sort(key=lambda span: (-span.first_day.toordinal(), span.campaign))
    return spans[:top]


def planned_note(rows: Sequence[Mapping[str, Any]], as_of: date) -> Iterator[Note]:
    """How many campaigns of these rows begin after the as-of date: their members are known, what they do is not."""
    if n := sum(row["first_day"] is not None and row["first_day"] > as_of for row in rows):
        yield Note(
            Text(f"{n} 个活动已有名单，开始日在截至日之后，尚未评价",
                 f"Campaigns with members that begin after the as-of date, and are not judged yet: {n}"))  # fmt: skip


def shown_names(spans: Sequence[Span]) -> dict[str, str]:
    """Names to show, by campaign: with the id where two campaigns have the same."""
    seen = Counter(span.name for span in spans)
    return {
        span.campaign: span.name if seen[span.name] == 1 else f"{span.name} ({span.campaign})"
        for span in spans
    }


def campaigns_of(inputs: Inputs, spans: Sequence[Span], sql: str) -> list[Campaign]:
    """Every campaign with the sums of its arms, in the order of the spans."""
    names = shown_names(spans)
    made = {span.campaign: Campaign(span, names[span.campaign]) for span in spans}
    for row in inputs.query(sql).to_pylist():
        campaign = made[row["campaign_id"]]
        if row["arm"] is None:
            campaign.left_out += row["members"]
            continue
        cells = {name: settled(row[name]) for name in ADDED}
        campaign.groups.setdefault(row["arm"], []).append({"bucket": row["bucket"], **cells})
    for campaign in made.values():
        campaign.arms = {
            arm: {name: fsum(group[name] for group in groups) for name in ADDED}
            for arm, groups in campaign.groups.items()
        }
    return list(made.values())


def judge(campaign: Campaign, plan: Mapping[str, float], min_n: int) -> None:
    """Effects and state of one campaign."""
    members = campaign.members
    if CONTROL not in members or len(members) < 2:
        campaign.state = "no_control"
        return
    total = sum(members.values())
    campaign.rules = Rules(min_n=min_n, tuning=None if campaign.span.whole else max(total, 1))
    campaign.effects = effects(campaign.metrics(), CONTROL, campaign.rules)
    campaign.balance = list(_balance(campaign, min_n))
    if plan and set(plan) == set(members):
        campaign.split = sample_ratio(members, plan)
    unlike = any(row["verdict"] == "mismatch" for row in campaign.balance)
    if unlike or (campaign.split is not None and campaign.split.mismatch):
        campaign.state = "not_alike"
        campaign.effects = [withheld(effect) for effect in campaign.effects]
    elif not any(effect.told for effect in campaign.effects):
        campaign.state = "too_few"
    elif not campaign.span.whole:
        campaign.state = "running"


def _balance(campaign: Campaign, min_n: int) -> Iterator[dict[str, Any]]:
    """Spend before the campaign by arm: assignment at random leaves no difference there."""
    spend = campaign.metrics()[1].arms
    base = spend[CONTROL].beside
    for arm, n in campaign.members.items():
        own = spend[arm].beside
        if arm == CONTROL or own is None or base is None or min(n, base.first.n) < min_n:
            continue
        p = welch(mean_of(own.second), mean_of(base.second)).p
        yield {
            "campaign": campaign.span.campaign, "arm": arm, "n": n, "before": own.second.mean,
            "control_before": base.second.mean, "p": p, "verdict": "mismatch" if p < ALARM else "as_planned",
        }  # fmt: skip


def corrected(found: Sequence[Campaign]) -> None:
    """Several campaigns: the p of their primary metric, corrected within each by Holm, once more by Benjamini-Hochberg."""
    told = [
        (campaign, at)
        for campaign in found
        for at, effect in enumerate(campaign.effects)
        if effect.metric == METRICS[0] and effect.told and effect.p_adjusted is not None
    ]
    q = benjamini_hochberg([campaign.effects[at].p_adjusted or 0.0 for campaign, at in told])
    for (campaign, at), value in zip(told, q, strict=True):
        effect = campaign.effects[at]
        sure = value <= 1 - campaign.rules.level
        campaign.effects[at] = replace(
            effect, p_adjusted=value, verdict=effect.verdict if sure else "no_difference"
        )
