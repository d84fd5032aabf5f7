"""How far is each target reached, by metric, period and part of the company?

Method: a target names a figure of the company (see marts.own_figures), a period and perhaps a part ('region=华东').
Attainment 达成率 = actual / target. A period that is not over is never held against its whole target: totals are
compared with the target times the share of its days that have passed (pro rata), shown as such; rates so far
stand beside their target without a word on reaching it. Where less is better a target is reached from below.

Source: definitions stated; sums, no estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keguan.analyses.plan_actual.claims import TEXT, plan_claims, plan_notes
from keguan.analyses.plan_actual.periods import span_of
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import Span
from keguan.core.text import Text
from keguan.marts.measured import Measured, condition, measure
from keguan.marts.own_figures import OwnFigure, figure_named
from keguan.result import Column, Figure, Note, Result

TARGETS_SQL = """
SELECT metric, period, coalesce(dimension, '') AS dimension, max(value) AS value, count(*) AS given
FROM targets GROUP BY metric, period, coalesce(dimension, '')
ORDER BY period DESC, metric, dimension
LIMIT $most
"""
COLUMNS = (
    Column("metric", Text("指标", "Metric"), "label", role="key", vocabulary="own_figure"),
    Column("period", Text("期间", "Period"), "text", role="key"),
    Column("dimension", Text("范围", "Part"), "label", role="key", vocabulary="condition"),
    Column("state", Text("期间状态", "State"), "label", vocabulary="plan_state"),
    Column("elapsed", Text("已过天数占比", "Share of days passed"), "share"),
    Column("target", Text("目标值", "Target"), "number", unit_column="unit"),
    Column(
        "due", Text("可比目标", "Target to compare"), "number", unit_column="unit",
        note=Text("未结束的期间按已过天数折算", "of an unfinished period pro rata by days passed"),
    ),
    Column("actual", Text("实际", "Actual"), "number", unit_column="unit"),
    Column("gap", Text("与可比目标之差", "Gap"), "number", unit_column="gap_unit"),
    Column("attainment", Text("达成率", "Attainment"), "share"),
    Column("verdict", Text("判断", "Verdict"), "label", vocabulary="plan_verdict"),
    Column("n", Text("样本数", "n"), "count"),
    Column("definition", Text("口径", "Definition"), "label", vocabulary="own_figure_definition"),
    Column("unit", Text("单位", "Unit"), "text"),
    Column("gap_unit", Text("差的单位", "Unit of the gap"), "text"),
)  # fmt: skip
COUNT_COLUMNS = (
    Column("state", Text("期间状态", "State"), "label", role="key", vocabulary="plan_state"),
    Column("targets", Text("目标数", "Targets"), "count"),
    Column("reached", Text("达成", "Reached"), "count"),
)
PER_CENT_FROM = 1.5  # a share above it was written in per cent


@dataclass(frozen=True)
class Params:
    """How many targets are looked at."""

    most: int = param(
        300,
        "最多看多少条目标，最近的期间在前",
        "largest number of targets looked at, those of the latest periods first",
    )


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: plans (a row per target), counts."""
    targets = inputs.query(TARGETS_SQL, most=params.most).to_pylist()
    if not targets:
        says = Text(
            "没有目标表；导入指标、期间、维度（可空）、目标值即可计算达成率",
            "There are no targets; import metric, period, dimension (may be empty) and value to compute attainment",
        )
        return Result("plan_actual", notes=(Note(says, "missing"),))
    rows = _by_figure([_row(inputs, target) for target in targets])
    plans = inputs.computed(
        "plans", Text("目标与实际", "Plan and actual"), COLUMNS, ("metric", "period", "dimension"), rows,
        method="plan_actual.run", sql=TARGETS_SQL, most=params.most,
    )  # fmt: skip
    counts = inputs.computed(
        "counts", Text("达成的目标数", "Targets reached"), COUNT_COLUMNS, ("state",), _counts(rows),
        method="plan_actual.run", inputs=("plans",),
    )  # fmt: skip
    result = Result("plan_actual", tables=(plans, counts))
    return Result(
        "plan_actual",
        tables=(plans, counts),
        figures=_figures(rows),
        claims=tuple(plan_claims(result, inputs.as_of)),
        notes=tuple(plan_notes(rows, inputs.settings.min_n)),
    )


