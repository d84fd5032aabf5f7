"""What the customers of a segment are still worth: the forecast of the model of lifetime value, with its back-test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keguan.analysis import Inputs

OF = "rfm"  # the segmentation whose classes the model gives


@dataclass(frozen=True, slots=True)
class Worth:
    """Expected of the class in 12 months, in margin or revenue (`basis`); `bias`: by how much the method was off in total
    when it was tested on days that it had not seen."""

    money: Any
    basis: str
    bias: float


def worth_of(inputs: Inputs) -> Mapping[str, Worth]:
    """RFM class -> its worth; none where the model forecasts nothing, or nothing for so few."""
    result = inputs.result("clv")
    setting = next(iter(result.table("settings")), None) if result.has("settings") else None
    if setting is None or not result.has("groups") or not result.has("backtest"):
        return {}
    tested = result.table("backtest").find({"method": setting["method"]})
    if tested is None or tested["bias"] is None:
        return {}
    return {
        row["label"]: Worth(row["clv_12"], str(setting["basis"]), float(tested["bias"]))
        for row in result.table("groups")
        if row["mean"] is not None and row["clv_12"] is not None and row["clv_12"] > 0
    }
