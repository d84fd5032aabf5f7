"""Which offers have been made, what each costs per customer, and which of their campaigns had a control that can be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from keguan.analysis import Inputs
from keguan.marts.campaigns.groups import KINDS, member_groups_sql
from keguan.marts.campaigns.judged import Campaign, campaigns_of, judge, spans_of
from keguan.marts.campaigns.listing import LISTING, cost_of
from keguan.marts.campaigns.units import by_arm
from keguan.marts.experiments.arms import CONTROL, planned_split
from keguan.schema.vocabulary import UNKNOWN
from keguan.strategies.simulation.params import Params
from keguan.strategies.simulation.responses import (
    Group,
    Offer,
    Stratum,
    pool,
    purchase_square,
    responses_of,
    strata_of,
)


@dataclass(frozen=True)
class Made:
    """Offers in the order of their names, the campaigns they are from, and the query of their members."""

    offers: Sequence[Offer]
    campaigns: Sequence[Campaign]
    rows: Sequence[Mapping[str, Any]] = ()
    sql: str = ""


def made(inputs: Inputs, params: Params) -> Made:
    """Offers of the latest campaigns, and the sums of the members of those with a usable control."""
    listing = {row["campaign_id"]: row for row in inputs.query(LISTING).to_pylist()}
    spans = spans_of(list(listing.values()), inputs.as_of, after_days=params.after_days,
                     before_days=params.before_days, top=params.top)  # fmt: skip
    if not spans:
        return Made((), ())
    also = params.controls
    campaigns = campaigns_of(inputs, spans, by_arm(spans, also))
    plan = planned_split(params.split, "split")
    for campaign in campaigns:
        judge(campaign, plan, inputs.settings.min_n)
    offers = _offers(campaigns, listing)
    tested = [campaign for campaign in campaigns if campaign.state == "tested"]
    if not tested:
        return Made(offers, campaigns)
    views = {
        item.span.campaign: inputs.segment(params.segmentation, item.span.first_day - timedelta(days=1))
        for item in tested
    }
    sql = member_groups_sql([item.span for item in tested], also, views, params.window)
    return Made(offers, campaigns, inputs.query(sql).to_pylist(), sql)


def _offers(campaigns: Sequence[Campaign], listing: Mapping[str, Mapping[str, Any]]) -> list[Offer]:
    found: dict[tuple[str, str], Offer] = {}
    spent: dict[tuple[str, str], dict[bool, list[tuple[Decimal, int]]]] = {}
    for campaign in sorted(campaigns, key=lambda item: item.span.campaign):
        row = listing[campaign.span.campaign]
        key = (
            (row["strategy"] or campaign.name).strip() or campaign.name,
            (row["channel"] or "").strip() or UNKNOWN,
        )
        offer = found.setdefault(key, Offer(*key))
        tested = campaign.state == "tested"
        offer.campaigns.append(campaign.name)
        heads = sum(n for arm, n in campaign.members.items() if arm != CONTROL)
        if tested:
            offer.tested.append(campaign.span.campaign)
            offer.treated += heads
            offer.control += campaign.members[CONTROL]
        cost = cost_of(row)
        if cost is not None and heads:
            spent.setdefault(key, {}).setdefault(tested, []).append((cost, heads))
    for key, costs in spent.items():
        counted = costs.get(True) or costs[False]  # what the effect is from, where it has a cost
        found[key].head_cost = float(sum(cost for cost, _ in counted)) / sum(heads for _, heads in counted)
    return [found[key] for key in sorted(found)]


def money_base(rows: Sequence[Mapping[str, Any]], known_cost: float) -> str:
    """'margin' where the cost of goods is known for enough of the sales, else 'revenue'."""
    gross, unknown = (
        sum((Decimal(row[name] or 0) for row in rows), Decimal(0)) for name in ("gross", "unknown_gross")
    )
    return "margin" if gross > 0 and 1 - float(unknown / gross) >= known_cost else "revenue"


def learn(found: Made, base: str, params: Params, min_n: int, usual: float) -> None:
    """Fills in what the offers showed in each group, and what is believed of it. `usual`: the mean squared money of those who
    order by themselves, for campaigns in which nobody did."""
    strata = strata_of(found.rows, base)
    square = purchase_square(stratum for groups in strata.values() for stratum in groups.values()) or usual
    spans = {item.span.campaign: item.span for item in found.campaigns}
    for offer in found.offers:
        own = [
            _timed(strata[campaign], spans[campaign].first_day, params.window)
            for campaign in offer.tested
            if campaign in strata
        ]
        offer.responses = responses_of(own, square, min_n)
    pool(found.offers)


def _timed(groups: Mapping[Group, Stratum], first_day: Any, kind: str) -> dict[Group, Stratum]:
    """The groups with the window of the campaign's start, for windows that are not a customer's own."""
    if kind in KINDS:
        return dict(groups)
    return {(segment, calendar(first_day, kind)): stratum for (segment, _), stratum in groups.items()}


def calendar(day: Any, kind: str) -> str:
    """The window in which a campaign begins on a day: 'month_5', 'weekday_1', 'all'."""
    if kind == "month":
        return f"month_{day.month}"
    return f"weekday_{day.isoweekday()}" if kind == "weekday" else "all"


def calendar_windows(found: Made, kind: str) -> list[str]:
    """Windows in which campaigns with a usable control began."""
    days = [item.span.first_day for item in found.campaigns if item.state == "tested"]
    return sorted({calendar(day, kind) for day in days}) or ["all"]
