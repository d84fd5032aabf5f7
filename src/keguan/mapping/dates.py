"""Dates as people write them: what a cell's shape says, and the SQL that reads each form.

A form is a way of writing. Every form but a few is rewritten to ISO and cast, so that one text covers
all times of day behind the date. Times with an offset or UTC come out as UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from keguan.engine.literals import literal

_CLOCK = r"([ t]+(上午|下午|am|pm)?\s*9{1,2}:99(:99([.,]9+)?)?\s*(am|pm|a\.m\.|p\.m\.)?)?"
_ZONE = r"(\s*(z|utc|[+-]99(:?99)?))?"
_NAMES = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"

# Shapes: digits written as 9, lower case. 'day_month' stands for dmy or mdy until the order is known.
SHAPES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(f"^{pattern}$")
    for name, pattern in {
        "iso": rf"9999(?P<s>[-/])9{{1,2}}(?P=s)9{{1,2}}{_CLOCK}{_ZONE}",
        "ymd": rf"9999\.9{{1,2}}\.9{{1,2}}{_CLOCK}{_ZONE}",
        "ymd_hour": r"9999[-/]9{1,2}[-/]9{1,2}[ t]+99?",
        "yyyymmdd": r"99999999(\.9)?",
        "yyyymmdd_time": r"99999999[ t]?(9999(99)?|9{1,2}:99(:99)?)",
        "day_month": rf"9{{1,2}}(?P<s>[-/.])9{{1,2}}(?P=s)(9999|99){_CLOCK}",
        "day_name": rf"9{{1,2}}(st|nd|rd|th)?[- .]*{_NAMES}[- .,]*(9999|99){_CLOCK}",
        "name_day": rf"{_NAMES}[- .]*9{{1,2}}(st|nd|rd|th)?[- .,]+9999{_CLOCK}",
        "chinese": r"9999\s*年\s*9{1,2}\s*月\s*9{1,2}\s*[日号]?"
        r"(\s*(上午|下午)?\s*(9{1,2}:99(:99)?|9{1,2}[时点]99分?(99秒?)?|9{1,2}[时点]))?",
        "epoch_s": r"9{10}(\.9+)?",
        "epoch_ms": r"9{13}",
        "excel": r"[9]{5}(\.9+)?",
    }.items()
}
# Whole numbers that are dates only when the values lie in a range, and some only when the header says so.
NUMERIC_FORMS = ("yyyymmdd", "epoch_s", "epoch_ms", "excel")
AMBIGUOUS = "day_month"
FORMS = (
    "iso", "ymd", "ymd_hour", "yyyymmdd", "yyyymmdd_time", "dmy", "mdy", "day_name", "name_day",
    "chinese", "epoch_s", "epoch_ms", "excel",
)  # fmt: skip
MARKS = ("wide", "ampm", "zoned", "some_zoned", "timed", "some_timed")  # stand beside forms, describe cells

_WIDE = "０１２３４５６７８９：／－．　"
_PLAIN = "0123456789:/-. "
_ZONE_SQL = "([Zz]|UTC|utc|[+-]\\d{2}(:?\\d{2})?)"
_TIME_ONLY = re.compile(r"^9{1,2}:99(:99(\.9+)?)?$")
_HALF_DAY = re.compile(r"上午|下午|[ap]\.?m\.?\s*$")


def plain_shape(shape: str) -> str:
    """A shape without full-width characters, in lower case."""
    return shape.translate(str.maketrans(_WIDE, _PLAIN)).casefold()


def date_form(shape: str) -> str | None:
    """The form of a plain shape ('9999-99-99 99:99' -> 'iso'); None when it is no date."""
    text = plain_shape(shape)
    return next((form for form, pattern in SHAPES.items() if pattern.match(text)), None)


def is_time_only(shape: str) -> bool:
    """Whether a shape is a time of day without a date."""
    return bool(_TIME_ONLY.match(shape))


def has_clock(shape: str) -> bool:
    """Whether a date's shape carries a time of day."""
    form = date_form(shape)
    return form in ("ymd_hour", "yyyymmdd_time", "epoch_s", "epoch_ms") or bool(
        re.search(r"9:99|[时点]", shape) or (form == "excel" and "." in shape)
    )


