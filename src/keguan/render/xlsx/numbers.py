"""Number formats both ways: which one shows a figure as the document prints it, and what a format shows.

Only what spreadsheets write for plain figures, per cents and dates is understood: digits with separators,
per cent, quoted words, dates. Scientific notation, fractions and conditions are shown as the plain number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from keguan.core.text import Scalar, rounded

DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: DAY,
    22: MOMENT,
    49: "@",
}
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
PLACES = 15  # significant digits that a spreadsheet keeps
_PRINTED = re.compile(
    r"(?P<number>-?[\d,]+(?:\.(?P<decimals>\d+))?)(?P<per_cent>%)?(?P<word>(?: [^\d%\"]{1,20})?)"
)
_SECTION = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*)(?:;|$)')
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<brackets>\[[^\]]*\])|_(?P<skipped>.)'
    r"|\*(?P<filled>.)|(?P<date>[Yy]+|[Mm]+|[Dd]+|[Hh]+|[Ss]+)|(?P<digits>[0#?][0#?,.]*)|(?P<other>.)"
)


class Typed(NamedTuple):
    """A figure as a cell holds it: the number, and the format in which it reads as printed."""

    value: float
    format: str


def typed(value: Scalar, printed: str) -> Typed | None:
    """The cell of a figure or date; None when no number in a cell would read exactly as printed."""
    if value is None or isinstance(value, bool | str):
        return None
    if isinstance(value, date):
        moment = isinstance(value, datetime)
        at = value.replace(second=0, microsecond=0, tzinfo=None) if isinstance(value, datetime) else value
        found = Typed(serial(at), MOMENT if moment else DAY)
        return found if shown(found.value, found.format) == printed else None
    match = _PRINTED.fullmatch(printed)
    if match is None:
        return None
    decimals, per_cent, word = match.group("decimals", "per_cent", "word")
    code = f"#,##0{'.' + '0' * len(decimals) if decimals else ''}{per_cent or ''}" + (
        f'"{word}"' if word else ""
    )
    exact = Decimal(str(value))
    for by in (1, 100):  # differences of shares are printed in points
        number = float(exact * by)
        if shown(number, code) == printed:
            return Typed(number, code)
    return None


def serial(value: date | datetime) -> float:
    """A date as spreadsheets count days."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment - EPOCH) / timedelta(days=1)


def shown(value: float, code: str, *, from_1904: bool = False) -> str:
    """What a cell shows that holds `value` in the number format `code`."""
    if value != value or abs(value) == float("inf"):
        return str(value)
    exact = Decimal(f"{value:.{PLACES}g}")
    sections = _sections(code)
    section = sections[0]
    if exact < 0 and len(sections) > 1:
        section, exact = sections[1], -exact
    elif exact == 0 and len(sections) > 2:
        section = sections[2]
    if section.dates:
        return _date(value, section.dates, EPOCH_1904 if from_1904 else EPOCH)
    return _number(exact, section)


@dataclass(frozen=True, slots=True)
class _Digits:
    """Placeholders of a figure: powers of ten that it is moved by, decimals, and whether thousands are parted."""

    moved: int
    least: int
    most: int
    grouped: bool


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a number format. `pieces`: words, and placeholders between them; `moved`: powers of ten by
    its signs of per cent; `plain`: shown as the plain number; `dates`: the tokens of a date."""

    pieces: tuple[str | _Digits, ...] = ()
    moved: int = 0
    plain: bool = False
    dates: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[_Section, ...]:
    """A number format taken apart: a workbook has few of them, for many cells."""
    if code in ("General", "@", ""):
        return (_Section(plain=True),)
    return tuple(_section(text) for text in _SECTION.findall(code)[:-1] or [code])


def _section(section: str) -> _Section:
    tokens = [(match.lastgroup or "", match[match.lastgroup or 0]) for match in _TOKEN.finditer(section)]
    kinds = {kind for kind, _ in tokens}
    if "date" in kinds and "digits" not in kinds:
        return _Section(dates=tuple(tokens))
    pieces: list[str | _Digits] = []
    plain = False
    for kind, text in tokens:
        if kind == "digits":
            pieces.append(_placeholders(text))
        elif kind in ("quoted", "escaped", "currency"):
            pieces.append(text)
        elif kind == "skipped":
            pieces.append(" ")
        elif kind in ("other", "date"):
            plain = plain or text in "Ee" or text.startswith("General")
            pieces.append(text)
    return _Section(tuple(pieces), 2 * tokens.count(("other", "%")), plain)


def _placeholders(pattern: str) -> _Digits:
    whole, _, fraction = pattern.partition(".")
    scaled = len(pattern) - len(pattern.rstrip(","))
    most = sum(letter in "0#?" for letter in fraction)
    return _Digits(-3 * scaled, fraction.count("0"), most, "," in whole.rstrip(","))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def _number(value: Decimal, section: _Section) -> str:
    if section.moved:
        value = value.scaleb(section.moved)
    if section.plain:
        return _plain(value)
    out, sign = [], ""
    for piece in section.pieces:
        if isinstance(piece, str):
            out.append(piece)
        else:
            body, sign = _digits(value, piece)
            out.append(body)
    return sign + "".join(out)


def _digits(value: Decimal, form: _Digits) -> tuple[str, str]:
    """The figure by its placeholders, and its sign, which stands before all words of the format."""
    if form.moved:
        value = value.scaleb(form.moved)
    try:
        number = rounded(value, form.most)
    except InvalidOperation:
        return _plain(value), ""
    sign = "-" if number < 0 else ""
    body = f"{abs(number):,f}" if form.grouped else f"{abs(number):f}"
    if form.most > form.least and "." in body:
        cut = len(body) - (form.most - form.least)
        body = body[:cut] + body[cut:].rstrip("0")
        body = body.rstrip(".") if not form.least else body
    return body, sign


def _date(value: float, tokens: Sequence[tuple[str, str]], epoch: datetime) -> str:
    try:
        at = epoch + timedelta(seconds=round(value * 86_400))
    except (OverflowError, ValueError):
        return _plain(Decimal(f"{value:.{PLACES}g}"))
    out, hours = [], False
    for kind, text in tokens:
        if kind == "date":
            letter = text[0].lower()
            minutes = letter == "m" and hours
            hours = letter == "h"
            out.append(_part(at, letter, len(text), minutes=minutes))
        elif kind in ("quoted", "escaped", "other"):
            out.append(text)
    return "".join(out)


def _part(at: datetime, letter: str, length: int, *, minutes: bool) -> str:
    if letter == "y":
        return f"{at.year:04d}" if length > 2 else f"{at.year % 100:02d}"
    number = {"m": at.minute if minutes else at.month, "d": at.day, "h": at.hour, "s": at.second}[letter]
    return f"{number:02d}" if length > 1 else str(number)
