"""What do customers ask and suggest, who answers, how fast, and what becomes of suggestions?

Method: counts by product, topic, handling unit, representative, region and channel; time to answer by Kaplan-Meier
with open ones censored, groups compared by the log-rank test, share closed without an answer by Newcombe's interval,
all corrected (Benjamini-Hochberg). A suggestion is answered when it is closed, adopted when it is solved or its
outcome says so.

Source: Kaplan and Meier (1958); Mantel (1966); Newcombe (1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.against_rest import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.ticket_groups import group_rows, groups_of, solved_within
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.answers import says_one_of
from keguan.marts.tickets import ATTRIBUTES, grouped_sql, tickets_sql
from keguan.result import Cell, Claim, Column, Figure, Note, Result, Table, Test


@dataclass(frozen=True)
class Params:
    """What is looked at, and when an answer is soon."""

    window_months: int = param(12, "统计窗口(月)", "window, months")
    within_days: int = param(7, "按多少天内答复比较", "days within which an answer is counted")
    adopted_words: str = param(
        "采纳,采用,已改进,adopted,implemented", "处理结果含这些词时算采纳（逗号分隔）",
        "words of an outcome that mean adopted, comma-separated",
    )  # fmt: skip
    refused_words: str = param(
        "未采,不采,暂不,not adopted,rejected", "处理结果含这些词时不算采纳（逗号分隔）",
        "words of an outcome that mean not adopted, comma-separated",
    )  # fmt: skip
    top: int = param(12, "每个维度列出几个取值", "values listed for each dimension")


TEXT: Mapping[str, Text] = {
    "volume": Text(
        "近 {months} 个月收到{kind} {tickets} 件：已答复解决 {solved}，结案未解决 {unsolved}，处理中 {open}（n={n}，{base}）。",
        "{tickets} items ({kind}) came in during the last {months} months: {solved} answered, {unsolved} closed without "
        "an answer, {open} still open (n={n}, {base}).",
    ),
    "soon": Text(
        "{kind}提出后 {days} 天内得到答复的占 {within}（Kaplan-Meier 估计，未答复的按已等待的天数计入；"
        "95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{within} ({kind}) are answered within {days} days (Kaplan-Meier, those not answered count for the days they have "
        "waited; 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "adopted": Text(
        "{closed} 条建议已有答复，占 {answered}；采纳 {adopted} 条，占全部建议的 {rate}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{closed} suggestions have an answer ({answered}); {adopted} were adopted, {rate} of all suggestions (95% interval "
        "{low} to {high}; n={n}, {base}).",
    ),
    "slow": Text(
        "{dimension}「{value}」答复咨询显著慢于其余：{days} 天内答复 {within}（n={n}，{base}）。",
        "Enquiries of {dimension} '{value}' wait significantly longer than the others: {within} answered within {days} "
        "days (n={n}, {base}).",
    ),
    "unsolved": Text(
        "{dimension}「{value}」的咨询结案未解决率为 {rate}，显著高于其余，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{rate} of the closed enquiries of {dimension} '{value}' end without an answer, significantly higher than the "
        "others, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "most": Text(
        "咨询最多的{dimension}是「{value}」：{tickets} 件，占 {share}（n={n}，{base}）。",
        "The {dimension} with most enquiries is '{value}': {tickets}, {share} (n={n}, {base}).",
    ),
}  # fmt: skip

KM_NOTE = Text("Kaplan-Meier 估计，未答复的按已等待的天数作截尾",
               "Kaplan-Meier; those not answered are censored at the days they have waited")  # fmt: skip
Q_NOTE = Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg")
COUNTS = (
    Column("tickets", Text("件数", "Number"), "count"),
    Column("solved", Text("已答复解决", "Answered"), "count"),
    Column("unsolved", Text("结案未解决", "Closed without an answer"), "count"),
    Column("open", Text("处理中", "Still open"), "count"),
    Column("unknown", Text("状态不明", "State unknown"), "count"),
)


def timing(days: int) -> tuple[Column, ...]:
    """Share answered within so many days, and the median."""
    return (
        Column("within", Text(f"{days} 天内答复", f"Answered within {days} days"), "share", note=KM_NOTE),
        Column("within_low", Text("区间下限", "Interval from"), "share", role="low"),
        Column("within_high", Text("区间上限", "Interval to"), "share", role="high"),
        Column("median", Text("答复天数中位数", "Median days to an answer"), "days"),
    )


def summary_columns(days: int) -> tuple[Column, ...]:
    """One row a kind."""
    return (
        Column("kind", Text("类别", "Kind"), "label", role="key", vocabulary="feedback_kind"),
        Column("months", Text("窗口(月)", "Window (months)"), "count"),
        Column("days", Text("天数", "Days"), "count"),
        *COUNTS, *timing(days),
    )  # fmt: skip


def group_columns(days: int) -> tuple[Column, ...]:
    """One row a value of a dimension."""
    return (
        Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="feedback_dimension"),
        Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
        COUNTS[0], Column("share", Text("占比", "Share"), "share"), *COUNTS[1:],
        Column("unsolved_share", Text("结案未解决率", "Closed without an answer, share"), "share"),
        Column("unsolved_difference", Text("与其余相差", "Against the others"), "points"),
        Column("unsolved_low", Text("相差下限", "Difference, from"), "points",
               note=Text("Newcombe 95% 区间", "Newcombe 95% interval")),
        Column("unsolved_high", Text("相差上限", "Difference, to"), "points"),
        Column("unsolved_q", Text("未解决率 q 值", "q of closed without an answer"), "number", 4, note=Q_NOTE),
        *timing(days),
        Column("speed_z", Text("速度检验 z", "Speed, z"), "number", 2,
               note=Text("与其余比较的对数秩检验，负数为慢", "log-rank test against the others; negative is slower")),
        Column("speed_q", Text("速度 q 值", "q of speed"), "number", 4, note=Q_NOTE),
    )  # fmt: skip


SUGGESTION_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="suggestion_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    Column("suggestions", Text("建议", "Suggestions"), "count"),
    Column("closed", Text("已答复", "Answered"), "count"),
    Column("answered", Text("答复率", "Share answered"), "share"),
    Column("adopted", Text("采纳", "Adopted"), "count"),
    Column("rate", Text("采纳率", "Share adopted"), "share",
           note=Text("占全部建议，未答复的算未采纳", "of all suggestions; those without an answer are not adopted yet")),
    Column("low", Text("区间下限", "Interval from"), "share", role="low",
           note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip


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
        _suggestions(inputs, params, known, bound),
    )  # fmt: skip
    result = Result("enquiries", tables, _figures(tables))
    return replace(result, claims=tuple(_claims(result)), notes=tuple(_notes(inputs, result)))


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


def suggestions_sql(params: Params, known: bool) -> str:
    """Suggestions answered and adopted: together, by unit and by topic."""
    adopted, refused = (
        says_one_of("reason", words.split(",")) for words in (params.adopted_words, params.refused_words)
    )
    parts = "\n  UNION ALL\n".join(
        f"  SELECT '{name}' AS dimension, {value} AS value, closed, adopted FROM judged"
        for name, value in (("all", "'全部'"), ("unit", "unit"), ("topic", "topic"))
    )
    return f"""
