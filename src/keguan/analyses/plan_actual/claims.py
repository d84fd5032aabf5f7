"""Sentences and notes on targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from keguan.analyses.plan_actual.periods import span_of
from keguan.core.text import Language, Text
from keguan.result import Cell, Claim, Note, Result
from keguan.schema.vocabulary import shown

MISSED = 5  # sentences on single targets of each kind
BASE = Text("目标表中的目标", "targets of the plan")
ROWS = Text("目标口径内的记录", "records that the figure counts")
_ONE: Mapping[str, Text] = {
    "counts": Text(
        "已结束期间的 {targets} 项目标中达成 {reached} 项（n={n}，{base}）。",
        "Of {targets} targets of finished periods {reached} were reached (n={n}, {base}).",
    ),
    "missed": Text(
        "{period} {metric}[part]未达目标：目标 {target}，实际 {actual}，达成率 {attainment}（n={n}，{base}）。",
        "{metric}[part] missed its target of {period}: {target} planned, {actual} actual, attainment {attainment} "
        "(n={n}, {base}).",
    ),
    "behind": Text(
        "截至 {as_of}，{period} {metric}[part]落后于进度：期间已过 {elapsed}，按天数折算的目标 {due}，实际 {actual}，"
        "折算达成率 {attainment}；期间未结束，不与全期目标 {target} 比较（n={n}，{base}）。",
        "By {as_of} {metric}[part] is behind the plan of {period}: {elapsed} of the days have passed, {due} of the target "
        "falls on them, {actual} is actual, {attainment} of it; the period is not over and is not held against its "
        "whole target of {target} (n={n}, {base}).",
    ),
    "on_track": Text(
        "截至 {as_of}，{period} {metric}[part]：期间已过 {elapsed}，按天数折算的目标 {due}，实际 {actual}，折算达成率 "
        "{attainment}；期间未结束（n={n}，{base}）。",
        "By {as_of} {metric}[part] of {period}: {elapsed} of the days have passed, {due} of the target falls on them, "
        "{actual} is actual, {attainment} of it; the period is not over (n={n}, {base}).",
    ),
}  # fmt: skip


def _told(wording: Text, of_part: bool) -> Text:
    """The wording about the whole company, or about a part of it."""
    zh, en = ("（{part}）", " ({part})") if of_part else ("", "")
    return Text(wording.zh.replace("[part]", zh), wording.en.replace("[part]", en))


TEXT: Mapping[str, Text] = {
    **{says: _told(wording, False) for says, wording in _ONE.items()},
    **{f"{says}_part": _told(wording, True) for says, wording in _ONE.items() if "[part]" in wording.zh},
}


def plan_claims(result: Result, as_of: date) -> Iterator[Claim]:
    """How many targets were reached, those missed, and those that are running."""
    counts = result.table("counts").find({"state": "over"})
    if counts is not None:
        at = {"state": "over"}
        yield Claim(
            "counts", "plan_actual/counts",
            {"targets": Cell("counts", at, "targets"), "reached": Cell("counts", at, "reached")},
            counts["targets"], BASE, topic="plan",
        )  # fmt: skip
    rows = [row for row in result.table("plans") if row["attainment"] is not None]
    for verdict in ("missed", "behind", "on_track"):
        found = _widest([row for row in rows if row["verdict"] == verdict])
        for row in sorted(found, key=lambda r: (-_money(r), r["period"], r["metric"], r["dimension"]))[
            :MISSED
        ]:
            yield _one(row, verdict, as_of)


def _widest(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without the months of a quarter that is told itself, of the same figure and part."""

    def within(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        if (one["metric"], one["dimension"]) != (other["metric"], other["dimension"]):
            return False
        a, b = span_of(one["period"]), span_of(other["period"])
        return a is not None and b is not None and a != b and b.first <= a.first and a.last <= b.last

    return [row for row in rows if not any(within(row, other) for other in rows)]


def _money(row: Mapping[str, Any]) -> float:
    return abs(float(row["gap"])) if row["unit"] == "money" else 0.0


def _one(row: Mapping[str, Any], verdict: str, as_of: date) -> Claim:
    at = {name: row[name] for name in ("metric", "period", "dimension")}
    names = {
        "missed": ("actual", "attainment", "target"),
        "behind": ("actual", "attainment", "due", "elapsed", "target"),
        "on_track": ("actual", "attainment", "due", "elapsed"),
    }[verdict]
    labels: dict[str, tuple[str, str | None]] = {
        "metric": (row["definition"], "own_figure"), "period": (row["period"], None),
    }  # fmt: skip
    if row["dimension"]:
        labels["part"] = (row["dimension"], "condition")
    if verdict != "missed":
        labels["as_of"] = (as_of.isoformat(), None)
    return Claim(
        f"{verdict}_part" if row["dimension"] else verdict,
        f"plan_actual/{verdict}/{row['metric']}/{row['period']}/{row['dimension']}",
        {name: Cell("plans", at, name) for name in names},
        row["n"], ROWS, labels=labels, topic=f"plan_{row['metric']}", money=_money(row) if verdict != "on_track" else 0.0,
        summary=verdict != "on_track", worse=verdict != "on_track",
    )  # fmt: skip


def plan_notes(rows: Sequence[Mapping[str, Any]], min_n: int) -> Iterator[Note]:
    """Targets that could not be compared, by name."""
    for state, zh, en in (
        ("unknown_metric", "没有这些指标的定义，未计算", "Not computed, these metrics are not known"),
        ("unknown_period", "期间无法读出（如 2026-06、2026Q2、2026）", "Not computed, unreadable period (2026-06, 2026Q2, 2026)"),
        ("unknown_dimension", "指标不能按该维度拆分，未计算", "Not computed, the metric has no such part"),
    ):  # fmt: skip
        named = {_name(row, "zh"): _name(row, "en") for row in rows if row["state"] == state}
        if named:
            listed = sorted(named)
            yield Note(
                Text(f"{zh}：{'；'.join(listed)}", f"{en}: {'; '.join(named[name] for name in listed)}"),
                "warning",
            )
    if any(row["verdict"] == "too_few" for row in rows):
        yield Note(
            Text(f"样本少于 {min_n} 的比率不给出", f"Rates of fewer than {min_n} are withheld"), "withheld"
        )


def _name(row: Mapping[str, Any], language: Language) -> str:
    parts = [
        shown(row["metric"], "own_figure", language),
        row["period"],
        shown(row["dimension"], "condition", language),
    ]
    return " ".join(part for part in parts if part)
