"""The strategy matrix: what each kind of customers needs, what is done for them, and which segments they are.

The shipped one is `strategy_matrix.toml`; a company's own, `strategies.toml` in its workspace, has the same shape and
stands in its place. Every limit here holds for a file that a stranger wrote.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, get_args

from keguan.core.errors import UNPRINTABLE, UsageError, Where
from keguan.core.period import window_start
from keguan.core.text import Text, same
from keguan.schema.terms.segmentation import SEGMENTATIONS
from keguan.schema.vocabulary import BETWEEN, VOCABULARIES

When = Literal["first_order_within_month"]


def new_since(as_of: date) -> date:
    """The first day on which a first order is within a month of the as-of date."""
    return window_start(as_of, 1)


CONDITIONS: Mapping[When, Text] = {
    "first_order_within_month": Text("首单在一个月内的", "first order within a month"),
}
ROW_TEXTS = ("customers", "need", "direction", "focus")
LONGEST = 500  # letters of one text
LONGEST_ID = 80  # letters of the name of a strategy, a segmentation, a label
MOST_ROWS, MOST_RULES, MOST_PRIORITY = 50, 500, 20
MOST_BYTES = 100_000
SHIPPED = "strategy_matrix.toml"
OWN = "strategies.toml"  # the company's own, in its workspace
OWN_SEGMENTS = "custom_segments_"
NO_STRATEGY = "未匹配"  # customers of no segment that the matrix knows
RESERVED = (NO_STRATEGY,)
OPEN_LABELS = ("clusters", "tags_base")  # labels of the company's own data


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody declares that a strategy brings: so many more customers who order, as a share of those reached."""

    low: float
    high: float
    basis: Text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table 客户类型 | 核心需求痛点 | 营销策略方向 | 资源倾斜重点."""

    id: str
    customers: Text
    need: Text
    direction: Text
    focus: Text
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a segment, or for those of its customers that `when` names.

    The row is the common strategy of its customers, `manner` what is the segment's own; `row` is None where `manner` is
    the whole strategy. `id` is the name of the strategy: several segments may share it.
    """

    segmentation: str
    label: str
    row: Row | None
    manner: Text | None = None
    when: When | None = None
    id: str = ""
    own_expected: Expected | None = None

    @property
    def expected(self) -> Expected | None:
        """What is declared of the segment, else of its row."""
        return self.own_expected or (self.row.expected if self.row else None)

    @property
    def direction(self) -> Text:
        """What is done: the direction of the row, what is the segment's own."""
        if self.row is None:
            return self.manner or Text("", "")
        direction, manner = self.row.direction, self.manner
        return Text(f"{direction.zh}；{manner.zh}", f"{direction.en}; {manner.en}") if manner else direction

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
    """Rows in their order, the rules of segments, and which segmentation counts first for a customer of several."""

    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]
    priority: tuple[str, ...] = ()

    def strategies(self) -> dict[str, Rule]:
        """Each strategy by its name with the first segment that has it, in the order of the file."""
        found: dict[str, Rule] = {}
        for rule in self.rules:
            found.setdefault(rule.id, rule)
        return found

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


def text_of_shipped() -> str:
    """The matrix that comes with Keguan, as text to start one's own from."""
    return (resources.files("keguan.marts") / SHIPPED).read_text(encoding="utf-8")


def shipped() -> Matrix:
    """The matrix that comes with Keguan."""
    return load(text_of_shipped(), SHIPPED)


def matrix_of(text: str) -> Matrix:
    """The company's own matrix; the shipped one for an empty text."""
    return load(text) if text.strip() else shipped()


