"""How wide texts are and how many lines they take: Excel sizes neither merged cells nor columns by itself."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from keguan.render.font import em_width

PADDING = 10  # pixels of a cell that no text stands in
LINE = 1.5  # height of a line, of the size of its type
POINT = 96 / 72  # pixels
BOLD = 1.08  # how much wider bold type is


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that the widest line of a text takes at a size in points."""
    return max(map(em_width, text.split("\n"))) * size * POINT * (BOLD if bold else 1.0)


def lines(text: str, size: float, room: float, *, bold: bool = False) -> int:
    """Lines that a text takes in `room` pixels; words break a little earlier than letters."""
    inside, by = max(room - PADDING, 12) * 0.94, BOLD if bold else 1.0
    return sum([max(1, ceil(em_width(line) * size * POINT * by / inside)) for line in text.split("\n")])


def height(count: int, size: float) -> float:
    """Points that a row of so many lines needs; Excel allows 409."""
    return min(round(count * size * LINE + 4, 1), 409)


def column_width(texts: Iterable[str], head: str, size: float, least: float, most: float) -> float:
    """Pixels for a column: its widest cell, or a header on two lines."""
    widest = max((width(text, size) for text in texts), default=0)
    return min(max(widest * 1.06 + PADDING + 10, width(head, size, bold=True) / 1.8 + PADDING, least), most)
