"""The staged table as rows of one fixed shape: one SELECT that reads every cell by its mapping.

Levels, each a subquery over the one before: cells as received, with a bare cast where that is enough;
trimmed cells of what is left; cells that give a reason for a missing value set apart; one cell per canonical
column; tidied numbers; values; what failed; the fixed row, with the values that need others (money off
from a rate, cost from profit).
"""

from __future__ import annotations

import json
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence

from keguan.engine.literals import literal
from keguan.mapping.derived import derived
from keguan.mapping.flat_columns import ATTRIBUTES, COLUMNS, UTC, computed
from keguan.mapping.model import Mapping
from keguan.mapping.numbers import number_text_sql
from keguan.mapping.privacy import MASKED
from keguan.mapping.reading import Column, clock_sql, fast_sources, in_years, utc_sql, value_sql
from keguan.mapping.sql import identifier, is_one_of, trimmed
from keguan.mapping.terms import guest_words, missing_words
from keguan.schema.tables import SQL_TYPES

_KEYS = ("customer_key", "customer_id", "other_key", "phone", "email", "wechat", "tax_no")


def flat_sql(mapping: Mapping, table: str) -> str:
    """A SELECT over the staged `table`: source_row, the columns of flat_columns.COLUMNS for the mapping's
    kind of file, then `failed` and `failed_found` (first canonical column whose cell cannot be read, and
    the cell) and `missing_reason` ('column=reason' pairs joined by ';').

    Columns that nothing feeds are typed NULLs, so the shape is always the same. No cell makes it fail.
    """
    columns = tuple(
        Column(name, kind, rule, mapping.entity)
        for name, kind in COLUMNS[mapping.entity]
        if (rule := mapping.rule(name)) is not None
    )
    fast = fast_sources(columns, mapping.decimal)
    levels = (
        _received(mapping, fast),
        _trimmed(mapping, columns, fast),
        _told(mapping, columns, fast),
        _cells(mapping, columns, fast),
        _tidied(mapping, columns),
        _values(mapping, columns, fast),
        f"*, {_failed(columns)} AS failed",
        _row(mapping, columns),
    )
    sql = identifier(table)
    for number, level in enumerate(levels):
        source = sql if number == 0 else f"({sql})"
        sql = f"SELECT {level}\nFROM {source}"
    return sql


def _received(mapping: Mapping, fast: Mapping_[str, str]) -> str:
    """The cells as received (c0, c1 ...), and what a bare cast makes of them where that is enough (f0 ...)."""
    parts = ["source_row"]
    for place, name in enumerate(mapping.sources):
        parts.append(f"{identifier(name)} AS c{place}")
        if name in fast:
            parts.append(f"TRY_CAST({identifier(name)} AS {fast[name]}) AS f{place}")
    return ", ".join(parts)


def _trimmed(mapping: Mapping, columns: Sequence[Column], fast: Mapping_[str, str]) -> str:
    """The trimmed cells (s0, s1 ...) of all that a bare cast did not read, Excel's marks for text taken off."""
    excel = {name for column in columns if "excel_text" in column.rule.forms for name in column.rule.sources}
    parts = ["source_row"]
    for place, name in enumerate(mapping.sources):
        text = trimmed(f"c{place}")
        if name in excel:
            text = f"nullif(regexp_replace({text}, '^=\"\\s*(.*?)\\s*\"$|^''', '\\1'), '')"
        if name in fast:
            known = in_years(f"f{place}") if fast[name] == "TIMESTAMP" else f"f{place} IS NOT NULL"
            parts.append(f"CASE WHEN {known} THEN f{place} END AS f{place}")
            text = f"CASE WHEN coalesce({known}, FALSE) THEN NULL ELSE {text} END"
        parts.append(f"{text} AS s{place}")
    return ", ".join(parts)


def _told(mapping: Mapping, columns: Sequence[Column], fast: Mapping_[str, str]) -> str:
    """Beside each cell, the reason it gives for having no value (m0, m1 ...). Masked ids are no ids."""
    parts = ["source_row"]
    keys = {name for column in columns if column.name in _KEYS for name in column.rule.sources}
    for place, name in enumerate(mapping.sources):
        words = [*missing_words(), *(word.lower() for word in mapping.missing)]
        words += guest_words() if name in keys else ()
        reason = f"CASE WHEN {is_one_of(f's{place}', words)} THEN s{place}"
        if name in keys:
            reason += f" WHEN contains(s{place}, '**') AND regexp_matches(s{place}, '{MASKED}') THEN 'masked'"
        parts.append(f"s{place}, {reason} END AS m{place}" + (f", f{place}" if name in fast else ""))
    return ", ".join(parts)


def _cells(mapping: Mapping, columns: Sequence[Column], fast: Mapping_[str, str]) -> str:
    place = {name: number for number, name in enumerate(mapping.sources)}
    cells = "".join(f", {_cell(column, place)} AS {column.raw}" for column in columns)
    for column in columns:
        if column.rule.sources[0] in fast:
            cells += f", f{place[column.rule.sources[0]]} AS {column.fast}"
    return f"source_row, {_missing_reason(columns, place)} AS missing_reason{cells}"


