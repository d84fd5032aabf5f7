"""A saved mapping on the next file of the same shape: what must be there, and what may be new in its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from keguan.core.errors import InputError, QuestionError, Where
from keguan.core.text import Text
from keguan.mapping.date_order import DateOrders, date_orders
from keguan.mapping.dates import AMBIGUOUS, FORMS
from keguan.mapping.fingerprint import fingerprint
from keguan.mapping.flat_columns import type_of
from keguan.mapping.model import ColumnRule, DateOrder, Hints, Mapping
from keguan.mapping.profile import ColumnProfile
from keguan.mapping.rules import date_forms, id_forms


def find(saved: Iterable[Mapping], profiles: Sequence[ColumnProfile]) -> Mapping | None:
    """The saved mapping for files of this shape; None when there is none."""
    shape = fingerprint(profiles)
    return next((mapping for mapping in saved if mapping.fingerprint == shape), None)


def refit(
    mapping: Mapping, profiles: Sequence[ColumnProfile], *, file_name: str, hints: Hints | None = None
) -> Mapping:
    """The saved mapping, able to read this file too: date forms that are new here are added.

    Raises InputError when a column of the mapping is missing, QuestionError when the rows contradict the
    saved date order or leave it open.
    """
    require_columns(mapping, [column.name for column in profiles], file_name)
    by_name = {column.name: column for column in profiles}
    rules = tuple(_rule(rule, mapping, by_name, file_name, hints or Hints()) for rule in mapping.columns)
    return replace(mapping, columns=rules)


def require_columns(mapping: Mapping, columns: Sequence[str], file_name: str) -> None:
    """Raises InputError when the file lacks a column that the mapping reads."""
    read = [(f"columns.{rule.target}.from", name) for rule in mapping.columns for name in rule.sources]
    read += [(f"answers.{name}", name) for name, _ in mapping.answers]
    for key, name in read:
        if name not in columns:
            listed = "、".join(columns)
            raise InputError(
                Text(
                    f"映射 {mapping.name} 用到的列不在文件中",
                    f"A column of mapping {mapping.name} is not in the file",
                ),
                Where(file=file_name, column=name),
                found=listed,
                do=Text(
                    f"在映射里改正 {key}，或不用该映射重新导入",
                    f"Correct {key} in the mapping, or import without it",
                ),
            )


def _rule(
    rule: ColumnRule, mapping: Mapping, by_name: dict[str, ColumnProfile], file_name: str, hints: Hints
) -> ColumnRule:
    column = by_name[rule.sources[0]]
    kind = type_of(mapping.entity, rule.target)
    if kind in ("timestamp", "date"):
        return replace(rule, forms=_forms(rule, column, file_name, hints))
    if kind == "text" and len(rule.sources) == 1:
        return replace(rule, forms=id_forms(column, rule.target))
    return rule


def _forms(rule: ColumnRule, column: ColumnProfile, file_name: str, hints: Hints) -> tuple[str, ...]:
    orders = _orders(rule, column, file_name, hints)
    new = date_forms(column, orders)
    kept = [form for form in rule.forms if form in FORMS]
    forms = [*kept, *(form for form in new if form in FORMS and form not in kept)]
    marks = [mark for mark in new if mark not in FORMS]
    if len(rule.sources) > 1 and "timed" not in marks:
        marks.append("timed")
    return (*forms, *marks)


def _orders(rule: ColumnRule, column: ColumnProfile, file_name: str, hints: Hints) -> DateOrders:
    if not any(form == AMBIGUOUS for form, _ in column.dates):
        return DateOrders()
    saved: DateOrder | None = "day" if "dmy" in rule.forms else "month" if "mdy" in rule.forms else None
    found = date_orders([column], saved or hints.date_order)
    if found.questions:
        raise found.questions[0].error(file_name)
    if saved is not None and found.orders[column.position] != saved:
        choices = ("--date-order day", "--date-order month")
        raise QuestionError(
            Text(
                f"「{column.name}」列的日期顺序与已保存的映射相反（{found.reasons[column.position].zh}）",
                f"Dates in '{column.name}' contradict the saved mapping ({found.reasons[column.position].en})",
            ),
            Where(file=file_name, column=column.name),
            do=Text(
                f"改正映射里 columns.{rule.target}.forms，或作为另一种文件导入",
                f"Correct columns.{rule.target}.forms in the mapping, or import the file under another mapping",
            ),
            options=choices,
        )
    return found
