"""What a proposed mapping says, as rows for a screen: column by column, with examples and doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keguan.core.text import Language, Text
from keguan.mapping.aliases import matches
from keguan.mapping.flat_columns import TARGETS
from keguan.mapping.headers import read_header
from keguan.mapping.model import ColumnRule, Doubt, Mapping
from keguan.mapping.privacy import masked
from keguan.mapping.profile import ColumnProfile
from keguan.schema.tables import CUSTOMER_KEYS, CUSTOMERS, ENTITIES

_CONTACTS = {"customer_key", "other_key", "customer_name", "phone", "email", "wechat", "tax_no"}
_PERSONAL = _CONTACTS | {
    item.name for entity in (CUSTOMERS, CUSTOMER_KEYS) for item in entity.fields if item.privacy != "open"
}


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One received column: `target` is None when it is not used. `examples` are masked when personal."""

    column: str
    target: str | None
    reason: str
    reading: str
    examples: tuple[str, ...]
    filled: float
    doubts: tuple[str, ...]


def describe(
    mapping: Mapping, profiles: Sequence[ColumnProfile], language: Language, doubts: Sequence[Doubt] = ()
) -> tuple[MappingRow, ...]:
    """A row per received column and use, in the file's order; columns not used have the reason."""
    rows = []
    for column in profiles:
        rules = [
            rule
            for rule in mapping.columns
            if column.name in rule.sources and not (mapping.answers and rule.target == "score")
        ]
        examples = _examples(column, rules, mapping)
        noted = tuple(doubt.text.in_(language) for doubt in doubts if doubt.column == column.name)
        for rule in rules:
            reason, reading = rule.reason.in_(language), _reading(rule)
            rows.append(MappingRow(column.name, rule.target, reason, reading, examples, column.filled, noted))
        scale = dict(mapping.answers).get(column.name)
        if scale is not None:
            reason = Text("一题，每个回答成一条反馈", "a question; each answer is a row of feedback").in_(
                language
            )
            rows.append(MappingRow(column.name, "score", reason, scale, examples, column.filled, noted))
        elif not rules:
            why = next((item.reason for item in mapping.ignored if item.column == column.name), None)
            reason = why.in_(language) if why else ""
            rows.append(MappingRow(column.name, None, reason, "", examples, column.filled, noted))
    return tuple(rows)


def _reading(rule: ColumnRule) -> str:
    parts = [*rule.forms, rule.meaning, rule.key_type, f"x{rule.factor}" if rule.factor != 1 else ""]
    return ", ".join(part for part in parts if part)


def _examples(column: ColumnProfile, rules: Sequence[ColumnRule], mapping: Mapping) -> tuple[str, ...]:
    """Masked when the target, the header or the cells say that a person can be known from them."""
    concepts = {match.concept for match in matches(read_header(column.name), mapping.entity)}
    names = {rule.target for rule in rules} | {TARGETS[mapping.entity].get(item, item) for item in concepts}
    if mapping.entity == "products":
        names -= {"name"}
    own = {item.name for item in ENTITIES[mapping.entity].fields if item.privacy != "open"}
    personal = (
        names & (_PERSONAL | own) or "private" in concepts or {"first_name", "surname", "nickname"} & concepts
    )
    hidden = bool(personal) or bool({"phone", "email"} & column.flags)
    return tuple(masked(word) if hidden else word for word in column.examples)
