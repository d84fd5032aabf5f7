"""How wide the columns of a table are, measured with the font's own advance widths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from keguan.render.font import em_width

INSET = 3.0  # points left and right of a cell
_WORDS = re.compile(r"[\x21-\u02ff\u0370-\u04ff\u2010-\u205e]+")
HEAD_LINES = 3  # a header breaks into so many lines before a column is made wider for it
_SCRIPTS = re.compile("[\u2e80-\uffef](?=[\x21-\u02ff])|[\x21-\u02ff](?=[\u2e80-\uffef])")
GAP = 0.25  # em that typst puts between letters of two scripts
NARROWEST_TEXT = 5.0  # em
TEXT_LINES = 8  # a long text asks for so much room that it takes no more lines


@dataclass(frozen=True, slots=True)
class Column:
    """What a column asks for, in em: `least` without breaking what must not break, `best` without any break."""

    least: float
    best: float


def on_one_line(text: str, wide: float, size: float) -> bool:
    """Whether a cell of `wide` points surely holds a text without breaking it."""
    room = wide - 2 * INSET - 0.25
    return (em_width(text) + GAP * len(_SCRIPTS.findall(text))) * size <= room


def column(label: str, unit: str, cells: Sequence[str], *, breaks: bool) -> Column:
    """A column's wishes; `breaks`: its cells may take several lines (texts, never figures)."""
    words = max((em_width(word) for word in _WORDS.findall(f"{label} {unit}")), default=0.0)
    head = max(words, em_width(label) / HEAD_LINES + 0.6, em_width(unit))
    whole = max((em_width(cell) for cell in cells), default=0.0)
    if not breaks:
        return Column(max(head, whole), max(whole, em_width(label)))
    longest = max((em_width(word) for cell in cells for word in _WORDS.findall(cell)), default=0.0)
    least = max(head, min(whole, max(NARROWEST_TEXT, min(longest, 14.0), min(whole / TEXT_LINES, 14.0))))
    return Column(least, max(least, min(whole, 40.0), min(em_width(label), 12.0)))


def fit(columns: Sequence[Column], room: float, size: float) -> tuple[float, ...] | None:
    """Widths in points that fill `room`, None when the columns do not fit at this size of type."""
    least = [item.least * size + 2 * INSET + 0.5 for item in columns]
    spare = room - sum(least)
    if spare < 0:
        return None
    wish = [
        max(0.0, item.best * size + 2 * INSET + 0.5 - low) for item, low in zip(columns, least, strict=True)
    ]
    given = min(1.0, spare / sum(wish)) if sum(wish) else 0.0
    out = [low + given * more for low, more in zip(least, wish, strict=True)]
    rest = room - sum(out)
    return tuple(round(one + rest * one / sum(out), 2) for one in out)
