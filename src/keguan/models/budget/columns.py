"""Columns of the tables, with the definitions that readers see."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

_LOW, _HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")
OBSERVED = Text("相关，非因果：投放不是随机的", "a correlation, not a cause: spend was not drawn at random")
BOOTSTRAP = Text(
    "95% 区间，残差按 8 周一段自助法 200 次", "95% interval, 200 bootstraps of residuals in blocks of 8 weeks"
)
CHANNEL = Column("channel", Text("渠道", "Channel"), "label", role="key", vocabulary="budget_name")

FIT = (
    Column("fit", Text("模型", "Model"), "label", role="key", vocabulary="budget_fit"),
    Column("weeks", Text("未见过的周数", "Unseen weeks"), "count"),
    Column("error", Text("预测误差", "Prediction error"), "money",
           note=Text("均方根误差，每段时间由其余各段学到的模型预测",
                     "root mean squared error, each block of time predicted by the others")),
    Column("gain", Text("投放减少的误差", "Error that spend takes away"), "money"),
    Column("gain_low", _LOW, "money", note=Text("95% 区间，8 周一段的自助法", "95% interval, bootstrap of blocks of 8 weeks")),
    Column("gain_high", _HIGH, "money"),
    Column("condition", Text("条件指数", "Condition index"), "number", 1,
           note=Text("30 以上的列难以分开 (Belsley 等 1980)", "from 30 on columns cannot be told apart (Belsley et al. 1980)")),
)  # fmt: skip
CHANNELS = (
    CHANNEL,
    Column("verdict", Text("处理", "What became of it"), "label", vocabulary="budget_channel"),
    Column("spent_weeks", Text("有投放的周数", "Weeks with spend"), "count"),
    Column("present", Text("现在每周投放", "Present weekly spend"), "money",
           note=Text("最近 52 周平均", "mean of the last 52 weeks")),
    Column("highest", Text("每周投放的最高 95 分位", "Highest 95th percentile of weekly spend"), "money"),
    Column("carry", Text("留到下周的比例", "Carried to the next week"), "share"),
    Column("half", Text("半饱和点（每周）", "Half saturation, weekly"), "money"),
    Column("revenue", Text("相应的每周收入", "Weekly revenue with it"), "money", note=OBSERVED),
    Column("revenue_low", _LOW, "money", note=BOOTSTRAP),
    Column("revenue_high", _HIGH, "money"),
    Column("marginal", Text("边际回报", "Marginal return"), "ratio", 2,
           note=Text("现在的水平上每多投 1，相应多出的收入；相关，非因果",
                     "revenue that goes with 1 more at the present level; a correlation, not a cause")),
    Column("marginal_low", _LOW, "ratio", 2, role="low", note=BOOTSTRAP),
    Column("marginal_high", _HIGH, "ratio", 2, role="high"),
    Column("inflation", Text("方差膨胀因子", "Variance inflation"), "number", 1, note=Text("10 以上难以与其他列分开",
        "from 10 on hard to tell from the other columns")),
)  # fmt: skip
CURVES = (
    CHANNEL,
    Column("spend", Text("每周投放", "Weekly spend"), "money", role="key"),
    Column("revenue", Text("相应的每周收入", "Weekly revenue with it"), "money", note=OBSERVED),
    Column("revenue_low", _LOW, "money", role="low", note=BOOTSTRAP),
    Column("revenue_high", _HIGH, "money", role="high"),
)  # fmt: skip
SPLIT = (
    CHANNEL,
    Column("present", Text("现在", "Present"), "money"),
    Column("equal", Text("平均", "Equal shares"), "money"),
    Column("best", Text("曲线上最优", "Best by the curves"), "money", note=OBSERVED),
    Column("lowest", Text("下限", "At least"), "money"),
    Column("highest", Text("上限", "At most"), "money",
           note=Text("不超过见过的最高 95 分位的 120%", "never beyond 120% of the highest 95th percentile seen")),
)  # fmt: skip
SPLITS = (
    Column("split", Text("分配", "Split"), "label", role="key", vocabulary="budget_split"),
    Column("spend", Text("每周投放", "Weekly spend"), "money"),
    Column("revenue", Text("相应的每周收入", "Weekly revenue with it"), "money", note=OBSERVED),
    Column("over", Text("最优的分配比它多", "The best split over it"), "money"),
    Column("over_low", _LOW, "money", role="low",
           note=Text("95% 区间，取两者较宽：曲线的不确定；按重抽的历史选出的分配在这些曲线上的表现",
                     "95% interval, the wider of two: uncertain curves; splits chosen on redrawn histories, by these curves")),
    Column("over_high", _HIGH, "money", role="high"),
    Column("proven", Text("已证实", "Proven"), "text"),
)  # fmt: skip
SENSITIVITY = (
    CHANNEL,
    Column("with_controls", Text("有控制变量的边际回报", "Marginal return with controls"), "ratio", 2),
    Column("with_low", _LOW, "ratio", 2),
    Column("with_high", _HIGH, "ratio", 2),
    Column("without", Text("没有控制变量", "Without controls"), "ratio", 2),
    Column("without_low", _LOW, "ratio", 2),
    Column("without_high", _HIGH, "ratio", 2),
)
