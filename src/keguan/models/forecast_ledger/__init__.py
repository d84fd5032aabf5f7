"""How did the last predictions fare, are the models' inputs still the same, and what follows for the present ones?

Method: what a model said is kept when it is said; here it is held against what came. Judged is what was said before
half of its days were known, as it was said first. Tests rest on predictions whose days do not overlap: coverage by
the exact binomial test, bias by a t test of log ratios, churn by calibration in the large, drift of inputs by the
population stability index; each family corrected (Benjamini-Hochberg).

Source: Clopper and Pearson (1934); Cox (1958); Spiegelhalter (1986); Siddiqi (2006); Yurdakul and Naranjo (2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.marts.came import FARED, LAST_INPUTS, WAITING
from keguan.models.forecast_ledger import columns as c
from keguan.models.forecast_ledger.calibration import calibration
from keguan.models.forecast_ledger.claims import ANEW, NOTHING, TEXT, ledger_claims, none_due, not_counted
from keguan.models.forecast_ledger.corrections import corrected
from keguan.models.forecast_ledger.drifts import drift_rows
from keguan.models.forecast_ledger.judged import Row, fared, latest, record
from keguan.models.forecast_ledger.params import Params
from keguan.result import Column, Note, Result, Table

JUDGED = ("trend", "clv", "churn")  # models whose present forecasts may be corrected


def run(inputs: Inputs, params: Params) -> Result:
    """Tables latest, record, calibration, drift, corrected, waiting, fared."""
    waiting = inputs.query(WAITING).to_pylist()
    if not waiting:
        return Result("forecast_ledger", notes=(NOTHING,))
    asked: dict[str, Any] = {"looked_at": params.looked_at, "counted": params.counted}
    rows = fared(inputs.query(FARED, **asked).to_pylist())
    recorded, calibrated = record(rows, inputs.settings.min_n), calibration(rows, inputs.settings.min_n)
    moved = drift_rows(inputs, params)
    present = corrected(inputs, rows, recorded, calibrated, JUDGED)

    def table(
        id: str,
        title: Text,
        columns: Sequence[Column],
        made: Sequence[Row],
        method: str,
        sql: str = FARED,
        **of: Any,
    ) -> Table:
        key = [item.name for item in columns if item.role == "key"]
        return inputs.computed(
            id, title, columns, key, made, method=f"forecast_ledger.{method}", sql=sql, **of
        )

    tables = (
        table("latest", Text("上次预测与实际", "The last predictions and what came"), c.LATEST, latest(rows), "judged", **asked),
        table("record", Text("预测的成绩", "How the predictions fared"), c.RECORD, recorded, "judged.record", **asked),
        table("calibration", Text("流失：预计与实际", "Churn: expected and actual"), c.CALIBRATION, calibrated,
              "calibration", **asked),
        table("drift", Text("模型输入的变化", "Drift of the models' inputs"), c.DRIFT, moved, "drifts.drift_rows", LAST_INPUTS),
        table("corrected", Text("按偏差校准的预测", "Forecasts without the bias found"), c.CORRECTED, present,
              "corrections.corrected", **asked),
        table("waiting", Text("留存的预测", "Kept predictions"), c.WAITING, _waiting(waiting, rows), "waiting", WAITING),
        table("fared", Text("每条已到期的预测", "Every prediction come due"), c.FARED, rows, "judged.fared", **asked),
    )  # fmt: skip
    shown = ("latest", "calibration")
    result = Result(
        "forecast_ledger", tables=tuple(replace(item, appendix=item.id not in shown) for item in tables)
    )
    return replace(result, claims=tuple(ledger_claims(result)), notes=_notes(waiting, rows))


def _waiting(waiting: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    return [{**row, "judged": sum(item["model"] == row["model"] for item in rows)} for row in waiting]


def _notes(waiting: Sequence[Row], rows: Sequence[Row]) -> tuple[Note, ...]:
    made = sum(row["afterwards"] for row in waiting)
    first = min((row["first_due"] for row in waiting if row["first_due"]), default=None)
    none = (none_due(first.isoformat()),) if not rows and first else ()
    return (*none, *((not_counted(made),) if made else ()), ANEW)


ANALYSIS = Analysis(
    name="forecast_ledger",
    title=Text("预测复盘", "How predictions fared"),
    question=Text(
        "过去的预测准不准，模型的输入变了没有，现在的预测要不要校准？",
        "How did past predictions fare, have the models' inputs moved, and should present forecasts be corrected?",
    ),
    section="trend",
    params=Params,
    run=run,
    text=TEXT,
    reads=("predictions", "predicted_customers", "model_inputs", "purchases", "customer_facts"),
    needs=(),
    uses=JUDGED,
    order=95,
)
