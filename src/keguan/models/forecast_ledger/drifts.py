"""Are the customers that a model reads now those of its last run?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from keguan.analysis import Inputs
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.population_stability import population_stability
from keguan.marts.came import LAST_INPUTS
from keguan.marts.model_inputs import COUNTED, since
from keguan.models.forecast_ledger.judged import Row
from keguan.models.forecast_ledger.params import Params


def drift_rows(inputs: Inputs, params: Params) -> list[Row]:
    """The index of each input of each model, with its verdict; under `min_n` customers none."""
    made: list[Row] = []
    for run in inputs.query(LAST_INPUTS).to_pylist():
        made += _of_run(inputs, run)
    for row, q in zip(made, benjamini_hochberg([row["p"] for row in made]), strict=True):
        row["q"] = q
        row["verdict"] = _verdict(row["psi"], q, params)
    return made


def counted(inputs: Inputs, run: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of the count of today's values in the bins of a run."""
    day = inputs.as_of
    return {
        "day": day, "since": since(day, run["inputs_within"]), "places": run["places"], "run": run["run_id"],
    }  # fmt: skip


def _of_run(inputs: Inputs, run: Mapping[str, Any]) -> list[Row]:
    rows = inputs.query(COUNTED, **counted(inputs, run)).to_pylist()
    made = []
    for feature, group in groupby(rows, key=lambda row: row["feature"]):
        bins = list(group)
        found = population_stability([row["then_in"] for row in bins], [row["now_in"] for row in bins])
        if found is None or min(found.then, found.now) < inputs.settings.min_n:
            continue
        made.append(
            {
                "model": run["model"], "feature": feature, "base_day": run["base_day"], "then": found.then,
                "now": found.now, "psi": found.index, "p": found.p,
            }
        )  # fmt: skip
    return made


def _verdict(psi: float, q: float, params: Params) -> str:
    if psi < params.moderate or q > FALSE_DISCOVERY:
        return "stable"
    return "strong" if psi >= params.strong else "moderate"


def moved(rows: Sequence[Row]) -> list[Row]:
    """Those that have moved."""
    return [row for row in rows if row["verdict"] != "stable"]
