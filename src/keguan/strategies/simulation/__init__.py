"""Which customers, contacted when and with what, would bring how much, and how sure is that?

Method: a scenario is a segment of today, a window (days since the last order, by default) and an offer (strategy and channel of
campaigns). Its effect is that of past campaigns with a control on members who stood in the same segment and window when the
campaign began: treated less control per head, in buyers and in margin (spend before taken out, Deng et al. 2013). Groups are
drawn to their offer's mean and offers to each other (normal model of two levels, Rubin 1981; Gelman et al. 2013), so that the
best of many is not the luckiest one. Without a control there is no effect: a range declared in the strategy matrix, called an
assumption, or 'unknown' with the test that would tell (Cohen 1988). What a test is worth is the expected value of perfect
information (Raiffa and Schlaifer 1961).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.marts.campaigns.groups import groups_now_sql, natural_sql
from keguan.result import Figure, Note, Result, Table
from keguan.strategies.simulation.claims import TEXT, claims_of, notes_of
from keguan.strategies.simulation.offers import Made, calendar_windows, learn, made, money_base
from keguan.strategies.simulation.params import Params
from keguan.strategies.simulation.scenarios import best_of, pooled_natural, scenarios_of, todays
from keguan.strategies.simulation.tables import Simulated, past_day, tables_of

MOST = 3
NOBODY = Note(
    Text("没有可分群的客户；导入带客户编号的订单后可以模拟",
         "No customer is in a segment; import orders with customer ids to simulate"),
    "missing",
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables best, settle, offers, scenarios, groups, sources."""
    found = made(inputs, params)
    then = past_day(inputs.as_of, params.natural_days)
    sql = {
        "now": groups_now_sql(inputs.segment(params.segmentation), params.window, inputs.as_of),
        "past": natural_sql(inputs.segment(params.segmentation, then), params.window, then, inputs.as_of),
        "members": found.sql,
    }
    now, past = (inputs.query(sql[name]).to_pylist() for name in ("now", "past"))
    if not now:
        return Result("simulation", notes=(NOBODY,))
    base = money_base(found.rows or past, params.known_cost)
    simulated = _simulated(found, (now, past), base, params, inputs.settings.min_n, sql)
    tables = tables_of(inputs, simulated, params)
    result = Result("simulation", tables, tuple(_figures({table.id: table for table in tables})))
    small = sum(today.customers < inputs.settings.min_n for today in simulated.groups.values())
    return replace(
        result, claims=tuple(claims_of(result, simulated, params)),
        notes=tuple(notes_of(simulated, found.campaigns, params, inputs.settings.min_n, small)),
    )  # fmt: skip


def _simulated(
    found: Made, rows: tuple[list[dict[str, Any]], list[dict[str, Any]]], base: str, params: Params, min_n: int,
    sql: Mapping[str, str],
) -> Simulated:  # fmt: skip
    groups = todays(*rows, base, calendar_windows(found, params.window), params.window)
    pooled = pooled_natural(groups, params.window)
    learn(found, base, params, min_n, pooled.square)
    scenarios = scenarios_of(
        groups, found.offers, params.matrix, params.segmentation, params.cost_per_customer, pooled, min_n
    )
    return Simulated(scenarios, best_of(scenarios, MOST), found.offers, groups, pooled, base, sql)


def _figures(tables: Mapping[str, Table]) -> Iterator[Figure]:
    if len(tables["best"].rows):
        yield Figure("best", "bar", Text("最好情景的净得（95% 区间）", "Net result of the best scenarios (95% interval)"), "best",
                     "scenario", ("net",), low="net_low", high="net_high")  # fmt: skip
    if any(row["net"] is not None for row in tables["offers"]):
        yield Figure("offers", "bar", Text("各方案每位客户净得（95% 区间）", "Net result per customer (95% interval)"),
                     "offers", "offer", ("net",), low="net_low", high="net_high")  # fmt: skip


ANALYSIS = Analysis(
    name="simulation",
    title=Text("策略模拟", "Simulation of strategies"),
    question=Text(
        "对哪类客户、在什么时机、用什么方案，会多带来多少，有多大把握？",
        "Which customers, contacted when and with what offer, would bring how much more, and how sure is that?",
    ),
    section="strategy",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "purchases", "order_lines", "products", "campaigns", "campaign_members", "contacts", "spend", "consents",
    ),
    needs=(),
    uses=("rfm", "abc_class", "lifecycle", "value_class", "customer_groups"),
    order=45,
)  # fmt: skip
