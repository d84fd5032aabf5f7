"""Columns of the tables on segments over time."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import P, Q
from keguan.result import Column

OTHER = "其他"
ALL = "全部"

DAY = Column("day", Text("期末", "Period end"), "date", role="key")
REGION = Column("region", Text("地区", "Region"), "label", role="key", vocabulary="unknown")
MARKS = (
    Column(
        "unfinished", Text("期间未结束", "Period not over"), "text",
        note=Text("未结束的期间不与整期比较", "an unfinished period is not compared with whole ones"),
    ),
    Column(
        "whole", Text("窗口完整", "Whole window"), "text",
        note=Text("金额窗口的起点在数据开始之后", "the window of money begins after the data do"),
    ),
)  # fmt: skip
SIZES = (
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("of_customers", Text("分母", "Of customers"), "count"),
)
SHARE = Column("share", Text("客户占比", "Share of customers"), "share")
MONEY = Column("net_revenue", Text("净销售额", "Net revenue"), "money")


def label(vocabulary: str | None) -> Column:
    """The segment."""
    return Column("label", Text("分群", "Segment"), "label", role="key", vocabulary=vocabulary)


def shares(vocabulary: str | None) -> tuple[Column, ...]:
    """End x segment."""
    revenue_share = Column("revenue_share", Text("净销售额占比", "Revenue share"), "share")
    buying = Column("buying", Text("仍在购买的客户", "Customers still buying"), "count")
    active_share = Column(
        "active_share", Text("占仍在购买的客户", "Share of customers still buying"), "share",
        note=Text(
            "不含窗口内无订单、无净消费、流失、挽留等：他们的人数随历史变长而累积，检验用本列",
            "without those with no order in the window, lost and the like, who pile up with the length of the history; "
            "this column is tested",
        ),
    )  # fmt: skip
    return (DAY, label(vocabulary), *MARKS, *SIZES, SHARE, buying, active_share, MONEY, revenue_share)


def regions(vocabulary: str | None) -> tuple[Column, ...]:
    """End x segment x region."""
    return (DAY, label(vocabulary), REGION, *MARKS, *SIZES, MONEY, SHARE)


def trends(vocabulary: str | None) -> tuple[Column, ...]:
    """One tested series: a segment's share of customers or of money, or a region's share of a segment."""
    return (
        label(vocabulary),
        Column("measure", Text("指标", "Measure"), "label", role="key", vocabulary="segment_measure"),
        REGION,
        Column("from_day", Text("自", "From"), "date"),
        Column("to_day", Text("至", "To"), "date"),
        Column("n", Text("期末客户数", "Customers at the end"), "count"),
        Column("first", Text("期初占比", "Share at first"), "share"),
        Column("last", Text("期末占比", "Share at last"), "share"),
        Column("change", Text("变化", "Change"), "points"),
        Column("low", Text("区间下限", "Interval from"), "points", role="low"),
        Column("high", Text("区间上限", "Interval to"), "points", role="high"),
        P,
        Q,
    )
