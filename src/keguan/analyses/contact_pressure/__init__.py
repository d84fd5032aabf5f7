"""How much are customers contacted, who hears from several departments in one week, and what comes after many contacts?

Method: outbound contacts by department, channel, product, month; ISO weeks in which a customer heard from two or more
departments; share of contacts that end in unsubscribing, each group against the others (Newcombe, Benjamini-Hochberg); shares of
customers who unsubscribed, complained or bought in the weeks after, by the number of contacts before (each customer
once; Cochran-Armitage over those contacted). Whom to contact was not drawn by lot: the trends are no effects.

Source: Wilson (1927); Newcombe (1998); Cochran (1954); Armitage (1955); Mann (1945).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from keguan.analyses.contact_pressure.claims import TEXT, pressure_claims, pressure_notes
from keguan.analyses.contact_pressure.columns import (
    DOSE_COLUMNS,
    GROUP_COLUMNS,
    MONTH_COLUMNS,
    PAIR_COLUMNS,
    SUMMARY_COLUMNS,
    TREND_COLUMNS,
    WEEK_COLUMNS,
)
from keguan.analyses.contact_pressure.params import Params
from keguan.analysis import Analysis, Inputs
from keguan.core.period import month_end, month_index, month_name, month_start, window_start
from keguan.core.text import Text
from keguan.evidence.statistics.against_rest import Share, shares_against_rest
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.cochran_armitage import cochran_armitage
from keguan.evidence.statistics.mann_kendall import mann_kendall
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.contact_weeks import (
    CUSTOMERS,
    DOSES,
    FIRST_DAY,
    GROUPS,
    MONTHS,
    PAIRS,
    WEEKS,
    week_name,
    week_of,
)
from keguan.result import Column, Figure, Result, Table

OUTCOMES = ("unsubscribed", "complained", "bought")
FEWEST_HITS = 5
MONTH_TREND = (
    Column("from_month", Text("起", "From"), "month", role="key"),
    Column("to_month", Text("止", "To"), "month"),
    Column("contacts", Text("触达次数", "Contacts"), "count"),
    Column("slope", Text("每月变化", "Change a month"), "number", 3, note=Text("Sen 斜率", "Sen's slope")),
    Column("p", Text("p 值", "p"), "number", 4, note=Text("Mann-Kendall 检验", "Mann-Kendall test")),
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: summary, groups, months, trend, weeks, pairs, doses, dose_trends."""
    since = window_start(inputs.as_of, params.window_months)
    first = inputs.query(FIRST_DAY).to_pylist()[0]["first_day"]
    seen = max(first, since) if first else inputs.as_of
    months = month_table(inputs, since, seen)
    doses, trends = dose_tables(inputs, params)
    tables: tuple[Table, ...] = (
        summary_table(inputs, since, params.window_months),
        group_table(inputs, since, params.top),
        months,
        trend_table(inputs, months),
        week_table(inputs, since, seen),
        inputs.table("pairs", Text("同一周触达同一客户的部门", "Units that met at one customer in a week"), PAIR_COLUMNS,
                     ("first", "second"), PAIRS, since=since, top=params.top),
        doses,
        trends,
    )  # fmt: skip
    tables = tuple(
        replace(table, appendix=table.id not in ("summary", "groups", "pairs")) for table in tables
    )
    result = Result("contact_pressure", tables, _figures(tables))
    return replace(
        result,
        claims=tuple(pressure_claims(result, inputs.settings.min_n)),
        notes=tuple(pressure_notes(inputs, result)),
    )


def summary_table(inputs: Inputs, since: date, months: int) -> Table:
    """All contacts of the window with a customer id; no row without contacts."""
    row = inputs.query(CUSTOMERS, since=since).to_pylist()[0]
    size, several = int(row["customers"]), int(row["several"])
    ends = wilson(several, size) if size >= max(inputs.settings.min_n, 1) else None
    made = {
        "months": months, "contacts": int(row["contacts"]), "customers": size,
        "each": int(row["contacts"]) / size if ends else None, "several": several,
        "share": several / size if ends else None, "low": ends.low if ends else None,
        "high": ends.high if ends else None, "busiest": row["busiest"],
    }  # fmt: skip
    anybody = bool(size) or inputs.query(MONTHS, since=since).num_rows > 0
    return inputs.computed(
        "summary", Text("主动触达", "Outbound contacts"), SUMMARY_COLUMNS, ("months",), [made] if anybody else [],
        method="evidence.statistics.wilson", sql=CUSTOMERS, since=since,
    )  # fmt: skip


