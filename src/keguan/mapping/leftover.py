"""Received columns that no rule uses, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.core.text import Text
from keguan.mapping.aliases import matches
from keguan.mapping.assign import Assignment
from keguan.mapping.headers import read_header
from keguan.mapping.model import ColumnRule, Doubt, Ignored
from keguan.mapping.privacy import masked
from keguan.mapping.profile import ColumnProfile

_PERSONAL_FLAGS = frozenset({"phone", "email"})


def ignored(
    profiles: Sequence[ColumnProfile],
    assignment: Assignment,
    rules: Sequence[ColumnRule],
    answers: Sequence[str] = (),
) -> tuple[Ignored, ...]:
    """The columns that are not used, with the reason. `answers`: those read as questions."""
    used = {name for rule in rules for name in rule.sources} | set(answers)
    return tuple(
        Ignored(column.name, _reason(column, assignment, rules))
        for column in profiles
        if column.name not in used
    )


def unfit_doubts(assignment: Assignment) -> list[Doubt]:
    """Columns whose header names something that their cells are not."""
    found = {}
    for choice in assignment.unfit:
        if choice.tier >= 90 and choice.column.position not in found:
            example = next(iter(choice.column.examples), "")
            shown = masked(example) if _PERSONAL_FLAGS & choice.column.flags else example
            found[choice.column.position] = Doubt(
                choice.column.name,
                Text(
                    f"表头像 {choice.concept}，但取值不符（如 {shown}），没有采用",
                    f"The header says {choice.concept} but the values do not (e.g. {shown}); not used",
                ),
            )
    return list(found.values())


def _reason(column: ColumnProfile, assignment: Assignment, rules: Sequence[ColumnRule]) -> Text:
    if column.filled == 0:
        return Text("整列为空", "the column is empty")
    concepts = [match.concept for match in matches(read_header(column.name), assignment.entity)]
    if "masked" in column.flags:
        return Text("内容已脱敏，不能区分客户", "the cells are masked and tell nobody apart")
    if "private" in concepts:
        return Text("个人信息，分析用不到，不导入", "personal data that no analysis needs; not imported")
    if column.distinct == 1 and column.rows > 1:
        return Text(f"每行都是 {column.examples[0]}", f"every row says {column.examples[0]}")
    if "margin_rate" in concepts and any(rule.target == "cost" for rule in rules):
        return Text("可由利润和金额算出", "follows from profit and amount")
    if "line_id" in concepts:
        return Text("行的编号，导入时另编", "a number of the line; the import gives its own")
    for concept in concepts:
        choice = assignment.chosen.get(concept)
        if choice is not None and choice.column.position != column.position:
            name = choice.column.name
            return Text(f"已用「{name}」列作同一内容", f"column '{name}' is used for the same thing")
    if concepts and any(item.column.position == column.position for item in assignment.unfit):
        return Text("表头与取值不符", "the header and the values do not agree")
    return Text("没有对应的标准列", "no canonical column for it")
