"""Parameters of the matching of strategies."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param
from keguan.marts.strategy_matrix import Matrix, matrix_of
from keguan.schema.terms.segmentation import SEGMENTATIONS


@dataclass(frozen=True)
class Params:
    """The matrix, the segmentations shown, the window, and what a test of a strategy should find."""

    segmentations: str = param(
        "rfm,lifecycle,lifecycle_stage,abc_class,customer_groups",
        "给出哪些分群的策略，逗号分开；自定义分群总在其后（可加 clusters）",
        "segmentations that are shown, with commas; own segments always follow (clusters may be added)",
    )
    window_months: int = param(
        12, "金额、投诉与渠道的窗口（月）", "window of money, complaints and channels, months"
    )
    natural_days: int = param(90, "自然下单占比看几天", "days of the share who order by themselves")
    detect_points: float = param(
        3.0, "留出对照组要能检出几个百分点的差", "points of difference that a holdout should find"
    )
    themes: bool = param(
        True, "用上反馈主题（要读全部反馈文本）", "use themes of feedback (all texts of feedback are read)"
    )
    strategies: str = param(
        "",
        "策略矩阵（TOML），默认取工作区的 strategies.toml，没有则用随附的",
        "strategy matrix (TOML); default: strategies.toml of the workspace, else the shipped one",
        file="strategies.toml",
    )

    def __post_init__(self) -> None:
        """ValueError names a segmentation that there is none of, or a number out of range."""
        if unknown := [name for name in self.shown if name not in SEGMENTATIONS]:
            raise ValueError(f"{', '.join(unknown)}: {', '.join(SEGMENTATIONS)}")
        if not 1 <= self.window_months <= 60 or not 7 <= self.natural_days <= 366:
            raise ValueError(f"window_months {self.window_months}, natural_days {self.natural_days}")
        if not 0.1 <= self.detect_points <= 50:
            raise ValueError(f"detect_points {self.detect_points}")
        _ = self.matrix

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the segmentations, each once."""
        return tuple(dict.fromkeys(name.strip() for name in self.segmentations.split(",") if name.strip()))

    @property
    def matrix(self) -> Matrix:
        """The matrix read; UsageError says what is wrong with it."""
        return matrix_of(self.strategies)
