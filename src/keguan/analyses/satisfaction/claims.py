"""What is said about satisfaction: sentences bound to cells, and notes. The base is respondents, never customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analyses.satisfaction.ratings import Measure
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Note, Result, Test

BASE = Text("受访者的回答", "answers of respondents")
GROUP = Text("该组受访者的回答", "answers of respondents of the group")

# What stands behind a figure of a scale and behind a difference of two: 76.7%, 5.2 points.
_UNITS: Mapping[str, tuple[Text, Text]] = {
    "share": (Text("%", "%"), Text(" 个百分点", " points")),
    "score": (Text(" 分", ""), Text(" 分", "")),
    "mean": (Text("", ""), Text("", "")),
}
_UNIT_OF = {"csat5": "share", "binary": "share", "nps": "score", "ces7": "mean"}
_MEASURED: Mapping[str, Text] = {
    "level": Text(
        "{kind}受访者的{measure}为 {rating}[unit]（95% 区间 {low}[unit] 至 {high}[unit]；n={n}，{base}，每人每期计一次）。",
        "{measure} of {kind:l} respondents: {rating}[unit] (95% interval {low}[unit] to {high}[unit]; n={n}, {base}, one per "
        "respondent and wave).",
    ),
    "rose": Text(
        "{kind}受访者的{measure}由 {before_period} 的 {before}[unit] 提升至 {period} 的 {rating}[unit]，"
        "相差 {difference}[points]（95% 区间 {low}[points] 至 {high}[points]；n={n}，{base}）。",
        "{measure} of {kind:l} respondents is higher: {before}[unit] in {before_period}, {rating}[unit] in {period}, a "
        "difference of {difference}[points] (95% interval {low}[points] to {high}[points]; n={n}, {base}).",
    ),
    "fell": Text(
        "{kind}受访者的{measure}由 {before_period} 的 {before}[unit] 下滑至 {period} 的 {rating}[unit]，"
        "相差 {difference:-}[points]（95% 区间 {high:-}[points] 至 {low:-}[points]；n={n}，{base}）。",
        "{measure} of {kind:l} respondents is lower: {before}[unit] in {before_period}, {rating}[unit] in {period}, a "
        "difference of {difference:-}[points] (95% interval {high:-}[points] to {low:-}[points]; n={n}, {base}).",
    ),
    "steady": Text(
        "{kind}受访者的{measure}在 {before_period} 为 {before}[unit]，在 {period} 为 {rating}[unit]，无显著变化"
        "（相差的 95% 区间 {low}[points] 至 {high}[points]；n={n}，{base}）。",
        "{measure} of {kind:l} respondents was {before}[unit] in {before_period} and {rating}[unit] in {period}, no "
        "significant change (95% interval of the difference {low}[points] to {high}[points]; n={n}, {base}).",
    ),
    "below": Text(
        "{dimension}「{value}」的{kind}受访者的{measure}为 {rating}[unit]，显著低于其余{kind}受访者，相差 {difference:-}[points]"
        "（95% 区间 {high:-}[points] 至 {low:-}[points]；n={n}，{base}）。",
        "{kind} respondents of {dimension:l} '{value}': {measure} {rating}[unit], significantly lower than the other {kind:l} "
        "respondents, a difference of {difference:-}[points] (95% interval {high:-}[points] to {low:-}[points]; n={n}, {base}).",
    ),
    "above": Text(
        "{dimension}「{value}」的{kind}受访者的{measure}为 {rating}[unit]，显著高于其余{kind}受访者，相差 {difference}[points]"
        "（95% 区间 {low}[points] 至 {high}[points]；n={n}，{base}）。",
        "{kind} respondents of {dimension:l} '{value}': {measure} {rating}[unit], significantly higher than the other {kind:l} "
        "respondents, a difference of {difference}[points] (95% interval {low}[points] to {high}[points]; n={n}, {base}).",
    ),
}  # fmt: skip


def _with_units(wording: Text, unit: Text, points: Text) -> Text:
    zh = wording.zh
    for mark, word in (("[unit]", unit.zh), ("[points]", points.zh)):  # no blank after a Chinese unit
        zh = zh.replace(f"{mark} 至", f"{word}至") if word.endswith(("分", "点")) else zh
        zh = zh.replace(mark, word)
    return Text(zh, wording.en.replace("[unit]", unit.en).replace("[points]", points.en))


TEXT: Mapping[str, Text] = {
    **{f"{says}_{family}": _with_units(text, *units) for says, text in _MEASURED.items() for family, units in _UNITS.items()},
    "shift_down": Text(
        "自 {since} 起，{dimension}「{value}」的{kind}受访者的正面评价占比显著更低：由 {before} 到 {after}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "Since {since} {kind:l} respondents of {dimension:l} '{value}' give significantly lower shares of positive "
        "answers: {before} before, {after} since, a difference of {difference:-} (95% interval {high:-} to "
        "{low:-}; n={n}, {base}).",
    ),
    "shift_up": Text(
        "自 {since} 起，{dimension}「{value}」的{kind}受访者的正面评价占比显著更高：由 {before} 到 {after}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Since {since} {kind:l} respondents of {dimension:l} '{value}' give significantly higher shares of positive "
        "answers: {before} before, {after} since, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "driver": Text(
        "服务各环节的问题中，与总体评价关联最强的是「{question}」：等级相关系数 {r}（95% 区间 {low} 至 {high}；n={n}，{base}）。"
        "这是关联，不说明原因。",
        "Of the questions about a part of the service, '{question}' goes closest with the overall answer: rank correlation "
        "{r} (95% interval {low} to {high}; n={n}, {base}). An association, not a cause.",
    ),
    "response": Text(
        "问卷{survey}：发出 {invited} 份邀请，收回 {answered} 份，回收率 {rate}（95% 区间 {low} 至 {high}；n={n}，{base}）。"
        "未回答者的看法不在其中。",
        "Survey{survey}: {invited} invitations, {answered} answered, a response rate of {rate} (95% interval {low} to "
        "{high}; n={n}, {base}). What the others think is not in these figures.",
    ),
}  # fmt: skip


def satisfaction_claims(result: Result, main: Measure | None) -> tuple[Claim, ...]:
    """Levels of every scale; differences and changes of the main one."""
    found = [*_levels(result, main), *_changes(result, main)]
    if main is not None:
        found += [*_groups(result, main), *_shifts(result, main), *_drivers(result)]
    return (*found, *_responses(result))


def _measure(row: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {
        "kind": (row["kind"], "feedback_kind"), "measure": (row["scale"], "answer_measure_said"),
    }  # fmt: skip


def _in_unit(says: str, row: Mapping[str, Any]) -> str:
    """The wording whose figures carry the unit of the row's scale."""
    return f"{says}_{_UNIT_OF[row['scale']]}"


