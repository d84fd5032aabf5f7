"""The SQL that reads one cell as one canonical column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keguan.mapping.aliases import RECORD_KINDS, EntityKind
from keguan.mapping.dates import timestamp_sql, zoned_sql
from keguan.mapping.model import ColumnRule, Mark
from keguan.mapping.numbers import NUMBER, WIDE, number_value_sql
from keguan.mapping.sql import listed
from keguan.mapping.terms import record_terms, vocabulary
from keguan.schema.tables import Type

_CAST_TIMES = {
    "iso",
    "ymd",
    "yyyymmdd",
    "chinese",
    "timed",
}  # a bare cast reads iso, and none of the rest wrongly
_VOCABULARIES = ("status", "kind", "currency")
LEVELS = "levels"  # form of a score that is written in words


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the flat row that has a rule. `raw`: its trimmed cell; `text`: the cell tidied;
    `fast`: what a bare cast of the cell as received gives."""

    name: str
    type: Type
    rule: ColumnRule
    entity: EntityKind = "orders"

    @property
    def raw(self) -> str:
        return f"r_{self.name}"

    @property
    def text(self) -> str:
        return f"t_{self.name}"

    @property
    def fast(self) -> str:
        return f"q_{self.name}"

    @property
    def is_number(self) -> bool:
        return self.type in ("decimal", "integer", "bigint")

    @property
    def is_time(self) -> bool:
        return self.type in ("timestamp", "date")

    @property
    def can_fail(self) -> bool:
        return self.is_number or self.is_time or self.type == "boolean"

    @property
    def words(self) -> Mapping[str, str]:
        """Word as received, lower case -> stored value."""
        if self.type == "boolean":
            return record_terms("boolean")
        if self.entity in RECORD_KINDS:
            return record_terms(f"{self.entity}.{self.name}")
        return vocabulary(self.name) if self.name in _VOCABULARIES else {}


def fast_sources(columns: Sequence[Column], mark: Mark) -> dict[str, str]:
    """Received column -> SQL type, where every use of it is a plain number or a plain ISO time."""
    found: dict[str, set[str]] = {}
    for column in columns:
        for name in column.rule.sources:
            found.setdefault(name, set()).add(_bare_type(column, mark))
    return {name: kinds.pop() for name, kinds in found.items() if len(kinds) == 1 and "" not in kinds}


def _bare_type(column: Column, mark: Mark) -> str:
    rule = column.rule
    if len(rule.sources) > 1 or rule.factor != 1:
        return ""
    if column.type == "decimal" and mark == ".":
        return NUMBER
    if column.is_time and "iso" in rule.forms and set(rule.forms) <= _CAST_TIMES:
        return "TIMESTAMP"
    return ""


def value_sql(column: Column, mark: Mark) -> str:
    """What the cell reads as; NULL when it cannot be read."""
    if column.is_number:
        number = _number(column, mark)
        if LEVELS in column.rule.forms:
            level = _term(column.raw, record_terms(LEVELS), "")
            return f"coalesce(CAST({level} AS {NUMBER}), {number})"
        return number
    if column.type == "boolean":
        return f"TRY_CAST({_term(column.raw, column.words, '')} AS BOOLEAN)"
    if column.is_time:
        return timestamp_sql(column.raw, column.rule.forms or ("iso",))
    if "integral_float" in column.rule.forms:
        return f"split_part({column.raw}, '.', 1)"
    if column.words:
        return _term(column.raw, column.words, column.raw)
    return column.raw


def in_years(value: str) -> str:
    """SQL of BOOLEAN: years in which customers live and orders are placed; others were misread or mistyped."""
    return f"({value} >= '1900-01-01' AND {value} < '2200-01-01')"


def utc_sql(time: Column) -> str:
    """SQL of BOOLEAN: whether the time read from a cell is an instant in UTC rather than local time."""
    forms = set(time.rule.forms)
    epoch = bool({"epoch_s", "epoch_ms"} & forms)
    only_epoch = epoch and not forms - {"epoch_s", "epoch_ms", "timed", "some_timed"}
    if "zoned" in forms or only_epoch:
        return "TRUE"
    tests = [zoned_sql(time.raw)] if "some_zoned" in forms else []
    tests += [f"regexp_full_match({time.raw}, '[0-9]{{10,13}}([.][0-9]+)?')"] if epoch else []
    return f"coalesce({' OR '.join(tests)}, FALSE)" if tests else "FALSE"


def clock_sql(time: Column) -> str:
    """SQL of BOOLEAN: whether the cell tells a time of day."""
    if "timed" in time.rule.forms:
        return "TRUE"
    if "some_timed" not in time.rule.forms:
        return "FALSE"
    return f"coalesce(regexp_matches({time.raw}, ':|[时点]|[ T][0-9]{{1,2}}$|^[0-9]{{10,14}}$|[.][0-9]{{3,}}$'), FALSE)"


def _number(column: Column, mark: Mark) -> str:
    number = number_value_sql(column.raw, column.text, mark)
    if column.rule.factor != 1:
        number = (
            f"TRY_CAST(CAST({number} AS {WIDE}) * CAST({column.rule.factor} AS DECIMAL(16, 4)) AS {NUMBER})"
        )
    if column.type == "decimal":
        return number
    return f"TRY_CAST({number} AS {column.type.upper()})"


def _term(cell: str, terms: Mapping[str, str], other: str) -> str:
    """Known words become the stored term; other cells read as `other` (SQL), or as nothing."""
    words: dict[str, list[str]] = {}
    for word, value in terms.items():
        words.setdefault(value, []).append(word)
    cases = " ".join(
        f"WHEN lower({cell}) IN ({listed(known)}) THEN '{value}'" for value, known in words.items()
    )
    return f"CASE {cases} ELSE {other or 'NULL'} END"
