"""Levels of each scale, overall and by dimension, question and month; the last months against those before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from keguan.analyses.satisfaction.columns import (
    CHANGE_COLUMNS,
    GROUP_COLUMNS,
    MEASURE_COLUMNS,
    MONTH_COLUMNS,
    QUESTION_COLUMNS,
    SHIFT_COLUMNS,
)
from keguan.analysis import Inputs
from keguan.core.period import month_end, month_index, month_name, month_start
from keguan.core.text import Text
from keguan.evidence.statistics.against_rest import Contrast, contrasts
from keguan.evidence.statistics.rate_change import change_rows, rate_changes
from keguan.evidence.statistics.rating import Rating, rating_difference, sum_of
from keguan.result import Table

Measure = tuple[str, str]  # kind and scale
DIMENSIONS = ("product", "topic", "unit", "channel", "region", "segment")
COMPARED_MONTHS = 3
SCALE_ORDER = ("csat5", "nps", "ces7", "binary")


def measured_sql(answers: str) -> str:
    """Answers about the whole by scale and score, and how many gave them."""
    return f"""
WITH {answers}, people AS (
  SELECT kind, scale, count(DISTINCT respondent) AS respondents FROM answers WHERE overall = 1 GROUP BY kind, scale
)
SELECT a.kind, a.scale, a.score, count(*) AS answers, p.respondents
FROM answers a JOIN people p ON p.kind = a.kind AND p.scale = a.scale
WHERE a.overall = 1
GROUP BY a.kind, a.scale, a.score, p.respondents
ORDER BY a.kind, a.scale, a.score
"""


def grouped_sql(answers: str, segment: str | None) -> str:
    """Answers about the whole by dimension, value and score; the $top values by name, the rest as 其他."""
    kept = [name for name in DIMENSIONS if name != "segment"]
    parts = [f"  SELECT kind, scale, score, '{name}' AS dimension, {name} AS value FROM answers WHERE overall = 1"
             for name in kept]  # fmt: skip
    if segment:
        parts.append(
            "  SELECT a.kind, a.scale, a.score, 'segment' AS dimension, coalesce(s.label, '待核实') AS value\n"
            f"  FROM answers a LEFT JOIN {segment} s ON s.account_no = a.account_no WHERE a.overall = 1"
        )
    union = "\n  UNION ALL\n".join(parts)
    return f"""
WITH {answers}, long AS (
{union}
), sizes AS (
  SELECT dimension, value, count(*) AS size FROM long GROUP BY dimension, value
), ranked AS (
  SELECT dimension, value, row_number() OVER (PARTITION BY dimension ORDER BY size DESC, value) AS place FROM sizes
)
SELECT l.kind, l.scale, l.dimension, CASE WHEN r.place <= $top THEN l.value ELSE '其他' END AS value, l.score,
       count(*) AS answers
FROM long l JOIN ranked r ON r.dimension = l.dimension AND r.value = l.value
GROUP BY l.kind, l.scale, l.dimension, CASE WHEN r.place <= $top THEN l.value ELSE '其他' END, l.score
ORDER BY kind, scale, dimension, value, score
"""


def questions_sql(answers: str) -> str:
    """Answers by question and score."""
    return f"""
WITH {answers}
SELECT kind, scale, coalesce(question, '全部') AS question, max(overall) AS overall, score, count(*) AS answers
FROM answers GROUP BY kind, scale, coalesce(question, '全部'), score
ORDER BY kind, scale, question, score
"""


def months_sql(answers: str) -> str:
    """Answers about the whole by month and score."""
    return f"""
WITH {answers}
SELECT kind, scale, month, score, count(*) AS answers
FROM answers WHERE overall = 1 GROUP BY kind, scale, month, score
ORDER BY kind, scale, month, score
"""


def shifts_sql(answers: str) -> str:
    """Positive answers about the whole of one scale by dimension, value and month."""
    parts = "\n  UNION ALL\n".join(
        f"  SELECT '{name}' AS dimension, {name} AS value, month, positive FROM answers\n"
        "  WHERE overall = 1 AND kind = $kind AND scale = $scale"
        for name in DIMENSIONS
        if name != "segment"
    )
    return f"""
