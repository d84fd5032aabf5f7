"""Who are the most and the least satisfied fifth of respondents, and how do they differ?

Method: each respondent's mean on one scale is shrunk to the mean of all by the number of answers (credibility, one-way
random effects), so that one lucky answer makes nobody happiest. A tail takes ties in; its real share is printed, and
one of over 35 % is withheld. The two tails are compared by traits (Newcombe) and by spend (customer bootstrap), all
corrected together (Benjamini-Hochberg).

Source: Bühlmann (1967); Newcombe (1998); Efron and Tibshirani (1993); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keguan.analyses.satisfaction_tails.claims import TEXT, WIDEST, tail_claims, tail_notes
from keguan.analyses.satisfaction_tails.columns import FACT_COLUMNS, TAIL_COLUMNS
from keguan.analyses.satisfaction_tails.contrasts import contrast_tables
from keguan.analyses.satisfaction_tails.params import Params
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.shrinkage import Answers, Shrinkage, shrinkage
from keguan.marts.answers import answers_sql
from keguan.marts.satisfaction_tails import scopes_sql, sums_sql, tails_sql
from keguan.result import Figure, Note, Relation, Result, Table

SCALES = ("csat5", "nps", "ces7", "binary")


def measured_sql(answers: str) -> str:
    """Respondents with a customer id by scale."""
    return f"""
WITH {answers}
SELECT kind, scale, count(DISTINCT account_no) AS customers
FROM answers WHERE overall = 1 AND account_no IS NOT NULL GROUP BY kind, scale ORDER BY kind, scale
"""


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: facts, tails, traits, spend, habits; relation satisfaction_tails."""
    answers = answers_sql(params.overall_words.split(","))
    since = window_start(inputs.as_of, params.window_months)
    found = inputs.query(measured_sql(answers), since=since).to_pylist()
    if not found:
        missing = Text("没有带客户编号的评分", "There are no scored answers with a customer id")
        return Result("satisfaction_tails", notes=(Note(missing, "missing"),))
    best = min(found, key=lambda r: (r["kind"] != "survey", -r["customers"], SCALES.index(r["scale"])))
    bound: dict[str, Any] = {"since": since, "kind": best["kind"], "scale": best["scale"]}
    sums = inputs.query(sums_sql(answers), **bound).to_pylist()[0]
    weight = shrinkage(Answers(**{name: sums[name] for name in Answers.__slots__}))
    if sums["persons"] < inputs.settings.min_n or weight is None:
        return _withheld(inputs, sums, weight)
    return _whole(inputs, params, answers, bound, sums, weight)


def _withheld(inputs: Inputs, sums: Mapping[str, Any], weight: Shrinkage | None) -> Result:
    least = inputs.settings.min_n
    few = Text(f"有客户编号的受访者 {sums['persons']} 位，少于 {least} 位，不分两端",
               f"{sums['persons']} respondents with a customer id, fewer than {least}: no tails")  # fmt: skip
    alike = Text(
        "受访者之间的差别不超过各人自己各次回答的差别，分不出最满意与最不满意",
        "Respondents differ no more than their own answers do: nobody can be called most or least satisfied",
    )  # fmt: skip
    return Result("satisfaction_tails", notes=(Note(few if sums["persons"] < least else alike, "withheld"),))


def _whole(
    inputs: Inputs,
    params: Params,
    answers: str,
    bound: Mapping[str, Any],
    sums: Mapping[str, Any],
    weight: Shrinkage,
) -> Result:
    mean, k = round(weight.mean, 6), round(weight.k, 6)
    shrunk = f"(total + CAST('{k}' AS DOUBLE) * CAST('{mean}' AS DOUBLE)) / (answers + CAST('{k}' AS DOUBLE))"
    sided = {**bound, "tail": params.tail}
    placed = tails_sql(answers, shrunk)
    tails = _tail_table(inputs, scopes_sql(answers, shrunk), {**sided, "top": params.top})
    drawn = _drawn(tails)
    tables: list[Table] = [tails]
    compared = 0
    if drawn and min(row["customers"] for row in drawn.values()) >= inputs.settings.min_n:
        made = contrast_tables(inputs, placed, sided, drawn)
        compared = sum(row["q"] is not None for table in made for row in table)
        tables += [replace(table, appendix=table.id == "traits") for table in made]
    facts = inputs.computed(
        "facts", Text("如何分出两端", "How the tails were found"), FACT_COLUMNS, ("scale",),
        [{"scale": bound["scale"], "kind": bound["kind"], "respondents": sums["persons"], "answers": sums["answers"],
          "mean": mean, "weight": k, "compared": compared}],
        method="evidence.statistics.shrinkage", sql=sums_sql(answers), **bound,
    )  # fmt: skip
    result = Result("satisfaction_tails", (replace(facts, appendix=True), *tables), _figures(tails, drawn))
    label = "CASE WHEN most = 1 THEN 'most' WHEN least = 1 THEN 'least' ELSE 'middle' END"
    relation = Relation(
        "satisfaction_tails", Text("受访者的满意程度", "Satisfaction of respondents"),
        f"WITH {placed}\nSELECT account_no, {label} AS label, CAST(NULL AS VARCHAR) AS score FROM tails", sided,
        vocabulary="satisfaction_tail",
    )  # fmt: skip
    return replace(
        result, claims=tuple(tail_claims(result, drawn)), relations=(relation,) if drawn else (),
        notes=tuple(tail_notes(inputs, tails, drawn)),
    )  # fmt: skip


def _tail_table(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> Table:
    least = inputs.settings.min_n
    rows = []
    for row in inputs.query(sql, **bound).to_pylist():
        enough = row["everybody"] >= least
        share = row["customers"] / row["everybody"]
        rows.append(
            {
                "scope": row["scope"], "value": row["value"], "tail": row["tail"], "respondents": row["everybody"],
                "customers": row["customers"] if enough else None, "share": share if enough else None,
                "mean": row["mean"] if enough and share <= WIDEST else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "tails", Text("最满意与最不满意的受访者", "The most and the least satisfied respondents"), TAIL_COLUMNS,
        ("scope", "value", "tail"), rows, method="satisfaction_tails.tails", sql=sql, **bound,
    )  # fmt: skip


def _drawn(tails: Table) -> dict[str, Mapping[str, Any]]:
    """Both tails of all respondents; nothing when one of them is too wide."""
    found: dict[str, Mapping[str, Any]] = {
        row["tail"]: row for row in tails if row["scope"] == "all" and row["mean"] is not None
    }
    return found if len(found) == 2 else {}


def _figures(tails: Table, drawn: Mapping[str, Mapping[str, Any]]) -> tuple[Figure, ...]:
    if not drawn:
        return ()
    return (
        Figure("tails", "bar", Text("两端的得分均值", "Mean score of both tails"), "tails", "tail", ("mean",),
               where={"scope": "all"}),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="satisfaction_tails",
    title=Text("最满意与最不满意的受访者", "The most and the least satisfied"),
    question=Text(
        "最满意与最不满意的 20% 受访者是谁，有什么不同？",
        "Who are the most and the least satisfied 20% of respondents, and how do they differ?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "purchases", "customer_facts", "customers", "products"),
    needs=("feedback",),
    order=20,
)
