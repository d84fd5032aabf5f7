"""Which customers are recent, frequent and valuable, and how sure is the class of each?

Method: R = days since the last purchase (full history), F = purchases and M = net revenue of the last 12
months. Each is high or low against its cut (median by default), which gives eight complete, exclusive
classes; customers without a purchase in the window are a row of their own and not used for cuts. Equal values
fall on the same side, a value equal to the cut is high, and a cut that would put everybody on one side moves
to the next distinct value. Shown with it: cuts by every method, their agreement, the share of customers
near a cut, and how many would keep their side if the cuts came from other customers (bootstrap over random
groups). The table of absolute thresholds stands beside it with its unmatched row.

Source: Hughes (1994) for RFM; the eight classes are customary in Chinese customer management.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keguan.analyses.rfm.activity import activity_table
from keguan.analyses.rfm.claims import TEXT, rfm_claims, rfm_notes
from keguan.analyses.rfm.classes import (
    ABSOLUTE,
    ABSOLUTE_LABELS,
    EIGHT,
    EIGHT_LABELS,
    absolute_thresholds,
    class_relations,
    class_table,
    switched_off,
)
from keguan.analyses.rfm.cuts import QUANTILES_SQL, Cut, cuts_by, has_own_cuts
from keguan.analyses.rfm.params import METHODS, Params
from keguan.analyses.rfm.proposed import UNMATCHED_LIMIT, proposed_table, unmatched_share
from keguan.analyses.rfm.reliability import (
    agreement_table,
    border_table,
    cut_table,
    sides_sql,
    stability_table,
)
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.result import Figure, Relation, Result, Table


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: classes, absolute, cuts, activity, agreement, border, stability and, if needed, proposed."""
    decision = inputs.result("business_kind").table("decision").records()[0]
    if decision["automatic_renewal"] and not params.despite_renewal:
        return switched_off(inputs)
    facts, cuts, method, bound = _placed(inputs, params)
    months = params.window_months
    spoken = Text(
        f"窗口为近 {months} 个月（{bound['from_day']} 起）",
        f"the window is the last {months} months (from {bound['from_day']})",
    )
    classes = replace(class_table(inputs, "classes", EIGHT, EIGHT_LABELS, bound), note=spoken)
    absolute = class_table(inputs, "absolute", ABSOLUTE, ABSOLUTE_LABELS, bound)
    tables = [classes, absolute]
    if facts:
        details = _detail_tables(inputs, cuts, method, bound, params, facts)
        tables += [replace(table, appendix=True) for table in details]
    if tables[-1].id == "proposed":  # thresholds that do not fit this company are no headline
        tables[1] = replace(absolute, appendix=True)
    result = Result(
        "rfm", tables=tuple(tables), notes=rfm_notes(inputs, classes, absolute, cuts, method, decision)
    )
    return Result(
        "rfm",
        tables=result.tables,
        figures=_figures(facts),
        claims=rfm_claims(inputs, result, method, months),
        relations=class_relations(bound),
        notes=result.notes,
    )


def relations(inputs: Inputs, params: Params) -> tuple[Relation, ...]:
    """The class of every customer, without the tables."""
    decision = inputs.result("business_kind").table("decision").records()[0]
    if decision["automatic_renewal"] and not params.despite_renewal:
        return ()
    return class_relations(_placed(inputs, params)[3])


def _placed(
    inputs: Inputs, params: Params
) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Mapping[str, Cut]], str, Mapping[str, Any]]:
    """Quantiles, cuts by method, the method used, and the parameters of the classes."""
    window: dict[str, Any] = {"from_day": window_start(inputs.as_of, params.window_months)}
    facts = {row["dimension"]: row for row in inputs.query(QUANTILES_SQL, **window).to_pylist()}
    cuts = {
        method: cuts_by(facts, method, params)
        for method in METHODS
        if method != "own" or has_own_cuts(params)
    }
    method = params.method if params.method in cuts else "median"
    used: dict[str, Any] = {f"cut_{name.lower()}": cut.value for name, cut in cuts[method].items()}
    return facts, cuts, method, {**window, **used, **absolute_thresholds(inputs.as_of, params).params()}


def _detail_tables(
    inputs: Inputs,
    cuts: Mapping[str, Mapping[str, Cut]],
    method: str,
    bound: Mapping[str, Any],
    params: Params,
    facts: Mapping[str, Mapping[str, Any]],
) -> list[Table]:
    """What stands beside the classes."""
    min_n = inputs.settings.min_n
    sql = sides_sql(sorted(cuts.items()))
    sides = {row["name"]: row for row in inputs.query(sql, **bound).to_pylist()}
    n = int(facts["R"]["customers"])
    tables = [cut_table(inputs, cuts, method, sides, sql, bound), activity_table(inputs, bound)]
    if n >= min_n:
        tables += [agreement_table(inputs, method, sides, sql, bound), border_table(inputs, bound)]
        if params.stability and method != "own":
            tables.append(stability_table(inputs, method, bound, facts, params))
    absolute = unmatched_share(inputs, bound)
    if absolute > UNMATCHED_LIMIT and n >= min_n:
        tables.append(proposed_table(inputs, facts, bound))
    return tables


def _figures(facts: Mapping[str, Any]) -> tuple[Figure, ...]:
    if not facts:
        return ()
    return (
        Figure(
            "classes", "bar", Text("RFM 八类客户：人数占比与净销售额占比", "RFM classes: share of customers and of net revenue"),
            "classes", "label", ("share", "revenue_share"),
        ),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="rfm",
    title=Text("RFM 客户分层", "RFM segments"),
    question=Text(
        "哪些客户近期购买、购买频繁、贡献高，每位客户的分类有多可靠？",
        "Which customers are recent, frequent and valuable, and how sure is the class of each?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    uses=("business_kind",),
    order=10,
    relations=relations,
)
