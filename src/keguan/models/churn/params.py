"""What a user may set of the churn model."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """The horizon, the costs that set the risk levels, the money at risk, and how long the lists are."""

    horizon_days: int = param(
        0,
        "流失期限（天），0 为取流失与留存所定的",
        "horizon of churn in days; 0: that of churn and retention",
    )
    high_miss_cost: float = param(
        1.0,
        "高风险：漏掉一位流失客户的代价是白联系一位的几倍；概率不低于 1/(1+倍数) 为高风险",
        "high risk: cost of missing a leaver over that of contacting in vain; from probability 1/(1+times) on",
    )
    medium_miss_cost: float = param(
        3.0, "中风险：同上，倍数更大则更早算作有风险", "medium risk: the same; the larger, the earlier"
    )
    money_months: int = param(12, "风险金额按几个月计", "months of money counted as at risk")
    listed: int = param(50, "名单列出多少位客户", "how many customers the lists hold")
    told: int = param(
        3, "用句子说明前几位客户的原因", "for how many customers the reasons are told in sentences"
    )

    @property
    def borders(self) -> tuple[float, float]:
        """Probabilities from which the risk is medium and high."""
        return 1 / (1 + self.medium_miss_cost), 1 / (1 + self.high_miss_cost)
