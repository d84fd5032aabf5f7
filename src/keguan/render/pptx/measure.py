"""How wide texts run and how many lines they take, so that nothing leaves its place on a slide.

Widths are those of the report's own font; the fonts of office programs are a little narrower in Latin letters
and as wide in Chinese ones. Line heights are set in points, so that every program breaks slides alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from keguan.render import theme
from keguan.render.font import em_width

LEADING = 1.35  # of slides: the claim is one thought, set closer than running text
BOLD = 1.06  # how much wider bold letters run
SLACK = 1.03  # what programs differ by
INCH = 72.0
# A Latin word or figure with its points and signs, one wide letter with what must not begin a line, or blanks.
_TOKEN = re.compile(
    r"\s+|[\x21-\x7e\u00a1-\u024f\u0370-\u03ff\u2010-\u2014\u2212]+|.[，。；：、）」』》？！”’]*", re.S
)
_LONGEST = 40  # letters of one word before it is broken


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one look; size in points."""

    text: str
    size: float = theme.SLIDE["body"]
    colour: str = theme.TEXT
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph; `after` is the space below it in points."""

    pieces: tuple[Piece, ...]
    after: float = 0.0
    align: str = "l"

    @property
    def size(self) -> float:
        """The largest size in it."""
        return max((piece.size for piece in self.pieces), default=theme.SLIDE["body"])

    @property
    def leading(self) -> float:
        """Height of a line in points."""
        return round(self.size * LEADING, 1)

    def scaled(self, by: float) -> Para:
        """The same paragraph, smaller."""
        pieces = tuple(replace(piece, size=piece.size * by) for piece in self.pieces)
        return replace(self, pieces=pieces, after=self.after * by)


def para(text: str, size: float, colour: str = theme.TEXT, *, bold: bool = False, after: float = 0) -> Para:
    """A paragraph of one look."""
    return Para((Piece(text, size, colour, bold),), after)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text runs on one line, in points."""
    return em_width(text) * size * (BOLD if bold else 1.0) * SLACK


@lru_cache(maxsize=256)
def _tokens(text: str) -> tuple[tuple[float, int, bool], ...]:
    """What lines break between: width in em, letters, whether it is blank. A text is tried at several sizes, one
    after the other."""
    return tuple((em_width(token), len(token), token.isspace()) for token in _TOKEN.findall(text))


def lines(pieces: Iterable[Piece], room: float) -> int:
    """How many lines the pieces of a paragraph take in `room` points."""
    count, used = 1, 0.0
    for piece in pieces:
        bold = BOLD if piece.bold else 1.0
        for ems, letters, blank in _tokens(piece.text):
            wide = ems * piece.size * bold * SLACK
            if used + wide <= room or (blank and used):
                used += wide
                continue
            if letters > _LONGEST or wide > room:
                rows = int((used + wide) / room)
                count, used = count + rows, (used + wide) - rows * room
            else:
                count, used = count + 1, wide
    return count


def height(paras: Sequence[Para], room: float) -> float:
    """How high paragraphs stand in `room` points of width, in points."""
    return sum(lines(item.pieces, room) * item.leading + item.after for item in paras)


def fitted(paras: Sequence[Para], room: float, most: float, least: float) -> tuple[Para, ...]:
    """The paragraphs, made smaller in steps until they fit `most` points, never below `least` of their size."""
    by = 1.0
    while by > least:
        scaled = tuple(item.scaled(by) for item in paras)
        if height(scaled, room) <= most:
            return scaled
        by = round(by - 0.05, 2)
    return tuple(item.scaled(least) for item in paras)