def group_table(inputs: Inputs, since: date, top: int) -> Table:
    """Units, channels and products: contacts, responses, and unsubscribing against the others."""
    least = inputs.settings.min_n
    found = inputs.query(GROUPS, since=since, top=top).to_pylist()
    shares = {(r["dimension"], r["value"]): Share(int(r["unsubscribed"]), int(r["told"])) for r in found}
    tested = shares_against_rest(shares, least)
    unknown = {
        d
        for d in ("unit", "channel", "product")
        if {r["value"] for r in found if r["dimension"] == d} <= {"待核实"}
    }
    rows = []
    for row in (r for r in found if r["dimension"] not in unknown):
        share = shares[row["dimension"], row["value"]]
        ends = wilson(share.hits, share.trials) if share.trials >= max(least, 1) else None
        test = tested.get((row["dimension"], row["value"]))
        rows.append(
            {
                **row, "each": row["contacts"] / row["customers"] if row["customers"] >= max(least, 1) else None,
                "response_rate": row["responded"] / share.trials if ends else None,
                "rate": share.hits / share.trials if ends else None, "low": ends.low if ends else None,
                "high": ends.high if ends else None, "difference": test.difference if test else None,
                "difference_low": test.low if test else None, "difference_high": test.high if test else None,
                "q": test.q if test else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "groups", Text("各部门、渠道、商品的触达", "Contacts by unit, channel, product"), GROUP_COLUMNS,
        ("dimension", "value"), rows, method="evidence.statistics.against_rest", sql=GROUPS, since=since, top=top,
    )  # fmt: skip


def month_table(inputs: Inputs, since: date, seen: date) -> Table:
    """Contacts and customers by month; months not seen from the first day to the last are marked."""
    start = month_index(seen) + (seen != month_start(seen))
    end = month_index(inputs.as_of) - (inputs.as_of != month_end(inputs.as_of))
    rows = [
        {
            "month": month_name(int(r["month"])), "contacts": r["contacts"], "customers": r["customers"],
            "each": r["named"] / r["customers"] if r["customers"] >= max(inputs.settings.min_n, 1) else None,
            "unfinished": not start <= int(r["month"]) <= end,
        }
        for r in inputs.query(MONTHS, since=since).to_pylist()
    ]  # fmt: skip
    return inputs.computed(
        "months", Text("每月主动触达", "Outbound contacts by month"), MONTH_COLUMNS, ("month",), rows,
        method="contact_pressure.month_table", sql=MONTHS, since=since,
    )  # fmt: skip


def trend_table(inputs: Inputs, months: Table) -> Table:
    """Contacts a customer over the whole months."""
    whole = [row for row in months if not row["unfinished"] and row["each"] is not None]
    found = mann_kendall([row["each"] for row in whole])
    rows = []
    if found is not None:
        rows.append(
            {
                "from_month": whole[0]["month"], "to_month": whole[-1]["month"],
                "contacts": sum(row["contacts"] for row in whole), "slope": found.slope, "p": found.p,
            }
        )  # fmt: skip
    return inputs.computed(
        "trend", Text("人均触达的走势", "Trend of contacts a customer"), MONTH_TREND, ("from_month",), rows,
        method="evidence.statistics.mann_kendall", inputs=("months",),
    )  # fmt: skip


def week_table(inputs: Inputs, since: date, seen: date) -> Table:
    """ISO weeks: customers contacted, and those who heard from several units."""
    start = week_of(seen) + (seen.isoweekday() != 1)
    end = week_of(inputs.as_of) - (inputs.as_of.isoweekday() != 7)
    rows = []
    for row in inputs.query(WEEKS, since=since).to_pylist():
        size, several = int(row["customers"]), int(row["several"])
        ends = wilson(several, size) if size >= max(inputs.settings.min_n, 1) else None
        rows.append(
            {
                "week": week_name(int(row["week"])), "customers": size, "contacts": row["contacts"], "several": several,
                "share": several / size if ends else None, "low": ends.low if ends else None,
                "high": ends.high if ends else None, "unfinished": not start <= int(row["week"]) <= end,
            }
        )  # fmt: skip
    return inputs.computed(
        "weeks", Text("每周听到多个部门的客户", "Customers who heard from several departments, by week"), WEEK_COLUMNS, ("week",),
        rows, method="evidence.statistics.wilson", sql=WEEKS, since=since,
    )  # fmt: skip


def dose_tables(inputs: Inputs, params: Params) -> tuple[Table, Table]:
    """Shares by number of contacts before, and their trends among those contacted."""
    until = inputs.as_of - timedelta(days=params.outcome_days)
    bound: dict[str, Any] = {"since": until - timedelta(days=params.dose_days - 1), "until": until}
    found = inputs.query(DOSES, **bound).to_pylist()
    contacted = any(int(row["contacts"]) for row in found)
    rows = (
        [row for outcome in OUTCOMES for row in _dose_rows(found, outcome, inputs.settings.min_n)]
        if contacted
        else []
    )
    doses = inputs.computed(
        "doses", Text("触达次数与其后发生的事", "What came after how many contacts"), DOSE_COLUMNS, ("outcome", "dose"), rows,
        method="evidence.statistics.wilson", sql=DOSES, **bound,
        note=Text(
            f"{params.dose_days} 天内的触达次数与其后 {params.outcome_days} 天；每位客户一次，之前已退订的不计",
            f"contacts in {params.dose_days} days and the {params.outcome_days} days after them; each customer once, those "
            "who had unsubscribed before left out",
        ),
    )  # fmt: skip
    trends = [
        row for outcome in OUTCOMES if (row := _dose_trend(found, outcome, params, inputs.settings.min_n))
    ]
    for row, q in zip(trends, benjamini_hochberg([row["p"] for row in trends]), strict=True):
        row["q"] = q
    return doses, inputs.computed(
        "dose_trends", Text("随触达次数的趋势", "Trend with the number of contacts"), TREND_COLUMNS, ("outcome",), trends,
        method="evidence.statistics.cochran_armitage", inputs=("doses",),
    )  # fmt: skip


def _dose_rows(found: Sequence[Mapping[str, Any]], outcome: str, min_n: int) -> list[dict[str, Any]]:
    rows = []
    for row in found:
        hits, size = int(row[outcome]), int(row["customers"])
        ends = wilson(hits, size) if size >= max(min_n, 1) else None
        rows.append(
            {
                "outcome": outcome, "dose": row["dose"], "customers": size, "hits": hits,
                "rate": hits / size if ends else None, "low": ends.low if ends else None,
                "high": ends.high if ends else None,
            }
        )  # fmt: skip
    return rows


def _dose_trend(
    found: Sequence[Mapping[str, Any]], outcome: str, params: Params, min_n: int
) -> dict[str, Any] | None:
    """Only those contacted: who is never contacted differs in more than that."""
    rows = [r for r in found if int(r["contacts"]) > 0]
    large = [r for r in rows if int(r["customers"]) >= max(min_n, 1)]
    hits, size = sum(int(r[outcome]) for r in rows), sum(int(r["customers"]) for r in rows)
    if len(large) < 2 or min(hits, size - hits) < FEWEST_HITS:
        return None
    # The score of a band is the mean number of contacts in it.
    trend = cochran_armitage(
        (int(r["contacts"]) / int(r["customers"]), int(r[outcome]), int(r["customers"])) for r in rows
    )
    if trend is None:
        return None
    return {
        "outcome": outcome, "dose_days": params.dose_days, "outcome_days": params.outcome_days, "customers": size,
        "least_dose": large[0]["dose"], "most_dose": large[-1]["dose"],
        "least": int(large[0][outcome]) / int(large[0]["customers"]),
        "most": int(large[-1][outcome]) / int(large[-1]["customers"]), "z": trend.z, "p": trend.p,
    }  # fmt: skip


def _figures(tables: Sequence[Table]) -> tuple[Figure, ...]:
    filled = {table.id: table for table in tables if len(table.rows)}
    figures = []
    if "months" in filled:
        figures.append(
            Figure("months", "bar", Text("每月主动触达次数", "Outbound contacts by month"), "months", "month",
                   ("contacts",), hatch="unfinished")
        )  # fmt: skip
    if "weeks" in filled:
        figures.append(
            Figure("weeks", "bar", Text("每周听到多个部门的客户", "Customers who heard from several departments, by week"),
                   "weeks", "week", ("several",), hatch="unfinished")
        )  # fmt: skip
    titles = {
        "unsubscribed": Text(
            "其后退订的占比（按触达次数）", "Share who unsubscribed afterwards, by number of contacts"
        ),
        "complained": Text(
            "其后投诉的占比（按触达次数）", "Share who complained afterwards, by number of contacts"
        ),
        "bought": Text("其后购买的占比（按触达次数）", "Share who bought afterwards, by number of contacts"),
    }
    shown = {row["outcome"] for row in filled["dose_trends"]} if "dose_trends" in filled else set()
    figures += [
        Figure(f"dose_{outcome}", "bar", titles[outcome], "doses", "dose", ("rate",), low="low", high="high",
               where={"outcome": outcome})
        for outcome in OUTCOMES if outcome in shown
    ]  # fmt: skip
    return tuple(figures)


ANALYSIS = Analysis(
    name="contact_pressure",
    title=Text("触达压力", "Contact pressure"),
    question=Text(
        "客户被触达多少，谁在一周里听到多个部门，触达多了之后怎样？",
        "How much are customers contacted, who hears from several departments in one week, and what comes after many contacts?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("contacts", "feedback", "purchases"),
    needs=("contacts",),
    order=50,
)
