"""One campaign: its days, members, cost, what its members bought, and what its control group says of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import ceil, erfc, fsum, sqrt
from typing import Any

from keguan.analyses.campaign.params import Params
from keguan.analysis import Inputs
from keguan.evidence.experiments import Effect, Metric, effects
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.sample_size import units_for_mean
from keguan.marts.campaigns.judged import (
    Campaign,
    campaigns_of,
    judge,
    planned_note,
    shown_names,
    spans_of,
)
from keguan.marts.campaigns.listing import LISTING, cost_of
from keguan.marts.campaigns.members import TREATED, money_sql, steps_sql
from keguan.marts.campaigns.units import Span, by_arm
from keguan.marts.experiments.arms import CONTROL, planned_split
from keguan.marts.experiments.sums import sample, settled
from keguan.result import Note

EXACT = ("revenue", "margin", "gross", "unknown_gross", "discounts")
PLACE = {"revenue": 1, "margin": 2}
ALPHA = 0.05


@dataclass
class Case:
    """`row`: its line of LISTING. `steps`: members by step and side. `groups`: sums by side and random group of members.
    `base`: 'margin' or 'revenue'. `effect`: that, per head, treated against control. `roi_p`: of whether the increment
    differs from the cost."""

    row: Mapping[str, Any]
    span: Span
    name: str
    judged: Campaign
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    left_out: int = 0
    base: str = "revenue"
    effect: Effect | None = None
    roi_p: float | None = None

    @property
    def id(self) -> str:
        """The campaign's id."""
        return self.span.campaign

    def members(self, side: str = TREATED) -> int:
        """Members of a side."""
        return int(self.steps[side]["members"]) if side in self.steps else 0

    def ordered(self, side: str = TREATED) -> int:
        """Members of a side who ordered in the window."""
        return int(self.steps[side]["ordered"]) if side in self.steps else 0

    def total(self, name: str, side: str = TREATED) -> Decimal:
        """Money of a side in the window, exactly."""
        return sum((Decimal(group[name] or 0) for group in self.groups.get(side, ())), Decimal(0))

    @property
    def cost(self) -> Decimal | None:
        """What the campaign cost: as recorded, else contacts and spend that name it."""
        return cost_of(self.row)

    @property
    def cost_source(self) -> str:
        """Where the cost is from."""
        return "campaign" if self.row["cost"] is not None else "missing" if self.cost is None else "parts"

    @property
    def advertising(self) -> Decimal | None:
        """What ROAS divides by: spend on advertising that names the campaign, else its cost."""
        spend: Decimal | None = self.row["spend"]
        return spend if spend is not None else self.cost

    @property
    def state(self) -> str:
        """What may be said: 'no_members', 'no_control', 'not_alike', 'too_few', 'running', 'tested'."""
        if not self.members():
            return "no_members"
        return "no_control" if not self.members(CONTROL) else self.judged.state

    @property
    def verdict(self) -> str:
        """Whether the increment pays for the cost; without a cost, whether there is one."""
        if self.state in ("no_members", "no_control", "not_alike"):
            return self.state
        if self.effect is None or not self.effect.told:
            return "too_few"
        if self.cost is None:
            return self.effect.verdict
        low, high = self.net()[1:]
        sure = self.roi_p is not None and self.roi_p <= ALPHA
        return "open" if not sure or low <= 0 <= high else "above" if low > 0 else "below"

    @property
    def advice(self) -> str:
        """What to do next, from the state and the verdict; a missing cost is asked for."""
        found = "running" if self.state == "running" and self.verdict != "too_few" else self.verdict
        return found if self.cost is not None else f"{found}+cost"

    def increment(self) -> tuple[float, float, float]:
        """Per-head difference times the heads treated, with its interval."""
        assert self.effect is not None  # asked for where there is an effect
        heads = self.members()
        return (
            (self.effect.diff or 0.0) * heads,
            (self.effect.low or 0.0) * heads,
            (self.effect.high or 0.0) * heads,
        )

    def net(self) -> tuple[float, float, float]:
        """The increment less the cost, with its interval."""
        cost = float(self.cost or 0)
        value, low, high = self.increment()
        return value - cost, low - cost, high - cost

    def needed(self) -> int | None:
        """Members of both sides, split as now, with whom an increment as large as the cost is found (power 80 %)."""
        if self.cost is None or self.effect is None or not self.effect.told or self.cost <= 0:
            return None
        sides = [self.sample(side).values for side in (TREATED, CONTROL)]
        spread = fsum(side.squares for side in sides) / (sides[0].n + sides[1].n - 2)
        spread *= 1 - (self.effect.variance_removed or 0.0)
        if spread <= 0:
            return None
        ratio = sides[0].n / sides[1].n
        control = units_for_mean(float(self.cost) / self.members() / sqrt(spread), ratio)
        return ceil(control * (1 + ratio)) if control else None

    def sample(self, side: str) -> Any:
        """Moments and random groups of the money of one side."""
        groups = self.groups[side]
        place = PLACE[self.base]
        names = [f"{letter}{place}" for letter in "nabcdef"]
        added = {name: fsum(settled(group[name]) for group in groups) for name in names}
        found = sample(added, place, 0.0, beside=True)
        parts = tuple(
            (g["bucket"], int(g["members"]), settled(g[f"a{place}"]), settled(g[f"d{place}"])) for g in groups
        )
        return replace(found, groups=parts)