def _levels(result: Result, main: Measure | None) -> Iterator[Claim]:
    for row in result.table("measures"):
        if row["rating"] is None:
            continue
        key = {"kind": row["kind"], "scale": row["scale"]}
        yield Claim(
            _in_unit("level", row), f"satisfaction/level/{row['kind']}/{row['scale']}",
            {name: Cell("measures", key, name) for name in ("rating", "low", "high")}, row["answers"], BASE,
            strength="estimate", labels=_measure(row), topic="satisfaction", figure="months",
            summary=(row["kind"], row["scale"]) == main, certainty=0.9,
        )  # fmt: skip


def _changes(result: Result, main: Measure | None) -> Iterator[Claim]:
    for row in result.table("changes"):
        key = {"kind": row["kind"], "scale": row["scale"]}
        passed = row["p"] <= FALSE_DISCOVERY and not row["difference_low"] <= 0 <= row["difference_high"]
        says = ("rose" if row["difference"] > 0 else "fell") if passed else "steady"
        columns = {"before_period": "before_period", "before": "before", "period": "period", "rating": "rating",
                   "low": "difference_low", "high": "difference_high"}  # fmt: skip
        if passed:
            columns["difference"] = "difference"
        yield Claim(
            _in_unit(says, row), f"satisfaction/change/{row['kind']}/{row['scale']}",
            {name: Cell("changes", key, column) for name, column in columns.items()},
            row["answers"] + row["before_answers"], BASE, strength="tested",
            test=Test("difference of two periods", passed, row["p"], row["difference_low"], row["difference_high"]),
            labels=_measure(row), topic="satisfaction_change", figure="months",
            summary=passed and (row["kind"], row["scale"]) == main, certainty=1 - row["p"],
            change=Change(("satisfaction", row["kind"], row["scale"]), "up" if row["difference"] > 0 else "down")
            if passed else None,
            worse=passed and row["difference"] < 0,
        )  # fmt: skip


def _groups(result: Result, main: Measure) -> Iterator[Claim]:
    """In each dimension the group furthest below the others and the one furthest above."""
    rows = [
        r for r in result.table("groups")
        if (r["kind"], r["scale"]) == main and r["q"] is not None and r["q"] <= FALSE_DISCOVERY
        and not r["difference_low"] <= 0 <= r["difference_high"] and r["value"] not in ("待核实", "其他")
    ]  # fmt: skip
    for dimension in dict.fromkeys(row["dimension"] for row in rows):
        own = [row for row in rows if row["dimension"] == dimension]
        low, high = (min(own, key=lambda r: (r["difference"], r["value"])),
                     max(own, key=lambda r: (r["difference"], r["value"])))  # fmt: skip
        if low["difference"] < 0:
            yield _group("below", low)
        if high["difference"] > 0:
            yield _group("above", high)


def _group(says: str, row: Mapping[str, Any]) -> Claim:
    key = {name: row[name] for name in ("kind", "scale", "dimension", "value")}
    columns = {
        "rating": "rating",
        "difference": "difference",
        "low": "difference_low",
        "high": "difference_high",
    }
    return Claim(
        _in_unit(says, row), f"satisfaction/{says}/{row['dimension']}/{row['value']}",
        {name: Cell("groups", key, column) for name, column in columns.items()}, row["answers"], GROUP,
        strength="tested",
        test=Test("difference against the other respondents", True, None, row["difference_low"],
                  row["difference_high"], corrected(row["q"])),
        labels={**_measure(row), **_named(row)}, topic=f"satisfaction_{row['dimension']}", summary=says == "below",
        figure=row["dimension"], certainty=0.9, worse=says == "below",
    )  # fmt: skip


