"""Parameters and limits of the cohort analysis."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param

ALL, OTHER = "全部", "其他"
HORIZONS = (3, 6, 12, 24)
MAPPED = 24  # cohorts and months of the heat map
TOLD = (1, 3, 12)  # months of the curve that become sentences
MOST_CHANNELS = 12


@dataclass(frozen=True)
class Params:
    cohorts: int = param(60, "最多显示最近多少个月的队列", "at most this many latest monthly cohorts")
    within_days: int = param(
        90, "首单后多少天内的再次下单算二购", "a further order within these days is a second purchase"
    )
    skip_first: int = param(
        3, "检验与合并曲线不用数据最初几个月的队列（其中混有老客户）",
        "first months of data left out of tests and the pooled curve (old customers hide among their new ones)",
    )  # fmt: skip
