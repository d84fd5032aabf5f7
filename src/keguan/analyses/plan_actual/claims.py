"""Sentences and notes on targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from keguan.core.text import Text
from keguan.result import Cell, Claim, Note, Result

MISSED = 5  # sentences on single targets of each kind
BASE = Text("目标表中的目标", "targets of the plan")
ROWS = Text("目标口径内的记录", "records that the figure counts")
TEXT: Mapping[str, Text] = {
    "counts": Text(
        "已结束期间的 {targets} 项目标中达成 {reached} 项（n={n}，{base}）。",
        "Of {targets} targets of finished periods {reached} were reached (n={n}, {base}).",
    ),
    "missed": Text(
        "{period} {metric}{part}未达目标：目标 {target}，实际 {actual}，达成率 {attainment}（n={n}，{base}）。",
        "{metric}{part} missed its target of {period}: {target} planned, {actual} actual, attainment {attainment} "
        "(n={n}, {base}).",
    ),
    "behind": Text(
        "截至 {as_of}，{period} {metric}{part}落后于进度：期间已过 {elapsed}，按天数折算的目标 {due}，实际 {actual}，"
        "折算达成率 {attainment}；期间未结束，不与全期目标 {target} 比较（n={n}，{base}）。",
        "By {as_of} {metric}{part} is behind the plan of {period}: {elapsed} of the days have passed, {due} of the target "
        "falls on them, {actual} is actual, {attainment} of it; the period is not over and is not held against its "
        "whole target of {target} (n={n}, {base}).",
    ),
    "on_track": Text(
        "截至 {as_of}，{period} {metric}{part}：期间已过 {elapsed}，按天数折算的目标 {due}，实际 {actual}，折算达成率 "
        "{attainment}；期间未结束（n={n}，{base}）。",
        "By {as_of} {metric}{part} of {period}: {elapsed} of the days have passed, {due} of the target falls on them, "
        "{actual} is actual, {attainment} of it; the period is not over (n={n}, {base}).",
    ),
}  # fmt: skip


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
        found = [row for row in rows if row["verdict"] == verdict]
        for row in sorted(found, key=lambda r: (-_money(r), r["period"], r["metric"], r["dimension"]))[
            :MISSED
        ]:
            yield _one(row, verdict, as_of)


def _money(row: Mapping[str, Any]) -> float:
    return abs(float(row["gap"])) if row["unit"] == "money" else 0.0


def _one(row: Mapping[str, Any], verdict: str, as_of: date) -> Claim:
    at = {name: row[name] for name in ("metric", "period", "dimension")}
    names = {
        "missed": ("actual", "attainment", "target"),
        "behind": ("actual", "attainment", "due", "elapsed", "target"),
        "on_track": ("actual", "attainment", "due", "elapsed"),
    }[verdict]
    part = f" ({row['dimension']})" if row["dimension"] else ""
    labels: dict[str, tuple[str, str | None]] = {
        "metric": (row["definition"], "own_figure"), "period": (row["period"], None), "part": (part, None),
    }  # fmt: skip
    if verdict != "missed":
        labels["as_of"] = (as_of.isoformat(), None)
    return Claim(
        verdict, f"plan_actual/{verdict}/{row['metric']}/{row['period']}/{row['dimension']}",
        {name: Cell("plans", at, name) for name in names},
        row["n"], ROWS, labels=labels, topic=f"plan_{row['metric']}", money=_money(row) if verdict != "on_track" else 0.0,
        summary=verdict != "on_track", worse=verdict != "on_track",
    )  # fmt: skip


def plan_notes(rows: Sequence[Mapping[str, Any]], min_n: int) -> Iterator[Note]:
    """Targets that could not be compared, by name."""
    for state, zh, en in (
        ("unknown_metric", "没有这些指标的定义，未计算", "Not computed, these metrics are not known"),
        ("unknown_period", "期间无法读出(如 2026-06、2026Q2、2026)", "Not computed, unreadable period (2026-06, 2026Q2, 2026)"),
        ("unknown_dimension", "指标不能按该维度拆分，未计算", "Not computed, the metric has no such part"),
    ):  # fmt: skip
        named = sorted({_name(row) for row in rows if row["state"] == state})
        if named:
            listed = "; ".join(named)
            yield Note(Text(f"{zh}：{listed}", f"{en}: {listed}"), "warning")
    if any(row["verdict"] == "too_few" for row in rows):
        yield Note(
            Text(f"样本少于 {min_n} 的比率不给出", f"Rates of fewer than {min_n} are withheld"), "withheld"
        )


def _name(row: Mapping[str, Any]) -> str:
    parts = [row["metric"], row["period"], row["dimension"]]
    return " ".join(part for part in parts if part)
