"""What is looked at, and when an answer is soon."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """What is looked at, and when an answer is soon."""

    window_months: int = param(12, "统计窗口（月）", "window, months")
    within_days: int = param(30, "按多少天内解决比较", "days within which a solution is counted")
    top: int = param(12, "每个维度列出几个取值", "values listed for each dimension")
