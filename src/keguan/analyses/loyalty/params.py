"""Months of each measurement, weights of the components, and the words that tell them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Months of each measurement, weights of the components, and the words that tell them apart."""

    window_months: int = param(12, "每次测量回看（月）", "months looked at in each measurement")
    trust: float = param(1.0, "信任的权重", "weight of trust")
    contact: float = param(1.0, "联系频率的权重", "weight of contact frequency")
    service: float = param(1.0, "服务效果的权重", "weight of service effect")
    satisfaction: float = param(1.0, "满意的权重", "weight of satisfaction")
    continuing: float = param(1.0, "继续意愿的权重", "weight of the likelihood to continue")
    trust_words: str = param(
        "信任,信赖,放心,推荐,trust,recommend", "题目含这些词之一时算信任", "words of questions about trust"
    )
    continue_words: str = param(
        "继续,续约,续费,再次购买,回购,还会,continue,renew,buy again", "题目含这些词之一时算继续意愿",
        "words of questions about going on",
    )  # fmt: skip

    def weights(self) -> Mapping[str, float]:
        """By component."""
        return {
            "trust": self.trust, "contact": self.contact, "service": self.service, "satisfaction": self.satisfaction,
            "continue": self.continuing,
        }  # fmt: skip
