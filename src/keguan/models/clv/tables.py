"""Tables of the fit and of the back-test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.models.clv.candidates import GAMMA, MODELS, PAST_RATE, ZERO
from keguan.models.clv.fitting import Backtest
from keguan.models.clv.holdout import deciles
from keguan.models.clv.maximum import Fit
from keguan.models.clv.spending import Spending
from keguan.models.clv.sql import CELLS
from keguan.result import Column, Table

MODEL = Column("model", Text("模型", "Model"), "text", role="key")
PARAMETERS = (
    MODEL,
    Column("parameter", Text("参数", "Parameter"), "text", role="key"),
    Column("estimate", Text("估计", "Estimate"), "number", 6),
    Column("se", Text("标准误", "Standard error"), "number", 6),
    Column("low", Text("下限（95%）", "Low (95%)"), "number", 6, role="low"),
    Column("high", Text("上限（95%）", "High (95%)"), "number", 6, role="high"),
)
_DEVIANCE = Text(
    "每位客户的平均泊松偏差，越小越好；预测不足 0.01 次的按 0.01 次计；用它选模型",
    "mean Poisson deviance a customer, the smaller the better; a forecast below 0.01 counts as 0.01; it decides",
)
_MAE = Text("平均绝对误差，只列示，不用来选模型", "mean absolute error; shown, decides nothing")
_BIAS = Text("预测总数 ÷ 实际总数 − 1", "expected total over actual total, less one")
FIT = (
    MODEL,
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column(
        "cells", Text("不同历史", "Distinct histories"), "count",
        note=Text("相同的历史只计一次", "equal histories are counted once"),
    ),
    Column("log_likelihood", Text("对数似然", "Log-likelihood"), "number", 4, note=Text("含全部项", "with all terms")),
    Column("holdout_deviance", Text("检验期偏差", "Hold-out deviance"), "number", 4, note=_DEVIANCE),
    Column("holdout_mae", Text("检验期误差", "Hold-out MAE"), "number", 4, note=_MAE),
    Column("naive_mae", Text("沿用过去频率的误差", "MAE of the past rate"), "number", 4),
    Column("zero_mae", Text("假定不再购买的误差", "MAE of zero for everybody"), "number", 4),
    Column("bias", Text("总量偏差", "Bias of the total"), "share", 2, note=_BIAS),
)  # fmt: skip
METHOD = Column("method", Text("预测方法", "Forecast"), "label", role="key", vocabulary="clv_method")
BACKTEST = (
    METHOD,
    Column("expected", Text("预测购买次数", "Expected purchases"), "number", 1),
    Column("actual", Text("实际购买次数", "Actual purchases"), "count"),
    Column("bias", Text("总量偏差", "Bias of the total"), "share", 1, note=_BIAS),
    Column("deviance", Text("平均泊松偏差", "Poisson deviance"), "number", 4, note=_DEVIANCE),
    Column("mae", Text("平均绝对误差", "MAE"), "number", 4, note=_MAE),
    Column("rmse", Text("均方根误差", "RMSE"), "number", 4),
    Column(
        "capture", Text("前 10% 占购买", "Top 10% captures"), "share", 1,
        note=Text(
            "预测最大的 10% 客户占检验期购买次数的份额",
            "share of hold-out purchases made by the tenth of customers with the largest forecast",
        ),
    ),
)  # fmt: skip
DECILES = (
    Column(
        "decile", Text("按预测分十组", "Decile by forecast"), "count", role="key",
        note=Text("1 为预测最大的一组；预测相同的客户在同一组", "1 has the largest forecasts; equal forecasts stay together"),
    ),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("expected", Text("人均预测", "Expected each"), "number", 3),
    Column("actual", Text("人均实际", "Actual each"), "number", 3),
    Column("low", Text("实际下限（95%）", "Actual, low (95%)"), "number", 3, role="low"),
    Column("high", Text("实际上限（95%）", "Actual, high (95%)"), "number", 3, role="high"),
)  # fmt: skip
COHORTS = (
    Column("month", Text("首购月份", "First purchase"), "month", role="key"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("expected", Text("预测购买次数", "Expected purchases"), "number", 1),
    Column("actual", Text("实际购买次数", "Actual purchases"), "count"),
    Column("ratio", Text("实际 ÷ 预测", "Actual over expected"), "ratio", 2),
)


def parameter_table(
    inputs: Inputs, id: str, title: Text, fits: Mapping[str, Fit], spending: Spending | None, until: Any
) -> Table:
    """Estimates with standard errors and 95 % intervals on the log scale; none where there is no maximum."""
    found = dict(fits)
    if spending is not None:
        found[GAMMA] = spending.fit
    rows: list[dict[str, Any]] = []
    for name, fit in found.items():
        for parameter, estimate, error in zip(fit.names, fit.estimates, fit.errors, strict=True):
            half = 1.96 * error / estimate
            rows.append(
                {
                    "model": name, "parameter": parameter,
                    "estimate": float(estimate), "se": float(error),
                    "low": float(estimate * np.exp(-half)), "high": float(estimate * np.exp(half)),
                }
            )  # fmt: skip
    return inputs.computed(
        id, title, PARAMETERS, ("model", "parameter"), rows, method="clv.maximum.maximise", sql=CELLS, until=until,
        note=Text("极大似然；没有极大值的模型不给标准误", "maximum likelihood; no errors where there is no maximum"),
    )  # fmt: skip


def fit_table(inputs: Inputs, tested: Backtest) -> Table:
    """Each model's likelihood and how it fared."""
    naive, zero = tested.measures[PAST_RATE].mae, tested.measures[ZERO].mae
    rows: list[dict[str, Any]] = [
        {
            "model": name, "customers": int(tested.cells.histories.total), "cells": len(tested.cells.histories),
            "log_likelihood": tested.fits[name].log_likelihood,
            "holdout_deviance": tested.measures[name].deviance, "holdout_mae": tested.measures[name].mae,
            "naive_mae": naive, "zero_mae": zero, "bias": tested.measures[name].bias,
        }
        for name in MODELS
    ]  # fmt: skip
    if (spending := tested.spending) is not None:
        row: dict[str, Any] = dict.fromkeys(column.name for column in FIT)
        rows.append(
            row | {"model": GAMMA, "customers": spending.customers, "cells": spending.rows,
                   "log_likelihood": spending.fit.log_likelihood}
        )  # fmt: skip
    return inputs.computed(
        "fit", Text("模型与检验期", "Models and hold-out"), FIT, ("model",), rows,
        method="clv.fitting.backtest", sql=CELLS, until=tested.end,
    )  # fmt: skip


