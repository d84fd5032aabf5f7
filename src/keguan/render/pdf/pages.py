"""What stands on the pages of a PDF: the text of tagged content in order, pictures, and everything else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from keguan.render.pdf.letters import BREAK
from keguan.render.pdf.pdfium import PATH, TEXT, Calls, address

MOST_PAGES = 2000
MOST_OBJECTS = 2_000_000  # of all pages
MOST_LETTERS = 20_000_000
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

    handle: int
    kind: int
    mark: int
    text: str


def stream(document: Any) -> Stream:
    """The pages of an open document. ValueError when they hold more than any report has."""
    out = Stream()
    calls = Calls()
    for number in range(len(document)):
        page = document[number]
        try:
            _page(page, calls, out)
        finally:
            page.close()
    return out


def _page(page: Any, calls: Calls, out: Stream) -> None:
    things = list(_things(page, calls, out))
    drawn = {thing.mark for thing in things if thing.mark >= 0 and thing.kind != TEXT}
    said: list[object] = [
        "page",
        *(f"{side:.0f}" for side in page.get_size()),
        calls.notes(address(page.raw)),
    ]
    looks = set()
    line = (0.0, 0.0)
    for mark, group in groupby(things, key=attrgetter("mark")):
        if mark in drawn:
            out.pictures.append(_picture(list(group), calls))
            said.append("picture")
            continue
        for thing in group:
            if thing.kind != TEXT:
                said += [thing.kind, calls.look(thing.handle)]
                said += [f"{side:.0f}" for side in calls.bounds(thing.handle)]
                continue
            looks.add(calls.look(thing.handle))
            if mark < 0:
                said.append("".join(thing.text.split()))
                continue
            x, y = calls.origin(thing.handle)
            said.append("on" if abs(y - line[1]) < 1 and x >= line[0] else f"{y:.0f}")
            line = (x, y)
            _letters(thing.text, out)
    said += sorted(looks)
    out.rest.update(("\n".join(map(str, said)) + "\n").encode("utf-8", "surrogatepass"))


def _things(page: Any, calls: Calls, out: Stream) -> Iterator[_Thing]:
    texts = _texts(page, calls)
    at_page = address(page.raw)
    for number in range(calls.objects(at_page)):
        out.objects += 1
        if out.objects > MOST_OBJECTS:
            raise ValueError(f"> {MOST_OBJECTS:,} objects")
        handle = calls.object(at_page, number)
        yield _Thing(handle, calls.kind(handle), calls.mark(handle), texts.get(handle, ""))


def _texts(page: Any, calls: Calls) -> dict[int, str]:
    """The letters of each text object by its address; blanks that pdfium puts between objects follow one."""
    text_page = page.get_textpage()
    at_page, code, holder_of = address(text_page.raw), calls.code, calls.holder
    places = range(calls.letters(at_page))
    letters = "".join([_letter(code(at_page, place)) for place in places])
    holders = [holder_of(at_page, place) for place in places]
    text_page.close()
    found: dict[int, list[str]] = {}
    last = at = 0
    for holder, group in groupby(holders):
        end = at + sum(1 for _ in group)
        last = holder or last
        found.setdefault(last, []).append(letters[at:end] if holder else " " * (end - at))
        at = end
    return {holder: _paired("".join(texts)) for holder, texts in found.items()}


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


def _picture(things: list[_Thing], calls: Calls) -> str:
    """A hash of what a picture draws, wherever on the page it stands."""
    boxes = [calls.bounds(thing.handle) for thing in things]
    left, low = min(box[0] for box in boxes), min(box[1] for box in boxes)
    made = hashlib.sha256()
    for thing, box in zip(things, boxes, strict=True):
        parts = [str(thing.kind), "".join(thing.text.split()), calls.look(thing.handle)]
        parts += [f"{value:.1f}" for value in (box[0] - left, box[1] - low, box[2] - left, box[3] - low)]
        if thing.kind == PATH:
            parts += [f"{x:.1f} {y:.1f}" for x, y in calls.points(thing.handle)]
        made.update("\n".join(parts).encode("utf-8", "surrogatepass"))
    return made.hexdigest()
