"""Do customers come back, how soon, and has the second purchase become rarer?

Method: (a) share of the buyers of a window with two or more purchases in it; (b) share of first-time buyers
who buy again on a later day within 90 days, by month of the first purchase, only months observed for 90 full
days; (c) time from first to second purchase by Kaplan-Meier, customers who have not come back censored;
(d) gaps between purchase days. Rates carry Wilson intervals; the last three observed months are compared with
the same months a year before (Newcombe interval, test of two proportions).

Source: Kaplan and Meier (1958); Wilson (1927); Newcombe (1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keguan.analyses.repurchase.claims import TEXT, repurchase_claims, repurchase_notes
from keguan.analyses.repurchase.cohorts import Rate, observed_cohorts
from keguan.analyses.repurchase.params import Params
from keguan.analyses.repurchase.rates import (
    change_table,
    compared_periods,
    first_time_table,
    period_table,
    window_table,
)
from keguan.analyses.repurchase.timing import TIME_SQL, gap_table, time_table
from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.kaplan_meier import kaplan_meier
from keguan.result import Figure, Result, Table

VALUE_SQL = """
SELECT CAST(sum(gross) - sum(returns) AS DOUBLE) / nullif(sum(orders) - sum(cancelled), 0) AS per_purchase
FROM purchases
WHERE account_no IS NOT NULL
"""


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: window, first_time, periods, change, time_to_second, gaps."""
    min_n = inputs.settings.min_n
    cohorts = observed_cohorts(inputs, params)
    window = window_table(inputs, params)
    first_time = first_time_table(inputs, cohorts, params)
    recent, before = compared_periods(cohorts)
    steps = kaplan_meier(
        (int(r["days"]), int(r["returned"]), int(r["still_open"])) for r in inputs.query(TIME_SQL).to_pylist()
    )
    tables: tuple[Table, ...] = (
        window,
        first_time,
        period_table(inputs, recent, before, params),
        change_table(inputs, Rate.of(recent), Rate.of(before)),
        time_table(inputs, steps),
        gap_table(inputs),
    )  # fmt: skip
    tables = tuple(replace(table, appendix=True) for table in tables)  # drawn, or said in sentences
    result = Result(
        "repurchase", tables=tables, figures=_figures(tables), notes=repurchase_notes(inputs, tables, cohorts)
    )
    value = float(inputs.query(VALUE_SQL).to_pylist()[0]["per_purchase"] or 0)
    return Result(
        "repurchase",
        tables=tables,
        figures=result.figures,
        claims=repurchase_claims(result, value, steps, min_n),
        notes=result.notes,
    )


FIRST_TITLE = Text("首购客户的复购率（按首购月份）", "Share who buy again, by month of the first purchase")
TIME_TITLE = Text(
    "首购后多少天内再次购买（累计占比）", "Share who have bought again, by days since the first purchase"
)
GAPS_TITLE = Text("两次购买相隔的天数（每 7 天一组）", "Days between purchases (7 days a bin)")


def _figures(tables: Sequence[Table]) -> tuple[Figure, ...]:
    filled = {table.id for table in tables if len(table.rows)}
    figures = (
        Figure("first_time", "line", FIRST_TITLE, "first_time", "cohort", ("rate",), low="low", high="high"),
        Figure(
            "time_to_second",
            "band",
            TIME_TITLE,
            "time_to_second",
            "day",
            ("returned",),
            low="low",
            high="high",
        ),
        Figure("gaps", "bar", GAPS_TITLE, "gaps", "from_day", ("gaps",)),
    )
    return tuple(figure for figure in figures if figure.table in filled)


ANALYSIS = Analysis(
    name="repurchase",
    title=Text("复购", "Repurchase"),
    question=Text(
        "客户会不会再次购买，多久回来，首购后的复购有没有变化？",
        "Do customers come back, how soon, and has the second purchase changed?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases",),
    order=10,
)
