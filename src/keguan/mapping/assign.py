"""Which column stands for which concept: header aliases first, checked against what the cells are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keguan.core.errors import UsageError
from keguan.core.text import Text
from keguan.mapping.aliases import RECORD_KINDS, EntityKind, concepts, matches
from keguan.mapping.flat_columns import COLUMNS, SYNONYMS, TARGETS
from keguan.mapping.headers import Header, read_header
from keguan.mapping.model import Hints
from keguan.mapping.profile import ColumnProfile
from keguan.mapping.reading import LEVELS
from keguan.mapping.terms import record_terms, vocabulary

HINTED = 200  # tier of a column that the user named
INFERRED = 50  # tier of a column recognised by its cells alone
_NUMBERS = frozenset({"unit_cost", "profit", "margin_rate"})
_EMPTY_LAST = 95  # an empty column never beats a filled one of the same meaning


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that may stand for a concept, and how sure that is."""

    concept: str
    column: ColumnProfile
    tier: int
    rank: int = 0

    @property
    def header(self) -> Header:
        """The column's header, read."""
        return read_header(self.column.name)


@dataclass(frozen=True)
class Assignment:
    """concept -> chosen column; `rivals` could equally be meant; `unfit`: header fits, cells do not."""

    entity: EntityKind
    chosen: Mapping[str, Choice]
    rivals: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    unfit: tuple[Choice, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether all these concepts have a column."""
        return all(name in self.chosen for name in names)

    def column(self, concept: str) -> ColumnProfile | None:
        """The column of a concept; None when there is none."""
        choice = self.chosen.get(concept)
        return choice.column if choice else None


def assign(profiles: Sequence[ColumnProfile], entity: EntityKind, hints: Hints) -> Assignment:
    """The best column for each concept in a file of this kind.

    Raises UsageError when a hint names an unknown canonical column or a column that the file lacks.
    """
    left_out, hinted = _hinted(profiles, entity, hints)
    taken = {choice.column.position for choice in hinted.values()}
    candidates, unfit = _candidates(profiles, entity)
    chosen: dict[str, Choice] = dict(hinted)
    rivals: dict[str, list[Choice]] = {}
    for choice in sorted(candidates, key=_strength):
        if choice.column.position in taken or choice.concept in left_out or choice.concept in hinted:
            continue
        best = chosen.get(choice.concept)
        if best is None:
            chosen[choice.concept] = choice
            taken.add(choice.column.position)
        elif best.tier == choice.tier and choice.column.filled > 0:
            rivals.setdefault(choice.concept, []).append(choice)
    kept = {concept: tuple(items) for concept, items in rivals.items()}
    return Assignment(
        entity, chosen, kept, tuple(item for item in unfit if item.column.position not in taken)
    )


def _strength(choice: Choice) -> tuple[int, int, int]:
    tier = choice.tier if choice.column.filled > 0 else choice.tier - _EMPTY_LAST
    return -tier, choice.rank, choice.column.position


def _candidates(profiles: Sequence[ColumnProfile], entity: EntityKind) -> tuple[list[Choice], list[Choice]]:
    fit: list[Choice] = []
    unfit: list[Choice] = []
    for column in profiles:
        for match in matches(read_header(column.name), entity):
            concept = match.concept
            if concept == "ordered_at" and column.time_only >= 0.9:
                concept = "time_of_day"  # 订单日期 and 订单时间 side by side
            choice = Choice(concept, column, match.tier, match.rank)
            (fit if fits(choice, entity) else unfit).append(choice)
    return fit, unfit


def fits(choice: Choice, entity: EntityKind) -> bool:
    """Whether a column's cells can be what its header says. A clear header is believed from half the cells."""
    column, concept = choice.column, choice.concept
    if column.filled == 0 or "empty" in column.flags:
        return choice.tier >= 90
    if entity in RECORD_KINDS:
        return fits_record(choice, entity)
    needed = 0.5 if choice.tier >= 90 else 0.9
    kind = dict(COLUMNS[entity]).get(TARGETS[entity].get(concept, concept), "text")
    if concept == "time_of_day":
        return column.time_only >= needed
    if concept == "kind":
        known = vocabulary("kind")
        return sum(n for word, n in column.words if word.lower() in known) >= 0.9 * column.examined
    if kind in ("timestamp", "date"):
        return sum(share for _, share in column.dates) >= needed
    if kind in ("decimal", "integer") or concept in _NUMBERS:
        return column.number >= needed and column.date < 0.5
    if concept == "status":
        return column.distinct <= 60
    return True


def fits_record(choice: Choice, entity: EntityKind) -> bool:
    """Whether the cells can be what the header says in a file of records."""
    column, concept = choice.column, choice.concept
    needed = 0.5 if choice.tier >= 90 else 0.9
    kind = dict(COLUMNS[entity]).get(concept, "text")
    if kind in ("timestamp", "date"):
        return sum(share for _, share in column.dates) >= needed
    if kind == "boolean":
        return _in_words(column, record_terms("boolean")) >= 0.9
    if kind in ("decimal", "integer", "bigint"):
        return max(column.number, _in_words(column, record_terms(LEVELS))) >= needed and column.date < 0.5
    if concept == "text":
        return column.number < 0.5
    return not (concept in ("name", "kind", "status") and "long_text" in column.flags)


def _in_words(column: ColumnProfile, words: Mapping[str, str]) -> float:
    """The share of the most frequent cells that are among the words."""
    counted = sum(count for _, count in column.words)
    return sum(count for word, count in column.words if word.lower() in words) / counted if counted else 0.0


def _hinted(
    profiles: Sequence[ColumnProfile], entity: EntityKind, hints: Hints
) -> tuple[set[str], dict[str, Choice]]:
    back = {target: concept for concept, target in TARGETS[entity].items()}
    left_out, chosen = set(), {}
    for canonical, name in hints.map:
        target = SYNONYMS[entity].get(canonical, canonical)
        concept = back.get(target, target)
        if concept not in concepts(entity):
            if any(canonical in known for known in _every_target()):
                continue  # a column of another kind of file
            raise _unknown(canonical)
        if name:
            chosen[concept] = Choice(concept, _named(profiles, name), HINTED)
        else:
            left_out.add(concept)
    return left_out, chosen


def _every_target() -> list[set[str]]:
    return [{name for name, _ in columns} | set(SYNONYMS[kind]) for kind, columns in COLUMNS.items()]


def _named(profiles: Sequence[ColumnProfile], name: str) -> ColumnProfile:
    for column in profiles:
        if column.name == name:
            return column
    for column in profiles:
        if column.name.strip().casefold() == name.strip().casefold():
            return column
    listed = "、".join(column.name for column in profiles)
    raise UsageError(
        Text("--map 给出的列不在文件中", "The file has no column with the name given to --map"),
        found=name,
        allowed=Text(listed, ", ".join(column.name for column in profiles)),
        do=Text("改正列名（含空格和大小写以文件为准）", "Give the column's name as it stands in the file"),
    )


def _unknown(canonical: str) -> UsageError:
    known = sorted(concepts() - {"private"})
    return UsageError(
        Text("--map 给出了未知的标准列", "Unknown canonical column given to --map"),
        found=canonical,
        allowed=Text(
            "、".join(["order_id", "customer_id", *known]), ", ".join(["order_id", "customer_id", *known])
        ),
        do=Text("写成 --map 标准列=文件中的列", "Write --map CANONICAL=COLUMN"),
    )
