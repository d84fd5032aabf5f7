"""What a user may set of a budget."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """The weekly total, how many channels, the history, the seed."""

    total: float = param(0.0, "每周总预算，0 为现在的总额", "weekly total; 0: the present one")
    top: int = param(
        8, "看投放最多的几个渠道，其余合并", "how many channels, by spend; the others are put together"
    )
    weeks: int = param(208, "至多用最近多少周", "at most so many weeks, the latest")
    seed: int = param(1, "随机种子", "seed")