WITH {answers}, long AS (
{parts}
), sizes AS (
  SELECT dimension, value, count(*) AS size FROM long GROUP BY dimension, value
), ranked AS (
  SELECT dimension, value, row_number() OVER (PARTITION BY dimension ORDER BY size DESC, value) AS place FROM sizes
)
SELECT l.dimension, l.value, l.month, CAST(sum(l.positive) AS BIGINT) AS positive, count(*) AS answers
FROM long l JOIN ranked r ON r.dimension = l.dimension AND r.value = l.value AND r.place <= $top
WHERE l.value <> '待核实'
GROUP BY l.dimension, l.value, l.month
ORDER BY dimension, value, month
"""


def levels(rating: Rating, min_n: int) -> dict[str, Any]:
    """Answers, rating and interval; withheld under `min_n`."""
    ends = rating.interval() if rating.n >= min_n else None
    return {
        "answers": rating.n, "rating": rating.value() if ends else None, "low": ends.low if ends else None,
        "high": ends.high if ends else None,
    }  # fmt: skip


def measure_table(inputs: Inputs, sql: str, months: int, bound: Mapping[str, Any]) -> Table:
    """One row a kind and scale."""
    ratings: dict[Measure, Rating] = {}
    respondents: dict[Measure, int] = {}
    for row in inputs.query(sql, **bound).to_pylist():
        measure = (row["kind"], row["scale"])
        ratings.setdefault(measure, Rating(row["scale"])).add(row["score"], int(row["answers"]))
        respondents[measure] = int(row["respondents"])
    rows = [
        {
            "kind": kind, "scale": scale, "respondents": respondents[kind, scale], "months": months,
            **levels(rating, inputs.settings.min_n), "positive": rating.positive, "negative": rating.negative,
        }
        for (kind, scale), rating in ratings.items()
    ]  # fmt: skip
    return inputs.computed(
        "measures", Text("满意度", "Satisfaction"), MEASURE_COLUMNS, ("kind", "scale"), rows,
        method="evidence.statistics.rating", sql=sql, **bound,
    )  # fmt: skip


def main_measure(measures: Table) -> Measure | None:
    """The scale with most answers, surveys before reviews; a tie goes to CSAT, then NPS, CES, yes/no."""
    rows = measures.records()
    if not rows:
        return None
    best = min(rows, key=lambda r: (r["kind"] != "survey", -r["answers"], SCALE_ORDER.index(r["scale"])))
    return best["kind"], best["scale"]


def group_table(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> Table:
    """Each value of a dimension against the other answers on the same scale, corrected within the scale."""
    found: dict[Measure, dict[tuple[str, str], Rating]] = {}
    for row in inputs.query(sql, **bound).to_pylist():
        groups = found.setdefault((row["kind"], row["scale"]), {})
        key = (row["dimension"], row["value"])
        groups.setdefault(key, Rating(row["scale"])).add(row["score"], int(row["answers"]))
    rows = [row for (kind, scale), groups in found.items()
            for row in _group_rows(kind, scale, groups, inputs.settings.min_n)]  # fmt: skip
    return inputs.computed(
        "groups", Text("各维度的满意度", "Satisfaction by dimension"), GROUP_COLUMNS,
        ("kind", "scale", "dimension", "value"), rows, method="evidence.statistics.rating", sql=sql, **bound,
        note=Text("与同一维度的其余回答相比，同一量表的各项比较一起校正",
                  "against the other answers of the dimension; comparisons on a scale are corrected together"),
    )  # fmt: skip


def _group_rows(
    kind: str, scale: str, groups: Mapping[tuple[str, str], Rating], min_n: int
) -> Iterable[dict[str, Any]]:
    tested = _against_rest(scale, groups, min_n)
    for dimension in DIMENSIONS:
        own = {value: rating for (d, value), rating in groups.items() if d == dimension}
        if set(own) <= {"待核实"}:
            continue
        for value, rating in sorted(own.items(), key=lambda item: (-item[1].n, item[0])):
            test = tested.get((dimension, value))
            yield {
                "kind": kind, "scale": scale, "dimension": dimension, "value": value, **levels(rating, min_n),
                "difference": test.difference if test else None, "difference_low": test.low if test else None,
                "difference_high": test.high if test else None, "q": test.q if test else None,
            }  # fmt: skip


def _against_rest(
    scale: str, groups: Mapping[tuple[str, str], Rating], min_n: int
) -> dict[tuple[str, str], Contrast]:
    pairs = {}
    for (dimension, value), own in groups.items():
        others = [r for (d, v), r in groups.items() if d == dimension and v != value]
        rest = sum_of(others, scale)
        if min(own.n, rest.n) >= max(min_n, 1):
            pairs[dimension, value] = (own, rest)
    return contrasts(pairs, rating_difference)


def question_table(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> Table:
    """Every question by itself, and whether it is about the whole."""
    found: dict[tuple[str, str, str], Rating] = {}
    whole: dict[tuple[str, str, str], bool] = {}
    for row in inputs.query(sql, **bound).to_pylist():
        key = (row["kind"], row["scale"], row["question"])
        found.setdefault(key, Rating(row["scale"])).add(row["score"], int(row["answers"]))
        whole[key] = whole.get(key, False) or bool(row["overall"])
    rows = [
        {"kind": key[0], "scale": key[1], "question": key[2], "overall": whole[key],
         **levels(rating, inputs.settings.min_n)}
        for key, rating in found.items()
    ]  # fmt: skip
    return inputs.computed(
        "questions", Text("各题得分", "Results by question"), QUESTION_COLUMNS, ("kind", "scale", "question"), rows,
        method="evidence.statistics.rating", sql=sql, **bound,
    )  # fmt: skip


def whole_months(first: date, last: date) -> range:
    """Months seen from their first day to their last."""
    start = month_index(first) + (first != month_start(first))
    return range(start, month_index(last) + (last == month_end(last)))


def month_tables(inputs: Inputs, sql: str, bound: Mapping[str, Any], whole: range) -> tuple[Table, Table]:
    """`months`, and `changes`: the last three whole months against the same a year before, or the three before."""
    found: dict[Measure, dict[int, Rating]] = {}
    for row in inputs.query(sql, **bound).to_pylist():
        months = found.setdefault((row["kind"], row["scale"]), {})
        months.setdefault(int(row["month"]), Rating(row["scale"])).add(row["score"], int(row["answers"]))
    rows = [
        {"kind": kind, "scale": scale, "month": month_name(month), **levels(rating, inputs.settings.min_n),
         "unfinished": month not in whole}
        for (kind, scale), months in found.items() for month, rating in sorted(months.items())
    ]  # fmt: skip
    table = inputs.computed(
        "months", Text("每月满意度", "Satisfaction by month"), MONTH_COLUMNS, ("kind", "scale", "month"), rows,
        method="evidence.statistics.rating", sql=sql, **bound,
    )  # fmt: skip
    changes = [row for measure, months in found.items()
               if (row := _change(measure, months, whole, inputs.settings.min_n)) is not None]  # fmt: skip
    return table, inputs.computed(
        "changes", Text("满意度的变化", "Change of satisfaction"), CHANGE_COLUMNS, ("kind", "scale"), changes,
        method="evidence.statistics.rating", inputs=("months",),
    )  # fmt: skip


def _change(
    measure: Measure, months: Mapping[int, Rating], whole: range, min_n: int
) -> dict[str, Any] | None:
    if len(whole) < 2 * COMPARED_MONTHS:
        return None
    recent = whole[-COMPARED_MONTHS:]
    back = 12 if recent[0] - 12 in whole else COMPARED_MONTHS
    before = [month - back for month in recent]
    now, then = (sum_of([months[m] for m in span if m in months], measure[1]) for span in (recent, before))
    if min(now.n, then.n) < max(min_n, 1):
        return None
    difference, ends, p = rating_difference(now, then)
    return {
        "kind": measure[0], "scale": measure[1], "period": _span(recent), "answers": now.n, "rating": now.value(),
        "before_period": _span(before), "before_answers": then.n, "before": then.value(),
        "difference": difference, "difference_low": ends.low, "difference_high": ends.high, "p": p,
    }  # fmt: skip


def _span(months: Sequence[int]) -> str:
    return f"{month_name(months[0])} – {month_name(months[-1])}"


def shift_table(
    inputs: Inputs, sql: str, bound: Mapping[str, Any], measure: Measure | None, whole: range
) -> Table:
    """Values whose share of positive answers changed, and since which month."""
    asked = {**bound, "kind": measure[0] if measure else "", "scale": measure[1] if measure else ""}
    series: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for row in inputs.query(sql, **asked).to_pylist():
        if row["month"] in whole:
            key = (row["dimension"], row["value"])
            hits, trials = series.setdefault(key, ([0] * len(whole), [0] * len(whole)))
            hits[int(row["month"]) - whole[0]] += int(row["positive"])
            trials[int(row["month"]) - whole[0]] += int(row["answers"])
    found = rate_changes(series, inputs.settings.min_n)
    rows = change_rows(found, whole)
    return inputs.computed(
        "shifts", Text("自哪个月起不同", "Changed since"), SHIFT_COLUMNS, ("dimension", "value"), rows,
        method="evidence.statistics.rate_change", sql=sql, **asked,
    )  # fmt: skip