WITH {tickets_sql(["suggestion"], states_known=known)}, judged AS (
  SELECT unit, topic, CASE WHEN state IN ('solved', 'unsolved') THEN 1 ELSE 0 END AS closed,
         CASE WHEN reason IS NOT NULL AND {refused} THEN 0
              WHEN state = 'solved' OR (reason IS NOT NULL AND {adopted}) THEN 1 ELSE 0 END AS adopted
  FROM tickets
), long AS (
{parts}
), counted AS (
  SELECT dimension, value, count(*) AS suggestions, CAST(sum(closed) AS BIGINT) AS closed,
         CAST(sum(adopted) AS BIGINT) AS adopted
  FROM long GROUP BY dimension, value
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY dimension ORDER BY suggestions DESC, value) AS place FROM counted
)
SELECT dimension, value, suggestions, closed, adopted FROM ranked WHERE place <= $top
ORDER BY dimension, suggestions DESC, value
"""


def _suggestions(inputs: Inputs, params: Params, known: bool, bound: Mapping[str, Any]) -> Table:
    sql = suggestions_sql(params, known)
    rows = []
    for row in inputs.query(sql, **bound).to_pylist():
        n = int(row["suggestions"])
        ends = wilson(int(row["adopted"]), n) if n >= inputs.settings.min_n else None
        rows.append(
            {
                **row, "answered": row["closed"] / n if ends else None, "rate": row["adopted"] / n if ends else None,
                "low": ends.low if ends else None, "high": ends.high if ends else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "suggestions", Text("建议的跟进", "Follow-up of suggestions"), SUGGESTION_COLUMNS, ("dimension", "value"), rows,
        method="evidence.statistics.wilson", sql=sql, **bound,
    )  # fmt: skip


ENQUIRIES = Text("窗口内的咨询", "enquiries of the window")
BASES = {"enquiry": ENQUIRIES, "suggestion": Text("窗口内的建议", "suggestions of the window")}


def _claims(result: Result) -> Iterator[Claim]:
    for row in result.table("summary"):
        yield from _kind_claims(row)
    whole = result.table("suggestions").find({"dimension": "all", "value": "全部"})
    if whole is not None and whole["rate"] is not None:
        key = {"dimension": "all", "value": "全部"}
        names = ("closed", "answered", "adopted", "rate", "low", "high")
        yield Claim(
            "adopted", "enquiries/adopted", {name: Cell("suggestions", key, name) for name in names},
            whole["suggestions"], BASES["suggestion"], strength="estimate", topic="suggestions", certainty=0.8,
        )  # fmt: skip
    yield from _group_claims(result)


def _kind_claims(row: Mapping[str, Any]) -> Iterator[Claim]:
    def cells(names: Iterable[tuple[str, str]]) -> dict[str, Cell]:
        return {name: Cell("summary", {"kind": row["kind"]}, column) for name, column in names}

    named = {"kind": (row["kind"], "feedback_kind")}
    if not row["unknown"]:
        names = ("months", "tickets", "solved", "unsolved", "open")
        yield Claim(
            "volume", f"enquiries/volume/{row['kind']}", cells((name, name) for name in names), row["tickets"],
            BASES[row["kind"]], labels=named, topic="enquiries", summary=False,
        )  # fmt: skip
    if row["within"] is not None:
        names_of = (("days", "days"), ("within", "within"), ("low", "within_low"), ("high", "within_high"))
        yield Claim(
            "soon", f"enquiries/soon/{row['kind']}", cells(names_of), row["tickets"], BASES[row["kind"]],
            strength="estimate", labels=named, topic="time_to_answer", certainty=0.7,
        )  # fmt: skip


def _group_claims(result: Result) -> Iterator[Claim]:
    rows = [row for row in result.table("groups") if row["value"] not in ("待核实", "其他")]
    for dimension in dict.fromkeys(row["dimension"] for row in rows):
        own = [row for row in rows if row["dimension"] == dimension]
        if dimension in ("topic", "product") and own[0]["share"] is not None:
            every = sum(row["tickets"] for row in result.table("groups") if row["dimension"] == dimension)
            yield replace(_group("most", own[0], ("tickets", "share"), None), n=every, base=ENQUIRIES)
        slow = [r for r in own if r["speed_q"] is not None and r["speed_q"] <= FALSE_DISCOVERY
                and r["speed_z"] < 0 and r["within"] is not None]  # fmt: skip
        for row in sorted(slow, key=lambda r: (r["speed_z"], r["value"]))[:1]:
            yield _group(
                "slow", row, ("within",), Test("log-rank", True, None, None, None, corrected(row["speed_q"]))
            )
        bad = [r for r in own if r["unsolved_q"] is not None and r["unsolved_q"] <= FALSE_DISCOVERY
               and r["unsolved_low"] > 0]  # fmt: skip
        for row in sorted(bad, key=lambda r: (-r["unsolved_difference"], r["value"]))[:1]:
            test = Test(
                "Newcombe",
                True,
                None,
                row["unsolved_low"],
                row["unsolved_high"],
                corrected(row["unsolved_q"]),
            )
            yield _group("unsolved", row, (), test)


def _group(says: str, row: Mapping[str, Any], names: Iterable[str], test: Test | None) -> Claim:
    key = {"dimension": row["dimension"], "value": row["value"]}
    columns = {name: name for name in names}
    if says == "unsolved":
        columns = {"rate": "unsolved_share", "difference": "unsolved_difference", "low": "unsolved_low",
                   "high": "unsolved_high"}  # fmt: skip
    values = {name: Cell("groups", key, column) for name, column in columns.items()}
    if says == "slow":
        values["days"] = Cell("summary", {"kind": "enquiry"}, "days")
    return Claim(
        says, f"enquiries/{says}/{row['dimension']}/{row['value']}", values,
        row["solved"] + row["unsolved"] if says == "unsolved" else row["tickets"],
        Text("该组的咨询", "enquiries of the group"), strength="tested" if test else "fact", test=test,
        labels={"dimension": (row["dimension"], "feedback_dimension"), "value": (row["value"], None)},
        topic=f"enquiries_{says}", summary=test is not None, certainty=0.85, figure="topics",
    )  # fmt: skip


def _notes(inputs: Inputs, result: Result) -> Iterator[Note]:
    least, rows = inputs.settings.min_n, result.table("summary").records()
    if not rows:
        yield Note(
            Text("窗口内没有咨询和建议", "There are no enquiries or suggestions in the window"), "missing"
        )
        return
    small = [row for row in rows if row["tickets"] < least]
    if small:
        yield Note(
            Text(f"少于 {least} 件的类别不给出比例与比较", f"Shares of kinds with fewer than {least} are withheld"),
            "withheld",
        )  # fmt: skip
    if any(row["unknown"] for row in rows):
        yield Note(
            Text("没有状态与解决时间的咨询是否答复不明；导入这两列之一后可算",
                 "Whether enquiries without status and time of solution were answered is unknown; import either"),
            "missing",
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
    reads=("feedback",),
    needs=("feedback",),
    order=40,
)
