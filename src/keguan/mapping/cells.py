"""What the shapes of a column's cells add up to: shares of numbers, dates and times, and their forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keguan.mapping.dates import (
    NUMERIC_FORMS,
    date_form,
    has_clock,
    has_half_day,
    has_zone,
    is_time_only,
    plain_shape,
)
from keguan.mapping.model import Mark
from keguan.mapping.numbers import decimal_mark, number_shape


@dataclass(frozen=True, slots=True)
class Cells:
    """Shares of the filled cells. `clock`, `zoned`, `half_day`, `wide` are shares of those that are dates."""

    whole: float
    number: float
    plain_number: float
    mark: Mark | None
    dates: tuple[tuple[str, float], ...]
    clock: float
    zoned: float
    half_day: float
    wide: float
    time_only: float
    currency: str | None
    suffixes: frozenset[str]

    @property
    def date_like(self) -> bool:
        """Whether most cells are dates written as dates (not as whole numbers)."""
        return sum(share for form, share in self.dates if form not in NUMERIC_FORMS) >= 0.5


def read_cells(shapes: Mapping[str, int]) -> Cells:
    """The shares of a column from its shapes and their counts."""
    total = max(1, sum(shapes.values()))
    numbers = {shape: found for shape in shapes if (found := number_shape(shape))}
    dates = {shape: form for shape in shapes if (form := date_form(shape))}
    dated = max(1, sum(shapes[shape] for shape in dates))

    def share_of(chosen: list[str], base: int) -> float:
        return sum(shapes[shape] for shape in chosen) / base

    forms: dict[str, int] = {}
    for shape, form in dates.items():
        forms[form] = forms.get(form, 0) + shapes[shape]
    signs = [found.currency for shape, found in numbers.items() if found.currency]
    return Cells(
        whole=share_of([shape for shape, found in numbers.items() if found.whole], total),
        number=share_of(list(numbers), total),
        plain_number=share_of([shape for shape, found in numbers.items() if found.plain], total),
        mark=decimal_mark(shapes),
        dates=tuple(sorted(((form, count / total) for form, count in forms.items()), key=_most_first)),
        clock=share_of([shape for shape in dates if has_clock(plain_shape(shape))], dated),
        zoned=share_of([shape for shape in dates if has_zone(plain_shape(shape))], dated),
        half_day=share_of([shape for shape in dates if has_half_day(shape)], dated),
        wide=share_of([shape for shape in dates if plain_shape(shape) != shape.casefold()], dated),
        time_only=share_of([shape for shape in shapes if is_time_only(plain_shape(shape))], total),
        currency=max(sorted(set(signs)), key=signs.count) if signs else None,
        suffixes=frozenset(found.suffix for found in numbers.values() if found.suffix),
    )


def _most_first(item: tuple[str, float]) -> tuple[float, str]:
    return -item[1], item[0]
