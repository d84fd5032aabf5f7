"""Which strategy does each segment, and each customer, get, on which facts, and what is it expected to bring?

Method: the strategy matrix (shipped, or `strategies.toml` of the workspace) gives a segment its common strategy and its own.
A customer of several segments has the strategy of the first segmentation in the stated order: one customer, one strategy.
Pains are what a segment's customers have more of than all others (two proportions, Benjamini-Hochberg within a
segmentation). The effect expected is that of the latest campaign for the segment or strategy with a control; else an
assumption that the matrix declares; else unknown, with the holdout that would tell it (Cohen 1988). At stake is what the
model of lifetime value forecasts of a class, else what its customers spent.

Source: Benjamini and Hochberg (1995); Wilson (1927); Cohen (1988).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.result import Figure, Note, Relation, Result
from keguan.strategies.matching.assigned import candidates_sql, relation
from keguan.strategies.matching.claims import TEXT, matching_claims, matching_notes
from keguan.strategies.matching.expected import natural_rates, past_of
from keguan.strategies.matching.pains import counts_sql, judged, table, theme_rows, trials_sql, worst
from keguan.strategies.matching.params import Params
from keguan.strategies.matching.segments import facts_sql, read
from keguan.strategies.matching.tables import (
    Matched,
    framework_table,
    matched_tables,
    own_table,
    relation_tables,
)
from keguan.strategies.matching.worth import OF, worth_of

OWN = "custom_segments"


def relations(inputs: Inputs, params: Params) -> tuple[Relation, ...]:
    """One strategy a customer."""
    return (relation(inputs, params.matrix),)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: matched, framework, assigned, rules, facts, pains, coverage, conflicts; relation strategies."""
    matrix, since = params.matrix, window_start(inputs.as_of, params.window_months)
    shown = (*params.shown, *_own(inputs))
    candidates = candidates_sql(inputs, matrix)
    bound = {"since": since}
    items, pains, sqls = _matched(inputs, params, shown, candidates, bound)
    who = relation_tables(inputs, matrix, since)
    framework, rules = framework_table(inputs, matrix), replace(own_table(inputs, matrix), appendix=True)
    if not items:
        says = Text("没有可分群的客户；导入带客户编号的订单后给出每群的策略",
                    "No customer is in a segment; import orders with customer ids for the strategy of each segment")  # fmt: skip
        return Result("matching", (framework, rules), notes=(Note(says, "missing"),))
    matched, facts = matched_tables(inputs, items, params, sqls[0], bound)
    compared = replace(table(inputs, pains, sqls[1], since), appendix=True)
    tables = (matched, framework, *who, rules, facts, compared)
    result = Result("matching", tables, _figures(shown[0]), relations=relations(inputs, params))
    min_n = inputs.settings.min_n
    return replace(
        result,
        claims=tuple(matching_claims(result, items, matrix, params, min_n)),
        notes=tuple(matching_notes(result, items, min_n)),
    )


def _own(inputs: Inputs) -> tuple[str, ...]:
    """The company's own segmentations."""
    return tuple(item.id for item in inputs.result(OWN).relations)


def _matched(
    inputs: Inputs, params: Params, shown: tuple[str, ...], candidates: str, bound: dict[str, Any]
) -> tuple[list[Matched], list[dict[str, Any]], tuple[str, str]]:
    """Every segment with strategy, pains and expectation; all comparisons; the queries of the first facts and of all
    pains, for the evidence."""
    matrix, min_n, past = params.matrix, inputs.settings.min_n, past_of(inputs)
    natural = {name: natural_rates(inputs, name, params.natural_days) for name in shown}
    trials = trials_sql(
        states_known=inputs.has_values("feedback", "resolved_on") or inputs.has_values("feedback", "status"),
        tagged=inputs.segment("tags_behaviour"),
    )
    pains = counts_sql(trials, {name: inputs.segment(name) for name in shown}) if shown else ""
    counted = inputs.query(pains, **bound).to_pylist() if shown else []
    worths = worth_of(inputs) if OF in shown else {}
    items: list[Matched] = []
    compared: list[dict[str, Any]] = []
    for name in shown:
        rows = judged([row for row in counted if row["segment_method"] == name], min_n)
        if name == "rfm" and params.themes and inputs.has_values("feedback", "text"):
            rows += theme_rows(inputs.result("needs"))
        compared += rows
        for place, segment in enumerate(read(inputs, name, candidates, bound), 1):
            own = [row for row in rows if row["segment"] == segment.label]
            rule, chosen = segment.rule(matrix)
            items.append(
                Matched(segment, rule, chosen, worst(own), own, natural[name].get(segment.label),
                        past.of(name, segment.label, rule), place, worths.get(segment.label) if name == OF else None)
            )  # fmt: skip
    first = facts_sql(candidates, inputs.segment(shown[0])) if shown else ""
    return items, compared, (first, pains)


def _figures(first: str) -> tuple[Figure, ...]:
    return (
        Figure("strategies", "bar", Text("每个策略的客户数量", "Customers of each strategy"), "assigned", "strategy",
               ("customers",), counted=Text("位客户", "customers")),
        Figure("money", "bar", Text("各分群涉及金额", "Money at stake by segment"), "matched", "segment", ("money",),
               where={"segment_method": first}),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="matching",
    title=Text("策略匹配", "Matching of strategies"),
    question=Text(
        "对每一类客户做什么、依据是什么、预期带来什么？",
        "What is done for each kind of customers, on which facts, and what is it expected to bring?",
    ),
    section="strategy",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "purchases", "customer_facts", "customers", "order_lines", "feedback", "products", "campaigns", "campaign_members",
    ),
    needs=(),
    uses=(
        "business_kind", "rfm", "abc_class", "lifecycle", "value_class", "customer_groups", "tags", "clv", "churn",
        "clv_at_risk", "clusters", OWN, "needs", "experiments",
    ),
    order=40,
    relations=relations,
)  # fmt: skip