@lru_cache(maxsize=8)
def load(text: str, name: str = OWN) -> Matrix:
    """A matrix from TOML. UsageError names the entry that is wrong and what would be right."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise _wrong(
            name, f"{len(text):,}", Text(f"至多 {MOST_BYTES:,} 字节", f"at most {MOST_BYTES:,} bytes")
        )
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(name, str(error) or type(error).__name__) from None
    if unknown := sorted(set(raw) - {"rows", "segments", "priority"}):
        raise _wrong(name, ", ".join(unknown), same("rows, segments, priority"))
    rows = _rows(list(_entries(raw, "rows", name, MOST_ROWS)), name)
    if not rows:
        raise _wrong(name, "rows: –", Text("至少一个 [[rows]]", "at least one [[rows]]"))
    entries = _entries(raw, "segments", name, MOST_RULES)
    rules = tuple(_named(_rule(entry, rows, where, name), entry, where, name) for where, entry in entries)
    _once(rules, name)
    _one_meaning(rules, name)
    return Matrix(tuple(rows.values()), rules, _priority(raw, rules, name))


def _entries(
    raw: Mapping[str, Any], part: str, name: str, most: int
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = raw.get(part, [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise _wrong(name, part, same(f"[[{part}]]"))
    if len(listed) > most:
        raise _wrong(name, f"{part}: {len(listed):,}", Text(f"至多 {most:,} 个", f"at most {most:,}"))
    for number, entry in enumerate(listed, 1):
        yield f"{part} {number}", entry


def _priority(raw: Mapping[str, Any], rules: tuple[Rule, ...], name: str) -> tuple[str, ...]:
    """Segmentations in the order in which they give a customer the strategy: as stated, else as they first stand."""
    ruled = tuple(dict.fromkeys(rule.segmentation for rule in rules if _computable(rule.segmentation)))
    given = raw.get("priority")
    if given is None:
        return ruled[:MOST_PRIORITY]
    if not isinstance(given, list) or len(given) > MOST_PRIORITY:
        raise _wrong(name, "priority", Text(
            f"一个列表，至多 {MOST_PRIORITY} 个分群", f"a list of at most {MOST_PRIORITY} segmentations"))  # fmt: skip
    for item in given:
        if item not in ruled or given.count(item) > 1:
            raise _wrong(name, f"priority: {item!r}", same(", ".join(ruled)))
    return tuple(given)


def _computable(segmentation: str) -> bool:
    """Whether customers can be placed by it: some entries give advice for tables alone."""
    return segmentation in SEGMENTATIONS or segmentation.startswith(OWN_SEGMENTS)


def _rows(entries: list[tuple[str, Mapping[str, Any]]], name: str) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for where, entry in entries:
        _only(entry, ("id", *ROW_TEXTS, "expected"), where, name)
        id = entry.get("id")
        if not isinstance(id, str) or not _short(id) or id in rows:
            raise _wrong(
                name, f"{where}: id = {id!r}", Text("每行一个不同的 id", "an id for each row, each its own")
            )
        texts = {part: _text(entry.get(part), f"{where} ({id}): {part}", name) for part in ROW_TEXTS}
        rows[id] = Row(id, **texts, expected=_expected(entry, where, name))
    return rows


def _rule(entry: Mapping[str, Any], rows: Mapping[str, Row], where: str, name: str) -> Rule:
    _only(entry, ("segmentation", "label", "row", "manner", "when", "id", "expected"), where, name)
    segmentation, label = entry.get("segmentation"), entry.get("label")
    if (
        not isinstance(segmentation, str)
        or not isinstance(label, str)
        or not all(map(_short, (segmentation, label)))
    ):
        raise _wrong(name, where, Text("segmentation 与 label", "segmentation and label"))
    _known_label(segmentation, label, where, name)
    row, when = entry.get("row"), entry.get("when")
    if row is not None and (not isinstance(row, str) or row not in rows):
        raise _wrong(name, f"{where}: row = {row!r}", same(", ".join(rows)))
    if when is not None and when not in get_args(When):
        raise _wrong(name, f"{where}: when = {when!r}", same(", ".join(get_args(When))))
    if row is None and "manner" not in entry:
        raise _wrong(name, where, Text("row 或 manner", "row or manner"))
    manner = _text(entry["manner"], f"{where}: manner", name) if "manner" in entry else None
    return Rule(
        segmentation, label, rows[row] if row is not None else None, manner, when,
        own_expected=_expected(entry, where, name),
    )  # fmt: skip


def _named(rule: Rule, entry: Mapping[str, Any], where: str, name: str) -> Rule:
    """The rule with the name of its strategy: as given, else what is the segment's own, else the kind of customers."""
    words = rule.manner or (rule.row.customers if rule.row else None)
    id = entry.get("id", words.zh[:LONGEST_ID] if words else "")
    if not isinstance(id, str) or not _short(id) or id in RESERVED or "/" in id:
        allowed = Text(
            f"策略名称，1 至 {LONGEST_ID} 字，不含 /", f"a name of 1 to {LONGEST_ID} letters without /"
        )
        raise _wrong(name, f"{where}: id = {id!r}", allowed)
    return replace(rule, id=id)


def _one_meaning(rules: tuple[Rule, ...], name: str) -> None:
    """One name is one strategy."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        first = seen.setdefault(rule.id, rule)
        if (first.row, first.manner) != (rule.row, rule.manner):
            raise _wrong(
                name, f"{rule.segmentation} {rule.label}: {rule.id}",
                Text("不同的策略用不同的名称：加上 id", "another name for another strategy: give it an id"),
            )  # fmt: skip


def _expected(entry: Mapping[str, Any], where: str, name: str) -> Expected | None:
    """`expected = { low = 0.01, high = 0.03, basis = "…" }`: shares of those reached."""
    given = entry.get("expected")
    if given is None:
        return None
    allowed = same('{ low = 0.01, high = 0.03, basis = "…" }')
    if not isinstance(given, dict) or set(given) != {"low", "high", "basis"}:
        raise _wrong(name, f"{where}: expected", allowed)
    low, high = given["low"], given["high"]
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in (low, high))
    if not numbers or not -1 <= low <= high <= 1:
        raise _wrong(name, f"{where}: expected = {low} … {high}", allowed)
    return Expected(float(low), float(high), _text(given["basis"], f"{where}: basis", name))


def _known_label(segmentation: str, label: str, where: str, name: str) -> None:
    """Labels of the segmentations that ship are known; others may be a company's own."""
    terms = VOCABULARIES.get(SEGMENTATIONS.get(segmentation, ""), {})
    if terms and segmentation not in OPEN_LABELS and label not in terms:
        raise _wrong(name, f"{where}: label = {label!r}", same(", ".join(terms)))


def _short(given: str) -> bool:
    return 0 < len(given.strip()) == len(given) <= LONGEST_ID and _plain(given)


def _plain(given: str) -> bool:
    return not any(unicodedata.category(letter) in UNPRINTABLE for letter in given)


def _text(raw: Any, where: str, name: str) -> Text:
    """Words in both languages, or one text for both."""
    given = {"zh": raw, "en": raw} if isinstance(raw, str) else raw
    if not isinstance(given, dict) or set(given) != {"zh", "en"}:
        raise _wrong(name, where, same('{ zh = "…", en = "…" }'))
    texts = {
        language: " ".join(said.split()) if isinstance(said, str) else "" for language, said in given.items()
    }
    if not all(0 < len(said) <= LONGEST and _plain(said) and BETWEEN not in said for said in texts.values()):
        raise _wrong(name, where, Text(
            f"1 至 {LONGEST} 字，不含控制字符", f"1 to {LONGEST} letters, no control characters"))  # fmt: skip
    return Text(texts["zh"], texts["en"])


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
