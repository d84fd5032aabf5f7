"""Conditions as SQL: fields from the allow-list, values as typed literals, unknown as false.

A test of something unknown is false, so that its opposite is true: every customer is in exactly one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from keguan.analyses.custom_segments.fields import FIELDS, KINDS, OPERATORS, SEGMENTS, TAGS, Field
from keguan.analyses.custom_segments.language import (
    Comparison,
    Condition,
    ConditionError,
    Constant,
    Joined,
    Name,
    Not,
)
from keguan.core.period import add_months
from keguan.core.text import Text, same
from keguan.engine.literals import literal, quoted
from keguan.schema.vocabulary import VOCABULARIES

_KINDS = {"text": (str,), "tags": (str,), "number": (Decimal,), "date": (date,), "boolean": (bool,)}
_EXAMPLES = {
    "text": Text("带引号的文字", "a text in quotes"), "tags": Text("带引号的标签", "a tag in quotes"),
    "number": Text("数字", "a number"), "date": Text("日期，如 2026-01-31", "a date such as 2026-01-31"),
    "boolean": same("true, false"),
}  # fmt: skip
JOIN = "·"
LONGEST_SPAN = 1200  # of any unit


def tests(condition: Condition) -> Iterator[Comparison]:
    """Every test of a condition."""
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, Not):
        yield from tests(condition.of)
    else:
        for part in condition.parts:
            yield from tests(part)


def field_of(name: Name) -> Field:
    """The field of a name; ConditionError lists what there is."""
    if name.kind == "" and name.name in FIELDS:
        return FIELDS[name.name]
    if name.kind == "attribute" and name.name:
        return Field("text", alias(name) + ".value")
    if name.kind == "segment" and name.name in SEGMENTS:
        return Field("text", alias(name) + ".label", SEGMENTS[name.name])
    if name.kind == "tag" and name.name in TAGS:
        return Field("tags", alias(name) + ".label", "tag")
    listed = " ".join(FIELDS)
    allowed = KINDS.get(name.kind) or Text("", "")
    if name.kind not in KINDS or name.kind == "":
        allowed = Text(
            f"{listed} attribute.属性名 segment.分群 tag.标签族",
            f"{listed} attribute.NAME segment.NAME tag.FAMILY",
        )
    found = f"{name.kind}.{name.name}" if name.kind else name.name
    raise ConditionError(Text("没有这个字段", "There is no such field"), found, allowed, name.place)


def alias(name: Name) -> str:
    """The table alias of a joined field: plain letters only, whatever the name is."""
    return f"{name.kind}_{name.name.encode().hex()}"


def checked(condition: Condition) -> None:
    """ConditionError for a field, an operator or a value that does not fit."""
    for test in tests(condition):
        field = field_of(test.field)
        if test.op not in OPERATORS[field.type]:
            raise ConditionError(
                Text("这个字段不能这样比较", "This field cannot be compared so"), f"{test.field.name} {test.op}",
                same(" ".join(OPERATORS[field.type])), test.field.place,
            )  # fmt: skip
        for value in test.constants.values:
            _fits(test, field, value)
        if test.op == "between" and _falls(*test.constants.values[:2]):
            raise ConditionError(
                Text("between 的前一个值大于后一个", "The first value of between is larger than the second"),
                " ".join(map(str, test.constants.values)), Text("从小到大", "the smaller one first"), test.constants.place,
            )  # fmt: skip


def _falls(low: Constant, high: Constant) -> bool:
    """Whether the first of two numbers or two dates is the larger one; other kinds have no 'between'."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return low > high
    return isinstance(low, date) and isinstance(high, date) and low > high


