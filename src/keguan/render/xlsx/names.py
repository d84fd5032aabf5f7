"""Names that Excel takes: of sheets, and of cells and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SHEET_LETTERS = 31  # as Excel counts, in units of UTF-16
NAME_LETTERS = 200  # Excel takes 255
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")
RESERVED = {"history"}


def clipped(text: str, most: int) -> str:
    """The text, cut so that it has at most `most` units of UTF-16 and no half letter."""
    if (
        len(text) <= most // 2 and text.isprintable()
    ):  # a letter takes two units at most, half ones are not printable
        return text
    return text.encode("utf-16-le", "replace")[: 2 * most].decode("utf-16-le", "ignore")


@dataclass
class Names:
    """Gives each sheet and each range a legal name of its own."""

    sheets: set[str] = field(default_factory=set)
    ranges: set[str] = field(default_factory=set)

    def sheet(self, title: str) -> str:
        """A sheet name near to `title`: at most 31 letters, without what Excel forbids, not used before."""
        clean = " ".join(_FORBIDDEN.sub(" ", title).split()).strip("'") or "–"
        name, number = clipped(clean, SHEET_LETTERS).strip(" '"), 2
        while not name or name.casefold() in self.sheets | RESERVED:
            end = f" {number}"
            name, number = clipped(clean, SHEET_LETTERS - len(end)).strip(" '") + end, number + 1
        self.sheets.add(name.casefold())
        return name

    def range(self, kind: str, what: str) -> str:
        """A name for a cell or range: letters, digits and underscores, as LibreOffice keeps them."""
        base = f"{kind}_{_NOT_IN_NAMES.sub('_', what)}"[:NAME_LETTERS]
        name, number = base, 2
        while name.casefold() in self.ranges:
            name, number = f"{base}_{number}", number + 1
        self.ranges.add(name.casefold())
        return name