@dataclass(frozen=True)
class Found:
    """The latest campaigns that have begun; names of those that name no day; what is said of those that have not begun;
    the queries: 'steps' and 'money'."""

    cases: list[Case] = field(default_factory=list)
    undated: tuple[str, ...] = ()
    planned: tuple[Note, ...] = ()
    sql: Mapping[str, str] = field(default_factory=dict)


def cases_of(inputs: Inputs, params: Params) -> Found:
    """Every campaign with its sums, judged."""
    also = tuple(name for name in params.control.split(",") if name.strip())
    listing = inputs.query(LISTING).to_pylist()
    undated = tuple(row["name"] or row["campaign_id"] for row in listing if row["first_day"] is None)
    later = tuple(planned_note(listing, inputs.as_of))
    spans = spans_of(listing, inputs.as_of, after_days=params.after_days, before_days=params.before_days,
                     top=params.top)  # fmt: skip
    if not spans:
        return Found(undated=undated, planned=later)
    rows = {row["campaign_id"]: row for row in listing}
    names = shown_names(spans)
    arms = {item.span.campaign: item for item in campaigns_of(inputs, spans, by_arm(spans, also))}
    cases = {
        span.campaign: Case(rows[span.campaign], span, names[span.campaign], arms[span.campaign])
        for span in spans
    }
    sql = {"steps": steps_sql(spans, also), "money": money_sql(spans, also)}
    _fill(inputs, cases, sql)
    found = list(cases.values())
    _judge(found, planned_split(params.split, "split"), inputs.settings.min_n, params.known_cost)
    return Found(found, undated, later, sql)


def _fill(inputs: Inputs, cases: Mapping[str, Case], sql: Mapping[str, str]) -> None:
    for row in inputs.query(sql["steps"]).to_pylist():
        case = cases[row["campaign_id"]]
        if row["side"] is None:
            case.left_out = int(row["members"])
        else:
            case.steps[row["side"]] = row
    for row in inputs.query(sql["money"]).to_pylist():
        cases[row["campaign_id"]].groups.setdefault(row["side"], []).append(row)


def _judge(cases: Sequence[Case], plan: Mapping[str, float], min_n: int, known_cost: float) -> None:
    """States, the money that counts, and its effects, corrected over all campaigns."""
    gross = sum((case.total("gross", side) for case in cases for side in case.groups), Decimal(0))
    unknown = sum((case.total("unknown_gross", side) for case in cases for side in case.groups), Decimal(0))
    base = "margin" if gross > 0 and 1 - float(unknown / gross) >= known_cost else "revenue"
    for case in cases:
        case.base = base
        judge(case.judged, plan, min_n)
        if case.state in ("no_members", "no_control"):
            continue
        metric = Metric(base, "mean", {side: case.sample(side) for side in (TREATED, CONTROL)})
        rules = replace(case.judged.rules, min_n=min_n)
        case.effect = effects([metric], CONTROL, rules)[0]
        if case.effect.told and case.cost is not None:
            case.roi_p = _p(case)
    _corrected(cases)


def _p(case: Case) -> float:
    """Two-sided p of 'the increment equals the cost', read from the interval as a normal one."""
    value, low, high = case.net()
    error = (high - low) / (2 * z_value())
    return erfc(abs(value) / error / sqrt(2)) if error > 0 else 1.0


def _corrected(cases: Sequence[Case]) -> None:
    """Several campaigns: both p by Benjamini and Hochberg (1995)."""
    open_to = [case for case in cases if case.state in ("tested", "running")]
    told = [case for case in open_to if case.effect is not None and case.effect.told]
    for case, q in zip(told, benjamini_hochberg([c.effect.p or 0.0 for c in told if c.effect]), strict=True):
        assert case.effect is not None
        verdict = case.effect.verdict if q <= ALPHA else "no_difference"
        case.effect = replace(case.effect, p_adjusted=q, verdict=verdict)
    with_cost = [case for case in told if case.roi_p is not None]
    for case, q in zip(with_cost, benjamini_hochberg([c.roi_p or 0.0 for c in with_cost]), strict=True):
        case.roi_p = q
