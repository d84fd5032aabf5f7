"""Parameters, and the two periods that a run compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from keguan.analyses.revenue_bridge.columns import PERIOD_COLUMNS
from keguan.analysis import Inputs, param
from keguan.core.period import Span, day_months_back, span_ending
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.marts.metrics import FIRST_DAY_SQL
from keguan.marts.revenue_movement import CHANGE_SQL
from keguan.result import Note, Table

PERIODS = (12, 6, 3, 1)  # months tried in turn: the longest that fits twice into the data


@dataclass(frozen=True)
class Params:
    months: int = param(
        0, "每期月数；0 表示数据容得下两期的最长者（12, 6, 3, 1）",
        "months per period; 0 takes the longest of 12, 6, 3, 1 that fits twice into the data",
    )  # fmt: skip
    against: str = param(
        "previous", "与上一期还是去年同期比较", "compare with the period before or with a year ago",
        ("previous", "last_year"),
    )  # fmt: skip
    mix_by: str = param(
        "auto", "结构效应按首单渠道或首单地区", "mix by the channel or the region of the first order",
        ("auto", "channel", "region"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Periods:
    """The period and the one it is compared with."""

    now: Span
    before: Span

    @property
    def days(self) -> dict[str, Any]:
        """The parameters of the queries."""
        return {
            "first": self.now.first, "last": self.now.last,
            "base_first": self.before.first, "base_last": self.before.last,
        }  # fmt: skip


def first_order_day(inputs: Inputs) -> date | None:
    rows = inputs.query(FIRST_DAY_SQL).to_pylist()
    day: date | None = rows[0]["day"]
    return day


def history_note(first_day: date) -> Note:
    return Note(
        Text(
            f"数据从 {first_day} 开始：更早买过、上期没买的客户会被记为新客户",
            f"The data begin on {first_day}: customers who bought only before that count as new",
        )
    )


def compared_periods(inputs: Inputs, params: Params, first_day: date) -> Periods | None:
    for months in (params.months,) if params.months else PERIODS:
        back = 12 if params.against == "last_year" else months
        now, before = (
            span_ending(inputs.as_of, months),
            span_ending(day_months_back(inputs.as_of, back), months),
        )
        if before.first + timedelta(days=3) >= first_day and before.last < now.first:
            return Periods(now, before)
    return None


def period_note(periods: Periods) -> Text:
    now, before = span_name(periods.now), span_name(periods.before)
    return Text(
        f"本期 {now}，上期 {before}；净销售额 = 销售额 - 退货，各计入自己的日期",
        f"Current period {now}, previous {before}; net revenue = gross - returns, each on its own day",
    )


def period_table(inputs: Inputs, periods: Periods, row: Mapping[str, Any]) -> Table:
    rows = [
        {
            "period": "previous", "first": periods.before.first, "last": periods.before.last,
            "days": span_name(periods.before),
            "customers": row["base_customers"], "net_revenue": row["base_revenue"],
        },
        {
            "period": "current", "first": periods.now.first, "last": periods.now.last,
            "days": span_name(periods.now),
            "customers": row["customers"], "net_revenue": row["revenue"],
        },
    ]  # fmt: skip
    return inputs.computed(
        "periods", Text("比较的两期", "The two periods"), PERIOD_COLUMNS, ("period",), rows,
        method="revenue_bridge.periods", sql=CHANGE_SQL, **periods.days,
    )  # fmt: skip
