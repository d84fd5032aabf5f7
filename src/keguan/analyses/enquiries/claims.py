"""Sentences and notes about enquiries and suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Claim, Note, Result, Test

TEXT: Mapping[str, Text] = {
    "volume": Text(
        "近 {months} 个月收到{kind} {tickets} 件：已答复解决 {solved}，结案未解决 {unsolved}，处理中 {open}（n={n}，{base}）。",
        "{tickets} items ({kind:l}) came in during the last {months} months: {solved} answered, {unsolved} closed without "
        "an answer, {open} still open (n={n}, {base}).",
    ),
    "soon": Text(
        "{kind}提出后 {days} 天内得到答复的占 {within}（Kaplan-Meier 估计，未答复的按已等待的天数计入；"
        "95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{within} ({kind:l}) are answered within {days} days (Kaplan-Meier, those not answered count for the days they have "
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
        "Enquiries of {dimension:l} '{value}' wait significantly longer than the others: {within} answered within {days} "
        "days (n={n}, {base}).",
    ),
    "unsolved": Text(
        "{dimension}「{value}」的咨询结案未解决率为 {rate}，显著高于其余，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{rate} of the closed enquiries of {dimension:l} '{value}' end without an answer, significantly higher than the "
        "others, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "most": Text(
        "咨询最多的{dimension}是「{value}」：{tickets} 件，占 {share}（n={n}，{base}）。",
        "The {dimension:l} with most enquiries is '{value}': {tickets}, {share} (n={n}, {base}).",
    ),
}  # fmt: skip


ENQUIRIES = Text("窗口内的咨询", "enquiries of the window")
BASES = {"enquiry": ENQUIRIES, "suggestion": Text("窗口内的建议", "suggestions of the window")}


def enquiry_claims(result: Result) -> Iterator[Claim]:
    """How many came, how soon they were answered, what was adopted, and groups that differ."""
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
        labels={"dimension": (row["dimension"], "feedback_dimension"), "value": (row["value"], "feedback_value")},
        topic=f"enquiries_{says}", summary=test is not None, certainty=0.85, figure="topics",
        worse=test is not None and says in ("slow", "unsolved"),
    )  # fmt: skip


def enquiry_notes(inputs: Inputs, result: Result) -> Iterator[Note]:
    """What is withheld or missing."""
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
