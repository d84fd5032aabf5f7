"""A received text found in a fixed list, as SQL expressions over one column."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.engine.literals import literal

_WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F)) + "\u3000\u00a0"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + "  "


def lookup_sql(key: str, terms: Mapping[str, str]) -> str:
    """SQL: what `terms` (some, no value with a '|') give for the expression `key`; NULL where it is not listed.

    The list is an ENUM because DuckDB hashes one: a MAP or a long CASE compares a cell with term after term.
    The values are one text, because long lists of literals are slow to plan.
    """
    keys = ", ".join(literal(term) for term in terms)
    values = literal("|".join(terms.values()))
    return f"string_split({values}, '|')[enum_code(TRY_CAST({key} AS ENUM({keys}))) + 1]"


def narrow_sql(column: str) -> str:
    """SQL: the text with full-width letters, digits, marks and blanks in their usual width, blanks cut off."""
    # Translating costs ten times the test, and few cells need it.
    usual = f"translate({column}, {literal(_WIDE)}, {literal(_NARROW)})"
    return f"trim(CASE WHEN regexp_matches({column}, '[！-～\u3000\u00a0]') THEN {usual} ELSE {column} END, ' \t\r\n')"


def as_received(column: str) -> str:
    """SQL: a text that was not recognised, as it is; NULL when it is blank."""
    return f"CASE WHEN regexp_matches({column}, '[^\\s\u3000\u00a0]') THEN {column} END"
