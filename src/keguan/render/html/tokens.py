"""A page of HTML taken apart in one pass, in time that grows with its length alone.

The standard library's parser takes minutes for some hundred kilobytes of `<!--`, and reads odd markup
differently from one version of Python to the next; what a report is held to must not.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Protocol

_TAG = re.compile(r"<(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+)>")
_ATTRIBUTE = re.compile(r"([^\s/=\"']++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"']++)))?+")
_END = re.compile(r"</(?P<name>[a-zA-Z][^\s/>]*+)[^>]*+>")
_RAW = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in ("script", "style")}


class Page(Protocol):
    """What is done with the pieces of a page; names of tags and attributes come in small letters."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Characters between two marks."""

    def aside(self, piece: str) -> None:
        """A comment or a declaration, as it stands."""


def walk(text: str, page: Page) -> None:
    """Hands the pieces of a page on, in order. ValueError at the first mark that is not closed."""
    at = 0
    while (mark := text.find("<", at)) >= 0:
        if mark > at:
            page.text(unescape(text[at:mark]))
        tag = _TAG.match(text, mark)
        at = _element(text, tag, page) if tag else _one(text, mark, page)
    if at < len(text):
        page.text(unescape(text[at:]))


def _one(text: str, mark: int, page: Page) -> int:
    """Reads what begins at `mark` and is no element; gives the place after it."""
    following = text[mark + 1 : mark + 2]
    if following == "!" or following == "?":
        last = "-->" if text.startswith("<!--", mark) else ">"
        end = _found(text, last, mark + 4 if last == "-->" else mark) + len(last)
        page.aside(text[mark:end])
        return end
    if following == "/" and (ended := _END.match(text, mark)):
        page.end(ended["name"].lower())
        return ended.end()
    if following == "/":
        raise ValueError(f"</ … at character {mark}")
    if following.isascii() and following.isalpha():
        raise ValueError(f"< … at character {mark}")
    page.text("<")
    return mark + 1


def _element(text: str, found: re.Match[str], page: Page) -> int:
    name, attributes = found["name"].lower(), found["attributes"]
    page.start(name, _named(attributes))
    if attributes.endswith("/"):
        page.end(name)
        return found.end()
    if name not in _RAW:
        return found.end()
    closing = _RAW[name].search(text, found.end())
    if closing is None:
        raise ValueError(f"<{name}> at character {found.start()}")
    page.text(text[found.end() : closing.start()])
    return closing.start()


def _named(attributes: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(attributes) if attributes else ()
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}


def _found(text: str, last: str, after: int) -> int:
    place = text.find(last, after)
    if place < 0:
        raise ValueError(f"{text[after : after + 4]!r} at character {after}")
    return place
