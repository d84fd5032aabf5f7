"""How wide the columns of a table are, and how a table that is too wide for the page is cut into parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import east_asian_width

from keguan.report.document import TableBlock, TableColumn

PADDING = 8.5  # points beside the text of a cell, left and right together
_ROWS = 200  # rows that are looked at
_LINES = 3  # lines that the head of a column may take
_WIDEST = 16.0  # times the size of type: longer texts break


@dataclass(frozen=True, slots=True)
class Part:
    """Some columns of a table beside each other: their places in the table and widths in points.

    `again`: how many of them, from the left, were shown in the part before.
    """

    columns: tuple[int, ...]
    widths: tuple[float, ...]
    small: bool
    again: int = 0


def parts(block: TableBlock, width: float, sizes: tuple[float, float]) -> tuple[Part, ...]:
    """The table in one part if it can be read so, in the smaller type if it must, else in several."""
    measured = [_measured(block, place) for place in range(len(block.columns))]
    for size in sizes:
        wished = [ems * size + PADDING for ems, _ in measured]
        least = [ems * size + PADDING for _, ems in measured]
        if sum(least) <= width:
            columns = tuple(range(len(block.columns)))
            return (Part(columns, _shared(wished, least, width), size != sizes[0]),)
    groups = _groups(block, least, width)
    small = sizes[1] != sizes[0]
    return tuple(
        Part(
            group,
            _shared([wished[place] for place in group], [least[place] for place in group], width),
            small,
            again,
        )
        for group, again in groups
    )


def _groups(block: TableBlock, least: Sequence[float], width: float) -> list[tuple[tuple[int, ...], int]]:
    """Columns that fit beside each other, the columns of the key first in each; about as wide as one another."""
    keys = [place for place, column in enumerate(block.columns) if column.name in block.key]
    while keys and sum(least[place] for place in keys) > width / 2:
        keys.pop()
    groups = _filled(keys, least, width)
    for share in (0.5, 0.6, 0.7, 0.8, 0.9):
        even = _filled(keys, least, width * share)
        if len(even) == len(groups):
            groups = even
            break
    return [(tuple(group), len(keys) if number else 0) for number, group in enumerate(groups)]


def _filled(keys: list[int], least: Sequence[float], width: float) -> list[list[int]]:
    """One group after the other, each filled as far as it goes."""
    groups: list[list[int]] = [[*keys]]
    for place in range(len(least)):
        if place in keys:
            continue
        used = sum(least[other] for other in groups[-1])
        if len(groups[-1]) > len(keys) and used + least[place] > width:
            groups.append([*keys])
        groups[-1].append(place)
    return groups


def _shared(wished: Sequence[float], least: Sequence[float], width: float) -> tuple[float, ...]:
    """Widths between least and wished; what is left goes to all columns alike, in a small table not all of it."""
    total = sum(wished)
    if total <= width:
        spare = width - total if len(wished) > 3 else min(width - total, total / 2)
        return tuple(value + spare / len(wished) for value in wished)
    free, gap = width - sum(least), total - sum(least)
    if gap <= 0 or free < 0:
        return tuple(value * width / max(sum(least), 1) for value in least)
    return tuple(low + (high - low) * free / gap for low, high in zip(least, wished, strict=True))


def _measured(block: TableBlock, place: int) -> tuple[float, float]:
    """Widths of a column in times the size of type. Wished: every cell on one line, the head on two; least: figures and
    dates whole, names may break, but not below some characters."""
    column = block.columns[place]
    cells = [row.shown[place] for row in block.page[:_ROWS]]
    longest = max(map(measure, cells), default=0)
    head, word = measure(_head(column)), _longest_word(_head(column))
    wished = max(longest if column.numeric else min(longest, _WIDEST * 2), head / 2, word, 2)
    if column.numeric or column.unit in {"date", "datetime", "month"}:
        return wished, max(min(longest, _WIDEST), head / _LINES, word, 2)
    piece = max(map(_longest_word, cells), default=0)
    return wished, max(min(longest, 6.0), min(piece, _WIDEST / 2), head / _LINES, word, 2)


def _head(column: TableColumn) -> str:
    return f"{column.label} {column.unit_word}" if column.unit_word else column.label


def measure(text: str) -> float:
    """The width of a text in times its size, as in Arial and a Chinese face."""
    return sum(map(_letter, text))


@cache
def _letter(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return 1.0
    if letter.isupper() or letter in "mw%@":
        return 0.75
    return 0.57


def _longest_word(text: str) -> float:
    """The widest piece that a line cannot break: Chinese breaks anywhere."""
    longest = width = 0.0
    for letter in text:
        if letter in " -/":
            width = 0.0
        elif east_asian_width(letter) in "WF":
            width = 1.0
        else:
            width = _letter(letter) + (width if width != 1.0 else 0.0)
        longest = max(longest, width)
    return longest
