"""The texts of a PDF in the order in which they are printed, and which of them are elements of the report.

A page of a PDF holds glyphs in their order and no names. What is printed is therefore written down beside it:
the list of leaves goes into the file, and a reader lays it along the text that it finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from keguan.render.markup import anchor, shown
from keguan.render.pdf.letters import breakable, lines, printed

Leaf = Any  # a text; [element id, text]; or [element id, [text or [element id, text], ...]]


@dataclass
class Sheet:
    """Takes texts in the order of printing and hands them on as the page prints them."""

    leaves: list[Leaf] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)  # element ids, in order
    targets: set[str] = field(default_factory=set)
    replaced: bool = False

    def plain(self, text: str) -> str:
        """Words that are no element."""
        out = self._seen(text, printed(text))
        self.leaves.append(out)
        return breakable(out)

    def code(self, text: str) -> str:
        """Text whose lines count."""
        out = self._seen(text, lines(shown(text)))
        self.leaves.append(out)
        return breakable(out)

    def marked(self, element: str, text: str, out: str | None = None) -> str:
        """The text of one element; `out` where it is not printed by the common rule."""
        out = self._seen(text, printed(text) if out is None else out)
        self.leaves.append([element, out])
        return breakable(out)

    def sentence(self, element: str, parts: Iterable[tuple[str | None, str]]) -> list[str]:
        """A sentence of parts, some of which are elements themselves."""
        said = [(inner, self._seen(text, _part(text))) for inner, text in parts]
        self.leaves.append([element, [text if inner is None else [inner, text] for inner, text in said]])
        return [breakable(text) for _, text in said]

    def link(self, target: str) -> str | None:
        """The label of a place in this document, None when the document does not have it."""
        name = anchor(target)
        return name if name in self.targets else None

    def _seen(self, text: str, out: str) -> str:
        self.replaced = self.replaced or ("[U+" in out and "[U+" not in text)
        return out


def _part(text: str) -> str:
    """A piece of a sentence keeps the blanks at its ends."""
    inner = printed(text)
    return f"{' ' if text[:1].isspace() else ''}{inner}{' ' if inner and text[-1:].isspace() else ''}"
