"""Why do customers leave, in their own words, and did they go to a competitor or simply end?

Method: stated reasons of customers who are lost or at risk (lifecycle) or whose contract has churned, from surveys
and interviews, and reasons of lost leads. Each respondent counts once per reason; shares are of respondents who
stated a reason, with Wilson intervals, never of all lost customers. A reason is read as a move to a competitor
or as an end of the need where it holds one of the given words, else as another reason.

Source: stated counts; Wilson (1927).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Cell, Claim, Column, Figure, Note, Result

MOST = 30  # reasons shown of each source


@dataclass(frozen=True)
class Params:
    """Words that tell where customers went, and surveys whose every respondent has left."""

    competitor: str = param(
        "竞品,竞争,对手,其他品牌,别的品牌,别家,换了,转投,competitor,switched,other brand,another brand",
        "说明转向竞争者的词，逗号分隔",
        "words that tell of a move to a competitor, separated by commas",
    )
    ended: str = param(
        "不再需要,不需要,停业,关店,搬家,搬迁,结束,退休,毕业,去世,no longer need,closed,moved away,ended",
        "说明需求结束的词，逗号分隔",
        "words that tell of an end of the need, separated by commas",
    )
    surveys: str = param(
        "",
        "全部受访者都是流失客户的问卷编号，逗号分隔",
        "surveys all of whose respondents have left, separated by commas",
    )


BASE = {
    "feedback": Text(
        "说明了原因的流失或有流失风险的受访者", "respondents lost or at risk who stated a reason"
    ),
    "leads": Text("写明输单原因的线索", "lost leads with a stated reason"),
}
TEXT: Mapping[str, Text] = {
    "reason": Text(
        "{respondents} 位受访者中有 {named} 位说离开的原因是「{reason}」，占 {share}（Wilson 95% 区间 {low} 至 {high}；"
        "n={n}，{base}）。",
        "{named} of {respondents} respondents gave '{reason}' as the reason to leave: {share} (Wilson 95% interval {low} to "
        "{high}; n={n}, {base}).",
    ),
    "lead_reason": Text(
        "{respondents} 条写明原因的输单线索中有 {named} 条的原因是「{reason}」，占 {share}（Wilson 95% 区间 {low} 至 {high}；"
        "n={n}，{base}）。",
        "{named} of {respondents} lost leads with a reason name '{reason}': {share} (Wilson 95% interval {low} to {high}; "
        "n={n}, {base}).",
    ),
    "where": Text(
        "{respondents} 位受访者中，{competitor} 转向竞争者，{ended} 是需求结束（n={n}，{base}）。",
        "Of {respondents} respondents {competitor} moved to a competitor and {ended} no longer had the need (n={n}, {base}).",
    ),
}  # fmt: skip
_STATED = Text("说明了原因的人（或线索）", "who stated a reason (or leads)")
REASON_COLUMNS = (
    Column("source", Text("来源", "From"), "label", role="key", vocabulary="reason_source"),
    Column("reason", Text("原因", "Reason"), "text", role="key"),
    Column("went", Text("去向", "Went"), "label", vocabulary="reason_went"),
    Column("named", Text("提到人数", "Named by"), "count"),
    Column("respondents", Text("受访者", "Respondents"), "count", note=_STATED),
    Column("share", Text("占受访者", "Share of respondents"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip
WENT_COLUMNS = (
    *(replace(c, role="key") if c.name == "went" else c for c in REASON_COLUMNS if c.name != "reason"),
)
BASE_COLUMNS = (
    Column("source", Text("来源", "From"), "label", role="key", vocabulary="reason_source"),
    Column(
        "left",
        Text("流失或有风险的客户", "Lost or at risk"),
        "count",
        note=Text("线索为输单线索", "of leads: lost leads"),
    ),
    Column("respondents", Text("其中说明了原因", "Of them stated a reason"), "count"),
    Column("others", Text("未流失者的回答（不计）", "Answers of those who stay (left out)"), "count"),
    Column("unlinked", Text("无客户编号的回答（不计）", "Answers without a customer (left out)"), "count"),
)


def words(text: str) -> tuple[str, ...]:
    """Words of a comma-separated parameter, in lower case."""
    return tuple(word.strip().casefold() for word in text.replace("，", ",").split(",") if word.strip())


def _says(column: str, listed: tuple[str, ...]) -> str:
    found = " OR ".join(f"contains(lower({column}), {quoted(word)})" for word in listed)
    return f"({found})" if found else "1 = 0"


def answers_ctes(lifecycle: str, params: Params) -> str:
    """CTEs up to answers: (source, reason, went, who) of those who left; all_answers holds the others too."""
    surveys = words(params.surveys)
    exit_survey = f"lower(f.survey_id) IN ({', '.join(quoted(s) for s in surveys)})" if surveys else "1 = 0"
    return f"""
