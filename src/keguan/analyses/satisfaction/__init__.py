"""How satisfied are those who answered, where not, since when, and what goes with it?

Method: each scale by itself: CSAT and yes/no as share of positive answers (Wilson), NPS as promoters minus
detractors (adjusted Wald), CES as mean; one answer per respondent and wave. Groups against the other respondents,
corrected (Benjamini-Hochberg); the last three whole months against the same a year before; the month since which a
group has answered otherwise, by a permutation test that includes the search; Spearman correlation of questions with
the overall answer. The segment is that at the start of the window. The base is respondents, never customers.

Source: Wilson (1927); Rocks (2016); Newcombe (1998); Bonett and Wright (2000).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keguan.analyses.satisfaction.claims import TEXT, satisfaction_claims, satisfaction_notes
from keguan.analyses.satisfaction.params import Params
from keguan.analyses.satisfaction.ratings import (
    Measure,
    group_table,
    grouped_sql,
    main_measure,
    measure_table,
    measured_sql,
    month_tables,
    months_sql,
    question_table,
    questions_sql,
    shift_table,
    shifts_sql,
    whole_months,
)
from keguan.analyses.satisfaction.responses import driver_table, excluded_table, pairs_sql, response_table
from keguan.analysis import Analysis, Inputs
from keguan.core.period import add_months, month_start, window_start
from keguan.core.text import Text
from keguan.marts.answers import answers_sql
from keguan.result import Figure, Result, Table

HISTORY_MONTHS = 36
SPAN_SQL = """
SELECT min(CASE WHEN score IS NOT NULL THEN day END) AS first_day, max(day) AS last_day
FROM feedback WHERE kind IN ('survey', 'review') AND day >= $since
"""


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: measures, groups, questions, months, changes, shifts, drivers, responses, excluded."""
    answers = answers_sql(params.overall_words.split(","))
    start = window_start(inputs.as_of, params.window_months)
    bound: dict[str, Any] = {"since": start}
    listed = {**bound, "top": params.top}
    history = {"since": add_months(month_start(inputs.as_of), -HISTORY_MONTHS)}
    seen = inputs.query(SPAN_SQL, **history).to_pylist()[0]
    whole = whole_months(seen["first_day"], seen["last_day"]) if seen["first_day"] else range(0)
    segment = inputs.segment("rfm", start) if inputs.has("purchases") else None
    measures = measure_table(inputs, measured_sql(answers), params.window_months, bound)
    main = main_measure(measures)
    months, changes = month_tables(inputs, months_sql(answers), history, whole)
    tables: tuple[Table, ...] = (
        measures,
        group_table(inputs, grouped_sql(answers, segment), listed),
        question_table(inputs, questions_sql(answers), bound),
        months,
        changes,
        shift_table(inputs, shifts_sql(answers), {**history, "top": params.top}, main, whole),
        driver_table(inputs, pairs_sql(answers), bound, main, params.outcome_words.split(",")),
        response_table(inputs, bound, params.patience_days),
        excluded_table(inputs, bound),
    )
    tables = tuple(replace(table, appendix=table.id not in ("measures", "drivers")) for table in tables)
    result = Result("satisfaction", tables, _figures(tables, main))
    return replace(
        result,
        claims=satisfaction_claims(result, main),
        notes=tuple(satisfaction_notes(inputs, result, main)),
    )


DIMENSION_TITLES = {
    "unit": Text("各处理部门受访者的满意度", "Satisfaction of respondents by handling department"),
    "product": Text("各商品受访者的满意度", "Satisfaction of respondents by product"),
    "region": Text("各地区受访者的满意度", "Satisfaction of respondents by region"),
}


def _figures(tables: tuple[Table, ...], main: Measure | None) -> tuple[Figure, ...]:
    if main is None:
        return ()
    at = {"kind": main[0], "scale": main[1]}
    shown = {table.id: [r for r in table if r.get("kind", main[0]) == main[0]] for table in tables}
    figures = []
    if any(row["scale"] == main[1] and row["rating"] is not None for row in shown["months"]):
        figures.append(
            Figure("months", "line", Text("每月满意度（受访者）", "Satisfaction of respondents by month"), "months",
                   "month", ("rating",), low="low", high="high", hatch="unfinished", where=at)
        )  # fmt: skip
    for dimension, title in DIMENSION_TITLES.items():
        rows = [r for r in shown["groups"] if r["scale"] == main[1] and r["dimension"] == dimension]
        rated = sum(row["rating"] is not None for row in rows)
        if rated > 1 and 2 * rated >= len(rows):  # a chart of withheld figures shows nothing
            figures.append(
                Figure(dimension, "bar", title, "groups", "value", ("rating",), low="low", high="high",
                       where={**at, "dimension": dimension})
            )  # fmt: skip
    if shown["drivers"]:
        figures.append(
            Figure("drivers", "bar", Text("各题与总体评价的等级相关", "Rank correlation with the overall answer"),
                   "drivers", "question", ("r",), low="low", high="high")
        )  # fmt: skip
    return tuple(figures)


ANALYSIS = Analysis(
    name="satisfaction",
    title=Text("满意度", "Satisfaction"),
    question=Text(
        "受访者有多满意，哪里不满意，从什么时候起，与什么有关？",
        "How satisfied are those who answered, where not, since when, and what goes with it?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "purchases", "products"),
    needs=("feedback",),
    uses=("rfm",),
    order=10,
)
