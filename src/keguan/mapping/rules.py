"""From a chosen column to a rule: how its cells are read, in which unit, and why."""

from __future__ import annotations

from decimal import Decimal

from keguan.core.text import Text
from keguan.mapping.aliases import EntityKind
from keguan.mapping.assign import HINTED, INFERRED, Choice
from keguan.mapping.date_order import DateOrders
from keguan.mapping.dates import AMBIGUOUS
from keguan.mapping.flat_columns import type_of
from keguan.mapping.model import ColumnRule
from keguan.mapping.profile import ColumnProfile


def reason_of(choice: Choice) -> Text:
    """Why a column was chosen."""
    if choice.tier == HINTED:
        return Text("由用户指定", "given by the user")
    if choice.tier == INFERRED:
        return Text(
            "没有表头，由取值和列间关系识别", "no header; recognised by values and relations between columns"
        )
    if choice.tier >= 90:
        return Text("表头含义明确，取值相符", "the header says so and the values agree")
    return Text("表头可能是这个意思，取值相符", "the header may mean this and the values agree")


def plain_rule(choice: Choice, target: str, entity: EntityKind, orders: DateOrders) -> ColumnRule:
    """The rule of a column that feeds one canonical column as it stands."""
    kind = type_of(entity, target)
    if kind in ("timestamp", "date"):
        return date_rule(choice, target, orders)
    if kind in ("decimal", "integer"):
        return ColumnRule(target, (choice.column.name,), reason_of(choice), factor=choice.header.factor)
    return ColumnRule(target, (choice.column.name,), reason_of(choice), forms=id_forms(choice.column, target))


def date_rule(choice: Choice, target: str, orders: DateOrders) -> ColumnRule:
    """The rule of a date column with the forms found in its cells."""
    column = choice.column
    reason = reason_of(choice)
    if column.position in orders.reasons:
        why = orders.reasons[column.position]
        reason = Text(f"{reason.zh}；{why.zh}", f"{reason.en}; {why.en}")
    return ColumnRule(target, (column.name,), reason, forms=date_forms(column, orders))


def date_forms(column: ColumnProfile, orders: DateOrders) -> tuple[str, ...]:
    """Forms of a date column, with the marks that describe its cells (see dates.MARKS)."""
    forms = [form for form, _ in column.dates] or ["iso"]
    order = orders.orders.get(column.position)
    if AMBIGUOUS in forms:
        forms.remove(AMBIGUOUS)
        forms.extend({"day": ["dmy"], "month": ["mdy"], None: []}[order])
    for mark, share in (("wide", column.wide), ("ampm", column.half_day)):
        if share > 0:
            forms.append(mark)
    if column.zoned > 0:
        forms.append("zoned" if column.zoned >= 0.9999 else "some_zoned")
    if column.clock > 0 and "midnight" not in column.flags:
        forms.append("timed" if column.clock >= 0.9999 else "some_timed")
    return tuple(forms)


def id_forms(column: ColumnProfile, target: str) -> tuple[str, ...]:
    """Ids stay as received, but for a float form that all of them have and Excel's marks for text."""
    is_id = target.endswith(("_id", "_key", "_number", "_no", "store", "phone", "coupon"))
    forms = []
    if "excel_text" in column.flags:
        forms.append("excel_text")
    if is_id and "integral_float" in column.flags:
        forms.append("integral_float")
    return tuple(forms)


def discount_rule(choice: Choice) -> ColumnRule:
    """Money already taken off, a rate taken off, or a rate still paid (8折), as the values suggest."""
    column = choice.column
    meaning, why = _discount_meaning(choice)
    reason = reason_of(choice)
    factor = choice.header.factor
    if meaning == "money" and column.maximum is not None and column.maximum <= 0 and column.negative > 0:
        factor = -factor  # written as what it does to the total
    return ColumnRule(
        "discount",
        (column.name,),
        Text(f"{reason.zh}；{why.zh}", f"{reason.en}; {why.en}"),
        factor=factor,
        meaning=meaning,
    )


def _discount_meaning(choice: Choice) -> tuple[str, Text]:
    column = choice.column
    if "折" in column.suffixes:
        return "rate_paid", Text("写成几折，即实付比例", "written as the share still paid")
    low, high = column.minimum, column.maximum
    scale = choice.header.factor if choice.header.percent else Decimal(1)
    is_rate = low is not None and high is not None and low >= 0 and high * scale <= 1 and high > 0
    if is_rate and (column.whole < 1 or "%" in column.suffixes or choice.header.percent):
        usual = column.words[0][0].rstrip("% ") if column.words else ""
        if usual in ("1", "1.0", "1.00", "100"):
            return "rate_paid", Text(
                "取值在 0 到 1 之间且多为 1，即实付比例", "between 0 and 1, mostly 1: the share paid"
            )
        return "rate_off", Text(
            "取值在 0 到 1 之间，是优惠比例，换算成金额", "between 0 and 1: a rate, turned into money"
        )
    return "money", Text("已优惠的金额", "money already taken off")