def backtest_table(inputs: Inputs, tested: Backtest) -> Table:
    """Models and simple rules side by side, the best first."""
    rows = [
        {
            "method": name, "expected": item.expected, "actual": int(item.actual), "bias": item.bias,
            "deviance": item.deviance, "mae": item.mae, "rmse": item.rmse, "capture": item.capture,
        }
        for name in tested.ranked for item in (tested.measures[name],)
    ]  # fmt: skip
    return inputs.computed(
        "backtest", Text("回测：模型与简单规则", "Back-test: models and simple rules"), BACKTEST, ("method",), rows,
        method="clv.holdout.measure", sql=CELLS, until=tested.end,
        note=Text("第一行被采用", "the first row is used"),
    )  # fmt: skip


def decile_table(inputs: Inputs, tested: Backtest) -> Table:
    """Expected and actual purchases of customers ranked by forecast."""
    rows = [
        {
            "decile": item.decile, "customers": item.customers, "expected": item.expected, "actual": item.actual,
            "low": item.low, "high": item.high,
        }
        for item in deciles(tested.forecasts[tested.best], tested.cells)
        if item.customers >= inputs.settings.min_n
    ]  # fmt: skip
    return inputs.computed(
        "deciles", Text("检验期：人均预测与实际", "Hold-out: expected and actual each"), DECILES, ("decile",), rows,
        method="clv.holdout.deciles", sql=CELLS, until=tested.end,
    )  # fmt: skip


def cohort_table(inputs: Inputs, tested: Backtest) -> Table:
    """Expected and actual purchases of the hold-out by month of first purchase."""
    cells, mu = tested.cells, tested.forecasts[tested.best]
    months: dict[str, list[float]] = {}
    many = cells.customers
    for age in np.unique(cells.first):
        here = cells.first == age
        sums = (many[here].sum(), many[here] @ mu[cells.places[here]], many[here] @ cells.later[here])
        month = f"{tested.end - timedelta(days=int(age)):%Y-%m}"
        found = months.setdefault(month, [0.0, 0.0, 0.0])
        months[month] = [before + float(more) for before, more in zip(found, sums, strict=True)]
    least = inputs.settings.min_n
    rows = [
        {
            "month": month, "customers": int(n), "expected": expected, "actual": int(actual),
            "ratio": actual / expected if n >= least and expected > 0 else None,
        }
        for month, (n, expected, actual) in sorted(months.items())
    ]  # fmt: skip
    return inputs.computed(
        "cohorts", Text("检验期：按首购月份", "Hold-out by month of first purchase"), COHORTS, ("month",), rows,
        method="clv.tables.cohort_table", sql=CELLS, until=tested.end,
    )  # fmt: skip
