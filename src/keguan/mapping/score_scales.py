"""On which scale a column of scores is answered, by its header and the range of its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping

from keguan.mapping.headers import comparable
from keguan.mapping.profile import ColumnProfile

MIXED = "mixed"  # answers on two scales in one column: kept, and averaged by nothing
FEW_SCORES = 30  # answers from which a distribution with two peaks is no chance
_NPS = ("nps", "推荐", "recommend")
_EFFORT = re.compile(r"(?<![a-z])ces(?![a-z])|费力|省力|轻松|容易|effort|how easy")
_RANGE = re.compile(r"(?<!\d)(\d{1,3})\s*(?:[-–—~～至到]|to)\s*(\d{1,3})(?!\d)")
_BY_RANGE: Mapping[tuple[int, int], str] = {(1, 5): "csat5", (0, 10): "nps", (1, 7): "ces7", (0, 1): "binary"}


def told_scale(column: ColumnProfile) -> str:
    """The scale of a column of scores: the range in its header, else its words, else the range of its values."""
    if column.number < 0.5:
        return "csat5"
    if (said := said_range(column)) is not None and said in _BY_RANGE:
        return _BY_RANGE[said]
    low, high = column.minimum, column.maximum
    if low is not None and high is not None and low >= 0 and high <= 1 and column.distinct <= 2:
        return "binary"
    if any(word in comparable(column.name) for word in _NPS):
        return "nps"
    if _EFFORT.search(column.name.lower()):
        return "ces7"
    counts = _counts(column)
    if _two_peaks(counts):
        return MIXED
    over = sum(count for value, count in counts.items() if 5 < value <= 10)
    return "nps" if over and over >= 0.05 * sum(counts.values()) else "csat5"


def said_range(column: ColumnProfile) -> tuple[int, int] | None:
    """Lowest and highest answer that the header says: '推荐意愿(0-10)', 'Rate us from 1 to 5'."""
    found = _RANGE.search(column.name)
    return (int(found[1]), int(found[2])) if found else None


def _counts(column: ColumnProfile) -> dict[float, int]:
    """Score -> answers, of the most frequent cells."""
    found: dict[float, int] = {}
    for word, count in column.words:
        try:
            value = float(word)
        except ValueError:
            continue
        found[value] = found.get(value, 0) + count
    return found


def _two_peaks(counts: Mapping[float, int]) -> bool:
    """Whether the scores have one peak that ends at 5 and another above 7, as two scales in one column have; or
    many answers up to 5 beside many far over 10 (per cent)."""
    total = sum(counts.values())
    if total < FEW_SCORES:
        return False
    hundreds = sum(count for value, count in counts.items() if 10 < value <= 100)
    if 0.05 * total <= hundreds <= 0.95 * total:
        return True
    five, after = counts.get(5, 0), max(counts.get(6, 0), counts.get(7, 0))
    top = max(counts.get(8, 0), counts.get(9, 0), counts.get(10, 0))
    low, high = five + counts.get(4, 0), sum(counts.get(value, 0) for value in (8, 9, 10))
    return five > 2 * after and top > after and min(low, high) >= 0.15 * total