def has_zone(shape: str) -> bool:
    """Whether a date's shape names UTC or an offset."""
    return bool(re.search(r"9\s*(z|utc|[+-]99(:?99)?)$", shape.casefold())) and has_clock(shape)


def has_half_day(shape: str) -> bool:
    """Whether a shape carries AM/PM or 上午/下午."""
    return bool(_HALF_DAY.search(shape.casefold()))


def timestamp_sql(cell: str, forms: Sequence[str]) -> str:
    """SQL of TIMESTAMP for a trimmed cell written in one of `forms`; NULL when it cannot be read.

    Only the given forms are read: a day-first column never falls back to month-first. Cells that name
    an offset come out as UTC. The years are not checked here.
    """
    text = f"translate({cell}, {literal(_WIDE)}, {literal(_PLAIN)})" if "wide" in forms else cell
    if "ampm" in forms:
        bare = f"trim(regexp_replace({text}, '(?i)\\s*(上午|下午|[ap]\\.?m\\.?)\\s*', ' '))"
        return _with_half_day(text, _read(bare, forms))
    if {"zoned", "some_zoned"} & set(forms):
        bare = f"regexp_replace({text}, '\\s*{_ZONE_SQL}$', '')"
        return f"CASE WHEN {zoned_sql(text)} THEN {_read(bare, forms)} - {_offset(text)} ELSE {_read(text, forms)} END"
    return _read(text, forms)


def zoned_sql(cell: str) -> str:
    """SQL of BOOLEAN: whether a cell names UTC or an offset."""
    return f"(contains({cell}, ':') AND regexp_matches({cell}, '\\d\\s*{_ZONE_SQL}$'))"


def _read(text: str, forms: Sequence[str]) -> str:
    readings = [_FORM_SQL[form].replace("{v}", text) for form in FORMS if form in forms]
    if not readings:
        return "CAST(NULL AS TIMESTAMP)"
    return readings[0] if len(readings) == 1 else f"coalesce({', '.join(readings)})"


def _offset(text: str) -> str:
    """The offset from UTC as an interval; a bare cast would drop it without a word."""
    hours = f"regexp_extract({text}, '([+-]\\d{{2}}):?(\\d{{2}})?$', 1)"
    minutes = f"regexp_extract({text}, '[+-]\\d{{2}}:?(\\d{{2}})$', 1)"
    whole = f"coalesce(TRY_CAST({hours} AS INTEGER), 0) * 60"
    rest = f"coalesce(TRY_CAST({minutes} AS INTEGER), 0)"
    return f"to_minutes({whole} + CASE WHEN left({hours}, 1) = '-' THEN -1 ELSE 1 END * {rest})"


def _with_half_day(text: str, read: str) -> str:
    evening = f"regexp_matches({text}, '(?i)下午|p\\.?m\\.?\\s*$')"
    morning = f"regexp_matches({text}, '(?i)上午|a\\.?m\\.?\\s*$')"
    return (
        f"CASE WHEN {evening} AND hour({read}) < 12 THEN {read} + INTERVAL 12 HOUR"
        f" WHEN {morning} AND hour({read}) = 12 THEN {read} - INTERVAL 12 HOUR ELSE {read} END"
    )


def _rewritten(pattern: str, into: str) -> str:
    return f"TRY_CAST(regexp_replace({{v}}, '{pattern}', '{into}') AS TIMESTAMP)"


