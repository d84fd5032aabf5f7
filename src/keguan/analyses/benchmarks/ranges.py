"""Outside ranges as people write them, their readings, and the verdict on a figure of our own.

Nothing here knows where figures come from: a range and a figure with its interval give a word and its base.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from keguan.marts.measured import Measured
from keguan.marts.own_figures import OwnFigure

Word = Literal["below", "inside", "above", "overlaps"]
Reading = Literal["given", "points", "relative"]
PER_CENT_FROM = 1.5  # a share above it was written in per cent
_KINDS: Mapping[str, Reading] = {
    "points": "points", "point": "points", "pp": "points", "百分点": "points", "点": "points", "绝对": "points",
    "absolute": "points", "relative": "relative", "相对": "relative", "比例": "relative",
}  # fmt: skip
# A range about the change of a figure, not its level.
CHANGES = ("提升", "增长", "提高", "变化", "增幅", "growth", "change", "lift", "increase", "uplift")
_EXAMPLES = ("示例", "example")
_SAME = ("同口径", "同本系统", "same")


@dataclass(frozen=True, slots=True)
class Bounds:
    """One reading of a range."""

    reading: Reading
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a figure lies; `gap` is its distance from the end named by the word, `to_middle` from the middle,
    both relative to that base."""

    word: Word
    gap: float | None
    to_middle: float | None


def kind_of(written: str | None) -> Reading | None:
    """'points' or 'relative'; None when unknown."""
    return _KINDS.get((written or "").strip().casefold())


def split_change(metric: str) -> tuple[str, bool]:
    """The figure that a metric is about, and whether its change is meant: '复购率提升' -> ('复购率', True)."""
    text = metric.strip()
    for word in CHANGES:
        if text.casefold().endswith(word) and len(text) > len(word):
            return text[: -len(word)].rstrip(" _-的"), True
    return text, False


def readings(row: Mapping[str, Any], share: bool, change: bool = False) -> tuple[Bounds, ...]:
    """How the range can be read: one way, or two where the kind of tolerance or of change is not known."""
    kind = kind_of(row.get("tolerance_kind"))
    low, high, value, tolerance = (_number(row.get(name)) for name in ("low", "high", "value", "tolerance"))
    if change:
        return _changes(low, high, kind, share)
    if low is not None and high is not None:
        return (Bounds("given", _share(low, row, share), _share(high, row, share)),)
    if value is None or tolerance is None:
        return ()
    middle = _share(value, row, share)
    points = tolerance / 100 if share and abs(tolerance) > PER_CENT_FROM else tolerance
    part = tolerance / 100 if abs(tolerance) > 1 else tolerance
    both = (
        Bounds("points", middle - points, middle + points),
        Bounds("relative", middle * (1 - part), middle * (1 + part)),
    )
    return both if kind is None else tuple(bounds for bounds in both if bounds.reading == kind)


def _changes(low: float | None, high: float | None, kind: Reading | None, share: bool) -> tuple[Bounds, ...]:
    if low is None or high is None:
        return ()
    part = [end / 100 if abs(high) > PER_CENT_FROM else end for end in (low, high)]
    both = (Bounds("points", *(part if share else (low, high))), Bounds("relative", *part))
    return both if kind is None else tuple(bounds for bounds in both if bounds.reading == kind)


def _number(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)


def _share(value: float, row: Mapping[str, Any], share: bool) -> float:
    """60, '%' -> 0.6. Without a unit, a share above 1.5 was written in per cent."""
    in_per_cent = (row.get("unit") or "").strip() in ("%", "％", "百分比", "percent")
    return value / 100 if share and (in_per_cent or abs(value) > PER_CENT_FROM) else value


def judged(own: Measured, bounds: Bounds) -> Verdict | None:
    """Below or above only where the own interval lies outside; a figure without interval stands for itself."""
    if own.value is None:
        return None
    low, high = (own.value if end is None else end for end in (own.low, own.high))
    middle = (bounds.low + bounds.high) / 2
    to_middle = own.value / middle - 1 if middle > 0 else None
    if high < bounds.low:
        return Verdict("below", own.value / bounds.low - 1 if bounds.low > 0 else None, to_middle)
    if low > bounds.high:
        return Verdict("above", own.value / bounds.high - 1 if bounds.high > 0 else None, to_middle)
    return Verdict("inside" if bounds.low <= own.value <= bounds.high else "overlaps", None, to_middle)


def unusable(row: Mapping[str, Any], as_of: date) -> str | None:
    """Why a range is shown and never used: no source, no date, an example, or out of date; None when it may be."""
    source = (row.get("published_by") or "").strip()
    if not source or row.get("published_on") is None:
        return "unsourced"
    if source.casefold().startswith(_EXAMPLES):
        return "example"
    until = row.get("valid_until")
    return "expired" if until is not None and until < as_of else None


def same_definition(stated: str | None, own: tuple[str, str]) -> bool:
    """Whether a stated definition is ours; one that is not stated is taken for ours, and said."""
    text = (stated or "").strip().casefold()
    return (
        not text
        or text in _SAME
        or any(text in words.casefold() or words.casefold() in text for words in own)
    )


def is_share(figure: OwnFigure) -> bool:
    """Whether the figure is printed in per cent."""
    return figure.unit == "share"
