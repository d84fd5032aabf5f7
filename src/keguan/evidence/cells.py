"""References from a sentence to the cells of its tables, and the test that stands under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from keguan.core.text import Scalar, Text, Unit, rounded

Strength = Literal["fact", "tested", "estimate", "forecast", "recommendation"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A reference to one cell by the key of its row, never by position."""

    table: str
    key: Mapping[str, Scalar]
    column: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure made of two cells: a-b, a/b, a/b as share of the whole, or a/b-1 (change)."""

    how: Literal["difference", "ratio", "share", "change"]
    a: Cell
    b: Cell
    unit: Unit
    precision: int | None = None
    absolute: bool = False  # printed without sign ('fell by 12 %')


Value = Cell | Computed


@dataclass(frozen=True, slots=True)
class Test:
    """The statistical test under a claim."""

    __test__ = False  # not a pytest class

    method: str
    passed: bool
    p: float | None = None
    low: float | None = None
    high: float | None = None
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a claim says has moved between two times.

    `subject`: the measure and the part that it is of, ('net_revenue', 'category', '小家电'): two claims of one
    subject say the same or contradict each other. `window`: between which times and over whom, for the note
    under two claims that disagree.
    """

    subject: tuple[str, ...]
    way: Literal["up", "down"]
    window: Text | None = None


def compute(value: Computed, a: Scalar, b: Scalar) -> Scalar:
    """The figure from its two cells in exact decimals, rounded to 8 places.

    None when undefined: a cell without a finite number, a base of zero, a rate of change from a loss.
    """
    x, y = _exact(a), _exact(b)
    if x is None or y is None:
        return None
    if value.how == "difference":
        out = x - y
    elif y == 0 or (value.how == "change" and y < 0):
        return None
    else:
        out = x / y - (1 if value.how == "change" else 0)
    out = rounded(out, 8)
    return abs(out) if value.absolute else out


def _exact(value: Scalar) -> Decimal | None:
    if value is None or isinstance(value, (str, date, bool)):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None
