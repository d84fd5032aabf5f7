"""What fits on a slide: sizes of titles, how many sentences and rows stand below or beside.

Reckoned on the report's own slide whatever the template, so that a deck shows the same on each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from keguan.render import theme
from keguan.render.pptx import base
from keguan.render.pptx.measure import INCH, Para, Piece, height, lines, para, width
from keguan.report.document import ClaimBlock, Row, TableBlock, TableColumn

# The size and base of a sentence, which are set smaller: the same bracket that a page sets apart.
SIZE = re.compile(r"((?:[（(；;]|, ?)\s*n\s*=.*?[）)])[。.]?$", re.DOTALL)
ROOM = (base.RIGHT - base.LEFT) * INCH
TITLE_SIZES = (24.0, 22.0, 20.0, 18.0)
TITLE_HEIGHT = base.TITLE[3] * INCH
META = 18.0  # points of the line under a sentence
GAP = 13.0  # between sentences
BOTTOM = 6.86  # inches: contents end here
BODY_TOP = 1.62  # under a title of one line
BODY_HEIGHT = (BOTTOM - BODY_TOP) * INCH
INDENT = 0.2  # inches between the mark of a sentence and its text
SIDE = 4.0  # inches of the column beside a figure
MOST_COLUMNS = 7
MOST_ROWS = 10
CELL = 0.16  # inches left and right inside a cell, together
TABLE_HEIGHT = 4.75 * INCH
PART_EXTRA = 30.0  # points: the title of a table below something else


def said(claim: ClaimBlock, size: float, colour: str = theme.TEXT, *, bold: bool = False) -> Para:
    """A sentence: its figures bold; the bracket at its end, with interval, size and base, smaller and paler."""
    small = max(11.0, round(size * 0.6))
    start = _bracket(claim.text)
    pieces: list[Piece] = []
    at = 0
    for part in claim.parts:
        cut = min(max(start - at, 0), len(part.text))
        strong = bold or part.value is not None
        pieces.append(Piece(part.text[:cut], size, theme.INK if part.value else colour, strong))
        pieces.append(Piece(part.text[cut:], small, theme.MUTED))
        at += len(part.text)
    return Para(tuple(piece for piece in pieces if piece.text) or (Piece("", size, colour),))


def _bracket(text: str) -> int:
    """Where the bracket that holds the sample size begins; the end of the text where there is none."""
    found = SIZE.search(text)
    if not found:
        return len(text)
    start = found.start()
    if text[start] in "（(":
        return start
    opened = max(text.rfind("（", 0, start), text.rfind("(", 0, start))
    closed = max(text.rfind("）", 0, start), text.rfind(")", 0, start))
    if opened <= closed:
        return start
    return opened - 1 if opened and text[opened - 1] == " " else opened


def title(text: ClaimBlock | str) -> Para:
    """A slide's title at the largest size that stands in its place; the smallest when none does."""
    for size in TITLE_SIZES:
        found = _titled(text, size)
        if height([found], ROOM) <= TITLE_HEIGHT:
            return found
    return _titled(text, TITLE_SIZES[-1])


def _titled(text: ClaimBlock | str, size: float) -> Para:
    if isinstance(text, str):
        return Para((Piece(text, size, theme.INK, True),))
    return said(text, size, theme.INK, bold=True)


def title_fits(claim: ClaimBlock) -> bool:
    """Whether a sentence can be a title."""
    return height([title(claim)], ROOM) <= TITLE_HEIGHT


def body_top(text: ClaimBlock | str) -> float:
    """Where contents begin under a title, in inches."""
    return base.TITLE[1] + height([title(text)], ROOM) / INCH + 0.52


def body_height(text: ClaimBlock | str) -> float:
    """Points between title and footer."""
    return (BOTTOM - body_top(text)) * INCH


def tall(claim: ClaimBlock, size: float, room: float) -> float:
    """Height of a sentence with the line under it, in points."""
    return height([said(claim, size)], room) + META + GAP


def taken(claims: Sequence[ClaimBlock], most: float) -> int:
    """How many sentences stand below each other in `most` points; at least one."""
    used = 0.0
    for place, claim in enumerate(claims):
        used += tall(claim, theme.SLIDE["body"], ROOM - INDENT * INCH)
        if used > most + GAP and place:
            return place
    return len(claims)


def left_below(text: ClaimBlock | str, claims: Sequence[ClaimBlock]) -> float:
    """Points that are left below the sentences of a slide."""
    used = sum(tall(claim, theme.SLIDE["body"], ROOM - INDENT * INCH) for claim in claims)
    return body_height(text) - used


def on_divider(texts: Sequence[str]) -> bool:
    """Whether texts stand on the slide that begins a section."""
    return height([para(text, theme.SLIDE["body"], after=8) for text in texts], 11 * INCH) <= 2.9 * INCH


def beside(claims: Sequence[ClaimBlock], text: ClaimBlock | str) -> int:
    """How many sentences stand beside a figure."""
    used, most = 0.0, body_height(text)
    for place, claim in enumerate(claims):
        used += tall(claim, 14.0, (SIDE - INDENT) * INCH)
        if used > most + GAP:
            return place
    return len(claims)