def _named(row: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {"dimension": (row["dimension"], "feedback_dimension"), "value": (row["value"], "feedback_value")}


def _shifts(result: Result, main: Measure) -> Iterator[Claim]:
    sure = [
        r for r in result.table("shifts")
        if r["q"] <= FALSE_DISCOVERY and not r["low"] <= 0 <= r["high"] and r["value"] != "其他"
    ]  # fmt: skip
    for says, rows in (
        ("shift_down", [r for r in sure if r["difference"] < 0]),
        ("shift_up", [r for r in sure if r["difference"] > 0]),
    ):
        for row in sorted(rows, key=lambda r: (-abs(r["difference"]), r["dimension"], r["value"]))[:2]:
            key = {"dimension": row["dimension"], "value": row["value"]}
            names = ("since", "before", "after", "difference", "low", "high")
            yield Claim(
                says, f"satisfaction/{says}/{row['dimension']}/{row['value']}",
                {name: Cell("shifts", key, name) for name in names}, row["before_n"] + row["after_n"], GROUP,
                strength="tested",
                test=Test("permutation of months, Newcombe", True, row["p"], row["low"], row["high"],
                          corrected(row["q"])),
                labels={**_named(row), "kind": (main[0], "feedback_kind")}, topic="satisfaction_shift", certainty=0.95,
                change=Change(
                    ("satisfaction", row["dimension"], row["value"]), "up" if row["difference"] > 0 else "down"
                ),
                worse=row["difference"] < 0,
            )  # fmt: skip


def _drivers(result: Result) -> Iterator[Claim]:
    """The strongest part of the service; trust and the intention to go on are outcomes like the whole itself."""
    sure = [
        r for r in result.table("drivers")
        if not r["outcome"] and r["q"] <= FALSE_DISCOVERY and not r["low"] <= 0 <= r["high"]
    ]  # fmt: skip
    for row in sure[:1]:
        key = {"question": row["question"], "scale": row["scale"]}
        yield Claim(
            "driver", "satisfaction/driver", {name: Cell("drivers", key, name) for name in ("r", "low", "high")},
            row["pairs"], Text("同时回答两题的受访者", "respondents who answered both"), strength="estimate",
            labels={"question": (row["question"], None)}, topic="satisfaction_driver", certainty=0.8, figure="drivers",
        )  # fmt: skip


def _responses(result: Result) -> Iterator[Claim]:
    for row in result.table("responses").records()[:3]:
        if row["rate"] is not None:
            key, named = {"survey": row["survey"]}, row["survey"] != "待核实"
            yield Claim(
                "response", f"satisfaction/response/{row['survey']}",
                {name: Cell("responses", key, name) for name in ("invited", "answered", "rate", "low", "high")},
                row["invited"], Text("已过等待期的邀请", "invitations past the time allowed"), strength="estimate",
                labels={"survey": (f" {row['survey']}" if named else "", None)}, topic="response_rate", summary=False,
            )  # fmt: skip


def satisfaction_notes(inputs: Inputs, result: Result, main: Measure | None) -> Iterator[Note]:
    """What is withheld or missing, and why."""
    least = inputs.settings.min_n
    for row in result.table("excluded"):
        wording = {
            "no_scale": ("没有量表", "without a scale"), "other_scale": ("量表不认识", "on an unknown scale"),
            "out_of_scale": ("超出量表", "outside of their scale"),
        }[row["why"]]  # fmt: skip
        yield Note(
            Text(f"{row['answers']} 个评分{wording[0]}，未计入", f"{row['answers']} scores {wording[1]} are not counted"),
            "warning",
        )  # fmt: skip
    if main is None:
        parts = len(result.table("questions").rows)
        missing = Text(
            "没有带量表的评分；导入调查或评价后可算满意度", "No scored answers: import surveys or reviews"
        )
        unnamed = Text(
            "各题都只评价一个方面；用参数 overall_words 指出哪一题是总体评价",
            "Every question is about a part: name the one about the whole with the parameter overall_words",
        )
        yield Note(unnamed if parts else missing, "missing")
        return
    small = [row for row in result.table("measures") if row["answers"] < least]
    if small:
        yield Note(
            Text(f"{len(small)} 个量表的回答少于 {least} 个，得分不予给出",
                 f"{len(small)} scales with fewer than {least} answers: their results are withheld"),
            "withheld",
        )  # fmt: skip
    if not len(result.table("responses").rows):
        yield Note(
            Text("没有未答的邀请记录，回收率不明，受访者是否代表客户无从判断",
                 "Invitations without an answer were not imported: the response rate is unknown, and whether "
                 "respondents stand for customers cannot be judged"),
            "missing",
        )  # fmt: skip
    if not len(result.table("changes").rows):
        yield Note(
            Text("完整月份不足或回答过少，不比较前后", "Too few whole months or answers: periods are not compared"),
            "withheld",
        )  # fmt: skip