left_customers AS (
  SELECT account_no FROM {lifecycle} WHERE label IN ('流失', '有流失风险')
  UNION
  SELECT account_no FROM subscriptions WHERE churned AND account_no IS NOT NULL
), asked AS (
  SELECT f.account_no, trim(f.reason) AS reason,
         coalesce(CAST(f.account_no AS VARCHAR), f.response_id, f.feedback_id) AS who,
         CASE WHEN {exit_survey} OR c.account_no IS NOT NULL THEN 1 ELSE 0 END AS has_left
  FROM feedback f LEFT JOIN left_customers c ON c.account_no = f.account_no
  WHERE f.kind IN ('survey', 'interview') AND trim(coalesce(f.reason, '')) <> ''
), answers AS (
  SELECT 'feedback' AS source, reason, who FROM asked WHERE has_left = 1
  UNION ALL
  SELECT 'leads', trim(lost_reason), lead_id FROM leads WHERE trim(coalesce(lost_reason, '')) <> ''
), read AS (
  SELECT source, reason, who,
         CASE WHEN {_says("reason", words(params.competitor))} THEN 'competitor'
              WHEN {_says("reason", words(params.ended))} THEN 'ended' ELSE 'other' END AS went
  FROM answers
), totals AS (
  SELECT source, count(DISTINCT who) AS respondents FROM read GROUP BY source
)"""


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: reasons, went (competitor, ended, other), respondents."""
    ctes = answers_ctes(inputs.segment("lifecycle"), params)
    reasons_sql = f"""
WITH {ctes}, counted AS (
  SELECT r.source, r.reason, max(r.went) AS went, count(DISTINCT r.who) AS named, max(t.respondents) AS respondents
  FROM read r JOIN totals t ON t.source = r.source GROUP BY r.source, r.reason
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY source ORDER BY named DESC, reason) AS place FROM counted
)
SELECT source, reason, went, named, respondents FROM ranked WHERE place <= {MOST} ORDER BY source, place
"""
    went_sql = f"""
WITH {ctes}
SELECT r.source, r.went, count(DISTINCT r.who) AS named, max(t.respondents) AS respondents
FROM read r JOIN totals t ON t.source = r.source GROUP BY r.source, r.went ORDER BY r.source, r.went
"""
    base_sql = f"""
WITH {ctes}
SELECT 'feedback' AS source, (SELECT count(*) FROM left_customers) AS left_count,
       count(DISTINCT CASE WHEN has_left = 1 THEN who END) AS respondents,
       count(DISTINCT CASE WHEN has_left = 0 AND account_no IS NOT NULL THEN who END) AS others,
       count(DISTINCT CASE WHEN has_left = 0 AND account_no IS NULL THEN who END) AS unlinked
FROM asked
"""
    min_n = inputs.settings.min_n
    reasons = inputs.computed(
        "reasons", Text("说明的流失原因", "Stated reasons to leave"), REASON_COLUMNS, ("source", "reason"),
        [_shared(row, min_n) for row in inputs.query(reasons_sql).to_pylist()], method="churn_reasons.run", sql=reasons_sql,
    )  # fmt: skip
    if not len(reasons.rows):
        return Result("churn_reasons", notes=(Note(_nothing(inputs), "missing"),))
    went = inputs.computed(
        "went", Text("转向竞争者还是结束", "To a competitor, or ended"), WENT_COLUMNS, ("source", "went"),
        [_shared(row, min_n) for row in inputs.query(went_sql).to_pylist()], method="churn_reasons.run", sql=went_sql,
    )  # fmt: skip
    found = inputs.query(base_sql).to_pylist()[0]
    base = inputs.computed(
        "respondents", Text("谁回答了", "Who answered"), BASE_COLUMNS, ("source",), [{**found, "left": found["left_count"]}],
        method="churn_reasons.run", sql=base_sql,
    )  # fmt: skip
    result = Result(
        "churn_reasons", tables=(reasons, replace(went, appendix=True), replace(base, appendix=True))
    )
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(_claims(result, min_n)),
        notes=tuple(_notes(found, result, min_n)),
    )