def words(items: Sequence[tuple[str, str]]) -> int:
    """How many labelled texts stand on a slide; at least one."""
    used = 0.0
    for place, (label, text) in enumerate(items):
        used += word_height(label, text)
        if used > BODY_HEIGHT and place:
            return place
    return len(items)


def word_height(label: str, text: str) -> float:
    """Height of one labelled text in points."""
    return height(word(label, text), ROOM - INDENT * INCH) + GAP


def word(label: str, text: str) -> list[Para]:
    """A labelled text."""
    paras = [Para((Piece(label, 12.0, theme.MUTED, True),), 2.0)] if label else []
    return paras + [Para((Piece(part, theme.SLIDE["body"]),)) for part in text.split("\n")]


@dataclass(frozen=True)
class Part:
    """The part of a table that a slide shows: columns by position, rows, size of type in points."""

    table: TableBlock
    columns: tuple[int, ...]
    rows: tuple[Row, ...]
    size: float

    @property
    def widths(self) -> list[float]:
        """Width of each column in points."""
        return column_widths(self.table, self.columns, self.rows, self.size)

    @property
    def heights(self) -> list[float]:
        """Height of the head and of each row in points."""
        wide = self.widths
        head = [_head(self.table.columns[place]) for place in self.columns]
        rows = [[row.shown[place] for place in self.columns] for row in self.rows]
        return [row_height(texts, wide, self.size) for texts in (head, *rows)]

    @property
    def whole(self) -> float:
        """Points down, with the line below."""
        return sum(self.heights) + 30.0


def _head(column: TableColumn) -> str:
    return f"{column.label} ({column.unit_word})" if column.unit_word else column.label


def part(table: TableBlock, most: float = TABLE_HEIGHT, *, alone: bool = True) -> Part:
    """Columns and rows of a table that `most` points hold at 12 points; larger type for a short table that
    stands alone, smaller for a row that alone is too high."""
    size = theme.SLIDE["table"]
    columns = _columns(table, size)
    rows = table.page[:MOST_ROWS]
    made = Part(table, columns, rows, size)
    while len(made.rows) > 1 and sum(made.heights) > most:
        made = replace(made, rows=made.rows[:-1])
    while made.size > 6 and sum(made.heights) > most:
        made = replace(made, size=made.size - 1)
    for larger in (16.0, 14.0) if alone else ():
        bigger = replace(made, size=larger)
        natural = sum(_least(table, place, larger) for place in columns)
        if len(rows) <= 6 and natural <= ROOM and sum(bigger.heights) <= most * 0.6:
            return bigger
    return made


def _columns(table: TableBlock, size: float) -> tuple[int, ...]:
    """Key columns, then measures in order; ends of intervals only when all columns fit."""
    everything = range(len(table.columns))
    if len(table.columns) <= MOST_COLUMNS:
        chosen = list(everything)
    else:
        keys = [place for place in everything if table.columns[place].role == "key"]
        rest = [place for place in everything if table.columns[place].role not in ("key", "low", "high")]
        chosen = sorted((keys + rest)[:MOST_COLUMNS])
    while len(chosen) > 3 and sum(_least(table, place, size) for place in chosen) > ROOM:
        chosen.pop()
    return tuple(chosen)


def _least(table: TableBlock, place: int, size: float) -> float:
    """Points that a column needs: figures are not broken, words may be."""
    texts = [row.shown[place] for row in table.page[:MOST_ROWS]]
    widest = max((width(text, size) for text in texts), default=0.0)
    return (widest if table.columns[place].numeric else min(widest, 130.0)) + CELL * INCH


def column_widths(table: TableBlock, columns: Sequence[int], rows: Sequence[Row], size: float) -> list[float]:
    """Width of each column in points: by what stands in it, together the whole slide when words need it."""
    wanted = []
    for place in columns:
        column = table.columns[place]
        head = width(f"{column.label} {column.unit_word}", size, bold=True)
        cells = max((width(row.shown[place], size) for row in rows), default=0.0)
        most = 110.0 if column.numeric else 480.0
        wanted.append(
            max(min(head, 110.0), min(cells, max(most, cells if column.numeric else 0))) + CELL * INCH
        )
    total = sum(wanted)
    if total <= ROOM:
        by = min(ROOM / total, 1.35 if len(columns) < 4 else 1.8)
        return [item * by for item in wanted]
    wordy = [place for place, index in enumerate(columns) if not table.columns[index].numeric]
    fixed = sum(item for place, item in enumerate(wanted) if place not in wordy)
    if wordy and fixed < ROOM * 0.8:
        most = _level([wanted[place] for place in wordy], ROOM - fixed)
        return [min(item, most) if place in wordy else item for place, item in enumerate(wanted)]
    return [item * ROOM / total for item in wanted]


def _level(wanted: Sequence[float], room: float) -> float:
    """What the widest columns are cut to so that all fill `room`: the narrow ones, whose words would break, stay."""
    for place, item in enumerate(ranked := sorted(wanted)):
        level = room / (len(ranked) - place)
        if level <= item:
            return level
        room -= item
    return ranked[-1]


def row_height(texts: Sequence[str], wide: Sequence[float], size: float) -> float:
    """Height of a row in points."""
    most = max(
        lines([Piece(text, size)], (room - CELL * INCH) * 0.95)
        for text, room in zip(texts, wide, strict=True)
    )
    return most * size * 1.35 + 10.0