def _row(inputs: Inputs, target: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
    row |= {name: target[name] for name in ("metric", "period", "dimension")}
    row |= {"unit": "number", "gap_unit": "number", "target": float(target["value"])}
    figure, span = figure_named(target["metric"]), span_of(target["period"])
    if figure is None:
        return row | {"state": "unknown_metric"}
    wanted = _in_unit(float(target["value"]), figure)
    gap_unit = "points" if figure.unit == "share" else figure.unit
    row |= {"unit": figure.unit, "gap_unit": gap_unit, "target": wanted, "definition": figure.name}
    only = condition(figure, target["dimension"])
    if span is None:
        return row | {"state": "unknown_period"}
    if only is None:
        return row | {"state": "unknown_dimension"}
    if span.first > inputs.as_of:
        return row | {"state": "ahead"}
    last = min(span.last, inputs.as_of)
    return row | _compared(
        figure, span, inputs.as_of, wanted, measure(inputs, figure, span.first, last, only)
    )


def _by_figure(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their figure's name instead of the plan's word for it, so that it reads in either language.

    A second word for a figure that has a target of that period and part already stays as it was written.
    """
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        key = (row["definition"] or row["metric"], row["period"], row["dimension"])
        if key not in seen:
            row["metric"] = key[0]
        seen.add((row["metric"], row["period"], row["dimension"]))
    return rows


def _in_unit(value: float, figure: OwnFigure) -> float:
    return value / 100 if figure.unit == "share" and abs(value) > PER_CENT_FROM else value


def _compared(figure: OwnFigure, span: Span, as_of: date, wanted: float, found: Measured) -> dict[str, Any]:
    over = span.last <= as_of
    elapsed = 1.0 if over else ((as_of - span.first).days + 1) / span.days
    row: dict[str, Any] = {"state": "over" if over else "running", "elapsed": elapsed, "n": found.n}
    if found.value is None:
        return row | {"verdict": "too_few"}
    if not over and not figure.adds_up:  # a rate so far: shown, not held against the whole period
        return row | {"actual": found.value, "verdict": "so_far"}
    due = wanted * elapsed
    met = found.value <= due if figure.less_is_better else found.value >= due
    names = ("reached", "missed") if over else ("on_track", "behind")
    return row | {
        "due": due, "actual": found.value, "gap": found.value - due,
        "attainment": found.value / due if due > 0 else None, "verdict": names[0] if met else names[1],
    }  # fmt: skip


def _counts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    states = [row["state"] for row in rows if row["attainment"] is not None]
    return [
        {
            "state": state, "targets": states.count(state),
            "reached": sum(row["verdict"] in ("reached", "on_track") for row in rows if row["state"] == state),
        }
        for state in ("over", "running")
        if state in states
    ]  # fmt: skip


def _figures(rows: list[dict[str, Any]]) -> tuple[Figure, ...]:
    if not any(row["state"] == "over" and row["attainment"] is not None for row in rows):
        return ()
    title = Text("已结束期间的达成率", "Attainment of finished periods")
    where = {"state": "over", "dimension": ""}
    return (
        Figure("attainment", "bar", title, "plans", "period", ("attainment",), series="metric", where=where),
    )


ANALYSIS = Analysis(
    name="plan_actual",
    title=Text("计划与实际", "Plan against actual"),
    question=Text(
        "各项目标达成了多少，哪些没有达成？", "How far is each target reached, and which were missed?"
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("targets", "order_lines", "purchases", "customer_facts", "feedback", "customers", "products"),
    needs=("targets",),
    order=70,
)
