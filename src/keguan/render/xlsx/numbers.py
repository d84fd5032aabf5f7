"""Number formats both ways: which one shows a figure as the document prints it, and what a format shows.

Only what spreadsheets write for plain figures, per cents and dates is understood: digits with separators,
per cent, quoted words, dates. Scientific notation, fractions and conditions are shown as the plain number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

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


@dataclass(frozen=True, slots=True)
class Typed:
    """A figure as a cell holds it: the number, and the format in which it reads as printed."""

    value: float
    format: str


def typed(value: Scalar, printed: str) -> Typed | None:
    """The cell of a figure or date; None when no number in a cell would read exactly as printed."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return None
    if isinstance(value, date):
        moment = isinstance(value, datetime)
        at = value.replace(second=0, microsecond=0, tzinfo=None) if isinstance(value, datetime) else value
        found = Typed(serial(at), MOMENT if moment else DAY)
        return found if shown(found.value, found.format) == printed else None
    match = _PRINTED.fullmatch(printed)
    if match is None:
        return None
    decimals = f".{'0' * len(match['decimals'])}" if match["decimals"] else ""
    word = f'"{match["word"]}"' if match["word"] else ""
    code = f"#,##0{decimals}{match['per_cent'] or ''}{word}"
    for by in (1, 100):  # differences of shares are printed in points
        number = Typed(float(Decimal(str(value)) * by), code)
        if shown(number.value, code) == printed:
            return number
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
    if code in ("General", "@", ""):
        return _plain(exact)
    sections = list(_SECTION.findall(code))[:-1] or [code]
    section = sections[0]
    if exact < 0 and len(sections) > 1:
        section, exact = sections[1], -exact
    elif exact == 0 and len(sections) > 2:
        section = sections[2]
    tokens = [(match.lastgroup or "", match[match.lastgroup or 0]) for match in _TOKEN.finditer(section)]
    if any(kind == "date" for kind, _ in tokens) and not any(kind == "digits" for kind, _ in tokens):
        return _date(value, tokens, EPOCH_1904 if from_1904 else EPOCH)
    return _number(exact, tokens)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def _number(value: Decimal, tokens: list[tuple[str, str]]) -> str:
    per_cent = sum(kind == "other" and text == "%" for kind, text in tokens)
    value = value.scaleb(2 * per_cent)
    out, sign = [], ""
    for kind, text in tokens:
        if kind == "digits":
            body, sign = _digits(value, text)
            out.append(body)
        elif kind in ("quoted", "escaped", "currency"):
            out.append(text)
        elif kind == "skipped":
            out.append(" ")
        elif kind in ("other", "date"):
            if text in "Ee" or text.startswith("General"):
                return _plain(value)
            out.append(text)
    return sign + "".join(out)


def _digits(value: Decimal, pattern: str) -> tuple[str, str]:
    """The figure by its placeholders, and its sign, which stands before all words of the format."""
    whole, _, fraction = pattern.partition(".")
    scaled = len(pattern) - len(pattern.rstrip(","))
    value = value.scaleb(-3 * scaled)
    least, most = fraction.count("0"), sum(letter in "0#?" for letter in fraction)
    try:
        number = rounded(value, most)
    except InvalidOperation:
        return _plain(value), ""
    body = f"{abs(number):,f}" if "," in whole.rstrip(",") else f"{abs(number):f}"
    if most > least and "." in body:
        cut = len(body) - (most - least)
        body = body[:cut] + body[cut:].rstrip("0")
        body = body.rstrip(".") if not least else body
    return body, "-" if number < 0 else ""


def _date(value: float, tokens: list[tuple[str, str]], epoch: datetime) -> str:
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
