"""Which campaigns, their windows, and the rules by which money is counted."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param

RULES = ("last", "first", "linear", "position", "markov")


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    after_days: int = param(30, "活动结束后再看几天", "days after the end that count")
    before_days: int = param(365, "开始前几天的消费用于调整", "days before whose spend is taken out")
    top: int = param(20, "最近几个活动", "how many campaigns, the latest first")
    control: str = param("", "别的对照组名称，逗号分开", "further names of the control, with commas")
    split: str = param("", "计划比例，如 control=10,mail=90", "planned split, such as control=10,mail=90")
    known_cost: float = param(
        0.95,
        "商品成本已知的销售额达到此占比时按毛利计",
        "share of sales whose cost of goods is known from which margin counts",
    )
    attribution: str = param("last", "ROAS 用哪种归因规则", "the rule of attribution for ROAS", RULES)
    attribution_months: int = param(12, "归因看最近几个月的订单", "months whose orders are attributed")
    lookback_days: int = param(
        30, "下单之前多少天内的触点计入", "days before an order in which touches count"
    )
