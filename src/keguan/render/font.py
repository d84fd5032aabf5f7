"""The font of a document: the glyphs it uses, nothing more, as CSS with the font inside."""

from __future__ import annotations

import base64
import importlib.util
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from keguan.render.bundled import Weight, font_path

FAMILY = "Keguan Sans"
# Letters that a page script or a browser may need though the text does not hold them.
ALWAYS = frozenset(range(0x20, 0x7F)) | {0xA0, 0xB7, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026}
# Tables that a page never reads: they would be copied whole.
DROPPED = ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "prep", "vhea", "vmtx", "meta"]
WEIGHTS: dict[Weight, int] = {"regular": 400, "bold": 700}


@cache
def typst_fonts() -> Any:
    """The bundled fonts as typst holds them: looking through them again for each picture costs as much as a picture."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[font_path("regular").parent])


def face(text: str) -> str:
    """Two @font-face rules, regular and bold, for the letters of `text`, each font inside as base64."""
    letters = frozenset(ord(letter) for letter in text) | ALWAYS
    return "".join(_rule(weight, *subset(weight, letters)) for weight in WEIGHTS)


def _rule(weight: Weight, flavour: str, font: bytes) -> str:
    encoded = base64.b64encode(font).decode()
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:{WEIGHTS[weight]};font-style:normal;'
        f'font-display:block;src:url(data:font/{flavour};base64,{encoded}) format("{flavour}")}}'
    )


@lru_cache(maxsize=8)
def subset(weight: Weight, letters: frozenset[int]) -> tuple[str, bytes]:
    """(flavour, font) with the glyphs of these code points; letters that the font lacks are left out.

    WOFF2 where brotli is installed, else WOFF. The same letters give the same bytes.
    """
    from fontTools import subset as subsetter
    from fontTools.ttLib import TTFont

    flavour = "woff2" if importlib.util.find_spec("brotli") else "woff"
    options = subsetter.Options()
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += DROPPED
    # Boxes of outlines stay as they are: computing them anew would take each glyph apart.
    with TTFont(font_path(weight), lazy=True, recalcTimestamp=False, recalcBBoxes=False) as font:
        _numbered(font)
        worker = subsetter.Subsetter(options)
        worker.populate(unicodes=sorted(letters))
        worker.subset(font)
        font.flavor = flavour
        out = io.BytesIO()
        font.save(out)
    return flavour, out.getvalue()


def _numbered(font: Any) -> None:
    """Glyphs go by their numbers: making names for them takes longer than any use of them."""
    font.setGlyphOrder([".notdef", *(f"glyph{number:05d}" for number in range(1, font["maxp"].numGlyphs))])


def lacking(text: str, weight: Weight = "regular") -> tuple[str, ...]:
    """Letters of `text` that the font does not have (emoji, rare names), for formats without a fallback."""
    have = letters(weight).advances
    return tuple(sorted({letter for letter in text if ord(letter) not in have and not letter.isspace()}))


@dataclass(frozen=True, slots=True)
class Letters:
    """What a font knows of letters, by code point. `advances`: widths in em of those it has; `twins`: letters
    beyond the first plane that share their glyph with another."""

    advances: Mapping[int, float]
    twins: frozenset[int]


@cache
def letters(weight: Weight = "regular") -> Letters:
    """The letters of a font, read once."""
    from fontTools.ttLib import TTFont

    with TTFont(font_path(weight), lazy=True) as font:
        _numbered(font)
        em, names, widths = font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"].metrics
        advances = {code: round(widths[name][0] / em, 4) for code, name in names.items()}
    used = Counter(names.values())
    twins = frozenset(code for code, name in names.items() if code > 0xFFFF and used[name] > 1)
    return Letters(advances, twins)


@cache
def widths() -> dict[int, float]:
    """Advance widths in em of the letters that are not one em wide."""
    advances = letters().advances
    codes = [*range(0x20, 0x250), *range(0x370, 0x400), *range(0x2000, 0x2070), 0x2212, 0x20AC]
    return {code: advances[code] for code in codes if code in advances}


@lru_cache(maxsize=1024)
def em_width(line: str) -> float:
    """How wide a text runs on one line, in em; letters that are not known are as wide as high."""
    known = widths()
    return sum([known.get(code, 1.0) for code in map(ord, line)])
