"""What the present forecasts would be without the bias that was found: models are fitted anew on the newest data in
each run, and a bias that stays is named beside what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analysis import Inputs
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.calibration_in_the_large import odds_factor
from keguan.marts.came import PROBABILITIES, UNITS
from keguan.models.forecast_ledger.calibration import COUNTED, latest_runs
from keguan.models.forecast_ledger.judged import ALL, Row
from keguan.result import Forecast, Relation

SHIFTED = """
SELECT label, CAST(sum(CAST(p * {factor} / (1 - p + p * {factor}) AS DECIMAL(18, 6))) AS DOUBLE) AS expected
FROM (SELECT label, CAST(score AS DOUBLE) AS p FROM ({customers}) c) s GROUP BY label
"""


def corrected(
    inputs: Inputs,
    fared: Sequence[Row],
    record: Sequence[Row],
    calibrated: Sequence[Row],
    judged: Sequence[str],
) -> list[Row]:
    """Present forecasts of quantities with a proven bias. `judged`: models that may be asked for their Result."""
    made: list[Row] = []
    for row in record:
        if row["model"] in judged and row.get("bias_q", 1.0) <= FALSE_DISCOVERY and row["part"] == ALL:
            made += _scaled(inputs, row)
    for run in latest_runs(fared):
        model = run[0]["model"]
        whole = next(row for row in calibrated if row["model"] == model and row["part"] == ALL)
        if model in judged and whole["q"] <= FALSE_DISCOVERY:
            made += _shifted(inputs, run)
    return made


def _present(inputs: Inputs, model: str, quantity: str) -> list[Forecast]:
    said = inputs.result(model).foresight
    return [item for item in said.forecasts if item.quantity == quantity] if said else []


def _row(model: str, item: Forecast, value: float) -> Row:
    return {
        "model": model, "quantity": item.quantity, "part": item.group or ALL, "from_day": item.from_day,
        "due_day": item.due_day, "predicted": item.predicted, "corrected": value,
        "unit": UNITS.get(item.quantity, "number"),
    }  # fmt: skip


def _scaled(inputs: Inputs, row: Mapping[str, Any]) -> list[Row]:
    factor = 1 / (1 + row["bias"])
    told = _present(inputs, row["model"], row["quantity"])
    return [_row(row["model"], item, item.predicted * factor) for item in told if not item.group]


def _shifted(inputs: Inputs, run: Sequence[Row]) -> list[Row]:
    model, left = run[0]["model"], int(sum(row["actual"] for row in run))
    said = inputs.query(PROBABILITIES, run=run[0]["run_id"]).to_pylist()
    factor = odds_factor([(row["probability"], row["customers"]) for row in said], left)
    present = inputs.result(model).foresight
    if factor is None or present is None or present.customers is None:
        return []
    expected = _expected(inputs, present.customers, factor)
    told = _present(inputs, model, COUNTED)
    return [_row(model, item, expected[item.group]) for item in told if item.group in expected]


def _expected(inputs: Inputs, customers: Relation, factor: float) -> dict[str, float]:
    sql = SHIFTED.format(factor=repr(round(factor, 9)), customers=customers.sql)
    rows = inputs.query(sql, **dict(customers.params)).to_pylist()
    return {row["label"]: row["expected"] for row in rows}
