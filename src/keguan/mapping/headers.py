"""Reading a header: the name that is compared, and the unit and currency it carries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from keguan.mapping.terms import currency_of

_BRACKETS = re.compile(r"[(\[【〔{]([^)\]】〕}]*)[)\]】〕}]")
_SEPARATORS = re.compile(r"[\s_\-./\\:;,#*|·'\"?!&+]+")
_TAIL = re.compile(r"^(?P<name>.+?)[\s_\-/]+(?P<unit>[^\s_\-/]+)$")
_JOINED = re.compile(r"^(?P<name>.+?)(?P<unit>[万亿]元|[£€¥$])$")

_SCALES: Mapping[str, Decimal] = {
    "亿": Decimal(100_000_000),
    "百万": Decimal(1_000_000),
    "万": Decimal(10_000),
    "千": Decimal(1_000),
}


@dataclass(frozen=True, slots=True)
class Header:
    """A column's name as received, the keys to compare, and what its unit says.

    `keys`: comparable forms, the fullest first. `factor` turns cells into base units (万元 -> 10,000).
    """

    received: str
    keys: tuple[str, ...]
    factor: Decimal = Decimal(1)
    currency: str | None = None
    percent: bool = False


def comparable(text: str) -> str:
    """NFKC, lower case, without blanks, separators and brackets."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SEPARATORS.sub("", _BRACKETS.sub(r"\1", plain))


def read_header(received: str) -> Header:
    """The parts of a header; `销售额（万元）` gives key 销售额, factor 10,000, currency CNY."""
    plain = unicodedata.normalize("NFKC", received).strip().casefold()
    full = comparable(plain)
    units = _BRACKETS.findall(plain)
    name = _BRACKETS.sub(" ", plain).strip()
    tail = _TAIL.match(name) or _JOINED.match(name)
    if not units and tail and _unit(tail["unit"]) is not None:
        units, name = [tail["unit"]], tail["name"]
    short = _SEPARATORS.sub("", name)
    keys = tuple(dict.fromkeys(key for key in (full, short) if key))
    for unit in units:
        if (found := _unit(unit.strip())) is not None:
            factor, currency, percent = found
            return Header(received, keys, factor, currency, percent)
    return Header(received, keys)


def _unit(text: str) -> tuple[Decimal, str | None, bool] | None:
    """(factor, currency, is per cent) of a unit; None when the text is no unit of money or share."""
    if text in ("%", "百分比"):
        return Decimal("0.01"), None, True
    if text in ("分", "cents", "cent", "pence"):
        return Decimal("0.01"), "CNY" if text == "分" else None, False
    if currency := currency_of(text):
        return Decimal(1), currency, False
    for word, factor in _SCALES.items():
        if text == word:
            return factor, None, False
        if text.startswith(word) and (currency := currency_of(text[len(word) :])):
            return factor, currency, False
    return None
