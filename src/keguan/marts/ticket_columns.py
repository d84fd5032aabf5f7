"""Columns of tables about tickets (`marts.tickets`): states, time, and each group against the others.

Complaints are solved and enquiries answered; what else the columns say is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keguan.core.text import Text
from keguan.marts.change_columns import Q_NOTE
from keguan.result import Column

KIND = Column("kind", Text("类别", "Kind"), "label", role="key", vocabulary="feedback_kind")
WINDOW = (
    KIND,
    Column("months", Text("窗口（月）", "Window (months)"), "count"),
    Column("days", Text("天数", "Days"), "count"),
)
DIMENSION = Column(
    "dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="feedback_dimension"
)
VALUE = Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown")


@dataclass(frozen=True, slots=True)
class TicketColumns:
    """How the columns are named for one kind of tickets.

    `done`: what becomes of a ticket within days (解决, 'Solved'); `to_done`: the end of 'median days to ...';
    `not_done`: those that wait.
    """

    tickets: Text
    solved: Text
    unsolved: Text
    unsolved_share: Text
    unsolved_q: Text
    done: Text
    to_done: str
    not_done: Text
    unsolved_note: Text | None = None

    @property
    def count(self) -> Column:
        """How many tickets."""
        return Column("tickets", self.tickets, "count")

    @property
    def states(self) -> tuple[Column, ...]:
        """How many in each state."""
        return (
            Column("solved", self.solved, "count"),
            Column("unsolved", self.unsolved, "count", note=self.unsolved_note),
            Column("open", Text("处理中", "Still open"), "count"),
            Column("unknown", Text("状态不明", "State unknown"), "count"),
        )

    @property
    def estimate(self) -> Text:
        """How shares by time are estimated."""
        return Text(
            f"Kaplan-Meier 估计，{self.not_done.zh}的按已等待的天数作截尾",
            f"Kaplan-Meier; those {self.not_done.en} are censored at the days they have waited",
        )

    def timing(self, days: int) -> tuple[Column, ...]:
        """Share done within so many days, and the median."""
        within = Text(f"{days} 天内{self.done.zh}", f"{self.done.en} within {days} days")
        median = Text(f"{self.done.zh}天数中位数", f"Median days to {self.to_done}")
        return (
            Column("within", within, "share", note=self.estimate),
            Column("within_low", Text("区间下限", "Interval from"), "share", role="low"),
            Column("within_high", Text("区间上限", "Interval to"), "share", role="high"),
            Column("median", median, "days"),
        )

    def groups(self, days: int, more: Sequence[Column] = ()) -> tuple[Column, ...]:
        """One row a value of a dimension: states and time, each against the others."""
        return (
            DIMENSION, VALUE, self.count, Column("share", Text("占比", "Share"), "share"), *self.states,
            Column("unsolved_share", self.unsolved_share, "share"),
            Column("unsolved_difference", Text("与其余相差", "Against the others"), "points"),
            Column("unsolved_low", Text("相差下限", "Difference, from"), "points",
                   note=Text("Newcombe 95% 区间", "Newcombe 95% interval")),
            Column("unsolved_high", Text("相差上限", "Difference, to"), "points"),
            Column("unsolved_q", self.unsolved_q, "number", 4, note=Q_NOTE),
            *self.timing(days),
            Column("speed_z", Text("速度检验 z", "Speed, z"), "number", 2,
                   note=Text("与其余比较的对数秩检验，负数为慢", "log-rank test against the others; negative is slower")),
            Column("speed_q", Text("速度 q 值", "q of speed"), "number", 4, note=Q_NOTE),
            *more,
        )  # fmt: skip
