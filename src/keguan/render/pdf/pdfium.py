"""The calls of pdfium that tell what a page holds.

A page has hundreds of objects and thousands of letters, each asked for by calls of its own: objects are plain numbers
here, their addresses, and places for answers are made once. Both cost a fraction of the pointers that pypdfium2 makes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

TEXT, PATH = 1, 2  # FPDF_PAGEOBJ_TEXT, FPDF_PAGEOBJ_PATH
_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int


def _call(name: str, answer: Any, *given: Any) -> Callable[..., Any]:
    import pypdfium2.raw

    address = ctypes.cast(getattr(pypdfium2.raw, name), _ADDRESS).value or 0
    called: Callable[..., Any] = ctypes.CFUNCTYPE(answer, *given)(address)
    return called


def address(raw: Any) -> int:
    """Of what pypdfium2 holds: `page.raw`, `textpage.raw`."""
    return ctypes.addressof(raw.contents)


class Calls:
    """Answers about a page, its text and its objects, each by address."""

    def __init__(self) -> None:
        self.notes = _call("FPDFPage_GetAnnotCount", _INT, _ADDRESS)
        self.objects = _call("FPDFPage_CountObjects", _INT, _ADDRESS)
        self.letters = _call("FPDFText_CountChars", _INT, _ADDRESS)
        self.code = _call("FPDFText_GetUnicode", ctypes.c_uint, _ADDRESS, _INT)
        self.holder = _call(
            "FPDFText_GetTextObject", _ADDRESS, _ADDRESS, _INT
        )  # None: a blank of pdfium's own
        self.object = _call("FPDFPage_GetObject", _ADDRESS, _ADDRESS, _INT)
        self.kind = _call("FPDFPageObj_GetType", _INT, _ADDRESS)
        self.mark = _call("FPDFPageObj_GetMarkedContentID", _INT, _ADDRESS)
        self._fill = _call("FPDFPageObj_GetFillColor", _INT, _ADDRESS, *[_ADDRESS] * 4)
        self._size = _call("FPDFTextObj_GetFontSize", _INT, _ADDRESS, _ADDRESS)
        self._mode = _call("FPDFTextObj_GetTextRenderMode", _INT, _ADDRESS)
        self._matrix_of = _call("FPDFPageObj_GetMatrix", _INT, _ADDRESS, _ADDRESS)
        self._box = _call("FPDFPageObj_GetBounds", _INT, _ADDRESS, *[_ADDRESS] * 4)
        self._segments = _call("FPDFPath_CountSegments", _INT, _ADDRESS)
        self._segment = _call("FPDFPath_GetPathSegment", _ADDRESS, _ADDRESS, _INT)
        self._point = _call("FPDFPathSegment_GetPoint", _INT, _ADDRESS, _ADDRESS, _ADDRESS)
        self._colour = (ctypes.c_uint * 4)()
        self._numbers = (ctypes.c_float * 6)()
        self._colour_at = [ctypes.addressof(self._colour) + 4 * place for place in range(4)]
        self._at = [ctypes.addressof(self._numbers) + 4 * place for place in range(6)]

    def look(self, thing: int) -> str:
        """Colours, and for texts size and whether they are drawn at all."""
        self._colour[:] = [0] * 4
        self._numbers[0] = 0.0
        self._fill(thing, *self._colour_at)
        self._size(thing, self._at[0])
        red, green, blue, opaque = self._colour
        return f"{red} {green} {blue} {opaque} {self._numbers[0]:.1f} {self._mode(thing)}"

    def bounds(self, thing: int) -> tuple[float, float, float, float]:
        """Left, low, right and high side in points."""
        self._numbers[:] = [0.0] * 6
        self._box(thing, *self._at[:4])
        left, low, right, high = self._numbers[:4]
        return left, low, right, high

    def origin(self, thing: int) -> tuple[float, float]:
        """Where an object begins, in points."""
        self._numbers[:] = [0.0] * 6
        self._matrix_of(thing, self._at[0])
        return self._numbers[4], self._numbers[5]

    def points(self, thing: int) -> Iterator[tuple[float, float]]:
        """The points of a path."""
        for number in range(self._segments(thing)):
            self._point(self._segment(thing, number), self._at[0], self._at[1])
            yield self._numbers[0], self._numbers[1]
