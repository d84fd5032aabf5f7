"""Small pieces of WordprocessingML as text: escaped runs, paragraphs, links, fields.

A report has tens of thousands of elements; made as text and parsed once they cost a tenth of single objects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from keguan.render.markup import shown

NAMESPACES: Mapping[str, str] = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
TWIPS_PER_MM = 1440 / 25.4
# What XML cannot hold at all, however escaped.
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def told(text: str) -> str:
    """The text as the file shows it: what would drive the page or break the XML stands as an escape."""
    if text.isprintable():  # has none of these letters
        return text
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", shown(text))


def escaped(text: str) -> str:
    """Text for an element or an attribute."""
    return escape(told(text), quote=True)


def run(text: str, style: str = "", props: str = "") -> str:
    """Characters of one look; `style` is the id of a character style. Line ends and tabs are kept."""
    if not text:
        return ""
    look = (f'<w:rStyle w:val="{style}"/>' if style else "") + props
    inside = "<w:br/>".join(map(_line, text.split("\n")))
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{inside}</w:r>"


def _line(text: str) -> str:
    parts = [f'<w:t xml:space="preserve">{escaped(part)}</w:t>' if part else "" for part in text.split("\t")]
    return "<w:tab/>".join(parts)


TAB = "<w:r><w:tab/></w:r>"


def paragraph(style: str, inside: str, props: str = "") -> str:
    """One paragraph; `style` is the id of a paragraph style, `props` stand after it in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{props}</w:pPr>{inside}</w:p>'


def link(anchor: str, inside: str) -> str:
    """A link to a bookmark of the file."""
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{inside}</w:hyperlink>'


def field(code: str, result: str, style: str = "") -> str:
    """A field with its result written out."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""

    def mark(kind: str) -> str:
        return f'<w:r>{look}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    asked = f'<w:r>{look}<w:instrText xml:space="preserve"> {escaped(code)} </w:instrText></w:r>'
    return mark("begin") + asked + mark("separate") + run(result, style) + mark("end")


def twips(mm: float) -> int:
    """Millimetres as twentieths of a point."""
    return round(mm * TWIPS_PER_MM)


def colour(value: str) -> str:
    """A colour as Word writes it."""
    return value.removeprefix("#").upper()
