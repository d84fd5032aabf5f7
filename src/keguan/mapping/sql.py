"""Identifiers and conditions written safely into the SQL over a staged table."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keguan.engine.literals import literal

# Blanks cut from both ends of a cell: exports carry tabs, full-width and no-break blanks, byte order marks.
BLANKS = " \t\r\n　\u00a0\u2007\u202f\ufeff\u200b"

_ASCII = " \t\r\n"


def identifier(name: str) -> str:
    """A quoted column or table name."""
    return '"' + name.replace('"', '""') + '"'


def listed(words: Iterable[str]) -> str:
    """Quoted strings for IN (...)."""
    return ", ".join(literal(word) for word in words)


def is_one_of(cell: str, words: Iterable[str]) -> str:
    """Whether a cell is one of some lower-case words, in any case. One automaton over the bytes of a cell
    takes half the time of comparing it with dozens of words."""
    pattern = "|".join(re.escape(word) for word in words)
    return f"regexp_full_match({cell}, {literal(f'(?i)(?:{pattern})')})"


def trimmed(value: str) -> str:
    """A text without blanks around it; NULL when nothing is left.

    Trimming a set of characters costs more than all the rest of reading a clean cell, so that cells
    which cannot have blanks at their ends are let through.
    """
    ends = " OR ".join(f"suffix({value}, {literal(blank)})" for blank in _ASCII)
    wide = " OR ".join(f"contains({value}, {literal(blank)})" for blank in BLANKS if blank not in _ASCII)
    return (
        f"nullif(CASE WHEN {value} < '!' OR {ends} OR (strlen({value}) <> length({value}) AND ({wide}))"
        f" THEN trim({value}, {literal(BLANKS)}) ELSE {value} END, '')"
    )


def cell(column: str) -> str:
    """The cell of a received column without blanks around it; NULL when nothing is left."""
    return trimmed(identifier(column))
