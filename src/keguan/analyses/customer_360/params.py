"""Parameters of the view of one customer."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Whom it is about, and how much is shown."""

    customer: str = param("", "客户编号，或 #账户号", "customer id, or #account number")
    timeline: int = param(50, "时间线最多列出多少行", "rows of the timeline")
    history: int = param(4, "回看几个季度末的分群", "quarter ends at which segments are shown")
    show_personal: bool = param(False, "显示个人信息（默认遮盖）", "show personal data (masked by default)")

    outlook: bool = param(
        True,
        "给出模型预测的价值与流失概率（要拟合模型）",
        "the models' value and probability of churn (models are fitted)",
    )

    strategies: str = param(
        "",
        "策略矩阵（TOML），默认取工作区的 strategies.toml，没有则用随附的",
        "strategy matrix (TOML); default: strategies.toml of the workspace, else the shipped one",
        file="strategies.toml",
    )

    def __post_init__(self) -> None:
        """ValueError names a number out of range."""
        if not 1 <= self.timeline <= 10_000 or not 0 <= self.history <= 12:
            raise ValueError(f"timeline {self.timeline}, history {self.history}")
