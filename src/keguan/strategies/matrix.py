"""The strategy matrix: what each kind of customers needs, what is done for them, and which segments they are.

The shipped one is `matrix.toml`; `load` reads the text of another one of the same shape.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

from keguan.core.errors import UsageError, Where
from keguan.core.text import Text, same
from keguan.schema.terms.segmentation import SEGMENTATIONS
from keguan.schema.vocabulary import VOCABULARIES

When = Literal["first_order_within_month"]
CONDITIONS: Mapping[When, Text] = {
    "first_order_within_month": Text("首单在一个月内的", "first order within a month"),
}
ROW_TEXTS = ("customers", "need", "direction", "focus")
LONGEST = 500  # letters of one text
SHIPPED = "matrix.toml"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table 客户类型 | 核心需求痛点 | 营销策略方向 | 资源倾斜重点."""

    id: str
    customers: Text
    need: Text
    direction: Text
    focus: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a segment, or for those of its customers that `when` names.

    `row` is None where `manner` is the whole strategy.
    """

    segmentation: str
    label: str
    row: Row | None
    manner: Text | None = None
    when: When | None = None

    @property
    def strategy(self) -> Text:
        """The strategy in words: of which row, its direction, what is particular to the segment, the focus."""
        if self.row is None:
            return self.manner or Text("", "")
        row, manner = self.row, self.manner
        return Text(
            f"{row.customers.zh}：{row.direction.zh}{f'；{manner.zh}' if manner else ''}。资源倾斜：{row.focus.zh}",
            f"{row.customers.en}: {row.direction.en}{f'; {manner.en}' if manner else ''}. Resources: {row.focus.en}",
        )


@dataclass(frozen=True)
class Matrix:
    """Rows in their order, and the rules of segments."""

    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]

    def of(self, segmentation: str, label: str) -> tuple[Rule, ...]:
        """The rules of a segment; the first one whose condition a customer meets holds. Empty when none."""
        return tuple(rule for rule in self.rules if (rule.segmentation, rule.label) == (segmentation, label))

    def table(self) -> tuple[tuple[Text, ...], ...]:
        """The rows as the table: kind of customers, need, direction, focus."""
        return tuple((row.customers, row.need, row.direction, row.focus) for row in self.rows)

    def advice(self) -> dict[tuple[str, str], Text]:
        """For a segment as a whole: its strategy; where it depends on the customer, each case with its condition."""
        segments = dict.fromkeys((rule.segmentation, rule.label) for rule in self.rules)
        return {segment: _together(self.of(*segment)) for segment in segments}


def _together(rules: tuple[Rule, ...]) -> Text:
    cases = [_case(rule, len(rules) > 1) for rule in rules]
    zh = "；".join(case.zh.rstrip("。") for case in cases)
    en = "; ".join(case.en.rstrip(".") for case in cases)
    return Text(f"{zh}。", f"{en[:1].upper()}{en[1:]}.")


def _case(rule: Rule, several: bool) -> Text:
    said = rule.strategy
    if rule.when is not None:
        who = CONDITIONS[rule.when]
        return Text(f"{who.zh}，{said.zh}", f"{who.en}: {said.en}")
    return Text(f"其余，{said.zh}", f"the others: {said.en}") if several else said


@cache
def shipped() -> Matrix:
    """The matrix that comes with Keguan."""
    return load((resources.files("keguan.strategies") / SHIPPED).read_text(encoding="utf-8"), SHIPPED)


def load(text: str, name: str = "strategies.toml") -> Matrix:
    """A matrix from TOML. UsageError names the entry that is wrong and what would be right."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(name, str(error)) from error
    if unknown := sorted(set(raw) - {"rows", "segments"}):
        raise _wrong(name, ", ".join(unknown), same("rows, segments"))
    rows = _rows(list(_entries(raw, "rows", name)), name)
    if not rows:
        raise _wrong(name, "rows: –", Text("至少一个 [[rows]]", "at least one [[rows]]"))
    rules = tuple(_rule(entry, rows, where, name) for where, entry in _entries(raw, "segments", name))
    _once(rules, name)
    return Matrix(tuple(rows.values()), rules)


