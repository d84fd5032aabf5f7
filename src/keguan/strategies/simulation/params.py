"""Parameters of the simulation: whom, when, which campaigns count, and how money is counted."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param
from keguan.marts.strategy_matrix import Matrix, matrix_of

SEGMENTATIONS = (
    "rfm", "rfm_absolute", "abc_class", "lifecycle", "lifecycle_stage", "value_class", "customer_groups",
)  # fmt: skip
WINDOWS = ("silence", "tenure", "month", "weekday", "none")


@dataclass(frozen=True)
class Params:
    """Parameters of the strategy."""

    segmentation: str = param("rfm", "按哪种分群", "the segmentation", SEGMENTATIONS)
    window: str = param(
        "silence",
        "时机：距上次购买、距首次购买、活动开始的月份或星期、不分",
        "window: days since the last order (silence), since the first (tenure), month or weekday of the start, none",
        WINDOWS,
    )
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
    natural_days: int = param(
        45,
        "自然下单、每位客户金额的离散程度看几天，也是一轮测试的天数",
        "days of orders that come by themselves and of the spread of money; also the days of one round of a test",
    )
    detect_points: float = param(
        3.0,
        "费用未知时，测试要能检出几个百分点的差",
        "points of difference that a test should find where the cost is unknown",
    )
    cost_per_customer: float = param(
        0.0,
        "没有活动费用可查的方案，每接触一位客户花多少（假设；0 为未知）",
        "cost of reaching one customer for offers without a recorded cost (an assumption; 0: unknown)",
    )
    strategies: str = param(
        "",
        "策略矩阵（TOML），默认取工作区的 strategies.toml，没有则用随附的",
        "strategy matrix (TOML); default: strategies.toml of the workspace, else the shipped one",
        file="strategies.toml",
    )

    def __post_init__(self) -> None:
        """ValueError names the number that is out of range."""
        if self.segmentation not in SEGMENTATIONS or self.window not in WINDOWS:
            raise ValueError(f"segmentation {self.segmentation}, window {self.window}")
        if not 7 <= self.natural_days <= 366 or not 0.1 <= self.detect_points <= 50:
            raise ValueError(f"natural_days {self.natural_days}, detect_points {self.detect_points}")
        if not self.cost_per_customer >= 0:
            raise ValueError(f"cost_per_customer {self.cost_per_customer}")
        _ = self.matrix

    @property
    def matrix(self) -> Matrix:
        """The matrix read; UsageError says what is wrong with it."""
        return matrix_of(self.strategies)

    @property
    def controls(self) -> tuple[str, ...]:
        """Further names of the control."""
        return tuple(name for name in self.control.split(",") if name.strip())
