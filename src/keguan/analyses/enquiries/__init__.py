"""What do customers ask and suggest, who answers, how fast, and what becomes of suggestions?

Method: counts by product, topic, handling unit, representative, region and channel; time to answer by Kaplan-Meier
with open ones censored, groups compared by the log-rank test, share closed without an answer by Newcombe's interval,
all corrected (Benjamini-Hochberg). A suggestion is answered when it is closed, adopted when it is solved or its
outcome says so.

Source: Kaplan and Meier (1958); Mantel (1966); Newcombe (1998).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keguan.analyses.enquiries.claims import TEXT, enquiry_claims, enquiry_notes
from keguan.analyses.enquiries.columns import group_columns, summary_columns
from keguan.analyses.enquiries.params import Params
from keguan.analyses.enquiries.suggestions import suggestions_table
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.ticket_groups import group_rows, groups_of, solved_within
from keguan.marts.tickets import ATTRIBUTES, grouped_sql, tickets_sql
from keguan.result import Figure, Result, Table


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: summary, groups (enquiries), suggestions."""
    known = inputs.has_values("feedback", "resolved_on") or inputs.has_values("feedback", "status")
    bound: dict[str, Any] = {"since": window_start(inputs.as_of, params.window_months), "top": params.top}
    sql = grouped_sql(tickets_sql(["enquiry"], states_known=known))
    groups = groups_of(inputs.query(sql, **bound).to_pylist())
    tables: tuple[Table, ...] = (
        _summary(inputs, params, known),
        inputs.computed(
            "groups", Text("各维度的咨询", "Enquiries by dimension"), group_columns(params.within_days),
            ("dimension", "value"), group_rows(groups, ATTRIBUTES, params.within_days, inputs.settings.min_n),
            method="evidence.statistics.ticket_groups", sql=sql, **bound,
        ),
        suggestions_table(inputs, params, known, bound),
    )  # fmt: skip
    result = Result("enquiries", tables, _figures(tables))
    return replace(result, claims=tuple(enquiry_claims(result)), notes=tuple(enquiry_notes(inputs, result)))


def kinds_sql(known: bool) -> str:
    """Both kinds as if the kind were a dimension, with states and times."""
    return f"""
WITH {tickets_sql(["enquiry", "suggestion"], states_known=known)}
SELECT 'kind' AS dimension, kind AS value, state, ended, days, count(*) AS tickets, 0 AS judged, 0 AS in_time
FROM tickets GROUP BY kind, state, ended, days ORDER BY value, state, ended, days
"""


def _summary(inputs: Inputs, params: Params, known: bool) -> Table:
    sql, least = kinds_sql(known), inputs.settings.min_n
    bound: dict[str, Any] = {"since": window_start(inputs.as_of, params.window_months)}
    rows = []
    for (_, kind), group in sorted(groups_of(inputs.query(sql, **bound).to_pylist()).items()):
        soon = solved_within(group, params.within_days, least)
        rows.append(
            {
                "kind": kind, "months": params.window_months, "days": params.within_days, "tickets": group.n,
                **group.counts, "within": soon.within, "within_low": soon.low, "within_high": soon.high,
                "median": soon.median,
            }
        )  # fmt: skip
    return inputs.computed(
        "summary", Text("咨询与建议", "Enquiries and suggestions"), summary_columns(params.within_days), ("kind",), rows,
        method="evidence.statistics.ticket_groups", sql=sql, **bound,
    )  # fmt: skip


def _figures(tables: tuple[Table, ...]) -> tuple[Figure, ...]:
    found = {row["dimension"] for row in tables[1]}
    figures = []
    if "topic" in found:
        figures.append(
            Figure("topics", "bar", Text("咨询的问题类型", "Enquiries by topic"), "groups", "value", ("tickets",),
                   where={"dimension": "topic"})
        )  # fmt: skip
    return tuple(figures)


ANALYSIS = Analysis(
    name="enquiries",
    title=Text("咨询与建议", "Enquiries and suggestions"),
    question=Text(
        "客户咨询和建议什么，谁答复，多快，建议有没有下文？",
        "What do customers ask and suggest, who answers, how fast, and what becomes of suggestions?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "products"),
    needs=("feedback",),
    order=40,
)
