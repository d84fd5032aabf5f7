"""Texts in Chinese and English side by side, and the forms in which figures are printed.

Owns: `Text` (one sentence in both languages), `Language`, and `format_value`, the only place that
turns a number into characters for a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

Unit = Literal[
    "text",  # printed as it is
    "label",  # a term of a vocabulary (schema.vocabulary), printed in the reader's language
    "count",  # a whole number
    "number",  # a plain number with `precision` decimals
    "money",  # in the workspace's currency
    "share",  # 0..1, printed as per cent
    "points",  # a difference of two shares, printed in percentage points
    "ratio",  # 5.2, never '1:5.2'
    "days",
    "date",
    "datetime",
    "month",  # 'YYYY-MM'
]
Scalar = str | int | float | Decimal | bool | date | datetime | None

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
WAN_FROM = Decimal(100_000)  # below it 万 hides more than it helps


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in Chinese and English; `{names}` are filled by `fill`."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The wording in one language."""
        return self.zh if language == "zh" else self.en

    def fill(self, language: Language, values: Mapping[str, str]) -> str:
        """The wording with its `{names}` replaced by already formatted values."""
        return self.in_(language).format_map(dict(values))

    def __str__(self) -> str:
        return self.zh


def same(text: str) -> Text:
    """A text that reads the same in both languages (a name, a code)."""
    return Text(text, text)


WIDE = Context(prec=400)  # the default of 28 digits refuses to round large floats


def rounded(value: float | Decimal | int, precision: int) -> Decimal:
    """`value` rounded half up (四舍五入) to `precision` decimals, exactly; never a negative zero.

    decimal.InvalidOperation for NaN and infinity.
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))  # str, for numpy's numbers too
    out = exact.quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_UP, context=WIDE)
    return out if out else out.copy_abs()


def grouped(value: Decimal | int) -> str:
    """Thousands separators, a real minus sign kept as '-' so that text can be read back."""
    return f"{Decimal(value):,f}"  # f: never an exponent


def money_short(value: Decimal, language: Language) -> str:
    """Money in 万/亿 from 100,000 up in Chinese; else with separators, from 1,000 up without decimals."""
    if language == "zh" and abs(value) >= WAN_FROM:
        wan = rounded(value / WAN, 1)
        if abs(wan) >= WAN:  # 99,999,999 reads 1.00亿, not 10,000.0万
            return f"{grouped(rounded(value / YI, 2))}亿"
        return f"{grouped(wan)}万"
    exact = rounded(value, 2)
    return grouped(exact if abs(exact) < 1000 else rounded(value, 0))


def format_value(
    value: Scalar,
    unit: Unit,
    language: Language,
    precision: int | None = None,
    *,
    short: bool = False,
) -> str:
    """How a reader sees one value. `short` prints money in 万/亿 (sentences, cards, chart axes).

    Missing values print as an en dash, never as 0, None or NaN. `precision` is for shares (of the
    per cent), points, days, ratios and plain numbers; money has two decimals, counts have none.
    """
    if value is None or (isinstance(value, (float, Decimal)) and not isfinite(value)):
        return "–"
    if isinstance(value, bool):
        return {("zh", True): "是", ("zh", False): "否", ("en", True): "yes", ("en", False): "no"}[
            (language, value)
        ]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    return _format_number(value, unit, language, precision, short)


def _format_number(
    value: int | float | Decimal, unit: Unit, language: Language, precision: int | None, short: bool
) -> str:
    if unit == "share":
        return f"{grouped(rounded(Decimal(str(value)) * 100, 1 if precision is None else precision))}%"
    if unit == "points":
        points = grouped(rounded(Decimal(str(value)) * 100, 1 if precision is None else precision))
        return f"{points} 个百分点" if language == "zh" else f"{points} points"
    if unit == "money":
        exact = Decimal(str(value))
        return money_short(exact, language) if short else grouped(rounded(exact, 2))
    if unit == "count":
        return grouped(rounded(value, 0))
    if unit == "days":
        return grouped(rounded(value, 0 if precision is None else precision))
    return grouped(rounded(value, 2 if precision is None else precision))