def _fits(test: Comparison, field: Field, value: Constant) -> None:
    if test.op in ("within", "older"):
        whole = isinstance(value, Decimal) and value == int(value) and 0 < value <= LONGEST_SPAN
        if not whole:
            raise ConditionError(
                Text("时间长度有误", "The length of time is wrong"),
                str(value),
                Text(f"1 到 {LONGEST_SPAN} 的整数", f"a whole number from 1 to {LONGEST_SPAN}"),
                test.constants.place,
            )
        return
    if type(value) not in _KINDS[field.type]:
        raise ConditionError(Text("值的类型不对", "The value is of the wrong kind"), str(value),
                             _EXAMPLES[field.type], test.constants.place)  # fmt: skip
    closed = test.field.kind in ("segment", "tag") and test.op != "contains"
    if closed and field.vocabulary is not None and isinstance(value, str):
        terms = VOCABULARIES[field.vocabulary]
        if _stored(value, field.vocabulary) not in terms and test.field.name != "base":
            raise ConditionError(
                Text("没有这个标签", "There is no such label"), value,
                Text(" ".join(t.zh for t in terms.values()), ", ".join(t.en for t in terms.values())), test.constants.place,
            )  # fmt: skip


def _stored(value: str, vocabulary: str | None) -> str:
    """A label as stored, given in either language."""
    for stored, text in VOCABULARIES.get(vocabulary or "", {}).items():
        if value in (stored, text.zh, text.en):
            return stored
    return value


def condition_sql(condition: Condition, as_of: date) -> str:
    """The condition as SQL that is true or false, never unknown."""
    if isinstance(condition, Not):
        return f"(NOT {condition_sql(condition.of, as_of)})"
    if isinstance(condition, Joined):
        return (
            "("
            + f" {condition.how.upper()} ".join(condition_sql(part, as_of) for part in condition.parts)
            + ")"
        )
    return f"coalesce({_test_sql(condition, as_of)}, FALSE)"


def _test_sql(test: Comparison, as_of: date) -> str:
    field = field_of(test.field)
    values = [
        literal(_stored(value, field.vocabulary) if isinstance(value, str) else value)
        for value in test.constants.values
    ]
    if test.op == "known":
        return f"{field.sql} IS NOT NULL"
    if test.op == "in":
        return f"{field.sql} IN ({', '.join(values)})"
    if test.op == "between":
        return f"{field.sql} BETWEEN {values[0]} AND {values[1]}"
    if test.op == "contains":
        return f"contains({field.sql}, {quoted(str(test.constants.values[0]))})"
    if test.op == "has":
        part = quoted(JOIN + _stored(str(test.constants.values[0]), field.vocabulary) + JOIN)
        return f"contains(concat('{JOIN}', {field.sql}, '{JOIN}'), {part})"
    if test.op in ("within", "older"):
        begin = literal(back(as_of, int(str(test.constants.values[0])), test.unit))
        return (
            f"{field.sql} BETWEEN {begin} AND {literal(as_of)}"
            if test.op == "within"
            else f"{field.sql} < {begin}"
        )
    return f"{field.sql} {'<>' if test.op == '!=' else test.op} {values[0]}"


def back(day: date, amount: int, unit: str) -> date:
    """So many days, weeks, calendar months or years earlier; never before the calendar begins."""
    if unit in ("day", "week"):
        days = amount * (7 if unit == "week" else 1)
        return day - timedelta(days=min(days, (day - date.min).days))
    return add_months(day, -min(amount * (12 if unit == "year" else 1), day.year * 12 - 13))


def money_bounds(condition: Condition) -> tuple[Decimal | None, Decimal | None]:
    """Bounds that a condition sets to a customer's money: of tests that must all hold. (from, below)."""
    parts = condition.parts if isinstance(condition, Joined) and condition.how == "and" else (condition,)
    low: list[Decimal] = []
    high: list[Decimal] = []
    for test in parts:
        if not isinstance(test, Comparison) or not field_of(test.field).money:
            continue
        values = [value for value in test.constants.values if isinstance(value, Decimal)]
        if test.op in (">", ">=", "=", "between"):
            low.append(values[0])
        if test.op in ("<", "<=", "=", "between"):
            high.append(values[-1])
    return max(low, default=None), min(high, default=None)
