"""Industries as codes of GB/T 4754-2017: a section ('C') or a section with its division ('C14').

Read are the official names, the codes in their usual forms, a code beside its name, a section before its
division, and short names that can mean one code only (industries.toml). All else stays as received.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from keguan.engine.literals import literal
from keguan.quality.lookup import as_received, lookup_sql, narrow_sql
from keguan.schema.industries import INDUSTRY

# Names are compared without 'and' in both languages, marks and blanks: 批发与零售业 is 批发和零售业.
_IGNORED = r"\band\b|[^一-鿿a-z0-9]+|[和与及]"
_CODE = "[A-Ta-t](?:[0-9]{2,4})?|[0-9]{2}"


def industry_sql(column: str) -> str:
    """SQL: which industry does a received text name? 'C', 'C14', or the text as received; NULL when blank.

    'C1411' is its division 'C14'. Three or four digits without a letter are left alone: other countries
    number their industries so. A letter and digits that do not belong together ('A14') are left alone too.
    """
    narrow = narrow_sql(column)
    is_code = f"regexp_full_match({narrow}, {literal(_CODE)})"
    code = f"CASE WHEN {is_code} THEN {lookup_sql(f'upper(left({narrow}, 3))', _codes())} END"
    name = lookup_sql(f"regexp_replace(lower({narrow}), {literal(_IGNORED)}, '', 'g')", _names())
    return f"coalesce({code}, {name}, {as_received(column)})"


@cache
def _codes() -> Mapping[str, str]:
    """Codes as written -> code; a division is known by its two digits alone."""
    return {written: code for code in INDUSTRY for written in (code, code[1:]) if written}


@cache
def _names() -> Mapping[str, str]:
    """Comparable names -> code. A section comes before its only division of the same name (教育, 房地产业)."""
    known: dict[str, str] = {}
    for code in sorted(INDUSTRY, key=len):
        for name in _official(code):
            known.setdefault(_comparable(name), code)
    text = files("keguan.quality").joinpath("industries.toml").read_text(encoding="utf-8")
    for code, names in tomllib.loads(text).items():
        for name in names:
            for written in (name, f"{name}行业", f"{name}industry"):
                known.setdefault(_comparable(written), code)
    return known


def _official(code: str) -> Iterator[str]:
    """The official names of a code, alone and beside the code or the section."""
    section = INDUSTRY[code[0]].zh
    for name in _shortened(INDUSTRY[code].zh):
        yield from (name, f"{name}行业", f"{code}{name}", f"{name}{code}")
        if len(code) > 1:
            yield from (f"{code[1:]}{name}", f"{name}{code[1:]}")
            yield from (f"{before}{name}" for before in _shortened(section))
    yield INDUSTRY[code].en


def _shortened(name: str) -> tuple[str, ...]:
    """制造业 is also written 制造; a single character (农) names nothing."""
    short = name.removesuffix("业")
    return (name, short) if short != name and len(short) > 1 else (name,)


def _comparable(name: str) -> str:
    return re.sub(_IGNORED, "", name.lower(), flags=re.ASCII)
