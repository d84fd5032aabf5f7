"""The leaves of a PDF laid along the text that its pages show: the text of every element now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keguan.render.pdf.align import Match, matches
from keguan.render.pdf.letters import bare
from keguan.render.pdf.pages import Stream

KINDS = ("claim:", "value:", "cell:")


@dataclass(frozen=True, slots=True)
class _Span:
    """An element's place in the text that should be there; `text` is what it should say."""

    element: str
    start: int
    end: int
    text: str


def shown(leaves: Any, found: Stream) -> tuple[dict[str, str], str]:
    """Text of every element by id, and the text that belongs to none. ValueError for leaves of another shape."""
    spans, wanted, free = _spans(leaves)
    pairs = matches(wanted, found.text)
    lookup = _Lookup(pairs, found)
    items: dict[str, str] = {}
    copies: dict[str, int] = {}
    for span in spans:
        copy = copies[span.element] = copies.get(span.element, 0) + 1
        name = span.element if copy == 1 else f"{span.element}+" if copy == 2 else f"{span.element}+{copy}"
        items[name] = lookup.text(span, wanted)
    return items, lookup.outside(free, len(wanted))


def _spans(leaves: Any) -> tuple[list[_Span], str, list[tuple[int, int]]]:
    spans: list[_Span] = []
    pieces: list[str] = []
    free: list[tuple[int, int]] = []
    at = 0
    if not isinstance(leaves, list):
        raise ValueError("elements: –")
    for leaf in leaves:
        start = at
        for element, text in _flat(leaf):
            letters = bare(text)
            if element is None and isinstance(leaf, str):
                free.append((at, at + len(letters)))
            pieces.append(letters)
            if element is not None:
                spans.append(_Span(element, at, at + len(letters), text.strip()))
            at += len(letters)
        if isinstance(leaf, list) and isinstance(leaf[1], list):
            whole = "".join(text for _, text in _flat(leaf))
            spans.append(_Span(_element(leaf[0]), start, at, " ".join(whole.split())))
    return spans, "".join(pieces), free


def _flat(leaf: Any) -> Iterator[tuple[str | None, str]]:
    """Texts of a leaf with their elements."""
    if isinstance(leaf, str):
        yield None, leaf
    elif isinstance(leaf, list) and len(leaf) == 2 and isinstance(leaf[1], str):
        yield _element(leaf[0]), leaf[1]
    elif isinstance(leaf, list) and len(leaf) == 2 and isinstance(leaf[1], list):
        for part in leaf[1]:
            if isinstance(part, list) and (len(part) != 2 or not isinstance(part[1], str)):
                raise ValueError("elements: –")
            yield from _flat(part)
    else:
        raise ValueError("elements: –")


def _element(name: Any) -> str:
    if not isinstance(name, str) or not name.startswith(KINDS):
        raise ValueError("elements: –")
    return name


class _Lookup:
    """Finds where a stretch of the wanted text stands in the found one."""

    def __init__(self, pairs: list[Match], found: Stream) -> None:
        self.pairs, self.found, self.letters = pairs, found, found.text
        self.starts = [pair[0] for pair in pairs]

    def text(self, span: _Span, wanted: str) -> str:
        """What stands there now; the wanted text where that is the same but for blanks."""
        start, end = self._edge(span.start, first=True), self._edge(span.end, first=False)
        now = self.letters[start:end] if start < end else ""
        if now == wanted[span.start : span.end]:
            return span.text
        spaced = (
            f" {letter}" if start + n in self.found.blanks and n else letter for n, letter in enumerate(now)
        )
        return "".join(spaced)

    def _edge(self, position: int, *, first: bool) -> int:
        """The place in the found text of an edge of an element: inside a match it is certain, in a changed
        stretch what is new belongs to the elements that the stretch touches."""
        number = bisect_right(self.starts, position if first else position - 1) - 1
        if number >= 0:
            at, there, size = self.pairs[number]
            inside = at <= position < at + size if first else at < position <= at + size
            if inside:
                return there + position - at
            after = there + size
        else:
            after = 0
        if first:
            return after
        return self.pairs[number + 1][1] if number + 1 < len(self.pairs) else len(self.letters)

    def outside(self, free: list[tuple[int, int]], length: int) -> str:
        """Found text that belongs to no element: fixed words as they stand now, and what is between matches
        of them."""
        keep = bytearray(length)
        for start, end in free:
            keep[start:end] = b"\x01" * (end - start)
        out: list[str] = []
        last = 0
        before = 0
        for at, there, size in [*self.pairs, (length, len(self.letters), 0)]:
            # New letters between two matches are free unless an element was changed there.
            if there > last and (at == before or any(keep[before:at])):
                out.append(f"[{self.letters[last:there]}]")
            out.append("".join(self.letters[there + n] for n in range(size) if keep[at + n]))
            last, before = there + size, at + size
        return "".join(out)
