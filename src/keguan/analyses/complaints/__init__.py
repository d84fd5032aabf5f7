"""What do customers complain about, how fast is it solved, what stays unsolved, and has it changed?

Method: counts by type, product, handling department, representative, region and channel; time to solution by
Kaplan-Meier with tickets not solved censored, groups compared by the log-rank test; share closed without a
solution with Newcombe's interval; all comparisons corrected (Benjamini-Hochberg). Trend of whole months by
Mann-Kendall (complaints per 100 orders where there are orders); the month since which a type, product or region
has made up another share, by a permutation test with the search over months included.

Source: Kaplan and Meier (1958); Mantel (1966); Newcombe (1998); Mann (1945).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keguan.analyses.complaints.claims import TEXT, complaint_claims, complaint_notes
from keguan.analyses.complaints.columns import (
    CURVE_COLUMNS,
    REASON_COLUMNS,
    group_columns,
    summary_columns,
)
from keguan.analyses.complaints.months import change_table, month_table, read_months, trend_table
from keguan.analyses.complaints.params import Params
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.kaplan_meier import Step
from keguan.evidence.statistics.ticket_groups import (
    TicketGroup,
    group_rows,
    groups_of,
    solved_within,
)
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.tickets import ATTRIBUTES, grouped_sql, tickets_sql
from keguan.result import Figure, Note, Result, Table

LONGEST = 120  # points of the curve


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: summary, groups, months, trend, changes, reasons, opinions, curve."""
    known = inputs.has_values("feedback", "resolved_on") or inputs.has_values("feedback", "status")
    since = window_start(inputs.as_of, params.window_months)
    tickets = tickets_sql(["complaint"], states_known=known)
    opinions = tickets_sql(["opinion"], states_known=known)
    bound: dict[str, Any] = {"since": since, "top": params.top}
    sql = grouped_sql(tickets)
    groups = groups_of(inputs.query(sql, **bound).to_pylist())
    every = _all_of(groups)
    months = read_months(inputs)
    tables: tuple[Table, ...] = (
        _summary(inputs, params, known, every),
        inputs.computed(
            "groups", Text("各维度的投诉", "Complaints by dimension"), group_columns(params.within_days),
            ("dimension", "value"), group_rows(groups, ATTRIBUTES, params.within_days, inputs.settings.min_n),
            method="evidence.statistics.ticket_groups", sql=sql, **bound,
        ),
        month_table(inputs, months),
        trend_table(inputs, months),
        change_table(inputs, months, params.top),
        inputs.table(
            "reasons", Text("各状态的原因或处理结果", "Reasons by state"), REASON_COLUMNS, ("state", "reason"),
            reasons_sql(tickets), min_n=inputs.settings.min_n, **bound,
        ),
        inputs.table(
            "opinions", Text("意见的类型", "Types of opinions"), OPINION_COLUMNS, ("topic",),
            opinions_sql(opinions), min_n=inputs.settings.min_n, **bound,
        ),
        curve_table(inputs, every, sql, bound),
    )  # fmt: skip
    tables = tuple(replace(table, appendix=table.id not in ("summary", "groups")) for table in tables)
    result = Result("complaints", tables, _figures(tables))
    notes: tuple[Note, ...] = tuple(complaint_notes(inputs, result))
    return replace(result, claims=complaint_claims(result, inputs.settings.min_n), notes=notes)


def reasons_sql(tickets: str) -> str:
    """Reasons recorded by state, the $top most frequent of each by name."""
    return f"""
WITH {tickets}, counted AS (
  SELECT state, coalesce(reason, '待核实') AS reason, count(*) AS tickets
  FROM tickets GROUP BY state, coalesce(reason, '待核实')
), ranked AS (
  SELECT state, reason, tickets, row_number() OVER (PARTITION BY state ORDER BY tickets DESC, reason) AS place
  FROM counted
), named AS (
  SELECT state, CASE WHEN place <= $top THEN reason ELSE '其他' END AS reason, sum(tickets) AS tickets
  FROM ranked GROUP BY state, CASE WHEN place <= $top THEN reason ELSE '其他' END
)
SELECT state, reason, CAST(tickets AS BIGINT) AS tickets,
       CASE WHEN sum(tickets) OVER (PARTITION BY state) >= $min_n
            THEN CAST(tickets AS DOUBLE) / CAST(sum(tickets) OVER (PARTITION BY state) AS DOUBLE) END AS share
FROM named ORDER BY state, tickets DESC, reason
"""


OPINION_COLUMNS = (
    replace(REASON_COLUMNS[1], name="topic", label=Text("问题类型", "Topic")),
    *REASON_COLUMNS[2:],
)


