"""Parameters of interests and sensitivities."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param
from keguan.marts.segmentations import SEGMENTATIONS


@dataclass(frozen=True)
class Params:
    """Window, segments, and when a score counts."""

    window_months: int = param(12, "看多少个月的购买", "months of purchases looked at")
    segmentation: str = param("rfm", "按哪种分群比较", "segments to compare", choices=tuple(SEGMENTATIONS))
    least: int = param(
        3, "至少多少次购买（订单、行或 30 天）才给等级", "trials (orders, lines, 30 days) that a level needs"
    )
    new_days: int = param(60, "上市后多少天内算新品", "days after its launch that a product is new")
    odds: float = param(
        1.5, "与全体的优势比至少多大算高（倒数算低）", "odds against the base from which a score is high"
    )
    below: float = param(
        0.95, "低于参考价的多少算买得便宜", "share of the reference price below which a price is low"
    )
    categories: int = param(12, "列出多少个类目，其余为其他", "categories listed, the rest is 'other'")

    def __post_init__(self) -> None:
        """ValueError names a number out of range."""
        for name in ("window_months", "least", "new_days", "categories"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} {getattr(self, name)}")
        if self.odds <= 1 or not 0 < self.below < 1:
            raise ValueError(f"odds {self.odds}, below {self.below}")
