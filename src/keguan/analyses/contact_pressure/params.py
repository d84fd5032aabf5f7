"""Over which days contacts are counted, and how long one waits for what follows."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Over which days contacts are counted, and how long one waits for what follows."""

    window_months: int = param(12, "统计窗口（月）", "window, months")
    dose_days: int = param(
        84, "按多少天内的触达次数分档", "days over which contacts are counted for the doses"
    )
    outcome_days: int = param(28, "其后观察多少天", "days observed after them")
    top: int = param(12, "每个维度列出几个取值", "values listed for each dimension")
