"""Parameters of the analysis."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    months: int = param(
        12,
        "本期几个月，与之前同样长的期间比较；数据不足时自动缩短",
        "months of the period, compared with as many before; fewer when the data are short",
    )
    most: int = param(
        12, "逐个列出几个渠道，其余合为「其他」", "how many channels by name, the rest as 'other'"
    )
