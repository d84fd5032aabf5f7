"""Windows in which a purchase counts as coming back."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Windows in which a purchase counts as coming back."""

    window_months: int = param(12, "复购率窗口（月）", "window of the repurchase rate, months")
    within_days: int = param(90, "首购后多少天内再次购买", "days after the first purchase")
