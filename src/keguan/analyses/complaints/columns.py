"""Columns of the tables about complaints."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import RATE_SHIFT
from keguan.marts.ticket_columns import DIMENSION, VALUE, WINDOW, TicketColumns
from keguan.result import Column

WORDS = TicketColumns(
    tickets=Text("件数", "Tickets"),
    solved=Text("已解决", "Solved"),
    unsolved=Text("未解决", "Unsolved"),
    unsolved_note=Text("已结案但没有解决", "closed without a solution"),
    unsolved_share=Text("结案未解决率", "Closed unsolved"),
    unsolved_q=Text("未解决率 q 值", "q of closed unsolved"),
    done=Text("解决", "Solved"),
    to_done="solution",
    not_done=Text("未解决", "not solved"),
)
TICKETS = WORDS.count


JUDGED = (
    Column("judged", Text("已判断是否按时", "Judged in time or not"), "count"),
    Column("in_time", Text("按时答复率", "Answered in time"), "share"),
)


def summary_columns(days: int) -> tuple[Column, ...]:
    """One row a kind."""
    return (
        *WINDOW,
        TICKETS,
        Column("customers", Text("客户数", "Customers"), "count"),
        *WORDS.states,
        Column("unsolved_share", WORDS.unsolved_share, "share",
               note=Text("未解决 /（已解决 + 未解决）", "unsolved / (solved + unsolved)")),
        Column("untimed", Text("已解决但时间不明", "Solved at an unknown time"), "count"),
        *WORDS.timing(days),
        *JUDGED,
        Column("in_time_low", Text("按时率下限", "In time, from"), "share", role="low"),
        Column("in_time_high", Text("按时率上限", "In time, to"), "share", role="high"),
    )  # fmt: skip


def group_columns(days: int) -> tuple[Column, ...]:
    """One row a value of a dimension."""
    return WORDS.groups(days, JUDGED)


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
    DIMENSION,
    VALUE,
    Column("since", Text("变化起始月", "Since"), "month"),
    Column("before_n", Text("之前投诉", "Complaints before"), "count"),
    Column("before", Text("之前占比", "Share before"), "share"),
    Column("after_n", Text("之后投诉", "Complaints since"), "count"),
    Column("after", Text("之后占比", "Share since"), "share"),
    *RATE_SHIFT,
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
    Column("solved", Text("累计已解决", "Solved by then"), "share", note=WORDS.estimate),
    Column("low", Text("区间下限", "Interval from"), "share", role="low"),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)