def _day_month(day: str, month: str) -> str:
    """Four-digit years as they are; two-digit years from 1970 to 2069."""
    start = "^(\\d{1,2})[-/.](\\d{1,2})[-/.]"
    long = _rewritten(f"{start}(\\d{{4}})", f"\\3-{month}-{day}")
    recent = _rewritten(f"{start}([0-6]\\d)(\\D|$)", f"20\\3-{month}-{day}\\4")
    older = _rewritten(f"{start}([7-9]\\d)(\\D|$)", f"19\\3-{month}-{day}\\4")
    return (
        f"CASE WHEN regexp_matches({{v}}, '{start}\\d{{4}}') THEN {long}"
        f" WHEN regexp_matches({{v}}, '{start}[0-6]\\d(\\D|$)') THEN {recent}"
        f" WHEN regexp_matches({{v}}, '{start}[7-9]\\d(\\D|$)') THEN {older} END"
    )


def _named(patterns: Sequence[str], cleaned: str) -> str:
    listed = ", ".join(f"'{date}{time}'" for date in patterns for time in (" %H:%M:%S", " %H:%M", ""))
    return f"try_strptime({cleaned}, [{listed}])"


_NO_ORDINAL = (
    "trim(regexp_replace(regexp_replace({v}, '(\\d)(st|nd|rd|th)\\b', '\\1'), '[-.,\\s]+', ' ', 'g'))"
)
_SEPARATE = f"regexp_replace({_NO_ORDINAL}, '^(\\d{{1,2}}) ?([A-Za-z]+) ?(\\d)', '\\1 \\2 \\3')"
_MIDNIGHT = "TIMESTAMP '1899-12-30 00:00:00'"

_FORM_SQL: Mapping[str, str] = {
    "iso": "TRY_CAST({v} AS TIMESTAMP)",
    "ymd": _rewritten("^(\\d{4})\\.(\\d{1,2})\\.(\\d{1,2})", "\\1-\\2-\\3"),
    "ymd_hour": "CASE WHEN regexp_full_match({v}, '\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}[ Tt]+\\d{1,2}')"
    " THEN TRY_CAST({v} || ':00' AS TIMESTAMP) END",
    "yyyymmdd": "CASE WHEN regexp_full_match({v}, '\\d{8}(\\.0)?') THEN try_strptime(left({v}, 8), '%Y%m%d') END",
    "yyyymmdd_time": _rewritten(
        "^(\\d{4})(\\d{2})(\\d{2})[ Tt]?(\\d{1,2}):?(\\d{2})(:\\d{2})?(\\d{2})?$",
        "\\1-\\2-\\3 \\4:\\5\\6:\\7",
    )
    .replace("TRY_CAST(", "TRY_CAST(rtrim(")
    .replace(" AS TIMESTAMP", ", ':') AS TIMESTAMP"),
    "dmy": _day_month("\\1", "\\2"),
    "mdy": _day_month("\\2", "\\1"),
    "day_name": _named(("%d %b %Y", "%d %B %Y", "%d %b %y"), _SEPARATE),
    "name_day": _named(("%b %d %Y", "%B %d %Y"), _NO_ORDINAL),
    "chinese": "TRY_CAST(rtrim(regexp_replace(translate(replace({v}, ' ', ''), '年月时点分日号秒', '--:::  '),"
    " '^(\\d{4}-\\d{1,2}-\\d{1,2}) ?(\\d{1,2}):?$', '\\1 \\2:00'), ': ') AS TIMESTAMP)",
    "epoch_s": "CASE WHEN regexp_full_match({v}, '\\d{9,10}(\\.\\d+)?')"
    " THEN make_timestamp(CAST(round(TRY_CAST({v} AS DOUBLE) * 1000000) AS BIGINT)) END",
    "epoch_ms": "CASE WHEN regexp_full_match({v}, '\\d{12,13}')"
    " THEN make_timestamp(TRY_CAST({v} AS BIGINT) * 1000) END",
    "excel": "CASE WHEN regexp_full_match({v}, '\\d{5}(\\.\\d+)?')"
    f" THEN {_MIDNIGHT} + to_microseconds(CAST(round(TRY_CAST({{v}} AS DOUBLE) * 86400) AS BIGINT) * 1000000) END",
}
