"""How the classes are cut, and the thresholds of the absolute table."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param

METHODS = ("median", "mean", "quintile", "own")


@dataclass(frozen=True)
class Params:
    """How the classes are cut, and the thresholds of the absolute table."""

    method: str = param("median", "分界方法", "how the cuts are made", METHODS)
    window_months: int = param(12, "F 和 M 的窗口（月）", "window of F and M, months")
    own_r: int = param(0, "自定分界：最近购买在多少天内", "own cut: last purchase within so many days")
    own_f: int = param(0, "自定分界：购买次数不少于", "own cut: purchases at least")
    own_m: float = param(0.0, "自定分界：净消费不少于", "own cut: net spend at least")
    high_r_months: int = param(3, "高价值：R 不超过（月）", "high value: R at most, months")
    high_f: int = param(5, "高价值：F 不少于", "high value: F at least")
    high_m: float = param(100_000.0, "高价值：M 不少于", "high value: M at least")
    potential_r_months: int = param(6, "潜力：R 不超过（月）", "potential: R at most, months")
    potential_f: int = param(3, "潜力：F 不少于", "potential: F at least")
    potential_m: float = param(50_000.0, "潜力：M 不少于", "potential: M at least")
    new_r_months: int = param(1, "新客户：R 不超过（月）", "new: R at most, months")
    stability: bool = param(True, "是否计算稳定性", "whether to compute stability")
    despite_renewal: bool = param(
        False, "疑似自动续费时仍然分层", "segment even where renewal looks automatic"
    )
