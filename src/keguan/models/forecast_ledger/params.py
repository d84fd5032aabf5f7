"""How far back the ledger looks, and from which index on inputs count as moved."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param
from keguan.evidence.statistics.population_stability import MODERATE, STRONG


@dataclass(frozen=True)
class Params:
    """How much of the past is judged, and the borders of drift."""

    looked_at: int = param(
        120, "每个预测量最多复盘最近多少条", "how many of the latest predictions of each quantity are judged"
    )
    counted: int = param(
        12,
        "流失预测最多按客户复盘最近多少条",
        "how many of the latest predictions of churn are counted by customer",
    )
    moderate: float = param(MODERATE, "PSI 从多少起为中度变化", "index from which inputs have moved")
    strong: float = param(STRONG, "PSI 从多少起为显著变化", "index from which they have moved far")
