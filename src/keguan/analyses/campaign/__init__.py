"""What did each campaign cost and bring, how far did its members come, and to what are orders counted?

Method: members as assigned, from the first day to some days after the end (window). Path from outcomes of contacts and
times in the list. Three figures of money under three names: output : input (net revenue of members over cost), ROAS
(sales counted by a named attribution over advertising cost), incremental net ROI with its interval: the difference per
head in margin (revenue where the cost of goods is unknown) against the control, times the heads treated, less the cost,
over the cost; Welch (1947) with the spend of before taken out (Deng et al. 2013), the customer bootstrap where too skewed,
campaigns corrected by Benjamini and Hochberg (1995). A target is read beside the natural return rate. Strategies are
compared by increments alone. Attribution: first, last, linear, position-based, Markov removal effect (Anderl et al.
2016): rules of counting, no causes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keguan.analyses.campaign.attribution import RULES, attributed, campaign_table, channel_table
from keguan.analyses.campaign.case import cases_of
from keguan.analyses.campaign.claims import TEXT, claims_of, notes_of
from keguan.analyses.campaign.params import Params
from keguan.analyses.campaign.strategies import strategy_table
from keguan.analyses.campaign.tables import (
    appendix,
    effect_table,
    increment_table,
    money_table,
    path_table,
)
from keguan.analyses.campaign.targets import target_tables
from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.result import Figure, Note, Result, Table

MISSING = Note(
    Text("没有活动：导入 campaigns（活动、起止日、费用）与 campaign_members（活动、客户、组别）后可看效果",
         "No campaigns: import campaigns (campaign, days, cost) and campaign_members (campaign, customer, arm) to see effects"),
    "missing",
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables effect, increments, targets, target_intervals, path, money, strategies, attribution, campaign_attribution."""
    found = cases_of(inputs, params)
    cases, sql = found.cases, found.sql
    counted = attributed(inputs, params)
    channels = channel_table(inputs, params, counted)
    least = inputs.settings.min_n
    told = (*notes_of(cases, found.undated, params, least), *found.planned)
    if not cases:
        notes = told if found.planned else (*told, MISSING)
        result = Result("campaign", channels, tuple(_figures(channels)), notes=notes)
        return replace(result, claims=tuple(claims_of(cases, result, least)) if channels else ())
    also = tuple(name for name in params.control.split(",") if name.strip())
    targets, intervals = target_tables(inputs, cases, also, sql["steps"])
    tables = (
        effect_table(inputs, cases, sql["money"]),
        increment_table(inputs, cases, sql["money"]),
        targets,
        appendix(intervals),
        path_table(inputs, cases, sql["steps"]),
        appendix(money_table(inputs, cases, params, counted, sql["money"])),
        strategy_table(inputs, cases, sql["steps"]),
        *channels,
        *map(appendix, campaign_table(inputs, counted, {case.id: case.name for case in cases})),
    )
    result = Result("campaign", tables, tuple(_figures(tables)))
    return replace(result, claims=tuple(claims_of(cases, result, least)), notes=told)


def _figures(given: tuple[Table, ...]) -> Iterator[Figure]:
    """What has a value: net ROI by campaign, conversion by strategy, the latest path, shares by rule."""
    tables = {table.id: table for table in given}

    def any_in(table: str, column: str) -> bool:
        return table in tables and any(row[column] is not None for row in tables[table])

    if any_in("increments", "net_roi"):
        yield Figure("net_roi", "bar", Text("增量净回报率（有对照组的活动）", "Incremental net ROI (campaigns with a control)"),
                     "increments", "name", ("net_roi",), low="roi_low", high="roi_high")  # fmt: skip
    if any_in("strategies", "share"):
        yield Figure("strategies", "bar", Text("各策略的转化率（描述）", "Conversion by strategy (a description)"), "strategies",
                     "strategy", ("share",), low="low", high="high")  # fmt: skip
    if any_in("strategies", "effect"):
        yield Figure("strategy_effects", "bar", Text("各策略的转化率增量", "Increment of conversion by strategy"), "strategies",
                     "strategy", ("effect",), low="effect_low", high="effect_high")  # fmt: skip
    if any_in("attribution", "last_share"):
        yield Figure("attribution", "bar", Text("订单按渠道计（五种规则，非因果）", "Orders by channel (five rules, not causal)"),
                     "attribution", "touch", tuple(f"{rule}_share" for rule in RULES))  # fmt: skip


ANALYSIS = Analysis(
    name="campaign",
    title=Text("活动的投入与产出", "Campaigns: cost and return"),
    question=Text(
        "每个活动花了多少、带来什么，成员走到哪一步，订单计到哪些渠道？",
        "What did each campaign cost and bring, how far did members come, and to which channels are orders counted?",
    ),
    section="strategy",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "campaigns", "campaign_members", "contacts", "spend", "orders", "order_lines", "products", "purchases", "events",
        "event_sessions",
    ),
    needs=("campaigns",),
    order=10,
)  # fmt: skip
