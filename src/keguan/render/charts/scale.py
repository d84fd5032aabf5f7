"""Value axes: money and large counts divided by a round unit that the caption names (万元, million CNY).

An option holds no functions, so values are scaled before they enter it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from keguan.core.text import WAN, YI, Language, Scalar, Unit
from keguan.report.phrases import currency_word, phrase

PERCENT: frozenset[str] = frozenset({"share", "points"})
STEPS_EN = ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"), (Decimal(1000), "thousand"))
EN_FROM = Decimal(100_000)
WHOLE_FROM = 10  # an axis this long has steps of whole numbers


@dataclass(frozen=True, slots=True)
class Scale:
    """Values are divided by `by`; `name` is the unit printed in the caption, `label` the axis pattern."""

    by: Decimal
    name: str
    label: str = "{value}"

    def of(self, value: Scalar) -> float | None:
        """A value on the axis, to ten significant places; None where there is none."""
        if value is None or isinstance(value, (str, bool)) or not isinstance(value, (int, float, Decimal)):
            return None
        return float(f"{Decimal(str(value)) / self.by:.10g}")


def number_code(least: float, most: float, unit: str) -> str:
    """How office programs print the figures of an axis between these ends: whole ones with separators, and with what
    decimals their steps have where the ends are near."""
    code = "#,##0" if most - least >= WHOLE_FROM else "General"
    return f'{code}"%"' if unit == "%" else code


def scale(values: Iterable[Scalar], unit: Unit, language: Language, currency: str) -> Scale:
    """The scale that suits the largest of `values`."""
    if unit in PERCENT:
        return Scale(Decimal("0.01"), "%", "{value}%")
    sizes = [abs(Decimal(str(value))) for value in values if isinstance(value, (int, float, Decimal))]
    largest = max(sizes, default=Decimal(0))
    word = currency_word(currency, language) if unit == "money" else ""
    if unit == "days":
        return Scale(Decimal(1), phrase("days", language))
    if unit not in {"money", "count", "number"}:
        return Scale(Decimal(1), "")
    if language == "zh":
        by, name = (YI, "亿") if largest >= YI else (WAN, "万") if largest >= 10 * WAN else (Decimal(1), "")
        return Scale(by, name + word)
    if largest >= EN_FROM:
        by, name = next(step for step in STEPS_EN if largest >= step[0])
        return Scale(by, f"{name} {word}".strip())
    return Scale(Decimal(1), word)
