"""Counting the cells of a column in SQL: shapes, numbers, patterns, dates. Used by `profile`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from keguan.engine.literals import literal
from keguan.mapping.cells import Cells
from keguan.mapping.dates import AMBIGUOUS, NUMERIC_FORMS
from keguan.mapping.numbers import numbers_from
from keguan.mapping.privacy import EMAIL, MASKED, PHONE
from keguan.mapping.sql import cell, identifier, is_one_of
from keguan.mapping.terms import missing_words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAMPLE = "keguan_profile_sample"  # source_row, and the trimmed cells as c0, c1 ...
_WORDS = 60
_LONGEST = 80
_SHAPE = 48
_DIGITS = ("0123456789０１２３４５６７８９", "9999999999９９９９９９９９９９")


@dataclass(frozen=True, slots=True)
class DateOrderEvidence:
    """Rows of a column written like 3/4/2024: how many can only be day-first, or only month-first."""

    rows: int
    day_first_only: int
    month_first_only: int


def shapes(connection: DuckDBPyConnection, cells: str) -> dict[str, int]:
    """Shapes (digits as 9) of `cells` (v, n) with counts. Free text has many: the rare ones are added up under ''."""
    shape = f"translate(v, {literal(_DIGITS[0])}, {literal(_DIGITS[1])})"
    shaped = f"SELECT left({shape}, {_SHAPE}) AS s, sum(n) AS n FROM ({cells}) GROUP BY s"
    rows = connection.execute(
        f"WITH shapes AS ({shaped}), ranked AS"
        " (SELECT s, n, row_number() OVER (ORDER BY n DESC, s) AS place FROM shapes)"
        " SELECT CASE WHEN place <= 800 THEN s ELSE '' END AS s, sum(n) FROM ranked GROUP BY 1"
    ).fetchall()
    return {shape: int(count) for shape, count in rows if shape is not None}


def all_of_shape(connection: DuckDBPyConnection, table: str, name: str, shape: str) -> bool:
    """Whether every filled cell of the whole table has this one shape; cheaper than counting all shapes."""
    if not shape or len(shape) >= _SHAPE:
        return False
    pattern = "".join("[0-9]" if mark == "9" else re.escape(mark) for mark in shape)
    test = f"NOT regexp_full_match({identifier(name)}, {literal(pattern)})"
    return not connection.execute(f"SELECT 1 FROM {identifier(table)} WHERE {test} LIMIT 1").fetchall()


def all_cells(table: str, name: str) -> str:
    """Different cells of the whole table with their counts (v, n); v is NULL where no value stands.

    No WHERE: DuckDB would push it below the grouping and test every row instead of every value.
    """
    grouped = f"SELECT {identifier(name)}, count(*) AS n FROM {identifier(table)} GROUP BY ALL"
    return f"SELECT {value('v')} AS v, n FROM (SELECT {cell(name)} AS v, n FROM ({grouped}))"


def value(key: str) -> str:
    return f"CASE WHEN {is_one_of(key, missing_words())} THEN NULL ELSE {key} END"


def number_figures(
    connection: DuckDBPyConnection, key: str, cells: Cells
) -> tuple[Decimal | None, Decimal | None, float, float]:
    if cells.number < 0.5:
        return None, None, 0.0, 0.0
    low, high, negative, zero, count = one(
        connection,
        "SELECT min(x), max(x), count(*) FILTER (x < 0), count(*) FILTER (x = 0), count(x)"
        f" FROM (SELECT {key} AS x FROM {numbers_from(SAMPLE, [key], cells.mark or '.')})",
    )
    return low, high, negative / max(count, 1), zero / max(count, 1)


def pattern_flags(connection: DuckDBPyConnection, key: str, gone: str, values: int) -> set[str]:
    if values <= 0:
        return {"empty"}
    tests = {
        "email": f"regexp_matches({key}, {literal(EMAIL)})",
        "phone": f"regexp_matches({key}, {literal(PHONE)})",
        "masked": f"regexp_matches({key}, {literal(MASKED)})",
        "integral_float": f"regexp_full_match({key}, '[0-9]+[.]0+')",
        "leading_zero": f"regexp_full_match({key}, '0[0-9]+')",
        "long_text": f"length({key}) > 60",
        "excel_text": f"(starts_with({key}, '=\"') OR starts_with({key}, ''''))",
    }
    needed = {"integral_float": 1.0, "leading_zero": 0.02, "long_text": 0.05, "excel_text": 0.02}
    counts = one(
        connection,
        f"SELECT {', '.join(f'count(*) FILTER ({test})' for test in tests.values())}"
        f" FROM {SAMPLE} WHERE {key} IS NOT NULL AND NOT {gone}",
    )
    return {
        name for name, count in zip(tests, counts, strict=True) if count >= needed.get(name, 0.5) * values
    }


def ranges(connection: DuckDBPyConnection, key: str, cells: Cells) -> set[str]:
    """Numeric date forms whose values lie where dates lie."""
    tests = {
        "yyyymmdd": f"try_strptime(left({key}, 8), '%Y%m%d') BETWEEN '1970-01-01' AND '2100-01-01'",
        "epoch_s": f"TRY_CAST({key} AS DOUBLE) BETWEEN 631152000 AND 4102444800",
        "epoch_ms": f"TRY_CAST({key} AS DOUBLE) BETWEEN 631152000000 AND 4102444800000",
        "excel": f"TRY_CAST({key} AS DOUBLE) BETWEEN 18264 AND 73050",
    }
    forms = dict(cells.dates)
    found = set()
    for form in NUMERIC_FORMS:
        if forms.get(form, 0.0) < 0.5:
            continue
        inside, count = one(
            connection,
            f"SELECT count(*) FILTER ({tests[form]}), count(*) FROM {SAMPLE} WHERE {key} IS NOT NULL",
        )
        if inside >= 0.9 * count:
            found.add(f"range_{form}")
    return found


def in_range(form: str, flags: set[str]) -> bool:
    return form not in NUMERIC_FORMS or f"range_{form}" in flags


def always_integral(connection: DuckDBPyConnection, table: str, name: str) -> bool:
    other = one(
        connection,
        f"SELECT count(*) FILTER (NOT regexp_full_match(v, '[0-9]+[.]0+')) FROM ({all_cells(table, name)})",
    )[0]
    return bool(other == 0)


def clock_matters(connection: DuckDBPyConnection, key: str) -> bool:
    """False when every time of day is midnight: the file only knows days."""
    midnight = f"regexp_matches({key}, '(?i)[ T]0?0:00(:00([.,]0+)?)?\\s*(z|utc|[+-]\\d\\d(:?\\d\\d)?)?$')"
    return bool(one(connection, f"SELECT count(*) FROM {SAMPLE} WHERE NOT {midnight}")[0])


def unique(connection: DuckDBPyConnection, table: str, name: str, filled: int, distinct: int) -> bool:
    if filled == 0 or distinct < filled:
        return False
    count, different = one(
        connection,
        f"SELECT count(v), count(DISTINCT v) FROM (SELECT {cell(name)} AS v FROM {identifier(table)})",
    )
    return bool(count == different)


def date_order(
    connection: DuckDBPyConnection, table: str, name: str, cells: Cells
) -> DateOrderEvidence | None:
    if not any(form == AMBIGUOUS for form, _ in cells.dates):
        return None
    first = "TRY_CAST(regexp_extract(v, '^(\\d{1,2})[-/.](\\d{1,2})[-/.]\\d', 1) AS INTEGER)"
    second = "TRY_CAST(regexp_extract(v, '^(\\d{1,2})[-/.](\\d{1,2})[-/.]\\d', 2) AS INTEGER)"
    rows, day, month = one(
        connection,
        f"SELECT sum(n), sum(n) FILTER (a > 12 AND b <= 12), sum(n) FILTER (b > 12 AND a <= 12) FROM"
        f" (SELECT {first} AS a, {second} AS b, n FROM ({all_cells(table, name)}))"
        " WHERE a IS NOT NULL",
    )
    return DateOrderEvidence(int(rows or 0), int(day or 0), int(month or 0))


def words(connection: DuckDBPyConnection, key: str) -> tuple[tuple[str, int], ...]:
    rows = connection.execute(
        f"SELECT {key}, count(*) AS n FROM {SAMPLE} WHERE {key} IS NOT NULL"
        f" GROUP BY {key} ORDER BY n DESC, {key} LIMIT {_WORDS}"
    ).fetchall()
    return tuple((str(word)[:_LONGEST], int(count)) for word, count in rows)


def missing(connection: DuckDBPyConnection, key: str, gone: str) -> tuple[tuple[str, int], ...]:
    rows = connection.execute(
        f"SELECT {key}, count(*) AS n FROM {SAMPLE} WHERE {gone} GROUP BY {key} ORDER BY n DESC, {key}"
    ).fetchall()
    return tuple((str(word), int(count)) for word, count in rows)


def one(connection: DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = connection.execute(sql).fetchone()
    return row if row is not None else ()
