"""Tracking plot: repeat purchases week by week, expected and actual, over calibration and hold-out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.models.clv.candidates import MODELS, Candidate
from keguan.models.clv.cells import Clock
from keguan.models.clv.fitting import Backtest
from keguan.models.clv.histories import Floats
from keguan.models.clv.sql import REPEAT_DAYS
from keguan.result import Column, Table

MOST_WEEKS = 160  # beyond it steps are of four weeks
TRACKING = (
    Column("until", Text("截至", "Until"), "date", role="key"),
    Column("phase", Text("阶段", "Phase"), "label", vocabulary="clv_phase"),
    Column("expected", Text("预测（当期）", "Expected (period)"), "number", 1),
    Column("actual", Text("实际（当期）", "Actual (period)"), "count"),
    Column("expected_total", Text("预测（累计）", "Expected (total)"), "number", 1),
    Column("actual_total", Text("实际（累计）", "Actual (total)"), "count"),
)


def tracking_table(inputs: Inputs, tested: Backtest, first: date, time: Clock) -> Table | None:
    """Repeat purchases of the customers of the calibration; None where a rule is used, which tells no path."""
    if tested.best not in MODELS:
        return None
    span = (inputs.as_of - first).days
    step = 7 if span <= 7 * MOST_WEEKS else 28
    ends = np.arange(step, span + 1, step, dtype=np.int64)
    found = inputs.query(REPEAT_DAYS, until=tested.end, from_day=first)
    days, purchases = (found.column(n).to_numpy(zero_copy_only=False) for n in ("day", "purchases"))
    each = np.bincount(days.astype(np.int64), purchases, minlength=span + 1)
    actual = np.cumsum(each)[ends]
    expected = _expected(tested, ends, (tested.end - first).days, tested.candidates[tested.best], time)
    rows: list[dict[str, Any]] = []
    for place, end in enumerate(ends):
        until = first + timedelta(days=int(end))
        rows.append(
            {
                "until": until, "phase": "calibration" if until <= tested.end else "holdout",
                "expected": float(expected[place] - (expected[place - 1] if place else 0.0)),
                "actual": int(actual[place] - (actual[place - 1] if place else 0)),
                "expected_total": float(expected[place]), "actual_total": int(actual[place]),
            }
        )  # fmt: skip
    return inputs.computed(
        "tracking", Text("重复购买：预测与实际", "Repeat purchases: expected and actual"), TRACKING, ("until",), rows,
        method="clv.tracking.tracking_table", sql=REPEAT_DAYS, until=tested.end, from_day=first,
        note=Text(
            "校准期内首购的客户，首购之后的购买；每行 7 天（历史很长时 28 天）",
            "customers of the calibration, purchases after the first; 7 days a row (28 where the history is long)",
        ),
    )  # fmt: skip


def _expected(tested: Backtest, ends: np.ndarray, calibration: int, model: Candidate, time: Clock) -> Floats:
    """Repeat purchases expected by each end, of customers who came at their days."""
    knots = np.unique(np.concatenate([np.arange(15), np.geomspace(15, max(16, int(ends[-1])), 90).round()]))
    none = np.zeros(1)
    curve = [float(model.if_alive(none, none, float(knot) / time.days)[0]) if knot else 0.0 for knot in knots]
    left, right = model.by_age(none, none)
    curve_alive = np.array(curve) * float(model.chance(model.by_last(none, none), (left, right))[0])
    ages, places = np.unique(tested.cells.first, return_inverse=True)
    came = np.bincount(places, tested.cells.customers)
    starts = calibration - ages
    past = np.maximum(ends[:, None] - starts[None, :], 0.0)
    return np.asarray(np.interp(past, knots, curve_alive) @ came)
