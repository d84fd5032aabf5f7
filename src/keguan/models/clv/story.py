"""One run: fit, back-test, score, and what is said. Loaded when it runs, since it needs numpy and scipy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.models.clv import claims
from keguan.models.clv.cells import clock
from keguan.models.clv.fitting import Backtest, Today, backtest, calibration_end, repeaters, today
from keguan.models.clv.foresight import foresight
from keguan.models.clv.margin import Margin, read_margin
from keguan.models.clv.params import Params
from keguan.models.clv.sql import SPAN
from keguan.models.clv.tables import (
    FIT,
    PARAMETERS,
    backtest_table,
    cohort_table,
    decile_table,
    fit_table,
    parameter_table,
)
from keguan.models.clv.tracking import tracking_table
from keguan.models.clv.value import group_tables, relation, scored_view, top_table
from keguan.result import Column, Figure, Note, Relation, Result, Table

MOST_GROUPED = 200  # repeat buyers below which no single customer gets a value

SETTINGS = (
    Column("method", Text("采用", "Used"), "label", role="key", vocabulary="clv_method"),
    Column("calibration_end", Text("校准期末", "Calibration end"), "date"),
    Column("days", Text("检验期（天）", "Hold-out (days)"), "days"),
    Column("customers", Text("校准期客户", "Customers of the calibration"), "count"),
    Column("repeat_buyers", Text("重复购买的客户", "Repeat buyers"), "count"),
    Column("basis", Text("价值以何计", "Counted in"), "label", vocabulary="clv_basis"),
    Column("margin_rate", Text("毛利率", "Margin rate"), "share", 1),
    Column("spend", Text("每次金额的模型", "Model of spend"), "label", vocabulary="clv_spend"),
    Column(
        "correlation", Text("次数与金额的相关", "Correlation of number and value"), "number", 4,
        note=Text("重复购买的客户", "of repeat buyers"),
    ),
    Column("discount", Text("年折现率", "Discount a year"), "share", 1),
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Everything of one run."""
    given = params.check(inputs.as_of)
    decision = inputs.result("business_kind").table("decision").records()[0]
    if decision["automatic_renewal"] and not params.despite_renewal:
        return _nothing(inputs, claims.RENEWAL)
    span = inputs.query(SPAN).to_pylist()[0]
    if not span["customers"]:
        return _nothing(inputs, claims.no_customers())
    time, first = clock(params.unit), span["first_day"]
    end = calibration_end(given, first, inputs.as_of)
    tested = None if end is None else backtest(inputs, end, time)
    if tested is None:
        return _nothing(inputs, claims.too_few(inputs.settings.min_n))
    now = today(inputs, tested, time)
    margin = read_margin(inputs, inputs.as_of)
    tables = [
        parameter_table(inputs, "parameters", Text("模型参数（校准期）", "Parameters (calibration)"),
                        tested.fits, tested.spending, tested.end),
        fit_table(inputs, tested), backtest_table(inputs, tested), decile_table(inputs, tested),
        cohort_table(inputs, tested), _settings(inputs, params, tested, now, margin),
    ]  # fmt: skip
    if (tracked := tracking_table(inputs, tested, first, time)) is not None:
        tables.append(tracked)
    relations: tuple[Relation, ...] = ()
    notes = _notes(tested, now, margin, (inputs.as_of - first).days)
    if now is not None:
        tables.append(
            parameter_table(inputs, "score_parameters", Text("模型参数（全部历史）", "Parameters (all history)"),
                            now.fits, now.spending, inputs.as_of)
        )  # fmt: skip
        view = scored_view(inputs, now, margin, time, params.discount)
        tables += group_tables(inputs, view)
        if repeaters(now.cells) >= MOST_GROUPED:
            relations = (relation(view),)
            tables.append(top_table(inputs, view))
        else:
            notes.append(claims.GROUPS_ONLY)
    shown = ("groups", "total", "backtest")
    result = Result("clv", tables=tuple(replace(table, appendix=table.id not in shown) for table in tables))
    return replace(
        result, figures=_figures(result), claims=claims.clv_claims(result, inputs.settings.min_n),
        relations=relations, notes=tuple(notes),
        foresight=None if now is None else foresight(inputs.as_of, tested, now, time),
    )  # fmt: skip


def _nothing(inputs: Inputs, note: Note) -> Result:
    """Empty tables and the reason."""
    tables = (
        inputs.computed("parameters", Text("模型参数（校准期）", "Parameters (calibration)"), PARAMETERS,
                        ("model", "parameter"), [], method="clv.story.run"),
        inputs.computed("fit", Text("模型与检验期", "Models and hold-out"), FIT, ("model",), [], method="clv.story.run"),
    )  # fmt: skip
    return Result("clv", tables=tuple(replace(table, appendix=True) for table in tables), notes=(note,))


def _settings(inputs: Inputs, params: Params, tested: Backtest, now: Today | None, margin: Margin) -> Table:
    used = now or tested
    spending = used.spending
    row: dict[str, Any] = {
        "method": now.name if now else tested.best, "calibration_end": tested.end, "days": tested.days,
        "customers": int(tested.cells.histories.total),
        "repeat_buyers": repeaters(used.cells), "basis": "margin" if margin.known else "revenue",
        "margin_rate": margin.rate if margin.known else None,
        "spend": None if spending is None else "empirical_bayes" if spending.shrunk else "gamma_gamma",
        "correlation": None if spending is None else spending.correlation, "discount": params.discount,
    }  # fmt: skip
    return inputs.computed(
        "settings", Text("计算的设定", "Settings"), SETTINGS, ("method",), [row], method="clv.story.run"
    )


def _notes(tested: Backtest, now: Today | None, margin: Margin, history: int) -> list[Note]:
    found = []
    fits = [*tested.fits.items(), *(now.fits.items() if now else ())]
    if missed := sorted({name for name, fit in fits if not fit.usable}):
        found.append(claims.unfitted(", ".join(missed)))
    if held := sorted({f"{name} ({', '.join(fit.held)})" for name, fit in fits if fit.usable and fit.held}):
        found.append(claims.at_bound(", ".join(held)))
    if now is None:
        found.append(claims.NO_SPEND)
    elif now.spending.shrunk:
        found.append(claims.CORRELATED if now.spending.fit.converged else claims.NO_SPEND_MAXIMUM)
    if not margin.known:
        found.append(claims.REVENUE)
    if history < 365:
        found.append(claims.SHORT)
    return found


def _figures(result: Result) -> tuple[Figure, ...]:
    figures = []
    if result.has("groups"):
        figures.append(
            Figure("groups", "bar", Text("各类客户未来 12 个月的价值", "Value in 12 months by class"), "groups", "label",
                   ("clv_12",), low="low", high="high",
                   note=Text("线段为参数误差的 95% 区间", "whiskers: 95% interval of the parameters' errors"))
        )  # fmt: skip
    if result.has("tracking"):
        figures.append(
            Figure("tracking", "line", Text("重复购买：预测与实际（累计）", "Repeat purchases: expected and actual (total)"),
                   "tracking", "until", ("expected_total", "actual_total"))
        )  # fmt: skip
    if len(result.table("deciles").rows):
        figures.append(
            Figure("deciles", "line", Text("检验期：人均预测与实际", "Hold-out: expected and actual each"), "deciles", "decile",
                   ("actual", "expected"), low="low", high="high")
        )  # fmt: skip
    return tuple(figures)
