"""How loyal are customers in attitude and deed, compared with the first period that could be measured?

Method: five components (trust, contact frequency, service effect, satisfaction, likelihood to continue); each becomes
the percentile it has in a frozen baseline: the first calendar quarter end at which enough customers have three
components, one of them attitude, computed from what was known on that day. The index is their weighted mean, weights
being parameters. Later quarter ends are measured with the same ruler, so that a change is one of customers. Beside
it attitude against repeat purchase.

Source: Dick and Basu (1994) for attitude and repeat purchase; Welch (1947) for the difference of means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from keguan.analyses.loyalty.claims import TEXT, loyalty_claims, loyalty_notes
from keguan.analyses.loyalty.params import Params
from keguan.analyses.loyalty.tables import component_table, matrix_table, repeat_cut, trend_table
from keguan.analysis import Analysis, Inputs
from keguan.core.period import add_months, month_end, month_start, window_start
from keguan.core.text import Text
from keguan.evidence.statistics.sample_mean import SampleMean
from keguan.marts.loyalty import (
    COMPONENTS,
    components_sql,
    distribution_sql,
    index_sql,
    means_sql,
    percentiles,
    purchases_sql,
    relation_sql,
)
from keguan.result import Figure, Note, Relation, Result, Table

SHOWN_QUARTERS = 8


YOUNG_DAYS = 30


FIRST_SQL = """
SELECT min(CASE WHEN what = 'score' THEN day END) AS scored_from, min(CASE WHEN what = 'contact' THEN day END) AS contacts_from
FROM (
  SELECT 'score' AS what, day FROM feedback WHERE score IS NOT NULL AND account_no IS NOT NULL
  UNION ALL
  SELECT 'contact' AS what, day FROM contacts WHERE account_no IS NOT NULL
) began
"""


def quarter_ends(first: date, last: date) -> list[date]:
    """Ends of calendar quarters from one day to another, both inclusive: the same whatever the as-of day."""
    end = month_end(add_months(first.replace(day=1), 2 - (first.month - 1) % 3))
    found = []
    while end <= last:
        found.append(end)
        end = month_end(add_months(end.replace(day=1), 3))
    return found


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: trend, components, matrix; relation loyalty."""
    began = inputs.query(FIRST_SQL).to_pylist()[0]
    if began["scored_from"] is None:
        missing = Text(
            "没有带客户编号的评分；导入调查后可算忠诚度",
            "No scored answers with a customer id: import surveys",
        )
        return _without(Note(missing, "missing"))
    weights = params.weights()
    if sum(weights.values()) <= 0 or min(weights.values()) < 0:
        return _without(
            Note(Text("权重须为非负且不全为 0", "Weights must not be negative nor all 0"), "withheld")
        )
    components = components_sql(params.trust_words.split(","), params.continue_words.split(","))
    # A window that reaches back before the records would look like few contacts.
    seen = max(began["scored_from"], began["contacts_from"] or began["scored_from"])
    ends = quarter_ends(add_months(month_start(seen), params.window_months), inputs.as_of)
    for place, day in enumerate(ends):
        rows = _measured(inputs, day, distribution_sql(components), params).to_pylist()
        most = max((sum(r["customers"] for r in rows if r["component"] == c) for c in COMPONENTS), default=0)
        if most >= max(inputs.settings.min_n, 1):
            indexed = index_sql(components, percentiles(rows), weights)
            if rows_of := _means(inputs, day, indexed, params):
                days = list(dict.fromkeys([*ends[max(place, len(ends) - SHOWN_QUARTERS) :], inputs.as_of]))
                return _whole(inputs, params, indexed, day, rows_of, days)
    least = inputs.settings.min_n
    few = Text(
        f"还没有一个季度末回看 {params.window_months} 个月都有记录、且有 {least} 位客户具备三个分项（其中一个为态度），"
        "不算忠诚度指数",
        f"No quarter end yet looks back on {params.window_months} months of records and has {least} customers with three "
        "components, one of them attitude: no loyalty index",
    )
    return _without(Note(few, "withheld"))


def _without(note: Note) -> Result:
    return Result("loyalty", notes=(note,))


def _measured(inputs: Inputs, day: date, sql: str, params: Params) -> Any:
    """A query as of a day, over the months before it."""
    since = window_start(day, params.window_months)
    return inputs.at(day).query(sql, since=since, young=day - timedelta(days=YOUNG_DAYS))


def _means(inputs: Inputs, day: date, indexed: str, params: Params) -> dict[str, SampleMean]:
    """Index and components of the customers who have an index; nothing with fewer than `min_n` of them."""
    rows = _measured(inputs, day, means_sql(indexed), params).to_pylist()
    found = {r["component"]: SampleMean(int(r["customers"]), r["total"], r["squares"]) for r in rows}
    enough = "index" in found and found["index"].n >= max(inputs.settings.min_n, 1)
    return found if enough else {}


def _whole(
    inputs: Inputs,
    params: Params,
    indexed: str,
    day: date,
    before: Mapping[str, SampleMean],
    days: Sequence[date],
) -> Result:
    measured = {day: dict(before)} | {end: _means(inputs, end, indexed, params) for end in days if end != day}
    now = measured.get(inputs.as_of, {})
    bound: dict[str, Any] = {
        "since": window_start(inputs.as_of, params.window_months),
        "young": inputs.as_of - timedelta(days=YOUNG_DAYS),
    }
    tables = [
        trend_table(inputs, measured, day, indexed, bound),
        component_table(inputs, params, before, now, indexed, bound),
    ]
    relations: tuple[Relation, ...] = ()
    if now and _bought_freely(inputs):
        sided = {**bound, "from_day": bound["since"]}
        cut = repeat_cut(inputs.query(purchases_sql(indexed), **sided).to_pylist())
        sided["cut"] = cut
        tables.append(matrix_table(inputs, params, indexed, sided))
        relations = (
            Relation("loyalty", Text("态度与复购", "Attitude and repeat purchase"), relation_sql(indexed), sided,
                     vocabulary="loyalty_quadrant"),
        )  # fmt: skip
    result = Result("loyalty", tuple(tables), _figures(tables), relations=relations)
    return replace(
        result,
        claims=tuple(loyalty_claims(result, day, inputs.as_of)),
        notes=tuple(loyalty_notes(inputs, result, day, now)),
    )


def _bought_freely(inputs: Inputs) -> bool:
    """Whether purchases say something: there are some, and they are no automatic renewals."""
    if not inputs.has("purchases"):
        return False
    return not inputs.result("business_kind").table("decision").records()[0]["automatic_renewal"]


def _figures(tables: Sequence[Table]) -> tuple[Figure, ...]:
    figures = [
        Figure("trend", "line", Text("忠诚度指数（各季度末）", "Loyalty index at quarter ends"), "trend", "day",
               ("index",), low="low", high="high"),
        Figure("components", "bar", Text("各分项的百分位均值", "Mean percentile of the components"), "components",
               "component", ("now",)),
    ]  # fmt: skip
    if any(table.id == "matrix" for table in tables):
        figures.append(
            Figure("matrix", "bar", Text("态度与复购", "Attitude and repeat purchase"), "matrix", "quadrant", ("customers",))
        )  # fmt: skip
    return tuple(figures)


ANALYSIS = Analysis(
    name="loyalty",
    title=Text("忠诚度", "Loyalty"),
    question=Text(
        "客户的态度与行为有多忠诚，与基准期相比有没有变化？",
        "How loyal are customers in attitude and deed, and has it changed since the baseline?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "contacts", "purchases", "window_facts"),
    needs=("feedback",),
    uses=("business_kind",),
    order=70,
)
