"""What is said about segments over time: only what a test found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Note, Result, Test

if TYPE_CHECKING:
    from keguan.analyses.segment_trend import End

MATERIAL = 0.01  # a point: a smaller change of a share is not worth a sentence
MOST = 4

_ZH = "{from_day} 到 {to_day}，{what}由 {first} {verb}到 {last}，变化 {by}（95% 区间 {from} 至 {upto}；n={n}，{base}）。"
_EN = (
    "Between {from_day} and {to_day} {what} {verb} from {first} to {last}, a change of {by} (95% interval {from} to "
    "{upto}; n={n}, {base})."
)
_WHAT = {
    "customers": Text(
        "{label}客户占仍在购买的客户的比例", "the share of {label} among customers still buying"
    ),
    "money": Text("{label}客户占净销售额的比例", "the share of {label} in net revenue"),
    "region": Text(
        "{label}客户中首单在{region}的比例", "the share of {region} among the customers of {label}"
    ),
}
_VERB = {"rose": Text("提升", "went higher,"), "fell": Text("下滑", "went lower,")}


def _sentence(measure: str, verb: str) -> Text:
    what, moved = _WHAT[measure], _VERB[verb]
    # What went lower is told by its size: the signs of the change and of its interval are turned.
    by, low, high = (
        ("{change:-}", "{high:-}", "{low:-}") if verb == "fell" else ("{change}", "{low}", "{high}")
    )

    def filled(wording: str, what: str, moved: str) -> str:
        told = wording.replace("{what}", what).replace("{verb}", moved).replace("{by}", by)
        return told.replace("{from}", low).replace("{upto}", high)

    return Text(filled(_ZH, what.zh, moved.zh), filled(_EN, what.en, moved.en))


TEXT: Mapping[str, Text] = {
    **{f"{measure}_{verb}": _sentence(measure, verb) for measure in _WHAT for verb in _VERB},
    "steady": Text(
        "{from_day} 到 {to_day}，各分群的客户占比、净销售额占比和地区构成均无显著变化（n={n}，{base}）。",
        "Between {from_day} and {to_day} no share of a segment in customers, in net revenue or of a region changed: no "
        "significant change (n={n}, {base}).",
    ),
}


def trend_claims(result: Result, vocabulary: str | None) -> tuple[Claim, ...]:
    """Shares that drifted by a point or more, the largest change first; or that none did."""
    rows = result.table("trends").records()
    sure = [row for row in rows if row["q"] <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]]
    sure = [row for row in sure if abs(row["change"]) >= MATERIAL]
    sure.sort(key=lambda row: (-abs(row["change"]), row["label"], row["measure"], row["region"]))
    if sure:
        return tuple(_drifted(row, vocabulary) for row in sure[:MOST])
    return (_steady(rows[0], min(row["p"] for row in rows)),) if rows else ()


def _drifted(row: Mapping[str, Any], vocabulary: str | None) -> Claim:
    key = {name: row[name] for name in ("label", "measure", "region")}
    says = f"{row['measure']}_{'rose' if row['change'] > 0 else 'fell'}"
    labels = {"label": (row["label"], vocabulary)}
    if row["measure"] == "region":
        labels["region"] = (row["region"], "unknown")
    names = ("from_day", "to_day", "first", "last", "change", "low", "high")
    return Claim(
        says=says, key=f"segment_trend/{row['measure']}/{row['label']}/{row['region']}",
        values={name: Cell("trends", key, name) for name in names}, labels=labels, n=row["n"],
        base=Text("期末的客户", "customers at the last end"), strength="tested",
        test=Test("t test of changes", True, row["p"], row["low"], row["high"], corrected(row["q"])),
        certainty=1 - row["q"], topic=f"segment_trend_{row['label']}", figure="shares",
        change=Change(
            ("segment_share", row["measure"], row["label"], row["region"]), "up" if row["change"] > 0 else "down"
        ),
    )  # fmt: skip


def _steady(row: Mapping[str, Any], p: float) -> Claim:
    key = {name: row[name] for name in ("label", "measure", "region")}
    return Claim(
        says="steady", key="segment_trend/steady",
        values={name: Cell("trends", key, name) for name in ("from_day", "to_day")},
        n=row["n"], base=Text("期末的客户", "customers at the last end"), strength="tested",
        test=Test("t test of changes", False, p), topic="segment_trend", summary=False, figure="shares",
    )  # fmt: skip


def trend_notes(ends: Sequence[End], rows: Sequence[Mapping[str, Any]], min_n: int) -> tuple[Note, ...]:
    """What is marked, left out or too little."""
    if not ends:
        return (Note(Text("没有带客户编号的订单", "There is no order with a customer id"), "missing"),)
    notes = []
    if not ends[-1].finished:
        says = Text(
            f"最后一个期间到 {ends[-1].day} 尚未结束，已标出，不参与检验",
            f"The last period is not over on {ends[-1].day}: it is marked and enters no test",
        )
        notes.append(Note(says, "info"))
    if partial := [end.day for end in ends if not end.whole]:
        says = Text(
            f"{partial[-1]} 及更早的期末，窗口早于数据起点，不参与检验",
            f"Ends up to {partial[-1]} have a window that begins before the data: they enter no test",
        )
        notes.append(Note(says, "info"))
    if not rows:
        says = Text(
            f"可比的期末不足 5 个，或客户少于 {min_n} 位：不判断趋势",
            f"Fewer than 5 comparable period ends, or fewer than {min_n} customers: no trend is judged",
        )
        notes.append(Note(says, "withheld"))
    return tuple(notes)
