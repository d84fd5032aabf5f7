"""Day first or month first: decided by the rows, by the user, or asked; never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keguan.core.text import Text
from keguan.mapping.dates import AMBIGUOUS
from keguan.mapping.model import DateOrder, Doubt, Question
from keguan.mapping.profile import ColumnProfile

_CLEAR = 0.99  # share of telling rows that must agree when a few contradict


@dataclass(frozen=True)
class DateOrders:
    """The order of each column written like 3/4/2024 (by position), with what is doubtful or open."""

    orders: dict[int, DateOrder] = field(default_factory=dict)
    reasons: dict[int, Text] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    questions: tuple[Question, ...] = ()


def date_orders(columns: Sequence[ColumnProfile], hint: DateOrder | None) -> DateOrders:
    """The date order of every used column that needs one.

    A column's own rows decide; else the order of another date column of the file; else the hint; else
    it is a question with the exact option.
    """
    found = DateOrders()
    doubts: list[Doubt] = []
    questions: list[Question] = []
    needing = [column for column in columns if any(form == AMBIGUOUS for form, _ in column.dates)]
    for column in needing:
        if (order := _by_rows(column)) is not None:
            found.orders[column.position] = order
            found.reasons[column.position] = _row_reason(column, order)
            doubts.extend(_contradictions(column, order, hint))
    others = set(found.orders.values())
    for column in needing:
        if column.position in found.orders:
            continue
        if hint is not None:
            found.orders[column.position] = hint
            found.reasons[column.position] = Text("由 --date-order 指定", "given by --date-order")
        elif len(others) == 1 and not _mixed(column):
            found.orders[column.position] = next(iter(others))
            found.reasons[column.position] = Text(
                "与本文件其他日期列的顺序相同", "same order as the other dates of the file"
            )
        else:
            questions.append(_question(column))
    return DateOrders(found.orders, found.reasons, tuple(doubts), tuple(questions[:1]))


def _by_rows(column: ColumnProfile) -> DateOrder | None:
    evidence = column.date_order
    if evidence is None:
        return None
    day, month = evidence.day_first_only, evidence.month_first_only
    if day + month == 0 or max(day, month) < _CLEAR * (day + month):
        return None
    return "day" if day > month else "month"


def _mixed(column: ColumnProfile) -> bool:
    evidence = column.date_order
    return bool(evidence and evidence.day_first_only and evidence.month_first_only)


def _row_reason(column: ColumnProfile, order: DateOrder) -> Text:
    evidence = column.date_order
    assert evidence is not None
    if order == "day":
        return Text(
            f"日在前：{evidence.day_first_only:,} 行只能这样读（第一个数大于 12）",
            f"day first: {evidence.day_first_only:,} rows can only be read so (first number above 12)",
        )
    return Text(
        f"月在前：{evidence.month_first_only:,} 行只能这样读（第二个数大于 12）",
        f"month first: {evidence.month_first_only:,} rows can only be read so (second number above 12)",
    )


def _contradictions(column: ColumnProfile, order: DateOrder, hint: DateOrder | None) -> list[Doubt]:
    evidence = column.date_order
    assert evidence is not None
    found = []
    against = evidence.month_first_only if order == "day" else evidence.day_first_only
    if against:
        found.append(
            Doubt(
                column.name,
                Text(
                    f"有 {against:,} 行与多数日期顺序相反，无法读取",
                    f"{against:,} rows contradict the date order",
                ),
            )
        )
    if hint is not None and hint != order:
        found.append(
            Doubt(
                column.name,
                Text(
                    "行内日期与 --date-order 相反，以行内日期为准",
                    "The rows contradict --date-order; the rows win",
                ),
            )
        )
    return found


def _question(column: ColumnProfile) -> Question:
    seen = next((word for word, _ in column.words if word[:1].isdigit()), "")
    if _mixed(column):
        evidence = column.date_order
        assert evidence is not None
        text = Text(
            f"「{column.name}」列里日在前（{evidence.day_first_only:,} 行）和月在前"
            f"（{evidence.month_first_only:,} 行）混在一起，例如 {seen}",
            f"Column '{column.name}' mixes day-first ({evidence.day_first_only:,} rows) and month-first"
            f" ({evidence.month_first_only:,} rows) dates, e.g. {seen}",
        )
    else:
        text = Text(
            f"「{column.name}」列的日期（如 {seen}）无法判断日在前还是月在前：没有一行的数大于 12",
            f"Dates in column '{column.name}' (e.g. {seen}) may be day-first or month-first: no row decides",
        )
    return Question("--date-order", ("--date-order day", "--date-order month"), text)