def _shared(row: Mapping[str, Any], min_n: int) -> dict[str, Any]:
    ends = wilson(int(row["named"]), int(row["respondents"])) if row["respondents"] >= min_n else None
    return {
        **row, "share": row["named"] / row["respondents"] if ends else None,
        "low": ends.low if ends else None, "high": ends.high if ends else None,
    }  # fmt: skip


def _figures(result: Result) -> tuple[Figure, ...]:
    title = Text("说明的流失原因", "Stated reasons to leave")
    sources = {row["source"] for row in result.table("reasons")}
    return tuple(
        Figure(f"reasons_{source}", "bar", title, "reasons", "reason", ("named",), where={"source": source}, note=BASE[source])
        for source in sorted(sources)
    )  # fmt: skip


def _claims(result: Result, min_n: int) -> Iterator[Claim]:
    """The leading reason of each source, and where respondents went."""
    told: set[str] = set()
    for row in result.table("reasons"):
        if row["source"] in told or row["share"] is None:
            continue
        told.add(row["source"])
        at = {"source": row["source"], "reason": row["reason"]}
        yield Claim(
            "reason" if row["source"] == "feedback" else "lead_reason", f"churn_reasons/{row['source']}",
            {name: Cell("reasons", at, name) for name in ("named", "respondents", "share", "low", "high")},
            row["respondents"], BASE[row["source"]], strength="estimate", labels={"reason": (row["reason"], None)},
            topic=f"reasons_{row['source']}", certainty=0.7, figure=f"reasons_{row['source']}",
        )  # fmt: skip
    went = {row["went"]: row for row in result.table("went") if row["source"] == "feedback"}
    if {"competitor", "ended"} <= went.keys() and went["ended"]["respondents"] >= min_n:
        cells = {
            name: Cell("went", {"source": "feedback", "went": name}, "share")
            for name in ("competitor", "ended")
        }
        cells["respondents"] = Cell("went", {"source": "feedback", "went": "ended"}, "respondents")
        yield Claim(
            "where", "churn_reasons/where", cells, went["ended"]["respondents"], BASE["feedback"], strength="estimate",
            topic="went", summary=False,
        )  # fmt: skip


def _notes(found: Mapping[str, Any], result: Result, min_n: int) -> Iterator[Note]:
    if found["others"] or found["unlinked"]:
        yield Note(
            Text(
                f"另有 {found['others']} 位未流失者、{found['unlinked']} 份无客户编号的回答说明了原因，不计入",
                f"{found['others']} customers who stay and {found['unlinked']} answers without a customer also gave a "
                "reason and are left out",
            )
        )
    if any(row["respondents"] < min_n for row in result.table("reasons")):
        yield Note(
            Text(f"受访者少于 {min_n} 位的来源只列次数", f"Counts only where fewer than {min_n} answered"),
            "withheld",
        )


def _nothing(inputs: Inputs) -> Text:
    if inputs.has("feedback") or inputs.has("leads"):
        return Text(
            "没有流失客户说明的原因；在问卷或访谈里导入原因列，或在线索里导入输单原因",
            "No reason was stated by lost customers; import a reason column with surveys or interviews, or reasons of lost leads",
        )
    return Text(
        "没有问卷、访谈或线索；导入带原因的任一种即可统计流失原因",
        "There are no surveys, interviews or leads; import any of them with reasons to count why customers leave",
    )


ANALYSIS = Analysis(
    name="churn_reasons",
    title=Text("流失原因", "Reasons to leave"),
    question=Text(
        "流失的客户说自己为什么离开，转向了竞争者还是需求结束？",
        "Why do lost customers say they left, and did they go to a competitor or end?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "leads", "subscriptions", "purchases", "customer_facts", "window_facts"),
    needs=(),
    uses=("lifecycle",),
    order=32,
)
