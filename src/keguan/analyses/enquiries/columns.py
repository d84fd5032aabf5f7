"""Columns of the tables of enquiries and suggestions."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.ticket_columns import WINDOW, TicketColumns
from keguan.result import Column

WORDS = TicketColumns(
    tickets=Text("件数", "Number"),
    solved=Text("已答复解决", "Answered"),
    unsolved=Text("结案未解决", "Closed without an answer"),
    unsolved_share=Text("结案未解决率", "Closed without an answer, share"),
    unsolved_q=Text("未解决率 q 值", "q of closed without an answer"),
    done=Text("答复", "Answered"),
    to_done="an answer",
    not_done=Text("未答复", "not answered"),
)


def summary_columns(days: int) -> tuple[Column, ...]:
    """One row a kind."""
    return (*WINDOW, WORDS.count, *WORDS.states, *WORDS.timing(days))


def group_columns(days: int) -> tuple[Column, ...]:
    """One row a value of a dimension."""
    return WORDS.groups(days)


SUGGESTION_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="suggestion_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    Column("suggestions", Text("建议", "Suggestions"), "count"),
    Column("closed", Text("已答复", "Answered"), "count"),
    Column("answered", Text("答复率", "Share answered"), "share"),
    Column("adopted", Text("采纳", "Adopted"), "count"),
    Column("rate", Text("采纳率", "Share adopted"), "share",
           note=Text("占全部建议，未答复的算未采纳", "of all suggestions; those without an answer are not adopted yet")),
    Column("low", Text("区间下限", "Interval from"), "share", role="low",
           note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip
