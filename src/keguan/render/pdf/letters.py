"""Texts as the page can print them: with the letters of the one font that a PDF carries."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from keguan.render.font import lacking
from keguan.render.font import letters as known
from keguan.render.markup import shown
from keguan.report.manifest import normal

BREAK = "\u200b"  # where a line may end; never seen, and no part of a text
# Readers of PDFs take these apart.
_JOINED = str.maketrans(
    {chr(0xFB00 + at): letters for at, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl"))}
)
CELL_WORD, LINE_WORD = 24, 60  # letters of a word that is broken in a cell and in running text
LONGEST = 1200  # letters of one text in a cell: a row must fit on a page


@lru_cache(maxsize=1 << 15)
def printed(text: str) -> str:
    """A text in normal form; letters that the font lacks (emoji, rare names) stand there by their number.

    Joiners and variants of a letter that is not printed have no shape of their own and are left out.
    """
    return lines(normal(shown(text)))


def lines(text: str) -> str:
    """The same for text whose lines and blanks count, such as a query."""
    if text.isascii():
        return text
    text = text.replace(BREAK, "")
    if any(_is_mark(letter) for letter in text):
        text = unicodedata.normalize("NFC", text)
    absent = {*lacking(text), *(letter for letter in text if _is_mark(letter)), *(_twins() & set(text))}
    if not absent:
        return text
    return text.translate({ord(letter): _instead(letter) for letter in absent})


def _is_mark(letter: str) -> bool:
    """A sign set onto the letter before it: found again in another order, so it is not printed as such."""
    return letter > "\u02ff" and unicodedata.category(letter) in {"Mn", "Me"}


@cache
def _twins() -> frozenset[str]:
    """Letters beyond the first plane that share their glyph with another: they are not told apart on a page."""
    return frozenset(chr(code) for code in known().twins)


def bare(text: str) -> str:
    """The letters of a text as they are found again in a page: no blanks, no joined letters."""
    return "".join(text.replace(BREAK, "").translate(_JOINED).split())


def cell(text: str) -> str:
    """A text inside a table: so long a text that its row could not stand on a page is cut, and says so."""
    whole = printed(text)
    return whole if len(whole) <= LONGEST else f"{whole[:LONGEST]} … (+{len(whole) - LONGEST:,})"


def breakable(text: str, most: int = LINE_WORD) -> str:
    """The text with places to break in words of more than `most` letters, which would run out of the page."""
    if len(text) <= most:
        return text
    return _words(most).sub(lambda word: BREAK.join(_pieces(word[0])), text)


@lru_cache(maxsize=4)
def _words(most: int) -> re.Pattern[str]:
    return re.compile(rf"[\x21-\u02ff\u0370-\u04ff]{{{most + 1},}}")


def _pieces(word: str) -> list[str]:
    return [word[at : at + 8] for at in range(0, len(word), 8)]


def _instead(letter: str) -> str:
    """What is printed for a letter without a glyph."""
    if unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f":
        return ""
    return f"[U+{ord(letter):04X}]"