def opinions_sql(opinions: str) -> str:
    """Opinions by type."""
    return f"""
WITH {opinions}, counted AS (
  SELECT topic, count(*) AS tickets FROM tickets GROUP BY topic
), ranked AS (
  SELECT topic, tickets, row_number() OVER (ORDER BY tickets DESC, topic) AS place FROM counted
), named AS (
  SELECT CASE WHEN place <= $top THEN topic ELSE '其他' END AS topic, sum(tickets) AS tickets
  FROM ranked GROUP BY CASE WHEN place <= $top THEN topic ELSE '其他' END
)
SELECT topic, CAST(tickets AS BIGINT) AS tickets,
       CASE WHEN sum(tickets) OVER () >= $min_n
            THEN CAST(tickets AS DOUBLE) / CAST(sum(tickets) OVER () AS DOUBLE) END AS share
FROM named ORDER BY tickets DESC, topic
"""


def _all_of(groups: Mapping[tuple[str, str], TicketGroup]) -> TicketGroup:
    """All tickets: the groups of one dimension together."""
    every = TicketGroup()
    for (dimension, _), group in groups.items():
        if dimension == ATTRIBUTES[0]:
            every.read_times += group.read_times
            every.untimed += group.untimed
            every.judged += group.judged
            every.in_time += group.in_time
            for state, count in group.counts.items():
                every.counts[state] += count
    return every


PEOPLE = (
    "SELECT kind, count(*) AS tickets, count(DISTINCT account_no) AS customers FROM tickets GROUP BY kind"
)


def _summary(inputs: Inputs, params: Params, known: bool, every: TicketGroup) -> Table:
    """One row for complaints, one for opinions; none where there are none."""
    tickets = tickets_sql(["complaint", "opinion"], states_known=known)
    sql, least = f"WITH {tickets}\n{PEOPLE}", inputs.settings.min_n
    bound: dict[str, Any] = {"since": window_start(inputs.as_of, params.window_months)}
    rows = []
    for row in sorted(inputs.query(sql, **bound).to_pylist(), key=lambda r: r["kind"]):
        base = {"kind": row["kind"], "months": params.window_months, "days": params.within_days,
                "tickets": row["tickets"], "customers": row["customers"]}  # fmt: skip
        rows.append(base | (_states(every, params.within_days, least) if row["kind"] == "complaint" else {}))
    return inputs.computed(
        "summary", Text("投诉与意见", "Complaints and opinions"), summary_columns(params.within_days), ("kind",), rows,
        method="complaints.summary", sql=sql, **bound,
    )  # fmt: skip


def _states(every: TicketGroup, days: int, least: int) -> dict[str, Any]:
    soon, closed = solved_within(every, days, least), every.closed
    ends = wilson(every.in_time, every.judged) if every.judged >= least else None
    return {
        **every.counts, "untimed": every.untimed,
        "unsolved_share": closed.hits / closed.trials if closed.trials >= least else None,
        "within": soon.within, "within_low": soon.low, "within_high": soon.high, "median": soon.median,
        "judged": every.judged, "in_time": every.in_time / every.judged if ends else None,
        "in_time_low": ends.low if ends else None, "in_time_high": ends.high if ends else None,
    }  # fmt: skip


def curve_table(inputs: Inputs, every: TicketGroup, sql: str, bound: Mapping[str, Any]) -> Table:
    """Share solved by days since raised, as far as `min_n` tickets are still observed."""
    steps: tuple[Step, ...] = every.curve() if every.timed >= inputs.settings.min_n else ()
    shown = [step for step in steps if step.at_risk >= inputs.settings.min_n and step.events]
    stride = max(1, -(-len(shown) // LONGEST))
    rows = [
        {"day": int(step.time), "waiting": step.at_risk, "solved": 1 - step.survival, "low": 1 - step.high,
         "high": 1 - step.low}
        for step in shown[::stride]
    ]  # fmt: skip
    return inputs.computed(
        "curve", Text("提出后多少天内解决", "Solved by days since raised"), CURVE_COLUMNS, ("day",), rows,
        method="evidence.statistics.kaplan_meier", sql=sql, **bound,
    )  # fmt: skip


def _figures(tables: tuple[Table, ...]) -> tuple[Figure, ...]:
    filled = {table.id for table in tables if len(table.rows)}
    figures = (
        Figure("months", "bar", Text("每月投诉件数", "Complaints by month"), "months", "month", ("tickets",),
               hatch="unfinished"),
        Figure("curve", "band", Text("投诉的累计解决率（按提出后天数）", "Share of complaints solved, by days since raised"),
               "curve", "day", ("solved",), low="low", high="high"),
        Figure("topics", "bar", Text("投诉的问题类型", "Complaints by topic"), "groups", "value", ("tickets",),
               where={"dimension": "topic"}),
    )  # fmt: skip
    return tuple(figure for figure in figures if figure.table in filled)


ANALYSIS = Analysis(
    name="complaints",
    title=Text("投诉", "Complaints"),
    question=Text(
        "客户投诉什么，多久解决，哪些没有解决，有没有变化？",
        "What do customers complain about, how fast is it solved, what stays unsolved, and has it changed?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "purchases", "products"),
    needs=("feedback",),
    order=30,
)
