"""Columns of the tables of the funnel."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

STEP_NO = Column("no", Text("序号", "No."), "count", role="key")
STEP = Column("step", Text("步骤", "Step"), "text")
NEXT = Column("next_step", Text("下一步", "Next step"), "text")
DIMENSION = Column(
    "dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="journey_dimension"
)
VALUE = Column("value", Text("取值", "Value"), "label", role="key", vocabulary="journey_value")
REACHED = Column("units", Text("到达数", "Reached"), "count")
WENT_ON = Column("went_on", Text("进入下一步", "Went on"), "count")
RATE = Column("rate", Text("转化率", "Conversion"), "share")
LOW = Column(
    "low",
    Text("区间下限", "Interval from"),
    "share",
    role="low",
    note=Text("Wilson 95% 区间", "Wilson 95% interval"),
)
HIGH = Column("high", Text("区间上限", "Interval to"), "share", role="high")
Q = Column(
    "q", Text("q 值", "q"), "number", 4,
    note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg"),
)  # fmt: skip

STEP_COLUMNS = (
    STEP_NO,
    STEP,
    REACHED,
    Column(
        "logged", Text("本步有记录", "Logged"), "count",
        note=Text("其余由后面的步骤推得", "the others are known by a later step"),
    ),
    Column("share", Text("占进入者", "Share of entrants"), "share"),
    Column("rate", Text("由上一步转化", "From the step before"), "share"),
    LOW,
    HIGH,
    Column("lost", Text("在上一步流失", "Lost before it"), "count"),
    Column(
        "minutes", Text("到达用时中位数（分钟）", "Median minutes to it"), "number", 1,
        note=Text(
            "由第一个事件到本步第一次记录；超过 10 万个时按其中一部分计算",
            "from the first event to the first one of the step; above 100,000 from a part of them",
        ),
    ),
)  # fmt: skip

GROUP_COLUMNS = (
    STEP_NO,
    STEP,
    NEXT,
    DIMENSION,
    VALUE,
    REACHED,
    WENT_ON,
    RATE,
    LOW,
    HIGH,
    Column("rest_rate", Text("其余的转化率", "Conversion of the others"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column(
        "difference_low", Text("差的区间下限", "Difference from"), "points", role="low",
        note=Text(
            "Newcombe 95% 区间，按重复访客缩小样本",
            "Newcombe 95% interval, sizes reduced for visitors who come again",
        ),
    ),
    Column("difference_high", Text("差的区间上限", "Difference to"), "points", role="high"),
    Q,
)  # fmt: skip

WEEK_COLUMNS = (
    STEP_NO,
    STEP,
    NEXT,
    Column("value", Text("设备", "Device"), "label", role="key", vocabulary="unknown"),
    Column("week", Text("周（周一）", "Week (Monday)"), "date", role="key"),
    REACHED,
    WENT_ON,
    RATE,
    LOW,
    HIGH,
)

INCIDENT_COLUMNS = (
    Column("incident", Text("编号", "No."), "count", role="key"),
    STEP,
    NEXT,
    Column("dimension", Text("维度", "Dimension"), "label", vocabulary="journey_dimension"),
    Column("value", Text("对象", "For whom"), "label", vocabulary="journey_value"),
    Column("dimension_2", Text("维度二", "Dimension 2"), "label", vocabulary="journey_dimension"),
    Column("value_2", Text("对象二", "For whom 2"), "label", vocabulary="journey_value"),
    Column("first_day", Text("自", "From"), "date"),
    Column("last_day", Text("至", "To"), "date"),
    Column("units", Text("期间到达数", "Reached in the spell"), "count"),
    Column("went_on", Text("期间进入下一步", "Went on in the spell"), "count"),
    Column("rate", Text("期间转化率", "Conversion in the spell"), "share"),
    Column("usual_units", Text("其余时间到达数", "Reached otherwise"), "count"),
    Column("usual_rate", Text("其余时间转化率", "Conversion otherwise"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column(
        "low", Text("区间下限", "Interval from"), "points", role="low",
        note=Text(
            "Newcombe 95% 区间，样本按波动缩小；时段是挑选出来的，区间未计入挑选",
            "Newcombe 95% interval, sizes reduced for scatter; it does not allow for having picked the spell",
        ),
    ),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Column(
        "shortfall", Text("与平时相差的次数", "Apart from the usual number"), "count",
        note=Text("|期间到达数 × 其余时间转化率 − 实际|", "|reached in the spell x conversion otherwise - actual|"),
    ),
    Column("change", Text("变化", "Change"), "label", vocabulary="journey_change"),
    Column(
        "strength", Text("强度", "Strength"), "number", 2,
        note=Text("对数似然比，除以波动的放大倍数", "log likelihood ratio over the widening of scatter"),
    ),
    Q,
)  # fmt: skip

WHOM_COLUMNS = (
    Column("incident", Text("编号", "No."), "count", role="key"),
    DIMENSION,
    VALUE,
    Column("units", Text("期间到达数", "Reached in the spell"), "count"),
    Column("rate", Text("期间转化率", "Conversion in the spell"), "share"),
    Column("usual_units", Text("其余时间到达数", "Reached otherwise"), "count"),
    Column("usual_rate", Text("其余时间转化率", "Conversion otherwise"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Q,
)
