"""Age bands as text ('18-23,24-28,29-35,36+' or '3-year') and as SQL over a birth date at the as-of date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from keguan.schema.vocabulary import UNKNOWN

DEFAULT_BANDS = "18-23,24-28,29-35,36+"
OLDEST = 110  # an age beyond it is a wrong birth date: to be verified
EQUAL_FROM, EQUAL_TO = 18, 66  # where bands of equal width begin and end
OUTSIDE = "其他"
_EQUAL = re.compile(r"(\d{1,2})-year", re.ASCII)
_BAND = re.compile(r"(\d{1,3})-(\d{1,3})|(\d{1,3})\+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Band:
    """Ages from `low` to `high` years, both inclusive."""

    low: int
    high: int
    label: str


def age_bands(text: str) -> tuple[Band, ...]:
    """The bands of a parameter text, ascending; ages below the first become a band of their own.

    ValueError for a text that is none, for bands that overlap or are not in order.
    """
    equal = _EQUAL.fullmatch(text.strip())
    if equal and 1 <= int(equal.group(1)) <= 30:
        width = int(equal.group(1))
        found = [
            Band(low, low + width - 1, _name(low, low + width - 1))
            for low in range(EQUAL_FROM, EQUAL_TO, width)
        ]
        found.append(Band(found[-1].high + 1, OLDEST, f"{found[-1].high + 1}+"))
    else:
        found = [_band(part.strip()) for part in text.split(",")]
    if any(later.low <= band.high for band, later in pairwise(found)):
        raise ValueError(text)
    if found[0].low > 0:
        found.insert(0, Band(0, found[0].low - 1, f"<{found[0].low}"))
    return tuple(found)


def _band(text: str) -> Band:
    found = _BAND.fullmatch(text)
    if found is None:
        raise ValueError(text)
    low = int(found.group(1) or found.group(3))
    high = int(found.group(2)) if found.group(2) else OLDEST
    if not low <= high <= OLDEST:
        raise ValueError(text)
    return Band(low, high, f"{low}+" if found.group(3) else _name(low, high))


def _name(low: int, high: int) -> str:
    return f"{low}-{high}" if high > low else str(low)


def age_sql(birth_date: str) -> str:
    """Whole years at the as-of date, which the query knows as $today (year, month and day as one number)."""
    born = f"(year({birth_date}) * 10000 + month({birth_date}) * 100 + day({birth_date}))"
    return f"CAST(floor(($today - {born}) / 10000.0) AS INTEGER)"


def band_sql(age: str, bands: tuple[Band, ...]) -> str:
    """The band of an age; one outside of all bands is 其他, an impossible one is to be verified."""
    cases = " ".join(f"WHEN {age} BETWEEN {band.low} AND {band.high} THEN '{band.label}'" for band in bands)
    return f"CASE WHEN {age} IS NULL OR {age} < 0 OR {age} > {OLDEST} THEN '{UNKNOWN}' {cases} ELSE '{OUTSIDE}' END"
