"""The use case 'experiment' on a flat table: its Result, in the shape of every analysis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keguan.analysis import Analysis, Settings
from keguan.app.checking import checked
from keguan.app.experiment.counting import Counted, count
from keguan.app.experiment.reading import read
from keguan.app.experiment.request import Request
from keguan.app.result_rows import arrow
from keguan.core.text import Text
from keguan.evidence.experiments import Effect, Rules, effects, parts, withheld
from keguan.evidence.many_arms import together
from keguan.evidence.statistics.sample_ratio import SampleRatio, sample_ratio
from keguan.marts.experiments.columns import (
    ARM,
    BELIEF_COLUMNS,
    EFFECT_COLUMNS,
    METRIC,
    SPLIT_COLUMNS,
    TOGETHER_COLUMNS,
    TOGETHER_TITLE,
    WINSORISED_COLUMNS,
    WINSORISED_NOTE,
    WINSORISED_TITLE,
    effect_row,
    split_rows,
    together_row,
    winsorised_row,
)
from keguan.marts.experiments.sentences import TEXT, claims, mismatch_note, notes
from keguan.result import Column, Note, Result, Table

PART = Column("segment", Text("分段", "Segment"), "text", role="key")


@dataclass(frozen=True)
class NoParams:
    """A flat table is asked by options, not by parameters."""


EXPERIMENT = Analysis(
    name="experiment",
    title=Text("实验结果", "Result of the experiment"),
    question=Text("各组与对照组相比怎样？", "How do the arms compare with the control?"),
    section="strategy",
    params=NoParams,
    run=lambda _inputs, _params: Result("experiment"),
    text=TEXT,
    reads=(),
    needs=(),
)


def judge(request: Request) -> Result:
    """Tables effects, srm and, with a segment column, segments; sentences; notes. UsageError, InputError as `read` and
    `count` say."""
    counted = read(request, lambda units: count(units, request))
    rules = Rules(1 - request.alpha, Settings().min_n, request.tuning)
    control = request.control.strip()
    weights = {arm: request.split.get(arm, 0.0) if request.split else 1.0 for arm in counted.units}
    units = {
        **counted.units,
        **{arm: 0 for arm, weight in request.split.items() if arm not in weights and weight > 0},
    }
    split = sample_ratio(units, weights | dict(request.split))
    found = effects(counted.metrics, control, rules)
    within = parts(counted.parts, control, rules)
    if split.mismatch:
        found = [withheld(effect) for effect in found]
        within = [(part, withheld(effect)) for part, effect in within]
    beside = () if split.mismatch else tuple(_beside(counted, control, rules))
    result = Result(
        "experiment",
        tables=(*_tables(request, counted, units, split, found, within), *beside),
        claims=tuple(claims(found, control, "experiment")),
        notes=(*_notes(request, counted, split), *notes(found, rules)),
        params=_params(request),
    )
    return checked(result, EXPERIMENT)


def _params(request: Request) -> dict[str, str | float | None]:
    names = ("arm", "control", "denominator", "covariate", "cluster", "unit", "segment", "alpha", "tuning")
    split = ",".join(f"{arm}={weight:g}" for arm, weight in request.split.items()) or None
    return {
        "metric": ", ".join(request.metrics), "expected_split": split,
        **{name: getattr(request, name) for name in names},
    }  # fmt: skip


def _tables(
    request: Request, counted: Counted, units: dict[str, int], split: SampleRatio, found: Sequence[Effect],
    within: Sequence[tuple[str, Effect]],
) -> tuple[Table, ...]:  # fmt: skip
    sql = f"WITH units AS (...) {counted.sql.strip()}"
    made = [
        Table(
            "effects", Text("各组的效果", "Effects"), (METRIC, ARM, *EFFECT_COLUMNS),
            arrow([effect_row(effect) for effect in found], (METRIC, ARM, *EFFECT_COLUMNS)), ("metric", "arm"),
            method="evidence.experiments.effects", sql=sql,
            note=Text(f"对照组：{request.control.strip()}；主要指标：{request.metrics[0]}",
                      f"control: {request.control.strip()}; primary metric: {request.metrics[0]}"),
        ),
        Table(
            "beliefs", Text("相对差与把握", "Relative difference and chances"), (METRIC, ARM, *BELIEF_COLUMNS),
            arrow([effect_row(effect) for effect in found], (METRIC, ARM, *BELIEF_COLUMNS)), ("metric", "arm"),
            method="evidence.experiments.effects", sql=sql,
        ),
        Table(
            "srm", Text("分组人数与计划", "Sizes of the arms against the plan"), (ARM, *SPLIT_COLUMNS),
            arrow(split_rows(units, split), (ARM, *SPLIT_COLUMNS)), ("arm",),
            method="evidence.statistics.sample_ratio", sql=sql,
        ),
    ]  # fmt: skip
    if request.segment is not None:
        rows = [{**effect_row(effect), "segment": part} for part, effect in within]
        made.append(
            Table(
                "segments", Text("分段的效果", "Effects by segment"), (PART, METRIC, ARM, *EFFECT_COLUMNS),
                arrow(rows, (PART, METRIC, ARM, *EFFECT_COLUMNS)), ("segment", "metric", "arm"),
                method="evidence.experiments.parts", sql=sql,
                note=Text("线索：全部分段一起用 Benjamini-Hochberg 校正",
                    "hints: all segments corrected together by Benjamini-Hochberg"),
            )
        )  # fmt: skip
    return tuple(made)


def _beside(counted: Counted, control: str, rules: Rules) -> Iterator[Table]:
    """Intervals that hold together where there are several arms; the sensitivity of skewed metrics."""
    sql = f"WITH units AS (...) {counted.sql.strip()}"
    if rows := [together_row(found) for found in together(counted.metrics, control, rules)]:
        names = (METRIC, ARM, *TOGETHER_COLUMNS)
        yield Table("dunnett", TOGETHER_TITLE, names, arrow(rows, names), ("metric", "arm"),
                    method="evidence.many_arms.together", sql=sql)  # fmt: skip
    rows = [
        winsorised_row(effect, cuts)
        for metric, cuts in counted.winsorised
        for effect in effects([metric], control, rules)
        if effect.told
    ]
    if rows:
        columns = (METRIC, ARM, *WINSORISED_COLUMNS)
        yield Table("winsorised", WINSORISED_TITLE, columns, arrow(rows, columns), ("metric", "arm"),
                    method="evidence.experiments.effects", sql=sql, note=WINSORISED_NOTE)  # fmt: skip


def _notes(request: Request, counted: Counted, split: SampleRatio) -> Iterator[Note]:
    if split.mismatch:
        yield mismatch_note(
            Text(
                "若计划的比例不是这样，用 --expected-split 说明",
                "If another split was planned, say so with --expected-split.",
            )
        )
    if not request.split:
        yield Note(
            Text("没有给出计划比例，按各组相等检查", "No split was given: equal arms are taken as planned")
        )
    if counted.rejected:
        yield Note(Text(f"{counted.rejected:,} 行分不清单元格，没有计入",
                        f"{counted.rejected:,} rows could not be taken apart and are left out"), "warning")  # fmt: skip
    if counted.no_arm:
        yield Note(Text(f"{counted.no_arm:,} 行没有组别，没有计入",
                        f"{counted.no_arm:,} rows have no arm and are left out"), "warning")  # fmt: skip
    if counted.no_cluster:
        yield Note(Text(f"{counted.no_cluster:,} 行没有群组，没有计入",
                        f"{counted.no_cluster:,} rows have no cluster and are left out"), "warning")  # fmt: skip
    for name, missing in counted.missing.items():
        if missing:
            yield Note(
                Text(f"{name}：{missing:,} 行没有数值，这项指标不计它们；若缺失就是没有发生，请填 0 后重试",
                     f"{name}: {missing:,} rows have no value and are left out of this metric; if missing means that it did "
                     "not happen, write 0 and try again"), "warning",
            )  # fmt: skip
    if counted.no_before:
        yield Note(Text(f"{request.covariate}：{counted.no_before:,} 行没有事前数值，按 0 计",
                        f"{request.covariate}: {counted.no_before:,} rows have no figure of before, taken as 0"))  # fmt: skip
    if request.cluster:
        yield Note(Text("整群分组：样本数是群数，均值是群内各行的平均",
                        "Whole clusters were assigned: n counts clusters, means are over the rows in them"))  # fmt: skip