def _cell(column: Column, place: dict[str, int]) -> str:
    """The cell of one source, or several joined without the empty ones."""
    cells = [f"CASE WHEN m{place[name]} IS NULL THEN s{place[name]} END" for name in column.rule.sources]
    if column.name in ATTRIBUTES:
        return _object(column.rule.sources, cells)
    if len(cells) == 1:
        return cells[0]
    joined = f"concat_ws({literal(column.rule.join)}, {', '.join(cells)})"
    if column.is_time:  # a time of day without its date is no time
        return f"CASE WHEN {cells[0]} IS NOT NULL THEN {joined} END"
    return f"nullif({joined}, '')"


def _object(names: Sequence[str], cells: Sequence[str]) -> str:
    """The filled cells as one JSON object under their headers, in the order of the headers; NULL without any."""
    parts = [
        f"{literal(json.dumps(name, ensure_ascii=False) + ':')} || CAST(to_json({cell}) AS VARCHAR)"
        for name, cell in sorted(zip(names, cells, strict=True))
    ]
    return f"nullif('{{' || concat_ws(',', {', '.join(parts)}) || '}}', '{{}}')"


def _missing_reason(columns: Sequence[Column], place: dict[str, int]) -> str:
    columns = [column for column in columns if column.name not in ATTRIBUTES]
    cells = dict.fromkeys(f"m{place[name]}" for column in columns for name in column.rule.sources)
    if not cells:
        return "CAST(NULL AS VARCHAR)"
    pairs = [
        f"CASE WHEN m{place[name]} IS NOT NULL THEN '{column.name}=' || replace(m{place[name]}, ';', ',') END"
        for column in columns
        for name in column.rule.sources
    ]
    return f"CASE WHEN coalesce({', '.join(cells)}) IS NOT NULL THEN concat_ws(';', {', '.join(pairs)}) END"


def _tidied(mapping: Mapping, columns: Sequence[Column]) -> str:
    texts = [
        f", {number_text_sql(column.raw, mapping.decimal)} AS {column.text}"
        for column in columns
        if column.is_number
    ]
    return "*" + "".join(texts)


def _values(mapping: Mapping, columns: Sequence[Column], fast: Mapping_[str, str]) -> str:
    values = []
    for column in columns:
        value = value_sql(column, mapping.decimal)
        if column.rule.sources[0] in fast:
            value = f"coalesce({column.fast}, {value})"
        values.append(f", {column.raw}, {value} AS {column.name}")
    return "source_row, missing_reason" + "".join(values)


def _failed(columns: Sequence[Column]) -> str:
    """The first column whose cell stands but could not be read. Texts are always read."""
    cases = []
    for column in columns:
        if column.is_time:
            unread = f"({column.name} IS NULL OR NOT {in_years(column.name)})"
            cases.append(f"WHEN {column.raw} IS NOT NULL AND {unread} THEN '{column.name}'")
        elif column.can_fail:
            cases.append(f"WHEN {column.raw} IS NOT NULL AND {column.name} IS NULL THEN '{column.name}'")
    return f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"


def _row(mapping: Mapping, columns: Sequence[Column]) -> str:
    """The fixed row."""
    known = {column.name: column for column in columns}
    money = derived(mapping) if mapping.entity == "orders" else {}
    parts = ["source_row"]
    for name, kind in COLUMNS[mapping.entity]:
        constant = mapping.currency if name == "currency" else mapping.constant(name)
        if computed(name):
            value = _about(name, known)
        elif name in money:
            value = money[name]
        elif name not in known:
            value = literal(constant) if constant else "NULL"
        elif constant:
            value = f"coalesce({name}, {literal(constant)})"
        else:
            value = f"CASE WHEN {in_years(name)} THEN {name} END" if known[name].is_time else name
        parts.append(f"CAST({value} AS {SQL_TYPES[kind]}) AS {name}")
    found = " ".join(f"WHEN '{column.name}' THEN {column.raw}" for column in columns if column.can_fail)
    parts.append("failed")
    parts.append(
        f"CASE failed {found} END AS failed_found" if found else "CAST(NULL AS VARCHAR) AS failed_found"
    )
    parts.append("missing_reason")
    return ",\n  ".join(parts)


def _about(name: str, known: dict[str, Column]) -> str:
    """Columns that say something about another one."""
    other = known.get("other_key")
    time = known.get(name.removesuffix(UTC) if name.endswith(UTC) else "ordered_at")
    if name == "other_key_type":
        return (
            f"CASE WHEN other_key IS NOT NULL THEN {literal(other.rule.key_type or 'other')} END"
            if other
            else "NULL"
        )
    if time is None:
        return "NULL"
    return clock_sql(time) if name == "has_time" else utc_sql(time)
