"""Window of the money shown, and how long a first-time buyer is new."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Window of the money shown, and how long a first-time buyer is new."""

    window_months: int = param(12, "净销售额窗口（月）", "window of net revenue, months")
    new_days: int = param(
        0,
        "首购后多少天内为新客，0 为自动",
        "days for which a first-time buyer is new; 0: found from the data",
    )
    despite_renewal: bool = param(
        False, "疑似自动续费时仍然判断", "judge silence even where renewal looks automatic"
    )
