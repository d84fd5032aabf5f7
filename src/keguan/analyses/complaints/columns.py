"""Columns of the tables about complaints."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

Q_NOTE = Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg")
KM_NOTE = Text(
    "Kaplan-Meier 估计，未解决的按已等待的天数作截尾",
    "Kaplan-Meier; those not solved are censored at the days they have waited",
)
TICKETS = Column("tickets", Text("件数", "Tickets"), "count")
STATES = (
    Column("solved", Text("已解决", "Solved"), "count"),
    Column("unsolved", Text("未解决", "Unsolved"), "count",
           note=Text("已结案但没有解决", "closed without a solution")),
    Column("open", Text("处理中", "Still open"), "count"),
    Column("unknown", Text("状态不明", "State unknown"), "count"),
)  # fmt: skip


def timing(days: int) -> tuple[Column, ...]:
    """Share solved within so many days, and the median."""
    return (
        Column("within", Text(f"{days} 天内解决", f"Solved within {days} days"), "share", note=KM_NOTE),
        Column("within_low", Text("区间下限", "Interval from"), "share", role="low"),
        Column("within_high", Text("区间上限", "Interval to"), "share", role="high"),
        Column("median", Text("解决天数中位数", "Median days to solution"), "days"),
    )


JUDGED = (
    Column("judged", Text("已判断是否按时", "Judged in time or not"), "count"),
    Column("in_time", Text("按时答复率", "Answered in time"), "share"),
)


def summary_columns(days: int) -> tuple[Column, ...]:
    """One row a kind."""
    return (
        Column("kind", Text("类别", "Kind"), "label", role="key", vocabulary="feedback_kind"),
        Column("months", Text("窗口(月)", "Window (months)"), "count"),
        Column("days", Text("天数", "Days"), "count"),
        TICKETS,
        Column("customers", Text("客户数", "Customers"), "count"),
        *STATES,
        Column("unsolved_share", Text("结案未解决率", "Closed unsolved"), "share",
               note=Text("未解决 /（已解决 + 未解决）", "unsolved / (solved + unsolved)")),
        Column("untimed", Text("已解决但时间不明", "Solved at an unknown time"), "count"),
        *timing(days),
        *JUDGED,
        Column("in_time_low", Text("按时率下限", "In time, from"), "share", role="low"),
        Column("in_time_high", Text("按时率上限", "In time, to"), "share", role="high"),
    )  # fmt: skip


def group_columns(days: int) -> tuple[Column, ...]:
    """One row a value of a dimension."""
    return (
        Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="feedback_dimension"),
        Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
        TICKETS,
        Column("share", Text("占比", "Share"), "share"),
        *STATES,
        Column("unsolved_share", Text("结案未解决率", "Closed unsolved"), "share"),
        Column("unsolved_difference", Text("与其余相差", "Against the others"), "points"),
        Column("unsolved_low", Text("相差下限", "Difference, from"), "points",
               note=Text("Newcombe 95% 区间", "Newcombe 95% interval")),
        Column("unsolved_high", Text("相差上限", "Difference, to"), "points"),
        Column("unsolved_q", Text("未解决率 q 值", "q of closed unsolved"), "number", 4, note=Q_NOTE),
        *timing(days),
        Column("speed_z", Text("速度检验 z", "Speed, z"), "number", 2,
               note=Text("与其余比较的对数秩检验，负数为慢", "log-rank test against the others; negative is slower")),
        Column("speed_q", Text("速度 q 值", "q of speed"), "number", 4, note=Q_NOTE),
        *JUDGED,
    )  # fmt: skip


MONTH_COLUMNS = (
    Column("month", Text("月份", "Month"), "month", role="key"),
    TICKETS,
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("rate", Text("每百单投诉", "Complaints per 100 orders"), "number", 2),
    Column("unfinished", Text("月份不完整", "Month not whole"), "text", role="note"),
)
TREND_COLUMNS = (
    Column("measure", Text("口径", "Measure"), "label", role="key", vocabulary="complaint_measure"),
    Column("from_month", Text("起", "From"), "month"),
    Column("to_month", Text("止", "To"), "month"),
    Column("months", Text("月数", "Months"), "count"),
    Column("tickets", Text("件数", "Tickets"), "count"),
    Column("slope", Text("每月变化", "Change a month"), "number", 2,
           note=Text("Sen 斜率，各月两两斜率的中位数", "Sen's slope, the median over pairs of months")),
    Column("p", Text("p 值", "p"), "number", 4, note=Text("Mann-Kendall 检验", "Mann-Kendall test")),
)  # fmt: skip
CHANGE_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="feedback_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    Column("since", Text("变化起始月", "Since"), "month"),
    Column("before_n", Text("之前投诉", "Complaints before"), "count"),
    Column("before", Text("之前占比", "Share before"), "share"),
    Column("after_n", Text("之后投诉", "Complaints since"), "count"),
    Column("after", Text("之后占比", "Share since"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column("low", Text("区间下限", "Interval from"), "points", role="low",
           note=Text("Newcombe 95% 区间", "Newcombe 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Column("p", Text("p 值", "p"), "number", 4,
           note=Text("按月置换检验，已计入逐月搜索", "permutation of months, search included")),
    Column("q", Text("q 值", "q"), "number", 4, note=Q_NOTE),
)  # fmt: skip
REASON_COLUMNS = (
    Column("state", Text("状态", "State"), "label", role="key", vocabulary="ticket_state"),
    Column("reason", Text("原因或处理结果", "Reason or outcome"), "label", role="key", vocabulary="unknown"),
    TICKETS,
    Column("share", Text("占该状态", "Share of the state"), "share"),
)
CURVE_COLUMNS = (
    Column("day", Text("提出后天数", "Days since raised"), "count", role="key"),
    Column("waiting", Text("仍在等待", "Still waiting"), "count"),
    Column("solved", Text("累计已解决", "Solved by then"), "share", note=KM_NOTE),
    Column("low", Text("区间下限", "Interval from"), "share", role="low"),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)
