"""What stands on the pages of a PDF: the text of tagged content in order, pictures, and everything else."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from keguan.render.pdf.letters import BREAK

MOST_PAGES = 2000
MOST_OBJECTS = 2_000_000  # of all pages
MOST_LETTERS = 20_000_000
STRIDE = 6
HYPHEN = "\x02"  # what pdfium makes of a hyphen at the end of a line


@dataclass
class Stream:
    """All pages. `text`: letters of tagged texts, blanks left out; `blanks`: positions in it that a blank
    precedes; `pictures`: a hash of each; `rest`: a hash of places, looks and all that is not tagged."""

    letters: list[str] = field(default_factory=list)
    blanks: set[int] = field(default_factory=set)
    pictures: list[str] = field(default_factory=list)
    rest: Any = field(default_factory=hashlib.sha256)
    objects: int = 0

    @property
    def text(self) -> str:
        """The letters as one string."""
        return "".join(self.letters)


@dataclass(frozen=True, slots=True)
class _Thing:
    """One object on a page. `mark`: its place in the structure, -1 for what is not tagged."""

    handle: Any
    kind: int
    mark: int
    text: str


def stream(document: Any) -> Stream:
    """The pages of an open document. ValueError when they hold more than any report has."""
    out = Stream()
    for number in range(len(document)):
        page = document[number]
        try:
            _page(page, out)
        finally:
            page.close()
    return out


def _page(page: Any, out: Stream) -> None:
    import pypdfium2.raw as pdfium

    things = list(_things(page, out))
    drawn = {thing.mark for thing in things if thing.mark >= 0 and thing.kind != pdfium.FPDF_PAGEOBJ_TEXT}
    _say(out, "page", *(f"{side:.0f}" for side in page.get_size()), pdfium.FPDFPage_GetAnnotCount(page))
    looks = set()
    line = (0.0, 0.0)
    for mark, group in groupby(things, key=lambda thing: thing.mark):
        if mark in drawn:
            out.pictures.append(_picture(list(group)))
            _say(out, "picture")
            continue
        for thing in group:
            if thing.kind != pdfium.FPDF_PAGEOBJ_TEXT:
                _say(out, *_shape(thing.handle, thing.kind))
                continue
            looks.add(_look(thing.handle))
            if mark < 0:
                _say(out, "".join(thing.text.split()))
                continue
            x, y = _origin(thing.handle)
            _say(out, "on" if abs(y - line[1]) < 1 and x >= line[0] else f"{y:.0f}")
            line = (x, y)
            _letters(thing.text, out)
    _say(out, *sorted(looks))


def _things(page: Any, out: Stream) -> Iterator[_Thing]:
    import pypdfium2.raw as pdfium

    texts = _texts(page, out)
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        out.objects += 1
        if out.objects > MOST_OBJECTS:
            raise ValueError(f"> {MOST_OBJECTS:,} objects")
        handle = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(handle)
        mark = pdfium.FPDFPageObj_GetMarkedContentID(handle)
        yield _Thing(handle, kind, mark, texts.get(_address(handle), ""))


def _address(handle: Any) -> int:
    return ctypes.addressof(handle.contents) if handle else 0


def _texts(page: Any, out: Stream) -> dict[int, str]:
    """The letters of each text object by its address; blanks that pdfium puts between objects follow one."""
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    raw, code_at, holder = text_page.raw, pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetTextObject
    count = pdfium.FPDFText_CountChars(raw)
    found: dict[int, list[str]] = {}
    last = at = 0
    while at < count:
        address = _address(holder(raw, at))
        end = at + 1
        while address and end + STRIDE < count and _address(holder(raw, end + STRIDE - 1)) == address:
            end += STRIDE  # letters of an object stand together: not each is asked for its object
        codes = [code_at(raw, number) for number in range(at, end)]
        last = address or last
        found.setdefault(last, []).append("".join(map(_letter, codes)) if address else " ")
        at = end
    text_page.close()
    return {address: _paired("".join(texts)) for address, texts in found.items()}


def _paired(text: str) -> str:
    """Letters beyond the first plane come as two halves."""
    if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _letter(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


def _letters(text: str, out: Stream) -> None:
    if len(out.letters) > MOST_LETTERS:
        raise ValueError(f"> {MOST_LETTERS:,} letters")
    text = text.replace(BREAK, "")
    if text[:1].isspace():
        out.blanks.add(len(out.letters))
    for word in text.split():
        out.letters.extend(word.replace(HYPHEN, "-"))
        out.blanks.add(len(out.letters))
    if text and not text[-1].isspace():
        out.blanks.discard(len(out.letters))


def _picture(things: list[_Thing]) -> str:
    """A hash of what a picture draws, wherever on the page it stands."""
    import pypdfium2.raw as pdfium

    boxes = [_bounds(thing.handle) for thing in things]
    left, low = min(box[0] for box in boxes), min(box[1] for box in boxes)
    made = hashlib.sha256()
    for thing, box in zip(things, boxes, strict=True):
        parts = [str(thing.kind), "".join(thing.text.split()), _look(thing.handle)]
        parts += [f"{value:.1f}" for value in (box[0] - left, box[1] - low, box[2] - left, box[3] - low)]
        if thing.kind == pdfium.FPDF_PAGEOBJ_PATH:
            parts += _points(thing.handle)
        made.update("\n".join(parts).encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _points(handle: Any) -> Iterator[str]:
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(pdfium.FPDFPath_CountSegments(handle)):
        segment = pdfium.FPDFPath_GetPathSegment(handle, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        yield f"{x.value:.1f} {y.value:.1f}"


def _bounds(handle: Any) -> tuple[float, float, float, float]:
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(handle, *sides)
    return sides[0].value, sides[1].value, sides[2].value, sides[3].value


def _origin(handle: Any) -> tuple[float, float]:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, matrix)
    return float(matrix.e), float(matrix.f)


def _look(handle: Any) -> str:
    """Colours, and for texts size and whether they are drawn at all."""
    import pypdfium2.raw as pdfium

    colour = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(handle, *colour)
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(handle, size)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
    return f"{' '.join(str(part.value) for part in colour)} {size.value:.1f} {mode}"


def _shape(handle: Any, kind: int) -> Iterator[str]:
    yield str(kind)
    yield _look(handle)
    yield from (f"{side:.0f}" for side in _bounds(handle))


def _say(out: Stream, *parts: object) -> None:
    out.rest.update(("\n".join(str(part) for part in parts) + "\n").encode("utf-8", "surrogatepass"))
