"""What a user may set of an uplift."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param
from keguan.models.uplift.held_out import Stakes


@dataclass(frozen=True)
class Params:
    """The campaign and its arms, the outcome, what contacts bring and cost."""

    campaign: str = param(
        "",
        "活动编号，空为最近一个有对照组且已结束的",
        "campaign id; empty: the latest one over that has a control",
    )
    arm: str = param("", "实验组名称，空为人数最多的一个", "name of the treated arm; empty: the largest")
    control: str = param("", "别的对照组名称，逗号分开", "further names of the control, with commas")
    metric: str = param(
        "conversion", "结果：conversion 是否下单，spend 净消费", "outcome: conversion (ordered) or spend (net)",
        ("conversion", "spend"),
    )  # fmt: skip
    after_days: int = param(30, "活动结束后再看几天", "days after the end that count")
    margin: float = param(
        0.0, "结果每多 1 值多少（每单毛利，或净消费中的毛利率），0 为不知道",
        "what an outcome of 1 more is worth (margin of an order, or of each yuan spent); 0: not known",
    )  # fmt: skip
    contact_cost: float = param(0.0, "接触一位的成本", "cost of one contact")
    depth: float = param(0.0, "接触比例；0 为按收益选定，没有单位收益时为 0.3",
        "share to contact; 0: chosen by profit, 0.3 without a margin")  # fmt: skip
    seed: int = param(1, "随机种子", "seed")

    @property
    def stakes(self) -> Stakes:
        """Margin, cost and depth, those not set as None."""
        return Stakes(
            self.margin if self.margin > 0 else None,
            self.contact_cost,
            self.depth if 0 < self.depth <= 1 else None,
        )