def _entries(raw: Mapping[str, Any], part: str, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = raw.get(part, [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise _wrong(name, part, same(f"[[{part}]]"))
    for number, entry in enumerate(listed, 1):
        yield f"{part} {number}", entry


def _rows(entries: list[tuple[str, Mapping[str, Any]]], name: str) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for where, entry in entries:
        _only(entry, ("id", *ROW_TEXTS), where, name)
        id = entry.get("id")
        if not isinstance(id, str) or not id or id in rows:
            raise _wrong(
                name, f"{where}: id = {id!r}", Text("每行一个不同的 id", "an id for each row, each its own")
            )
        texts = {part: _text(entry.get(part), f"{where} ({id}): {part}", name) for part in ROW_TEXTS}
        rows[id] = Row(id, **texts)
    return rows


def _rule(entry: Mapping[str, Any], rows: Mapping[str, Row], where: str, name: str) -> Rule:
    _only(entry, ("segmentation", "label", "row", "manner", "when"), where, name)
    segmentation, label = entry.get("segmentation"), entry.get("label")
    if not isinstance(segmentation, str) or not isinstance(label, str) or not segmentation or not label:
        raise _wrong(name, where, Text("segmentation 与 label", "segmentation and label"))
    _known_label(segmentation, label, where, name)
    row, when = entry.get("row"), entry.get("when")
    if row is not None and row not in rows:
        raise _wrong(name, f"{where}: row = {row!r}", same(", ".join(rows)))
    if when is not None and when not in get_args(When):
        raise _wrong(name, f"{where}: when = {when!r}", same(", ".join(get_args(When))))
    if row is None and "manner" not in entry:
        raise _wrong(name, where, Text("row 或 manner", "row or manner"))
    manner = _text(entry["manner"], f"{where}: manner", name) if "manner" in entry else None
    return Rule(segmentation, label, rows[row] if row is not None else None, manner, when)


def _known_label(segmentation: str, label: str, where: str, name: str) -> None:
    """Labels of the segmentations that ship are known; others may be a company's own."""
    terms = VOCABULARIES.get(SEGMENTATIONS.get(segmentation, ""), {})
    if terms and label not in terms:
        raise _wrong(name, f"{where}: label = {label!r}", same(", ".join(terms)))


def _text(raw: Any, where: str, name: str) -> Text:
    """Words in both languages, or one text for both."""
    given = {"zh": raw, "en": raw} if isinstance(raw, str) else raw
    if not isinstance(given, dict) or set(given) != {"zh", "en"}:
        raise _wrong(name, where, same('{ zh = "…", en = "…" }'))
    texts = {language: said.strip() if isinstance(said, str) else "" for language, said in given.items()}
    if not all(0 < len(said) <= LONGEST for said in texts.values()):
        raise _wrong(name, where, Text(f"1 至 {LONGEST} 字", f"1 to {LONGEST} letters"))
    return Text(" ".join(texts["zh"].split()), " ".join(texts["en"].split()))


def _once(rules: tuple[Rule, ...], name: str) -> None:
    """A segment has each condition once, and what holds for all its customers stands last."""
    seen: dict[tuple[str, str], list[When | None]] = {}
    for rule in rules:
        before = seen.setdefault((rule.segmentation, rule.label), [])
        if rule.when in before or None in before:
            raise _wrong(
                name,
                f"{rule.segmentation} {rule.label}",
                Text("每个分群一次；带 when 的写在前面", "each segment once; entries with `when` come first"),
            )
        before.append(rule.when)


def _only(entry: Mapping[str, Any], known: tuple[str, ...], where: str, name: str) -> None:
    if unknown := sorted(set(entry) - set(known)):
        raise _wrong(name, f"{where}: {', '.join(unknown)}", same(", ".join(known)))


def _wrong(name: str, found: str, allowed: Text | None = None) -> UsageError:
    return UsageError(
        Text("策略矩阵的写法不对", "The strategy matrix is not well formed"),
        Where(file=name),
        found=found,
        allowed=allowed or Text("[[rows]] 与 [[segments]]", "[[rows]] and [[segments]]"),
        do=Text("改正这一处后重试", "correct this entry and try again"),
    )
