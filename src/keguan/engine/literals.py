"""Parameters written into a query as typed literals.

DuckDB's Python binding imports pandas, where it is installed, as soon as one parameter is bound: a second of
CPU that has nothing to do with the query. A literal says the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from keguan.core.text import Scalar

# Quoted texts, quoted names and comments are passed over; then a named parameter.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|\$([A-Za-z_]\w*)", re.DOTALL)


def bound(sql: str, params: Mapping[str, Scalar]) -> str:
    """The query with every `$name` of `params` as a literal; other names are left as they are."""

    def replaced(match: re.Match[str]) -> str:
        name = match.group(1)
        return literal(params[name]) if name in params else match.group(0)

    return _TOKEN.sub(replaced, sql)


def named(sql: str) -> frozenset[str]:
    """Names of the parameters of a query."""
    return frozenset(match.group(1) for match in _TOKEN.finditer(sql) if match.group(1))


def literal(value: Scalar) -> str:
    """A value as a typed SQL literal, read alike by DuckDB and Spark."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, float):
        return f"CAST('{float(value)!r}' AS DOUBLE)"  # float(): numpy's repr is its own
    if isinstance(value, Decimal):
        places = max(0, -int(value.as_tuple().exponent))
        return f"CAST('{value:f}' AS DECIMAL(38, {places}))"
    if isinstance(value, int):
        return f"({value})" if value < 0 else str(value)
    return quoted(value)


def quoted(text: str) -> str:
    """A text as a literal. The engines' grammar knows no NUL inside quotes, so one is put in by its number."""
    parts = [f"'{part}'" for part in text.replace("'", "''").split("\0")]
    return parts[0] if len(parts) == 1 else f"({' || chr(0) || '.join(parts)})"
