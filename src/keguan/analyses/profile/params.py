"""Parameters of the profile."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param
from keguan.marts.age_bands import DEFAULT_BANDS, Band, age_bands


@dataclass(frozen=True)
class Params:
    """Bands, windows, and who counts as having high purchasing power."""

    age_bands: str = param(
        DEFAULT_BANDS,
        "年龄段，如 18-23,24-28,29-35,36+，或 3-year",
        "age bands, such as 18-23,24-28,29-35,36+, or 3-year",
    )
    window_months: int = param(12, "净销售额所看的月数", "months of net revenue looked at")
    regions: int = param(
        12, "交叉表列出的地区数，其余为其他", "regions of the cross table, the rest is 'other'"
    )
    min_cell: int = param(
        5, "少于这么多客户的组合合并为一行", "combinations of fewer customers become one row"
    )
    max_values: int = param(
        20,
        "每个特征列出的取值数；属性的取值更多时不作特征",
        "values of a trait; attributes with more are no traits",
    )
    max_attributes: int = param(20, "最多看几个客户属性", "customer attributes looked at")
    power: str = param(
        "top", "高购买力客户：top 为净消费最高的一部分，abc 为 A 类", "high purchasing power: top spenders, or class A",
        choices=("top", "abc"),
    )  # fmt: skip
    top_share: float = param(0.2, "净消费最高的一部分占多少", "share of customers that counts as top")
    min_difference: float = param(
        0.2,
        "差异至少多大才写成句子（0.2 即高或低 20%）",
        "relative difference that a sentence needs (0.2: 20 %)",
    )

    def __post_init__(self) -> None:
        """ValueError names the text that is no list of age bands, or a number out of range."""
        age_bands(self.age_bands)
        if not 0 < self.top_share < 1:
            raise ValueError(f"top_share {self.top_share}")
        for name in ("window_months", "regions", "min_cell", "max_values"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} {getattr(self, name)}")

    @property
    def bands(self) -> tuple[Band, ...]:
        """The age bands."""
        return age_bands(self.age_bands)
