"""Parameters of the target group index."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param
from keguan.marts.age_bands import DEFAULT_BANDS, Band, age_bands
from keguan.marts.segmentations import SEGMENTATIONS


@dataclass(frozen=True)
class Params:
    """Which segments, which traits, and how large a difference is worth a sentence."""

    segmentation: str = param("rfm", "按哪种分群比较", "segments to compare", choices=tuple(SEGMENTATIONS))
    age_bands: str = param(
        DEFAULT_BANDS,
        "年龄段，如 18-23,24-28,29-35,36+，或 3-year",
        "age bands, such as 18-23,24-28,29-35,36+, or 3-year",
    )
    max_values: int = param(
        20,
        "每个特征列出的取值数；属性的取值更多时不作特征",
        "values of a trait; attributes with more are no traits",
    )
    max_attributes: int = param(20, "最多看几个客户属性", "customer attributes looked at")
    min_difference: float = param(
        20.0, "TGI 离 100 至少多远才写成句子", "distance of the index from 100 that a sentence needs"
    )

    def __post_init__(self) -> None:
        """ValueError names the text that is no list of age bands, or a number out of range."""
        age_bands(self.age_bands)
        if self.max_values < 1 or self.max_attributes < 0:
            raise ValueError(f"max_values {self.max_values}, max_attributes {self.max_attributes}")

    @property
    def bands(self) -> tuple[Band, ...]:
        """The age bands."""
        return age_bands(self.age_bands)
