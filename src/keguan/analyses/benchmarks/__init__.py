"""Is the company below, inside or above what others report, and is the last month unusual against its own history?

Method: each outside range is held against the company's own figure of the last months, of the same name and
definition. Below or above is said only where the own 95 % interval lies outside the range, and names its base
(the end of the range). Inside is no claim. A tolerance of unknown kind has two readings and no verdict. Ranges
without source and date, out of date, marked as examples or meant for other companies are shown, never used.
Own history: the last complete month against the month before and the same month of last year, and against the
usual month-to-month change (XmR limits of the deseasonalised series).

Source: Wilson (1927), Efron and Tibshirani (1993), Rocks (2016) for intervals; Wheeler (1993) for XmR.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from keguan.analyses.benchmarks.claims import TEXT, benchmark_claims, history_claims, notes
from keguan.analyses.benchmarks.columns import HISTORY_COLUMNS, RANGE_COLUMNS, RANGES_SQL
from keguan.analyses.benchmarks.history import history_rows
from keguan.analyses.benchmarks.params import Params
from keguan.analyses.benchmarks.population import fits, own_population
from keguan.analyses.benchmarks.ranges import (
    Bounds,
    is_share,
    judged,
    readings,
    same_definition,
    split_change,
    unusable,
)
from keguan.analysis import Analysis, Inputs
from keguan.core.period import Span, day_months_back, span_ending
from keguan.core.text import Text, Unit
from keguan.marts.key_figures import MONTHS_SQL
from keguan.marts.measured import Measured, measure
from keguan.marts.own_figures import OwnFigure, figure_named
from keguan.result import Figure, Result
from keguan.schema.terms.value import OWN_FIGURE_DEFINITION


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: ranges (a row per range and reading), history (last complete month per figure)."""
    found = inputs.query(RANGES_SQL).to_pylist()
    population = own_population(inputs, params.population)
    rows = [
        row for number, item in enumerate(found, 1) for row in _rows(inputs, params, number, item, population)
    ]
    ranges = inputs.computed(
        "ranges", Text("参考区间与本企业", "Outside ranges and own figures"), RANGE_COLUMNS, ("place", "reading"), rows,
        method="benchmarks.run", sql=RANGES_SQL,
    )  # fmt: skip
    history = inputs.computed(
        "history", Text("最近完整月与自身历史", "Last complete month against own history"), HISTORY_COLUMNS, ("figure",),
        history_rows(inputs), method="evidence.statistics.xmr", sql=MONTHS_SQL,
    )  # fmt: skip
    result = Result("benchmarks", tables=(ranges, replace(history, appendix=True)))
    return replace(
        result,
        figures=_figures(history.records()),
        claims=(*benchmark_claims(result, params.window_months), *history_claims(result)),
        notes=tuple(notes(rows, bool(found), bool(len(history.rows)), population)),
    )


def _rows(
    inputs: Inputs, params: Params, number: int, item: Mapping[str, Any], population: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """One row per reading of a range; a range that cannot be read is a row too."""
    metric, change = split_change(item["metric"])
    figure = figure_named(item["metric"]) or figure_named(metric)
    change = change and figure_named(item["metric"]) is None
    row: dict[str, Any] = dict.fromkeys(column.name for column in RANGE_COLUMNS)
    row |= {"place": number, "reading": "given", "unit": "number"}
    row |= {name: item[name] for name in ("population", "published_by", "published_on", "valid_until")}
    row["metric"] = item["metric"] if figure is None or change else figure.name
    if figure is None:
        yield row | {"verdict": "unknown_metric"}
        return
    bounds = readings(item, is_share(figure), change)
    own = _own(inputs, figure, params.window_months)
    reason = _not_used(inputs, item, figure, population, bounds)
    row |= {"unit": figure.unit, "definition": figure.name}
    if not bounds:
        yield row | {"own": own.value, "n": own.n, "verdict": "no_range"}
    for reading in bounds:
        unit = _unit(figure, reading) if change else figure.unit
        seen = _change(inputs, figure, params.window_months, reading, own) if change else own
        yield row | {"reading": reading.reading, "unit": unit} | _judged(seen, reading, reason)


def _unit(figure: OwnFigure, reading: Bounds) -> Unit:
    """Of a change: points of a share, else the figure's own unit; a relative change is a share."""
    if reading.reading != "points":
        return "share"
    return "points" if is_share(figure) else figure.unit


def _judged(own: Measured, bounds: Bounds, reason: str | None) -> dict[str, Any]:
    verdict = judged(own, bounds)
    row: dict[str, Any] = {
        "low": bounds.low, "high": bounds.high, "own": own.value, "own_low": own.low, "own_high": own.high, "n": own.n,
    }  # fmt: skip
    if verdict is None:
        return row | {"verdict": reason or "too_few"}
    if reason is not None:
        return row | {"verdict": reason, "to_middle": verdict.to_middle}
    return row | {"verdict": verdict.word, "gap": verdict.gap, "to_middle": verdict.to_middle}


def _not_used(
    inputs: Inputs,
    item: Mapping[str, Any],
    figure: OwnFigure,
    population: Sequence[str],
    bounds: Sequence[Bounds],
) -> str | None:
    """Why no verdict is given whatever the figures are; None when one may be."""
    if (reason := unusable(item, inputs.as_of)) is not None:
        return reason
    if not fits(item["population"], population):
        return "other_population"
    own = OWN_FIGURE_DEFINITION[figure.name]
    if not same_definition(item["definition"], (own.zh, own.en)):
        return "other_definition"
    return "unknown_kind" if len(bounds) > 1 else None


def _own(inputs: Inputs, figure: OwnFigure, months: int) -> Measured:
    span = span_ending(inputs.as_of, months)
    return measure(inputs, figure, span.first, span.last)


def _change(inputs: Inputs, figure: OwnFigure, months: int, reading: Bounds, own: Measured) -> Measured:
    """The change against the window before, in points or relative; the interval is that of the farthest ends."""
    last = day_months_back(inputs.as_of, months)
    earlier: Span = span_ending(last, months)
    before = measure(inputs, figure, earlier.first, earlier.last)
    if own.value is None or before.value is None or (reading.reading == "relative" and before.value <= 0):
        return Measured(None, own.n)
    if reading.reading == "points":
        value, low, high = (
            own.value - before.value,
            _minus(own.low, before.high),
            _minus(own.high, before.low),
        )
    else:
        value = own.value / before.value - 1
        low, high = _over(own.low, before.high), _over(own.high, before.low)
    return Measured(value, own.n, low, high)


def _minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _over(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None or b <= 0 else a / b - 1


def _figures(history: Sequence[Mapping[str, Any]]) -> tuple[Figure, ...]:
    if not any(row["change"] is not None for row in history):
        return ()
    title = Text(
        "最近完整月比上月，与平时的月间波动",
        "Last complete month against the month before, with the usual change",
    )
    return (
        Figure("history", "bar", title, "history", "figure", ("change",), low="usual_low", high="usual_high"),
    )


ANALYSIS = Analysis(
    name="benchmarks",
    title=Text("对标", "Benchmarks"),
    question=Text(
        "与行业参考区间和自身历史相比，本企业在什么位置？",
        "Where does the company stand against outside ranges and its own history?",
    ),
    section="trend",
    params=Params,
    run=run,
    text=TEXT,
    reads=("benchmarks", "order_lines", "purchases", "customer_facts", "feedback", "customers", "products"),
    needs=(),
    uses=("business_kind",),
    order=60,
)
